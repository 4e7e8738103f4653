// What the office may decide about a held mail, and what it leaves as it was.
import { expect, test } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { command } from "../../src/commands/held.ts";
import { dismissForOffice, fileForOffice, type OfficeChoice } from "../../src/submission/settle.ts";
import { arrivedAt, mailedOffice } from "../support/mailed-office.ts";
import type { MailToBuild } from "../support/mails.ts";
import { outOfStep } from "../support/out-of-step.ts";

const { office, sent, mailbox, deliver, rows } = await mailedOffice();

const decider = () => ({ by: "office", way: "command" as const, askedIn: null, at: systemClock.now() });
const file = (id: number, choice: OfficeChoice = {}) =>
  office.app.db.transaction().execute((trx) => fileForOffice(trx, office.campaign, id, choice, decider()));
const dismiss = (id: number, why: string | null = null) =>
  office.app.db.transaction().execute((trx) => dismissForOffice(trx, office.campaign, id, why, decider()));

const submissions = () => rows("select * from submission order by id");
const messages = () => rows("select id, state, reason, decided_by, detail from message order by id");

const idea: MailToBuild = {
  from: "阿远 <ayuan@qq.example>",
  subject: "金点子：夜间开放",
  text: "建议公共文化场馆每周五晚上延长开放到九点，方便上班族。",
};
const question: MailToBuild = {
  from: "梅听雪 <liaison@lib.culture.example>",
  subject: "请问书面总结交到哪里？",
  text: "请问书面总结的截止日期是哪一天？交到哪个处室？",
};

test("the office names the unit: filed as understood, with the mail's arrival, verified, by the office", async () => {
  await deliver(idea);
  expect(await messages()).toMatchObject([{ state: "held", reason: "unit-unknown" }]);
  const answers = sent.length;
  await file(1, { unit: "library" });
  expect(await submissions()).toMatchObject([
    {
      reference: "WHXDH-0001",
      type: "golden-idea",
      unit: "library",
      verified: true,
      arrived_at: arrivedAt,
      decided_by: "office",
    },
  ]);
  expect((await submissions())[0]?.text).toContain("延长开放到九点");
  expect(await messages()).toMatchObject([{ state: "filed", reason: null, decided_by: "office" }]);
  await office.pass(mailbox());
  expect(sent).toHaveLength(answers);
});

test("a guess not good enough to file by is no answer: the office must name the unit", async () => {
  await deliver(idea);
  expect(await file(1)).toEqual({ why: "unit-needed" });
  expect(await messages()).toMatchObject([{ state: "held" }]);
  expect(await submissions()).toEqual([]);
});

test("an idea may be from nobody's unit, a unit's document may not", async () => {
  await deliver(idea, { ...idea, subject: "金点子：夜间讲座", text: `${idea.text}并办讲座。` });
  expect(await file(1, { unit: null, type: "summary-report" })).toEqual({ why: "unit-needed" });
  await file(1, { unit: null });
  expect(await submissions()).toMatchObject([{ unit: null, type: "golden-idea" }]);
});

test("a mail in which nothing was found becomes one submission of its subject and words", async () => {
  await deliver(question);
  expect(await messages()).toMatchObject([{ state: "held", reason: "question" }]);
  expect(await file(1, { unit: "library" })).toEqual({ why: "type-needed" });
  await file(1, { unit: "library", type: "summary-report" });
  expect(await submissions()).toMatchObject([
    { type: "summary-report", unit: "library", title: question.subject, state: "current" },
  ]);
});

test("a plan needs its item, and only its own items will do", async () => {
  await deliver(question);
  const plan = { unit: "library", type: "engineering-plan" };
  const [item] = office.campaign.deliverables.find(({ code }) => code === plan.type)?.items ?? [];
  expect(await file(1, plan)).toEqual({ why: "item-needed", type: plan.type });
  expect(await file(1, { unit: "library", type: "golden-idea", item: item?.code ?? "" })).toEqual({
    why: "item-unfit",
    type: "golden-idea",
  });
  await file(1, { ...plan, item: item?.code ?? "" });
  expect(await submissions()).toMatchObject([{ type: plan.type, item: item?.code }]);
});

