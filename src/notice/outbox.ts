// SQL of the outbox: intend once, claim by one, settle, take back what a dead process left behind (R32–R38).
import { type Selectable, sql } from "kysely";
import type { Campaign } from "../campaign/campaign.ts";
import { byCommand, recordAudit } from "../store/audit.ts";
import { type Database, dbJson, dbText, type Trx } from "../store/database.ts";
import { isQuiet } from "../store/quiet.ts";
import { installationSecret } from "../store/secret.ts";
import type { NoticeTable } from "../store/tables.ts";
import { isToOffice, noticeMessageId, officeMessageId } from "./identity.ts";
import type { NoticeIntent, NoticeKind } from "./notice.ts";

export type NoticeRow = Selectable<NoticeTable>;

/** The `notBefore` of an answer to mail that was there before jinbox: it waits for the office's go-ahead. */
export const UNTIL_THE_OFFICE_SAYS_SO = new Date("9999-12-31T00:00:00Z");

/** What the secret behind the Message-IDs of notices to the office is kept under. */
export const OFFICE_NOTICES = "office-notices";

const HOUR_MS = 3_600_000;
/** Share of the hourly quota only answers may use, so that a wave of reminders never delays an acknowledgement (R38). */
const KEPT_FOR_ANSWERS = 0.2;
/** Share an announcement to thousands leaves to what has a date: it goes on for days, a reminder is for today. */
const KEPT_FROM_ANNOUNCEMENTS = 0.4;
const answerKinds: NoticeKind[] = ["acknowledgement", "clarification", "sign-in"];
/** Marks a notice whose refusal was about our account: until its `not_before`, nothing leaves. */
export const ACCOUNT_PAUSED = "account paused: ";

/**
 * Writes intents in the caller's transaction, that of their cause (R32). A key already there stays as it is: seen twice,
 * on two machines or after a restart, a cause has one notice. Returns how many were new.
 */
export async function intend(
  trx: Trx,
  campaign: Campaign,
  intents: NoticeIntent[],
  now: Date,
): Promise<number> {
  if (intents.length === 0) return 0;
  const secret = intents.some(isToOffice) ? await installationSecret(trx, OFFICE_NOTICES, now) : null;
  const rows = intents.map((intent) => ({
    campaign: campaign.code,
    key: dbText(intent.key, 500),
    kind: intent.kind,
    ...contentOf(intent),
    rfc_message_id:
      secret && isToOffice(intent)
        ? officeMessageId(campaign, intent.key, secret)
        : noticeMessageId(campaign, intent.key),
    in_reply_to: intent.inReplyTo === null ? null : dbText(intent.inReplyTo, 998),
    reference_ids: dbJson(intent.references),
    cause_message_id: intent.causeMessageId,
    unit: intent.unit,
    intended_at: now,
    not_before: intent.notBefore ?? now,
  }));
  const written = await trx
    .insertInto("notice")
    .values(rows)
    // Whichever of the two indexes of one key is met first: another machine may be writing the same key at this moment.
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .execute();
  return written.length;
}

