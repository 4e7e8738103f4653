// A date as somebody writes it in a line, with a time or without, and the year that is meant where none is written.
import { addDays, type PlainDate, type TimeOfDay } from "../text/dates.ts";

export interface When {
  on: PlainDate;
  time: TimeOfDay | null;
}

/** "ahead": something that is to be; "back": something that was. */
export type Toward = "ahead" | "back";

export type WhenRead =
  | { is: "when"; when: When; end: number }
  /** No day of the calendar, or a span of time, or a day without its month. */
  | { is: "unclear"; end: number };

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const MONTH = `(${MONTHS.join("|")})[a-z]*\\.?`;
const HAN = "〇一二三四五六七八九十";
const FULL = /(\d{4})\s*(?:[-/.]|年)\s*(\d{1,2})\s*(?:[-/.]|月)\s*(\d{1,2})(?!\d)\s*[日号]?/y;
const MONTH_DAY = /(今年|明年|去年)?\s*(\d{1,2})\s*月\s*(\d{1,2})(?!\d)\s*[日号]?/y;
const HAN_DAY = new RegExp(`(今年|明年|去年)?([${HAN}]{1,3})月([${HAN}]{1,3})[日号]?`, "y");
const NUMERIC = /(\d{1,2})[-/.](\d{1,2})(?![\d/-])/y;
const DAY_FIRST = new RegExp(
  `(\\d{1,2})(?:st|nd|rd|th)?\\s+(?:of\\s+)?${MONTH}(?![a-z])(?:,?\\s+(\\d{4}))?`,
  "y",
);
const MONTH_FIRST = new RegExp(
  `${MONTH}(?![a-z])\\s+(\\d{1,2})(?:st|nd|rd|th)?(?!\\d)(?:,?\\s+(\\d{4}))?`,
  "y",
);
const RELATIVE: [RegExp, number][] = [
  [/前天|前日/y, -2],
  [/昨天|昨日|yesterday/y, -1],
  [/今天|今日|当天|today/y, 0],
  [/明天|明日|tomorrow/y, 1],
  [/后天/y, 2],
];
/** A span, or a day without a month: what it is counted from would be a guess. */
const UNCLEAR = new RegExp(
  `(?:\\d{1,3}|[${HAN}两半]{1,3}|a|one|two|three)\\s*个?(?:工作日|天|日|号|周|星期|礼拜|月|days?\\b|weeks?\\b|months?\\b|working days?\\b)|(?:下|本|这)(?:周|星期|个?月)[一二三四五六日天底末]?|next (?:week|month|\\w+day)\\b`,
  "y",
);
const TIME =
  /\s*(?:t|,|上午|早上|中午|下午|晚上|晚)?\s*(?:(\d{1,2})(?::(\d{2})(?!\d)|[点时](?:(\d{1,2})分?|(半)|整|钟)?)|([一二两三四五六七八九十]{1,3})[点时](半)?(?:整|钟)?)|\s+(\d{1,2})(?::(\d{2}))?\s*(am|pm)\b/y;
