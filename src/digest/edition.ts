// Which edition a day's digest is: daily, with the week's sums on its last working day, or the one that closes; pure.
import type { Campaign } from "../campaign/campaign.ts";
import type { Calendar } from "../deadline/calendar.ts";
import { STOP_AFTER_DAYS } from "../deadline/calendar.ts";
import { isOwed, type Obligation } from "../deadline/obligation.ts";
import { addDays, instantOf, type PlainDate, weekday } from "../text/dates.ts";

export type Edition = "daily" | "weekly" | "final";
export const EDITIONS: readonly Edition[] = ["daily", "weekly", "final"];

/** The office gets one mail a day: a weekly or final edition is that day's digest, and says more. */
export function editionOn(
  campaign: Campaign,
  calendar: Calendar,
  on: PlainDate,
  facts: { obligations: Obligation[]; hadFinal: boolean },
): Edition {
  if (!facts.hadFinal && isClosing(campaign, on, facts.obligations)) return "final";
  return on === weeklyDay(campaign, calendar, on) ? "weekly" : "daily";
}

/** The campaign is over, and nothing more will come of it: all is handed in, or nobody is urged any more. */
function isClosing({ closes }: Campaign, on: PlainDate, obligations: Obligation[]): boolean {
  if (on <= closes) return false;
  return !obligations.some(isOwed) || on > addDays(closes, STOP_AFTER_DAYS);
}

const weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/**
 * The day of the weekly edition in the week of `on`: its last working day, or the last one up to the day named in the
 * configuration; null where there is none. A make-up Saturday ends its week, a holiday on Friday ends it on Thursday.
 */
export function weeklyDay(
  { office }: Pick<Campaign, "office">,
  calendar: Calendar,
  on: PlainDate,
): PlainDate | null {
  if (office.weekly === "none") return null;
  const monday = addDays(on, 1 - weekday(on));
  const last = office.weekly === "last" ? 6 : weekdays.indexOf(office.weekly);
  for (let day = last; day >= 0; day--) {
    if (calendar.isWorkingDay(addDays(monday, day))) return addDays(monday, day);
  }
  return null;
}

/** Where the sums of the week that ends on `on` begin: weeks follow one another without gap or overlap. */
export function weekBegins(campaign: Campaign, calendar: Calendar, on: PlainDate): Date {
  for (let week = 1; week <= 6; week++) {
    const previous = weeklyDay(campaign, calendar, addDays(on, -7 * week));
    if (previous) return digestAt(campaign, previous);
  }
  return digestAt(campaign, addDays(on, -7));
}

export function digestAt(campaign: Campaign, on: PlainDate): Date {
  return instantOf(on, campaign.office.digest, campaign.timezone);
}

/** "digest/2012-12-07", "digest/2012-12-07/weekly": whatever its edition, a day has one. */
export function digestKey(on: PlainDate, edition: Edition): string {
  return edition === "daily" ? `digest/${on}` : `digest/${on}/${edition}`;
}
