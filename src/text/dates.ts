// Calendar dates as plain text (YYYY-MM-DD) and their instants in a time zone; host zone never matters (R50).
import { Temporal } from "temporal-polyfill";

/** A calendar date, "2012-12-15". Compares and sorts as text. */
export type PlainDate = string;
/** A time of day, "17:30". */
export type TimeOfDay = string;

const offsets = new Map<string, number>();

/** UTC offset in milliseconds of `zone` during the UTC hour holding `atMs`. Cached: a zone never changes inside one. */
function offsetMs(atMs: number, zone: string): number {
  const key = `${zone}/${Math.floor(atMs / 3_600_000)}`;
  let offset = offsets.get(key);
  if (offset === undefined) {
    offset =
      Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(zone).offsetNanoseconds / 1_000_000;
    if (offsets.size > 10_000) offsets.clear();
    offsets.set(key, offset);
  }
  return offset;
}

/** The wall clock of `zone` at an instant: "2012-12-15T17:30:00". */
function wallClock(at: Date, zone: string): string {
  return new Date(at.getTime() + offsetMs(at.getTime(), zone)).toISOString().slice(0, 19);
}

/** The calendar date in `zone` at an instant. */
export function dateOf(at: Date, zone: string): PlainDate {
  return wallClock(at, zone).slice(0, 10);
}

/** The time of day in `zone` at an instant, to the minute. */
export function timeOfDay(at: Date, zone: string): TimeOfDay {
  return wallClock(at, zone).slice(11, 16);
}

/** The instant at which `zone` shows this date and time ("HH:MM" or "HH:MM:SS"); `which` of two, where it does so twice. */
export function instantOf(
  on: PlainDate,
  time: string,
  zone: string,
  which: "compatible" | "later" = "compatible",
): Date {
  const key = `${on}T${time}/${zone}/${which}`;
  let at = instants.get(key);
  if (at === undefined) {
    at = Temporal.PlainDateTime.from(`${on}T${time}`).toZonedDateTime(zone, {
      disambiguation: which,
    }).epochMilliseconds;
    if (instants.size > 10_000) instants.clear();
    instants.set(key, at);
  }
  return new Date(at);
}

/** The same few due days are asked for thousands of times. */
const instants = new Map<string, number>();

/**
 * 23:59:59.999 of a date: a due date means until the end of that day. Where the clocks go back at midnight that moment
 * comes twice, and the day lasts until the second.
 */
export function endOfDay(on: PlainDate, zone: string): Date {
  return instantOf(on, "23:59:59.999", zone, "later");
}

/** The last instant a thing due then may come: that minute, or the end of the day where no time is given. */
export function dueInstant(on: PlainDate, time: TimeOfDay | null, zone: string): Date {
  return time === null ? endOfDay(on, zone) : instantOf(on, time, zone);
}

export function addDays(on: PlainDate, days: number): PlainDate {
  return new Date(Date.parse(`${on}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: PlainDate, to: PlainDate): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000;
}

/** 1 = Monday … 7 = Sunday (ISO 8601). */
export function weekday(on: PlainDate): number {
  return new Date(`${on}T00:00:00Z`).getUTCDay() || 7;
}

/** An instant with the zone's offset, "2012-12-15T17:30:00+08:00". */
export function isoInZone(at: Date, zone: string): string {
  const offset = offsetMs(at.getTime(), zone) / 60_000;
  const two = (n: number) => String(Math.floor(Math.abs(n))).padStart(2, "0");
  return `${wallClock(at, zone)}${offset < 0 ? "-" : "+"}${two(offset / 60)}:${two(offset % 60)}`;
}

/** A date as people of the campaign write it: 2012年12月15日 or 15 December 2012. */
export function writtenDate(on: PlainDate, locale: string): string {
  const [year, month, day] = on.split("-").map(Number) as [number, number, number];
  if (locale.startsWith("zh")) return `${year}年${month}月${day}日`;
  const name = new Intl.DateTimeFormat("en", { month: "long", timeZone: "UTC" }).format(
    new Date(`${on}T00:00:00Z`),
  );
  return `${day} ${name} ${year}`;
}

/** A due date with its time, where it has one: 2012年12月15日17:00 or 15 December 2012, 17:00. */
export function writtenDue(on: PlainDate, time: TimeOfDay | null, locale: string): string {
  const date = writtenDate(on, locale);
  if (time === null) return date;
  return locale.startsWith("zh") ? `${date}${time}` : `${date}, ${time}`;
}
