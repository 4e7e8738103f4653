// Who owes what, and when it counts as delivered: the rulings on versions, windows, waivers and unreadable attachments.
import { expect, test } from "vitest";
import type { Campaign } from "../../src/campaign/campaign.ts";
import { calendarOf } from "../../src/deadline/calendar.ts";
import type { FactChange } from "../../src/deadline/facts.ts";
import {
  type Obligation,
  obligationsAt,
  type Ruling,
  type SubmissionFact,
} from "../../src/deadline/obligation.ts";
import { at, campaign } from "./campaign.ts";

const calendar = calendarOf(campaign());

function fact(change: Partial<SubmissionFact> = {}): SubmissionFact {
  return {
    reference: "DTL-0001",
    type: "summary",
    item: null,
    unit: "library",
    arrivedAt: at("2012-12-20"),
    state: "current",
    verified: true,
    provisional: false,
    ...change,
  };
}

function ruling(change: Partial<Ruling>): Ruling {
  return {
    kind: "waiver",
    deliverable: "summary",
    item: null,
    unit: "library",
    dueOn: null,
    receivedAt: null,
    madeBy: "office@bureau.example",
    madeAt: at("2012-12-10"),
    why: "agreed by phone",
    ...change,
  };
}

function library(
  facts: SubmissionFact[],
  rulings: Ruling[],
  now: Date,
  change: Partial<Campaign> = {},
): Obligation {
  const all = obligationsAt(campaign(change), calendar, facts, rulings, now);
  const found = all.find(({ key }) => key === "summary/library");
  if (!found) throw new Error("the library owes no summary");
  return found;
}

test("offices and grassroots units owe the summary, the items' units the plans, leadership nothing", () => {
  const keys = obligationsAt(campaign(), calendar, [], [], at("2012-12-01")).map(({ key }) => key);
  expect(keys.sort()).toEqual([
    "plan/heritage/famous-city",
    "summary/heritage",
    "summary/library",
    "summary/museum",
  ]);
});

test.each<[string, SubmissionFact[], Ruling[], Date, Partial<Obligation>]>([
  ["nothing came, before the due day ends", [], [], at("2012-12-25", "23:59"), { state: "outstanding" }],
  ["nothing came, after it", [], [], at("2012-12-26", "00:00"), { state: "overdue" }],
  ["in time", [fact()], [], at("2012-12-21"), { state: "met", metBy: "DTL-0001", metAt: at("2012-12-20") }],
  [
    "in the last minute",
    [fact({ arrivedAt: at("2012-12-25", "23:59") })],
    [],
    at("2012-12-26"),
    { state: "met" },
  ],
  [
    "a minute late",
    [fact({ arrivedAt: at("2012-12-26", "00:00") })],
    [],
    at("2012-12-27"),
    { state: "met-late" },
  ],
  [
    "timeliness is judged by the earliest version, superseded or not",
    [fact({ state: "superseded" }), fact({ reference: "DTL-0009", arrivedAt: at("2012-12-28") })],
    [],
    at("2012-12-29"),
    { state: "met", metBy: "DTL-0001" },
  ],
  [
    "withdrawing the early version leaves the late one",
    [fact({ state: "withdrawn" }), fact({ reference: "DTL-0009", arrivedAt: at("2012-12-28") })],
    [],
    at("2012-12-29"),
    { state: "met-late", metBy: "DTL-0009" },
  ],
  [
    "withdrawing the only version reopens it",
    [fact({ state: "withdrawn" })],
    [],
    at("2012-12-26"),
    { state: "overdue" },
  ],
  [
    "an unverified document satisfies nothing",
    [fact({ verified: false })],
    [],
    at("2012-12-21"),
    { state: "outstanding" },
  ],
  ["another unit's document", [fact({ unit: "museum" })], [], at("2012-12-21"), { state: "outstanding" }],
  ["a waiver", [], [ruling({})], at("2012-12-26"), { state: "waived" }],
  [
    "an extension, before its day",
    [],
    [ruling({ kind: "extension", dueOn: "2012-12-31" })],
    at("2012-12-26"),
    { state: "extended", announcedOn: "2012-12-25", dueOn: "2012-12-31" },
  ],
  [
    "an extension, after its day",
    [],
    [ruling({ kind: "extension", dueOn: "2012-12-31" })],
    at("2013-01-01", "00:00"),
    { state: "overdue" },
  ],
  [
    "delivered within an extension is in time",
    [fact({ arrivedAt: at("2012-12-30") })],
    [ruling({ kind: "extension", dueOn: "2012-12-31" })],
    at("2013-01-01"),
    { state: "met" },
  ],
  [
    "the last ruling counts: an extension after a waiver",
    [],
    [ruling({ kind: "extension", dueOn: "2012-12-31", madeAt: at("2012-12-12") }), ruling({})],
    at("2012-12-26"),
    { state: "extended" },
  ],
  [
    "a receipt on paper",
    [],
    [ruling({ kind: "receipt", receivedAt: at("2012-12-24") })],
    at("2012-12-26"),
    { state: "met", metBy: "paper", metAt: at("2012-12-24") },
  ],
  [
    "a receipt on paper after the day",
    [],
    [ruling({ kind: "receipt", receivedAt: at("2012-12-27") })],
    at("2012-12-28"),
    { state: "met-late" },
  ],
])("%s", (_rule, facts, rulings, now, expected) => {
  expect(library(facts, rulings, now)).toMatchObject(expected);
});

