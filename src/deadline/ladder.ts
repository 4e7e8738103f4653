// Which unit gets which notice today, and who is addressed; pure. Missed steps are not made up for.
import { type Campaign, type Contact, deliverableOf, isOurMailbox, type Unit } from "../campaign/campaign.ts";
import { addDays, dateOf, type PlainDate } from "../text/dates.ts";
import { type Calendar, STOP_AFTER_DAYS } from "./calendar.ts";
import { isOwed, type Obligation } from "./obligation.ts";

export type DutyKind = "reminder" | "overdue" | "escalation";

/** One mail to one unit on one day, naming everything it still owes. */
export interface DutyNotice {
  unit: string;
  on: PlainDate;
  kind: DutyKind;
  to: Contact[];
  cc: Contact[];
  /** Everything the unit still owes, longest due first; also what is not yet due or has no date. */
  owed: Obligation[];
  /** Which of them made today the day: days to go (negative) or days overdue, in the days the campaign counts. */
  causes: { key: string; days: number }[];
  /** Addresses of this unit that returned an earlier notice: why the next level is addressed as well. */
  returned: string[];
}

export interface DutyPlan {
  due: DutyNotice[];
  /** Due, but no level of the unit has an address, or every address returned our mail: the office must ring them. */
  unreachable: DutyNotice[];
  /** The day's notices once quiet hours have begun: they do not leave any more. */
  over: DutyNotice[];
}

const levels = ["liaison", "head", "supervisor"] as const;
type Level = 0 | 1 | 2;

/**
 * The notices due at `now`: from the first minute after quiet hours of a (working) day until they begin again. Asked
 * again later the same day it answers the same, so nothing depends on being asked exactly once.
 */
export function dueNotices(
  obligations: Obligation[],
  campaign: Campaign,
  calendar: Calendar,
  now: Date,
  bouncedAddresses: ReadonlySet<string> = new Set(),
): DutyPlan {
  const today = dateOf(now, calendar.zone);
  const plan: DutyPlan = { due: [], unreachable: [], over: [] };
  if (!calendar.isNoticeDay(today) || now < calendar.noticeTime(today)) return plan;
  const isQuiet = calendar.inQuietHours(now);
  const owedByUnit = Map.groupBy(obligations.filter(isOwed), (obligation) => obligation.unit);
  for (const unit of campaign.units) {
    const notice = noticeFor(
      unit,
      owedByUnit.get(unit.code) ?? [],
      campaign,
      calendar,
      today,
      bouncedAddresses,
    );
    if (!notice) continue;
    // An address that returned our mail may work again: it is tried, and the office is told all the same.
    if (notice.to.length === notice.returned.length) plan.unreachable.push(notice);
    if (notice.to.length > 0) (isQuiet ? plan.over : plan.due).push(notice);
  }
  return plan;
}

function noticeFor(
  unit: Unit,
  owed: Obligation[],
  campaign: Campaign,
  calendar: Calendar,
  today: PlainDate,
  bouncedAddresses: ReadonlySet<string>,
): DutyNotice | null {
  const causes = owed.flatMap((obligation) => {
    const days = daysFromDue(obligation, campaign, calendar, today);
    return days === null ? [] : [{ key: obligation.key, days }];
  });
  if (causes.length === 0) return null;
  const level = Math.max(...causes.map(({ days }) => levelOn(days, campaign))) as Level;
  const isOverdue = causes.some(({ days }) => days > 0);
  const leads = isOverdue ? leadsOf(owed, campaign) : [];
  const { to, cc, returned } = recipients(unit, level, leads, bouncedAddresses, campaign);
  return {
    unit: unit.code,
    on: today,
    kind: !isOverdue ? "reminder" : level === 0 ? "overdue" : "escalation",
    to,
    cc,
    owed: owed.toSorted(byDueDate),
    causes,
    returned,
  };
}

/** −n on the n-th day before the due day, n on the n-th after it, where that day has a notice; else null. */
function daysFromDue(
  { dueOn }: Obligation,
  campaign: Campaign,
  calendar: Calendar,
  today: PlainDate,
): number | null {
  if (dueOn === null) return null;
  const { before, overdue } = campaign.reminders;
  if (today <= dueOn) {
    // Counted from the due day back, so that a due day that is no working day is no step of its own.
    const days = before.find((n) => calendar.addNoticeDays(dueOn, -n) === today);
    return days === undefined ? null : -days;
  }
  if (today > addDays(campaign.closes, STOP_AFTER_DAYS)) return null;
  const days = calendar.noticeDaysBetween(dueOn, today);
  const step = days - overdue.liaison;
  return step >= 0 && step % Math.max(1, overdue.every) === 0 ? days : null;
}

function levelOn(days: number, campaign: Campaign): Level {
  const { head, supervisor } = campaign.reminders.overdue;
  if (days >= supervisor && days > 0) return 2;
  return days >= head && days > 0 ? 1 : 0;
}

/** The leaders answerable for items that are overdue. */
function leadsOf(owed: Obligation[], campaign: Campaign): Contact[] {
  return owed.flatMap((obligation) => {
    if (obligation.state !== "overdue" || obligation.item === null) return [];
    const items = deliverableOf(campaign, obligation.deliverable)?.items ?? [];
    return items.find((item) => item.code === obligation.item)?.lead ?? [];
  });
}

/**
 * To the highest level reached, Cc the levels below. A level without an address falls through to the next one up, at
 * the top to the next one down; after a hard bounce the next level is addressed as well.
 */
function recipients(
  unit: Unit,
  level: Level,
  leads: Contact[],
  bouncedAddresses: ReadonlySet<string>,
  campaign: Campaign,
) {
  const contacts = levels.map((name) =>
    isOurMailbox(unit[name]?.email ?? "", campaign) ? null : unit[name],
  );
  const order = [...contacts.slice(level), ...contacts.slice(0, level).reverse()];
  const reachable = distinct(order.filter((contact) => contact !== null));
  const returned: string[] = [];
  const to: Contact[] = [];
  for (const contact of distinct([...reachable, ...leads])) {
    to.push(contact);
    if (!bouncedAddresses.has(contact.email.toLowerCase())) break;
    returned.push(contact.email);
  }
  const below = contacts
    .slice(0, level)
    .reverse()
    .filter((contact) => contact !== null);
  const addressed = new Set(to.map(({ email }) => email.toLowerCase()));
  const cc = distinct([...below, ...leads]).filter(({ email }) => !addressed.has(email.toLowerCase()));
  return { to, cc, returned };
}

/** The same person may hold two posts: one address, one copy. */
function distinct(contacts: Contact[]): Contact[] {
  const seen = new Set<string>();
  return contacts.filter(({ email }) => {
    const address = email.toLowerCase();
    return address !== "" && !seen.has(address) && seen.add(address);
  });
}

function byDueDate(a: Obligation, b: Obligation): number {
  const [first, second] = [a.dueOn ?? "9999", b.dueOn ?? "9999"];
  return first < second ? -1 : first > second ? 1 : a.key < b.key ? -1 : 1;
}
