// The ladder of reminders, day by day, against dates computed by hand; the interlock that prefers silence.
import { describe, expect, test } from "vitest";
import type { Campaign } from "../../src/campaign/campaign.ts";
import { guessedUnits } from "../../src/deadline/arrived.ts";
import { calendarOf } from "../../src/deadline/calendar.ts";
import { type InterlockFacts, interlock } from "../../src/deadline/interlock.ts";
import { type DutyNotice, dueNotices } from "../../src/deadline/ladder.ts";
import { obligationsAt, type Ruling } from "../../src/deadline/obligation.ts";
import { addDays } from "../../src/text/dates.ts";
import { at, campaign, unit } from "./campaign.ts";

function plan(now: Date, one: Campaign = campaign(), rulings: Ruling[] = [], bounced: string[] = []) {
  const calendar = calendarOf(one);
  const obligations = obligationsAt(one, calendar, [], rulings, now);
  return dueNotices(obligations, one, calendar, now, new Set(bounced));
}

/** Every notice of one unit from day to day, asked once a day at 09:00. */
function diary(
  code: string,
  from: string,
  to: string,
  one: Campaign = campaign(),
  rulings: Ruling[] = [],
): string[] {
  const lines: string[] = [];
  for (let day = from; day <= to; day = addDays(day, 1)) {
    const notice = plan(at(day, "09:00"), one, rulings).due.find((due) => due.unit === code);
    if (notice) lines.push(`${day} ${notice.kind} ${recipients(notice)}`);
  }
  return lines;
}

function recipients({ to, cc }: DutyNotice): string {
  const local = ({ email }: { email: string }) => email.slice(0, email.indexOf("@"));
  return [to.map(local).join("+"), ...cc.map(local)].join(",");
}

test("the summary due Tuesday 25 December 2012: reminders before, then ever higher, over the New Year exchange days", () => {
  expect(diary("library", "2012-12-01", "2013-01-31")).toEqual([
    // 7, 3 and 1 working days before: Friday 14, Thursday 20, Monday 24.
    "2012-12-14 reminder liaison",
    "2012-12-20 reminder liaison",
    "2012-12-24 reminder liaison",
    // Working days after: 26 (1), 27 (2), 28 (3), 31 (4), 4 January (5), 5 (6), 6 (7), 7 (8), 8 (9), 9, 10 (11) …
    "2012-12-26 overdue liaison",
    "2012-12-28 escalation head,liaison",
    "2013-01-04 escalation leader,head,liaison",
    "2013-01-06 escalation leader,head,liaison",
    "2013-01-08 escalation leader,head,liaison",
    "2013-01-10 escalation leader,head,liaison",
    "2013-01-14 escalation leader,head,liaison",
    "2013-01-16 escalation leader,head,liaison",
    "2013-01-18 escalation leader,head,liaison",
    // 30 days after the campaign closed on 20 December: 19 January is the last day.
  ]);
});

test("the plan due Saturday 15 December 2012: the date stands, the notices move; its leader is told when it is overdue", () => {
  const one = campaign({ deliverables: campaign().deliverables.filter(({ code }) => code === "plan") });
  expect(diary("heritage", "2012-12-01", "2012-12-24", one)).toEqual([
    "2012-12-06 reminder liaison",
    "2012-12-12 reminder liaison",
    "2012-12-14 reminder liaison",
    "2012-12-17 overdue liaison,lead",
    "2012-12-19 escalation head,liaison,lead",
    "2012-12-21 escalation leader,head,liaison,lead",
  ]);
});

test("counted in calendar days, Saturday and Sunday are days like any other", () => {
  const reminders = { ...campaign().reminders, workingDaysOnly: false };
  const one = campaign({
    reminders,
    deliverables: campaign().deliverables.filter(({ code }) => code === "plan"),
  });
  expect(diary("heritage", "2012-12-01", "2012-12-20", one)).toEqual([
    "2012-12-08 reminder liaison",
    "2012-12-12 reminder liaison",
    "2012-12-14 reminder liaison",
    "2012-12-16 overdue liaison,lead",
    "2012-12-18 escalation head,liaison,lead",
    "2012-12-20 escalation leader,head,liaison,lead",
  ]);
});

test("one mail names everything the unit owes, of the most severe kind, and what is not yet due", () => {
  // Monday 17 December: the plan is overdue by one day; the summary is due in six working days.
  const [notice] = plan(at("2012-12-17")).due;
  expect(plan(at("2012-12-17")).due).toHaveLength(1);
  expect(notice).toMatchObject({ unit: "heritage", kind: "overdue" });
  expect(notice?.owed.map(({ key }) => key)).toEqual(["plan/heritage/famous-city", "summary/heritage"]);
  expect(notice?.causes).toEqual([{ key: "plan/heritage/famous-city", days: 1 }]);
});

test("nothing goes before the first minute after quiet hours, nor once they begin again", () => {
  const asked = ["00:00", "08:29", "08:30", "12:00", "17:59", "18:00"].map(
    (time) => plan(at("2012-12-14", time)).due.length,
  );
  // Friday 14 December: library, museum and heritage (the plan tomorrow, the summary in seven days).
  expect(asked).toEqual([0, 0, 3, 3, 3, 0]);
});

