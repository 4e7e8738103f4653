// Which duty notices a campaign must send, said as plainly and slowly as can be: one moment after another, every rule a
// loop over everything. Written from the rulings alone and sharing nothing with src, so that what both say is right.

/** 2012-12-15 in the campaign's own zone. Such strings compare as the days do. */
export type Day = string;
/** 2012-12-15T08:30 in the campaign's own zone, likewise. */
export type Moment = string;

export interface NaiveUnit {
  code: string;
  kind: string;
  /** Addresses; null where the unit has nobody of that level. */
  liaison: string | null;
  head: string | null;
  supervisor: string | null;
}

export interface NaiveDeliverable {
  code: string;
  due: Moment | null;
  owedBy: string[];
  items: { code: string; unit: string; lead: string | null }[];
}

export interface NaiveCampaign {
  closes: Day;
  units: NaiveUnit[];
  deliverables: NaiveDeliverable[];
  before: number[];
  overdue: { liaison: number; head: number; supervisor: number; every: number };
  workingDaysOnly: boolean;
  quiet: { from: string; to: string } | null;
  clarifyWithin: number;
  /** Weekdays that are free, and Saturdays and Sundays that are worked. */
  off: ReadonlySet<Day>;
  worked: ReadonlySet<Day>;
}

/** What somebody owes, or what a ruling of the office is about. */
export interface About {
  unit: string;
  deliverable: string;
  item: string | null;
}

export type Happening = { at: Moment } & (
  | ({ what: "filed"; id: number; arrived: Moment; verified: boolean; unreadable: boolean } & About)
  /** The newer of two versions was filed: the older one stays readable. */
  | { what: "superseded"; id: number }
  | { what: "withdrawn"; id: number }
  | { what: "moved"; id: number; unit: string }
  | { what: "confirmed"; id: number }
  /** A mail the office must decide about: whose it may be, the best guess first, and what ("sealed": nobody could read it). */
  | {
      what: "held";
      id: number;
      units: string[];
      isSureWhose: boolean;
      holds: "paper" | "question" | "idea" | "sealed";
      deliverable: string | null;
      item: string | null;
    }
  /** A mail that is here and that nobody, not even the service, has looked into; of whom, if that is known. */
  | { what: "taken in"; id: number; units: string[] }
  /** Decided about: it is nothing that is owed (what is gets filed besides). */
  | { what: "settled"; id: number }
  | ({ what: "extended"; until: Moment } & About)
  | ({ what: "waived" } & About)
  | ({ what: "received" } & About)
  | ({ what: "taken back"; ruling: "extension" | "waiver" | "receipt" } & About)
  /** The last notice to the unit comes back from its liaison or head, if it went there. */
  | { what: "returned"; unit: string; level: "liaison" | "head" }
  | { what: "mailbox read" }
  /** The service asks what is due and writes it down; it sends what is written down and still right. */
  | { what: "ask" }
  | { what: "send" }
);

export interface NaiveNotice {
  unit: string;
  at: Moment;
  kind: "reminder" | "overdue" | "escalation";
  to: string[];
  cc: string[];
  names: { deliverable: string; item: string | null; due: Moment | null; isOverdue: boolean }[];
}

