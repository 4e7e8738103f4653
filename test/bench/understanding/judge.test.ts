// What counts as right: a label beside an understanding, aspect by aspect, and the figures that come of it.
import { expect, test } from "vitest";
import { measure } from "../../../bench/understanding/figures.ts";
import { aligned, judge } from "../../../bench/understanding/judge.ts";
import type { Expectation } from "../../../bench/understanding/label.ts";
import type { SubmissionDraft, Understanding, Verdict } from "../../../src/understand/evidence.ts";
import { schools } from "../../understand/builders.ts";

const [idea, owed] = [
  schools.deliverables.find(({ from }) => from === "person")?.code as string,
  schools.deliverables.find(({ from }) => from === "unit")?.code as string,
];
const [one, other] = schools.units.map(({ code }) => code) as [string, string];

const verdict = (value: string | null, confidence = 0.999): Verdict => ({
  value,
  confidence,
  evidence: [],
  runnerUp: null,
});
const draft = (changed: Partial<SubmissionDraft> = {}): SubmissionDraft => ({
  type: idea,
  unit: one,
  people: ["张某"],
  title: "延长开放时间",
  text: "…",
  item: null,
  ...changed,
});
const understood = (changed: Partial<Understanding> = {}): Understanding => ({
  ruleVersion: 1,
  origin: "person",
  originEvidence: [],
  outcome: "filed",
  reason: null,
  type: verdict(idea),
  unit: verdict(one),
  submissions: [draft()],
  corrections: [],
  senderRegistered: true,
  intent: null,
  unitAsRead: null,
  newText: "",
  ...changed,
});
const label: Expectation = {
  origin: "person",
  outcome: "filed",
  type: idea,
  unit: one,
  submissions: [{ type: idea, unit: one, people: ["张某"], titleIncludes: "开放 时间", item: null }],
};
const wrongIn = (expected: Expectation, got: Understanding) =>
  judge(expected, got, schools).wrong.map(({ aspect }) => aspect);

test("all right", () => {
  const { right, wrong } = judge(label, understood(), schools);
  expect(wrong).toEqual([]);
  expect([...right.keys()]).toEqual([
    "origin",
    "outcome",
    "type",
    "unit",
    "ideas",
    "count",
    "submissions",
    "people",
    "title",
  ]);
});

test("each mistake is its own aspect", () => {
  expect(wrongIn(label, understood({ outcome: "held", reason: "unit-unsure" }))).toEqual(["outcome"]);
  expect(wrongIn(label, understood({ unit: verdict(other) }))).toEqual(["unit"]);
  expect(wrongIn(label, understood({ submissions: [draft({ people: [] })] }))).toEqual(["people"]);
  expect(wrongIn(label, understood({ submissions: [draft({ title: "建议" })] }))).toEqual(["title"]);
  expect(wrongIn(label, understood({ submissions: [draft(), draft()] }))).toEqual([
    "ideas",
    "count",
    "submissions",
  ]);
  expect(wrongIn({ ...label, unit: null }, understood())).toEqual(["unit"]);
});

test("a unit nobody configured is read as it is written, longer or shorter", () => {
  const expected: Expectation = { ...label, outcome: "held", unit: null, unitAsRead: "县图书馆" };
  const got = (unitAsRead: string) => ({
    ...understood({ outcome: "held", reason: "unit-unknown", unit: verdict(null, 0) }),
    unitAsRead,
  });
  expect(wrongIn(expected, got("清水县图书馆"))).toEqual([]);
  expect(wrongIn(expected, got("县文化馆"))).toEqual(["unitAsRead"]);
  expect(wrongIn(expected, got(""))).toEqual(["unitAsRead"]);
});

test("what is not labelled is not measured", () => {
  const { right } = judge({ origin: "person" }, understood(), schools);
  expect([...right]).toEqual([["origin", true]]);
});

test("of a machine's mail only origin and outcome are asked", () => {
  const expected: Expectation = { ...label, origin: "auto-reply", outcome: "automatic" };
  const got = understood({ origin: "auto-reply", outcome: "automatic", unit: verdict(null) });
  expect(wrongIn(expected, got)).toEqual([]);
  expect(wrongIn(expected, understood())).toEqual(["origin", "outcome"]);
});

test("corrections are compared whole, in any order", () => {
  const expected: Expectation = {
    origin: "person",
    corrections: [
      { action: "unit", unit: other },
      { action: "people", people: ["甲", "乙"] },
    ],
  };
  const right = understood({
    corrections: [
      { action: "people", people: ["乙", "甲"] },
      { action: "unit", unit: other },
    ],
  });
  expect(wrongIn(expected, right)).toEqual([]);
  expect(wrongIn(expected, understood({ corrections: [{ action: "unit", unit: other }] }))).toEqual([
    "corrections",
  ]);
  const toType: Expectation = { origin: "person", corrections: [{ action: "type", type: owed }] };
  expect(wrongIn(toType, understood({ corrections: [{ action: "type", type: owed, item: null }] }))).toEqual(
    [],
  );
});

test("a labelled submission stands beside the draft it means, not the one in its place", () => {
  const [a, b] = [draft({ title: "夜间开放", people: ["甲"] }), draft({ title: "流动书车", people: ["乙"] })];
  const expected = [
    { type: idea, titleIncludes: "书车" },
    { type: idea, titleIncludes: "开放" },
    { type: idea, people: ["丙"] },
  ];
  expect(aligned(expected, [a, b])).toEqual([b, a, undefined]);
});

test("figures count what they say", () => {
  const judged = [
    judge(label, understood(), schools),
    judge(label, understood({ unit: verdict(other) }), schools),
    judge(
      label,
      understood({ outcome: "held", reason: "type-unsure", type: verdict("other", 0.6) }),
      schools,
    ),
    judge(
      { ...label, outcome: "held", unit: null },
      understood({ outcome: "held", unit: verdict(null, 0) }),
      schools,
    ),
    judge({ origin: "bounce", outcome: "automatic" }, understood(), schools),
    judge(
      { origin: "receipt", outcome: "automatic" },
      understood({ origin: "receipt", outcome: "automatic" }),
      schools,
    ),
  ];
  const { figures, claims, typeConfusions } = measure(judged);
  const shown = Object.fromEntries(figures.map(({ key, value, n }) => [key, [Number(value.toFixed(3)), n]]));
  expect(shown).toMatchObject({
    autoFiledRight: [0.333, 3],
    autoFiledShare: [0.667, 3],
    autoFiledShareOfAll: [0.5, 4],
    filedUnasked: [0, 1],
    type: [0.75, 4],
    unit: [0.75, 4],
    unitUnknown: [1, 1],
    ideas: [1, 4],
    machineAsPerson: [0.5, 2],
    personAsMachine: [0, 4],
    intent: [0, 0],
  });
  expect(typeConfusions).toEqual([{ expected: idea, got: "other", count: 1 }]);
  expect(claims.type).toHaveLength(4);
  expect(claims.unit).toHaveLength(3);
  const bars = Object.fromEntries(figures.map(({ key, met }) => [key, met]));
  expect(bars).toMatchObject({
    autoFiledRight: false,
    ideas: true,
    personAsMachine: true,
    intent: null,
    type: null,
  });
});
