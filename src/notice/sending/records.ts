// SQL of sending: claimed by one within the quota, marked before the data leaves, settled, taken back from a dead process.
import { sql } from "kysely";
import type { Campaign } from "../../campaign/campaign.ts";
import { type Database, dbJson, dbText, type Trx } from "../../store/database.ts";
import type { NoticeKind } from "../notice.ts";
import type { NoticeRow } from "../outbox.ts";
import { roomFor } from "../quota/records.ts";
import {
  announcementsPerHour,
  answerKinds,
  datedKinds,
  hourlyQuota,
  othersPerHour,
  urgencyOrder,
} from "./pacing.ts";
import { ACCOUNT_PAUSED, type Settlement } from "./settlement.ts";

const HOUR_MS = 3_600_000;

/** What one claim took, and what its addresses have had. */
export interface Claimed {
  rows: NoticeRow[];
  lately: SentLately[];
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

/**
 * Takes the notices that are due, most urgent first, within the hourly quota (R38). One claim at a time a campaign, so
 * that two machines cannot both use the last of the quota; rows are taken by one conditional update.
 */
export async function claim(db: Database, request: ClaimRequest): Promise<Claimed> {
  const { campaign, limit, now } = request;
  return db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtext(${`outbox/${campaign.code}`}))`.execute(trx);
    const { isPaused, dueKinds, used } = await roomFor(trx, campaign, now);
    if (isPaused || dueKinds.length === 0) return { rows: [], lately: [] };
    const due = new Set(dueKinds);
    const forAll = Math.min(limit, hourlyQuota(campaign) - used.all);
    const forOthers = othersPerHour(campaign) - used.others;
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
    const rows = [...answers, ...others, ...announced];
    return { rows, lately: await sentLately(trx, campaign, rows, now) };
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
  const { rows } = await sql<NoticeRow & { was_paused: boolean }>`
    update notice set state = 'claimed', claimed_by = ${token},
      lease_until = ${new Date(now.getTime() + leaseMs)}, attempts = attempts + 1
    where id in (
      select id from notice
      where campaign = ${campaign.code} and state = 'intended' and not_before <= ${now} and kind = any(${kinds})
      order by ${urgency}, ${wasPaused} desc, not_before, id
      limit ${limit}
      for update skip locked)
    returning *, ${wasPaused} as was_paused`.execute(trx);
  return rows.sort(
    (a, b) =>
      rank(a) - rank(b) || +b.was_paused - +a.was_paused || +a.not_before - +b.not_before || a.id - b.id,
  );
}

const urgency = sql`array_position(${sql.lit(`{${urgencyOrder.join(",")}}`)}::text[], kind)`;
/** Who met the provider's limit goes first when its time is over: only so do its waits grow from minutes to a day (R36). */
const wasPaused = sql<boolean>`coalesce(response like ${`${ACCOUNT_PAUSED}%`}, false)`;
const rank = (row: NoticeRow) => urgencyOrder.indexOf(row.kind as NoticeKind);

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
      data_sent_at = case when ended.state = 'intended' and notice.sent_again_at is null then null else data_sent_at end,
      claimed_by = null, lease_until = null
    from jsonb_to_recordset(${dbJson(rows)}::jsonb) as ended(
      id bigint, state text, response text, not_before timestamptz, unattempted boolean, bounce jsonb)
    where notice.id = ended.id and notice.claimed_by = ${token} and notice.state in ('claimed', 'data-sent')`.execute(
    db,
  );
  return Number(result.numAffectedRows ?? 0);
}

export interface SentLately {
  address: string;
  kind: string;
  subject: string;
  /** Whether the mail it answers brought anything; null: not known. */
  brought: boolean | null;
}

/**
 * What left for the addresses of these notices within a day, or is on its way by another claim: what the caps of R41
 * count. Asked inside the claim, whose lock no other claim passes, so that two senders never both use the last of a cap.
 */
async function sentLately(
  trx: Trx,
  campaign: Campaign,
  claimed: NoticeRow[],
  now: Date,
): Promise<SentLately[]> {
  const addresses = new Set(
    claimed.flatMap((row) => row.to_contacts.map(({ email }) => email.toLowerCase())),
  );
  if (addresses.size === 0) return [];
  const since = new Date(now.getTime() - 24 * HOUR_MS);
  const { rows } = await sql<SentLately>`
    select lower(contact->>'email') as address, kind, subject, brought
    from (
      select id, kind, subject, brought, to_contacts from notice
      where campaign = ${campaign.code} and settled_at > ${since} and state in ('accepted', 'ambiguous', 'bounced')
      union all
      select id, kind, subject, brought, to_contacts from notice
      where campaign = ${campaign.code} and lease_until is not null and state in ('claimed', 'data-sent')
        and id <> all(${claimed.map(({ id }) => id)})
    ) as sent, jsonb_array_elements(to_contacts) as contact
    where lower(contact->>'email') = any(${[...addresses]})`.execute(trx);
  return rows;
}

/** Leases that ran out: nothing had left a claimed one; of one whose data was going out nobody knows. */
export async function takeBack(
  db: Trx,
  campaign: Campaign,
  now: Date,
): Promise<{ intended: number; ambiguous: number }> {
  const { rows } = await sql<{ state: string }>`
    update notice set
      state = case state when 'claimed' then 'intended' else 'ambiguous' end,
      settled_at = case state when 'claimed' then null else ${now}::timestamptz end,
      response = case state when 'claimed' then response else 'the process ended while the message was being sent' end,
      claimed_by = null, lease_until = null
    where campaign = ${campaign.code} and state in ('claimed', 'data-sent') and lease_until < ${now}
    returning state`.execute(db);
  const intended = rows.filter(({ state }) => state === "intended").length;
  return { intended, ambiguous: rows.length - intended };
}
