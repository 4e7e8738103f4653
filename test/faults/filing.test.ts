// Reliability §2, rows 7 to 11: whatever breaks between the record and the ledger, each mail is filed once, or a person is told.
import { describe, expect, test } from "vitest";
import { handleAll, sendPass } from "../../src/service/passes.ts";
import type { MailToBuild } from "../support/mails.ts";
import { eachOnce, world } from "./world.ts";

const it = world();
const committing = /commit\0/;

async function afterThat(): Promise<void> {
  await it.pass();
  expect(await it.books()).toEqual(eachOnce(2));
}

/** Kills `jinbox poll` there; nothing of the mails is filed, and the next pass files each once. */
async function killedAt(point: string): Promise<void> {
  await it.deliver(2);
  expect(await (await it.poll(point)).ended).toBe(null);
  expect(await it.books()).toEqual({ messages: 2, records: 2, submissions: 0, answered: {} });
  await afterThat();
}

/** The database goes away when it is asked this while mails are handled; what follows may find it back already. */
async function withoutDatabaseAt(said: RegExp): Promise<void> {
  await it.deliver(2);
  await it.takeIn();
  const struck = it.store.strike({ said, fault: "reset" });
  await handleAll(it.app).catch(() => undefined);
  await struck;
  await afterThat();
}

/** The disk is full while mails are handled: none is blamed for it, each waits. */
async function withoutRoom(): Promise<void> {
  await it.deliver(2);
  await it.takeIn();
  for (let pass = 0; pass < 4; pass += 1) {
    await it.full(() => expect(handleAll(it.app)).rejects.toThrow("No space left"));
  }
  expect(await it.rows("select distinct state from message")).toEqual([{ state: "received" }]);
  await afterThat();
}

describe("row 7: parse", () => {
  test("row 7 K: killed when the mail is parsed, it is parsed again", () => killedAt("parsed"));

  test("row 7 K: a mail that ends its process every time is left to a person", async () => {
    await it.deliver(2);
    await it.takeIn();
    await it.rows("update message set attempts = 20 where id = (select min(id) from message)");
    await handleAll(it.app);
    expect(await it.rows("select state, reason from message order by id")).toEqual([
      { state: "held", reason: "processing-failed" },
      { state: "filed", reason: null },
    ]);
  });

  test("row 7 D: without the database nothing is parsed in vain", () =>
    withoutDatabaseAt(/update "?message"?/));
  test("row 7 F: a full disk is no fault of the mail", withoutRoom);
});

describe("row 8: an attachment", () => {
  const letter: MailToBuild = {
    from: "职工1 <staff1@lib.culture.example>",
    subject: "金点子：自助借还",
    text: "我是市图书馆职工1。建议在一楼增设自助借还点，说明见附件。",
    attachments: ["一", "二", "三"].map((at) => ({
      filename: `说明${at}.txt`,
      content: `说明${at}：夜间开放。`,
    })),
  };
  const read = () => it.rows("select count(*)::int as n from attachment");

  async function allRead(): Promise<void> {
    await it.pass();
    expect(await it.books()).toMatchObject({ messages: 1, answered: eachOnce(1).answered });
    expect(await read()).toEqual([{ n: 3 }]);
  }

  test("row 8 K: killed between two attachments, all of them are read and kept once", async () => {
    await it.deliverMail(letter);
    expect(await (await it.poll("attachment-read:2")).ended).toBe(null);
    expect(await read()).toEqual([{ n: 0 }]);
    await allRead();
  });

  test("row 8 D: the database goes away before what was read is kept", async () => {
    await it.deliverMail(letter);
    await it.takeIn();
    void it.store.strike({ said: /insert into "attachment"/, fault: "reset" });
    await handleAll(it.app).catch(() => undefined);
    await allRead();
  });

  test("row 8 F: there is no room for what was read", async () => {
    await it.deliverMail(letter);
    await it.takeIn();
    await it.full(() => expect(handleAll(it.app)).rejects.toThrow("No space left"));
    await allRead();
  });
});

