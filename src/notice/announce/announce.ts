// The stage: the audience and what was already written → one notice a person, in parts, each its own transaction (R32).
import type { Campaign } from "../../campaign/campaign.ts";
import type { Database, Trx } from "../../store/database.ts";
import type { NoticeIntent, NoticeState } from "../notice.ts";
import { intend } from "../outbox.ts";
import { announcementIntent, announcementKey } from "../wording/announcement.ts";
import { type Announcement, type Difference, differenceOf, type Plan } from "./announcement.ts";
import {
  type Addressee,
  audienceOf,
  type Circle,
  type Household,
  knownByName,
  passerOf,
  personKey,
  unnamedByUnit,
} from "./audience.ts";
import {
  announcementNamed,
  insertTold,
  keepPlan,
  lockAnnouncement,
  noteAnnounced,
  noticeIdsByKey,
  type Told,
  type ToldRow,
  takeUpStopped,
  toldAmong,
} from "./records.ts";

/** Each part is one transaction, and all of it that is in memory. */
const PART = 500;

export interface Announced {
  /** Mails written to the outbox now. */
  written: number;
  /** People who already had theirs, or for whom it was already waiting. */
  before: number;
}

export interface AnnounceOffice {
  db: Database;
  campaign: Campaign;
}

/** Sets down what is announced under a name. What was announced under it before stays, and says in what it differs. */
export async function beginAnnouncement(
  { db, campaign }: AnnounceOffice,
  plan: Plan,
  now: Date,
): Promise<{ announcement: Announcement; differs: Difference | null }> {
  const { name } = plan.announcement;
  return db.transaction().execute(async (trx) => {
    await lockAnnouncement(trx, campaign, name);
    const before = await announcementNamed(trx, campaign, name);
    if (before) return { announcement: before, differs: differenceOf(before, plan.announcement) };
    await keepPlan(trx, campaign, plan, now);
    const { subject, sha256 } = plan.announcement;
    await noteAnnounced(trx, campaign, "announce", { name, after: `${subject} ${sha256}` }, now);
    return { announcement: plan.announcement, differs: null };
  });
}

/**
 * Writes to everyone who has not been written to. Ended half-way, or run again, here or on another machine, it writes
 * only what is missing.
 */
export async function announce(
  { db, campaign }: AnnounceOffice,
  announcement: Announcement,
  audience: Household[],
  now: Date,
  { circle = "all", onProgress = () => {} }: { circle?: Circle; onProgress?: (people: number) => void } = {},
): Promise<Announced> {
  const letters = lettersOf(announcement, campaign, circle);
  const total: Announced = { written: 0, before: 0 };
  let done = 0;
  for (const part of inParts(audience)) {
    const { written, before } = await db.transaction().execute(async (trx) => {
      await lockAnnouncement(trx, campaign, announcement.name);
      return writePart(trx, campaign, announcement, part, letters, now);
    });
    total.written += written;
    total.before += before;
    done += part.reduce((sum, household) => sum + household.length, 0);
    onProgress(done);
  }
  return total;
}

function* inParts(audience: Household[]): Generator<Household[]> {
  let part: Household[] = [];
  let people = 0;
  for (const household of audience) {
    part.push(household);
    people += household.length;
    if (people < PART) continue;
    yield part;
    part = [];
    people = 0;
  }
  if (part.length > 0) yield part;
}

type Letter = (address: string, people: Addressee[], now: Date) => Promise<NoticeIntent>;

/**
 * The liaison's letter says whom to tell: those known by name only; and to pass it on to everyone where the roster has
 * not everyone, or was not written to.
 */
export function lettersOf(announcement: Announcement, campaign: Campaign, circle: Circle): Letter {
  const byName = knownByName(audienceOf(campaign));
  const unnamed = unnamedByUnit(campaign);
  const units = campaign.units.map((unit) => ({
    code: unit.code,
    passer: passerOf(campaign, unit.code)?.email.toLowerCase(),
    isWhole: circle !== "contacts" && !unnamed.has(unit.code),
  }));
  return (address, people, now) => {
    const own = new Set(people.flatMap(({ addresses }) => addresses));
    const passing = units.filter(({ passer }) => passer !== undefined && own.has(passer));
    const tells = passing.flatMap(({ code }): [string, string[]][] => {
      const names = byName.get(code);
      return names ? [[code, names]] : [];
    });
    const passesOn = passing.filter(({ isWhole }) => !isWhole).map(({ code }) => code);
    const unit = people[0]?.units[0] ?? "";
    const facts = { announcement, address, people, unit, tells: new Map(tells), passesOn };
    return announcementIntent(facts, campaign, now);
  };
}

