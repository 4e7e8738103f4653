// Which edition a day's digest is: one mail a day, a week ends on its last working day, a campaign once.
import { expect, test } from "vitest";
import type { Campaign } from "../../src/campaign/campaign.ts";
import { calendarOf } from "../../src/deadline/calendar.ts";
import type { Obligation, ObligationState } from "../../src/deadline/obligation.ts";
import { digestKey, editionOn, weekBegins, weeklyDay } from "../../src/digest/edition.ts";
import { addDays } from "../../src/text/dates.ts";
import { at, sampleCampaign } from "./office.ts";

const campaign = sampleCampaign();
const calendar = calendarOf(campaign);
const sending = (weekly: Campaign["office"]["weekly"]): Campaign => ({
  ...campaign,
  office: { ...campaign.office, weekly },
});
const owing = (state: ObligationState) => ({ state }) as Obligation;
const facts = (states: ObligationState[] = [], hadFinal = false) => ({
  obligations: states.map(owing),
  hadFinal,
});

test("a week's edition is that of its last working day", () => {
  expect(weeklyDay(campaign, calendar, "2012-12-05")).toBe("2012-12-07");
  // The National Day holiday of 2012 began on Sunday and ended on Sunday; Saturday 29 September was worked.
  expect(weeklyDay(campaign, calendar, "2012-09-27")).toBe("2012-09-29");
  expect(weeklyDay(campaign, calendar, "2012-10-03")).toBeNull();
  // New Year: Saturday 5 January 2013 was worked in place of a holiday, and so was Sunday.
  expect(weeklyDay(campaign, calendar, "2013-01-03")).toBe("2013-01-06");
});

test("a named day is kept to, or the last working day before it", () => {
  expect(weeklyDay(sending("friday"), calendar, "2012-09-27")).toBe("2012-09-28");
  expect(weeklyDay(sending("wednesday"), calendar, "2012-12-05")).toBe("2012-12-05");
  // Tuesday 1 January 2013 was a holiday.
  expect(weeklyDay(sending("tuesday"), calendar, "2013-01-02")).toBe("2012-12-31");
  expect(weeklyDay(sending("none"), calendar, "2012-12-05")).toBeNull();
});

test("every working day of a year has one edition, and weeks follow one another without gap or overlap", () => {
  let weeks = 0;
  let ended: Date | null = null;
  for (let on = "2012-01-02"; on < "2013-01-01"; on = addDays(on, 1)) {
    if (!calendar.isWorkingDay(on)) continue;
    const open = { ...campaign, closes: "2013-12-31" };
    const edition = editionOn(open, calendar, on, facts(["outstanding"]));
    expect(edition).toBe(on === weeklyDay(campaign, calendar, on) ? "weekly" : "daily");
    if (edition === "daily") continue;
    weeks += 1;
    if (ended) expect(weekBegins(campaign, calendar, on)).toEqual(ended);
    ended = at(`${on} 17:30`);
  }
  expect(weeks).toBeGreaterThan(48);
});

test("the closing edition waits until all is handed in, or nobody is urged any more, and comes once", () => {
  const on = "2012-12-21";
  const edition = (day: string, states: ObligationState[], hadFinal = false) =>
    editionOn(campaign, calendar, day, facts(states, hadFinal));
  expect(edition(on, ["met", "met-late", "waived"])).toBe("final");
  expect(edition("2012-12-20", ["met"])).not.toBe("final");
  for (const state of ["outstanding", "extended", "overdue"] as const) {
    expect(edition("2013-01-18", ["met", state])).not.toBe("final");
    expect(edition("2013-01-21", ["met", state])).toBe("final");
    expect(edition("2013-01-21", ["met", state], true)).not.toBe("final");
  }
});

test("a key names the day, and the edition where it is not the daily one", () => {
  expect(digestKey("2012-12-07", "daily")).toBe("digest/2012-12-07");
  expect(digestKey("2012-12-07", "weekly")).toBe("digest/2012-12-07/weekly");
});
