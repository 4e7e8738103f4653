// Facts and an instant make the digest: what came, what needs a person, who still owes what, what went wrong.
import { type Campaign, deliverableOf, unitOf } from "../campaign/campaign.ts";
import { calendarCovers } from "../deadline/calendar.ts";
import type { WithheldReason } from "../deadline/interlock.ts";
import type { Obligation, ObligationState } from "../deadline/obligation.ts";
import type { DutyOutlook } from "../notice/chase.ts";
import type { NoticeState } from "../notice/notice.ts";
import { dateOf, daysBetween, type PlainDate } from "../text/dates.ts";
import type {
  Balance,
  Books,
  DuplicateMail,
  FiledFact,
  HeldMail,
  MailTally,
  UndeliveredNotice,
} from "./books.ts";
import type { AlikeFact } from "./likeness.ts";
import { settlingLine } from "./settling-line.ts";
import { ledgerWords, likelyTypes, likelyUnits } from "./words.ts";

export interface FiledSection {
  name: string;
  inWindow: number;
  current: number;
  rows: FiledFact[];
  /** How many are not listed. */
  more: number;
}

export interface HeldRow extends Omit<HeldMail, "typeGuesses" | "unitGuesses" | "itemGuess"> {
  /** Names of the best guesses, the likeliest first. */
  types: string[];
  units: string[];
  daysWaiting: number;
  /** The line that settles it, to be copied into a reply. */
  line: string;
}

export interface OwedRow {
  unit: string;
  deliverable: string;
  item: string | null;
  dueOn: PlainDate | null;
  state: ObligationState;
  /** Calendar days to the due date; negative once it is past. */
  daysLeft: number | null;
  provisional: boolean;
}

export interface ShareRow {
  unit: string;
  submissions: number;
  people: number;
  staff: number | null;
  /** Submissions per hundred heads; null when the head-count is not configured. */
  perHundred: number | null;
  /** 0…100, for a bar: against the busiest unit. */
  bar: number;
}

export type Trouble =
  | { kind: "books-unbalanced" }
  | { kind: "mailbox-never-read"; name: string }
  | { kind: "mailbox-unread"; name: string; minutes: number; error: string | null }
  | { kind: "mails-open"; mails: number }
  | { kind: "backlog"; mails: number }
  | { kind: "answers-capped"; notices: number; addresses: string[] }
  /** Due and held back: saying nothing is safer, and the office is told instead. */
  | { kind: "withheld"; units: string[]; why: WithheldReason }
  /** Due, and nobody to write to. */
  | { kind: "unreachable"; units: string[] }
  /** Working days of this year are guesses: the program knows no public calendar for it. */
  | { kind: "calendar-unknown"; year: number }
  | { kind: "ledger-left-out" };

export interface Digest {
  on: PlainDate;
  /** Null when it covers everything up to now. */
  from: Date | null;
  to: Date;
  /** More than one day lies between this and the previous digest. */
  days: number;
  silent: boolean;
  mails: MailTally & { arrived: number };
  total: MailTally;
  balance: Balance;
  filed: FiledSection[];
  held: HeldRow[];
  heldMore: number;
  duplicates: DuplicateMail[];
  /** What came and is like something else; hints that hold nothing. */
  alike: AlikeFact[];
  alikeMore: number;
  overdue: OwedRow[];
  dueSoon: OwedRow[];
  owed: { all: number; met: number; metLate: number; waived: number; open: number; overdue: number };
  shares: ShareRow[];
  /** Units nothing has come from yet, the leadership aside. */
  quietUnits: string[];
  notices: Record<NoticeState, number>;
  noticesWaiting: number;
  undelivered: UndeliveredNotice[];
  troubles: Trouble[];
}

const LISTED_A_TYPE = 40;
const SOON_DAYS = 7;
const UNREAD_MINUTES = 30;

/** Who owes what, and which of today's notices could not be sent. */
export type DutyFacts = Pick<DutyOutlook, "obligations" | "withheld" | "unreachable">;

