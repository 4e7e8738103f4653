// The office rules on what is owed by replying to its digest: received, extended, waived, taken back; and what comes of it.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Clock } from "../../../src/clock.ts";
import { calendarOf } from "../../../src/deadline/calendar.ts";
import { currentObligations } from "../../../src/deadline/records.ts";
import { silentLogger } from "../../../src/log.ts";
import { chase, dutyCheck } from "../../../src/notice/chase.ts";
import type { OutgoingNotice } from "../../../src/notice/compose.ts";
import { intend } from "../../../src/notice/outbox.ts";
import { sendDue } from "../../../src/notice/send.ts";
import { captureTransport } from "../../../src/notice/transport.ts";
import { type MemoryMailbox, memoryMailbox } from "../../../src/service/memory.ts";
import { instantOf } from "../../../src/text/dates.ts";
import { intendedDigest, mailboxReadAt, intent as notice, sender } from "../../notice/office.ts";
import { type MailToBuild, mail } from "../../support/mails.ts";
import { openOffice, type TestOffice } from "../../support/office.ts";
import { outOfStep } from "../../support/out-of-step.ts";

const member = "邵文澜 <shaowl@culture.example>";
const at = (on: string, time = "10:00") => instantOf(on, time, "Asia/Shanghai");
/** Each test begins on the same day. */
let instant = at("2026-12-14");
const clock: Clock = { now: () => instant, sleep: async () => undefined };
let office: TestOffice;
let mailbox: MemoryMailbox;
let sent: OutgoingNotice[] = [];
let boxes = 0;

beforeAll(async () => {
  const transport = captureTransport((notice) => void sent.push(notice));
  office = await openOffice({ transport, clock });
  for (const deliverable of office.campaign.deliverables) {
    if (deliverable.code === "summary-report") deliverable.due = "2026-12-25";
    if (deliverable.code === "engineering-plan") deliverable.due = "2026-12-15";
  }
});
afterAll(() => office?.end());
beforeEach(async () => {
  await office.empty();
  instant = at("2026-12-14");
  sent = [];
  boxes += 1;
  mailbox = memoryMailbox(`ruling-${boxes}`);
});

const rows = async (query: string): Promise<Record<string, unknown>[]> =>
  (await office.database.pool.query(query)).rows;
const rulings = () =>
  rows(
    "select kind, unit, deliverable, item, due_on, due_time, received_at, received_by, why, made_by, way, asked_in from ruling order by id",
  );

async function deliver(parts: MailToBuild, when: Date): Promise<void> {
  instant = when;
  mailbox.deliver(await mail(parts), when);
  await office.pass(mailbox);
}

/** A digest as the outbox holds it; returns its Message-ID, which only the office was told. */
async function digest(text = "每日简报"): Promise<string> {
  const id = await intendedDigest(office, "2026-12-20", text);
  await office.pass(mailbox);
  sent = [];
  return id;
}

const reply = (to: string, text: string, more: MailToBuild = {}): MailToBuild => ({
  ...{ from: member, subject: "回复：每日简报", text, inReplyTo: to, references: [to], ...more },
});

async function state(key: string, now = clock.now()) {
  const all = await currentObligations(office.app.db, office.campaign, calendarOf(office.campaign), now);
  const one = all.find((owed) => owed.key === key);
  return { state: one?.state, dueOn: one?.dueOn, metAt: one?.metAt };
}
const report = () => sent.findLast(({ key }) => key.startsWith("instructed/"))?.text ?? "";
const lines = () => report().match(/(?:已办|未办)：.*/g) ?? [];

test("received, extended and waived in one reply: kept with who, when and why, and told line by line", async () => {
  const id = await digest();
  await deliver(
    reply(
      id,
      "收到 文化馆 总结 12-18 纸质\n延期 图书馆、博物馆 总结 到12月28日 原因=馆长出差\n免交 考古所 总结（今年撤并）\n\n谢谢\n邵文澜",
    ),
    at("2026-12-20"),
  );
  const common = {
    deliverable: "summary-report",
    made_by: "shaowl@culture.example",
    way: "mail",
    asked_in: 1,
  };
  expect(await rulings()).toMatchObject([
    {
      ...common,
      kind: "receipt",
      unit: "cultural-centre",
      received_at: at("2026-12-18", "00:00"),
      received_by: "paper",
    },
    { ...common, kind: "extension", unit: "library", due_on: "2026-12-28", why: "馆长出差" },
    { ...common, kind: "extension", unit: "museum", due_on: "2026-12-28" },
    { ...common, kind: "waiver", unit: "archaeology", why: "今年撤并" },
  ]);
  expect(lines()).toEqual([
    "已办：市文化馆 · 书面总结：已收到，纸质 2026-12-18",
    "已办：市图书馆、市博物馆 · 书面总结：延至 2026-12-28，原定 12-25",
    "已办：市考古研究所 · 书面总结：免交",
  ]);
  expect(await state("summary-report/cultural-centre")).toMatchObject({
    state: "met",
    metAt: at("2026-12-18", "00:00"),
  });
  expect(await state("summary-report/library")).toMatchObject({ state: "extended", dueOn: "2026-12-28" });
  expect(await state("summary-report/archaeology")).toMatchObject({ state: "waived" });
});

