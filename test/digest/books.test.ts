// The books on a real PostgreSQL: every mail counted once, and a fault in the count is seen.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { booksAt, LISTED_A_TYPE } from "../../src/digest/books.ts";
import { digestOf } from "../../src/digest/digest.ts";
import { likenessWords } from "../../src/digest/likeness.ts";
import { troubleWords } from "../../src/digest/trouble-words.ts";
import { troublesOf } from "../../src/digest/troubles.ts";
import { likenessesOf } from "../../src/submission/likeness/records.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import {
  addMail,
  addNotice,
  addSubmission,
  at,
  listMail,
  openMailbox,
  sampleCampaign,
  verdict,
} from "./office.ts";

const campaign = sampleCampaign();
const today = { from: at("2012-12-04 17:30"), to: at("2012-12-05 17:30") };
let store: TestDatabase;

beforeAll(async () => {
  store = await testDatabase();
});
afterAll(() => store.drop());
beforeEach(async () => {
  for (const table of ["notice", "submission", "mail_record", "message", "mailbox"] as const)
    await store.db.deleteFrom(table).execute();
  await openMailbox(store.db, { lastReadAt: at("2012-12-05 17:29") });
});

test("every mail has one verdict, and the sum equals what the mailbox shows", async () => {
  for (const state of ["filed", "filed", "held", "automatic", "ignored", "oversize", "received"] as const)
    await addMail(store.db, { arrived: "2012-12-05 09:00", state });
  await addMail(store.db, { arrived: "2012-12-03 09:00", state: "filed" });
  const books = await booksAt(store.db, campaign, today);
  const counts = { received: 1, filed: 2, held: 1, automatic: 1, ignored: 1, oversize: 1 };
  expect(books.mailsInWindow).toEqual(counts);
  expect(books.mailsInTotal).toEqual({ ...counts, filed: 3 });
  expect(books.balance).toEqual({
    ...{ records: 8, messages: 8, copies: 0, unlisted: 0, verdicts: 8, balances: true },
  });
});

test("the same mail seen under a second number is a copy, not another mail", async () => {
  const id = await addMail(store.db, { arrived: "2012-12-05 09:00", state: "filed" });
  await listMail(store.db, id, at("2012-12-05 09:05"));
  expect((await booksAt(store.db, campaign, today)).balance).toMatchObject({
    ...{ records: 2, messages: 1, copies: 1, balances: true },
  });
});

test("a message no mailbox entry leads to makes the books not balance", async () => {
  await addMail(store.db, { arrived: "2012-12-05 09:00", state: "filed", listed: false });
  expect((await booksAt(store.db, campaign, today)).balance).toMatchObject({ unlisted: 1, balances: false });
});

test("another campaign in the same database is not counted", async () => {
  await addMail(store.db, { arrived: "2012-12-05 09:00", state: "held", campaign: "OTHER", listed: false });
  const books = await booksAt(store.db, campaign, today);
  expect(books.heldInTotal).toBe(0);
  expect(books.balance).toMatchObject({ messages: 0, balances: true });
});

test("windows that follow one another neither lose nor repeat a mail at their border", async () => {
  const borders = ["2012-12-04 17:30", "2012-12-05 17:30"];
  for (const arrived of borders) await addMail(store.db, { arrived, state: "filed" });
  expect((await booksAt(store.db, campaign, today)).mailsInWindow.filed).toBe(1);
  const before = { from: at("2012-12-03 17:30"), to: today.from };
  expect((await booksAt(store.db, campaign, before)).mailsInWindow.filed).toBe(1);
});

test("a held mail brings its reason and its two best guesses, the longest waiting first", async () => {
  const understanding = {
    type: verdict("golden-idea", 0.92, ["summary-report", 0.05]),
    unit: verdict("library", 0.61, ["museum", 0.32]),
  };
  await addMail(store.db, { arrived: "2012-12-05 10:00", state: "held", reason: "question" });
  await addMail(store.db, {
    arrived: "2012-12-01 10:00",
    state: "held",
    reason: "unit-unsure",
    understanding,
  });
  const { held } = await booksAt(store.db, campaign, today);
  expect(held.map((mail) => mail.reason)).toEqual(["unit-unsure", "question"]);
  expect(held[0]?.unitGuesses).toEqual([
    { value: "library", confidence: 0.61 },
    { value: "museum", confidence: 0.32 },
  ]);
  expect(held[1]?.typeGuesses).toEqual([]);
});

