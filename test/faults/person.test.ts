// Reliability §2, row 22: what a person changes is changed whole and once, or not at all, and their mail is the form that is kept.
import { describe, expect, test } from "vitest";
import { handleAll, sendPass } from "../../src/service/passes.ts";
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
