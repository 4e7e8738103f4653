// Things that came and wait for a person's word: whose they are, or that they are theirs. Nobody is asked for them; pure.
import { type Campaign, deliverableOf, isRegistered } from "../campaign/campaign.ts";
import type { Understanding } from "../understand/evidence.ts";
import type { Obligation } from "./obligation.ts";

export interface ArrivedThing {
  /** Null: nobody could read what it is. */
  deliverable: string | null;
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
      (thing.deliverable === null || thing.deliverable === deliverable) &&
      thing.unit === unit &&
      (thing.item === null || thing.item === item),
  );
}

/**
 * What a mail that waits may bring: its drafts, or where there are none, the best guesses of type and unit; where a guess
 * is unsure, the others too. Of a mail nobody could read the sender alone is known: it may be anything his unit owes.
 */
export function likelyThings(
  reason: string | null,
  fromAddress: string | null,
  understanding: Understanding | null,
  campaign: Campaign,
): ArrivedThing[] {
  const units = guessedUnits(reason, fromAddress, understanding, campaign);
  if (understanding === null) return units.map((unit) => ({ deliverable: null, unit, item: null }));
  const { type, unit, submissions } = understanding;
  const others = (type.confidence < campaign.autoFileAt && type.runnerUp?.value) || null;
  const drafts = submissions.length > 0 ? submissions : [{ type: type.value, unit: unit.value, item: null }];
  return drafts.flatMap((draft) => {
    const whose = [draft.unit ?? unit.value, ...(unit.confidence < campaign.autoFileAt ? units : [])];
    const things = [
      { code: draft.type, item: draft.item },
      ...(others ? [{ code: others, item: null }] : []),
    ];
    return things.flatMap(({ code, item }) => {
      const deliverable = deliverableOf(campaign, code);
      if (deliverable?.from !== "unit") return [];
      return whose
        .filter((each) => each !== null && units.includes(each))
        .map((each) => ({ deliverable: deliverable.code, unit: each as string, item }));
    });
  });
}

/**
 * The units a held mail may speak for: both guesses, its drafts, and every unit its sender is registered with. A
 * question, or what is surely an individual's idea, is nobody's owed document.
 */
export function guessedUnits(
  reason: string | null,
  fromAddress: string | null,
  understanding: Understanding | null,
  campaign: Campaign,
): string[] {
  const type = understanding?.type;
  const isPersons = deliverableOf(campaign, type?.value ?? null)?.from === "person";
  const isSure = (type?.confidence ?? 0) >= campaign.autoFileAt;
  const onlyIdeas = understanding?.submissions.every(
    (draft) => deliverableOf(campaign, draft.type)?.from === "person",
  );
  if (reason === "question" || (isPersons && isSure && onlyIdeas)) return [];
  const guesses = [
    understanding?.unit.value,
    understanding?.unit.runnerUp?.value,
    ...(understanding?.submissions.map((draft) => draft.unit) ?? []),
    ...campaign.units
      .filter((unit) => isRegistered(campaign, fromAddress ?? "", unit.code))
      .map(({ code }) => code),
  ];
  return guesses.filter((code): code is string => typeof code === "string");
}
