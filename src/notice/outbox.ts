// SQL of the outbox: what is to be said is written once, with its cause (R32), and may wait for the office's go-ahead.
import type { Selectable } from "kysely";
import type { Campaign } from "../campaign/campaign.ts";
import { byCommand, recordAudit } from "../store/audit.ts";
import { dbJson, dbText, type Trx } from "../store/database.ts";
import { installationSecret } from "../store/secret.ts";
import type { NoticeTable } from "../store/tables.ts";
import { isAnswerable, noticeMessageId, officeMessageId } from "./identity.ts";
import type { NoticeIntent } from "./notice.ts";

export type NoticeRow = Selectable<NoticeTable>;

/** The `notBefore` of an answer to mail that was there before jinbox: it waits for the office's go-ahead. */
export const UNTIL_THE_OFFICE_SAYS_SO = new Date("9999-12-31T00:00:00Z");

/** What the secret behind the Message-IDs of notices to the office is kept under. */
export const OFFICE_NOTICES = "office-notices";

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
  const secret = intents.some(isAnswerable) ? await installationSecret(trx, OFFICE_NOTICES, now) : null;
  const rows = intents.map((intent) => ({
    campaign: campaign.code,
    key: dbText(intent.key, 500),
    kind: intent.kind,
    ...contentOf(intent),
    rfc_message_id:
      secret && isAnswerable(intent)
        ? officeMessageId(campaign, intent.key, secret)
        : noticeMessageId(campaign, intent.key),
    in_reply_to: intent.inReplyTo === null ? null : dbText(intent.inReplyTo, 998),
    reference_ids: dbJson(intent.references),
    cause_message_id: intent.causeMessageId,
    unit: intent.unit,
    intended_at: now,
    not_before: intent.notBefore ?? now,
    brought: intent.brought ?? null,
    ...(intent.withheld === undefined
      ? { state: "intended" as const, response: null, settled_at: null }
      : { state: "dropped" as const, response: dbText(intent.withheld, 200), settled_at: now }),
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