test("said twice it is one ruling, and the answer says what holds", async () => {
  const id = await digest();
  for (const day of ["2026-12-20", "2026-12-21"])
    await deliver(reply(id, "延期 图书馆 总结 12-28\n免交 考古所 总结\n收到 文化馆 总结 纸质"), at(day));
  expect((await rulings()).map(({ kind }) => kind)).toEqual(["extension", "waiver", "receipt"]);
  expect(lines()).toEqual([
    "已办：市图书馆 · 书面总结：延至 2026-12-28，原定 12-25（原已如此，没有重复记录）",
    "已办：市考古研究所 · 书面总结：免交（原已如此，没有重复记录）",
    "已办：市文化馆 · 书面总结：已收到，纸质 2026-12-20 10:00（原已如此，没有重复记录）",
  ]);
});

test("each is taken back by another ruling; what was there before stands again", async () => {
  const id = await digest();
  await deliver(reply(id, "延期 图书馆 总结 12-28\n免交 图书馆 考古所 总结"), at("2026-12-20"));
  expect(lines()).toEqual([
    "未办：与同一封信里的“免交 图书馆 考古所 总结”不一致，两行都没有办",
    "未办：与同一封信里的“延期 图书馆 总结 12-28”不一致，两行都没有办",
  ]);
  await deliver(reply(id, "延期 图书馆 总结 12-28\n收到 文化馆 总结"), at("2026-12-20", "11:00"));
  await deliver(reply(id, "免交 图书馆 总结"), at("2026-12-20", "12:00"));
  await deliver(
    reply(id, "取消免交 图书馆 总结\n取消收到 文化馆 总结 原因=登记错了\n取消延期 考古所 总结"),
    at("2026-12-21"),
  );
  expect(lines()).toEqual([
    "已办：市图书馆 · 书面总结：仍应交，截止 2026-12-28",
    "已办：市文化馆 · 书面总结：收到的记录已取消，仍应交，截止 2026-12-25",
    "已办：市考古研究所 · 书面总结：不延期，截止 2026-12-25（原已如此，没有重复记录）",
  ]);
  expect((await rulings()).map(({ kind }) => kind)).toEqual([
    "extension",
    "receipt",
    "waiver",
    "waiver-revoked",
    "receipt-revoked",
  ]);
  expect(await state("summary-report/library")).toMatchObject({ state: "extended", dueOn: "2026-12-28" });
  expect(await state("summary-report/cultural-centre")).toMatchObject({ state: "outstanding" });
});

test("wrong names, missing dates and things nobody owes are told, and the other lines are done all the same", async () => {
  const id = await digest();
  await deliver(
    reply(
      id,
      "延期 文化管 总结 12-28\n延期 文化馆 总结\n延期 文化馆 总结 12-20\n收到 文化馆 总结 12-23\n免交 局领导 总结\n免交 产业处 实施方案\n收到 文化馆 金点子\n延期 文化馆 总结 12-29",
    ),
    at("2026-12-20"),
  );
  expect(lines()).toEqual([
    expect.stringMatching(/^未办：没有叫“文化管”的单位；可以写：.*市文化馆/),
    "未办：请写明到哪一天，例如 12-28 或 12月28日17:00",
    expect.stringContaining("不一致"),
    expect.stringContaining("不一致"),
    "未办：局领导班子不用交书面总结，没有改动",
    "未办：文化产业处有 2 项九大工程实施方案，请写明是哪一项（文化产业三年跃升工程、文化自身造血探索工程），都要的写“全部”",
    "未办：金点子不是单位应交的材料，没有改动",
    expect.stringContaining("不一致"),
  ]);
  expect(await rulings()).toEqual([]);
  await deliver(
    reply(id, "延期 文化馆 总结 12-20\n收到 博物馆 总结 12-23\n延期 图书馆 总结 12-29"),
    at("2026-12-20"),
  );
  expect(lines()).toEqual([
    "未办：原定 2026-12-25 截止，2026-12-20 并不更晚；要取消延期，请写“取消延期 …”",
    "未办：2026-12-23 还没有到，不能记为已收到",
    "已办：市图书馆 · 书面总结：延至 2026-12-29，原定 12-25",
  ]);
});

