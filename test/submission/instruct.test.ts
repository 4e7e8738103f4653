// The office corrects by replying to its digest: what is carried out, what is refused, and what a forger can do: nothing.
import { expect, test } from "vitest";
import { noticeMessageId } from "../../src/notice/identity.ts";
import { intend } from "../../src/notice/outbox.ts";
import { fileForOffice } from "../../src/submission/settle.ts";
import { arrivedAt, mailedOffice } from "../support/mailed-office.ts";
import type { MailToBuild } from "../support/mails.ts";
import { outOfStep } from "../support/out-of-step.ts";

const member = "邵文澜 <shaowl@culture.example>";
const { office, sent, mailbox, deliver, rows } = await mailedOffice();

const submissions = () => rows("select * from submission order by id");
const messages = () => rows("select id, state, reason, decided_by, detail from message order by id");
const corrections = () =>
  rows(
    "select message_id, submission_id, field, before, after, made_by, way, asked_in from correction order by id",
  );

/** A digest as the outbox holds it; returns its Message-ID, which only the office was told. */
async function digest(text = "每日简报", on = "2026-11-23"): Promise<string> {
  const { members } = office.campaign.office;
  const notice = {
    key: `digest/${on}`,
    kind: "digest" as const,
    to: members,
    cc: [],
    subject: `每日简报 ${on}`,
  };
  const rest = {
    html: null,
    attachments: [],
    inReplyTo: null,
    references: [],
    causeMessageId: null,
    unit: null,
  };
  const intent = { ...notice, ...rest, text, stillOwed: [], notBefore: null };
  await intend(office.app.db, office.campaign, [intent], office.app.clock.now());
  const [row] = await rows(`select rfc_message_id as id from notice where key = 'digest/${on}'`);
  await office.pass(mailbox());
  sent.length = 0;
  return row?.id as string;
}

const reply = (inReplyTo: string, text: string, more: MailToBuild = {}): MailToBuild => ({
  from: member,
  subject: "回复：每日简报 2026-11-23",
  text,
  inReplyTo,
  references: [inReplyTo],
  ...more,
});

const idea: MailToBuild = {
  from: "阿远 <ayuan@qq.example>",
  subject: "金点子：夜间开放",
  text: "建议公共文化场馆每周五晚上延长开放到九点，方便上班族。",
};
const another: MailToBuild = {
  ...idea,
  from: "小岑 <xiaocen@qq.example>",
  subject: "金点子：自助还书",
  text: "建议在地铁站里增设二十四小时自助还书机，方便下班的读者。",
};
const report: MailToBuild = {
  from: "梅听雪 <liaison@lib.culture.example>",
  subject: "市图书馆大讨论活动书面总结",
  text: "现将我馆大讨论活动书面总结报上。\n一、活动开展情况。全馆职工分三批参加学习讨论。\n二、查找的差距。夜间服务不足。\n三、下一步打算。延长开放时间。\n市图书馆\n2026年11月20日",
};

test("the office files, dismisses and corrects in one reply, and is told line by line what was done", async () => {
  await deliver(idea, another, report);
  const id = await digest();
  await deliver(
    reply(
      id,
      "#1 单位=文化馆\n#2 忽略 备注=已电话答复\n#0001 标题=「夜间开放的总结」\n\n谢谢\n邵文澜\n电话：0510-8271",
    ),
  );
  expect((await messages()).map(({ state, reason, decided_by }) => [state, reason, decided_by])).toEqual([
    ["filed", null, "office"],
    ["ignored", "office-dismissed", "office"],
    ["filed", null, "rules"],
    ["filed", null, "rules"],
  ]);
  expect(await submissions()).toMatchObject([
    { reference: "WHXDH-0001", title: "夜间开放的总结", decided_by: "office", type: "summary-report" },
    {
      reference: "WHXDH-0002",
      unit: "cultural-centre",
      type: "golden-idea",
      verified: true,
      arrived_at: arrivedAt,
    },
  ]);
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatchObject({ to: [{ email: "shaowl@culture.example" }], kind: "acknowledgement" });
  expect(sent[0]?.text).toContain("#1 单位=文化馆\n  已办：已登记为 WHXDH-0002　金点子　市文化馆　夜间开放");
  expect(sent[0]?.text).toContain("已办：标题由“市图书馆大讨论活动书面总结”改为“夜间开放的总结”");
  expect(await corrections()).toMatchObject([
    {
      message_id: 1,
      submission_id: 2,
      field: "unit",
      before: null,
      after: "cultural-centre",
      way: "mail",
      asked_in: 4,
    },
    {
      message_id: 1,
      field: "type",
      before: "golden-idea",
      after: "golden-idea",
      made_by: "shaowl@culture.example",
    },
    { message_id: 2, submission_id: null, field: "dismiss", after: "已电话答复" },
    { message_id: 3, submission_id: 1, field: "title", after: "夜间开放的总结" },
  ]);
});