test("a day without a step is silent, and a missed one is not made up for", () => {
  expect(plan(at("2012-12-27")).due.filter(({ unit: code }) => code === "library")).toEqual([]);
});

test("an extension moves the whole ladder", () => {
  const rulings: Ruling[] = [
    {
      kind: "extension",
      deliverable: "summary",
      item: null,
      unit: "library",
      dueOn: "2012-12-28",
      receivedAt: null,
      madeBy: "office",
      madeAt: at("2012-12-17"),
      why: "",
    },
  ];
  expect(diary("library", "2012-12-18", "2013-01-05", campaign(), rulings)).toEqual([
    "2012-12-19 reminder liaison",
    "2012-12-25 reminder liaison",
    "2012-12-27 reminder liaison",
    "2012-12-31 overdue liaison",
    "2013-01-05 escalation head,liaison",
  ]);
});

describe("who is addressed", () => {
  const only = (change: Parameters<typeof unit>[1]) => campaign({ units: [unit("library", change)] });

  test.each([
    ["no liaison: the head is asked", { liaison: null }, "2012-12-26", "overdue head"],
    ["no head: the next level up", { head: null }, "2012-12-28", "escalation leader,liaison"],
    ["no supervisor: the next level down", { supervisor: null }, "2013-01-04", "escalation head,liaison"],
    [
      "one person in two posts gets one copy",
      { head: unit("library").liaison },
      "2013-01-04",
      "escalation leader,liaison",
    ],
  ])("%s", (_rule, change, day, expected) => {
    const [notice] = plan(at(day), only(change)).due;
    expect(notice && `${notice.kind} ${recipients(notice)}`).toBe(expected);
  });

  test("nobody has an address: the office must ring them", () => {
    const nobody = plan(at("2012-12-26"), only({ liaison: null, head: null, supervisor: null }));
    expect(nobody.due).toEqual([]);
    expect(nobody.unreachable.map(({ unit: code, kind }) => [code, kind])).toEqual([["library", "overdue"]]);
  });

  test("an address that is the campaign's own mailbox is none", () => {
    const ours = { name: "信箱", email: "Ideas@bureau.example" };
    const nobody = plan(at("2012-12-26"), only({ liaison: ours, head: null, supervisor: null }));
    expect([nobody.due, nobody.unreachable.map(({ unit: code }) => code)]).toEqual([[], ["library"]]);
    const [notice] = plan(at("2012-12-26"), only({ liaison: ours })).due;
    expect(notice && recipients(notice)).toBe("head");
  });

  test("after a hard bounce the next level is addressed as well", () => {
    const [notice] = plan(at("2012-12-24"), only({}), [], ["liaison@library.example"]).due;
    expect(notice).toMatchObject({ kind: "reminder", returned: ["liaison@library.example"] });
    expect(notice?.to.map(({ email }) => email)).toEqual(["liaison@library.example", "head@library.example"]);
  });
});

test("every contact returned our mail: they are tried again, and the office is told to ring", () => {
  const one = campaign({ units: [unit("library", {})] });
  const all = ["liaison@library.example", "head@library.example", "leader@bureau.example"];
  const { due, unreachable } = plan(at("2012-12-24"), one, [], all);
  expect(due.map(({ to }) => to.map(({ email }) => email))).toEqual([all]);
  expect(unreachable.map(({ unit: code }) => code)).toEqual(["library"]);
  expect(plan(at("2012-12-24"), one, [], all.slice(1)).unreachable).toEqual([]);
});

test("due at an hour: overdue from then on, while the steps count days as before", () => {
  const deliverables = campaign().deliverables.map((one) => ({ ...one, dueTime: "12:00" }));
  const one = campaign({ deliverables });
  const [first] = diary("library", "2012-12-24", "2012-12-25", one);
  expect(first).toBe("2012-12-24 reminder liaison");
  expect(plan(at("2012-12-25", "13:00"), one).due.map(({ unit: code }) => code)).toEqual(["heritage"]);
  expect(plan(at("2012-12-25", "13:00"), one).due[0]?.owed.map(({ state }) => state)).toEqual([
    "overdue",
    "overdue",
  ]);
  expect(diary("library", "2012-12-25", "2012-12-28", one)).toEqual([
    "2012-12-26 overdue liaison",
    "2012-12-28 escalation head,liaison",
  ]);
});

test.each([
  // Due Sunday 6 January 2013, a day worked in exchange; Saturday the 5th is one too.
  [
    "2013-01-06",
    ["2012-12-31 reminder", "01-05 reminder", "01-07 overdue", "01-09 escalation", "01-11 escalation"],
  ],
  // Due Tuesday 1 January, New Year: 31 December is the working day before, 4 January the first after.
  [
    "2013-01-01",
    ["2012-12-31 reminder", "01-04 overdue", "01-06 escalation", "01-08 escalation", "01-10 escalation"],
  ],
])("due %s, around the days worked in exchange", (due, expected) => {
  const deliverables = campaign().deliverables.map((one) => ({ ...one, due }));
  const lines = diary("library", "2012-12-31", "2013-01-11", campaign({ deliverables }));
  const steps = lines.map((line) =>
    line
      .split(" ")
      .slice(0, 2)
      .join(" ")
      .replace(/^2013-/, ""),
  );
  expect(steps).toEqual(expected);
});

