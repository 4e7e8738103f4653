// How one owed thing stands at an instant: until when it is due, whether it has come, and whether in time; pure.
import type { Campaign } from "../campaign/campaign.ts";
import { dateOf, dueInstant, endOfDay, type PlainDate, type TimeOfDay } from "../text/dates.ts";
import type { Calendar } from "./calendar.ts";
import { asOf, type Ruled, type Ruling, ruledAt, type SubmissionFact } from "./facts.ts";

export type ObligationState = "outstanding" | "met" | "met-late" | "overdue" | "waived" | "extended";

export interface Standing {
  /** The date that counts: announced or extended. */
  dueOn: PlainDate | null;
  /** Until that time of the day; null: until it ends. */
  dueTime: TimeOfDay | null;
  /** The last instant that is in time. */
  dueAt: Date | null;
  state: ObligationState;
  /** When and by what it was met: a submission's reference, or "paper" for a receipt. */
  metAt: Date | null;
  metBy: string | null;
  /** Met only if a readable version follows in time. */
  provisional: boolean;
  /** Who ruled and why, for waived and extended. */
  why: string | null;
}

export interface OwedThing {
  deliverable: string;
  unit: string;
  item: string | null;
  announcedOn: PlainDate | null;
  announcedTime: TimeOfDay | null;
  /** The unit owes no other item of this deliverable: a submission that names none can only be this one. */
  onlyItem: boolean;
}

/** Due at another time than was announced. */
export function isExtended(one: { dueAt: Date | null; announcedAt: Date | null }): boolean {
  return one.dueAt?.getTime() !== one.announcedAt?.getTime();
}

export function isItem(item: string | null, owed: OwedThing): boolean {
  return item === owed.item || (item === null && owed.onlyItem);
}

export function standsAt(
  owed: OwedThing,
  facts: SubmissionFact[],
  rulings: Ruling[],
  campaign: Campaign,
  calendar: Calendar,
  at: Date,
): Standing {
  const ruled = ruledAt(rulings, at);
  const dueOn = ruled.extension?.dueOn ?? owed.announcedOn;
  const dueTime = ruled.extension ? (ruled.extension.dueTime ?? null) : owed.announcedTime;
  const dueAt = dueOn === null ? null : dueInstant(dueOn, dueTime, calendar.zone);
  const versions = facts.flatMap((fact) => {
    const then = asOf(fact, at);
    return then && counts(then, owed) ? [then] : [];
  });
  const met = earliest([
    ...versions.flatMap((fact) => metBySubmission(fact, versions, campaign, calendar, at)),
    ...ruled.receipts.map(metByReceipt),
  ]);
  const word = ruled.waiver ?? ruled.extension;
  return {
    dueOn,
    dueTime,
    dueAt,
    state: stateOf(met, ruled, dueAt, at),
    metAt: met?.at ?? null,
    metBy: met?.by ?? null,
    provisional: met?.provisional ?? false,
    why: word ? `${word.madeBy}: ${word.why}` : null,
  };
}

function counts(fact: SubmissionFact, owed: OwedThing): boolean {
  if (fact.state === "withdrawn" || !fact.verified) return false;
  return fact.type === owed.deliverable && fact.unit === owed.unit && isItem(fact.item, owed);
}

interface Meeting {
  at: Date;
  by: string;
  provisional: boolean;
}

/** The end of the working days in which what could not be read may be sent again. */
export function readableUntil(arrivedAt: Date, campaign: Campaign, calendar: Calendar): Date {
  const lastDay = calendar.addWorkingDays(dateOf(arrivedAt, calendar.zone), campaign.clarifyWithin);
  return endOfDay(lastDay, calendar.zone);
}

/**
 * An unreadable version counts from its own arrival if a readable one follows within `clarifyWithin` working days;
 * until those are over it counts provisionally, afterwards not at all. What was missing may come as an attachment to it,
 * which after those days counts from its own arrival; the office, who has opened the first, needs no second.
 */
function metBySubmission(
  fact: SubmissionFact,
  versions: SubmissionFact[],
  campaign: Campaign,
  calendar: Calendar,
  at: Date,
): Meeting[] {
  const { arrivedAt, reference: by } = fact;
  const completed = fact.changes?.find((change) => change.field === "readable" && change.at <= at);
  if (!fact.provisional && (!completed || completed.byOffice))
    return [{ at: arrivedAt, by, provisional: false }];
  const until = readableUntil(arrivedAt, campaign, calendar);
  if (completed) return [{ at: completed.at <= until ? arrivedAt : completed.at, by, provisional: false }];
  const followed = versions.some(
    (other) => !other.provisional && other.arrivedAt >= arrivedAt && other.arrivedAt <= until,
  );
  if (followed) return [{ at: arrivedAt, by, provisional: false }];
  return at <= until ? [{ at: arrivedAt, by, provisional: true }] : [];
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

function stateOf(met: Meeting | null, ruled: Ruled, dueAt: Date | null, at: Date): ObligationState {
  if (met) return dueAt !== null && met.at > dueAt ? "met-late" : "met";
  if (ruled.waiver) return "waived";
  if (dueAt !== null && at > dueAt) return "overdue";
  return ruled.extension ? "extended" : "outstanding";
}
