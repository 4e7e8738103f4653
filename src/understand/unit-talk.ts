// Whose a mail is that brings nothing new: the unit it claims, else the one its submission is recorded for.
import type { Evidence, Place, Understanding, Verdict } from "./evidence.ts";
import type { Exchange } from "./exchange.ts";
import type { Mailwide } from "./mailwide.ts";
import { weighUnits } from "./unit-verdict.ts";

const CLAIMED = 6;
const RECORDED = 6;
/** What else is named beside a claim is what it is to be no longer, or spoken of. */
const BESIDE = 0.2;
/** What a list knows of a sender whose submission is recorded for another unit. */
const ELSEWHERE = 0.4;
const BY_SENDER = new Set<Place>(["sender-domain", "sender-address", "roster"]);
const IN_WORDS = new Set<Place>(["body", "closing", "subject"]);

/** Who says "the unit should be X" says that X is theirs; who changes or withdraws, that what is recorded is his. */
export function unitOfTalk(
  talk: Pick<Understanding, "corrections" | "type">,
  all: Mailwide,
  exchange: Exchange,
): Verdict {
  const claimed = talk.corrections.find((one) => one.action === "unit");
  if (claimed?.action === "unit") {
    const { where = "body" as const, words = "" } = talk.type.evidence[0] ?? {};
    const others = lessened(all.units, claimed.unit, IN_WORDS, BESIDE);
    return weighUnits([...others, { where, words, speaksFor: claimed.unit, weight: CLAIMED }]);
  }
  const recorded = new Set(exchange.recorded.map(({ unit }) => unit));
  const [unit] = recorded;
  if (recorded.size !== 1 || !unit || all.unit.value === unit) return all.unit;
  const { title = "", people = [] } = exchange.recorded[0] ?? {};
  const words = title || people.join("、") || unit;
  const others = lessened(all.units, unit, BY_SENDER, ELSEWHERE);
  return weighUnits([...others, { where: "thread", words, speaksFor: unit, weight: RECORDED }]);
}

function lessened(evidence: Evidence[], unit: string, places: Set<Place>, share: number): Evidence[] {
  return evidence.map((one) =>
    one.speaksFor !== unit && places.has(one.where) && one.weight > 0
      ? { ...one, weight: one.weight * share }
      : one,
  );
}