test.each([
  [
    { liaison: 2, head: 4, supervisor: 6, every: 3 },
    ["12-27 overdue", "01-04 escalation", "01-07 escalation"],
  ],
  [
    { liaison: 1, head: 1, supervisor: 2, every: 1 },
    ["12-26 escalation", "12-27 escalation", "12-28 escalation"],
  ],
])("the steps are the configuration's: %j", (overdue, expected) => {
  const reminders = { ...campaign().reminders, overdue };
  const lines = diary("library", "2012-12-26", "2013-01-08", campaign({ reminders }));
  expect(lines.slice(0, 3).map((line) => line.split(" ").slice(0, 2).join(" ").slice(5))).toEqual(expected);
});

test("counted in calendar days, an extension, the last day of the stop and a waiver", () => {
  const reminders = { ...campaign().reminders, workingDaysOnly: false };
  const one = campaign({ reminders, closes: "2012-12-01" });
  // 30 days after 1 December: 31 December is the last day. The summary is due on the 25th: days 1, 3, 5.
  expect(diary("library", "2012-12-25", "2013-01-31", one).map((line) => line.slice(5, 10))).toEqual([
    "12-26",
    "12-28",
    "12-30",
  ]);
  const waiver: Ruling = {
    ...{ kind: "waiver", deliverable: "summary", item: null, unit: "library", dueOn: null, receivedAt: null },
    ...{ madeBy: "office", madeAt: at("2012-12-28", "07:00"), why: "" },
  };
  expect(
    diary("library", "2012-12-25", "2013-01-31", one, [waiver]).map((line) => line.slice(5, 10)),
  ).toEqual(["12-26"]);
});

describe("the interlock", () => {
  const now = at("2012-12-26");
  const minutesBefore = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
  const facts = (change: Partial<InterlockFacts>): InterlockFacts => ({
    lastReadAt: minutesBefore(1),
    heldGuesses: [],
    waitingMails: 0,
    now,
    ...change,
  });

  test.each<[string, Partial<InterlockFacts>, string | null]>([
    ["all is well", {}, null],
    ["read 30 minutes ago", { lastReadAt: minutesBefore(30) }, null],
    ["read 31 minutes ago", { lastReadAt: minutesBefore(31) }, "mailbox-unread"],
    ["never read", { lastReadAt: null }, "mailbox-unread"],
    ["a mail nobody has looked at yet", { waitingMails: 1 }, "mail-waiting"],
    ["a held mail that may be theirs", { heldGuesses: ["museum", "library"] }, "held-mail"],
    ["a held mail of another unit", { heldGuesses: ["museum"] }, null],
  ])("%s: %j", (_case, change, expected) => {
    const why = interlock(facts(change));
    expect(why("library", "overdue")).toBe(expected);
    expect(why("library", "escalation")).toBe(expected);
    expect(why("library", "reminder")).toBeNull();
  });

  const verdict = (value: string | null, confidence: number, runnerUp: string | null = null) => ({
    value,
    confidence,
    evidence: [],
    runnerUp: runnerUp === null ? null : { value: runnerUp, confidence: 0.3 },
  });
  const understanding = (type: string, confidence: number) => ({
    ruleVersion: 1,
    origin: "person" as const,
    originEvidence: [],
    unitAsRead: null,
    outcome: "held" as const,
    reason: null,
    type: verdict(type, confidence),
    unit: verdict("library", 0.5, "museum"),
    submissions: [],
    corrections: [],
    intent: null,
    senderRegistered: false,
    newText: "",
  });

  test.each<[string, string | null, string | null, ReturnType<typeof understanding> | null, string[]]>([
    [
      "both guesses count",
      "unit-unsure",
      "x@qq.example",
      understanding("summary", 0.9),
      ["library", "museum"],
    ],
    [
      "the sender's own unit counts too",
      "type-unsure",
      "a@heritage.example",
      understanding("summary", 0.5),
      ["library", "museum", "heritage"],
    ],
    [
      "a mail that could not be read may be its sender's",
      "unparseable",
      "a@library.example",
      null,
      ["library"],
    ],
    ["a question is no submission", "question", "a@library.example", understanding("question", 0.9), []],
    [
      "what is surely an individual's idea is not an owed document",
      "unit-unsure",
      null,
      understanding("golden-idea", 0.99),
      [],
    ],
    [
      "what may be an idea may be something else",
      "type-unsure",
      null,
      understanding("golden-idea", 0.5),
      ["library", "museum"],
    ],
  ])("%s", (_rule, reason, from, held, expected) => {
    expect(guessedUnits(reason, from, held, campaign())).toEqual(expected);
  });
});
