// Working days with China's public holidays and make-up days (调休), and quiet hours; pure, in the campaign's zone (R50).
// The package's data, not its functions: those read dates in the host's zone and are a day off west of Greenwich.
import publicDays from "chinese-days/dist/chinese-days.json" with { type: "json" };
import type { Campaign } from "../campaign/campaign.ts";
import { addDays, dateOf, instantOf, type PlainDate, timeOfDay, weekday } from "../text/dates.ts";

/** Overdue notices stop this many days after the campaign closes. */
export const STOP_AFTER_DAYS = 30;

export interface Calendar {
  zone: string;
  /** A day the offices work. */
  isWorkingDay(on: PlainDate): boolean;
  /** The n-th working day after `on` (before it where n is negative); `on` itself for 0. */
  addWorkingDays(on: PlainDate, n: number): PlainDate;
  /** Working days after `from` up to and including `to`; negative when `to` is earlier. */
  workingDaysBetween(from: PlainDate, to: PlainDate): number;
  /** As above, in the days `reminders` counts: working days, or calendar days with `workingDaysOnly: false`. */
  isNoticeDay(on: PlainDate): boolean;
  addNoticeDays(on: PlainDate, n: number): PlainDate;
  noticeDaysBetween(from: PlainDate, to: PlainDate): number;
  /** The first minute after quiet hours of a day: when its duty notices go. */
  noticeTime(on: PlainDate): Date;
  inQuietHours(at: Date): boolean;
  /** Whether a duty notice may leave at all at that instant. */
  isNoticeTime(at: Date): boolean;
}

export function calendarOf(campaign: Pick<Campaign, "timezone" | "holidays" | "reminders">): Calendar {
  const off = new Set(campaign.holidays.off);
  const working = new Set(campaign.holidays.working);
  const { quiet, workingDaysOnly } = campaign.reminders;
  const isWorkingDay = (on: PlainDate) =>
    working.has(on) ? true : off.has(on) ? false : isPublicWorkingDay(on);
  const isNoticeDay = (on: PlainDate) => !workingDaysOnly || isWorkingDay(on);
  const workingDays = counting(isWorkingDay);
  const noticeDays = counting(isNoticeDay);
  const noticeTime = (on: PlainDate) => instantOf(on, quiet?.to ?? "00:00", campaign.timezone);
  const inQuietHours = (at: Date) => {
    if (!quiet || quiet.from === quiet.to) return false;
    const time = timeOfDay(at, campaign.timezone);
    // "18:00-08:30" spans midnight, "12:00-13:30" does not. The end is the first minute that is not quiet.
    return quiet.from < quiet.to
      ? time >= quiet.from && time < quiet.to
      : time >= quiet.from || time < quiet.to;
  };
  return {
    zone: campaign.timezone,
    isWorkingDay,
    addWorkingDays: workingDays.add,
    workingDaysBetween: workingDays.between,
    isNoticeDay,
    addNoticeDays: noticeDays.add,
    noticeDaysBetween: noticeDays.between,
    noticeTime,
    inQuietHours,
    isNoticeTime: (at) => {
      const today = dateOf(at, campaign.timezone);
      return isNoticeDay(today) && at >= noticeTime(today) && !inQuietHours(at);
    },
  };
}

const publicHolidays = new Set(Object.keys(publicDays.holidays));
const makeUpDays = new Set(Object.keys(publicDays.workdays));
const coveredYears = new Set([...publicHolidays].map((on) => Number(on.slice(0, 4))));

/**
 * Whether the public calendar knows a year's holidays. A year it does not know counts as plain weekdays, so callers
 * must say so and ask for `holidays` in the configuration.
 */
export function calendarCovers(year: number): boolean {
  return coveredYears.has(year);
}

/**
 * The years this campaign counts working days in and no calendar knows: neither the public one nor a day of that year
 * under `holidays`. Notices go on after the last date; an extension may add a year of its own (`further`).
 */
export function unknownYears(campaign: Campaign, further: PlainDate[] = []): number[] {
  const { opens, closes, phases, deliverables, holidays } = campaign;
  const dates = [
    ...[opens, closes, addDays(closes, STOP_AFTER_DAYS), ...further],
    ...phases.flatMap(({ from, to }) => [from, to]),
    ...deliverables.flatMap((one) => [one.opens, one.closes, one.due].filter((on) => on !== null)),
  ];
  const yearOf = (on: PlainDate) => Number(on.slice(0, 4));
  const touched = dates.map(yearOf);
  const named = new Set([...holidays.off, ...holidays.working].map(yearOf));
  const first = Math.min(...touched);
  const years = Array.from({ length: Math.max(...touched) - first + 1 }, (_, index) => first + index);
  return years.filter((year) => !calendarCovers(year) && !named.has(year));
}

/** "2027、2029–2031", for a sentence. */
export function yearsInWords(years: number[], separator: string): string {
  const runs: [number, number][] = [];
  for (const year of years) {
    const last = runs.at(-1);
    if (last?.[1] === year - 1) last[1] = year;
    else runs.push([year, year]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(separator);
}

function isPublicWorkingDay(on: PlainDate): boolean {
  if (makeUpDays.has(on)) return true;
  return !publicHolidays.has(on) && weekday(on) <= 5;
}

/** Far more than any run of days off: a calendar in which nothing works must not loop for ever. */
const LONGEST_SEARCH_DAYS = 4_000;

/** Of hundreds of obligations with one due day, each asks the same at every pass: it is counted once. */
function counting(counts: (on: PlainDate) => boolean) {
  return {
    add: remembered((on: PlainDate, n: number) => step(on, n, counts)),
    between: remembered((from: PlainDate, to: PlainDate) => count(from, to, counts)),
  };
}

const REMEMBERED_MAX = 20_000;

function remembered<Given extends string | number, Found>(
  find: (on: PlainDate, given: Given) => Found,
): (on: PlainDate, given: Given) => Found {
  const known = new Map<string, Found>();
  return (on, given) => {
    const key = `${on} ${given}`;
    let found = known.get(key);
    if (found === undefined) {
      found = find(on, given);
      if (known.size >= REMEMBERED_MAX) known.clear();
      known.set(key, found);
    }
    return found;
  };
}

function step(on: PlainDate, n: number, counts: (on: PlainDate) => boolean): PlainDate {
  const direction = Math.sign(n);
  let day = on;
  let left = Math.abs(n);
  for (let searched = 0; left > 0; searched++) {
    if (searched > LONGEST_SEARCH_DAYS)
      throw new RangeError(`no ${n} working days from ${on} in this calendar`);
    day = addDays(day, direction);
    if (counts(day)) left--;
  }
  return day;
}

function count(from: PlainDate, to: PlainDate, counts: (on: PlainDate) => boolean): number {
  if (to < from) return -count(to, from, counts);
  let days = 0;
  for (let day = from; day < to; ) {
    day = addDays(day, 1);
    if (counts(day)) days++;
  }
  return days;
}
