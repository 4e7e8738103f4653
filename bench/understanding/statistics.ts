// Shares with their confidence, F1, calibration: arithmetic on what was counted, nothing else.
import { seeded } from "../../test/support/random.ts";

export interface Interval {
  low: number;
  high: number;
}

const Z = 1.959964;

/** Wilson's score interval, 95 %: honest also where all or none are right. */
export function wilson(right: number, of: number): Interval {
  if (of === 0) return { low: 0, high: 1 };
  const share = right / of;
  const scale = 1 + Z ** 2 / of;
  const centre = (share + Z ** 2 / (2 * of)) / scale;
  const half = (Z / scale) * Math.sqrt((share * (1 - share)) / of + Z ** 2 / (4 * of ** 2));
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

export interface Decided {
  expected: string;
  got: string;
}

export interface ClassFigures {
  name: string;
  /** How many there are, and how many were taken for it. */
  labelled: number;
  taken: number;
  precision: number;
  recall: number;
  f1: number;
}

export function classFigures(decided: Decided[]): ClassFigures[] {
  const names = [...new Set(decided.map((one) => one.expected))].sort();
  return names.map((name) => {
    const labelled = decided.filter((one) => one.expected === name).length;
    const taken = decided.filter((one) => one.got === name).length;
    const right = decided.filter((one) => one.expected === name && one.got === name).length;
    return {
      name,
      labelled,
      taken,
      precision: taken === 0 ? 0 : right / taken,
      recall: right / labelled,
      f1: (2 * right) / (labelled + taken),
    };
  });
}

/** The mean over the classes that occur, each counting the same. */
export function macroF1(decided: Decided[]): number {
  return mean(classFigures(decided).map(({ f1 }) => f1));
}

export interface Confusion extends Decided {
  count: number;
}

/** Most frequent first. */
export function confusions(decided: Decided[]): Confusion[] {
  const counts = new Map<string, Confusion>();
  for (const { expected, got } of decided) {
    if (expected === got) continue;
    const key = `${expected}\n${got}`;
    const known = counts.get(key);
    if (known) known.count++;
    else counts.set(key, { expected, got, count: 1 });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count);
}

export interface Claim {
  confidence: number;
  right: boolean;
}

export interface Bin {
  from: number;
  to: number;
  count: number;
  confidence: number;
  right: number;
}

/** Ten bins of equal width; 1 belongs to the last. */
export function reliability(claims: Claim[], bins = 10): Bin[] {
  return Array.from({ length: bins }, (_, at) => {
    const inside = claims.filter(
      ({ confidence }) => Math.min(bins - 1, Math.floor(confidence * bins)) === at,
    );
    return {
      from: at / bins,
      to: (at + 1) / bins,
      count: inside.length,
      confidence: mean(inside.map((one) => one.confidence)),
      right: mean(inside.map((one) => (one.right ? 1 : 0))),
    };
  }).filter(({ count }) => count > 0);
}

/** Expected calibration error: how far claims are from the truth, weighed by how many claim it. */
export function calibrationError(claims: Claim[]): number {
  if (claims.length === 0) return 0;
  return reliability(claims).reduce(
    (sum, { count, confidence, right }) => sum + (count / claims.length) * Math.abs(confidence - right),
    0,
  );
}

/** The middle 95 % of the figure over samples drawn with replacement; the same draw every time. */
export function bootstrap<T>(items: T[], figure: (sample: T[]) => number, rounds = 500): Interval {
  if (items.length === 0) return { low: 0, high: 1 };
  const { pick } = seeded(20121112);
  const figures = Array.from({ length: rounds }, () => figure(items.map(() => pick(items)))).sort(
    (a, b) => a - b,
  );
  return { low: quantile(figures, 0.025), high: quantile(figures, 0.975) };
}

/** Of sorted numbers. */
export function quantile(ascending: number[], share: number): number {
  const at = Math.min(ascending.length - 1, Math.max(0, Math.ceil(share * ascending.length) - 1));
  return ascending[at] ?? 0;
}

export function mean(numbers: number[]): number {
  return numbers.length === 0 ? 0 : numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
}

export function median(numbers: number[]): number {
  return quantile(
    numbers.toSorted((a, b) => a - b),
    0.5,
  );
}