test("what cannot be done is told, and the other lines are done all the same", async () => {
  await deliver(idea, another);
  const id = await digest();
  await deliver(reply(id, "#1 单位=文化管\n#2 单位=文化馆\n#7 忽略\n#0099 撤回\n#2 忽略"));
  expect((await messages()).map(({ state }) => state)).toEqual(["held", "filed", "filed"]);
  const text = sent[0]?.text ?? "";
  expect(text).toMatch(/未办：没有叫“文化管”的单位；可以写：[^\n]*市文化馆/);
  expect(text).toContain("没有这个编号的邮件");
  expect(text).toContain("没有编号 WHXDH-0099");
  expect(text).toContain("这封邮件已登记为 WHXDH-0001");
  expect(sent[0]?.subject).toContain("已办 1 项，未办 4 项");
});

test("a number that is both a waiting mail's and a submission's is refused until it is written plainly", async () => {
  await deliver(report, idea);
  await office.database.pool.query(
    "update submission set reference = 'WHXDH-1042'; alter table message alter column id restart 1042",
  );
  await deliver({ ...another, subject: "金点子：地铁还书" });
  const id = await digest();
  await deliver(reply(id, "#1042 撤回"));
  expect(sent.at(-1)?.text).toContain("指邮件请写 #M1042，指登记请写 WHXDH-1042");
  await deliver(reply(id, "#M1042 单位=文化馆\nWHXDH-1042 撤回"));
  expect((await submissions()).map(({ state, unit }) => [unit, state])).toEqual([
    ["library", "withdrawn"],
    ["cultural-centre", "current"],
  ]);
  await office.database.pool.query("alter table message alter column id restart 3");
});

test("moving keeps the arrival, reopens nothing it did not owe, and brings back what it had wrongly replaced", async () => {
  await deliver(report, {
    ...report,
    subject: "市图书馆书面总结（修改稿，以此为准）",
    text: `这是修改稿，以此为准。\n${report.text}\n四、补充数字资源。`,
  });
  expect((await submissions()).map(({ state, supersedes }) => [state, supersedes])).toEqual([
    ["superseded", null],
    ["current", 1],
  ]);
  const id = await digest();
  await deliver(reply(id, "#0002 单位=博物馆"));
  expect(await submissions()).toMatchObject([
    { unit: "library", state: "current" },
    { unit: "museum", state: "current", supersedes: null, arrived_at: arrivedAt, verified: true },
  ]);
  expect(sent[0]?.text).toContain("WHXDH-0001 恢复有效");
});

test("an unverified report is confirmed by the office, and by nobody else", async () => {
  await deliver({ ...report, from: "某人 <someone@qq.example>" });
  const [before] = await submissions();
  expect(before).toMatchObject({ verified: false, decided_by: "rules" });
  await deliver(reply(await digest(), "#0001 确认"));
  expect(await submissions()).toMatchObject([{ verified: true, unit: "library", decided_by: "office" }]);
  expect(await corrections()).toMatchObject([
    { field: "confirm", before: "false", after: "true" },
    { field: "unit", before: "library", after: "library" },
  ]);
});

test("登记 files as guessed, however unsure the guess; a plan needs its item", async () => {
  await deliver(report);
  await outOfStep(
    office.database.pool,
    "truncate submission cascade",
    "update message set state = 'held', reason = 'unit-unsure'",
  );
  const id = await digest();
  await deliver(reply(id, "#1 类型=九大工程实施方案"));
  expect(sent.at(-1)?.text).toMatch(/请写明分项：分项=国家历史文化名城建设申报工程/);
  await deliver(reply(id, "#1 登记"));
  expect(await submissions()).toMatchObject([{ unit: "library", type: "summary-report" }]);
});

