// Random campaigns and what happens in them, made of small choices so that fast-check can shrink a failing one.
import fc from "fast-check";
import { publicOff, publicWorked } from "./holidays.ts";
import {
  type About,
  type Day,
  dayAfter,
  type Happening,
  type Moment,
  type NaiveCampaign,
  stepOn,
} from "./naive.ts";

/** A campaign with its days, and all that happens in it, in order. */
export interface Drive {
  zone: { name: string; offset: string };
  /** What the configuration says besides the public calendar. */
  holidays: { off: string[]; working: string[] };
  campaign: NaiveCampaign;
  happenings: PlayedHappening[];
}

/** How many machines do it, and how often each. */
export type PlayedHappening = Happening & { machines?: number; times?: number };

const zones = [
  { name: "Asia/Shanghai", offset: "+08:00" },
  { name: "Asia/Kathmandu", offset: "+05:45" },
  { name: "America/Bogota", offset: "-05:00" },
];

/** Around plain weeks, long holidays, make-up Saturdays and Sundays, and two turns of the year. */
const starts = [
  "2012-05-14",
  "2012-12-10",
  "2012-09-17",
  "2012-12-24",
  "2013-01-28",
  "2013-03-25",
  "2013-09-09",
  "2014-01-20",
  "2012-01-09",
];

const times = [
  "08:30",
  "10:00",
  "00:00",
  "07:00",
  "08:25",
  "12:30",
  "13:55",
  "14:00",
  "17:55",
  "18:00",
  "23:50",
];

const chance = (parts: number, of: number) => fc.integer({ min: 1, max: of }).map((n) => n > of - parts);
const weighted = <T>(...choices: [number, T][]) =>
  fc.oneof(...choices.map(([weight, value]) => ({ weight, arbitrary: fc.constant(value) })));

const unit = fc.record({
  kind: weighted([8, "grassroots"], [3, "office"], [1, "leadership"]),
  liaison: chance(9, 10).map((isThere) => isThere),
  head: chance(8, 10),
  headIsLiaison: chance(1, 10),
  supervisor: weighted([6, "own"], [3, "shared"], [2, "none"]),
});

const due = fc.record({
  day: fc.integer({ min: 0, max: 24 }),
  time: weighted<string | null>([8, null], [1, "17:00"], [1, "12:00"]),
});

interface Item {
  unit: number;
  lead: "own" | "shared" | "none";
}

const deliverable = fc.record({
  due: fc.option(due, { freq: 14 }),
  owedBy: weighted([8, ["grassroots", "office"]], [3, ["grassroots"]], [1, ["leadership", "grassroots"]]),
  items: fc.oneof(
    { weight: 3, arbitrary: fc.constant([] as Item[]) },
    {
      weight: 1,
      arbitrary: fc.array(
        fc.record({ unit: fc.nat(9), lead: weighted<Item["lead"]>([2, "own"], [1, "none"], [1, "shared"]) }),
        {
          minLength: 1,
          maxLength: 4,
        },
      ),
    },
  ),
});

const reminders = fc.record({
  before: weighted([6, [7, 3, 1]], [1, []], [1, [1]], [1, [2, 5, 10]], [1, [4, 3, 2, 1]]),
  overdue: weighted(
    [6, { liaison: 1, head: 3, supervisor: 5, every: 2 }],
    [1, { liaison: 1, head: 1, supervisor: 1, every: 1 }],
    [1, { liaison: 2, head: 4, supervisor: 5, every: 3 }],
    [1, { liaison: 3, head: 2, supervisor: 9, every: 1 }],
  ),
  workingDaysOnly: chance(3, 4),
  quiet: weighted(
    [6, { from: "18:00", to: "08:30" }],
    [1, null],
    [1, { from: "12:00", to: "14:00" }],
    [1, { from: "00:00", to: "07:00" }],
  ),
});

