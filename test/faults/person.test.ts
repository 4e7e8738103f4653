// Reliability §2, rows 22 and 26: what a person orders is done whole and once, or not at all; a mail is the form that is kept.
import { describe, expect, test } from "vitest";
import { handleAll, sendPass } from "../../src/service/passes.ts";
import { purge } from "../../src/service/retention/purge.ts";
import type { Fault } from "../support/wire.ts";
import { impatient, world } from "./world.ts";

const it = world();

/** An idea, filed and answered; and its sender's reply, who takes it back. */
async function withdrawing(): Promise<void> {
  await it.deliver(1);
  await it.pass();
  await it.deliverMail({
    from: "职工1 <staff1@lib.culture.example>",
    subject: "Re: 金点子：第1号建议",
    inReplyTo: it.sink.mails[0]?.messageId ?? "",
    text: "发错了，请撤回。",
  });
}

const submissions = () => it.rows("select state from submission");
const made = () => it.rows("select count(*)::int as n from correction");

async function withdrawnOnce(): Promise<void> {
  await it.pass();
  expect(await submissions()).toEqual([{ state: "withdrawn" }]);
  expect(await made()).toEqual([{ n: 1 }]);
  expect(it.sink.mails).toHaveLength(2);
}

describe("row 22: a correction", () => {
  test("row 22 K: killed half-way, nothing of it is done; then all of it, once", async () => {
    await withdrawing();
    expect(await (await it.poll("corrected")).ended).toBe(null);
    expect(await submissions()).toEqual([{ state: "current" }]);
    expect(await made()).toEqual([{ n: 0 }]);
    await withdrawnOnce();
  });

  test.each<[string, Fault]>([
    ["row 22 N: the reply is cut off on its way in", "reset"],
    ["row 22 H: the reply never comes to its end", "silent"],
  ])("%s: it stays where it was written, and is carried out once", async (_name, fault) => {
    await withdrawing();
    void it.imap.strike({ heard: /BODY\[\]/, fault });
    await expect(it.takeIn({ limits: impatient })).rejects.toThrow();
    expect(await submissions()).toEqual([{ state: "current" }]);
    await withdrawnOnce();
  });

  test("row 22 D: the database's word is lost: done and known to be done, confirmed once", async () => {
    await withdrawing();
    await it.takeIn();
    const whenDone = (): void => void it.store.strike({ said: /commit\0/, fault: "reset", arrives: true });
    void it.store.strike({ said: /insert into "correction"/, fault: whenDone });
    await handleAll(it.app).catch(() => undefined);
    await withdrawnOnce();
  });

  test("row 22 F: without room it waits, and is done when there is some", async () => {
    await withdrawing();
    await it.takeIn();
    await it.full(() => expect(handleAll(it.app)).rejects.toThrow("No space left"));
    expect(await submissions()).toEqual([{ state: "current" }]);
    await sendPass(it.app);
    await withdrawnOnce();
  });
});

describe("row 26: purge", () => {
  const now = new Date("2030-01-01T00:00:00Z");
  const purged = () => {
    const { campaign } = it.app;
    const closed = { ...campaign, closes: "2026-01-01", retention: { ...campaign.retention, mail: 0 } };
    return purge(it.app.db, closed, { kind: "mail", by: "管理员", now }, () => undefined);
  };
  const left = () => it.rows("select count(*)::int as n from message where new_text is not null");
  const onRecord = () => it.rows("select coalesce(sum(count), 0)::int as n from removal");

  async function twoFiled(): Promise<void> {
    await it.rows("truncate removal");
    await it.deliver(2);
    await it.pass();
    expect(await left()).toEqual([{ n: 2 }]);
  }

  async function goneAndOnRecord(): Promise<void> {
    await purged();
    expect(await left()).toEqual([{ n: 0 }]);
    expect(await onRecord()).toEqual([{ n: 2 }]);
  }

  test.each([
    ["row 26 D: the reply to COMMIT is lost", true, 0],
    ["row 26 D: the COMMIT is lost", false, 2],
  ])("%s: removed and on record, or neither; then it goes on", async (_name, arrives, still) => {
    await twoFiled();
    const whenRemoved = (): void => void it.store.strike({ said: /commit\0/, fault: "reset", arrives });
    void it.store.strike({ said: /"?removal"?/, fault: whenRemoved });
    await expect(purged()).rejects.toThrow();
    expect(await left()).toEqual([{ n: still }]);
    expect(await onRecord()).toEqual([{ n: 2 - still }]);
    await goneAndOnRecord();
  });

  test("row 26 F: a full disk removes nothing, and says so", async () => {
    await twoFiled();
    await it.full(() => expect(purged()).rejects.toThrow("No space left"));
    expect(await left()).toEqual([{ n: 2 }]);
    await goneAndOnRecord();
  });
});
