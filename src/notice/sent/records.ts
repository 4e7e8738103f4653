// SQL of notices of which nobody knows whether the server took them: proof settles them, else they go out once more (R35).
import { type SqlBool, sql } from "kysely";
import type { Campaign } from "../../campaign/campaign.ts";
import { dbText, type Trx } from "../../store/database.ts";
import type { SentFolderTable } from "../../store/tables.ts";
import type { NoticeKind } from "../notice.ts";
import { AMBIGUOUS_WAIT_MS } from "../sending/settlement.ts";

/** Sent a second time these do no harm; an overdue notice would accuse twice, a sign-in link would be stale. */
const resentKinds: NoticeKind[] = [
  "acknowledgement",
  "clarification",
  "reminder",
  "digest",
  "alert",
  "heartbeat",
];

/** A copy in the Sent folder is there at once or never: after this nobody looks any more. */
const LOOKED_FOR_MS = 24 * 3_600_000;
const LOOK_EVERY_MS = 5 * 60_000;
/** Sender and mailbox are two machines' clocks at worst; two attempts at one notice are a minute apart at least. */
const CLOCK_SLACK = "30 seconds";

/**
 * Settles what a mail in our own mailbox proves: a copy of the notice itself, made by this attempt and not by one that
 * was refused before; an answer to it; a report that it is delayed on its way. Asked of what is kept, so that proof which
 * came before anybody was in doubt counts as well.
 */
export async function acceptProvenByMail(db: Trx, campaign: Campaign): Promise<number> {
  const result = await sql`
    update notice set state = 'accepted', response = 'settled by ' || proof.by
    from (
      select n.id, case
          when n.bounce is not null then 'a delivery report'
          when exists (select from message m where m.answers_notice = n.id) then 'an answer to it'
          else 'our own copy' end as by
      from notice n
      where n.campaign = ${campaign.code} and n.state = 'ambiguous' and (
        n.bounce is not null
        or exists (select from message m where m.answers_notice = n.id)
        or exists (
          select from message m where m.rfc_message_id = n.rfc_message_id and m.campaign = n.campaign
            and m.origin = 'own' and m.claimed_at >= n.not_before - ${CLOCK_SLACK}::interval))
    ) as proof
    where notice.id = proof.id and notice.state = 'ambiguous'`.execute(db);
  return Number(result.numAffectedRows ?? 0);
}

export interface Doubtful {
  id: number;
  messageId: string;
  sentAt: Date;
}

/** Ambiguous notices of which a copy may still be found, unless the office said that it does not matter. */
export async function ambiguousNotices(db: Trx, campaign: Campaign, now: Date): Promise<Doubtful[]> {
  return db
    .selectFrom("notice")
    .select(["id", "rfc_message_id as messageId", sql<Date>`coalesce(data_sent_at, settled_at)`.as("sentAt")])
    .where("campaign", "=", campaign.code)
    .where("state", "=", "ambiguous")
    .where("settled_at", ">", new Date(now.getTime() - LOOKED_FOR_MS))
    .where(sql<SqlBool>`decision is distinct from 'settle'`)
    .orderBy("id")
    .limit(1_000)
    .execute();
}

/** The newest notices the server certainly took: whether the folder holds them says whether it is kept at all. */
export async function witnesses(db: Trx, campaign: Campaign, now: Date): Promise<Doubtful[]> {
  const rows = await db
    .selectFrom("notice")
    .select(["id", "rfc_message_id as messageId", "data_sent_at as sentAt"])
    .where("campaign", "=", campaign.code)
    .where("state", "=", "accepted")
    .where("data_sent_at", "is not", null)
    .where("settled_at", ">", new Date(now.getTime() - 3 * LOOKED_FOR_MS))
    .where(sql<SqlBool>`response not like 'settled by %'`)
    .orderBy("settled_at", "desc")
    .limit(20)
    .execute();
  return rows.map((row) => ({ ...row, sentAt: row.sentAt as Date }));
}

export async function acceptAmbiguous(db: Trx, ids: number[], proof: string): Promise<void> {
  if (ids.length === 0) return;
  await db
    .updateTable("notice")
    .set({ state: "accepted", response: dbText(`settled by ${proof}`, 2_000) })
    .where("id", "in", ids)
    .where("state", "=", "ambiguous")
    .execute();
}

/** Whether it is this sender's turn to look: each look is a login, and one of several senders is enough. */
export async function beginLook(db: Trx, campaign: Campaign, now: Date): Promise<boolean> {
  const result = await db
    .insertInto("sent_folder")
    .values({ campaign: campaign.code, asked_at: now })
    .onConflict((conflict) =>
      conflict
        .column("campaign")
        .doUpdateSet({ asked_at: now })
        .where("sent_folder.asked_at", "<=", new Date(now.getTime() - LOOK_EVERY_MS)),
    )
    .executeTakeFirst();
  return Number(result.numInsertedOrUpdatedRows) > 0;
}

/** `keepsCopies` null: nothing was there to tell it by; what is known stays. */
export async function recordLook(
  db: Trx,
  campaign: Campaign,
  seen: { folder: string | null; keepsCopies: boolean | null },
  now: Date,
): Promise<void> {
  await db
    .updateTable("sent_folder")
    .set({
      ...{ looked_at: now, folder: seen.folder && dbText(seen.folder, 500), error: null, error_at: null },
      ...(seen.keepsCopies !== null && { keeps_copies: seen.keepsCopies }),
    })
    .where("campaign", "=", campaign.code)
    .execute();
}

export async function recordFailedLook(db: Trx, campaign: Campaign, error: string, now: Date): Promise<void> {
  await db
    .updateTable("sent_folder")
    .set({ error: dbText(error, 500), error_at: now })
    .where("campaign", "=", campaign.code)
    .execute();
}

export async function sentFolder(db: Trx, campaign: Campaign): Promise<SentFolderTable | null> {
  const row = await db
    .selectFrom("sent_folder")
    .selectAll()
    .where("campaign", "=", campaign.code)
    .executeTakeFirst();
  return row ?? null;
}

/**
 * Answers and reminders without proof after the wait go out once more, and never a third time; overdue ones wait for the
 * office (R35). Where a Sent folder may tell, it must have been looked at after the wait, for a day at most: that
 * the mailbox cannot be reached proves nothing.
 */
export async function resendAmbiguous(
  db: Trx,
  campaign: Campaign,
  now: Date,
  isLookedFor: boolean,
): Promise<number> {
  const before = (ms: number) => new Date(now.getTime() - ms);
  const mayResend = isLookedFor
    ? sql`(settled_at <= ${before(LOOKED_FOR_MS)} or exists (
        select from sent_folder s where s.campaign = notice.campaign and (
          s.keeps_copies is false or s.looked_at >= notice.settled_at + ${AMBIGUOUS_WAIT_MS} * interval '1 millisecond')))`
    : sql`true`;
  const result = await sql`
    update notice set state = 'intended', settled_at = null, not_before = ${now}, sent_again_at = ${now},
      response = 'sent again: the server may not have taken it the first time'
    where campaign = ${campaign.code} and state = 'ambiguous' and kind = any(${resentKinds})
      and settled_at <= ${before(AMBIGUOUS_WAIT_MS)} and sent_again_at is null
      and ${mayResend}`.execute(db);
  return Number(result.numAffectedRows ?? 0);
}
