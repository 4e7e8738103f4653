// SQL of the ledger: messages waiting to be handled, what they refer to, and what is filed from them.
import { type Selectable, type SqlBool, sql } from "kysely";
import type { ReadPart } from "../document/document.ts";
import type { Mail, SenderResult } from "../message/mail.ts";
import { type SenderCheck, senderOf } from "../message/sender.ts";
import { dbJson, dbText, inStatements, type Trx } from "../store/database.ts";
import type { MessageState, MessageTable } from "../store/tables.ts";
import type { ReasonCode } from "../text/reason.ts";
import type { Understanding } from "../understand/evidence.ts";
import type { NewSubmission, Submission } from "./submission.ts";

export interface WaitingMessage {
  id: number;
  sha256: Buffer;
  bytes: number;
  arrivedAt: Date;
  backlog: boolean;
  attempts: number;
  /** What we verified of its sender when it came; null: nothing. */
  checked: SenderResult[] | null;
  /** The mail was too large to fetch, in words for the office: only its head is kept. Null: all of it is. */
  oversize: string | null;
}

/** Messages that wait for words in pictures are nobody's to handle until those are recognised. */
const awaitsRecognition = sql<SqlBool>`exists (
  select from awaited_recognition where awaited_recognition.message_id = message.id)`;

/** Those that can be handled, oldest first. Messages already handled are left out: a job that comes back does nothing twice. */
export async function waitingMessages(trx: Trx, ids: number[]): Promise<WaitingMessage[]> {
  if (ids.length === 0) return [];
  const rows = await trx
    .selectFrom("message")
    .select(["id", "sha256", "bytes", "arrived_at", "backlog", "attempts", "reason", "detail"])
    .select(sql<SenderResult[] | null>`sender_check -> 'own'`.as("checked"))
    .where("id", "in", ids)
    .where("state", "=", "received")
    .where((eb) => eb.not(awaitsRecognition))
    .execute();
  return rows
    .map(({ arrived_at: arrivedAt, reason, detail, ...row }) => ({
      ...row,
      arrivedAt,
      oversize: reason === "oversize" ? (detail ?? "") : null,
    }))
    .sort((a, b) => a.arrivedAt.getTime() - b.arrivedAt.getTime() || a.id - b.id);
}

/** Counted before anything is done with them, so that a mail which ends the process is noticed (R17). */
export async function countAttempt(trx: Trx, ids: number[]): Promise<void> {
  await addAttempts(trx, ids, 1);
}

/** For what says nothing against a mail: it was put aside, or the database was away. */
export async function giveBackAttempt(trx: Trx, ids: number[]): Promise<void> {
  await addAttempts(trx, ids, -1);
}

async function addAttempts(trx: Trx, ids: number[], count: 1 | -1): Promise<void> {
  if (ids.length === 0) return;
  await trx
    .updateTable("message")
    .set((eb) => ({ attempts: sql<number>`greatest(0, ${eb.ref("attempts")} + ${count})` }))
    .where("id", "in", ids)
    .where("state", "=", "received")
    .execute();
}