test("ideas per head and silent units: unverified ones count, withdrawn ones do not, and the rows add up", async () => {
  const messageId = await addMail(store.db, { arrived: "2012-12-05 09:00", state: "filed" });
  const unsigned = await addMail(store.db, {
    ...{ arrived: "2012-12-05 09:30", state: "filed" },
    ...{ from_name: "", from_address: "someone@qq.example" },
  });
  let ordinal = 0;
  const idea = (more: object) => {
    ordinal += 1;
    const reference = `WHXDH-000${ordinal}`;
    return addSubmission(store.db, { messageId, ordinal, reference, arrived: "2012-12-05 09:00", ...more });
  };
  await idea({ unit: "policy", people: ["李青"], verified: false });
  await idea({ unit: "policy", people: ["李青", "吴桐"] });
  await idea({ unit: "policy", people: [], messageId: unsigned });
  await idea({ unit: "leadership", people: ["贺清"] });
  await idea({ unit: "museum", people: ["王一"], state: "withdrawn" });
  await idea({ unit: "museum", people: ["王一"], state: "superseded" });
  await idea({ unit: "library", type: "summary-report", people: [] });
  await idea({ unit: null, people: ["不知何处人"] });
  await idea({ unit: "closed-long-ago", people: ["旧人"] });
  const books = await booksAt(store.db, campaign, today);
  const duty = { obligations: [], withheld: [], unreachable: [], bounced: new Set<string>() };
  const nothingMore = { rulings: [], announcement: null, audit: null, week: null };
  const { shares, quietUnits } = digestOf(
    campaign,
    { books, duty, on: "2012-12-05", edition: "daily", ...nothingMore },
    today.to,
  );
  expect(shares).toMatchObject([
    { unit: "政策法规处", submissions: 3, people: 3, staff: 6, share: 50, bar: 100 },
    { unit: "局领导班子", submissions: 1, people: 1, staff: null, share: null },
    { unit: "单位不详", submissions: 2, people: 2, staff: null, share: null },
  ]);
  expect(quietUnits).toEqual(["市图书馆", "市博物馆", "锡剧院"]);
});

test("what is like another, or like the notice, is in the books of its day until the other one is withdrawn", async () => {
  const messageId = await addMail(store.db, { arrived: "2012-12-01 09:00", state: "filed" });
  const add = (ordinal: number, arrived: string, more: object = {}) =>
    addSubmission(store.db, { messageId, ordinal, reference: `WHXDH-000${ordinal}`, arrived, ...more });
  const first = await add(1, "2012-12-01 09:00", { unit: "museum" });
  const early = await add(2, "2012-12-01 10:00");
  const late = await add(3, "2012-12-05 10:00", { title: "夜间开放" });
  const model = await add(4, "2012-12-05 11:00", { type: "summary-report" });
  const at5 = at("2012-12-05 10:00");
  const row = { found_at: at5, kind: "near-identical" as const, score: 0.8 };
  await store.db
    .insertInto("likeness")
    .values([
      { ...row, submission_id: early, other_id: first },
      { ...row, submission_id: late, other_id: first, kind: "same-text", score: 1 },
      { ...row, submission_id: late, other_id: null, kind: "announcement", score: 0.62 },
      { ...row, submission_id: model, other_id: first, kind: "boilerplate" },
    ])
    .execute();
  const { alike, alikeInWindow } = await booksAt(store.db, campaign, today);
  expect(alikeInWindow).toBe(1);
  expect(alike).toMatchObject([{ reference: "WHXDH-0003", title: "夜间开放", unit: "library" }]);
  expect(likenessWords(alike[0]?.like ?? [], campaign)).toBe(
    "相同文本：WHXDH-0001（市博物馆）；约 62 % 与活动通知相同",
  );
  expect(await likenessesOf(store.db, [first], true)).toMatchObject([
    { id: first, other: "WHXDH-0003", kind: "same-text" },
    { other: "WHXDH-0002", kind: "near-identical" },
    { other: "WHXDH-0004", kind: "boilerplate" },
  ]);
  await store.db.updateTable("submission").set({ state: "withdrawn" }).where("id", "=", first).execute();
  const later = await booksAt(store.db, campaign, today);
  expect(later.alike.map(({ like }) => like.map(({ kind }) => kind))).toEqual([["announcement"]]);
});

test("participation counts current submissions and the different people behind them", async () => {
  const messageId = await addMail(store.db, { arrived: "2012-12-05 09:00", state: "filed" });
  const idea = (ordinal: number, more: object) =>
    addSubmission(store.db, {
      messageId,
      ordinal,
      reference: `WHXDH-000${ordinal}`,
      arrived: "2012-12-05 09:00",
      ...more,
    });
  await idea(1, { people: ["张晓岚", "李青"] });
  await idea(2, { people: ["张晓岚"] });
  await idea(3, { people: [] });
  await idea(4, { state: "withdrawn", people: ["王一"] });
  const { shares, filedByType } = await booksAt(store.db, campaign, today);
  expect(shares).toEqual([{ unit: "library", type: "golden-idea", submissions: 3, people: 2 }]);
  expect(filedByType).toEqual([{ type: "golden-idea", inWindow: 4, current: 3 }]);
});

