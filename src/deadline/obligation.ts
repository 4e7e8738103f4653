// One owed thing: deliverable × unit (× item). A pure function of submissions, rulings and an instant; stored nowhere.
import type { Campaign } from "../campaign/campaign.ts";
import { dueInstant, type PlainDate } from "../text/dates.ts";
import type { Calendar } from "./calendar.ts";
import type { Ruling, SubmissionFact } from "./facts.ts";
import { historyOf, type ObligationEvent } from "./history.ts";
import { reasonOf } from "./reason.ts";
import { isItem, type OwedThing, type Standing, standsAt } from "./standing.ts";

export type { Ruling, SubmissionFact } from "./facts.ts";
export type { ObligationEvent } from "./history.ts";
export type { ObligationState } from "./standing.ts";

export interface Obligation extends Standing {
  /** "summary-report/library" or "engineering-plan/heritage-office/heritage-city". */
  key: string;
  deliverable: string;
  item: string | null;
  unit: string;
  /** The date announced; null when the office has set none yet (then it is never overdue). */
  announcedOn: PlainDate | null;
  announcedAt: Date | null;
  /** Why it stands so, in the campaign's language. */
  reason: string;
  /** What happened to it up to that instant, oldest first. */
  history: ObligationEvent[];
}

/**
 * Every obligation of the campaign as it stood at `at`, whatever happened later: what had arrived by then (withdrawn
 * only if it was by then), what the office had received, extended and waived. Met by the earliest version not withdrawn.
 */
export function obligationsAt(
  campaign: Campaign,
  calendar: Calendar,
  submissions: SubmissionFact[],
  rulings: Ruling[],
  at: Date,
): Obligation[] {
  const factsBy = byDuty(submissions);
  const inOrder = rulings.toSorted((a, b) => +a.madeAt - +b.madeAt);
  const rulingsBy = Map.groupBy(inOrder, ({ deliverable, unit }) => `${deliverable}/${unit}`);
  return owedThings(campaign, calendar).map((owed) => {
    const facts = factsBy.get(owed.duty) ?? NOTHING;
    const ofDuty = rulingsBy.get(owed.duty);
    const ruled = ofDuty ? ofDuty.filter(({ item }) => isItem(item, owed)) : NOTHING;
    const standing = (when: Date) => standsAt(owed, facts, ruled, campaign, calendar, when);
    const history = once(() => {
      const isAbout = (fact: SubmissionFact) =>
        fact.type === owed.deliverable && fact.unit === owed.unit && isItem(fact.item, owed);
      return historyOf({ owed, facts, rulings: ruled, isAbout, standing }, campaign, calendar, at);
    });
    const obligation: Obligation = {
      key: owed.key,
      deliverable: owed.deliverable,
      item: owed.item,
      unit: owed.unit,
      announcedOn: owed.announcedOn,
      announcedAt: owed.announcedAt,
      ...standing(at),
      // Told of one when somebody asks; the passes of every minute ask only how thousands stand.
      get reason() {
        return reasonOf(obligation, campaign);
      },
      get history() {
        return history();
      },
    };
    return obligation;
  });
}

const NOTHING: never[] = [];

function once<Found extends object>(find: () => Found): () => Found {
  let found: Found | undefined;
  return () => (found ??= find());
}

/** Still to be delivered, late or not. */
export function isOwed(obligation: Pick<Obligation, "state">): boolean {
  return (
    obligation.state === "outstanding" || obligation.state === "extended" || obligation.state === "overdue"
  );
}

interface NamedThing extends OwedThing {
  key: string;
  /** "summary-report/library": what submissions and rulings say they are about. */
  duty: string;
  announcedAt: Date | null;
}

const owedThingsOf = new WeakMap<Campaign, NamedThing[]>();

/** What a campaign wants of whom is the same at every pass. */
function owedThings(campaign: Campaign, { zone }: Calendar): NamedThing[] {
  const known = owedThingsOf.get(campaign);
  if (known) return known;
  const things = wanted(campaign).map((owed): NamedThing => {
    const { deliverable, unit, item, announcedOn, announcedTime } = owed;
    const duty = `${deliverable}/${unit}`;
    const announcedAt = announcedOn === null ? null : dueInstant(announcedOn, announcedTime, zone);
    return { ...owed, key: item === null ? duty : `${duty}/${item}`, duty, announcedAt };
  });
  owedThingsOf.set(campaign, things);
  return things;
}

/** A deliverable with items is owed by the items' units only; leadership owes nothing unless named. */
function wanted(campaign: Campaign): OwedThing[] {
  return campaign.deliverables
    .filter((deliverable) => deliverable.from === "unit")
    .flatMap(({ code: deliverable, due: announcedOn, dueTime: announcedTime, items, owedBy }) => {
      const announced = { deliverable, announcedOn, announcedTime };
      if (items.length === 0) {
        return campaign.units
          .filter((unit) => owedBy.includes(unit.kind))
          .map((unit): OwedThing => ({ ...announced, unit: unit.code, item: null, onlyItem: false }));
      }
      return items.map(
        (item): OwedThing => ({
          ...announced,
          unit: item.unit,
          item: item.code,
          onlyItem: items.filter((other) => other.unit === item.unit).length === 1,
        }),
      );
    });
}

/** Submissions by every type and unit they ever had: one that was moved is part of both histories. */
function byDuty(submissions: SubmissionFact[]): Map<string, SubmissionFact[]> {
  const all = new Map<string, SubmissionFact[]>();
  for (const fact of submissions) {
    const past = (field: "type" | "unit") =>
      (fact.changes ?? []).filter((change) => change.field === field).map(({ before }) => before);
    const duties = [fact.type, ...past("type")].flatMap((type) =>
      [fact.unit, ...past("unit")].map((unit) => `${type}/${unit}`),
    );
    for (const duty of new Set(duties)) {
      const facts = all.get(duty);
      if (facts) facts.push(fact);
      else all.set(duty, [fact]);
    }
  }
  return all;
}
