// SQL of looking again: mails no person has decided, and what the rules filed alone.
import { sql } from "kysely";
import type { Trx } from "../../store/database.ts";
import type { ReasonCode } from "../../text/reason.ts";
import type { Understanding } from "../../understand/evidence.ts";
import type { WaitingMessage } from "../records.ts";

/** A mail to be looked at again, with how it was understood when it came. */
export interface EarlierUnderstood extends WaitingMessage {
  fromAddress: string;
  subject: string;
  reason: string | null;
  /** Null for a mail that could not be handled. */
  understanding: Understanding | null;
  references: string[];
}

const columns = sql`m.id, m.sha256, m.bytes, m.arrived_at as "arrivedAt", m.backlog, m.attempts, null as oversize,
  m.sender_check -> 'own' as checked,
  coalesce(m.from_address, '') as "fromAddress", coalesce(m.subject, '') as subject, m.reason, m.understanding`;

/** Held mails that nobody has decided, after `after`, by their number; `reasons` null: whatever they are held for. */
export async function undecidedHeld(
  trx: Trx,
  campaign: string,
  { reasons, after, limit }: { reasons: ReasonCode[] | null; after: number; limit: number },
): Promise<EarlierUnderstood[]> {
  const { rows } = await sql<EarlierUnderstood>`
    select ${columns}, '{}'::text[] as "references" from message m
    where m.campaign = ${campaign} and m.state = 'held' and m.id > ${after}
      and coalesce(m.decided_by, 'rules') = 'rules'
      and (${reasons === null} or m.reason = any(${reasons ?? []}))
      and not exists (select from correction c where c.message_id = m.id)
    order by m.id limit ${limit}`.execute(trx);
  return rows;
}

/** Mails the rules filed and no person has touched since. */
export async function filedByRules(
  trx: Trx,
  campaign: string,
  { after, limit }: { after: number; limit: number },
): Promise<EarlierUnderstood[]> {
  const { rows } = await sql<EarlierUnderstood>`
    select ${columns}, array_agg(s.reference order by s.ordinal) as "references"
    from message m join submission s on s.message_id = m.id
    where m.campaign = ${campaign} and m.state = 'filed' and m.decided_by = 'rules' and m.id > ${after}
      and not exists (select from correction c where c.message_id = m.id)
    group by m.id having bool_and(s.decided_by = 'rules')
    order by m.id limit ${limit}`.execute(trx);
  return rows;
}

/** How many mails each of the two finds. */
export async function countToLookAt(trx: Trx, campaign: string): Promise<{ held: number; filed: number }> {
  const { rows } = await sql<{ held: number; filed: number }>`
    select (count(*) filter (where state = 'held'))::int as held, (count(*) filter (where state = 'filed'))::int as filed
    from message where campaign = ${campaign} and decided_by = 'rules'`.execute(trx);
  return rows[0] ?? { held: 0, filed: 0 };
}

/** Locks those that are still held and undecided: a person who was first leaves nothing to do. */
export async function lockUndecided(trx: Trx, ids: number[]): Promise<Set<number>> {
  if (ids.length === 0) return new Set();
  const { rows } = await sql<{ id: number }>`
    select m.id from message m
    where m.id = any(${ids}) and m.state = 'held' and coalesce(m.decided_by, 'rules') = 'rules'
      and not exists (select from correction c where c.message_id = m.id)
    order by m.id for update of m`.execute(trx);
  return new Set(rows.map(({ id }) => id));
}
