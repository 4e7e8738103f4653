// The arithmetic of the evaluation on cases small enough to reckon by hand.
import { expect, test } from "vitest";
import {
  bootstrap,
  calibrationError,
  classFigures,
  confusions,
  macroF1,
  mean,
  median,
  quantile,
  reliability,
  wilson,
} from "../../../bench/understanding/statistics.ts";

test("Wilson's interval, against published values", () => {
  // Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
  const rounded = (right: number, of: number) => {
    const { low, high } = wilson(right, of);
    return [low, high].map((one) => Number(one.toFixed(4)));
  };
  expect(rounded(81, 263)).toEqual([0.2553, 0.3662]);
  expect(rounded(15, 148)).toEqual([0.0624, 0.1605]);
  expect(rounded(0, 20)).toEqual([0, 0.1611]);
  expect(rounded(1, 29)).toEqual([0.0061, 0.1718]);
  expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
});

const decided = [
  { expected: "idea", got: "idea" },
  { expected: "idea", got: "idea" },
  { expected: "idea", got: "plan" },
  { expected: "plan", got: "plan" },
  { expected: "other", got: "idea" },
];

test("precision, recall and F1 of each class, and their mean", () => {
  expect(classFigures(decided)).toEqual([
    { name: "idea", labelled: 3, taken: 3, precision: 2 / 3, recall: 2 / 3, f1: 2 / 3 },
    { name: "other", labelled: 1, taken: 0, precision: 0, recall: 0, f1: 0 },
    { name: "plan", labelled: 1, taken: 2, precision: 1 / 2, recall: 1, f1: 2 / 3 },
  ]);
  expect(macroF1(decided)).toBeCloseTo((2 / 3 + 0 + 2 / 3) / 3);
  expect(confusions([...decided, { expected: "other", got: "idea" }])).toEqual([
    { expected: "other", got: "idea", count: 2 },
    { expected: "idea", got: "plan", count: 1 },
  ]);
});

test("what is claimed against what is right", () => {
  const claims = [
    { confidence: 0.95, right: true },
    { confidence: 0.95, right: false },
    { confidence: 1, right: true },
    { confidence: 1, right: true },
    { confidence: 0.25, right: false },
  ];
  const bins = reliability(claims);
  expect(bins.map(({ from, count }) => [from, count])).toEqual([
    [0.2, 1],
    [0.9, 4],
  ]);
  expect(bins[1]?.confidence).toBeCloseTo(0.975);
  expect(bins[1]?.right).toBeCloseTo(0.75);
  expect(calibrationError(claims)).toBeCloseTo((1 / 5) * 0.25 + (4 / 5) * 0.225);
  expect(calibrationError([])).toBe(0);
});

test("a bootstrap interval surrounds its figure, is narrower for more, and is the same every time", () => {
  const few = [0, 1, 1, 1, 0, 1, 1, 0];
  const many = Array.from({ length: 20 }, () => few).flat();
  const [wide, narrow] = [bootstrap(few, mean), bootstrap(many, mean)];
  expect(wide.low).toBeLessThan(mean(few));
  expect(wide.high).toBeGreaterThan(mean(few));
  expect(narrow.high - narrow.low).toBeLessThan(wide.high - wide.low);
  expect(bootstrap(few, mean)).toEqual(wide);
});

test("quantiles", () => {
  const hundred = Array.from({ length: 100 }, (_, at) => at + 1);
  expect(quantile(hundred, 0.95)).toBe(95);
  expect(median([9, 1, 5])).toBe(5);
  expect(mean([])).toBe(0);
});
