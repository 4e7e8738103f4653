// Conversations through the whole office on a real database: corrected, taken back, replaced, completed, asked and answered.
import { beforeEach, expect, test } from "vitest";
import type { OutgoingNotice } from "../../src/notice/compose.ts";
import { mailedOffice } from "../support/mailed-office.ts";
import { type MailToBuild, mail } from "../support/mails.ts";

const liaison = "梅听雪 <liaison@lib.culture.example>";
const ayuan = "阿远 <ayuan@qq.example>";
const firstDay = new Date("2026-11-23T02:00:00Z");
const { office, sent, mailbox, rows } = await mailedOffice();
let hours = 0;

beforeEach(() => {
  hours = 0;
});

/** Delivers a mail an hour after the last, handles it, and returns what was answered. */
async function deliver(parts: MailToBuild): Promise<OutgoingNotice | undefined> {
  const before = sent.length;
  mailbox().deliver(await mail(parts), new Date(firstDay.getTime() + 3_600_000 * hours++));
  await office.pass(mailbox());
  expect(sent.length - before).toBeLessThanOrEqual(1);
  return sent[before];
}

const submissions = () =>
  rows(
    "select reference, type, unit, state, title, people, text, provisional, verified, arrived_at from submission order by id",
  );
const messages = () => rows("select state, reason from message order by id");

/** Answers one of our notices, with its words quoted below. */
const answering = (notice: OutgoingNotice | undefined, from: string, text: string): MailToBuild => ({
  from,
  subject: `Re: ${notice?.subject}`,
  inReplyTo: notice?.messageId ?? "",
  text: `${text}\n\n在 2026-11-23 10:00:00，"办公室" <ideas@culture.example> 写道：\n${(notice?.text ?? "").replace(/^/gm, "> ")}`,
});

const idea = {
  from: ayuan,
  subject: "金点子：夜间开放",
  text: "我是市图书馆的阿远。建议每周五晚上延长开放到九点，方便上班族来借书。",
};
const paper = (text: string) =>
  [
    "市图书馆大讨论活动书面总结",
    `一、活动开展情况。全馆职工分三批参加学习讨论，共召开座谈会${text}。`,
    "二、查找的差距。与先进馆相比，我馆夜间服务和数字资源明显不足。",
    "三、下一步打算。明年起延长开放时间，建设二十四小时自助阅览室。",
    "市图书馆",
    "2026年11月20日",
  ].join("\n");

test("several facts in one reply are all changed, and all are said back", async () => {
  const first = await deliver(idea);
  const second = await deliver(answering(first, ayuan, "题目改为《周五夜读》，另外姓名应为袁小远。"));
  expect(await submissions()).toMatchObject([{ title: "周五夜读", people: ["袁小远"], state: "current" }]);
  expect(second?.text).toContain("周五夜读");
  expect(second?.text).toContain("袁小远");
});

test("a note between the lines of the acknowledgement is carried out", async () => {
  const first = await deliver(idea);
  const quoted = (first?.text ?? "").replace(/^(标题：.*)$/m, "$1 ← 不对，应为《周五夜读》");
  await deliver({
    from: ayuan,
    subject: `Re: ${first?.subject}`,
    inReplyTo: first?.messageId ?? "",
    text: `见下\n\n在 2026-11-23 10:00:00，"办公室" <ideas@culture.example> 写道：\n${quoted}`,
  });
  expect(await submissions()).toMatchObject([{ title: "周五夜读" }]);
});

test("a mail of its own withdraws the only idea of its sender, and is unclear where there are two", async () => {
  await deliver(idea);
  const answer = await deliver({ from: ayuan, subject: "撤回", text: "昨天我交的那条金点子请撤回，谢谢。" });
  expect(await submissions()).toMatchObject([{ state: "withdrawn" }]);
  expect(answer?.text).toContain("撤回——已办");

  await deliver({
    ...idea,
    subject: "金点子：还书箱",
    text: "我是市图书馆的阿远。建议在地铁口放还书箱，下班顺路就能还书。",
  });
  await deliver({
    ...idea,
    subject: "金点子：共读角",
    text: "我是市图书馆的阿远。建议设亲子共读角，周末请志愿者讲故事。",
  });
  await deliver({ from: ayuan, subject: "撤回", text: "上次我交的那条金点子请撤回，谢谢。" });
  expect((await messages()).at(-1)).toEqual({ state: "held", reason: "correction-unclear" });
  await deliver({ from: ayuan, subject: "撤回", text: "请撤回我之前交的“还书箱”那条。" });
  await deliver({ from: ayuan, subject: "撤回", text: "我那条WHXDH-0003请撤回。" });
  expect((await submissions()).map(({ title, state }) => `${title} ${state}`)).toEqual([
    "夜间开放 withdrawn",
    "还书箱 current",
    "共读角 withdrawn",
  ]);
});