test("a digest quoted in whatever style instructs nobody", async () => {
  await deliver(idea, another);
  const said =
    "■ 待人工（2 封）\n1 号　金点子：夜间开放\n   来自 阿远 <ayuan@qq.example>\n   原因：单位不明\n   → 请发件人直接回复。\n   #1 单位=市博物馆 类型=金点子\n2 号　金点子：自助还书\n   来自 小岑 <xiaocen@qq.example>\n   原因：单位不明\n   → 请发件人直接回复。\n   #2 单位=市博物馆 类型=金点子\n回复本邮件即可办理，例如“#1 忽略”。";
  const id = await digest(said);
  const quoted = said.replace(/^/gm, "> ");
  const histories = [
    `\n\n------------------ 原始邮件 ------------------\n发件人: "办公室" <ideas@culture.example>;\n发送时间: 2026年11月23日(星期一) 下午5:30\n收件人: "邵文澜";\n主题: 每日简报\n\n${said}`,
    `\n\n在 2026-11-23 17:30:00，"办公室" <ideas@culture.example> 写道：\n${quoted}`,
    `\n\nOn Mon, Nov 23, 2026 at 5:30 PM Office <ideas@culture.example> wrote:\n${quoted}`,
    `\n\n发件人： 办公室\n发送时间： 2026-11-23 17:30\n收件人： 邵文澜\n主题： 每日简报\n${said}`,
    `\n\n\n${said}`,
    `\n\n${said.replace(/(.{14})/gu, "$1\n")}`,
  ];
  for (const [index, history] of histories.entries()) {
    await deliver(reply(id, `#2 姓名=岑某 单位=？${index}${history}`));
    expect((await messages()).slice(0, 2), `history ${index}`).toMatchObject([
      { state: "held" },
      { state: "held" },
    ]);
    expect(sent.at(-1)?.text.match(/已办：|未办：/g), `history ${index}`).toEqual(["未办："]);
  }
  await deliver(reply(id, `#2 单位=文化馆${histories[4]}`));
  expect((await messages()).slice(0, 2)).toMatchObject([{ state: "held" }, { state: "filed" }]);
});

test("forged: the wrong sender, the right sender without the digest, and a guessed Message-ID do nothing", async () => {
  await deliver(idea);
  const id = await digest();
  const answers = sent.length;
  const guessed = noticeMessageId(office.campaign, "digest/2026-11-23");
  await deliver(
    reply(id, "#1 单位=文化馆", { from: "某人 <someone@qq.example>" }),
    reply("<mail-1@lib.culture.example>", "#1 单位=文化馆。"),
    reply(guessed, "#1 单位=文化馆！"),
    reply(guessed.toUpperCase(), "#1 单位=文化馆；"),
    { from: member, subject: "每日简报", text: "#1 单位=文化馆" },
    reply(id, "#1 单位=文化馆 ", { headers: { "Auto-Submitted": "auto-replied" } }),
  );
  expect((await messages())[0]).toMatchObject({ state: "held", decided_by: "rules" });
  expect(await corrections()).toEqual([]);
  expect(sent.slice(answers).filter(({ key }) => key.startsWith("instructed/"))).toEqual([]);
});

test("where a server vouches for senders, a member's name alone is not enough", async () => {
  await deliver(idea);
  const id = await digest();
  office.campaign.mailbox.authserv = ["mx.culture.example"];
  try {
    await deliver(reply(id, "#1 单位=文化馆"));
    expect((await messages())[0]).toMatchObject({ state: "held" });
    const passed = "mx.culture.example; dmarc=pass header.from=culture.example";
    await deliver(reply(id, "#1 单位=文化馆。", { headers: { "Authentication-Results": passed } }));
    expect((await messages())[0]).toMatchObject({ state: "filed", decided_by: "office" });
  } finally {
    office.campaign.mailbox.authserv = [];
  }
});

test("a digest from before the secret, whose Message-ID anybody can work out, gives nobody authority", async () => {
  await deliver(idea);
  const id = await digest();
  const old = noticeMessageId(office.campaign, "digest/2026-11-23");
  await office.database.pool.query("update notice set rfc_message_id = $1 where rfc_message_id = $2", [
    old,
    id,
  ]);
  await deliver(reply(old, "#1 单位=文化馆"));
  expect((await messages())[0]).toMatchObject({ state: "held" });
});