// It arrived on Tuesday 25 December; two working days are over at the end of Thursday the 27th.
const unreadable = fact({ provisional: true, arrivedAt: at("2012-12-25", "17:00") });
const readable = (arrivedAt: Date) => fact({ reference: "DTL-0002", arrivedAt });

test.each<[string, SubmissionFact[], Date, Partial<Obligation>]>([
  [
    "counts provisionally at first",
    [unreadable],
    at("2012-12-27", "23:59"),
    { state: "met", provisional: true },
  ],
  [
    "counts no longer when nothing followed",
    [unreadable],
    at("2012-12-28", "00:00"),
    { state: "overdue", metBy: null },
  ],
  [
    "counts from its own arrival when a readable version follows in time",
    [unreadable, readable(at("2012-12-27", "23:00"))],
    at("2012-12-30"),
    { state: "met", provisional: false, metBy: "DTL-0001" },
  ],
  [
    "gives way to a readable version that came too late",
    [unreadable, readable(at("2012-12-28", "09:00"))],
    at("2012-12-30"),
    { state: "met-late", metBy: "DTL-0002" },
  ],
])("an unreadable document %s", (_rule, facts, now, expected) => {
  expect(library(facts, [], now)).toMatchObject(expected);
});

test("without a date a thing is owed and never overdue", () => {
  const deliverables = campaign().deliverables.map((one) => ({ ...one, due: null }));
  expect(library([], [], at("2020-01-01"), { deliverables })).toMatchObject({
    state: "outstanding",
    dueOn: null,
  });
});

test("a plan that names no item is taken for the only one its unit owes", () => {
  const plan = fact({ type: "plan", unit: "heritage", item: null, arrivedAt: at("2012-12-14") });
  const all = obligationsAt(campaign(), calendar, [plan], [], at("2012-12-16"));
  expect(all.find(({ deliverable }) => deliverable === "plan")?.state).toBe("met");
});

test("due at an hour of its day: in time up to that minute, overdue after it", () => {
  const deliverables = campaign().deliverables.map((one) => ({ ...one, dueTime: "17:00" }));
  const state = (facts: SubmissionFact[], now: Date) => library(facts, [], now, { deliverables }).state;
  expect(state([], at("2012-12-25", "17:00"))).toBe("outstanding");
  expect(state([], at("2012-12-25", "17:01"))).toBe("overdue");
  expect(state([fact({ arrivedAt: at("2012-12-25", "17:00") })], at("2012-12-26"))).toBe("met");
  expect(state([fact({ arrivedAt: at("2012-12-25", "17:01") })], at("2012-12-26"))).toBe("met-late");
  expect(library([], [], at("2012-12-01"), { deliverables })).toMatchObject({
    dueOn: "2012-12-25",
    dueTime: "17:00",
    dueAt: at("2012-12-25", "17:00"),
  });
});