test("the newer version of an idea replaces the older one of the same sender, named or not", async () => {
  await deliver(idea);
  const second = await deliver({
    ...idea,
    subject: "金点子：夜间开放（修改稿）",
    text: "这是修改稿，以此为准。\n我是市图书馆的阿远。建议每周五、周六晚上延长开放到九点，并配一名值班馆员，方便上班族来借书。",
  });
  expect(await submissions()).toMatchObject([
    { reference: "WHXDH-0001", state: "superseded" },
    { reference: "WHXDH-0002", state: "current" },
  ]);
  expect(second?.text).toContain("替代此前的 WHXDH-0001");
});

test("a new idea in a reply replaces nothing, and a stranger's newer version waits for a person", async () => {
  const first = await deliver(idea);
  await deliver(
    answering(
      first,
      ayuan,
      "再提一条：建议在少儿阅览室增设绘本消毒柜，每天闭馆后消毒一次，家长更放心。市图书馆阿远",
    ),
  );
  expect((await submissions()).map(({ state }) => state)).toEqual(["current", "current"]);
  const third = await deliver({
    ...answering(
      first,
      "谁 <somebody@qq.example>",
      "WHXDH-0001 以此修改稿为准：建议每周五晚上十点关门。市图书馆 阿远",
    ),
  });
  expect((await messages()).at(-1)).toEqual({ state: "held", reason: "correction-unauthorised" });
  expect((await submissions()).filter(({ state }) => state === "current")).toHaveLength(2);
  expect(third?.text).toContain("原发件人");
});

test("a forgotten attachment is added to what was filed: one number, the words of both", async () => {
  const first = await deliver({ from: liaison, subject: "市图书馆书面总结", text: paper("六次") });
  const second = await deliver({
    ...answering(first, liaison, "刚才漏发附件了，补上。"),
    attachments: [
      {
        filename: "附表一.txt",
        content: Buffer.from("附表一：座谈会一览\n第一次 参加四十人\n第二次 参加三十八人"),
      },
    ],
  });
  expect(await submissions()).toMatchObject([{ reference: "WHXDH-0001", state: "current" }]);
  expect((await submissions())[0]?.text).toContain("参加四十人");
  expect(await rows("select role, text from further_message")).toMatchObject([{ role: "supplement" }]);
  expect(second?.text).toContain("WHXDH-0001：补充附件：附表一.txt——已办");
});

test("an attachment that was spoken of and not there is asked for, and completes the idea as of the first mail", async () => {
  const first = await deliver({
    from: ayuan,
    subject: "金点子：夜间开放",
    text: "详见附件。\n市图书馆 阿远",
  });
  expect(await messages()).toEqual([{ state: "held", reason: "attachment-missing" }]);
  expect(first).toMatchObject({ kind: "clarification" });
  expect(first?.text).toContain("没有收到附件");
  await deliver({
    ...answering(first, ayuan, "忘了附上，补发"),
    attachments: [
      {
        filename: "夜间开放.txt",
        content: Buffer.from("夜间开放\n建议每周五晚上延长开放到九点，方便上班族来借书。\n市图书馆 阿远"),
      },
    ],
  });
  expect(await submissions()).toMatchObject([{ type: "golden-idea", unit: "library", state: "current" }]);
  expect((await submissions())[0]?.arrived_at).toEqual(firstDay);
  expect((await messages()).map(({ state }) => state)).toEqual(["filed", "filed"]);
  expect(await rows("select role from further_message")).toEqual([{ role: "first" }]);
});

test("of a unit's paper the mail without its attachment stands as the unreadable version", async () => {
  await deliver({ from: liaison, subject: "市图书馆书面总结", text: "现报上我馆书面总结，请查收附件。" });
  expect(await messages()).toEqual([{ state: "held", reason: "attachment-missing" }]);
  await deliver({
    from: liaison,
    subject: "补发附件：市图书馆书面总结",
    text: "上一封忘了附附件，现补发。",
    attachments: [{ filename: "市图书馆书面总结.txt", content: Buffer.from(paper("六次")) }],
  });
  expect(await submissions()).toMatchObject([
    { state: "superseded", provisional: true, unit: "library", arrived_at: firstDay },
    { state: "current", provisional: false, unit: "library", type: "summary-report" },
  ]);
});

test("what comes instead of a file that could not be opened replaces it, as a file or in the body", async () => {
  const locked = { filename: "总结.docx", content: Buffer.from("d0cf11e0a1b11ae1", "hex") };
  const first = await deliver({
    from: liaison,
    subject: "市图书馆书面总结",
    text: "见附件。",
    attachments: [locked],
  });
  expect(await submissions()).toMatchObject([{ provisional: true }]);
  expect(first).toMatchObject({ kind: "clarification" });
  const second = await deliver(answering(first, liaison, paper("六次")));
  expect(await submissions()).toMatchObject([
    { state: "superseded" },
    { state: "current", provisional: false },
  ]);
  expect(second?.text).toContain("替代此前的 WHXDH-0001");
});

