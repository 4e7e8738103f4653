// What is filed, superseded, corrected and recognised as a repeat: real mails through the whole office.
import { expect, test } from "vitest";
import { arrivedAt, mailedOffice } from "../support/mailed-office.ts";
import { mail } from "../support/mails.ts";

const liaison = "梅听雪 <liaison@lib.culture.example>";
const { office, sent, mailbox, deliver, rows } = await mailedOffice();

const submissions = () =>
  rows("select reference, type, unit, state, title, people, verified from submission order by id");
const messages = () => rows("select id, state, reason, duplicate_of from message order by id");

const report = {
  from: liaison,
  subject: "市图书馆大讨论活动书面总结",
  messageId: "<report-1@lib.culture.example>",
  text: [
    "活动领导小组办公室：",
    "现将我馆大讨论活动书面总结报上。",
    "一、活动开展情况。全馆职工分三批参加学习讨论，共召开座谈会六次。",
    "二、查找的差距。与先进馆相比，我馆夜间服务和数字资源明显不足。",
    "三、下一步打算。明年起延长开放时间，建设二十四小时自助阅览室。",
    "市图书馆",
    "2026年11月20日",
  ].join("\n"),
};

test("a unit's report is filed with a number, its unit and a threaded answer", async () => {
  await deliver(report);
  expect(await submissions()).toMatchObject([
    { reference: "WHXDH-0001", type: "summary-report", unit: "library", state: "current", verified: true },
  ]);
  expect(sent).toMatchObject([{ kind: "acknowledgement", inReplyTo: "<report-1@lib.culture.example>" }]);
  expect(sent[0]?.text).toContain("WHXDH-0001");
});

test("the same mail sent twice is one submission, and the second is told the first one's number", async () => {
  await deliver(report, { ...report, messageId: "<report-again@lib.culture.example>" });
  expect(await submissions()).toHaveLength(1);
  expect((await messages())[1]).toMatchObject({ state: "ignored", reason: "duplicate", duplicate_of: 1 });
  expect(sent[1]?.text).toContain("WHXDH-0001");
});

test("two copies in one batch are one submission", async () => {
  mailbox().deliver(await mail(report), arrivedAt);
  mailbox().deliver(await mail({ ...report, messageId: "<copy@lib.culture.example>" }), arrivedAt);
  await office.pass(mailbox());
  expect(await submissions()).toHaveLength(1);
  expect((await messages()).map(({ state }) => state)).toEqual(["filed", "ignored"]);
});

test("a copy handled first counts from when the mail it copies came", async () => {
  const copied = { ...report, messageId: "<report-again@lib.culture.example>" };
  const before = new Date(arrivedAt.getTime() - 3_600_000);
  mailbox().deliver(await mail(copied), arrivedAt);
  await office.pass(mailbox());
  mailbox().deliver(await mail(report), before);
  await office.pass(mailbox());
  expect(await rows("select arrived_at from submission")).toEqual([{ arrived_at: before }]);
  expect((await messages()).map(({ state }) => state)).toEqual(["filed", "ignored"]);
});

test("a used Message-ID with other content is held, never dropped", async () => {
  await deliver(report, { ...report, text: `${report.text}\n补充：另附数据若干。` });
  expect((await messages())[1]).toMatchObject({ state: "held", reason: "same-id-different-content" });
  expect(await submissions()).toHaveLength(1);
});

test("a revised version from the unit supersedes, and the older one stays readable", async () => {
  await deliver(report, {
    ...report,
    subject: "市图书馆大讨论活动书面总结（修改稿）",
    messageId: "<report-2@lib.culture.example>",
    text: `${report.text.replace("六次", "八次")}\n以上为修改稿，以此为准。`,
  });
  expect(await submissions()).toMatchObject([
    { state: "superseded" },
    { state: "current", reference: "WHXDH-0002" },
  ]);
  expect(sent[1]?.text).toContain("WHXDH-0001");
});

test("a version that came earlier and is filed later replaces nothing", async () => {
  await deliver(report);
  const revised = {
    ...report,
    subject: "市图书馆大讨论活动书面总结（修改稿）",
    messageId: "<report-0@lib.culture.example>",
    text: `${report.text.replace("六次", "八次")}\n以上为修改稿，以此为准。`,
  };
  mailbox().deliver(await mail(revised), new Date(arrivedAt.getTime() - 3_600_000));
  await office.pass(mailbox());
  expect(await submissions()).toMatchObject([{ state: "current" }, { state: "current" }]);
});

test("a stranger's version of a unit's report never supersedes", async () => {
  await deliver(report, {
    ...report,
    from: "somebody <somebody@qq.example>",
    subject: "市图书馆大讨论活动书面总结（修改稿）",
    messageId: "<forged@qq.example>",
    text: `${report.text.replace("六次", "零次")}\n以上为修改稿，以此为准。`,
  });
  expect((await submissions())[0]).toMatchObject({ state: "current", reference: "WHXDH-0001" });
});

test("the sender withdraws by replying, and is told", async () => {
  await deliver(report);
  await deliver({
    from: liaison,
    subject: `Re: ${sent[0]?.subject}`,
    inReplyTo: sent[0]?.messageId ?? "",
    text: "这份发错了，请撤回。",
  });
  expect(await submissions()).toMatchObject([{ state: "withdrawn" }]);
  expect(sent[1]?.text).toContain("撤回");
});

test("somebody else cannot withdraw it", async () => {
  await deliver(report);
  await deliver({
    from: "somebody <somebody@qq.example>",
    subject: `Re: ${sent[0]?.subject}`,
    inReplyTo: sent[0]?.messageId ?? "",
    text: "这份发错了，请撤回。",
  });
  expect(await submissions()).toMatchObject([{ state: "current" }]);
  expect((await messages())[1]).toMatchObject({ state: "held", reason: "correction-unauthorised" });
});

test("the answer to “which unit?” files the idea that waited for it, with the arrival of the first mail", async () => {
  const idea = {
    from: "阿远 <ayuan@qq.example>",
    subject: "金点子：夜间开放",
    text: "建议公共文化场馆每周五晚上延长开放到九点，方便上班族。",
  };
  await deliver(idea);
  expect(await messages()).toMatchObject([{ state: "held", reason: "unit-unknown" }]);
  expect(sent).toMatchObject([{ kind: "clarification" }]);
  await deliver({
    from: idea.from,
    subject: `Re: ${sent[0]?.subject}`,
    inReplyTo: sent[0]?.messageId ?? "",
    text: "单位是市文化馆。",
  });
  expect(await submissions()).toMatchObject([{ type: "golden-idea", unit: "cultural-centre" }]);
  expect((await messages()).map(({ state }) => state)).toEqual(["filed", "filed"]);
});

test("numbers are given without gaps over many batches", async () => {
  for (let index = 0; index < 60; index += 1) {
    mailbox().deliver(
      await mail({
        from: `职工${index} <staff${index}@lib.culture.example>`,
        subject: `金点子：第${index}条`,
        text: `我是市图书馆职工。建议在第${index}号阅览室增设一处自助借还点。`,
      }),
      arrivedAt,
    );
  }
  await office.pass(mailbox());
  const numbers = (await submissions()).map(({ reference }) => reference);
  expect(numbers).toEqual(Array.from({ length: 60 }, (_, i) => `WHXDH-${String(i + 1).padStart(4, "0")}`));
});
