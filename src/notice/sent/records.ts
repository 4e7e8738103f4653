// SQL of notices of which nobody knows whether the server took them: proof settles them, else they go out once more (R35).
import { sql } from "kysely";
import type { Campaign } from "../../campaign/campaign.ts";
import type { Trx } from "../../store/database.ts";
import type { NoticeKind } from "../notice.ts";
import type { NoticeRow } from "../outbox.ts";
import { AMBIGUOUS_WAIT_MS } from "../sending/settlement.ts";

/** Sent a second time these do no harm; an overdue notice would accuse twice, a sign-in link would be stale. */
const resentKinds: NoticeKind[] = ["acknowledgement", "clarification", "reminder", "digest"];

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
