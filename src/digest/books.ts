// The day's facts from the database, and whether the books balance: every mail on record has exactly one verdict.
import { type SqlBool, sql } from "kysely";
import type { Campaign } from "../campaign/campaign.ts";
import type { SenderVerdict } from "../message/sender.ts";
import { UNMATCHED } from "../notice/bounced.ts";
import { CAPPED } from "../notice/caps.ts";
import type { NoticeKind, NoticeState } from "../notice/notice.ts";
import { type PausedAddress, pausedAddresses } from "../notice/paused/records.ts";
import { type HeldUp, heldUp } from "../notice/quota/records.ts";
import { sentFolder } from "../notice/sent/records.ts";
import type { Trx } from "../store/database.ts";
import type { MessageState } from "../store/tables.ts";
import type { Guess, Verdict } from "../understand/evidence.ts";
import { type AlikeFact, alikeIn } from "./likeness.ts";

/** After `from`, up to and including `to`: windows that follow one another neither lose nor repeat a mail. */
export interface Window {
  from: Date;
  to: Date;
}

export type MailTally = Record<MessageState, number>;

export interface Balance {
  /** Mails seen in the mailbox, by their numbers there. */
  records: number;
  /** Different mails among them. */
  messages: number;
  /** The same bytes seen again under another number: another folder entry, or a renumbered mailbox. */
  copies: number;
  /** Messages no mailbox entry leads to; anything but 0 is a fault. */
  unlisted: number;
  /** Sum of all verdicts. */
  verdicts: number;
  balances: boolean;
}

export interface FiledFact {
  reference: string;
  type: string;
  item: string | null;
  unit: string | null;
  people: string[];
  title: string;
  arrivedAt: Date;
  verified: boolean;
  timeliness: "in-time" | "early" | "late";
  supersedes: string | null;
  /** Of the worst recognised document among its mail's attachments; null: none was recognised. */
  confidence: number | null;
}

export interface HeldMail {
  id: number;
  fromName: string;
  fromAddress: string;
  subject: string;
  arrivedAt: Date;
  state: "held" | "oversize";
  reason: string | null;
  /** Null where nobody's word about senders is asked for. */
  sender: SenderVerdict | null;
  /** Best first, at most two. */
  typeGuesses: Guess[];
  unitGuesses: Guess[];
  /** The organisation's name as the sender writes it, where none that is configured fits. */
  unitAsRead: string | null;
  /** The item it is likely about, of a deliverable with items. */
  itemGuess: string | null;
  /** Of the worst recognised document among its attachments; null: none was recognised. */
  confidence: number | null;
}

export interface DuplicateMail {
  id: number;
  fromAddress: string;
  subject: string;
  /** The reference the original was filed under; null when the original holds no submission. */
  original: string | null;
}

export interface UndeliveredNotice {
  id: number;
  kind: string;
  to: string[];
  subject: string;
  unit: string | null;
  state: "rejected" | "ambiguous" | "bounced";
  response: string | null;
}

/** Answers that were not sent because their address had had enough of them: a loop or a flood (R41). */
export interface CappedAddress {
  address: string;
  notices: number;
}

export interface MailboxHealth {
  name: string;
  lastReadAt: Date | null;
  lastError: string | null;
  lastErrorAt: Date | null;
  /** How full the account is, from 0 to 1; null: the server does not say. */
  full: number | null;
}

export interface UnitShare {
  unit: string | null;
  type: string;
  submissions: number;
  people: number;
}

