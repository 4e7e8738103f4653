// Two who decide about one mail or one submission at the same moment: one of them is first, and the other sees it.
import { expect, test } from "vitest";
import type { OutgoingNotice } from "../../src/notice/compose.ts";
import type { Trx } from "../../src/store/database.ts";
import { dismissForOffice, fileForOffice } from "../../src/submission/settle.ts";
import { arrivedAt, mailedOffice } from "../support/mailed-office.ts";
import { type MailToBuild, mail } from "../support/mails.ts";
import { until } from "../support/until.ts";

const ayuan = "阿远 <ayuan@qq.example>";
const { office, sent, mailbox, rows } = await mailedOffice();

const idea: MailToBuild = {
  from: ayuan,
  subject: "金点子：夜间开放",
  text: "我是市图书馆的阿远。建议每周五晚上延长开放到九点，方便上班族来借书。",
};

async function deliver(parts: MailToBuild): Promise<OutgoingNotice | undefined> {
  const before = sent.length;
  mailbox().deliver(await mail(parts), arrivedAt);
  await office.pass(mailbox());
  return sent[before];
}

const messages = () => rows("select state, reason, decided_by from message order by id");

const answering = (
  notice: OutgoingNotice | undefined,
  text: string,
  more: MailToBuild = {},
): MailToBuild => ({
  from: ayuan,
  subject: `Re: ${notice?.subject}`,
  inReplyTo: notice?.messageId ?? "",
  text,
  ...more,
});

const decider = { by: "office@culture.example", way: "command" as const, askedIn: null, at: arrivedAt };

/** Delivers a mail while the office's decision is made and not yet committed. */
async function meanwhile(decide: (trx: Trx) => Promise<unknown>, parts: MailToBuild): Promise<void> {
  let handled: Promise<unknown> = Promise.resolve();
  await office.app.db.transaction().execute(async (trx) => {
    await decide(trx);
    handled = deliver(parts);
    await until("the other waits for a lock", async () => {
      const waiting = await rows(
        "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      );
      return waiting.length > 0;
    });
  });
  await handled;
}

test.each(["filed", "dismissed"])(
  "an idea completed by its sender while the office had it %s is not filed twice",
  async (how) => {
    const first = await deliver({
      from: ayuan,
      subject: "金点子：夜间开放",
      text: "详见附件。\n市图书馆 阿远",
    });
    expect(await messages()).toMatchObject([{ state: "held", reason: "attachment-missing" }]);
    const [held] = await rows("select id from message");
    const choice = { type: "golden-idea", unit: "library", asGuessed: true };
    await meanwhile(
      (trx) =>
        how === "filed"
          ? fileForOffice(trx, office.campaign, held?.id as number, choice, decider)
          : dismissForOffice(trx, office.campaign, held?.id as number, null, decider),
      answering(first, "忘了附上，补发", {
        attachments: [
          {
            filename: "夜间开放.txt",
            content: Buffer.from("夜间开放\n建议每周五晚上延长开放到九点，方便上班族来借书。\n市图书馆 阿远"),
          },
        ],
      }),
    );
    expect((await messages())[0]).toMatchObject({
      decided_by: "office",
      state: how === "filed" ? "filed" : "ignored",
    });
    expect(
      await rows(
        "select count(*)::int as n from submission s join message m on m.id = s.message_id and m.decided_by = 'office'",
      ),
    ).toEqual([{ n: how === "filed" ? 1 : 0 }]);
    expect(await rows("select * from further_message")).toEqual([]);
  },
);

test("what the office withdraws is not changed by its sender at the same moment, nor said to be", async () => {
  const first = await deliver(idea);
  await meanwhile(
    (trx) => trx.updateTable("submission").set({ state: "withdrawn" }).execute(),
    answering(first, "题目改为《周五夜读》"),
  );
  expect(await rows("select state, title from submission")).toMatchObject([
    { state: "withdrawn", title: expect.not.stringContaining("夜读") },
  ]);
  expect((await messages())[1]).toMatchObject({ state: "held", reason: "correction-unclear" });
});
