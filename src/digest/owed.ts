// Who still owes what, as the digest tells it: what is late, what is due soon, and whom nobody can write to; pure.
import { type Campaign, deliverableOf, type Unit, unitOf } from "../campaign/campaign.ts";
import { type Calendar, calendarOf } from "../deadline/calendar.ts";
import type { WithheldReason } from "../deadline/interlock.ts";
import { isOwed, type Obligation, type ObligationState } from "../deadline/obligation.ts";
import type { DutyOutlook } from "../notice/chase.ts";
import { dateOf, daysBetween, type PlainDate, type TimeOfDay } from "../text/dates.ts";

export interface OwedRow {
  unit: string;
  deliverable: string;
  item: string | null;
  dueOn: PlainDate | null;
  /** The hour on that day; null at its end. */
  dueTime: TimeOfDay | null;
  state: ObligationState;
  /** Calendar days to the due date; negative once it is past. */
  daysLeft: number | null;
  /** How long it has been overdue, in the days its notices count; 0 where it is not, or since today. */
  daysOver: number;
  /** How many days after it was due it came; null where it has not, or in time. */
  daysLate: number | null;
  provisional: boolean;
  /** Who ruled and why, for what is waived or extended. */
  why: string | null;
}

/** Due and held back: saying nothing is safer, and the office is told instead. */
export interface Withheld {
  units: string[];
  why: WithheldReason;
}

/** Nobody to write to, and who might be rung instead. */
export interface Unreached {
  unit: string;
  ring: string[];
}

/** All who owe one thing by one date: a line to read, however many they are. */
export interface OwedGroup {
  deliverable: string;
  dueOn: PlainDate | null;
  dueTime: TimeOfDay | null;
  daysLeft: number | null;
  daysOver: number;
  rows: OwedRow[];
}

export interface OwedCounts {
  all: number;
  met: number;
  metLate: number;
  waived: number;
  open: number;
  overdue: number;
}

/** Who owes what, and which of today's notices could not be sent. */
export type DutyFacts = Pick<DutyOutlook, "obligations" | "withheld" | "unreachable" | "bounced">;

export interface Owed {
  overdue: OwedRow[];
  dueSoon: OwedRow[];
  metLate: OwedRow[];
  waived: OwedRow[];
  owed: OwedCounts;
  withheld: Withheld[];
  unreached: Unreached[];
}

const SOON_DAYS = 7;

export function owedAt(campaign: Campaign, duty: DutyFacts, today: PlainDate): Owed {
  const calendar = calendarOf(campaign);
  const rows = duty.obligations.map((obligation) => owedRow(campaign, calendar, obligation, today));
  const inState = (state: ObligationState) => rows.filter((row) => row.state === state).sort(byDueDate);
  return {
    overdue: inState("overdue"),
    dueSoon: rows.filter(isDueSoon).sort(byDueDate),
    metLate: inState("met-late"),
    waived: inState("waived"),
    owed: countOwed(duty.obligations),
    withheld: [...Map.groupBy(duty.withheld, ({ why }) => why)].map(([why, held]) => ({
      units: held.map(({ notice }) => unitOf(campaign, notice.unit)?.name ?? notice.unit),
      why,
    })),
    unreached: unreached(campaign, duty, today),
  };
}

function owedRow(campaign: Campaign, calendar: Calendar, obligation: Obligation, today: PlainDate): OwedRow {
  const deliverable = deliverableOf(campaign, obligation.deliverable);
  const item = deliverable?.items.find((candidate) => candidate.code === obligation.item);
  const { dueOn, dueTime, metAt, state } = obligation;
  return {
    unit: unitOf(campaign, obligation.unit)?.name ?? obligation.unit,
    deliverable: deliverable?.name ?? obligation.deliverable,
    item: item?.name ?? obligation.item,
    dueOn,
    dueTime,
    state,
    daysLeft: dueOn === null ? null : daysBetween(today, dueOn),
    daysOver: state === "overdue" && dueOn !== null ? calendar.noticeDaysBetween(dueOn, today) : 0,
    daysLate:
      state === "met-late" && dueOn && metAt ? daysBetween(dueOn, dateOf(metAt, campaign.timezone)) : null,
    provisional: obligation.provisional,
    why: obligation.why,
  };
}

function isDueSoon(row: OwedRow): boolean {
  const open = row.state === "outstanding" || row.state === "extended";
  return open && row.daysLeft !== null && row.daysLeft >= 0 && row.daysLeft <= SOON_DAYS;
}

/** In the order of their rows. */
export function owedTogether(rows: OwedRow[]): OwedGroup[] {
  const groups = Map.groupBy(rows, ({ deliverable, dueOn, dueTime }) => `${dueOn} ${dueTime} ${deliverable}`);
  return [...groups.values()].flatMap((own) => {
    const [first] = own;
    return first
      ? [
          {
            deliverable: first.deliverable,
            dueOn: first.dueOn,
            dueTime: first.dueTime,
            daysLeft: first.daysLeft,
            daysOver: first.daysOver,
            rows: own,
          },
        ]
      : [];
  });
}

function byDueDate(a: OwedRow, b: OwedRow): number {
  return (a.dueOn ?? "").localeCompare(b.dueOn ?? "");
}

export function countOwed(obligations: Obligation[]): OwedCounts {
  const count = (...states: ObligationState[]) =>
    obligations.filter((one) => states.includes(one.state)).length;
  return {
    all: obligations.length,
    met: count("met"),
    metLate: count("met-late"),
    waived: count("waived"),
    open: count("outstanding", "extended"),
    overdue: count("overdue"),
  };
}

/** Units that owe something late or due soon and have no address that works, whether or not a notice is due today. */
function unreached(campaign: Campaign, duty: DutyFacts, today: PlainDate): Unreached[] {
  const due = new Set(duty.unreachable.map(({ unit }) => unit));
  for (const one of duty.obligations) {
    const daysLeft = one.dueOn === null ? null : daysBetween(today, one.dueOn);
    const unit = unitOf(campaign, one.unit);
    const isUrgent = isOwed(one) && daysLeft !== null && daysLeft <= SOON_DAYS;
    if (unit && isUrgent && !contactsOf(unit).some(({ email }) => !duty.bounced.has(email.toLowerCase())))
      due.add(one.unit);
  }
  return [...due].map((code) => {
    const unit = unitOf(campaign, code);
    const names = unit ? contactsOf(unit).map(({ name }) => name) : [];
    return { unit: unit?.name ?? code, ring: [...new Set(names)] };
  });
}

function contactsOf({ liaison, head, supervisor }: Unit) {
  return [liaison, head, supervisor].filter((contact) => contact !== null);
}
