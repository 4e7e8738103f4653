// Why the second guess lost: what spoke for it, place by place, and what the first had that it lacks.
import type { Evidence, Place, Verdict } from "./evidence.ts";
import { totalsOf } from "./weigh.ts";

export interface Support {
  where: Place;
  /** What the reasons of this place come to. */
  weight: number;
}

export interface Lost {
  value: string;
  total: number;
  /** Where it was seen, what weighs most first; [] when nothing shown speaks for it. */
  seen: Support[];
  /** What won; null where nothing was sure enough to be a value. */
  winner: { value: string; total: number; seen: Support[] } | null;
  /** Places that would have shown it, and do not: the winner's, or where senders say who they are. */
  lacks: Place[];
  /**
   * `mentioned`: named in passing, nowhere as the thing itself. `close`: a hair behind. `outweighed`: well supported,
   * and the other better. `unsupported`: too little to be taken for anything.
   */
  how: "mentioned" | "close" | "outweighed" | "unsupported";
}

/** Weights up to here only say that it was named. */
const IN_PASSING = 0.5;
/** Log-odds within which two guesses are next to each other: less than three to one. */
const NEAR = 1.1;
/** Where a sender says who he is. */
const TELLING: Place[] = ["sender-address", "closing", "signature"];

export function whyLost({ value, evidence, runnerUp }: Verdict): Lost | null {
  const totals = totalsOf(evidence);
  const rival = runnerUp?.value ?? bestBut(value, totals);
  if (rival === null) return null;
  const total = totals.get(rival) ?? 0;
  const seen = supportOf(rival, evidence);
  const own = value === null ? [] : supportOf(value, evidence);
  const won = value === null ? null : { value, total: totals.get(value) ?? 0, seen: own };
  const isAhead = won !== null && won.total > total;
  const winner = isAhead ? won : null;
  const looked = winner ? winner.seen.map((one) => one.where) : TELLING;
  const lacks = looked.filter((where) => !seen.some((one) => one.where === where)).slice(0, 3);
  const passing = evidence.filter((one) => one.speaksFor === rival).every((one) => one.weight <= IN_PASSING);
  const how = passing
    ? "mentioned"
    : winner === null
      ? "unsupported"
      : winner.total - total < NEAR
        ? "close"
        : "outweighed";
  return { value: rival, total, seen, winner, lacks, how };
}

function bestBut(value: string | null, totals: Map<string, number>): string | null {
  const others = [...totals].filter(([other, total]) => other !== value && total > 0);
  return others.sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}

function supportOf(value: string, evidence: Evidence[]): Support[] {
  const its = evidence.filter((one) => one.speaksFor === value);
  const places = [...new Set(its.map((one) => one.where))];
  return places
    .map((where) => ({
      where,
      weight: totalsOf(its.filter((one) => one.where === where)).get(value) ?? 0,
    }))
    .sort((a, b) => b.weight - a.weight);
}