test.each([
  ["文化馆的", "cultural-centre"],
  ["市博物馆 阿远", "museum"],
  ["忘写了，我是美术馆的", "art-gallery"],
])("“%s” answers which unit, and files the idea of the first mail", async (said, unit) => {
  const first = await deliver({
    from: ayuan,
    subject: "金点子：夜间开放",
    text: "建议公共文化场馆每周五晚上延长开放到九点，方便上班族。",
  });
  expect(await messages()).toEqual([{ state: "held", reason: "unit-unknown" }]);
  const second = await deliver(answering(first, ayuan, said));
  expect(await submissions()).toMatchObject([{ type: "golden-idea", unit, arrived_at: firstDay }]);
  expect((await messages()).map(({ state }) => state)).toEqual(["filed", "filed"]);
  expect(second).toMatchObject({ kind: "acknowledgement" });
});

test("an idea whose only file could not be opened, sent again without a word about it, is filed once", async () => {
  const locked = { filename: "夜间开放.docx", content: Buffer.from("d0cf11e0a1b11ae1", "hex") };
  const covering = { from: ayuan, subject: "金点子：夜间开放", text: "详见附件。\n市图书馆 阿远" };
  const first = await deliver({ ...covering, attachments: [locked] });
  expect(first?.text).toContain("夜间开放.docx");
  await deliver({
    ...covering,
    attachments: [
      {
        filename: "夜间开放.txt",
        content: Buffer.from("夜间开放\n建议每周五晚上延长开放到九点，方便上班族来借书。\n市图书馆 阿远"),
      },
    ],
  });
  const current = (await submissions()).filter(({ state }) => state === "current");
  expect(current).toMatchObject([{ type: "golden-idea", unit: "library" }]);
  expect(current[0]?.text).toContain("延长开放到九点");
});

test("a change asked for outside any thread is kept like one in it", async () => {
  await deliver(idea);
  await deliver({
    from: ayuan,
    subject: "更正",
    text: "我昨天交的那条建议题目写错了，题目应为《周五夜读》。",
  });
  expect(await submissions()).toMatchObject([{ title: "周五夜读" }]);
  expect(await rows("select field, before, after, way from correction")).toEqual([
    { field: "title", before: "夜间开放", after: "周五夜读", way: "sender" },
  ]);
});

test("somebody else's answer completes nothing", async () => {
  const first = await deliver({
    from: ayuan,
    subject: "金点子：夜间开放",
    text: "建议公共场馆每周五晚上延长开放到九点，方便上班族。",
  });
  await deliver(answering(first, "谁 <somebody@qq.example>", "文化馆的"));
  expect(await submissions()).toEqual([]);
  expect((await messages())[0]).toEqual({ state: "held", reason: "unit-unknown" });
});

test("thanks are not answered, a question is, and neither changes anything", async () => {
  const first = await deliver(idea);
  expect(await deliver(answering(first, ayuan, "收到，辛苦了！"))).toBeUndefined();
  const third = await deliver(answering(first, ayuan, "请问什么时候公布评选结果？"));
  expect(third?.text).toContain("由工作人员答复");
  expect(await submissions()).toMatchObject([{ state: "current", title: "夜间开放" }]);
  expect((await messages()).map(({ reason }) => reason)).toEqual([null, "thanks", "question"]);
});

test.each([
  ["撤回", ["withdrawn", "withdrawn"]],
  ["撤回 WHXDH-0002", ["current", "withdrawn"]],
])("“%s” in reply to a receipt of two, whose subject shows the first number: %s", async (words, states) => {
  const first = await deliver({
    from: ayuan,
    subject: "两条金点子",
    text: "我是市图书馆的阿远，提两条金点子。\n1、夜间开放\n建议每周五晚上延长开放到九点，方便上班族来借书。\n2、漂流书架\n建议在地铁站设漂流书架，市民可以随手取书还书。",
  });
  expect(first?.subject).toContain("WHXDH-0001 等 2 件");
  await deliver(answering(first, ayuan, words));
  expect((await submissions()).map(({ state }) => state)).toEqual(states);
});

test("a mail that answers a notice of ours is known as its answer; one that answers nobody is not", async () => {
  const notice = await deliver(idea);
  await deliver(answering(notice, ayuan, "谢谢！"));
  const answered = await rows(
    "select n.rfc_message_id as notice from message m left join notice n on n.id = m.answers_notice order by m.id",
  );
  expect(answered).toEqual([{ notice: null }, { notice: notice?.messageId }]);
});