const WEEKDAY = /\s*\(?(?:星期|周)[一二三四五六日天]\)?|\s*\((?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\)/y;

/** More than three years ahead is a slip of the pen: nobody is given more time than that. */
const AHEAD_MAX_DAYS = 1_100;

/** `half` is lower case and half width; null: no date stands here. */
export function whenAt(
  half: string,
  at: number,
  today: PlainDate,
  toward: Toward,
  dayFirst: boolean,
): WhenRead | null {
  const match = <T>(mark: RegExp, read: (found: RegExpExecArray) => T): T | null => {
    mark.lastIndex = at;
    const found = mark.exec(half);
    return found && read(found);
  };
  const ended = (on: PlainDate | null, found: RegExpExecArray): WhenRead => {
    const end = at + found[0].length;
    const isTooFar = on !== null && toward === "ahead" && on > addDays(today, AHEAD_MAX_DAYS);
    return on === null || isTooFar ? { is: "unclear", end } : withTime(half, on, end);
  };
  const near = (year: string | undefined, month: number, day: number) => {
    const said = { 今年: 0, 明年: 1, 去年: -1 }[year ?? ""];
    if (said !== undefined) return dayOf(Number(today.slice(0, 4)) + said, month, day);
    return year === undefined ? nearest(month, day, today, toward) : dayOf(Number(year), month, day);
  };
  return (
    match(FULL, (found) => ended(near(found[1], Number(found[2]), Number(found[3])), found)) ??
    match(MONTH_DAY, (found) => ended(near(found[1], Number(found[2]), Number(found[3])), found)) ??
    match(HAN_DAY, (found) => ended(near(found[1], hanNumber(found[2]), hanNumber(found[3])), found)) ??
    match(DAY_FIRST, (found) => ended(near(found[3], monthOf(found[2]), Number(found[1])), found)) ??
    match(MONTH_FIRST, (found) => ended(near(found[3], monthOf(found[1]), Number(found[2])), found)) ??
    match(NUMERIC, (found) => {
      const [one, other] = [Number(found[1]), Number(found[2])];
      // "5/6" is written both ways round in English: no day is better than the wrong one.
      if (dayFirst && one <= 12 && other <= 12 && one !== other) return ended(null, found);
      const [month, day] = dayFirst && one > 12 ? [other, one] : [one, other];
      return ended(near(undefined, month, day), found);
    }) ??
    RELATIVE.reduce<WhenRead | null>(
      (known, [mark, days]) => known ?? match(mark, (found) => ended(addDays(today, days), found)),
      null,
    ) ??
    match(UNCLEAR, (found) => ({ is: "unclear" as const, end: at + found[0].length }))
  );
}

function withTime(half: string, on: PlainDate, from: number): WhenRead {
  WEEKDAY.lastIndex = from;
  const end = from + (WEEKDAY.exec(half)?.[0].length ?? 0);
  TIME.lastIndex = end;
  const found = TIME.exec(half);
  if (!found) return { is: "when", when: { on, time: null }, end };
  const [written, hour, minute, minuteHan, half1, hourHan, half2, hourEn, minuteEn, noon] = found;
  const isLate = /下午|晚/.test(written) || noon === "pm";
  const hours = hourHan ? hanNumber(hourHan.replace("两", "二")) : Number(hour ?? hourEn);
  const late = isLate && hours < 12 ? hours + 12 : noon === "am" && hours === 12 ? 0 : hours;
  const minutes = half1 || half2 ? 30 : Number(minute ?? minuteHan ?? minuteEn ?? 0);
  const after = end + written.length;
  // 24:00 is the end of the day, which a date alone means.
  if (late === 24 && minutes === 0) return { is: "when", when: { on, time: null }, end: after };
  if (late > 23 || minutes > 59) return { is: "unclear", end: after };
  const two = (number: number) => String(number).padStart(2, "0");
  return { is: "when", when: { on, time: `${two(late)}:${two(minutes)}` }, end: after };
}

/** What lies this far behind may still be meant by a day to come, and the other way round. */
const MEANT_WITHIN_DAYS = 60;

/** Of the years the day may be of, the nearest one in the direction that is meant. */
function nearest(month: number, day: number, today: PlainDate, toward: Toward): PlainDate | null {
  const year = Number(today.slice(0, 4));
  const days = [year - 1, year, year + 1, year + 2].flatMap((one) => dayOf(one, month, day) ?? []);
  return toward === "ahead"
    ? (days.find((one) => one >= addDays(today, -MEANT_WITHIN_DAYS)) ?? null)
    : (days.findLast((one) => one <= addDays(today, MEANT_WITHIN_DAYS)) ?? null);
}

function dayOf(year: number, month: number, day: number): PlainDate | null {
  const at = new Date(Date.UTC(year, month - 1, day));
  const isReal = at.getUTCMonth() === month - 1 && at.getUTCDate() === day && year > 1990 && year < 2200;
  return isReal ? at.toISOString().slice(0, 10) : null;
}

const monthOf = (name: string | undefined) => MONTHS.indexOf((name ?? "").slice(0, 3)) + 1;

/** 十二 → 12, 二十五 → 25. */
function hanNumber(written = ""): number {
  const digit = (one: string | undefined) => (one ? HAN.indexOf(one) : 0);
  const ten = written.indexOf("十");
  if (ten < 0) return written.length === 1 ? digit(written) : 0;
  return (ten === 0 ? 1 : digit(written[0])) * 10 + digit(written[ten + 1]);
}