const pick = fc.nat(999);
/** Mostly to the next day on which the announced dates make something fall due; else some days on, or later that day. */
const wait = fc.record({
  days: weighted<number | "next step">([4, 0], [8, "next step"], [2, 1], [1, 2], [1, 6]),
  time: weighted<string | null>([3, null], [5, "08:30"], ...times.map((time): [number, string] => [1, time])),
  minutes: fc.constantFrom(5, 10, 29, 31, 60),
});

const pass = fc.record({
  does: weighted([6, "ask and send"], [1, "ask"], [1, "send"]),
  reads: chance(11, 12),
  machines: weighted([6, 1], [1, 2]),
  times: weighted([7, 1], [1, 2]),
});

const fact = fc.record({
  kind: weighted(
    ...([
      [6, "filed"],
      [2, "superseded"],
      [3, "withdrawn"],
      [2, "moved"],
      [2, "confirmed"],
      [4, "held"],
      [1, "taken in"],
      [3, "settled"],
      [4, "extended"],
      [2, "waived"],
      [2, "received"],
      [3, "taken back"],
      [2, "returned"],
      [1, "mailbox read"],
    ] as [number, Happening["what"]][]),
  ),
  thing: pick,
  of: pick,
  namesItem: chance(2, 3),
  isUnsure: chance(1, 3),
  isUnreadable: chance(1, 4),
  holds: weighted<"paper" | "question" | "idea" | "sealed">(
    ...([
      [6, "paper"],
      [1, "question"],
      [1, "idea"],
      [1, "sealed"],
    ] as [number, "paper"][]),
  ),
  isSure: chance(1, 3),
  ruling: fc.constantFrom<"extension" | "waiver" | "receipt">("extension", "waiver", "receipt"),
  due,
  ago: weighted([4, 0], [1, 1], [1, 4]),
  head: chance(1, 4),
});

/**
 * What chance alone brings too seldom: a paper that comes and goes within the hour, before the first asking, between
 * asking and sending or after it; and a mailbox that has not been read for not quite, or a little more than, half an hour.
 */
const hour = fc.record({
  thing: pick,
  comes: fc.constantFrom("before asking", "before sending", "after both", "not at all"),
  isSentMeanwhile: fc.boolean(),
  unread: fc.constantFrom<29 | 31>(29, 31),
});

type Hour = typeof hour extends fc.Arbitrary<infer T> ? T : never;

const step = fc.record({
  wait,
  what: fc.oneof(
    { weight: 12, arbitrary: fc.record({ pass }) },
    { weight: 2, arbitrary: fc.record({ hour }) },
    { weight: 8, arbitrary: fc.record({ fact }) },
  ),
});

const raw = fc.record({
  zone: weighted(...zones.map((zone, n): [number, (typeof zones)[0]] => [n === 0 ? 6 : 1, zone])),
  start: fc.constantFrom(...starts),
  /** When it is first looked at: before any reminder, or when things are due already. */
  begins: fc.constantFrom(-11, -3, 4),
  units: fc.oneof(
    { weight: 40, arbitrary: fc.array(unit, { minLength: 1, maxLength: 6 }) },
    { weight: 1, arbitrary: fc.array(unit, { minLength: 12, maxLength: 40 }) },
  ),
  deliverables: fc.array(deliverable, { minLength: 1, maxLength: 3 }),
  reminders,
  clarifyWithin: fc.integer({ min: 1, max: 3 }),
  closes: fc.integer({ min: -24, max: 30 }),
  exceptions: fc.array(fc.record({ day: fc.integer({ min: -10, max: 40 }), isWorked: fc.boolean() }), {
    maxLength: 3,
  }),
  steps: fc.oneof(
    { weight: 6, arbitrary: fc.array(step, { minLength: 2, maxLength: 7, size: "max" }) },
    { weight: 1, arbitrary: fc.array(step, { minLength: 1, maxLength: 16, size: "max" }) },
  ),
});

type Raw = typeof raw extends fc.Arbitrary<infer T> ? T : never;

export const drives: fc.Arbitrary<Drive> = raw.map(driveOf);

