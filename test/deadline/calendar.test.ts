// Working days around the turn of the year 2012/2013, computed by hand from the State Council's notices.
import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { calendarCovers, calendarOf } from "../../src/deadline/calendar.ts";
import { endOfDay } from "../../src/text/dates.ts";
import { at, campaign } from "./campaign.ts";

const calendar = calendarOf(campaign());

test.each([
  ["2012-12-14", true, "a Friday"],
  ["2012-12-15", false, "a Saturday"],
  ["2012-12-31", true, "a Monday"],
  ["2013-01-01", false, "New Year"],
  ["2013-01-03", false, "New Year, third day"],
  ["2013-01-04", true, "a Friday"],
  ["2013-01-05", true, "a Saturday worked in exchange (调休)"],
  ["2013-01-06", true, "a Sunday worked in exchange (调休)"],
  ["2012-09-29", true, "a Saturday worked in exchange (调休)"],
  ["2012-10-05", false, "National Day week"],
])("%s is a working day: %s (%s)", (on, expected) => {
  expect(calendar.isWorkingDay(on)).toBe(expected);
});

test.each([
  ["2018-02-17", "America/Sao_Paulo", "2018-02-18T03:00:00.000Z"],
  ["2023-10-28", "Asia/Beirut", "2023-10-28T22:00:00.000Z"],
  ["2024-03-09", "America/New_York", "2024-03-10T05:00:00.000Z"],
  ["9999-12-31", "UTC", "+010000-01-01T00:00:00.000Z"],
])("%s in %s lasts until midnight, also where 23:00 comes twice", (on, zone, midnight) => {
  expect(new Date(endOfDay(on, zone).getTime() + 1).toISOString()).toBe(midnight);
});

test.each([
  ["2012-12-15", -1, "2012-12-14"],
  ["2012-12-15", -3, "2012-12-12"],
  ["2012-12-15", -7, "2012-12-06"],
  ["2012-12-15", 1, "2012-12-17"],
  ["2012-12-31", 1, "2013-01-04"],
  ["2012-12-31", 3, "2013-01-06"],
  ["2012-12-31", 4, "2013-01-07"],
  ["2012-12-14", 0, "2012-12-14"],
])("from %s, %i working days are %s", (from, n, expected) => {
  expect(calendar.addWorkingDays(from, n)).toBe(expected);
});

test.each([
  ["2012-12-14", "2012-12-17", 1],
  ["2012-12-17", "2012-12-14", -1],
  ["2012-12-31", "2013-01-07", 4],
  ["2012-12-15", "2012-12-16", 0],
])("between %s and %s lie %i working days", (from, to, expected) => {
  expect(calendar.workingDaysBetween(from, to)).toBe(expected);
});

test("the campaign's own holidays and working days come before the public ones", () => {
  const own = calendarOf(
    campaign({ holidays: { off: ["2012-12-14"], working: ["2012-12-15", "2013-01-01"] } }),
  );
  expect(["2012-12-14", "2012-12-15", "2013-01-01"].map(own.isWorkingDay)).toEqual([false, true, true]);
});

test("a year the public calendar does not know counts as plain weekdays, and can be told", () => {
  expect([2012, 2013, 2026, 2027].map(calendarCovers)).toEqual([true, true, true, false]);
  expect(calendar.isWorkingDay("2027-01-01")).toBe(true);
  expect(calendar.isWorkingDay("2027-01-02")).toBe(false);
});

test("without workingDaysOnly reminders count every day, while working days stay what they are", () => {
  const every = calendarOf(campaign({ reminders: { ...campaign().reminders, workingDaysOnly: false } }));
  expect(every.isNoticeDay("2012-12-15")).toBe(true);
  expect(every.addNoticeDays("2012-12-15", -3)).toBe("2012-12-12");
  expect(every.addNoticeDays("2012-12-15", 1)).toBe("2012-12-16");
  expect(every.isWorkingDay("2012-12-15")).toBe(false);
});

test("a calendar in which nobody ever works ends with an error instead of searching for ever", () => {
  const idle = calendarOf(campaign({ reminders: { ...campaign().reminders } }));
  expect(() => idle.addWorkingDays("2012-12-15", 100_000)).toThrow(/working days/);
});

describe("quiet hours", () => {
  const times = ["00:00", "08:29", "08:30", "12:00", "13:29", "13:30", "17:59", "18:00", "23:59"];
  test.each([
    ["18:00", "08:30", [true, true, false, false, false, false, false, true, true]],
    ["12:00", "13:30", [false, false, false, true, true, false, false, false, false]],
  ])("%s-%s", (from, to, expected) => {
    const quiet = calendarOf(campaign({ reminders: { ...campaign().reminders, quiet: { from, to } } }));
    expect(times.map((time) => quiet.inQuietHours(at("2012-12-14", time)))).toEqual(expected);
    expect(quiet.noticeTime("2012-12-14")).toEqual(at("2012-12-14", to));
  });

  test("without any, notices may go from midnight on", () => {
    const none = calendarOf(campaign({ reminders: { ...campaign().reminders, quiet: null } }));
    expect(none.inQuietHours(at("2012-12-14", "03:00"))).toBe(false);
    expect(none.noticeTime("2012-12-14")).toEqual(at("2012-12-14", "00:00"));
  });
});

test("the host's time zone changes nothing", () => {
  const program = `
    const { calendarOf } = await import(${JSON.stringify(new URL("../../src/deadline/calendar.ts", import.meta.url).href)});
    const calendar = calendarOf(${JSON.stringify(campaign())});
    let days = "";
    for (let day = "2012-12-01"; day < "2013-03-01"; day = calendar.addNoticeDays(day, 1)) days += day;
    console.log(days, calendar.noticeTime("2012-12-14").toISOString());`;
  const answers = ["UTC", "America/Los_Angeles", "Pacific/Apia", "Asia/Shanghai"].map((zone) =>
    execFileSync(process.execPath, ["--input-type=module", "--eval", program], {
      env: { ...process.env, TZ: zone },
      encoding: "utf8",
      timeout: 30_000,
    }),
  );
  expect(new Set(answers).size).toBe(1);
  expect(answers[0]).toContain("2012-12-14T00:30:00.000Z");
});