export interface Books {
  window: Window;
  mailsInWindow: MailTally;
  mailsInTotal: MailTally;
  balance: Balance;
  /** At most LISTED_A_TYPE of each type; the numbers are in `filedByType`. */
  filed: FiledFact[];
  filedByType: { type: string; inWindow: number; current: number }[];
  held: HeldMail[];
  heldInTotal: number;
  duplicates: DuplicateMail[];
  noticesInWindow: Record<NoticeState, number>;
  /** Written, free to leave and not yet sent. */
  noticesWaiting: number;
  undelivered: UndeliveredNotice[];
  capped: CappedAddress[];
  /** All that are now, not only those of the window: until something is done about them. */
  paused: PausedAddress[];
  /** Returned mails of the window that belong to nothing we sent. */
  unmatchedReturns: number;
  mailboxes: MailboxHealth[];
  /** What waits to leave, and why. */
  heldUp: HeldUp;
  /** Notices in doubt while the folder that would prove them cannot be read: what was said of it. */
  sentFolderError: string | null;
  backlogUnanswered: number;
  shares: UnitShare[];
  participants: { unit: string | null; people: number }[];
  /** At most LISTED_ALIKE of them. */
  alike: AlikeFact[];
  alikeInWindow: number;
}

/** A digest is a mail, not an archive: longer lists end with a number and the ledger has them whole. */
export const LISTED = 200;
export const LISTED_A_TYPE = 20;

const countAll = sql<number>`count(*)::int`;

export async function booksAt(db: Trx, campaign: Campaign, window: Window): Promise<Books> {
  const code = campaign.code;
  const mailsInTotal = await tallyMails(db, code);
  return {
    window,
    mailsInWindow: await tallyMails(db, code, window),
    mailsInTotal,
    balance: await balanceOf(db, code, mailsInTotal),
    filed: await filedIn(db, code, window),
    filedByType: await filedByType(db, code, window),
    held: await heldMails(db, code, { limit: LISTED }),
    heldInTotal: mailsInTotal.held + mailsInTotal.oversize,
    duplicates: await duplicatesIn(db, code, window),
    noticesInWindow: await tallyNotices(db, code, window),
    noticesWaiting: await waitingNotices(db, code, window.to),
    undelivered: await undeliveredIn(db, code, window),
    capped: await cappedIn(db, code, window),
    paused: await pausedAddresses(db, campaign),
    unmatchedReturns: await unmatchedReturns(db, code, window),
    mailboxes: await mailboxHealth(db, code),
    heldUp: await heldUp(db, campaign, window.to),
    sentFolderError: (await sentFolder(db, campaign))?.error ?? null,
    backlogUnanswered: await backlogUnanswered(db, code),
    shares: await sharesByUnit(db, code),
    participants: await participantsOf(db, campaign),
    ...(await alikeIn(db, code, window)),
  };
}

/** Mails by verdict: all of them, or those recorded in a window. */
export async function tallyMails(db: Trx, code: string, window?: Window): Promise<MailTally> {
  let query = db
    .selectFrom("message")
    .select(["state", countAll.as("mails")])
    .where("campaign", "=", code);
  if (window) query = query.where("recorded_at", ">", window.from).where("recorded_at", "<=", window.to);
  const tally: MailTally = { received: 0, filed: 0, held: 0, automatic: 0, ignored: 0, oversize: 0 };
  for (const row of await query.groupBy("state").execute()) tally[row.state] = row.mails;
  return tally;
}

/** Counts the same mails three ways (by mailbox entry, by content, by verdict); the ways must agree. */
export async function balanceOf(db: Trx, code: string, tally: MailTally): Promise<Balance> {
  const row = await db
    .selectNoFrom((eb) => [
      eb
        .selectFrom("mail_record")
        .innerJoin("mailbox", "mailbox.name", "mail_record.mailbox")
        .select(countAll.as("n"))
        .where("mailbox.campaign", "=", code)
        .as("records"),
      eb.selectFrom("message").select(countAll.as("n")).where("campaign", "=", code).as("messages"),
      eb
        .selectFrom("message")
        .select(countAll.as("n"))
        .where("campaign", "=", code)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom("mail_record").select("uid").whereRef("mail_record.message_id", "=", "message.id"),
            ),
          ),
        )
        .as("unlisted"),
    ])
    .executeTakeFirstOrThrow();
  const records = row.records ?? 0;
  const messages = row.messages ?? 0;
  const unlisted = row.unlisted ?? 0;
  const verdicts = Object.values(tally).reduce((sum, mails) => sum + mails, 0);
  const copies = records - (messages - unlisted);
  return { records, messages, copies, unlisted, verdicts, balances: verdicts === messages && unlisted === 0 };
}