function driveOf(choices: Raw): Drive {
  const { zone, start, reminders: rules, clarifyWithin } = choices;
  const units = choices.units.map(({ kind, ...has }, n) => {
    const liaison = has.liaison ? `liaison@u${n}.example` : null;
    const supervisor = { own: `leader@u${n}.example`, shared: "leader@bureau.example", none: null }[
      has.supervisor
    ];
    const head = has.headIsLiaison ? liaison : has.head ? `head@u${n}.example` : null;
    return { code: `u${n}`, kind, liaison, head, supervisor: supervisor ?? null };
  });
  const deliverables = choices.deliverables.map((one, n) => ({
    code: `d${n}`,
    due: one.due === null ? null : momentOf(start, one.due),
    owedBy: one.owedBy,
    items: one.items.map(({ unit: whose, lead }, m) => ({
      code: `i${m}`,
      unit: `u${whose % units.length}`,
      lead: { own: `lead${m}@bureau.example`, shared: "leader@bureau.example", none: null }[lead] ?? null,
    })),
  }));
  const exceptions = new Map(choices.exceptions.map(({ day, isWorked }) => [dayAfter(start, day), isWorked]));
  const off = [...exceptions].flatMap(([day, isWorked]) => (isWorked ? [] : [day]));
  const working = [...exceptions].flatMap(([day, isWorked]) => (isWorked ? [day] : []));
  const campaign: NaiveCampaign = {
    closes: dayAfter(start, choices.closes),
    ...{ units, deliverables, ...rules, clarifyWithin },
    off: new Set([...publicOff, ...off].filter((day) => !working.includes(day))),
    worked: new Set([...publicWorked, ...working].filter((day) => !off.includes(day))),
  };
  return {
    zone,
    holidays: { off, working },
    campaign,
    happenings: happeningsOf(choices.steps, campaign, `${dayAfter(start, choices.begins)}T08:30`, start),
  };
}

function momentOf(start: string, { day, time }: { day: number; time: string | null }): Moment {
  return `${dayAfter(start, day)}T${time ?? "23:59"}`;
}

function later(campaign: NaiveCampaign, now: Moment, wait: Raw["steps"][0]["wait"]): Moment {
  const { time, minutes } = wait;
  const days = wait.days === "next step" ? daysToStep(campaign, now.slice(0, 10)) : wait.days;
  const chosen = `${dayAfter(now.slice(0, 10), days)}T${time ?? now.slice(11)}`;
  // Five minutes at least: what waits for the interlock is asked about again after so long.
  const soonest = new Date(Date.parse(`${now}:00Z`) + minutes * 60_000).toISOString().slice(0, 16);
  return days > 0 || chosen >= soonest ? chosen : soonest;
}

function daysToStep(campaign: NaiveCampaign, today: Day): number {
  for (let days = 1; days < 20; days++) {
    const day = dayAfter(today, days);
    const dues = campaign.deliverables.flatMap(({ due: on }) => on?.slice(0, 10) ?? []);
    if (dues.some((on) => stepOn(campaign, on, day) !== null)) return days;
  }
  return 1;
}

