// From what a mail's submissions came to: the mail's own type and unit, and whether somebody must look at it.
import { deliverableOf } from "../campaign/campaign.ts";
import type { Understanding } from "./evidence.ts";
import type { Knowledge } from "./knowledge.ts";
import type { Drafted } from "./mailwide.ts";

/** From here the kind is not what must be asked first. */
const LIKELY = 0.7;

/** The mail's type and unit are those of its first submission that a unit owes, else of its first. */
export function verdictOf(
  drafts: Drafted[],
  knowledge: Knowledge,
): Pick<Understanding, "type" | "unit" | "outcome" | "reason"> {
  const owed = drafts.find((one) => deliverableOf(knowledge.campaign, one.draft.type)?.from === "unit");
  const { type, unit } = owed ?? drafts[0]!;
  const sureFrom = knowledge.campaign.autoFileAt;
  const unsureType = drafts.find((one) => one.type.confidence < sureFrom);
  const unknown = drafts.find((one) => one.unit.value === null);
  const unsureUnit = drafts.find((one) => one.unit.confidence < sureFrom);
  // Two units as likely as each other are not an unknown one.
  const unitReason = unknown?.unit.guesses ? "unit-unsure" : "unit-unknown";
  if (unknown && drafts.every((one) => one.type.confidence >= LIKELY))
    return { type, unit: unknown.unit, outcome: "held", reason: unitReason };
  if (unsureType) return { type: unsureType.type, unit, outcome: "held", reason: "type-unsure" };
  if (unknown) return { type, unit: unknown.unit, outcome: "held", reason: unitReason };
  if (unsureUnit) return { type, unit: unsureUnit.unit, outcome: "held", reason: "unit-unsure" };
  return { type, unit, outcome: "filed", reason: null };
}