/** Those of these keys that have a notice already: it need not be worded once more. */
export async function keysWritten(trx: Trx, campaign: Campaign, keys: string[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set();
  const rows = await trx
    .selectFrom("notice")
    .select("key")
    .where("campaign", "=", campaign.code)
    .where("key", "in", keys)
    .execute();
  return new Set(rows.map(({ key }) => key));
}

function contentOf(intent: NoticeIntent) {
  return {
    to_contacts: dbJson(intent.to),
    cc_contacts: dbJson(intent.cc),
    subject: dbText(intent.subject, 998),
    text: dbText(intent.text),
    html: intent.html === null ? null : dbText(intent.html),
    attachments: dbJson(intent.attachments),
    still_owed: dbJson(intent.stillOwed),
    wording_fault: intent.wordingFault === undefined ? null : dbText(intent.wordingFault, 1_000),
  };
}

/** Rewords a claimed notice whose facts changed since it was written; its key and Message-ID stay. */
export async function reword(
  trx: Trx,
  id: number,
  token: string,
  intent: NoticeIntent,
): Promise<NoticeRow | null> {
  const row = await trx
    .updateTable("notice")
    .set({ kind: intent.kind, ...contentOf(intent) })
    .where("id", "=", id)
    .where("state", "=", "claimed")
    .where("claimed_by", "=", token)
    .returningAll()
    .executeTakeFirst();
  return row ?? null;
}

export interface ClaimRequest {
  campaign: Campaign;
  /** Unique to this claim: a lease that was lost and taken again must not look like ours. */
  token: string;
  limit: number;
  now: Date;
  leaseMs: number;
  /** Takes only notices of this kind; absent: of any. */
  only?: NoticeKind;
}

/** How many announcements an hour takes. */
export function announcementsPerHour({ smtp }: Pick<Campaign, "smtp">): number {
  return shareOf(smtp?.perHour ?? Number.POSITIVE_INFINITY, KEPT_FROM_ANNOUNCEMENTS);
}

/** However small the quota is, nothing waits for ever. */
const shareOf = (perHour: number, kept: number) => Math.max(1, Math.floor(perHour * (1 - kept)));

/**
 * Takes the notices that are due, most urgent first, within the hourly quota (R38). One claim at a time a campaign, so
 * that two machines cannot both use the last of the quota; rows are taken by one conditional update.
 */
export async function claim(db: Database, request: ClaimRequest): Promise<NoticeRow[]> {
  const { campaign, limit, now } = request;
  const perHour = campaign.smtp?.perHour ?? Number.POSITIVE_INFINITY;
  return db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtext(${`outbox/${campaign.code}`}))`.execute(trx);
    const { isPaused, dueKinds, used } = await roomFor(trx, campaign, now);
    if (isPaused || dueKinds.length === 0) return [];
    const due = new Set(dueKinds);
    const forAll = Math.min(limit, perHour - used.all);
    const forOthers = shareOf(perHour, KEPT_FOR_ANSWERS) - used.others;
    const answers = await take(
      trx,
      request,
      answerKinds.filter((kind) => due.has(kind)),
      forAll,
    );
    let left = Math.min(forAll - answers.length, forOthers);
    const others = await take(
      trx,
      request,
      datedKinds.filter((kind) => due.has(kind)),
      left,
    );
    left = Math.min(left - others.length, announcementsPerHour(campaign) - used.announcements);
    const announced = await take(trx, request, due.has("announcement") ? ["announcement"] : [], left);
    return [...answers, ...others, ...announced];
  });
}

async function take(
  trx: Trx,
  request: ClaimRequest,
  among: NoticeKind[],
  limit: number,
): Promise<NoticeRow[]> {
  const { campaign, token, now, leaseMs, only } = request;
  const kinds = only === undefined ? among : among.filter((kind) => kind === only);
  if (limit <= 0 || kinds.length === 0) return [];
  const { rows } = await sql<NoticeRow>`
    update notice set state = 'claimed', claimed_by = ${token},
      lease_until = ${new Date(now.getTime() + leaseMs)}, attempts = attempts + 1
    where id in (
      select id from notice
      where campaign = ${campaign.code} and state = 'intended' and not_before <= ${now} and kind = any(${kinds})
      order by ${urgency}, not_before, id
      limit ${limit}
      for update skip locked)
    returning *`.execute(trx);
  return rows.sort((a, b) => rank(a) - rank(b) || +a.not_before - +b.not_before || a.id - b.id);
}

const urgencyOrder: NoticeKind[] = [
  "sign-in",
  "acknowledgement",
  "clarification",
  "escalation",
  "overdue",
  "reminder",
  "ballot",
  "result",
  "digest",
  "announcement",
];
const datedKinds = urgencyOrder.filter((kind) => !answerKinds.includes(kind) && kind !== "announcement");
const urgency = sql`array_position(${sql.lit(`{${urgencyOrder.join(",")}}`)}::text[], kind)`;
const rank = (row: NoticeRow) => urgencyOrder.indexOf(row.kind as NoticeKind);

interface Room {
  isPaused: boolean;
  /** Of which something is due: most passes have one kind to send, and ask for no other. */
  dueKinds: NoticeKind[];
  /** What counts against the hour: what the server took or may have taken, and what is on its way. */
  used: {
    all: number;
    /** Of them, what answers nobody; and of those, announcements. */
    others: number;
    announcements: number;
  };
}

/** All that a claim asks before it takes anything, in one statement. */
async function roomFor(trx: Trx, campaign: Campaign, now: Date): Promise<Room> {
  const since = new Date(now.getTime() - HOUR_MS);
  const { rows } = await sql<Room["used"] & { paused: Date | null; quiet: boolean; due: NoticeKind[] }>`
    select count(*)::integer as "all",
      (count(*) filter (where kind <> all(${answerKinds})))::integer as others,
      (count(*) filter (where kind = 'announcement'))::integer as announcements,
      ${pauseEnd(campaign, now)} as paused, ${isQuiet} as quiet,
      array(select distinct kind from notice
        where campaign = ${campaign.code} and state = 'intended' and not_before <= ${now}) as due
    from (
      select kind from notice where campaign = ${campaign.code} and settled_at > ${since}
        and state in ('accepted', 'ambiguous', 'bounced')
      union all
      select kind from notice where campaign = ${campaign.code} and lease_until is not null
        and state in ('claimed', 'data-sent')
    ) as counted`.execute(trx);
  const {
    paused = null,
    quiet = false,
    due = [],
    ...used
  } = rows[0] ?? { all: 0, others: 0, announcements: 0 };
  return { isPaused: quiet || paused !== null, dueKinds: due, used };
}

const pauseEnd = (campaign: Campaign, now: Date) => sql<Date | null>`(
  select max(not_before) from notice where campaign = ${campaign.code} and state = 'intended'
    and not_before > ${now} and response like ${`${ACCOUNT_PAUSED}%`})`;

/** Until when the provider wants nothing from our account; null: it takes mail. */
export async function pausedUntil(trx: Trx, campaign: Campaign, now: Date): Promise<Date | null> {
  const { rows } = await sql<{ until: Date | null }>`select ${pauseEnd(campaign, now)} as until`.execute(trx);
  return rows[0]?.until ?? null;
}

/**
 * Commits that the final dot of these notices may now leave (R34). Returns those that are still ours: a notice whose
 * lease was lost meanwhile must not be sent by us.
 */
export async function markDataSent(
  db: Database,
  ids: number[],
  token: string,
  now: Date,
  leaseMs: number,
): Promise<Set<number>> {
  const { rows } = await sql<{ id: number }>`
    update notice set state = 'data-sent', data_sent_at = coalesce(data_sent_at, ${now}),
      lease_until = ${new Date(now.getTime() + leaseMs)}
    where id = any(${ids}) and state = 'claimed' and claimed_by = ${token}
    returning id`.execute(db);
  return new Set(rows.map(({ id }) => id));
}

/** How one claimed notice ended, or where it goes back to. */
export type Settlement =
  | { id: number; state: "accepted"; response: string; refused: string[] }
  | { id: number; state: "rejected"; response: string; refused: string[] }
  | { id: number; state: "ambiguous"; response: string }
  | { id: number; state: "dropped"; response: string }
  | { id: number; state: "intended"; response: string; notBefore: Date; attempted: boolean };

/** Writes how claimed notices ended, many in one statement. One that is no longer ours is left alone. */
export async function settle(db: Trx, settlements: Settlement[], token: string, now: Date): Promise<number> {
  if (settlements.length === 0) return 0;
  const rows = settlements.map((one) => ({
    id: one.id,
    state: one.state,
    response: dbText(one.response, 2_000),
    not_before: one.state === "intended" ? one.notBefore.toISOString() : null,
    unattempted: one.state === "intended" && !one.attempted,
    bounce:
      "refused" in one && one.refused.length > 0
        ? {
            action: "failed",
            recipients: one.refused,
            status: null,
            diagnostic: one.response,
            at: now.toISOString(),
          }
        : null,
  }));
  const result = await sql`
    update notice set
      state = ended.state,
      response = ended.response,
      settled_at = case when ended.state = 'intended' then null else ${now}::timestamptz end,
      not_before = coalesce(ended.not_before, notice.not_before),
      attempts = notice.attempts - case when ended.unattempted then 1 else 0 end,
      bounce = coalesce(ended.bounce, notice.bounce),
      -- A refusal is certain: nothing was sent. Only the mark of an earlier ambiguous attempt stays.
      data_sent_at = case when ended.state = 'intended' and not ${wasAmbiguous(now)} then null else data_sent_at end,
      claimed_by = null, lease_until = null
    from jsonb_to_recordset(${dbJson(rows)}::jsonb) as ended(
      id bigint, state text, response text, not_before timestamptz, unattempted boolean, bounce jsonb)
    where notice.id = ended.id and notice.claimed_by = ${token} and notice.state in ('claimed', 'data-sent')`.execute(
    db,
  );
  return Number(result.numAffectedRows ?? 0);
}

/** Ambiguous notices are looked at again after this long: time for a Sent copy or a bounce to show (R35). */
export const AMBIGUOUS_WAIT_MS = 30 * 60_000;

/**
 * A notice sent for the second time keeps the instant its data first left, so an instant at least the waiting time ago
 * says: resent already.
 */
const wasAmbiguous = (now: Date) =>
  sql`(notice.data_sent_at is not null and notice.data_sent_at <= ${new Date(now.getTime() - AMBIGUOUS_WAIT_MS)}::timestamptz)`;

/** The office lets the answers to earlier mail go. Returns how many. */
export async function letWaitingGo(trx: Trx, campaign: Campaign, now: Date): Promise<number> {
  const result = await trx
    .updateTable("notice")
    .set({ not_before: now })
    .where("campaign", "=", campaign.code)
    .where("state", "=", "intended")
    .where("not_before", "=", UNTIL_THE_OFFICE_SAYS_SO)
    .executeTakeFirst();
  return audited(trx, campaign, "backlog-answer", Number(result.numUpdatedRows), now);
}

/** The office decides that earlier mail needs no answers. Returns how many were dropped. */
export async function dropWaiting(trx: Trx, campaign: Campaign, now: Date): Promise<number> {
  const result = await trx
    .updateTable("notice")
    .set({ state: "dropped", settled_at: now, response: "the office decided that no answer is needed" })
    .where("campaign", "=", campaign.code)
    .where("state", "=", "intended")
    .where("not_before", "=", UNTIL_THE_OFFICE_SAYS_SO)
    .executeTakeFirst();
  return audited(trx, campaign, "backlog-dismiss", Number(result.numUpdatedRows), now);
}

async function audited(
  trx: Trx,
  campaign: Campaign,
  action: "backlog-answer" | "backlog-dismiss",
  notices: number,
  at: Date,
): Promise<number> {
  if (notices > 0)
    await recordAudit(trx, campaign.code, byCommand(at), [{ action, about: "backlog", after: `${notices}` }]);
  return notices;
}

/** Notices written and not yet sent, those that wait for the office aside. */
export async function countIntended(trx: Trx, campaign: Campaign): Promise<number> {
  const row = await trx
    .selectFrom("notice")
    .select((table) => table.fn.countAll<number>().as("count"))
    .where("campaign", "=", campaign.code)
    .where("state", "=", "intended")
    .where("not_before", "<", UNTIL_THE_OFFICE_SAYS_SO)
    .executeTakeFirstOrThrow();
  return row.count;
}

/** Answers to earlier mail that wait for the office. */
export async function countWaiting(trx: Trx, campaign: Campaign): Promise<number> {
  const row = await trx
    .selectFrom("notice")
    .select((table) => table.fn.countAll<number>().as("count"))
    .where("campaign", "=", campaign.code)
    .where("state", "=", "intended")
    .where("not_before", "=", UNTIL_THE_OFFICE_SAYS_SO)
    .executeTakeFirstOrThrow();
  return row.count;
}

export interface SentLately {
  address: string;
  kind: string;
  subject: string;
}

/** What left for these addresses within a day: what the caps of R41 count. */
export async function sentLately(
  db: Trx,
  campaign: Campaign,
  addresses: string[],
  now: Date,
): Promise<SentLately[]> {
  if (addresses.length === 0) return [];
  const since = new Date(now.getTime() - 24 * HOUR_MS);
  const { rows } = await sql<SentLately>`
    select lower(contact->>'email') as address, kind, subject
    from notice, jsonb_array_elements(to_contacts) as contact
    where campaign = ${campaign.code} and settled_at > ${since} and state in ('accepted', 'ambiguous', 'bounced')
      and lower(contact->>'email') = any(${addresses})`.execute(db);
  return rows;
}

/** Notices that could leave now if the server and the quota allowed. */
export async function countDue(db: Trx, campaign: Campaign, now: Date): Promise<number> {
  const row = await db
    .selectFrom("notice")
    .select((table) => table.fn.countAll<number>().as("count"))
    .where("campaign", "=", campaign.code)
    .where("state", "=", "intended")
    .where("not_before", "<=", now)
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}