export function digestOf(
  campaign: Campaign,
  facts: { books: Books; duty: DutyFacts; on: PlainDate; ledgerAttached: boolean },
  now: Date,
): Digest {
  const { books, on } = facts;
  const { obligations } = facts.duty;
  const today = dateOf(now, campaign.timezone);
  const arrived = Object.values(books.mailsInWindow).reduce((sum, mails) => sum + mails, 0);
  const owed = obligations.map((obligation) => owedRow(campaign, obligation, today));
  const troubles = [...troublesOf(campaign, books, now), ...dutyTroubles(campaign, facts.duty, today)];
  if (!facts.ledgerAttached) troubles.push({ kind: "ledger-left-out" });
  const overdue = owed.filter((row) => row.state === "overdue").sort(byDueDate);
  const dueSoon = owed.filter(isDueSoon).sort(byDueDate);
  const nothingWrong = books.undelivered.length === 0 && troubles.length === 0;
  const sinceStart = books.window.from.getTime() <= 0;
  return {
    on,
    from: sinceStart ? null : books.window.from,
    to: books.window.to,
    days: sinceStart ? 1 : daysBetween(dateOf(books.window.from, campaign.timezone), on),
    silent:
      arrived === 0 &&
      books.heldInTotal === 0 &&
      nothingWrong &&
      overdue.length === 0 &&
      dueSoon.length === 0,
    mails: { ...books.mailsInWindow, arrived },
    total: books.mailsInTotal,
    balance: books.balance,
    filed: filedSections(campaign, books),
    held: books.held.slice(0, LISTED_A_TYPE).map((mail) => heldRow(campaign, mail, now)),
    heldMore: Math.max(0, books.heldInTotal - LISTED_A_TYPE),
    duplicates: books.duplicates,
    alike: books.alike,
    alikeMore: Math.max(0, books.alikeInWindow - books.alike.length),
    overdue,
    dueSoon,
    owed: countOwed(obligations),
    ...sharesOf(campaign, books),
    notices: books.noticesInWindow,
    noticesWaiting: books.noticesWaiting,
    undelivered: books.undelivered,
    troubles,
  };
}

function filedSections(campaign: Campaign, books: Books): FiledSection[] {
  return campaign.deliverables.map((deliverable) => {
    const counts = books.filedByType.find((row) => row.type === deliverable.code);
    const rows = books.filed.filter((fact) => fact.type === deliverable.code).slice(0, LISTED_A_TYPE);
    const inWindow = counts?.inWindow ?? 0;
    return {
      name: deliverable.name,
      inWindow,
      current: counts?.current ?? 0,
      rows,
      more: inWindow - rows.length,
    };
  });
}

function heldRow(campaign: Campaign, mail: HeldMail, now: Date): HeldRow {
  const { typeGuesses, unitGuesses, itemGuess, ...rest } = mail;
  const waitedMs = Math.max(0, now.getTime() - mail.arrivedAt.getTime());
  return {
    ...rest,
    types: likelyTypes(campaign, typeGuesses),
    units: likelyUnits(campaign, unitGuesses),
    daysWaiting: Math.floor(waitedMs / 86_400_000),
    line: settlingLine(campaign, mail),
  };
}

function owedRow(campaign: Campaign, obligation: Obligation, today: PlainDate): OwedRow {
  const deliverable = deliverableOf(campaign, obligation.deliverable);
  const item = deliverable?.items.find((candidate) => candidate.code === obligation.item);
  return {
    unit: unitOf(campaign, obligation.unit)?.name ?? obligation.unit,
    deliverable: deliverable?.name ?? obligation.deliverable,
    item: item?.name ?? obligation.item,
    dueOn: obligation.dueOn,
    state: obligation.state,
    daysLeft: obligation.dueOn === null ? null : daysBetween(today, obligation.dueOn),
    provisional: obligation.provisional,
  };
}

function isDueSoon(row: OwedRow): boolean {
  const open = row.state === "outstanding" || row.state === "extended";
  return open && row.daysLeft !== null && row.daysLeft >= 0 && row.daysLeft <= SOON_DAYS;
}

function byDueDate(a: OwedRow, b: OwedRow): number {
  return (a.dueOn ?? "").localeCompare(b.dueOn ?? "");
}

export function countOwed(obligations: Obligation[]): Digest["owed"] {
  const count = (...states: ObligationState[]) =>
    obligations.filter((one) => states.includes(one.state)).length;
  return {
    all: obligations.length,
    met: count("met"),
    metLate: count("met-late"),
    waived: count("waived"),
    open: count("outstanding", "extended"),
    overdue: count("overdue"),
  };
}