test("a duplicate names the reference its original was filed under", async () => {
  const original = await addMail(store.db, { arrived: "2012-12-03 09:00", state: "filed" });
  await addSubmission(store.db, {
    messageId: original,
    reference: "WHXDH-0007",
    arrived: "2012-12-03 09:00",
  });
  const copy = { state: "ignored", reason: "duplicate", duplicate_of: original } as const;
  await addMail(store.db, { arrived: "2012-12-05 09:00", ...copy });
  expect((await booksAt(store.db, campaign, today)).duplicates).toMatchObject([{ original: "WHXDH-0007" }]);
});

test("what was sent, dropped and refused is counted by when it was settled; what may leave waits", async () => {
  const states = ["accepted", "accepted", "dropped", "rejected", "ambiguous", "bounced"] as const;
  for (const [n, state] of states.entries())
    await addNotice(store.db, { key: `n${n}`, written: "2012-12-05 10:00", state });
  await addNotice(store.db, { key: "old", written: "2012-12-01 10:00" });
  const waiting = { state: "intended", settled_at: null } as const;
  await addNotice(store.db, { key: "w1", written: "2012-12-01 10:00", ...waiting });
  await addNotice(store.db, {
    key: "w2",
    written: "2012-12-01 10:00",
    ...waiting,
    not_before: at("2012-12-09 08:30"),
  });
  const books = await booksAt(store.db, campaign, today);
  expect(books.noticesInWindow).toMatchObject({
    accepted: 2,
    dropped: 1,
    rejected: 1,
    ambiguous: 1,
    bounced: 1,
  });
  expect(books.noticesWaiting).toBe(1);
  expect(books.undelivered.map((notice) => notice.state)).toEqual(["rejected", "ambiguous", "bounced"]);
});

test("old mail counts as unanswered until its answer has left", async () => {
  const backlog = { arrived: "2012-11-01 09:00", state: "filed", backlog: true } as const;
  const one = await addMail(store.db, backlog);
  const two = await addMail(store.db, backlog);
  await addMail(store.db, { ...backlog, origin: "auto-reply", state: "automatic" });
  await addNotice(store.db, { key: "a1", written: "2012-12-05 09:00", cause_message_id: one });
  await addNotice(store.db, {
    key: "a2",
    written: "2012-12-05 09:00",
    cause_message_id: two,
    state: "intended",
    settled_at: null,
  });
  expect((await booksAt(store.db, campaign, today)).backlogUnanswered).toBe(1);
});

test("a day of many submissions is listed up to a limit and counted in full", async () => {
  const messageId = await addMail(store.db, { arrived: "2012-12-05 09:00", state: "filed" });
  for (let n = 0; n <= LISTED_A_TYPE; n++)
    await addSubmission(store.db, {
      messageId,
      ordinal: n,
      reference: `WHXDH-${n}`,
      arrived: "2012-12-05 09:00",
    });
  const books = await booksAt(store.db, campaign, today);
  expect(books.filed).toHaveLength(LISTED_A_TYPE);
  expect(books.filedByType[0]?.inWindow).toBe(LISTED_A_TYPE + 1);
});

test("what keeps notices from leaving is told, with what to do", async () => {
  const intended = { state: "intended", settled_at: null, response: null } as const;
  const smtp = { host: "", port: 25, secure: false, user: null, perHour: 50, connections: 1 };
  const sending = { ...campaign, smtp };
  const told = async () => {
    const books = await booksAt(store.db, campaign, today);
    return troublesOf(sending, books, "2012-12-05", today.to).map((one) => troubleWords(one, "zh-CN"));
  };
  await store.db.updateTable("mailbox").set({ used_bytes: 97, limit_bytes: 100 }).execute();
  expect(await told()).toEqual([expect.stringMatching(/的空间已用 97%：请立即清理/)]);
  await store.db.updateTable("mailbox").set({ used_bytes: 50 }).execute();
  await addNotice(store.db, { key: "w1", written: "2012-12-05 15:30", ...intended });
  await addNotice(store.db, { key: "w2", written: "2012-12-05 17:00", ...intended });
  expect(await told()).toEqual([
    expect.stringMatching(/^2 封通知到点未发，最早的已等 120 分钟.*smtp\.perHour/),
  ]);
  await addNotice(store.db, {
    ...{ key: "w3", written: "2012-12-05 17:00", ...intended, not_before: at("2012-12-05 18:00") },
    response: "account paused: 550 发件人邮箱空间不足",
  });
  await addNotice(store.db, {
    ...{ key: "s", written: "2012-12-05 17:00", state: "rejected", response: "554 DT:SPM 163 smtp1" },
  });
  await store.db
    .insertInto("sent_folder")
    .values({ campaign: campaign.code, asked_at: today.to, error: "no such user", error_at: today.to })
    .execute();
  expect(await told()).toEqual([
    expect.stringMatching(/暂停了我们发信（我们自己的邮箱满了.*550 发件人邮箱空间不足）/),
    expect.stringMatching(/^1 封通知被对方当作垃圾邮件/),
    expect.stringMatching(/“已发送”文件夹看不了.*no such user/),
  ]);
});