/** How sure recognition was of the worst document a message brought. */
const worstConfidence = (messageId: string) => sql<number | null>`(
  select min(d.confidence) from attachment a join document d on d.sha256 = a.sha256
  where a.message_id = ${sql.ref(messageId)})`;

/** Of each type as many, for what units owe must not be lost among what everybody sends. */
async function filedIn(db: Trx, code: string, window: Window): Promise<FiledFact[]> {
  const inWindow = sql<SqlBool>`filed_at > ${window.from} and filed_at <= ${window.to}`;
  const rows = await db
    .selectFrom((eb) =>
      eb
        .selectFrom("submission")
        .selectAll()
        .select(sql<number>`row_number() over (partition by type order by arrived_at, id)`.as("place"))
        .where("campaign", "=", code)
        .where(inWindow)
        .as("s"),
    )
    .leftJoin("submission as older", "older.id", "s.supersedes")
    .select(["s.reference", "s.type", "s.item", "s.unit", "s.people", "s.title", "s.arrived_at"])
    .select(["s.verified", "s.timeliness", "older.reference as supersedes"])
    .select(worstConfidence("s.message_id").as("confidence"))
    .where("s.place", "<=", LISTED_A_TYPE)
    .orderBy("s.arrived_at")
    .orderBy("s.id")
    .execute();
  return rows.map(({ arrived_at, ...row }) => ({ ...row, arrivedAt: arrived_at }));
}

export async function filedByType(db: Trx, code: string, window: Window): Promise<Books["filedByType"]> {
  const inWindow = sql<SqlBool>`filed_at > ${window.from} and filed_at <= ${window.to}`;
  return db
    .selectFrom("submission")
    .select([
      "type",
      sql<number>`count(*) filter (where ${inWindow})::int`.as("inWindow"),
      sql<number>`count(*) filter (where state = 'current')::int`.as("current"),
    ])
    .where("campaign", "=", code)
    .groupBy("type")
    .execute();
}

/** What waits for a person, oldest first: it has waited longest. `after` continues a page. */
export async function heldMails(
  db: Trx,
  code: string,
  page: { limit: number; after?: { arrivedAt: Date; id: number } },
): Promise<HeldMail[]> {
  let query = db
    .selectFrom("message")
    .select(["id", "from_name", "from_address", "subject", "arrived_at", "state", "reason"])
    .select(sql<Verdict | null>`understanding -> 'type'`.as("type"))
    .select(sql<Verdict | null>`understanding -> 'unit'`.as("unit"))
    .select(sql<string | null>`understanding ->> 'unitAsRead'`.as("unit_as_read"))
    .select(sql<string | null>`understanding #>> '{submissions,0,item}'`.as("item"))
    .select(sql<SenderVerdict | null>`sender_check ->> 'verdict'`.as("sender"))
    .select(worstConfidence("message.id").as("confidence"))
    .where("campaign", "=", code)
    .where("state", "in", ["held", "oversize"]);
  const after = page.after;
  if (after) query = query.where(sql<SqlBool>`(arrived_at, id) > (${after.arrivedAt}, ${after.id})`);
  const rows = await query.orderBy("arrived_at").orderBy("id").limit(page.limit).execute();
  return rows.map((row) => ({
    id: row.id,
    fromName: row.from_name ?? "",
    fromAddress: row.from_address ?? "",
    subject: row.subject ?? "",
    arrivedAt: row.arrived_at,
    state: row.state as HeldMail["state"],
    reason: row.reason,
    sender: row.sender,
    typeGuesses: bestGuesses(row.type),
    unitGuesses: bestGuesses(row.unit),
    unitAsRead: row.unit_as_read,
    itemGuess: row.item,
    confidence: row.confidence,
  }));
}