/** Messages received that can be handled and have not been, oldest first; with `recordedBefore`, those whose job must have been lost. */
export async function stillReceived(
  trx: Trx,
  campaign: string,
  limit: number,
  recordedBefore?: Date,
): Promise<number[]> {
  const rows = await trx
    .selectFrom("message")
    .select("id")
    .where("campaign", "=", campaign)
    .where("state", "=", "received")
    .where((eb) => eb.not(awaitsRecognition))
    .$if(recordedBefore !== undefined, (query) => query.where("recorded_at", "<", recordedBefore as Date))
    .orderBy("arrived_at")
    .orderBy("id")
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/** Locks the messages that are still open; another worker that was first leaves nothing to do. */
export async function lockReceived(trx: Trx, ids: number[]): Promise<Set<number>> {
  const rows = await trx
    .selectFrom("message")
    .select("id")
    .where("id", "in", ids)
    .where("state", "=", "received")
    .where((eb) => eb.not(awaitsRecognition))
    .orderBy("id")
    .forUpdate()
    .execute();
  return new Set(rows.map(({ id }) => id));
}

/** Put aside, not tried in vain: who sent what is noted for whoever looks meanwhile, and the attempt given back. */
export async function putBackReceived(trx: Trx, aside: { messageId: number; mail: Mail }[]): Promise<void> {
  await giveBackAttempt(
    trx,
    aside.map(({ messageId }) => messageId),
  );
  for (const { messageId, mail } of aside) {
    const sender = senderOf(mail) ?? mail.from[0] ?? null;
    await trx
      .updateTable("message")
      .set({
        from_name: sender && dbText(sender.name, 500),
        from_address: sender && dbText(sender.address, 500),
        subject: dbText(mail.subject, 2000),
        rfc_message_id: mail.messageId && dbText(mail.messageId, 998),
      })
      .where("id", "=", messageId)
      .where("state", "=", "received")
      .execute();
  }
}

interface AttachmentRow {
  messageId: number;
  parentId: number | null;
  position: number;
  read: ReadPart;
}

/** Attachments of several messages, a level of nesting at a time, so that children know their parent's id. */
export async function insertAttachments(
  trx: Trx,
  owners: { messageId: number; parts: ReadPart[] }[],
): Promise<void> {
  let level = owners.flatMap(({ messageId, parts }) =>
    parts.map((read, position): AttachmentRow => ({ messageId, parentId: null, position, read })),
  );
  while (level.length > 0) {
    const ids: number[] = [];
    for (const part of inStatements(level, 11)) ids.push(...(await insertLevel(trx, part)));
    level = level.flatMap(({ messageId, read }, index) =>
      read.children.map((child, position) => ({
        messageId,
        parentId: ids[index] ?? null,
        position,
        read: child,
      })),
    );
  }
}

async function insertLevel(trx: Trx, level: AttachmentRow[]): Promise<number[]> {
  const rows = await trx
    .insertInto("attachment")
    .values(
      level.map(({ messageId, parentId, position, read }) => ({
        message_id: messageId,
        parent_id: parentId,
        position,
        filename: dbText(read.part.filename, 255),
        declared_type: dbText(read.part.declaredType, 255),
        media_type: dbText(read.document.mediaType, 255),
        bytes: read.part.bytes,
        sha256: Buffer.from(read.part.sha256, "hex"),
        inline: read.part.inline,
        status: read.document.status,
        reason: read.document.reason,
      })),
    )
    .returning("id")
    .execute();
  return rows.map(({ id }) => id);
}

/** How one message ended; written once, together with everything it caused. */
export interface MessageVerdict {
  id: number;
  state: Exclude<MessageState, "received">;
  reason: ReasonCode | null;
  detail: string | null;
  origin: string | null;
  rfcMessageId: string | null;
  contentKey: Buffer | null;
  fromName: string | null;
  fromAddress: string | null;
  subject: string | null;
  claimedAt: Date | null;
  newText: string | null;
  understanding: Understanding | null;
  duplicateOf: number | null;
  /** Message-IDs the mail answers; one of them may be a notice of ours. */
  ancestors: string[];
  senderCheck: SenderCheck | null;
}

/** One UPDATE for a batch of verdicts: a statement a mail would cost more than all the rest of filing it. */
export async function settleMessages(trx: Trx, verdicts: MessageVerdict[], now: Date): Promise<void> {
  if (verdicts.length === 0) return;
  const rows = verdicts.map((verdict) => ({
    id: verdict.id,
    state: verdict.state,
    reason: verdict.reason,
    detail: verdict.detail,
    origin: verdict.origin,
    rfc_message_id: verdict.rfcMessageId,
    content_key: verdict.contentKey?.toString("hex") ?? null,
    from_name: verdict.fromName?.slice(0, 500) ?? null,
    from_address: verdict.fromAddress?.slice(0, 500) ?? null,
    subject: verdict.subject?.slice(0, 2000) ?? null,
    claimed_at: verdict.claimedAt,
    new_text: verdict.newText,
    understanding: verdict.understanding,
    duplicate_of: verdict.duplicateOf,
    ancestors: verdict.ancestors,
    sender_check: verdict.senderCheck,
  }));
  await sql`
    update message set
      state = v.state, reason = v.reason, detail = v.detail, origin = v.origin,
      rfc_message_id = v.rfc_message_id, content_key = decode(v.content_key, 'hex'),
      from_name = v.from_name, from_address = v.from_address, subject = v.subject,
      claimed_at = v.claimed_at, new_text = v.new_text, understanding = v.understanding,
      duplicate_of = v.duplicate_of, sender_check = v.sender_check,
      answers_notice = (
        select max(n.id) from notice n where n.rfc_message_id = any(v.ancestors)),
      handled_at = ${now}, decided_by = 'rules'
    from jsonb_to_recordset(${dbJson(rows)}::jsonb) as v(
      id bigint, state text, reason text, detail text, origin text, rfc_message_id text, content_key text,
      from_name text, from_address text, subject text, claimed_at timestamptz, new_text text,
      understanding jsonb, duplicate_of bigint, ancestors text[], sender_check jsonb)
    where message.id = v.id`.execute(trx);
}

/** Whoever files after this waits until this transaction ends, as for a number. */
export async function lockFiling(trx: Trx, campaign: string): Promise<void> {
  await nextNumbers(trx, campaign, 0);
}

/** The next `count` reference numbers; the row lock keeps them gapless, since a rolled-back filing gives them back. */
export async function nextNumbers(trx: Trx, campaign: string, count: number): Promise<number[]> {
  const row = await trx
    .insertInto("reference_counter")
    .values({ campaign, last: count })
    .onConflict((conflict) =>
      conflict.column("campaign").doUpdateSet((eb) => ({ last: eb("reference_counter.last", "+", count) })),
    )
    .returning("last")
    .executeTakeFirstOrThrow();
  return Array.from({ length: count }, (_, index) => row.last - count + 1 + index);
}

/** With their ids, in the order given. */
export async function insertSubmissions(
  trx: Trx,
  submissions: NewSubmission[],
  now: Date,
  decidedBy = "rules",
): Promise<Submission[]> {
  const ids: number[] = [];
  for (const part of inStatements(submissions, 18)) {
    const rows = await trx
      .insertInto("submission")
      .values(part.map((one) => submissionRow(one, now, decidedBy)))
      .returning("id")
      .execute();
    ids.push(...rows.map(({ id }) => id));
  }
  return submissions.map((one, index) => ({ ...one, id: ids[index] as number }));
}

function submissionRow(submission: NewSubmission, now: Date, decidedBy: string) {
  return {
    reference: submission.reference,
    campaign: submission.campaign,
    message_id: submission.messageId,
    ordinal: submission.ordinal,
    type: submission.type,
    item: submission.item,
    unit: submission.unit,
    people: submission.people.map((name) => dbText(name, 100)),
    title: dbText(submission.title, 500),
    text: dbText(submission.text),
    state: submission.state,
    arrived_at: submission.arrivedAt,
    filed_at: now,
    verified: submission.verified,
    timeliness: submission.timeliness,
    provisional: submission.provisional,
    supersedes: submission.supersedes,
    decided_by: decidedBy,
  };
}

export async function setSubmissionStates(
  trx: Trx,
  ids: number[],
  state: "superseded" | "withdrawn",
): Promise<void> {
  if (ids.length === 0) return;
  await trx
    .updateTable("submission")
    .set({ state })
    .where("id", "in", ids)
    .where("state", "=", "current")
    .execute();
}

export async function changeSubmission(
  trx: Trx,
  id: number,
  change: { unit?: string; type?: string; item?: string | null; people?: string[]; title?: string },
): Promise<void> {
  await trx.updateTable("submission").set(change).where("id", "=", id).execute();
}

export async function setArrival(
  trx: Trx,
  id: number,
  { arrivedAt, timeliness }: Pick<Submission, "arrivedAt" | "timeliness">,
): Promise<void> {
  await trx
    .updateTable("submission")
    .set({ arrived_at: arrivedAt, timeliness })
    .where("id", "=", id)
    .execute();
}

export const submissionColumns = [
  "submission.id",
  "submission.reference",
  "submission.campaign",
  "submission.message_id as messageId",
  "submission.type",
  "submission.item",
  "submission.unit",
  "submission.people",
  "submission.title",
  "submission.text",
  "submission.state",
  "submission.arrived_at as arrivedAt",
  "submission.verified",
  "submission.timeliness",
  "submission.provisional",
  "submission.supersedes",
] as const;

/** A submission together with the address that sent it. */
export type SentSubmission = Submission & { sentBy: string | null };

export async function submissionsOfMessages(trx: Trx, messageIds: number[]): Promise<SentSubmission[]> {
  if (messageIds.length === 0) return [];
  return trx
    .selectFrom("submission")
    .innerJoin("message", "message.id", "submission.message_id")
    .select(submissionColumns)
    .select("message.from_address as sentBy")
    .where("submission.message_id", "in", messageIds)
    .orderBy("submission.id", "desc")
    .execute();
}

export async function submissionsByReference(
  trx: Trx,
  campaign: string,
  references: string[],
): Promise<SentSubmission[]> {
  if (references.length === 0) return [];
  return trx
    .selectFrom("submission")
    .innerJoin("message", "message.id", "submission.message_id")
    .select(submissionColumns)
    .select("message.from_address as sentBy")
    .where("submission.campaign", "=", campaign)
    .where("submission.reference", "in", references)
    .orderBy("submission.id", "desc")
    .execute();
}

/** Current submissions of these units and types: what a newer version may supersede. */
export async function currentOf(
  trx: Trx,
  campaign: string,
  owners: { type: string; unit: string; item: string | null }[],
): Promise<Submission[]> {
  if (owners.length === 0) return [];
  return trx
    .selectFrom("submission")
    .select(submissionColumns)
    .where("campaign", "=", campaign)
    .where("state", "=", "current")
    .where((eb) =>
      eb.or(
        owners.map(({ type, unit, item }) =>
          eb.and([
            eb("type", "=", type),
            eb("unit", "=", unit),
            item === null ? eb("item", "is", null) : eb("item", "=", item),
          ]),
        ),
      ),
    )
    .orderBy("id", "desc")
    .execute();
}

export interface EarlierMessage {
  id: number;
  state: MessageState;
  rfcMessageId: string | null;
  contentKey: string | null;
  fromAddress: string | null;
}

type MessageRow = Pick<
  Selectable<MessageTable>,
  "id" | "state" | "rfc_message_id" | "content_key" | "from_address"
>;

/** Handled messages with one of these content keys (hex) or RFC 5322 Message-IDs, oldest first. */
export async function earlierMessages(
  trx: Trx,
  campaign: string,
  contentKeys: string[],
  rfcMessageIds: string[],
): Promise<EarlierMessage[]> {
  if (contentKeys.length === 0 && rfcMessageIds.length === 0) return [];
  const keys = contentKeys.map((hex) => Buffer.from(hex, "hex"));
  const ids = rfcMessageIds.map((id) => dbText(id, 998));
  // Two look-ups by their own index: with OR between them the planner reads the whole table.
  const { rows } = await sql<MessageRow>`
    select id, state, rfc_message_id, content_key, from_address from message
      where campaign = ${campaign} and state <> 'received' and content_key = any(${keys}::bytea[])
    union
    select id, state, rfc_message_id, content_key, from_address from message
      where campaign = ${campaign} and state <> 'received' and rfc_message_id = any(${ids}::text[])
    order by id`.execute(trx);
  return rows.map((row) => ({
    id: row.id,
    state: row.state,
    rfcMessageId: row.rfc_message_id,
    contentKey: row.content_key?.toString("hex") ?? null,
    fromAddress: row.from_address,
  }));
}

/** The messages that our notices with these Message-IDs were caused by: notice id → message id. */
export async function causesOfNotices(
  trx: Trx,
  campaign: string,
  rfcMessageIds: string[],
): Promise<Map<string, number | null>> {
  if (rfcMessageIds.length === 0) return new Map();
  const rows = await trx
    .selectFrom("notice")
    .select(["rfc_message_id", "cause_message_id"])
    .where("campaign", "=", campaign)
    .where(
      "rfc_message_id",
      "in",
      rfcMessageIds.map((id) => dbText(id, 998)),
    )
    .execute();
  return new Map(rows.map((row) => [row.rfc_message_id, row.cause_message_id]));
}

/** Whether an attachment of a message could not be read. */
export async function hasHeldAttachment(trx: Trx, messageId: number): Promise<boolean> {
  const row = await trx
    .selectFrom("attachment")
    .select("id")
    .where("message_id", "=", messageId)
    .where("status", "=", "held")
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

export async function fileHeldMessage(trx: Trx, id: number, decidedBy: string, now: Date): Promise<void> {
  await trx
    .updateTable("message")
    .set({ state: "filed", reason: null, decided_by: decidedBy, handled_at: now })
    .where("id", "=", id)
    .execute();
}

/** A message the office is about to decide, locked: whoever comes second finds it decided. */
export interface OfficeMail {
  id: number;
  state: MessageState;
  reason: string | null;
  arrivedAt: Date;
  subject: string;
  newText: string;
  /** Null for a mail that could not be read at all. */
  understanding: Understanding | null;
}

export async function mailForOffice(trx: Trx, campaign: string, id: number): Promise<OfficeMail | null> {
  const row = await trx
    .selectFrom("message")
    .select(["id", "state", "reason", "arrived_at", "subject", "new_text", "understanding"])
    .where("campaign", "=", campaign)
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  if (!row) return null;
  return {
    id: row.id,
    state: row.state,
    reason: row.reason,
    arrivedAt: row.arrived_at,
    subject: row.subject ?? "",
    newText: row.new_text ?? "",
    understanding: row.understanding as Understanding | null,
  };
}

/** The office wants nothing of this mail; its words, where there are any, stay with it. */
export async function dismissMessage(trx: Trx, id: number, why: string | null, now: Date): Promise<void> {
  const reason: ReasonCode = "office-dismissed";
  await trx
    .updateTable("message")
    .set({
      state: "ignored",
      reason,
      decided_by: "office",
      handled_at: now,
      ...(why !== null && { detail: dbText(why, 2000) }),
    })
    .where("id", "=", id)
    .execute();
}

/** Puts a mail that ended its reader three times where a person will see it (R17). */
export async function holdFailed(trx: Trx, id: number, detail: string, now: Date): Promise<void> {
  await trx
    .updateTable("message")
    .set({
      state: "held",
      reason: "processing-failed",
      detail: dbText(detail, 2000),
      handled_at: now,
      decided_by: "rules",
    })
    .where("id", "=", id)
    .where("state", "=", "received")
    .execute();
}
