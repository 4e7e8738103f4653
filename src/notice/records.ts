// SQL of notices that were written: taken up again, looked for by their key or their Message-ID.
import type { Campaign } from "../campaign/campaign.ts";
import { dbText, type Trx } from "../store/database.ts";

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

export interface SaidBefore {
  key: string;
  kind: string;
  rfcMessageId: string;
  unit: string | null;
  text: string;
  html: string | null;
}

/** Our notices with these Message-IDs, newest first. */
export async function noticesById(trx: Trx, campaign: Campaign, ids: string[]): Promise<SaidBefore[]> {
  if (ids.length === 0) return [];
  return trx
    .selectFrom("notice")
    .select(["key", "kind", "rfc_message_id as rfcMessageId", "unit", "text", "html"])
    .where("campaign", "=", campaign.code)
    .where(
      "rfc_message_id",
      "in",
      ids.map((id) => dbText(id, 998)),
    )
    .orderBy("id", "desc")
    .execute();
}