test("an extension may name an hour too, and one without means the end of its day", () => {
  const deliverables = campaign().deliverables.map((one) => ({ ...one, dueTime: "17:00" }));
  const until = (dueTime: string | null) => [ruling({ kind: "extension", dueOn: "2012-12-31", dueTime })];
  const dueAt = (dueTime: string | null) =>
    library([], until(dueTime), at("2012-12-26"), { deliverables }).dueAt;
  expect(dueAt("12:00")).toEqual(at("2012-12-31", "12:00"));
  expect(dueAt(null)).toEqual(new Date("2012-12-31T23:59:59.999+08:00"));
});

/** The history as lines, "12-26 00:00 became-overdue". */
const story = ({ history }: Obligation) =>
  history.map(({ at: when, what, reference, other }) => {
    const local = new Date(when.getTime() + 8 * 3_600_000).toISOString();
    return [local.slice(5, 16).replace("T", " "), what, reference, other && `→ ${other}`]
      .filter(Boolean)
      .join(" ");
  });

const change = (
  field: FactChange["field"],
  when: Date,
  before: string | null,
  after: string | null = null,
) => ({
  ...{ field, at: when, before, after },
  who: "office@bureau.example",
  byOffice: true,
});

test("the history: late, withdrawn, open again, a new version, and what the state was on the way", () => {
  const facts = [
    fact({
      arrivedAt: at("2012-12-27", "10:00"),
      state: "withdrawn",
      changes: [change("withdraw", at("2012-12-28", "09:00"), "current")],
    }),
    fact({ reference: "DTL-0002", arrivedAt: at("2012-12-29", "16:00") }),
    fact({ reference: "DTL-0003", arrivedAt: at("2012-12-30", "16:00"), supersedes: "DTL-0002" }),
  ];
  const states = ["25", "26", "27", "28", "29", "30"].map(
    (day) => library(facts, [], at(`2012-12-${day}`, "23:00")).state,
  );
  expect(states).toEqual(["outstanding", "overdue", "met-late", "overdue", "met-late", "met-late"]);
  expect(story(library(facts, [], at("2013-01-31")))).toEqual([
    "11-12 00:00 announced",
    "12-26 00:00 became-overdue",
    "12-27 10:00 arrived DTL-0001",
    "12-27 10:00 met-late DTL-0001",
    "12-28 09:00 withdrawn DTL-0001",
    "12-28 09:00 reopened",
    "12-28 09:00 became-overdue",
    "12-29 16:00 arrived DTL-0002",
    "12-29 16:00 met-late DTL-0002",
    "12-30 16:00 superseded DTL-0002 → DTL-0003",
    "12-30 16:00 arrived DTL-0003",
  ]);
});

test("moved to the right unit it keeps its arrival there, and the wrong unit owes again from then on", () => {
  const moved = fact({
    arrivedAt: at("2012-12-20", "10:00"),
    unit: "museum",
    changes: [change("unit", at("2012-12-27", "09:00"), "library", "museum")],
  });
  const both = (now: Date) =>
    obligationsAt(campaign(), calendar, [moved], [], now).filter(
      ({ deliverable }) => deliverable === "summary",
    );
  const states = (now: Date) => Object.fromEntries(both(now).map(({ unit, state }) => [unit, state]));
  expect(states(at("2012-12-26"))).toMatchObject({ library: "met", museum: "overdue" });
  expect(states(at("2012-12-27", "09:00"))).toMatchObject({ library: "overdue", museum: "met" });
  const stories = both(at("2012-12-28"))
    .filter(({ unit }) => unit !== "heritage")
    .map(story);
  expect(stories).toEqual([
    [
      "11-12 00:00 announced",
      "12-20 10:00 arrived DTL-0001",
      "12-20 10:00 met DTL-0001",
      "12-27 09:00 moved-away DTL-0001 → museum",
      "12-27 09:00 reopened",
      "12-27 09:00 became-overdue",
    ],
    [
      "11-12 00:00 announced",
      "12-26 00:00 became-overdue",
      "12-27 09:00 moved-here DTL-0001 → library",
      "12-27 09:00 met DTL-0001",
    ],
  ]);
});