test("items: one by its name, all of one unit, all of everybody", async () => {
  const id = await digest();
  await deliver(
    reply(id, "收到 名城工程 纸质\n延期 产业处 全部 实施方案 12-20\n延期 政策法规处 实施方案 12-18 17:00"),
    at("2026-12-14"),
  );
  expect((await rulings()).map(({ kind, unit, item, due_time }) => [kind, unit, item, due_time])).toEqual([
    ["receipt", "heritage-office", "heritage-city", null],
    ["extension", "industry", "industry-leap", null],
    ["extension", "industry", "self-sustaining", null],
    ["extension", "policy", "social-environment", "17:00"],
  ]);
  await deliver(reply(id, "延期 全部 实施方案 12-20"), at("2026-12-14", "11:00"));
  expect(lines()).toEqual(
    [
      expect.stringMatching(
        /九大工程实施方案（文化产业三年跃升工程、文化自身造血探索工程）：延至 2026-12-20，原定 12-15（原已如此/,
      ),
    ].map(() => expect.stringContaining("延至 2026-12-20，原定 12-15")),
  );
  expect((await rulings()).filter(({ due_on }) => due_on === "2026-12-20")).toHaveLength(9);
  await deliver(reply(id, "延期 全部 总结 12-28"), at("2026-12-14", "12:00"));
  expect(lines()).toEqual([
    expect.stringMatching(/^已办：.+等 \d\d 个单位 · 书面总结：延至 2026-12-28，原定 12-25$/),
  ]);
});

test("what comes along is the receipt's scan: stored once, kept with it, and not called unfiled", async () => {
  const id = await digest();
  const attachments = [{ filename: "文化馆总结扫描.txt", content: "市文化馆书面总结\n一、开展情况。" }];
  await deliver(reply(id, "收到 文化馆 总结 纸质", { attachments }), at("2026-12-20"));
  expect(lines()).toEqual(["已办：市文化馆 · 书面总结：已收到，纸质 2026-12-20 10:00，扫描件 1 份"]);
  expect(sent.at(-1)?.text).not.toContain("没有登记");
  expect(await rows("select filename, media_type, octet_length(sha256) as hash from ruling_scan")).toEqual([
    { filename: "文化馆总结扫描.txt", media_type: "text/plain", hash: 32 },
  ]);
  expect(await rows("select id from submission")).toEqual([]);
  const two = [
    ...attachments,
    { filename: "图书馆.txt", content: "市图书馆书面总结" },
    { filename: "x.txt", content: "别的材料" },
  ];
  await deliver(reply(id, "收到 博物馆 总结\n收到 图书馆 总结", { attachments: two }), at("2026-12-21"));
  expect(await rows("select filename from ruling_scan order by ruling_id")).toEqual([
    { filename: "文化馆总结扫描.txt" },
    { filename: "图书馆.txt" },
  ]);
  expect(sent.at(-1)?.text).toContain("随信附件没有登记：文化馆总结扫描.txt、x.txt");
});

test("a queued overdue notice is dropped by a ruling, or names what is still owed; an extension starts the ladder anew", async () => {
  const id = await digest();
  const calendar = calendarOf(office.campaign);
  const facts = { db: office.app.db, campaign: office.campaign, calendar, log: silentLogger };
  const tick = async (now: Date) => {
    await mailboxReadAt(office.app.db, office.campaign, now);
    return chase(facts, now);
  };
  const send = (now: Date) => {
    const transport = captureTransport((notice) => void sent.push(notice));
    return sendDue(sender(office.app.db, office.campaign, transport, now, { stillTrue: dutyCheck(facts) }));
  };
  // 25 December 2026 is a Friday: the Monday after is the first working day overdue, the third the Wednesday.
  const monday = at("2026-12-28");
  await tick(monday);
  await deliver(
    reply(
      id,
      "收到 文化馆 总结 12-24 纸质\n免交 考古所 总结\n延期 博物馆 总结 2027-1-8\n延期 文物处 总结 2027-1-8",
    ),
    monday,
  );
  sent = [];
  await send(monday);
  const notices = Object.fromEntries(
    (await rows("select unit, state, kind, text from notice where key like 'duty/%'")).map((row) => [
      row.unit,
      row,
    ]),
  );
  for (const unit of ["cultural-centre", "archaeology", "museum"])
    expect(notices[unit], unit).toMatchObject({ state: "dropped" });
  expect(notices.library).toMatchObject({ state: "accepted", kind: "overdue" });
  // The plan is overdue since the 15th: it stays, and the summary is shown with its new date.
  expect(notices["heritage-office"]).toMatchObject({ state: "accepted", kind: "escalation" });
  expect(notices["heritage-office"]?.text).toMatch(/书面总结，[^\n]*2027年1月8日[^\n]*已延期/);
  sent = [];
  const friday = at("2027-01-08");
  await tick(friday);
  await send(friday);
  const museum = sent.filter(({ key }) => key === "duty/museum/2027-01-08");
  expect(museum).toEqual([]);
  const after = at("2027-01-11");
  await tick(after);
  await send(after);
  expect(sent.find(({ key }) => key === "duty/museum/2027-01-11")).toMatchObject({ kind: "overdue" });
});