describe("row 9: classify", () => {
  test("row 9 K: killed when the mail is understood, it is understood the same again", () =>
    killedAt("understood"));

  test("row 9 D: without the database what is understood is asked again", () =>
    withoutDatabaseAt(/reference_counter/));
  test("row 9 F: a full disk loses nothing that is understood", withoutRoom);

  test("row 9 other: by which rules a mail was understood stands beside what was understood", async () => {
    await it.deliver(2);
    await it.pass();
    const [row] = await it.rows("select distinct (understanding->>'ruleVersion')::int as rules from message");
    expect(row?.rules).toBeGreaterThan(0);
  });
});

describe("row 10: submission and acknowledgement, one transaction", () => {
  const both =
    "select (select count(*)::int from submission) as filed, (select count(*)::int from notice) as intended";

  test("row 10 K: killed before the commit there is neither", () => killedAt("filing"));

  test("row 10 K: killed after the commit there are both, and neither comes twice", async () => {
    await it.deliver(2);
    expect(await (await it.poll("filed")).ended).toBe(null);
    expect(await it.rows(both)).toEqual([{ filed: 2, intended: 2 }]);
    await afterThat();
  });

  test.each([
    ["row 10 D: the reply to COMMIT is lost, the server did it", true],
    ["row 10 D: the COMMIT itself is lost", false],
  ])("%s: both or neither, and each once in the end", async (_name, arrives) => {
    await it.deliver(2);
    await it.takeIn();
    let struck: Promise<void> = Promise.resolve();
    const whenFiled = (): void => {
      struck = it.store.strike({ said: committing, fault: "reset", arrives });
    };
    void it.store.strike({ said: /insert into "notice"/, fault: whenFiled });
    await handleAll(it.app).catch(() => undefined);
    await struck;
    const [there] = await it.rows(both);
    expect(there?.filed).toBe(there?.intended);
    await afterThat();
  });

  test("row 10 F: without room there is neither", withoutRoom);

  test("row 10 2: two processes file the same mails: one of them does", async () => {
    await it.deliver(2);
    await it.takeIn();
    await Promise.all([handleAll(it.app), handleAll(it.office.app)]);
    await sendPass(it.app);
    expect(await it.books()).toEqual(eachOnce(2));
  });
});

describe("row 11: supersede", () => {
  const report: MailToBuild = {
    from: "梅听雪 <liaison@lib.culture.example>",
    subject: "市图书馆大讨论活动书面总结",
    messageId: "<report-1@lib.culture.example>",
    text: [
      "领导小组办公室：现将我馆大讨论活动书面总结报上。",
      "一、活动开展情况。全馆职工分三批参加学习讨论，共召开座谈会六次。",
      "二、查找的差距。与先进馆相比，我馆夜间服务和数字资源明显不足。",
      "三、下一步打算。明年起延长开放时间，建设二十四小时自助阅览室。",
      "市图书馆",
      "2026年11月20日",
    ].join("\n"),
  };
  const revised: MailToBuild = {
    ...report,
    subject: "市图书馆大讨论活动书面总结（修改稿）",
    messageId: "<report-2@lib.culture.example>",
    text: `${report.text?.replace("六次", "八次")}\n以上为修改稿，以此为准。`,
  };
  const versions = () => it.rows("select state from submission order by id");

  async function first(): Promise<void> {
    await it.deliverMail(report);
    await it.pass();
    await it.deliverMail(revised);
  }

  async function oneCurrent(): Promise<void> {
    await it.pass();
    expect(await versions()).toEqual([{ state: "superseded" }, { state: "current" }]);
  }

  test("row 11 K: killed between the old version and the new one, the old one is current still", async () => {
    await first();
    expect(await (await it.poll("superseded")).ended).toBe(null);
    expect(await versions()).toEqual([{ state: "current" }]);
    await oneCurrent();
  });

  test("row 11 D: the reply to COMMIT is lost: one version is current, never both", async () => {
    await first();
    await it.takeIn();
    const whenFiled = (): void => void it.store.strike({ said: committing, fault: "reset", arrives: true });
    void it.store.strike({ said: /insert into "notice"/, fault: whenFiled });
    await handleAll(it.app).catch(() => undefined);
    expect((await versions()).filter(({ state }) => state === "current")).toHaveLength(1);
    await oneCurrent();
  });

  test("row 11 F: without room the old version stays current", async () => {
    await first();
    await it.takeIn();
    await it.full(() => expect(handleAll(it.app)).rejects.toThrow("No space left"));
    expect(await versions()).toEqual([{ state: "current" }]);
    await oneCurrent();
  });
});
