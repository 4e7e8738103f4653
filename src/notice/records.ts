// SQL for what a crash or a lost reply leaves in the outbox: leases that ran out, and sendings nobody knows the end of.
import { sql } from "kysely";
import type { Campaign } from "../campaign/campaign.ts";
import { dbText, type Trx } from "../store/database.ts";
import type { NoticeKind } from "./notice.ts";
import { AMBIGUOUS_WAIT_MS, type NoticeRow, UNTIL_THE_OFFICE_SAYS_SO } from "./outbox.ts";

/** Sent a second time these do no harm; an overdue notice would accuse twice, a sign-in link would be stale. */
const resentKinds: NoticeKind[] = ["acknowledgement", "clarification", "reminder", "digest"];

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

/** Ambiguous notices whose fate may still be found out. */
export async function ambiguousNotices(db: Trx, campaign: Campaign): Promise<NoticeRow[]> {
  return db
    .selectFrom("notice")
    .selectAll()
    .where("campaign", "=", campaign.code)
    .where("state", "=", "ambiguous")
    .orderBy("id")
    .limit(1_000)
    .execute();
}

/** A copy in the Sent folder proves that the server took it. */
export async function acceptAmbiguous(db: Trx, ids: number[], evidence: string): Promise<void> {
  if (ids.length === 0) return;
  await db
    .updateTable("notice")
    .set({ state: "accepted", response: evidence })
    .where("id", "in", ids)
    .where("state", "=", "ambiguous")
    .execute();
}

/** Answers and reminders without evidence after the wait go out once more; overdue ones wait for the office (R35). */
export async function resendAmbiguous(db: Trx, campaign: Campaign, now: Date): Promise<number> {
  const waitedSince = new Date(now.getTime() - AMBIGUOUS_WAIT_MS);
  const result = await sql`
    update notice set state = 'intended', settled_at = null, not_before = ${now},
      response = 'sent again: the server may not have taken it the first time'
    where campaign = ${campaign.code} and state = 'ambiguous' and kind = any(${resentKinds})
      and settled_at <= ${waitedSince} and data_sent_at > settled_at - interval '30 minutes'`.execute(db);
  return Number(result.numAffectedRows ?? 0);
}

/**
 * Notices dropped as no longer true that are true again: a submission came and was withdrawn the same day. Their facts
 * are looked at again before they leave.
 */
export async function takeUpDropped(
  trx: Trx,
  campaign: Campaign,
  keys: string[],
  now: Date,
): Promise<number> {
  if (keys.length === 0) return 0;
  const result = await trx
    .updateTable("notice")
    .set({ state: "intended", settled_at: null, response: null, not_before: now })
    .where("campaign", "=", campaign.code)
    .where("key", "in", keys)
    .where("state", "=", "dropped")
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}

/** Which of these keys have left, or may have. */
export async function alreadySent(trx: Trx, campaign: Campaign, keys: string[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set();
  const rows = await trx
    .selectFrom("notice")
    .select("key")
    .where("campaign", "=", campaign.code)
    .where("key", "in", keys)
    .where("data_sent_at", "is not", null)
    .execute();
  return new Set(rows.map(({ key }) => key));
}

/**
 * Whether a notice may leave now, and if none or not all of them may, when to ask again: when one's time comes, or the
 * first of the last hour counts no more against the quota. Null: nothing will leave by waiting.
 */
export async function nextSending(
  trx: Trx,
  campaign: Campaign,
  now: Date,
): Promise<{ isDue: boolean; at: Date | null }> {
  const { rows } = await sql<{ due: number; later: Date | null; freed: Date | null }>`
    select (count(*) filter (where not_before <= ${now}))::integer as due,
      min(not_before) filter (where not_before > ${now} and not_before < ${UNTIL_THE_OFFICE_SAYS_SO}) as later,
      (select min(settled_at) + interval '1 hour' from notice where campaign = ${campaign.code}
        and settled_at > ${now}::timestamptz - interval '1 hour' and state in ('accepted', 'ambiguous', 'bounced')) as freed
    from notice where campaign = ${campaign.code} and state = 'intended'`.execute(trx);
  const { due = 0, later = null, freed = null } = rows[0] ?? {};
  const ahead = [later, due > 0 ? freed : null].filter((at) => at !== null);
  return { isDue: due > 0, at: ahead.toSorted((a, b) => +a - +b)[0] ?? null };
}

export interface SaidBefore {
  key: string;
  kind: string;
  rfcMessageId: string;
  text: string;
  html: string | null;
}

/** Our notices with these Message-IDs, newest first. */
export async function noticesById(trx: Trx, campaign: Campaign, ids: string[]): Promise<SaidBefore[]> {
  if (ids.length === 0) return [];
  return trx
    .selectFrom("notice")
    .select(["key", "kind", "rfc_message_id as rfcMessageId", "text", "html"])
    .where("campaign", "=", campaign.code)
    .where(
      "rfc_message_id",
      "in",
      ids.map((id) => dbText(id, 998)),
    )
    .orderBy("id", "desc")
    .execute();
}