test("confirmed by the office, an unverified document counts from its arrival, and before that not at all", () => {
  const confirmed = fact({ changes: [change("confirm", at("2012-12-26", "09:00"), "false", "true")] });
  expect(library([confirmed], [], at("2012-12-26", "08:59")).state).toBe("overdue");
  expect(library([confirmed], [], at("2012-12-26", "09:00"))).toMatchObject({
    state: "met",
    metAt: at("2012-12-20"),
  });
});

test.each<[string, Date, Date, boolean, Partial<Obligation>]>([
  // It came on Thursday 20 December; what was missing counts with it until the end of Monday the 24th.
  [
    "in time",
    at("2012-12-24", "23:00"),
    at("2012-12-26"),
    false,
    { state: "met", metAt: at("2012-12-20"), provisional: false },
  ],
  [
    "after those days",
    at("2012-12-26", "10:00"),
    at("2012-12-27"),
    false,
    { state: "met-late", metAt: at("2012-12-26", "10:00") },
  ],
  [
    "not yet: those days are not over",
    at("2012-12-26", "10:00"),
    at("2012-12-24"),
    false,
    { state: "met", provisional: true },
  ],
  ["not yet, and they are over", at("2012-12-27", "10:00"), at("2012-12-26"), false, { state: "overdue" }],
  [
    "the office opened the first one",
    at("2012-12-27", "10:00"),
    at("2012-12-28"),
    true,
    { state: "met", metAt: at("2012-12-20") },
  ],
])("what could not be read came again %s", (_case, readableAt, now, byOffice, expected) => {
  const completed = fact({ changes: [{ ...change("readable", readableAt, null), byOffice }] });
  expect(library([completed], [], now)).toMatchObject(expected);
});

test("rulings at an instant: only those made by then, a receipt by what was received by then, and what was taken back", () => {
  const until = (kind: Ruling["kind"], made: string, more: Partial<Ruling> = {}) =>
    ruling({ kind, madeAt: at(made), ...more });
  const rulings = [
    until("extension", "2012-12-20", { dueOn: "2012-12-31" }),
    until("waiver", "2012-12-22"),
    until("waiver-revoked", "2012-12-24"),
    until("extension-revoked", "2012-12-28"),
    until("receipt", "2013-01-04", { receivedAt: at("2012-12-30") }),
    until("receipt-revoked", "2013-01-05"),
  ];
  const states = [
    "2012-12-19",
    "2012-12-21",
    "2012-12-23",
    "2012-12-26",
    "2012-12-28",
    "2012-12-30",
    "2013-01-05",
  ].map((day) => library([], rulings, at(day, "12:00")).state);
  expect(states).toEqual(["outstanding", "extended", "waived", "extended", "overdue", "met-late", "overdue"]);
  expect(story(library([], rulings, at("2013-01-31")))).toEqual([
    "11-12 00:00 announced",
    "12-20 08:30 extended",
    "12-22 08:30 waived",
    "12-24 08:30 waiver-revoked",
    "12-28 08:30 extension-revoked",
    "12-28 08:30 became-overdue",
    "12-30 08:30 received paper",
    "12-30 08:30 met-late paper",
    "01-05 08:30 receipt-revoked",
    "01-05 08:30 reopened",
    "01-05 08:30 became-overdue",
  ]);
});

test("a mail server whose clock is ahead does not make what is filed look as if it had not come", () => {
  const ahead = fact({ arrivedAt: at("2012-12-20", "09:05"), filedAt: at("2012-12-20", "09:00") });
  expect(library([ahead], [], at("2012-12-20", "09:01")).state).toBe("met");
  expect(library([ahead], [], at("2012-12-20", "08:59")).state).toBe("outstanding");
});

test.each([
  [
    "zh-CN",
    "2012年12月20日 08:30收到（DTL-0001），不晚于截止时间2012年12月25日",
    "2012年12月25日截止，尚未收到",
  ],
  [
    "en",
    "received 20 December 2012 08:30 (DTL-0001), by 25 December 2012",
    "due 25 December 2012, not received",
  ],
] as const)("why it stands so, in %s", (locale, met, owed) => {
  expect(library([fact()], [], at("2012-12-26"), { locale }).reason).toBe(met);
  expect(library([], [], at("2012-12-26"), { locale }).reason).toBe(owed);
});
