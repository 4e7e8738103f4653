// Two runs beside each other: what was mended, what was broken, what is new, and nothing else.
import { expect, test } from "vitest";
import { type Before, compared } from "../../../bench/understanding/compare.ts";
import type { Aspect } from "../../../bench/understanding/judge.ts";

const result = (id: string, ...wrong: Aspect[]) =>
  ({ labelled: { id }, judged: { wrong: wrong.map((aspect) => ({ aspect })) } }) as never;

test("each letter against itself", () => {
  const before: Before = {
    letters: ["a#1", "a#2", "a#3"],
    wrong: [{ id: "a#1", wrong: [{ aspect: "unit" }, { aspect: "people" }, { aspect: "people" }] }],
  };
  const now = [result("a#1", "unit", "title"), result("a#2"), result("a#3", "type"), result("b#1", "unit")];
  expect(compared(before, now).split("\n")).toEqual([
    "Since then 1 better, 2 worse, 1 new",
    "  right now  a#1: people",
    "  now wrong  a#1: title",
    "  now wrong  a#3: type",
  ]);
});
