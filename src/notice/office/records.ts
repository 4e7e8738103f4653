// SQL of notices nobody knows the end of, and of what the office decided about them (R35).
import type { Campaign } from "../../campaign/campaign.ts";
import { type AuditActor, recordAudit } from "../../store/audit.ts";
import { dbText, type Trx } from "../../store/database.ts";
import type { NoticeRow } from "../outbox.ts";

export async function noticeForOffice(trx: Trx, campaign: Campaign, id: number): Promise<NoticeRow | null> {
  const row = await trx
    .selectFrom("notice")
    .selectAll()
    .where("campaign", "=", campaign.code)
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  return row ?? null;
}

/** Those that wait for the office's word, oldest first. */
export async function undecidedNotices(trx: Trx, campaign: Campaign): Promise<NoticeRow[]> {
  return trx
    .selectFrom("notice")
    .selectAll()
    .where("campaign", "=", campaign.code)
    .where("state", "=", "ambiguous")
    .where((where) => where.or([where("decision", "is", null), where("decision", "<>", "settle")]))
    .orderBy("id")
    .limit(500)
    .execute();
}

export interface NoticeDecider extends AuditActor {
  by: string;
}

/** It goes out once more, if what it says is still true then; the same row, so the same Message-ID. */
export async function sendAgain(
  trx: Trx,
  campaign: Campaign,
  id: number,
  decider: NoticeDecider,
): Promise<void> {
  const { by, at } = decider;
  await recordAudit(trx, campaign.code, decider, [{ action: "notice-resend", about: `notice/${id}` }]);
  await trx
    .updateTable("notice")
    .set({
      ...{ state: "intended", settled_at: null, not_before: at, response: "sent again: the office said so" },
      ...{ decision: "resend", decided_by: dbText(by, 500), decided_at: at },
    })
    .where("id", "=", id)
    .where("state", "=", "ambiguous")
    .execute();
}

/** Nobody knows whether it arrived, and nobody need ask any more. */
export async function leaveBe(
  trx: Trx,
  campaign: Campaign,
  id: number,
  decider: NoticeDecider,
): Promise<void> {
  const { by, at } = decider;
  await recordAudit(trx, campaign.code, decider, [{ action: "notice-settle", about: `notice/${id}` }]);
  await trx
    .updateTable("notice")
    .set({ decision: "settle", decided_by: dbText(by, 500), decided_at: at })
    .where("id", "=", id)
    .where("state", "=", "ambiguous")
    .execute();
}
