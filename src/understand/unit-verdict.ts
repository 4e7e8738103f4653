// From all reasons for a unit to the one that sends it, or to none: how sure either is, and what speaks against.
import type { Evidence, Place, Verdict } from "./evidence.ts";
import { totalsOf, weigh } from "./weigh.ts";

/** `doubt`: that it is any configured unit. `atLeast`: what is only talked about reaches less. */
const LIMITS = { doubt: 1, atLeast: 2 };
/** Of two so near nobody can tell which. */
const TIE = 0.25;
/** What lists and servers say of the sender. */
const BY_SENDER = new Set<Place>(["sender-domain", "sender-address", "roster"]);
/** Where the writer himself says who he is. */
const BY_HIMSELF = new Set<Place>([
  "body",
  "closing",
  "signature",
  "sender-name",
  "document-text",
  "document-closing",
]);
const SAID = 3.4;
/** What remains of a list's word where the letter names another unit: people move, lists stay. */
const CONTESTED = 0.4;
/** Log-odds at which a unit that is hardly hinted at is as likely as none. */
const HARDLY = 3.2;
const MOST_SURELY_NONE = 0.97;

export function weighUnits(evidence: Evidence[]): Verdict {
  const weighed = contested(evidence);
  const verdict = disputed(weigh(weighed, LIMITS), evidence);
  const totals = totalsOf(weighed);
  if (verdict.value === null) return noneOf(verdict, totals);
  const { runnerUp } = verdict;
  const lead = runnerUp ? totals.get(verdict.value)! - totals.get(runnerUp.value)! : TIE;
  // Two that a letter names are its two; of two that only a list knows it tells neither.
  if (!runnerUp || lead >= TIE || saidUnits(evidence).has(verdict.value)) return verdict;
  const guesses = [{ value: verdict.value, confidence: verdict.confidence }, runnerUp];
  const cannotTell = Math.min(MOST_SURELY_NONE, 1 - verdict.confidence);
  return { ...verdict, value: null, confidence: cannotTell, runnerUp: guesses[0]!, guesses };
}

function saidUnits(evidence: Evidence[]): Set<string> {
  const said = evidence.filter((one) => BY_HIMSELF.has(one.where) && one.weight >= SAID);
  return new Set(said.map((one) => one.speaksFor));
}

/** The letter names a unit, and the lists know its sender of another: neither is sure by itself any more. */
function contested(evidence: Evidence[]): Evidence[] {
  const said = saidUnits(evidence);
  if (said.size === 0) return evidence;
  return evidence.map((one) =>
    BY_SENDER.has(one.where) && !said.has(one.speaksFor) ? { ...one, weight: one.weight * CONTESTED } : one,
  );
}

/** From here a list knows the sender for certain. */
const REGISTERED = 5.5;
/** Whose word goes before whose, a person decides. */
const DISPUTED = 0.85;

/** A registered address of one unit under a letter that names another, and not a word why. */
function disputed(verdict: Verdict, evidence: Evidence[]): Verdict {
  const listed = totalsOf(evidence.filter((one) => BY_SENDER.has(one.where)));
  const against = [...listed].filter(([unit, total]) => unit !== verdict.value && total >= REGISTERED);
  const agrees = (listed.get(verdict.value ?? "") ?? 0) >= REGISTERED;
  if (verdict.value === null || agrees || against.length === 0) return verdict;
  const [unit] = against.reduce((a, b) => (b[1] > a[1] ? b : a));
  const confidence = Math.min(verdict.confidence, DISPUTED);
  return {
    ...verdict,
    confidence,
    runnerUp: { value: unit, confidence: Math.round((1 - confidence) * 1e4) / 1e4 },
  };
}

/** From here an unlikely unit is still a guess that helps the office. */
const GUESSED = 1.2;

/** How surely no configured unit is meant. */
function noneOf(verdict: Verdict, totals: Map<string, number>): Verdict {
  const odds = [...totals].map(([value, total]) => ({ value, odds: Math.exp(total - HARDLY), total }));
  const all = odds.reduce((sum, one) => sum + one.odds, 1);
  const confidence = Math.min(MOST_SURELY_NONE, Math.round(1e4 / all) / 1e4);
  const [best] = odds.filter((one) => one.total >= GUESSED).sort((a, b) => b.odds - a.odds);
  if (!best) return { ...verdict, confidence };
  const guess = { value: best.value, confidence: Math.round((1e4 * best.odds) / all) / 1e4 };
  return { ...verdict, confidence, runnerUp: guess, guesses: [guess] };
}
