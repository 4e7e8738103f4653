// Why the second guess lost, told from the evidence alone: place by place, and what it lacks.
import { expect, test } from "vitest";
import type { Evidence, Place, Verdict } from "../../src/understand/evidence.ts";
import { whyLost } from "../../src/understand/lost.ts";
import { weigh } from "../../src/understand/weigh.ts";

const seen = (speaksFor: string, where: Place, weight: number, words = "…"): Evidence => ({
  ...{ where, words, speaksFor, weight },
});
const verdict = (...evidence: Evidence[]): Verdict => weigh(evidence, { doubt: 1, atLeast: 0.9 });

test("spoken about only, where the first signs", () => {
  const lost = whyLost(
    verdict(
      seen("library", "closing", 5.2),
      seen("library", "sender-address", 6),
      seen("museum", "body", 0.4),
    ),
  );
  expect(lost).toMatchObject({ value: "museum", how: "mentioned", winner: { value: "library" } });
  expect(lost?.seen).toEqual([{ where: "body", weight: 0.4 }]);
  expect(lost?.lacks).toEqual(["sender-address", "closing"]);
});

test("well supported, and the other better", () => {
  const lost = whyLost(
    verdict(
      seen("library", "roster", 6),
      seen("museum", "roster", 3.2, "李静"),
      seen("museum", "subject", 0.4),
    ),
  );
  expect(lost).toMatchObject({ how: "outweighed", total: 3.6, winner: { total: 6 } });
  expect(lost?.lacks).toEqual([]);
});

test("a hair behind", () => {
  expect(
    whyLost(verdict(seen("library", "sender-domain", 3.8), seen("museum", "sender-domain", 3.5))),
  ).toMatchObject({ value: "museum", how: "close" });
});

test("nothing sure enough: the best of what was seen, and where senders say who they are", () => {
  const lost = whyLost(verdict(seen("museum", "body", 0.4), seen("library", "body", 0.3)));
  expect(lost).toMatchObject({ value: "museum", winner: null, how: "mentioned" });
  expect(lost?.lacks).toEqual(["sender-address", "closing", "signature"]);
  expect(whyLost(verdict(seen("museum", "subject", 0.7)))).toMatchObject({
    winner: null,
    how: "unsupported",
  });
});

test("a value set against what the reasons say leaves the best of them unsupported", () => {
  const set = { ...verdict(seen("idea", "subject", 1.2)), value: "other", confidence: 0.5, runnerUp: null };
  expect(whyLost(set)).toMatchObject({ value: "idea", winner: null, how: "unsupported" });
});

test("where nothing else was seen nothing lost", () => {
  expect(whyLost(verdict(seen("library", "closing", 5.2)))).toBeNull();
  expect(whyLost(verdict())).toBeNull();
});

test("reasons of one place count as in the weighing", () => {
  const lost = whyLost(
    verdict(
      seen("library", "closing", 5),
      seen("museum", "body", 0.4, "a"),
      seen("museum", "body", 0.4, "b"),
    ),
  );
  expect(lost?.total).toBeCloseTo(0.5);
});
