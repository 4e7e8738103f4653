// Weighing: independent reasons add up, repetition hardly does, and one weak reason is never certainty.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Evidence } from "../../src/understand/evidence.ts";
import { weigh } from "../../src/understand/weigh.ts";

const limits = { doubt: 1, atLeast: 0.9 };
const said = (
  speaksFor: string,
  weight: number,
  where: Evidence["where"] = "body",
  words = "x",
): Evidence => ({ where, words, speaksFor, weight });

test("nothing speaks for anything: no value", () => {
  expect(weigh([], limits)).toEqual({ value: null, confidence: 0, evidence: [], runnerUp: null });
});

test("a mention in passing is no value", () => {
  expect(weigh([said("a", 0.4)], limits).value).toBeNull();
});

test("two strong reasons for different values leave both, unsure", () => {
  const verdict = weigh([said("a", 6, "sender-address"), said("b", 6, "closing")], limits);
  expect(verdict.confidence).toBeLessThan(0.6);
  expect(verdict.runnerUp?.value).toBe("b");
});

test("the same place again adds little, another place adds fully", () => {
  const once = weigh([said("a", 2)], limits).confidence;
  const again = weigh([said("a", 2), said("a", 2, "body", "y")], limits).confidence;
  const elsewhere = weigh([said("a", 2), said("a", 2, "closing")], limits).confidence;
  expect(again).toBeGreaterThan(once);
  expect(elsewhere).toBeGreaterThan(again);
});

test("confidence stays between nothing and certainty, and the order of reasons changes nothing", () => {
  const reason = fc.record({
    where: fc.constantFrom<Evidence["where"]>("body", "subject", "closing", "roster"),
    words: fc.string({ maxLength: 5 }),
    speaksFor: fc.constantFrom("a", "b", "c"),
    weight: fc.double({ min: -3, max: 8, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(reason, { maxLength: 12 }), (reasons) => {
      const verdict = weigh(reasons, limits);
      const reversed = weigh([...reasons].reverse(), limits);
      expect(verdict.confidence).toBeGreaterThanOrEqual(0);
      expect(verdict.confidence).toBeLessThan(1);
      expect(reversed.confidence).toBeCloseTo(verdict.confidence, 3);
    }),
  );
});
