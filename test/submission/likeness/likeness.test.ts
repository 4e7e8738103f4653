// What is alike is pointed out when it is filed: real mails through the whole office, and nothing said to who sent them.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { takeIn } from "../../../src/intake/intake.ts";
import { duePass, handleAll } from "../../../src/service/passes.ts";
import { compareRest } from "../../../src/submission/likeness/likeness.ts";
import { arrivedAt, mailedOffice } from "../../support/mailed-office.ts";
import { mail } from "../../support/mails.ts";

const papers = JSON.parse(
  readFileSync(new URL("../../../fixtures/likeness/papers.json", import.meta.url), "utf8"),
) as { model: Record<string, string>; copies: { a: string; b: string }[] };
const { office, sent, mailbox, deliver } = await mailedOffice();

async function likenesses(): Promise<Record<string, unknown>[]> {
  const { rows } = await office.database.pool.query(
    `select s.reference, o.reference as other, l.kind, l.score from likeness l
     join submission s on s.id = l.submission_id left join submission o on o.id = l.other_id order by 1, 2`,
  );
  return rows;
}

const idea = {
  from: "张晓岚 <zhangxl@whg.culture.example>",
  subject: "金点子：夜间开放",
  text: [
    "建议每年四月到十月，把周五、周六的闭馆时间从下午五点半推迟到晚上九点，只开一楼阅览室和借还台，",
    "安排四名馆员轮班，第二天补休。先试三个月，统计每晚到馆人数，不到六十人就停。",
  ].join(""),
};
const colleague = "李青 <liqing@museum.culture.example>";

test("two people sending one text are both filed, told nothing of each other, and shown to the office", async () => {
  await deliver(idea, { ...idea, from: colleague, subject: "我的金点子" });
  expect(await likenesses()).toEqual([
    { reference: "WHXDH-0002", other: "WHXDH-0001", kind: "same-text", score: 1 },
  ]);
  expect(sent).toHaveLength(2);
  expect(sent[1]?.text).toContain("WHXDH-0002");
  expect(sent[1]?.text).not.toContain("WHXDH-0001");
  expect(sent[1]?.text).not.toMatch(/相近|相同/);
});

test("two people sending one text in one batch", async () => {
  mailbox().deliver(await mail(idea), arrivedAt);
  mailbox().deliver(await mail({ ...idea, from: colleague, subject: "我的金点子" }), arrivedAt);
  await office.pass(mailbox());
  expect(await likenesses()).toMatchObject([{ other: "WHXDH-0001", kind: "same-text" }]);
});

test("the same mail sent twice is one submission and like nothing", async () => {
  await deliver(idea, { ...idea, messageId: "<again@lib.culture.example>" });
  expect(sent[1]?.text).toContain("WHXDH-0001");
  expect(await likenesses()).toEqual([]);
});

test("the same file under another name from another sender points to the first one's number", async () => {
  const content = Buffer.from(`关于夜间开放的建议\n\n${idea.text}`);
  const file = (filename: string) => [{ filename, contentType: "text/plain; charset=utf-8", content }];
  await deliver(
    { from: idea.from, subject: "金点子", text: "金点子见附件。", attachments: file("夜间开放.txt") },
    {
      from: colleague,
      subject: "金点子一条",
      text: "请查收附件，谢谢。",
      attachments: file("建议（李青）.txt"),
    },
  );
  expect(await likenesses()).toMatchObject([
    { reference: "WHXDH-0002", other: "WHXDH-0001", kind: "same-text" },
  ]);
});

test("a file nobody can read is known by its bytes, unless many send it", async () => {
  const file = (filename: string) => [
    {
      filename,
      contentType: "application/msword",
      content: Buffer.from("\xd0\xcf\x11\xe0 broken", "latin1"),
    },
  ];
  const report = (unit: string, at: string, name: string) => ({
    from: `联络员 <liaison@${at}.culture.example>`,
    subject: `${unit}大讨论活动书面总结`,
    text: `现报上${unit}书面总结，见附件。\n${unit}\n2026年11月20日`,
    attachments: file(name),
  });
  await deliver(report("市图书馆", "lib", "总结.doc"), report("市博物馆", "museum", "博物馆书面总结.doc"));
  expect(await likenesses()).toMatchObject([{ reference: "WHXDH-0002", other: "WHXDH-0001" }]);
});

test("a body that repeats its attachment is one submission", async () => {
  const content = Buffer.from(`关于夜间开放的建议\n${idea.text}`);
  const attachments = [{ filename: "金点子.txt", contentType: "text/plain; charset=utf-8", content }];
  await deliver({ ...idea, attachments });
  expect((await office.database.pool.query("select id from submission")).rows).toHaveLength(1);
  expect(await likenesses()).toEqual([]);
});

