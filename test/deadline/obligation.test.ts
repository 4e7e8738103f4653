// Who owes what, and when it counts as delivered: the rulings on versions, windows, waivers and unreadable attachments.
import { expect, test } from "vitest";
import type { Campaign } from "../../src/campaign/campaign.ts";
import { calendarOf } from "../../src/deadline/calendar.ts";
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