test("the report on instructions is answered like a digest, and the same words twice mean it twice", async () => {
  await deliver(report);
  const id = await digest();
  await deliver(reply(id, "#0001 单位=博物馆"));
  const [report1] = sent;
  await deliver(reply(report1?.messageId ?? "", "#0001 单位=图书馆"), reply(id, "#0001 单位=博物馆"));
  expect(await submissions()).toMatchObject([{ unit: "museum" }]);
  expect(sent).toHaveLength(3);
});

test("ten reports a day on one digest are all sent: the caps are against strangers", async () => {
  await deliver(report);
  const id = await digest();
  const units = ["博物馆", "图书馆"];
  await deliver(...Array.from({ length: 12 }, (_, n) => reply(id, `#0001 单位=${units[n % 2]}`)));
  expect(sent).toHaveLength(12);
});

test("what was corrected is only ever added to", async () => {
  await deliver(idea);
  await deliver(reply(await digest(), "#1 单位=文化馆"));
  await expect(office.database.pool.query("update correction set after = 'museum'")).rejects.toThrow(
    "only ever added",
  );
  await expect(office.database.pool.query("delete from correction")).rejects.toThrow("only ever added");
});

test("files that come with instructions are filed as nothing, and that is said", async () => {
  await deliver(idea);
  const attachments = [{ filename: "馆藏总结.txt", content: "市图书馆书面总结\n一、开展情况。" }];
  await deliver(reply(await digest(), "#1 单位=文化馆", { attachments }));
  expect(await submissions()).toHaveLength(1);
  expect(sent.at(-1)?.text).toContain("随信附件没有登记：馆藏总结.txt");
});

test("a sender's own correction is kept, stands as the sender's, and teaches nothing about others", async () => {
  await deliver(idea);
  await deliver({
    from: idea.from ?? "",
    subject: "Re: 金点子：夜间开放",
    text: "单位写错了，应为市文化馆。",
    inReplyTo: sent[0]?.messageId ?? "",
  });
  expect(await submissions()).toMatchObject([
    { unit: "cultural-centre", decided_by: "sender", verified: false },
  ]);
  expect(await corrections()).toEqual([
    {
      ...{ message_id: 1, submission_id: 1, field: "unit", before: null, after: "cultural-centre" },
      ...{ made_by: "ayuan@qq.example", way: "sender", asked_in: 2 },
    },
  ]);
  await deliver({ ...another, from: idea.from ?? "" });
  expect((await messages()).at(-1)).toMatchObject({ state: "held", reason: "unit-unknown" });
  await deliver({
    from: idea.from ?? "",
    subject: "Re: 金点子：夜间开放",
    text: "撤回",
    inReplyTo: sent[0]?.messageId ?? "",
  });
  expect((await corrections()).at(-1)).toMatchObject({ field: "withdraw", way: "sender", asked_in: 4 });
});

test("what the office has set its sender does not change: not the type of what was verified by the office's word", async () => {
  await deliver(idea);
  const confirmation = sent[0]?.messageId ?? "";
  await deliver(reply(await digest(), "#1 单位=文化馆"));
  const asks = { from: idea.from ?? "", subject: "Re: 金点子：夜间开放", inReplyTo: confirmation };
  for (const text of ["类型写错了，应为书面总结。", "单位写错了，应为市图书馆。"]) {
    await deliver({ ...asks, text });
    expect((await messages()).at(-1)).toMatchObject({ state: "held", reason: "office-decided" });
    expect(sent.at(-1)?.text).toContain("工作人员核定");
  }
  expect(await submissions()).toMatchObject([
    { type: "golden-idea", unit: "cultural-centre", verified: true, decided_by: "office" },
  ]);
  // What the office did not touch is his own.
  await deliver({ ...asks, text: "题目改为《周五夜读》" });
  expect(await submissions()).toMatchObject([{ title: "周五夜读" }]);
});

test("what is filed by command is an example, too", async () => {
  await deliver(idea);
  const decider = { by: "office", way: "command" as const, askedIn: null, at: office.app.clock.now() };
  await office.app.db
    .transaction()
    .execute((trx) => fileForOffice(trx, office.campaign, 1, { unit: "museum" }, decider));
  expect(await corrections()).toMatchObject([
    { field: "unit", before: null, after: "museum", way: "command", made_by: "office" },
    { field: "type", before: "golden-idea", after: "golden-idea" },
  ]);
  await deliver({ ...another, from: idea.from ?? "" });
  expect((await submissions()).at(-1)).toMatchObject({
    unit: "museum",
    decided_by: "rules",
    verified: false,
  });
});
