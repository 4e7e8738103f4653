// Facts and an instant make the digest: what needs a person, who still owes what, what came, what went wrong; pure.
import { type Campaign, deliverableOf, unitOf } from "../campaign/campaign.ts";
import type { Obligation } from "../deadline/obligation.ts";
import type { NoticeState } from "../notice/notice.ts";
import type { AuditHead } from "../store/audit.ts";
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
import type { Edition } from "./edition.ts";
import type { AlikeFact } from "./likeness.ts";
import { type DutyFacts, type Owed, owedAt } from "./owed.ts";
import { type Participation, participationOf, standingsOf } from "./participation.ts";
import { type PictureFacts, pictureFacts } from "./picture/facts.ts";
import type { KindTally, RulingFact, WeekFacts } from "./records.ts";
import { settlingLine } from "./settling-line.ts";
import { type Trouble, troublesOf } from "./troubles.ts";
import { likelyTypes, likelyUnits } from "./words.ts";

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

/** What the office ruled, by names. */
export interface RulingRow extends Omit<RulingFact, "deliverable" | "item" | "unit"> {
  unit: string;
  /** The item where one is meant, else the deliverable. */
  what: string;
}

/** The sums of the week a weekly edition ends. */
export interface WeekSums {
  from: Date;
  arrived: number;
  mails: MailTally;
  filed: { name: string; inWindow: number; current: number }[];
  met: number;
  metLate: number;
  sent: KindTally[];
}

export interface Digest extends Owed, Participation {
  on: PlainDate;
  edition: Edition;
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
  rulings: RulingRow[];
  week: WeekSums | null;
  notices: Record<NoticeState, number>;
  noticesWaiting: number;
  announcement: KindTally | null;
  /** Said outside, a chain that is cut off or written anew is noticed. */
  audit: AuditHead | null;
  undelivered: UndeliveredNotice[];
  troubles: Trouble[];
  /** What the picture would show; null where there is nothing to draw. */
  picture: PictureFacts | null;
}

export interface DigestFacts {
  on: PlainDate;
  edition: Edition;
  books: Books;
  duty: DutyFacts;
  rulings: RulingFact[];
  announcement: KindTally | null;
  audit: AuditHead | null;
  /** Null in editions that are not weekly. */
  week: WeekFacts | null;
}

const LISTED_HELD = 30;

export function digestOf(campaign: Campaign, facts: DigestFacts, now: Date): Digest {
  const { books, on, duty } = facts;
  const today = dateOf(now, campaign.timezone);
  const owed = owedAt(campaign, duty, today);
  const troubles = troublesOf(campaign, books, today, now);
  const sinceStart = books.window.from.getTime() <= 0;
  const arrived = sum(Object.values(books.mailsInWindow));
  const isQuiet =
    arrived + books.heldInTotal + books.undelivered.length + troubles.length + facts.rulings.length === 0 &&
    [owed.overdue, owed.dueSoon, owed.withheld, owed.unreached].every(({ length }) => length === 0);
  return {
    on,
    edition: facts.edition,
    from: sinceStart ? null : books.window.from,
    to: books.window.to,
    days: sinceStart ? 1 : daysBetween(dateOf(books.window.from, campaign.timezone), on),
    silent: isQuiet && facts.edition === "daily",
    mails: { ...books.mailsInWindow, arrived },
    total: books.mailsInTotal,
    balance: books.balance,
    filed: filedSections(campaign, books),
    held: books.held.slice(0, LISTED_HELD).map((mail) => heldRow(campaign, mail, now)),
    heldMore: Math.max(0, books.heldInTotal - LISTED_HELD),
    duplicates: books.duplicates,
    alike: books.alike,
    alikeMore: Math.max(0, books.alikeInWindow - books.alike.length),
    rulings: facts.rulings.map((fact) => rulingRow(campaign, fact)),
    week: facts.week ? weekSums(campaign, facts.week, duty.obligations) : null,
    ...owed,
    ...participationOf(campaign, books),
    notices: books.noticesInWindow,
    noticesWaiting: books.noticesWaiting,
    announcement: facts.announcement,
    audit: facts.audit,
    undelivered: books.undelivered,
    troubles,
    picture: pictureFacts(campaign, duty.obligations, standingsOf(campaign, books)),
  };
}

function filedSections(campaign: Campaign, books: Books): FiledSection[] {
  return campaign.deliverables.map((deliverable) => {
    const counts = books.filedByType.find((row) => row.type === deliverable.code);
    const rows = books.filed.filter((fact) => fact.type === deliverable.code);
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

function rulingRow(campaign: Campaign, { deliverable, item, unit, ...fact }: RulingFact): RulingRow {
  const owed = deliverableOf(campaign, deliverable);
  const part = owed?.items.find(({ code }) => code === item);
  return {
    ...fact,
    unit: unitOf(campaign, unit)?.name ?? unit ?? "",
    what: part?.name ?? item ?? owed?.name ?? deliverable ?? "",
  };
}

function weekSums(campaign: Campaign, facts: WeekFacts, obligations: Obligation[]): WeekSums {
  const { from, to } = facts.window;
  const metIn = (state: Obligation["state"]) =>
    obligations.filter((one) => one.state === state && one.metAt && one.metAt > from && one.metAt <= to)
      .length;
  return {
    from,
    arrived: sum(Object.values(facts.mails)),
    mails: facts.mails,
    filed: campaign.deliverables.map(({ code, name }) => {
      const counts = facts.filedByType.find(({ type }) => type === code);
      return { name, inWindow: counts?.inWindow ?? 0, current: counts?.current ?? 0 };
    }),
    met: metIn("met"),
    metLate: metIn("met-late"),
    sent: facts.sent,
  };
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
