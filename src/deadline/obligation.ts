// One owed thing: deliverable × unit (× item). A pure function of submissions, rulings and `now`; stored nowhere.
import type { Campaign } from "../campaign/campaign.ts";
import { dateOf, endOfDay, type PlainDate } from "../text/dates.ts";
import type { Calendar } from "./calendar.ts";

export type ObligationState = "outstanding" | "met" | "met-late" | "overdue" | "waived" | "extended";

export interface Obligation {
  /** "summary-report/library" or "engineering-plan/heritage-office/heritage-city". */
  key: string;
  deliverable: string;
  item: string | null;
  unit: string;
  /** The date announced; null when the office has set none yet (then it is never overdue). */
  announcedOn: PlainDate | null;
  /** The date that counts: announced or extended. */
  dueOn: PlainDate | null;
  state: ObligationState;
  /** When and by what it was met: a submission's reference, or "paper" for a receipt. */
  metAt: Date | null;
  metBy: string | null;
  /** Met only if a readable version follows in time. */
  provisional: boolean;
  /** Who ruled and why, for waived and extended. */
  why: string | null;
}

/** What meets or may meet an obligation, as read from the ledger. */
export interface SubmissionFact {
  reference: string;
  type: string;
  item: string | null;
  unit: string | null;
  arrivedAt: Date;
  state: "current" | "superseded" | "withdrawn";
  verified: boolean;
  provisional: boolean;
}

/** What the office ruled: waiver, extension, or receipt on paper or by phone. */
export interface Ruling {
  kind: "waiver" | "extension" | "receipt";
  deliverable: string;
  item: string | null;
  unit: string;
  dueOn: PlainDate | null;
  receivedAt: Date | null;
  madeBy: string;
  madeAt: Date;
  why: string;
}

/** Every obligation of the campaign as it stands at `now`; met by the earliest version not withdrawn. */
export function obligationsAt(
  campaign: Campaign,
  calendar: Calendar,
  submissions: SubmissionFact[],
  rulings: Ruling[],
  now: Date,
): Obligation[] {
  return owedThings(campaign).map((owed) => {
    const theirs = submissions.filter((fact) => meets(fact, owed));
    const ruled = rulings.filter((ruling) => concerns(ruling, owed)).sort((a, b) => +a.madeAt - +b.madeAt);
    const changed = ruled.findLast((ruling) => ruling.kind !== "receipt");
    const extension = changed?.kind === "extension" && changed.dueOn !== null ? changed : null;
    const dueOn = extension?.dueOn ?? owed.announcedOn;
    const dueAt = dueOn === null ? null : endOfDay(dueOn, calendar.zone);
    const met = earliest([
      ...theirs.flatMap((fact) => metBySubmission(fact, theirs, campaign, calendar, now)),
      ...ruled.filter((ruling) => ruling.kind === "receipt").map(metByReceipt),
    ]);
    return {
      key: [owed.deliverable, owed.unit, ...(owed.item === null ? [] : [owed.item])].join("/"),
      deliverable: owed.deliverable,
      item: owed.item,
      unit: owed.unit,
      announcedOn: owed.announcedOn,
      dueOn,
      state: stateOf(met, changed?.kind === "waiver", extension !== null, dueAt, now),
      metAt: met?.at ?? null,
      metBy: met?.by ?? null,
      provisional: met?.provisional ?? false,
      why: changed ? `${changed.madeBy}: ${changed.why}` : null,
    };
  });
}

/** Still to be delivered, late or not. */
export function isOwed(obligation: Obligation): boolean {
  return (
    obligation.state === "outstanding" || obligation.state === "extended" || obligation.state === "overdue"
  );
}

interface OwedThing {
  deliverable: string;
  unit: string;
  item: string | null;
  announcedOn: PlainDate | null;
  /** The unit owes no other item of this deliverable: a submission that names none can only be this one. */
  onlyItem: boolean;
}

/** A deliverable with items is owed by the items' units only; leadership owes nothing unless named. */
function owedThings(campaign: Campaign): OwedThing[] {
  return campaign.deliverables
    .filter((deliverable) => deliverable.from === "unit")
    .flatMap(({ code, due, items, owedBy }): OwedThing[] => {
      if (items.length === 0) {
        return campaign.units
          .filter((unit) => owedBy.includes(unit.kind))
          .map((unit) => ({
            deliverable: code,
            unit: unit.code,
            item: null,
            announcedOn: due,
            onlyItem: false,
          }));
      }
      return items.map((item) => ({
        deliverable: code,
        unit: item.unit,
        item: item.code,
        announcedOn: due,
        onlyItem: items.filter((other) => other.unit === item.unit).length === 1,
      }));
    });
}

function meets(fact: SubmissionFact, owed: OwedThing): boolean {
  if (fact.state === "withdrawn" || !fact.verified) return false;
  if (fact.type !== owed.deliverable || fact.unit !== owed.unit) return false;
  return fact.item === owed.item || (fact.item === null && owed.onlyItem);
}

function concerns(ruling: Ruling, owed: OwedThing): boolean {
  if (ruling.deliverable !== owed.deliverable || ruling.unit !== owed.unit) return false;
  return ruling.item === owed.item || (ruling.item === null && owed.onlyItem);
}

interface Meeting {
  at: Date;
  by: string;
  provisional: boolean;
}

/**
 * An unreadable version counts from its own arrival if a readable one follows within `clarifyWithin` working days;
 * until those are over it counts provisionally, afterwards not at all.
 */
function metBySubmission(
  fact: SubmissionFact,
  versions: SubmissionFact[],
  campaign: Campaign,
  calendar: Calendar,
  now: Date,
): Meeting[] {
  if (!fact.provisional) return [{ at: fact.arrivedAt, by: fact.reference, provisional: false }];
  const lastDay = calendar.addWorkingDays(dateOf(fact.arrivedAt, calendar.zone), campaign.clarifyWithin);
  const until = endOfDay(lastDay, calendar.zone);
  const followed = versions.some(
    (other) => !other.provisional && other.arrivedAt >= fact.arrivedAt && other.arrivedAt <= until,
  );
  if (followed) return [{ at: fact.arrivedAt, by: fact.reference, provisional: false }];
  return now <= until ? [{ at: fact.arrivedAt, by: fact.reference, provisional: true }] : [];
}

function metByReceipt(ruling: Ruling): Meeting {
  return { at: ruling.receivedAt ?? ruling.madeAt, by: "paper", provisional: false };
}

function earliest(meetings: Meeting[]): Meeting | null {
  // Of two at the same instant the one that is certain is named.
  return (
    meetings.toSorted((a, b) => +a.at - +b.at || Number(a.provisional) - Number(b.provisional))[0] ?? null
  );
}

function stateOf(
  met: Meeting | null,
  waived: boolean,
  extended: boolean,
  dueAt: Date | null,
  now: Date,
): ObligationState {
  if (met) return dueAt !== null && met.at > dueAt ? "met-late" : "met";
  if (waived) return "waived";
  if (dueAt !== null && now > dueAt) return "overdue";
  return extended ? "extended" : "outstanding";
}
