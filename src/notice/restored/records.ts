// SQL of the outbox after a restore: what would leave, and taking back what may have left after the backup (R58).
import { type SqlBool, sql } from "kysely";
import type { Trx } from "../../store/database.ts";
import type { Restoration } from "../../store/quiet.ts";
import type { NoticeRow } from "../outbox.ts";

export interface WaitingNotice extends NoticeRow {
  /** It may have been sent between the backup and the restore. */
  may_have_left: boolean;
}

/**
 * What the backup held as unsent, and what answers a mail from before the restore: jinbox may have said it already in the
 * time that was lost. An answer to a mail that came later cannot have left.
 */
const mayHaveLeft = (restoration: Restoration) => sql<SqlBool>`(
  notice.intended_at <= ${restoration.backup_at} or exists (
    select from message where message.id = notice.cause_message_id
      and message.arrived_at <= ${restoration.restored_at}))`;

/** All that would leave if the office let it, of every campaign, the oldest first. */
export async function waitingNotices(trx: Trx, restoration: Restoration): Promise<WaitingNotice[]> {
  const { rows } = await sql<WaitingNotice>`
    select notice.*, ${mayHaveLeft(restoration)} as may_have_left
    from notice where state in ('intended', 'claimed', 'data-sent')
    order by not_before, id`.execute(trx);
  return rows;
}

/** Returns how many were taken back. */
export async function dropWhatMayHaveLeft(trx: Trx, restoration: Restoration, now: Date): Promise<number> {
  const result = await sql`
    update notice set state = 'dropped', settled_at = ${now}, claimed_by = null, lease_until = null,
      response = 'restored from a backup: it may have been sent after the backup was made'
    where state in ('intended', 'claimed', 'data-sent') and ${mayHaveLeft(restoration)}`.execute(trx);
  return Number(result.numAffectedRows ?? 0);
}
