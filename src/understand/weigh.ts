// From many observed reasons to one value, the next best, and how sure we are.
import type { Evidence, Verdict } from "./evidence.ts";

/** Words seen twice in one place are hardly two reasons. */
const REPEATED = 0.25;
const MOST_SURE = 0.9995;

/**
 * Adds the log-odds per value and compares the sums; `doubt` is the log-odds of "none of these", so a single weak reason
 * never becomes certainty. A value reached by less than `atLeast` is no value at all.
 */
export function weigh(evidence: Evidence[], limits: { doubt: number; atLeast: number }): Verdict {
  const totals = [...totalsOf(evidence)].sort((a, b) => b[1] - a[1]);
  const best = totals[0];
  if (best === undefined || best[1] < limits.atLeast) {
    return { value: null, confidence: 0, evidence: sorted(evidence), runnerUp: null };
  }
  const highest = Math.max(best[1], limits.doubt);
  let sum = Math.exp(limits.doubt - highest);
  for (const [, total] of totals) sum += Math.exp(total - highest);
  const share = (total: number) => round(Math.min(Math.exp(total - highest) / sum, MOST_SURE));
  const second = totals[1];
  return {
    value: best[0],
    confidence: share(best[1]),
    evidence: sorted(evidence),
    runnerUp: second && second[1] > 0 ? { value: second[0], confidence: share(second[1]) } : null,
  };
}

/** The summed log-odds per value. */
export function totalsOf(evidence: Evidence[]): Map<string, number> {
  const places = new Map<string, Map<string, number[]>>();
  for (const { speaksFor, where, weight } of evidence) {
    const byPlace = places.get(speaksFor) ?? new Map<string, number[]>();
    const weights = byPlace.get(where);
    if (weights) weights.push(weight);
    else byPlace.set(where, [weight]);
    places.set(speaksFor, byPlace);
  }
  const totals = new Map<string, number>();
  for (const [value, byPlace] of places) {
    let total = 0;
    for (const weights of byPlace.values()) {
      const strongest = weights.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a));
      const others = weights.reduce((sum, weight) => sum + weight, 0) - strongest;
      total += strongest + Math.min(Math.max(others, -2), 2) * REPEATED;
    }
    totals.set(value, total);
  }
  return totals;
}

/** Strongest first, the same reason once. */
function sorted(evidence: Evidence[]): Evidence[] {
  const seen = new Map<string, Evidence>();
  for (const one of evidence) {
    const key = `${one.where} ${one.speaksFor} ${one.words}`;
    const known = seen.get(key);
    if (!known || Math.abs(known.weight) < Math.abs(one.weight))
      seen.set(key, { ...one, weight: round(one.weight) });
  }
  return [...seen.values()].sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight)).slice(0, 40);
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