test("a reworded idea and one pasted into a longer mail are like the first, whoever sends them", async () => {
  await deliver(
    idea,
    {
      from: colleague,
      subject: "金点子",
      text: idea.text.replace("推迟到", "延后到").replace("馆员", "工作人员").replace("第二天", "次日"),
    },
    {
      from: "钱晓棠 <qianxt@tv.culture.example>",
      subject: "金点子：对图书馆的看法",
      text: `图书馆新书上架太慢，编目员只有两个人，采购回来往往要压上一个半月，读者早就不想看了。${idea.text}另外馆里的电梯坏了半年，老年读者上不了三楼，请后勤尽快找维保单位来修，修不好就先把报纸搬到一楼。`,
    },
  );
  const found = await likenesses();
  expect(found).toContainEqual(
    expect.objectContaining({ reference: "WHXDH-0002", other: "WHXDH-0001", kind: "near-identical" }),
  );
  expect(found).toContainEqual(
    expect.objectContaining({ reference: "WHXDH-0003", other: "WHXDH-0001", kind: "contains" }),
  );
});

test("a revised version is not pointed out as like the one it replaces", async () => {
  const report = {
    from: "梅听雪 <liaison@lib.culture.example>",
    subject: "市图书馆大讨论活动书面总结",
    text: (papers.model.gallery as string).replaceAll("市画院", "市图书馆"),
  };
  await deliver(report);
  await deliver({
    ...report,
    subject: `${report.subject}（修改稿）`,
    inReplyTo: sent[0]?.messageId ?? "",
    text: report.text.replace("四个", "五个"),
  });
  const { rows } = await office.database.pool.query("select state from submission order by id");
  expect(rows.map(({ state }) => state)).toEqual(["superseded", "current"]);
  expect(await likenesses()).toEqual([]);
});

test("reports nearly identical between units are pointed out, those after one model are not taken for copies", async () => {
  const [{ a, b }] = papers.copies as [{ a: string; b: string }];
  const report = (unit: string, at: string, from: string, text: string) => ({
    from: `联络员 <liaison@${at}.culture.example>`,
    subject: `${unit}大讨论活动书面总结`,
    text: text.replaceAll(from, unit),
  });
  await deliver(
    report("市图书馆", "lib", "市画院", a),
    report("市博物馆", "museum", "市书法院", b),
    report("市文化馆", "whg", "市考古队", papers.model.archaeology as string),
    report("市电视台", "tv", "市广播台", papers.model.radio as string),
  );
  const found = (await likenesses()).filter(({ kind }) => kind !== "boilerplate");
  expect(found).toMatchObject([{ reference: "WHXDH-0002", other: "WHXDH-0001", kind: "near-identical" }]);
});

test("what stands in the campaign's notice is said to be from there", async () => {
  const notice = (office.campaign.announcement ?? "").split("\n").slice(4, 12).join("\n");
  await deliver({
    from: "梅听雪 <liaison@lib.culture.example>",
    subject: "市图书馆大讨论活动书面总结",
    text: `市图书馆书面总结\n${notice}\n我馆职工全部参加了讨论，收到建议三十一条。\n市图书馆\n2026年11月20日`,
  });
  const found = await likenesses();
  expect(found).toMatchObject([{ reference: "WHXDH-0001", other: null, kind: "announcement" }]);
  expect(found[0]?.score).toBeGreaterThan(0.6);
  expect(sent[0]?.text).not.toContain("活动通知相同");
});

test("what was filed before, or by another way, is compared afterwards, in any order", async () => {
  await deliver(idea, { ...idea, from: colleague, subject: "我的金点子" });
  await office.database.pool.query("truncate likeness, compared, fingerprint");
  expect(await compareRest(office.app.db, office.campaign, arrivedAt)).toBe(2);
  expect(await likenesses()).toMatchObject([{ reference: "WHXDH-0002", other: "WHXDH-0001" }]);
  await office.database.pool.query(
    "delete from likeness; delete from compared where submission_id = 1; delete from fingerprint where submission_id = 1",
  );
  expect(await compareRest(office.app.db, office.campaign, arrivedAt)).toBe(1);
  expect(await compareRest(office.app.db, office.campaign, arrivedAt)).toBe(0);
  expect(await likenesses()).toMatchObject([{ reference: "WHXDH-0002", other: "WHXDH-0001" }]);
});

test("two machines at once compare each submission once, and miss no pair", async () => {
  const others = [colleague, "王芳 <wangf@museum.culture.example>", "赵敏 <zhaom@whg.culture.example>"];
  for (const from of [idea.from, ...others]) mailbox().deliver(await mail({ ...idea, from }), arrivedAt);
  await office.pass(mailbox());
  const before = await likenesses();
  expect(before).toHaveLength(3);
  await office.database.pool.query("truncate likeness, compared, fingerprint");
  const { db } = office.app;
  const done = await Promise.all([1, 2, 3].map(() => compareRest(db, office.campaign, arrivedAt)));
  expect(done.reduce((sum, one) => sum + one)).toBe(4);
  expect(await likenesses()).toEqual(before);
});

test("what filing left uncompared when its process ended is compared by whoever comes next", async () => {
  mailbox().deliver(await mail(idea), arrivedAt);
  mailbox().deliver(await mail({ ...idea, from: colleague, subject: "我的金点子" }), arrivedAt);
  await takeIn(mailbox(), { ...office.app, enqueue: async () => undefined });
  await handleAll(office.app);
  expect(await likenesses()).toEqual([]);
  await duePass(office.app);
  expect(await likenesses()).toMatchObject([{ reference: "WHXDH-0002", other: "WHXDH-0001" }]);
});
