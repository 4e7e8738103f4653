// The books on a real PostgreSQL: every mail counted once, and a fault in the count is seen.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { booksAt, LISTED } from "../../src/digest/books.ts";
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
  for (let n = 0; n <= LISTED; n++)
    await addSubmission(store.db, {
      messageId,
      ordinal: n,
      reference: `WHXDH-${n}`,
      arrived: "2012-12-05 09:00",
    });
  const books = await booksAt(store.db, campaign, today);
  expect(books.filed).toHaveLength(LISTED);
  expect(books.filedByType[0]?.inWindow).toBe(LISTED + 1);
});
