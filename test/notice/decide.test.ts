// A notice nobody knows the end of: the office has it sent once more, if it is still true then, or leaves it (R35).
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { calendarOf } from "../../src/deadline/calendar.ts";
import { silentLogger } from "../../src/log.ts";
import { chase, dutyCheck } from "../../src/notice/chase.ts";
import type { OutgoingNotice } from "../../src/notice/compose.ts";
import { decideNotices } from "../../src/notice/office/decide.ts";
import { undecidedNotices } from "../../src/notice/office/records.ts";
import { sendDue } from "../../src/notice/send.ts";
import { captureTransport } from "../../src/notice/transport.ts";
import { decidedWords } from "../../src/notice/wording/decided.ts";
import { at, campaign as build } from "../deadline/campaign.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { clear, mailboxReadAt, sender, states, submission } from "./office.ts";

const campaign = build();
const calendar = calendarOf(campaign);
const key = "duty/library/2012-12-26";
let database: TestDatabase;
let sent: OutgoingNotice[] = [];

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  await clear(database.db);
  sent = [];
});

const facts = () => ({ db: database.db, campaign, calendar, log: silentLogger });

/** Sends what is due at `now`; the server takes all that is said and answers nothing where `silent`. */
async function send(now: Date, silent = false) {
  await mailboxReadAt(database.db, campaign, now);
  const transport = captureTransport((notice) => void sent.push(notice));
  const cut = {
    ...transport,
    deliver: async (notice: OutgoingNotice, progress: { dataSent(): Promise<void> }) => {
      await progress.dataSent();
      sent.push(notice);
      return { outcome: "ambiguous" as const, response: "the connection ended" };
    },
  };
  return sendDue(
    sender(database.db, campaign, silent ? cut : transport, now, { stillTrue: dutyCheck(facts()) }),
  );
}

/** The overdue notice of the first day, of which the server said nothing; returns its number. */
async function uncertain(): Promise<number> {
  const now = at("2012-12-26");
  await mailboxReadAt(database.db, campaign, now);
  await chase(facts(), now);
  await send(now, true);
  sent = [];
  const rows = await undecidedNotices(database.db, campaign);
  return rows.find((row) => row.key === key)?.id ?? 0;
}

const decide = async (notice: number, act: "resend" | "settle", now: Date) => {
  const order = { line: `通知 ${notice}`, at: 0, notice, act };
  const [decided] = await decideNotices(database.db, campaign, [order], {
    by: "office@culture.example",
    way: "mail",
    askedIn: null,
    at: now,
  });
  return decided ? decidedWords(decided, campaign).words : "";
};
const mine = () => sent.filter((notice) => notice.key === key);

test("nothing goes out again by itself; sent again the next morning it is the same notice, once", async () => {
  const id = await uncertain();
  await send(at("2012-12-27", "08:45"));
  expect(mine()).toEqual([]);
  expect(await decide(id, "resend", at("2012-12-27", "09:00"))).toMatch(/^\d+ 号通知（.+）：重发一次/);
  expect(await decide(id, "resend", at("2012-12-27", "09:00"))).toContain("原已如此");
  await send(at("2012-12-27", "09:05"));
  await send(at("2012-12-27", "09:10"));
  expect(mine()).toHaveLength(1);
  expect((await states(database.db))[key]).toBe("accepted");
  expect(await decide(id, "settle", at("2012-12-27", "10:00"))).toContain("已经发出，不用再定");
  const rows = await database.db.selectFrom("notice").selectAll().where("id", "=", id).execute();
  expect(rows).toMatchObject([{ decision: "resend", decided_by: "office@culture.example" }]);
});

test("what came meanwhile is not asked for again, nor anybody at night", async () => {
  const id = await uncertain();
  await decide(id, "resend", at("2012-12-26", "20:00"));
  await send(at("2012-12-26", "20:05"));
  expect((await states(database.db))[key]).toBe("intended");
  await submission(database.db, campaign, {
    type: "summary",
    unit: "library",
    arrivedAt: at("2012-12-26", "21:00"),
  });
  await send(at("2012-12-27", "09:00"));
  expect(mine()).toEqual([]);
  expect((await states(database.db))[key]).toBe("dropped");
});

test("left as it is, it is listed no more; a notice that is certain has nothing to decide", async () => {
  const id = await uncertain();
  expect(await decide(id, "settle", at("2012-12-27"))).toContain("不再发");
  expect((await undecidedNotices(database.db, campaign)).map((row) => row.id)).not.toContain(id);
  await send(at("2012-12-28"));
  expect(mine()).toEqual([]);
  expect(await decide(9_999, "resend", at("2012-12-27"))).toBe("没有 9999 号通知");
});
