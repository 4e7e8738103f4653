// SQL of the outbox: intend once, claim by one, settle, take back what a dead process left behind (R32–R38).
import type { Campaign } from "../campaign/campaign.ts";
import { dbJson, dbText, type Trx } from "../store/database.ts";
import { noticeMessageId } from "./identity.ts";
import type { NoticeIntent } from "./notice.ts";

/** The `notBefore` of an answer to mail that was there before jinbox: it waits for the office's go-ahead. */
export const UNTIL_THE_OFFICE_SAYS_SO = new Date("9999-12-31T00:00:00Z");

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
  const rows = intents.map((intent) => ({
    campaign: campaign.code,
    key: dbText(intent.key, 500),
    kind: intent.kind,
    to_contacts: dbJson(intent.to),
    cc_contacts: dbJson(intent.cc),
    subject: dbText(intent.subject, 998),
    text: dbText(intent.text),
    html: intent.html === null ? null : dbText(intent.html),
    attachments: dbJson(intent.attachments),
    rfc_message_id: noticeMessageId(campaign, intent.key),
    in_reply_to: intent.inReplyTo === null ? null : dbText(intent.inReplyTo, 998),
    reference_ids: dbJson(intent.references),
    cause_message_id: intent.causeMessageId,
    unit: intent.unit,
    still_owed: dbJson(intent.stillOwed),
    intended_at: now,
    not_before: intent.notBefore ?? now,
  }));
  const written = await trx
    .insertInto("notice")
    .values(rows)
    .onConflict((conflict) => conflict.columns(["campaign", "key"]).doNothing())
    .returning("id")
    .execute();
  return written.length;
}
