// SQL of a conversation: what a sender has handed in, which of his mails wait, and what later mails added.

import { sql } from "kysely";
import { dbText, type Trx } from "../../store/database.ts";
import type { ReasonCode } from "../../text/reason.ts";
import type { Understanding } from "../../understand/evidence.ts";
import { type SentSubmission, submissionColumns } from "../records.ts";

/** A sender with more than this says by number which one he means. */
const LOOKED_AT = 60;

/** Current submissions that came from an address, newest first. */
export async function currentOfSender(
  trx: Trx,
  campaign: string,
  address: string,
): Promise<SentSubmission[]> {
  if (address === "") return [];
  return trx
    .selectFrom("submission")
    .innerJoin("message", "message.id", "submission.message_id")
    .select(submissionColumns)
    .select("message.from_address as sentBy")
    .where("submission.campaign", "=", campaign)
    .where("submission.state", "=", "current")
    .where("message.from_address", "=", address)
    .orderBy("submission.id", "desc")
    .limit(LOOKED_AT)
    .execute();
}

export interface HeldMail {
  id: number;
  reason: ReasonCode;
  arrivedAt: Date;
  fromAddress: string | null;
  understanding: Understanding;
}

/** Of these messages, or of this sender, those that wait for a person's word; newest first. */
export async function heldMails(
  trx: Trx,
  campaign: string,
  of: { ids: number[] } | { sender: string; reasons: ReasonCode[] },
): Promise<HeldMail[]> {
  if ("ids" in of ? of.ids.length === 0 : of.sender === "") return [];
  const rows = await trx
    .selectFrom("message")
    .select(["id", "reason", "arrived_at as arrivedAt", "from_address as fromAddress", "understanding"])
    .where("campaign", "=", campaign)
    .where("state", "=", "held")
    .$if("ids" in of, (query) => query.where("id", "in", (of as { ids: number[] }).ids))
    .$if("sender" in of, (query) => {
      const { sender, reasons } = of as { sender: string; reasons: ReasonCode[] };
      return query.where("from_address", "=", sender).where("reason", "in", reasons);
    })
    .orderBy("id", "desc")
    .limit(LOOKED_AT)
    .execute();
  return rows
    .filter((row) => row.understanding !== null && row.reason !== null)
    .map((row) => ({
      ...row,
      reason: row.reason as ReasonCode,
      understanding: row.understanding as Understanding,
    }));
}

/** Those still current, as they stand now, locked: the office may decide the same ones at this moment. */
export async function lockCurrent(trx: Trx, submissions: SentSubmission[]): Promise<SentSubmission[]> {
  if (submissions.length === 0) return [];
  const ids = submissions.map(({ id }) => id);
  const rows = await trx
    .selectFrom("submission")
    .select(submissionColumns)
    .where("id", "in", ids)
    .where("state", "=", "current")
    .orderBy("id")
    .forUpdate()
    .execute();
  const now = new Map(rows.map((row) => [row.id, row]));
  return submissions.flatMap(({ id, sentBy }) => {
    const row = now.get(id);
    return row ? [{ ...row, sentBy }] : [];
  });
}

/** Whether the mail still waits; locked, so that nobody settles it a second time. */
export async function lockHeld(trx: Trx, id: number): Promise<boolean> {
  const row = await trx
    .selectFrom("message")
    .select("id")
    .where("id", "=", id)
    .where("state", "=", "held")
    .forUpdate()
    .executeTakeFirst();
  return row !== undefined;
}

/** Adds what a later mail brought: its words go to those that are read, and the row tells which they were. */
export async function addSupplement(
  trx: Trx,
  target: { id: number; text: string },
  from: { messageId: number; text: string; completes: boolean },
  now: Date,
): Promise<void> {
  await noteFurther(
    trx,
    [{ submissionId: target.id, messageId: from.messageId, role: "supplement", text: from.text }],
    now,
  );
  const text = [target.text, from.text].filter((each) => each.trim() !== "").join("\n\n");
  await trx
    .updateTable("submission")
    .set({ text: dbText(text), ...(from.completes && readableSince(from.messageId)) })
    .where("id", "=", target.id)
    .execute();
}

/** What was missing counts from its own mail's arrival, not from the hour at which we came to read that. */
function readableSince(messageId: number) {
  const arrivedAt = sql<Date | null>`(select arrived_at from message where id = ${messageId})`;
  return {
    provisional: false,
    readable_at: sql<Date | null>`case when provisional then ${arrivedAt} else readable_at end`,
  };
}

export async function noteFurther(
  trx: Trx,
  further: { submissionId: number; messageId: number; role: "supplement" | "first"; text: string }[],
  now: Date,
): Promise<void> {
  if (further.length === 0) return;
  await trx
    .insertInto("further_message")
    .values(
      further.map(({ submissionId, messageId, role, text }) => ({
        submission_id: submissionId,
        message_id: messageId,
        role,
        text: dbText(text),
        added_at: now,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