function happeningsOf(
  steps: Raw["steps"],
  campaign: NaiveCampaign,
  from: Moment,
  start: string,
): PlayedHappening[] {
  const things: About[] = campaign.deliverables.flatMap(({ code, owedBy, items }): About[] =>
    items.length > 0
      ? items.map((item) => ({ unit: item.unit, deliverable: code, item: item.code }))
      : campaign.units
          .filter(({ kind }) => owedBy.includes(kind))
          .map((owing) => ({ unit: owing.code, deliverable: code, item: null })),
  );
  const happenings: PlayedHappening[] = [];
  let now = from;
  let lastId = 0;
  const filed: number[] = [];
  const held: number[] = [];
  for (const { wait: waited, what } of steps) {
    now = later(campaign, now, waited);
    if ("pass" in what) {
      const { does, reads, machines, times: often } = what.pass;
      if (reads) happenings.push({ at: now, what: "mailbox read" });
      if (does !== "send") happenings.push({ at: now, what: "ask", machines, times: often });
      if (does !== "ask") happenings.push({ at: now, what: "send", machines, times: often });
      continue;
    }
    if ("hour" in what) {
      passAnHour(what.hour);
      continue;
    }
    const made = factOf(what.fact, now);
    if (made) happenings.push(made);
  }
  return happenings;

  function passAnHour(choice: Hour): void {
    const thing = things[choice.thing % Math.max(1, things.length)];
    if (!thing) return;
    const { comes, isSentMeanwhile, unread } = choice;
    const id = ++lastId;
    const minutesOn = (minutes: Raw["steps"][0]["wait"]["minutes"]) => {
      now = later(campaign, now, { days: 0, time: null, minutes });
      return now;
    };
    const file = (): void => {
      const paper = { id, arrived: minutesOn(5), verified: true, unreadable: false, ...thing };
      happenings.push({ at: now, what: "filed", ...paper });
    };
    happenings.push({ at: now, what: "mailbox read" });
    if (comes === "not at all") minutesOn(unread);
    if (comes === "before asking") file();
    happenings.push({ at: now, what: "ask" });
    if (comes === "before sending") file();
    if (comes === "not at all") happenings.push({ at: now, what: "send" });
    else if (comes !== "before sending" || isSentMeanwhile) {
      happenings.push({ at: minutesOn(5), what: "send" });
    }
    if (comes === "after both") file();
    if (comes === "not at all") return;
    happenings.push({ at: minutesOn(5), what: "withdrawn", id });
    happenings.push({ at: minutesOn(5), what: "ask" }, { at: now, what: "send" });
  }

  function factOf(
    choice: Extract<Raw["steps"][0]["what"], { fact: unknown }>["fact"],
    at: Moment,
  ): Happening | null {
    const thing = things[choice.thing % Math.max(1, things.length)];
    const some = campaign.units[choice.of % campaign.units.length]?.code ?? "";
    if (!thing) return choice.kind === "mailbox read" ? { at, what: "mailbox read" } : null;
    // Unnamed, an item is the only one its unit owes of that deliverable.
    const isOnly =
      things.filter((one) => one.unit === thing.unit && one.deliverable === thing.deliverable).length === 1;
    const about = { ...thing, item: choice.namesItem || !isOnly ? thing.item : null };
    const older = filed[choice.of % Math.max(1, filed.length)];
    switch (choice.kind) {
      case "filed": {
        const arrived = `${dayAfter(at.slice(0, 10), -choice.ago)}${at.slice(10)}`;
        filed.push(++lastId);
        return {
          at,
          what: "filed",
          id: lastId,
          arrived,
          verified: !choice.isUnsure,
          unreadable: choice.isUnreadable,
          ...about,
        };
      }
      case "superseded":
      case "withdrawn":
      case "confirmed":
        return older === undefined ? null : { at, what: choice.kind, id: older };
      case "moved":
        return older === undefined ? null : { at, what: "moved", id: older, unit: some };
      case "held": {
        held.push(++lastId);
        const { holds, isSure: isSureWhose } = choice;
        // Of a sealed mail the sender alone is known.
        const units = choice.isUnsure && holds !== "sealed" ? [about.unit, some] : [about.unit];
        const what = choice.isUnreadable || holds === "sealed" ? { deliverable: null, item: null } : about;
        const { deliverable: brings, item } = what;
        return { at, what: "held", id: lastId, units, isSureWhose, holds, deliverable: brings, item };
      }
      case "taken in":
        held.push(++lastId);
        return { at, what: "taken in", id: lastId, units: choice.isUnsure ? [] : [about.unit] };
      case "settled": {
        const id = held.pop();
        return id === undefined ? null : { at, what: "settled", id };
      }
      case "extended":
        return { at, what: "extended", until: momentOf(start, choice.due), ...about };
      case "waived":
      case "received":
        return { at, what: choice.kind, ...about };
      case "taken back":
        return { at, what: "taken back", ruling: choice.ruling, ...about };
      case "returned":
        return { at, what: "returned", unit: thing.unit, level: choice.head ? "head" : "liaison" };
      default:
        return { at, what: "mailbox read" };
    }
  }
}