export function dayAfter(day: Day, days: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Every duty notice that must be sent while these things happen, in their order. */
export function naiveNotices(campaign: NaiveCampaign, happenings: Happening[]): NaiveNotice[] {
  const sent: (NaiveNotice & { returnedFrom: string[] })[] = [];
  let asked: { unit: string; day: Day }[] = [];
  const past: Happening[] = [];
  for (const happening of happenings) {
    past.push(happening);
    const now = happening.at;
    const today = now.slice(0, 10);
    if (happening.what === "returned") {
      const address = campaign.units.find(({ code }) => code === happening.unit)?.[happening.level];
      const last = sent.filter(({ unit }) => unit === happening.unit).at(-1);
      if (address && last && [...last.to, ...last.cc].includes(address)) last.returnedFrom.push(address);
    }
    if (happening.what !== "ask" && happening.what !== "send") continue;
    for (const unit of campaign.units) {
      if (sent.some((notice) => notice.unit === unit.code && notice.at.slice(0, 10) === today)) continue;
      const verdict = mayWrite(campaign, now) ? noticeTo(campaign, unit, past, now, sent) : "nothing";
      const isAsked = asked.some((one) => one.unit === unit.code && one.day === today);
      if (happening.what === "ask") {
        if (typeof verdict === "object") asked.push({ unit: unit.code, day: today });
      } else if (isAsked && verdict === "nothing") {
        asked = asked.filter((one) => one.unit !== unit.code);
      } else if (isAsked && typeof verdict === "object") {
        sent.push({ ...verdict, returnedFrom: [] });
      }
    }
  }
  return sent.map(({ returnedFrom: _, ...notice }) => notice);
}

/** Only on days that count, from the end of the quiet hours until they begin again. */
function mayWrite(campaign: NaiveCampaign, now: Moment): boolean {
  const [day = "", time = ""] = now.split("T");
  if (campaign.workingDaysOnly && !isWorked(campaign, day)) return false;
  if (campaign.quiet === null) return true;
  const { from, to } = campaign.quiet;
  return time >= to && (from < to || time < from);
}

function isWorked(campaign: NaiveCampaign, day: Day): boolean {
  if (campaign.off.has(day)) return false;
  if (campaign.worked.has(day)) return true;
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6;
}

/** The n-th day after (or before) a day, of those that count; on the day itself nothing counts. */
function walk(campaign: NaiveCampaign, day: Day, direction: 1 | -1, n: number, workedOnly: boolean): Day {
  let at = day;
  for (let counted = 0; counted < n; ) {
    at = dayAfter(at, direction);
    if (!workedOnly || isWorked(campaign, at)) counted += 1;
  }
  return at;
}

function thingsOf(campaign: NaiveCampaign, unit: NaiveUnit): (About & { lead: string | null })[] {
  const things: (About & { lead: string | null })[] = [];
  for (const deliverable of campaign.deliverables) {
    if (deliverable.items.length === 0 && deliverable.owedBy.includes(unit.kind)) {
      things.push({ unit: unit.code, deliverable: deliverable.code, item: null, lead: null });
    }
    for (const item of deliverable.items) {
      if (item.unit === unit.code) {
        things.push({ unit: unit.code, deliverable: deliverable.code, item: item.code, lead: item.lead });
      }
    }
  }
  return things;
}

/** Where no item is named, the only one the unit owes is meant. */
function isAbout(campaign: NaiveCampaign, about: About, thing: About): boolean {
  if (about.unit !== thing.unit || about.deliverable !== thing.deliverable) return false;
  if (about.item !== null || thing.item === null) return about.item === thing.item;
  const deliverable = campaign.deliverables.find(({ code }) => code === thing.deliverable);
  return deliverable?.items.filter(({ unit }) => unit === thing.unit).length === 1;
}

/** The office's last word: a new date, nothing owed, or as announced. */
function ruledOn(campaign: NaiveCampaign, thing: About, past: Happening[]) {
  let due = campaign.deliverables.find(({ code }) => code === thing.deliverable)?.due ?? null;
  const announced = due;
  let isWaived = false;
  let isReceived = false;
  for (const one of past) {
    if (!("deliverable" in one) || one.what === "held" || !isAbout(campaign, one, thing)) continue;
    if (one.what === "extended") {
      due = one.until;
      isWaived = false;
    }
    if (one.what === "waived") isWaived = true;
    if (one.what === "received") isReceived = true;
    if (one.what === "taken back") {
      if (one.ruling === "extension") due = announced;
      if (one.ruling === "waiver") isWaived = false;
      if (one.ruling === "receipt") isReceived = false;
    }
  }
  return { due, isSettled: isWaived || isReceived };
}

/** What was filed for a thing and is not withdrawn; a version that a newer one replaced still counts. */
function versionsOf(campaign: NaiveCampaign, thing: About, past: Happening[]) {
  const versions: { arrived: Moment; isConfirmed: boolean; unreadable: boolean }[] = [];
  for (const filed of past) {
    if (filed.what !== "filed") continue;
    let { unit, verified } = filed;
    let isWithdrawn = false;
    for (const later of past) {
      if (!("id" in later) || later.id !== filed.id) continue;
      if (later.what === "moved") unit = later.unit;
      if (later.what === "confirmed") verified = true;
      if (later.what === "withdrawn") isWithdrawn = true;
    }
    if (isWithdrawn || !isAbout(campaign, { ...filed, unit }, thing)) continue;
    versions.push({ arrived: filed.arrived, isConfirmed: verified, unreadable: filed.unreadable });
  }
  return versions;
}

function isMet(campaign: NaiveCampaign, thing: About, past: Happening[], now: Moment): boolean {
  return versionsOf(campaign, thing, past).some((version) => {
    if (!version.isConfirmed) return false;
    if (!version.unreadable) return true;
    // Met for the time being: to the end of the last working day on which a readable version may follow.
    return now.slice(0, 10) <= walk(campaign, version.arrived.slice(0, 10), 1, campaign.clarifyWithin, true);
  });
}

function undecided(past: Happening[]) {
  const settled = past.filter((one) => one.what === "settled").map(({ id }) => id);
  const open = past.filter((one) => one.what === "held").filter(({ id }) => !settled.includes(id));
  const unseen = past.filter((one) => one.what === "taken in").filter(({ id }) => !settled.includes(id));
  return { papers: open.filter(({ holds }) => holds === "paper" || holds === "sealed"), unseen };
}

/** It came, and somebody has only to look or to say whose it is: nobody is asked for it meanwhile. */
function mayHaveCome(campaign: NaiveCampaign, thing: About, past: Happening[]): boolean {
  if (versionsOf(campaign, thing, past).some(({ isConfirmed }) => !isConfirmed)) return true;
  const { papers, unseen } = undecided(past);
  if (unseen.some(({ units }) => units.includes(thing.unit))) return true;
  return papers.some((held) => {
    const units = held.isSureWhose ? held.units.slice(0, 1) : held.units;
    if (!units.includes(thing.unit)) return false;
    if (held.holds === "sealed") return true;
    return held.deliverable === thing.deliverable && (held.item === null || held.item === thing.item);
  });
}

/** Overdue notices stop so many days after the close. */
const STOP = 30;

/** 0 a reminder before, 1 to the liaison, 2 to the head, 3 to the supervising leader; null: no step falls on that day. */
export function stepOn(campaign: NaiveCampaign, due: Day, today: Day): number | null {
  for (const n of campaign.before) {
    if (walk(campaign, due, -1, n, campaign.workingDaysOnly) === today) return 0;
  }
  if (today > dayAfter(campaign.closes, STOP)) return null;
  const { liaison, head, supervisor, every } = campaign.overdue;
  for (let n = liaison; ; n += every) {
    const day = walk(campaign, due, 1, n, campaign.workingDaysOnly);
    if (day > today) return null;
    if (day === today) return n >= supervisor ? 3 : n >= head ? 2 : 1;
  }
}

/** What is to be said to a unit at this moment; "wait" where silence is safer, though something falls on this day. */
function noticeTo(
  campaign: NaiveCampaign,
  unit: NaiveUnit,
  past: Happening[],
  now: Moment,
  sent: (NaiveNotice & { returnedFrom: string[] })[],
): NaiveNotice | "wait" | "nothing" {
  const today = now.slice(0, 10);
  const owed = thingsOf(campaign, unit)
    .map((thing) => ({ ...thing, ...ruledOn(campaign, thing, past) }))
    .filter((thing) => !thing.isSettled && !isMet(campaign, thing, past, now));
  const steps = (things: typeof owed) =>
    things
      .map(({ due }) => (due === null ? null : stepOn(campaign, due.slice(0, 10), today)))
      .filter((level) => level !== null);
  const certain = owed.filter((thing) => !mayHaveCome(campaign, thing, past));
  const levels = steps(certain);
  if (levels.length === 0) return steps(owed).length === 0 ? "nothing" : "wait";

  const level = Math.max(...levels);
  if (level > 0) {
    const read = past.filter(({ what }) => what === "mailbox read").at(-1);
    if (read === undefined || minutesBetween(read.at, now) > 30) return "wait";
    const { papers, unseen } = undecided(past);
    if (unseen.length > 0 || papers.some(({ units }) => units.includes(unit.code))) return "wait";
  }
  const names = certain.map(({ deliverable, item, due }) => ({
    ...{ deliverable, item, due },
    isOverdue: due !== null && now > due,
  }));
  const leads = certain
    .filter(({ due }) => level > 0 && due !== null && now > due)
    .flatMap(({ lead }) => lead ?? []);
  const recipients = recipientsOf(unit, Math.max(level, 1), leads, sent);
  if (recipients.to.length === 0) return "nothing";
  return {
    unit: unit.code,
    at: now,
    kind: level === 0 ? "reminder" : level === 1 ? "overdue" : "escalation",
    ...recipients,
    names,
  };
}

/**
 * To the level reached, or where it has nobody to the next one up, else down; and to the next as well while the last mail
 * there came back. Cc the levels below and who leads something overdue.
 */
function recipientsOf(
  unit: NaiveUnit,
  level: number,
  leads: string[],
  sent: (NaiveNotice & { returnedFrom: string[] })[],
): { to: string[]; cc: string[] } {
  const levels = [unit.liaison, unit.head, unit.supervisor];
  const upwards = levels.slice(level - 1);
  const below = levels.slice(0, level - 1).reverse();
  const to: string[] = [];
  for (const address of [...upwards, ...below, ...leads]) {
    if (address === null || to.includes(address)) continue;
    to.push(address);
    const last = sent.filter((notice) => [...notice.to, ...notice.cc].includes(address)).at(-1);
    if (!last?.returnedFrom.includes(address)) break;
  }
  const cc = new Set([...below, ...leads].filter((address) => address !== null));
  return { to, cc: [...cc].filter((address) => !to.includes(address)) };
}

function minutesBetween(from: Moment, to: Moment): number {
  return (Date.parse(`${to}:00Z`) - Date.parse(`${from}:00Z`)) / 60_000;
}