test("the digest's own words in an unmarked quotation rule on nothing, a copied line does", async () => {
  const said =
    "■ 应交情况\n- 市文化馆　书面总结　2026年12月25日截止\n   收到 市文化馆 书面总结 纸质\n- 市图书馆　书面总结　已延至 2026-12-29\n   延期 市图书馆 书面总结 12-31\n- 市博物馆　书面总结　免交\n回复本邮件即可办理。";
  const id = await digest(said);
  await deliver(reply(id, `收到，谢谢\n\n${said}`), at("2026-12-20"));
  await deliver(reply(id, `免交 考古所 总结\n\n\n${said}`), at("2026-12-20", "11:00"));
  expect((await rulings()).map(({ kind, unit }) => [kind, unit])).toEqual([["waiver", "archaeology"]]);
  // Single lines between one's own words: the one that is to be copied counts, the one that says how things are does not.
  await deliver(
    reply(id, "收到 市文化馆 书面总结 纸质\n图书馆的我再问问\n- 市图书馆　书面总结　已延至 2026-12-29\n以上"),
    at("2026-12-20", "12:00"),
  );
  expect((await rulings()).map(({ kind, unit }) => [kind, unit])).toEqual([
    ["waiver", "archaeology"],
    ["receipt", "cultural-centre"],
  ]);
});

test("talk is no ruling, and neither are a stranger's words or a member's without the digest", async () => {
  const id = await digest();
  const words = "延期 图书馆 总结 12-28";
  const letters: MailToBuild[] = [
    reply(id, "收到文化馆的总结了吗？"),
    reply(id, "收到，谢谢"),
    reply(id, words, { from: "梅听雪 <liaison@lib.culture.example>" }),
    reply("<mail-1@lib.culture.example>", `${words}。`),
    { from: member, subject: "延期", text: `${words}！` },
  ];
  for (const [n, letter] of letters.entries()) await deliver(letter, at("2026-12-20", `11:0${n}`));
  expect(await rulings()).toEqual([]);
});

test("of a notice that may not have arrived the reply says whether it goes out again", async () => {
  const id = await digest();
  const unit = "library";
  await intend(
    office.app.db,
    office.campaign,
    ["a", "b"].map((one) =>
      notice(`duty/${unit}/2026-12-1${one === "a" ? 6 : 7}`, { kind: "overdue", unit }),
    ),
    clock.now(),
  );
  await outOfStep(
    office.database.pool,
    "update notice set state = 'ambiguous', settled_at = now() where kind = 'overdue'",
  );
  const [first, second] = (await rows("select id from notice where kind = 'overdue' order by id")).map(
    (row) => row.id,
  );
  await deliver(reply(id, `通知 ${first} 重发\n通知 ${first} 不再发`), at("2026-12-18", "09:00"));
  expect(lines()).toEqual([expect.stringContaining("不一致"), expect.stringContaining("不一致")]);
  await deliver(reply(id, `通知 ${first} 重发\n通知 ${second} 不再发\n通知 999 重发`), at("2026-12-18"));
  expect(lines()).toEqual([
    expect.stringMatching(/^已办：\d+ 号通知（市图书馆.*）：重发一次/),
    expect.stringMatching(/^已办：\d+ 号通知（市图书馆.*）：不再发/),
    "未办：没有 999 号通知",
  ]);
  expect(await rows("select decision, decided_by from notice where kind = 'overdue' order by id")).toEqual([
    { decision: "resend", decided_by: "shaowl@culture.example" },
    { decision: "settle", decided_by: "shaowl@culture.example" },
  ]);
});

test("what was ruled is only ever added to", async () => {
  const id = await digest();
  await deliver(reply(id, "免交 考古所 总结"), at("2026-12-20"));
  await expect(office.database.pool.query("update ruling set why = ''")).rejects.toThrow("only ever added");
  await expect(office.database.pool.query("delete from ruling")).rejects.toThrow("only ever added");
});