test("filed by the office, a document supersedes a provisional one of the same duty and nothing else", async () => {
  await deliver(question, { ...question, text: `${question.text}谢谢！`, subject: "再问书面总结" });
  await file(1, { unit: "library", type: "summary-report" });
  await office.database.pool.query("update submission set provisional = true");
  await file(2, { unit: "library", type: "summary-report" });
  expect(await submissions()).toMatchObject([{ state: "superseded" }, { state: "current", supersedes: 1 }]);
});

test("a mail put aside is ignored with the office's words, and decided only once", async () => {
  await deliver(idea);
  expect(await dismiss(1, "本人已撤回")).toBeNull();
  expect(await messages()).toMatchObject([
    { state: "ignored", reason: "office-dismissed", decided_by: "office", detail: "本人已撤回" },
  ]);
  expect(await dismiss(1)).toEqual({ why: "not-held", state: "ignored" });
  expect(await file(1, { unit: "library" })).toEqual({ why: "not-held", state: "ignored" });
  expect(await submissions()).toEqual([]);
});

test("two clerks decide at once: one submission, and the second is told", async () => {
  await deliver(idea);
  const both = await Promise.all([file(1, { unit: "library" }), file(1, { unit: "museum" })]);
  expect(both.filter((one) => "why" in one)).toEqual([{ why: "not-held", state: "filed" }]);
  expect(await submissions()).toHaveLength(1);
});

test("a mail that could not be read at all, or not fetched, is settled like any other", async () => {
  await deliver(idea);
  await outOfStep(
    office.database.pool,
    "update message set state = 'oversize', understanding = null, new_text = null, subject = null",
  );
  expect(await file(1, { unit: "library" })).toEqual({ why: "type-needed" });
  await file(1, { unit: "library", type: "summary-report" });
  expect(await submissions()).toMatchObject([{ type: "summary-report", title: "（无主题）", text: "" }]);
  expect(await messages()).toMatchObject([{ state: "filed", decided_by: "office" }]);
});

test("several ideas that are really one unit's document become one", async () => {
  await deliver({
    ...idea,
    text: "1、建议每周五延长开放到九点，方便上班族。\n2、建议增设二十四小时自助还书点。\n3、建议开办周末少儿讲座。",
  });
  const found = (await rows("select understanding from message"))[0]?.understanding as {
    submissions: unknown[];
  };
  expect(found.submissions.length).toBeGreaterThan(1);
  await file(1, { unit: "library", type: "summary-report" });
  const [filed, ...others] = await submissions();
  expect(others).toEqual([]);
  for (const words of ["延长开放", "自助还书", "少儿讲座"]) expect(filed?.text).toContain(words);
});

test("an unknown number changes nothing", async () => {
  expect(await file(99, { unit: "library" })).toEqual({ why: "no-such-mail" });
  expect(await dismiss(99)).toEqual({ why: "no-such-mail" });
});

test.each([
  { values: { file: true, dismiss: true }, positionals: ["1"], says: "二者只能选一" },
  { values: { file: true }, positionals: ["one"], says: "编号" },
  { values: { file: true }, positionals: ["1", "2"], says: "编号" },
  { values: {}, positionals: ["1"], says: "请写明怎么处理" },
  { values: { file: true, why: "x" }, positionals: ["1"], says: "请写明怎么处理" },
  { values: { dismiss: true, unit: "library" }, positionals: ["1"], says: "请写明怎么处理" },
])("the command asks for what is missing: $values $positionals", async ({ says, ...input }) => {
  await expect(command.run(input)).rejects.toThrow(says);
});

test("what nothing is called is refused with the names that exist, and an alias is understood", async () => {
  await deliver(idea);
  process.env.DATABASE_URL = office.database.url;
  try {
    const values = { file: true, config: office.configFile };
    const run = (unit: string) => command.run({ values: { ...values, unit }, positionals: ["1"] });
    await expect(run("市图书馆馆")).rejects.toThrow(/没有这个名称[\s\S]*library {2}市图书馆/);
    expect(await run("市图")).toBe(0);
    expect(await submissions()).toMatchObject([{ unit: "library" }]);
    expect(await run("市图")).toBe(1);
  } finally {
    delete process.env.DATABASE_URL;
  }
});