function bestGuesses(verdict: Verdict | null): Guess[] {
  if (!verdict?.value) return verdict?.guesses ?? [];
  const best = { value: verdict.value, confidence: verdict.confidence };
  return verdict.runnerUp ? [best, verdict.runnerUp] : [best];
}

async function duplicatesIn(db: Trx, code: string, window: Window): Promise<DuplicateMail[]> {
  const rows = await db
    .selectFrom("message")
    .select(["id", "from_address", "subject"])
    .select((eb) =>
      eb
        .selectFrom("submission")
        .select("reference")
        .whereRef("submission.message_id", "=", "message.duplicate_of")
        .orderBy("ordinal")
        .limit(1)
        .as("original"),
    )
    .where("campaign", "=", code)
    .where("state", "=", "ignored")
    .where("reason", "=", "duplicate")
    .where("recorded_at", ">", window.from)
    .where("recorded_at", "<=", window.to)
    .orderBy("id")
    .limit(LISTED)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    fromAddress: row.from_address ?? "",
    subject: row.subject ?? "",
    original: row.original,
  }));
}

/** When a notice came to what it is: a mail sent on Monday that comes back on Tuesday is Tuesday's trouble. */
const outcomeAt = sql<Date>`coalesce(case when state = 'bounced' then (bounce ->> 'at')::timestamptz end, settled_at, intended_at)`;

/** Notices by state: those settled in the window, and those written in it that are still on their way. */
async function tallyNotices(db: Trx, code: string, window: Window): Promise<Record<NoticeState, number>> {
  const rows = await db
    .selectFrom("notice")
    .select(["state", countAll.as("notices")])
    .where("campaign", "=", code)
    .where(sql<SqlBool>`${outcomeAt} > ${window.from} and ${outcomeAt} <= ${window.to}`)
    .groupBy("state")
    .execute();
  const none = { intended: 0, claimed: 0, "data-sent": 0, accepted: 0, rejected: 0, ambiguous: 0 };
  const tally: Record<NoticeState, number> = { ...none, dropped: 0, bounced: 0 };
  for (const row of rows) tally[row.state] = row.notices;
  return tally;
}

async function waitingNotices(db: Trx, code: string, now: Date): Promise<number> {
  const row = await db
    .selectFrom("notice")
    .select(countAll.as("notices"))
    .where("campaign", "=", code)
    .where("state", "in", ["intended", "claimed", "data-sent"])
    .where("not_before", "<=", now)
    .executeTakeFirstOrThrow();
  return row.notices;
}

/** Nothing sends these again by itself (R35): they are told every day until the office has decided. */
const DECIDED_BY_OFFICE: NoticeKind[] = ["overdue", "escalation"];

async function undeliveredIn(db: Trx, code: string, window: Window): Promise<UndeliveredNotice[]> {
  const rows = await db
    .selectFrom("notice")
    .select(["id", "kind", "to_contacts", "subject", "unit", "state"])
    .select(
      sql<
        string | null
      >`case when state = 'bounced' then concat_ws(' ', bounce ->> 'status', bounce ->> 'diagnostic')
        else response end`.as("response"),
    )
    .where("campaign", "=", code)
    .where("state", "in", ["rejected", "ambiguous", "bounced"])
    // Whoever of the office said that it is not to be sent again has seen it.
    .where(sql<SqlBool>`(state <> 'ambiguous' or decision is distinct from 'settle')`)
    .where(sql<SqlBool>`${outcomeAt} <= ${window.to}`)
    .where(
      sql<SqlBool>`(${outcomeAt} > ${window.from} or (state = 'ambiguous' and kind = any(${DECIDED_BY_OFFICE})))`,
    )
    .orderBy("id")
    .limit(LISTED)
    .execute();
  return rows.map(({ to_contacts, state, ...row }) => ({
    ...row,
    state: state as UndeliveredNotice["state"],
    to: to_contacts.map((contact) => contact.email),
  }));
}

