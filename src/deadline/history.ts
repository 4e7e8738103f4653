// What happened to one owed thing, in order: what came, what the office said, and what followed from both; pure.
import type { Campaign } from "../campaign/campaign.ts";
import { dueInstant, instantOf, type PlainDate, type TimeOfDay } from "../text/dates.ts";
import type { Calendar } from "./calendar.ts";
import { asOf, type FactChange, knownFrom, type Ruling, receivedFrom, type SubmissionFact } from "./facts.ts";
import { type OwedThing, readableUntil, type Standing } from "./standing.ts";

export type EventName =
  | "announced"
  | "extended"
  | "extension-revoked"
  | "waived"
  | "waiver-revoked"
  | "received"
  | "receipt-revoked"
  | "arrived"
  /** From an address nobody has registered for the unit: it meets nothing until somebody confirms it. */
  | "arrived-unverified"
  | "arrived-unreadable"
  | "readable"
  | "superseded"
  | "withdrawn"
  | "restored"
  | "confirmed"
  | "moved-here"
  | "moved-away"
  | "became-overdue"
  | "met"
  | "met-late"
  | "reopened";

export interface ObligationEvent {
  at: Date;
  what: EventName;
  /** Who did it, where somebody did. */
  who: string | null;
  why: string | null;
  /** The submission's, or "paper". */
  reference: string | null;
  /** The due date as it was set. */
  dueOn: PlainDate | null;
  dueTime: TimeOfDay | null;
  /** The unit it was moved to or from; the newer version. */
  other: string | null;
}

export interface Course {
  owed: OwedThing;
  facts: SubmissionFact[];
  rulings: Ruling[];
  isAbout: (fact: SubmissionFact) => boolean;
  standing: (at: Date) => Standing;
}

const nothing = { who: null, why: null, reference: null, dueOn: null, dueTime: null, other: null };

/**
 * What was done is read off the facts. What followed from it (met, overdue, open again) is found by asking the rule
 * itself at every instant at which its answer can change, so that a history never tells another story than the state.
 */
export function historyOf(
  course: Course,
  campaign: Campaign,
  calendar: Calendar,
  at: Date,
): ObligationEvent[] {
  const done = [announcement(course.owed, campaign, calendar)];
  for (const ruling of course.rulings) done.push(ruled(ruling));
  for (const fact of course.facts) done.push(...eventsOf(fact, course));
  const events = done.filter((event) => event.at <= at).sort(byInstant);
  const followed = [...turns(course, campaign, calendar, at, events)];
  // What followed stands after what it follows from: a stable sort keeps it so.
  return [...events, ...followed].sort(byInstant);
}

const byInstant = (a: ObligationEvent, b: ObligationEvent) => +a.at - +b.at;

function announcement(owed: OwedThing, campaign: Campaign, calendar: Calendar): ObligationEvent {
  const at = instantOf(campaign.opens, "00:00", calendar.zone);
  return { ...nothing, at, what: "announced", dueOn: owed.announcedOn, dueTime: owed.announcedTime };
}

function ruled(ruling: Ruling): ObligationEvent {
  const { madeAt: at, madeBy: who, why } = ruling;
  const event = { ...nothing, at, who, why };
  switch (ruling.kind) {
    case "extension":
      return { ...event, what: "extended", dueOn: ruling.dueOn, dueTime: ruling.dueTime ?? null };
    case "waiver":
      return { ...event, what: "waived" };
    case "receipt":
      return { ...event, at: receivedFrom(ruling), what: "received", reference: "paper" };
    case "extension-revoked":
    case "waiver-revoked":
    case "receipt-revoked":
      return { ...event, what: ruling.kind };
    default:
      return ruling.kind satisfies never;
  }
}

function eventsOf(fact: SubmissionFact, { facts, isAbout }: Course): ObligationEvent[] {
  const events: ObligationEvent[] = [];
  const { reference } = fact;
  const arrivedAt = knownFrom(fact);
  const first = asOf(fact, arrivedAt);
  if (first && isAbout(first)) {
    const what = !first.verified
      ? "arrived-unverified"
      : first.provisional
        ? "arrived-unreadable"
        : "arrived";
    events.push({ ...nothing, at: arrivedAt, what, who: fact.sender ?? null, reference });
  }
  for (const changes of Map.groupBy(fact.changes ?? [], (change) => +change.at).values())
    events.push(...changeEvents(fact, changes, isAbout));
  for (const newer of facts) {
    const at = knownFrom(newer);
    const then = newer.supersedes === reference ? asOf(fact, at) : null;
    if (then && isAbout(then))
      events.push({ ...nothing, at, what: "superseded", reference, other: newer.reference });
  }
  return events;
}

/** What was changed in one stroke: a new type and a new unit are one move. */
function changeEvents(
  fact: SubmissionFact,
  changes: FactChange[],
  isAbout: (fact: SubmissionFact) => boolean,
): ObligationEvent[] {
  const [{ at, who }] = changes as [FactChange];
  const before = asOf(fact, new Date(at.getTime() - 1));
  const after = asOf(fact, at);
  if (!before || !after) return [];
  const event = { ...nothing, at, who, reference: fact.reference };
  const [was, is] = [isAbout(before), isAbout(after)];
  if (was && !is) return [{ ...event, what: "moved-away", other: after.unit }];
  if (!was && is) return [{ ...event, what: "moved-here", other: before.unit }];
  if (!is) return [];
  return changes.flatMap(({ field, after: why }): ObligationEvent[] => {
    if (field === "withdraw") return [{ ...event, what: "withdrawn", why }];
    if (field === "restore") return [{ ...event, what: "restored", why }];
    if (field === "readable") return [{ ...event, what: "readable" }];
    return field === "confirm" && !before.verified ? [{ ...event, what: "confirmed" }] : [];
  });
}

/** The changes of state, each at the instant from which the rule gives the new answer. */
function* turns(
  { owed, facts, rulings, standing }: Course,
  campaign: Campaign,
  calendar: Calendar,
  at: Date,
  events: ObligationEvent[],
): Generator<ObligationEvent> {
  const afterwards = (end: Date) => end.getTime() + 1;
  const ends = [
    { dueOn: owed.announcedOn, dueTime: owed.announcedTime },
    ...rulings.map(({ dueOn, dueTime }) => ({ dueOn, dueTime: dueTime ?? null })),
  ].flatMap(({ dueOn, dueTime }) =>
    dueOn === null ? [] : [afterwards(dueInstant(dueOn, dueTime, calendar.zone))],
  );
  const unreadable = facts
    .filter(({ provisional, changes }) => provisional || changes?.some(({ field }) => field === "readable"))
    .map(({ arrivedAt }) => afterwards(readableUntil(arrivedAt, campaign, calendar)));
  const known = events.map((event) => +event.at);
  const instants = [...new Set([...known, ...ends, ...unreadable])]
    .filter((ms) => ms <= +at)
    .sort((a, b) => a - b);
  let before: Standing["state"] = "outstanding";
  for (const ms of instants) {
    const when = new Date(ms);
    const { state, metBy } = standing(when);
    if (state === before) continue;
    const event = { ...nothing, at: when, reference: metBy };
    const [wasMet, isMet] = [before, state].map((one) => one === "met" || one === "met-late");
    if (isMet) yield { ...event, what: state === "met" ? "met" : "met-late" };
    else if (wasMet && state !== "waived") yield { ...event, what: "reopened" };
    if (state === "overdue") yield { ...event, what: "became-overdue" };
    before = state;
  }
}
