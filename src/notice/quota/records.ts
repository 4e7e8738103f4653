// SQL of the hour's quota: what is left of it, what waits for it, and since when nothing may leave at all (R38).
import { sql } from "kysely";
import type { Campaign } from "../../campaign/campaign.ts";
import type { Trx } from "../../store/database.ts";
import { isQuiet } from "../../store/quiet.ts";
import type { NoticeKind } from "../notice.ts";
import { UNTIL_THE_OFFICE_SAYS_SO } from "../outbox.ts";
import { answerKinds } from "../sending/pacing.ts";
import { ACCOUNT_PAUSED } from "../sending/settlement.ts";

const HOUR_MS = 3_600_000;

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
export async function roomFor(trx: Trx, campaign: Campaign, now: Date): Promise<Room> {
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
  select max(not_before) from notice where campaign = ${campaign.code} and state = 'intended' and ${isPause(now)})`;

/** Until when the provider wants nothing from our account; null: it takes mail. */
export async function pausedUntil(trx: Trx, campaign: Campaign, now: Date): Promise<Date | null> {
  const { rows } = await sql<{ until: Date | null }>`select ${pauseEnd(campaign, now)} as until`.execute(trx);
  return rows[0]?.until ?? null;
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

export interface HeldUp {
  /** Due, and not sent for want of quota or because the account is paused. */
  waiting: number;
  /** Since when the first of them could have left. */
  since: Date | null;
  /** What the provider said when it stopped us, and until when we keep still; null: it takes mail. */
  paused: { until: Date; response: string } | null;
}

export async function heldUp(trx: Trx, campaign: Campaign, now: Date): Promise<HeldUp> {
  const { rows } = await sql<{
    waiting: number;
    since: Date | null;
    until: Date | null;
    response: string | null;
  }>`
    select (count(*) filter (where not_before <= ${now}))::integer as waiting,
      min(not_before) filter (where not_before <= ${now}) as since,
      max(not_before) filter (where ${isPause(now)}) as until,
      (array_agg(response order by not_before desc) filter (where ${isPause(now)}))[1] as response
    from notice where campaign = ${campaign.code} and state = 'intended'`.execute(trx);
  const { waiting = 0, since = null, until = null, response = null } = rows[0] ?? {};
  const said = response?.slice(ACCOUNT_PAUSED.length) ?? "";
  return { waiting, since, paused: until && { until, response: said } };
}

const isPause = (now: Date) => sql`(not_before > ${now} and response like ${`${ACCOUNT_PAUSED}%`})`;