/**
 * Participation is what people send of their own accord; what units owe is counted as owed. What no unit is known for
 * has a row of its own, so that the rows add up.
 */
function sharesOf(campaign: Campaign, books: Books): { shares: ShareRow[]; quietUnits: string[] } {
  const voluntary = campaign.deliverables.filter((one) => one.from === "person").map((one) => one.code);
  const rowOf = (name: string, staff: number | null, isOurs: (unit: string | null) => boolean) => {
    const own = books.shares.filter((share) => isOurs(share.unit) && voluntary.includes(share.type));
    const submissions = own.reduce((sum, share) => sum + share.submissions, 0);
    const people = books.participants.reduce((sum, one) => sum + (isOurs(one.unit) ? one.people : 0), 0);
    const perHundred = staff ? Math.round((submissions / staff) * 1000) / 10 : null;
    return { unit: name, submissions, people, staff, perHundred, bar: 0 };
  };
  const units = campaign.units.map((unit) => ({
    share: rowOf(unit.name, unit.staff, (code) => code === unit.code),
    leads: unit.kind === "leadership",
  }));
  const unknown = rowOf(
    ledgerWords(campaign.locale).unitUnknown,
    null,
    (code) => unitOf(campaign, code) === null,
  );
  const shares = [...units.map(({ share }) => share), unknown];
  const most = Math.max(1, ...shares.map((share) => share.submissions));
  return {
    shares: shares
      .filter((share) => share.submissions > 0)
      .sort((a, b) => Number(a === unknown) - Number(b === unknown) || b.submissions - a.submissions)
      .map((share) => ({ ...share, bar: Math.max(2, Math.round((share.submissions / most) * 100)) })),
    quietUnits: units
      .filter(({ share, leads }) => share.submissions === 0 && !leads)
      .map(({ share }) => share.unit),
  };
}

function dutyTroubles(campaign: Campaign, { withheld, unreachable }: DutyFacts, today: PlainDate): Trouble[] {
  const nameOf = (code: string) => unitOf(campaign, code)?.name ?? code;
  const troubles: Trouble[] = [];
  for (const [why, held] of Map.groupBy(withheld, (one) => one.why)) {
    troubles.push({ kind: "withheld", units: held.map(({ notice }) => nameOf(notice.unit)), why });
  }
  if (unreachable.length > 0) {
    troubles.push({ kind: "unreachable", units: unreachable.map(({ unit }) => nameOf(unit)) });
  }
  const year = Number(today.slice(0, 4));
  if (campaign.reminders.workingDaysOnly && !calendarCovers(year))
    troubles.push({ kind: "calendar-unknown", year });
  return troubles;
}

/** What the system itself had trouble with, for whoever keeps it running. */
function troublesOf(campaign: Campaign, books: Books, now: Date): Trouble[] {
  const troubles: Trouble[] = [];
  if (!books.balance.balances) troubles.push({ kind: "books-unbalanced" });
  if (books.mailboxes.length === 0)
    troubles.push({ kind: "mailbox-never-read", name: campaign.mailbox.address });
  for (const mailbox of books.mailboxes) {
    if (mailbox.lastReadAt === null) {
      troubles.push({ kind: "mailbox-never-read", name: mailbox.name });
      continue;
    }
    const minutes = Math.floor((now.getTime() - mailbox.lastReadAt.getTime()) / 60_000);
    if (minutes < UNREAD_MINUTES) continue;
    troubles.push({ kind: "mailbox-unread", name: mailbox.name, minutes, error: mailbox.lastError });
  }
  if (books.mailsInTotal.received > 0)
    troubles.push({ kind: "mails-open", mails: books.mailsInTotal.received });
  if (books.backlogUnanswered > 0) troubles.push({ kind: "backlog", mails: books.backlogUnanswered });
  if (books.capped.length > 0) {
    const notices = books.capped.reduce((sum, one) => sum + one.notices, 0);
    troubles.push({ kind: "answers-capped", notices, addresses: books.capped.map(({ address }) => address) });
  }
  return troubles;
}