async function writePart(
  trx: Trx,
  campaign: Campaign,
  announcement: Announcement,
  part: Household[],
  letters: Letter,
  now: Date,
): Promise<Announced> {
  const told = await toldAmong(trx, campaign, announcement.name, keysOf(part.flat()));
  const found = foundIn(told);
  const steps = part.map((household) => nextStep(household, found));
  const writing = steps.flatMap(({ write }) => [...write]);
  const intents = await Promise.all(writing.map(([address, people]) => letters(address, people, now)));
  const written = await intend(trx, campaign, intents, now);
  const stopped = steps.flatMap(({ takeUp }) => takeUp);
  await takeUpStopped(trx, stopped, now);
  const keyed = await noticeIdsByKey(
    trx,
    campaign,
    intents.map(({ key }) => key),
  );
  const rows = writing.flatMap(([address, people]): ToldRow[] => {
    const noticeId = keyed.get(announcementKey(announcement, address));
    return noticeId === undefined ? [] : people.flatMap((person) => rowsOf(person, noticeId));
  });
  const shared = steps.flatMap(({ share }) =>
    share.flatMap(([person, noticeId]) => rowsOf(person, noticeId)),
  );
  await insertTold(trx, campaign, announcement.name, [...rows, ...shared]);
  const before = steps.reduce((sum, step) => sum + step.before, 0);
  const mails = written + new Set(stopped).size;
  if (mails > 0)
    await noteAnnounced(trx, campaign, "announce", { name: announcement.name, after: `${mails}` }, now);
  return { written: mails, before };
}

/** How those of a part are found again: by unit and name, as they were when they were written to, and by address. */
export function keysOf(people: Addressee[]) {
  return {
    people: people.flatMap(({ name, units }) => units.map((unit) => ({ unit, person: personKey(name) }))),
    addresses: [...new Set(people.flatMap(({ addresses }) => addresses))],
  };
}

function rowsOf({ name, units }: Addressee, noticeId: number): ToldRow[] {
  return units.map((unit) => ({ unit, person: personKey(name), name, noticeId }));
}

/** What `announce` would write now, part by part; writes nothing. */
export async function* planned(
  trx: Trx,
  campaign: Campaign,
  name: string,
  audience: Household[],
): AsyncGenerator<{ address: string; people: Addressee[] }> {
  for (const part of inParts(audience)) {
    const found = foundIn(await toldAmong(trx, campaign, name, keysOf(part.flat())));
    for (const household of part) {
      const { write, takeUp } = nextStep(household, found);
      for (const [address, people] of write) yield { address, people };
      const stopped = household.filter((person) =>
        found.of(person).some((row) => takeUp.includes(row.noticeId)),
      );
      for (const person of stopped) yield { address: person.addresses[0] ?? "", people: [person] };
    }
  }
}

const failed: NoticeState[] = ["rejected", "bounced"];
export const hasFailed = ({ state }: { state: NoticeState }): boolean => failed.includes(state);

/** What was written, to be asked for by person and by address. */
export interface Found {
  of(person: Addressee): Told[];
  at(address: string): Told | undefined;
}

export function foundIn(told: Told[]): Found {
  const byPerson = Map.groupBy(told, ({ unit, person }) => `${unit}\n${person}`);
  const byAddress = Map.groupBy(told, ({ address }) => address);
  return {
    // One who changed his unit is known by his address, one with a new address by his unit.
    of: ({ name, units, addresses }) => {
      const key = personKey(name);
      const inUnits = units.flatMap((unit) => byPerson.get(`${unit}\n${key}`) ?? []);
      const elsewhere = addresses.flatMap((address) => byAddress.get(address) ?? []);
      return [...inUnits, ...elsewhere.filter(({ person }) => person === key)];
    },
    at: (address) => byAddress.get(address)?.[0],
  };
}

interface Step {
  write: Map<string, Addressee[]>;
  /** Notices the office had stopped. */
  takeUp: number[];
  /** People whose mailbox has the notice already: somebody they share it with was written to. */
  share: [Addressee, number][];
  before: number;
}

/** Each person's first address, the next one only where all before it came back or were refused; pure. */
function nextStep(household: Household, found: Found): Step {
  const step: Step = { write: new Map(), takeUp: [], share: [], before: 0 };
  for (const person of household) {
    const own = found.of(person).filter((row) => !hasFailed(row));
    const [first] = own;
    if (first) {
      if (own.every(isStopped)) step.takeUp.push(first.noticeId);
      else step.before += 1;
      continue;
    }
    const open = openAddress(person, found);
    if (open === null) continue;
    const there = found.at(open);
    if (!there) step.write.set(open, [...(step.write.get(open) ?? []), person]);
    else {
      step.share.push([person, there.noticeId]);
      if (isStopped(there)) step.takeUp.push(there.noticeId);
      else step.before += 1;
    }
  }
  return step;
}

const isStopped = ({ state }: Told) => state === "dropped";

/** The first address from which nothing has come back; null: there is none, or none left. */
export function openAddress({ addresses }: Addressee, found: Found): string | null {
  return addresses.find((address) => !isSpent(found.at(address))) ?? null;
}

const isSpent = (row: Told | undefined) => row !== undefined && hasFailed(row);
