// Things that came and wait for a person's word: whose they are, or that they are theirs. Nobody is asked for them; pure.
import { type Campaign, deliverableOf } from "../campaign/campaign.ts";
import type { Understanding } from "../understand/evidence.ts";
import type { Obligation } from "./obligation.ts";

export interface ArrivedThing {
  deliverable: string;
  unit: string;
  /** Null: not said, so any of that deliverable. */
  item: string | null;
}

export function mayHaveArrived(
  { deliverable, unit, item }: Pick<Obligation, "deliverable" | "unit" | "item">,
  arrived: ArrivedThing[],
): boolean {
  return arrived.some(
    (thing) =>
      thing.deliverable === deliverable &&
      thing.unit === unit &&
      (thing.item === null || thing.item === item),
  );
}

/** What a held mail most likely brings: its drafts, or where there are none, the best guesses of type and unit. */
export function likelyThings(
  reason: string | null,
  understanding: Understanding | null,
  campaign: Campaign,
): ArrivedThing[] {
  if (understanding === null || reason === "question") return [];
  const { type, unit, submissions } = understanding;
  const drafts = submissions.length > 0 ? submissions : [{ type: type.value, unit: unit.value, item: null }];
  return drafts.flatMap((draft) => {
    const deliverable = deliverableOf(campaign, draft.type);
    const whose = draft.unit ?? unit.value;
    if (deliverable?.from !== "unit" || whose === null) return [];
    return [{ deliverable: deliverable.code, unit: whose, item: draft.item }];
  });
}