async function cappedIn(db: Trx, code: string, window: Window): Promise<CappedAddress[]> {
  const address = sql<string>`to_contacts -> 0 ->> 'email'`;
  return db
    .selectFrom("notice")
    .select([address.as("address"), countAll.as("notices")])
    .where("campaign", "=", code)
    .where("state", "=", "dropped")
    .where("response", "like", `${CAPPED}%`)
    .where("settled_at", ">", window.from)
    .where("settled_at", "<=", window.to)
    .groupBy(address)
    .orderBy("notices", "desc")
    .orderBy("address")
    .execute();
}

async function unmatchedReturns(db: Trx, code: string, window: Window): Promise<number> {
  const row = await db
    .selectFrom("message")
    .select(countAll.as("mails"))
    .where("campaign", "=", code)
    .where("origin", "=", "bounce")
    .where("detail", "=", UNMATCHED)
    .where("recorded_at", ">", window.from)
    .where("recorded_at", "<=", window.to)
    .executeTakeFirstOrThrow();
  return row.mails;
}

export async function mailboxHealth(db: Trx, code: string): Promise<MailboxHealth[]> {
  const rows = await db
    .selectFrom("mailbox")
    .selectAll()
    .where("campaign", "=", code)
    .orderBy("name")
    .execute();
  return rows.map((row) => ({
    name: row.name,
    lastReadAt: row.last_read_at,
    lastError: row.last_error,
    lastErrorAt: row.last_error_at,
    full: row.used_bytes !== null && row.limit_bytes ? row.used_bytes / row.limit_bytes : null,
  }));
}

/** Mail from before the mailbox went live: filed, and answered only once the office says so. */
async function backlogUnanswered(db: Trx, code: string): Promise<number> {
  const row = await db
    .selectFrom("message")
    .select(countAll.as("mails"))
    .where("campaign", "=", code)
    .where("backlog", "=", true)
    .where("origin", "=", "person")
    .where("state", "in", ["filed", "held"])
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("notice")
            .select("id")
            .whereRef("notice.cause_message_id", "=", "message.id")
            .where("notice.state", "<>", "intended"),
        ),
      ),
    )
    .executeTakeFirstOrThrow();
  return row.mails;
}

/** A proposer, by name; one who gives none is at least whoever wrote. */
const proposer = sql<string>`coalesce(person, nullif(m.from_name, ''), m.from_address)`;

/** Who takes part: current submissions and different people behind them, by unit and type, verified or not. */
export async function sharesByUnit(db: Trx, code: string): Promise<UnitShare[]> {
  return proposals(db, code)
    .select(["s.unit", "s.type"])
    .select(sql<number>`count(distinct s.id)::int`.as("submissions"))
    .select(sql<number>`count(distinct ${proposer})::int`.as("people"))
    .groupBy(["s.unit", "s.type"])
    .execute();
}

/** Different people behind what a unit's people sent of their own accord: one who sent two kinds is one. */
async function participantsOf(db: Trx, campaign: Campaign): Promise<Books["participants"]> {
  const voluntary = campaign.deliverables.filter((one) => one.from === "person").map((one) => one.code);
  if (voluntary.length === 0) return [];
  return proposals(db, campaign.code)
    .select("s.unit")
    .select(sql<number>`count(distinct ${proposer})::int`.as("people"))
    .where("s.type", "in", voluntary)
    .groupBy("s.unit")
    .execute();
}

function proposals(db: Trx, code: string) {
  return db
    .selectFrom("submission as s")
    .innerJoin("message as m", "m.id", "s.message_id")
    .leftJoin(sql<{ name: string }>`unnest(s.people)`.as("person"), (join) => join.onTrue())
    .where("s.campaign", "=", code)
    .where("s.state", "=", "current");
}
