// SQL of what was read: documents by the hash of their bytes, what is to be recognised, and who waits for it.
import { type SqlBool, sql } from "kysely";
import { type Document, READER_VERSION } from "../document/document.ts";
import { dbJson, dbText, inStatements, type Trx } from "../store/database.ts";
import type { ReasonCode } from "../text/reason.ts";
import type { Awaited } from "./read.ts";

/** Reasons that speak of the machine's day, not of the document: such a one is read again the next time it is sent. */
const PASSING: ReasonCode[] = ["too-slow", "too-much-memory", "reader-failed"];

/** For so long a recognition that failed for the machine's sake is not tried again: who waited for it is told by then. */
const FAILURE_STANDS_MS = 3 * 3_600_000;

/** Recognition was through with the document, and a reading without it has nothing to add. */
function isRecognised(now: Date) {
  const since = new Date(now.getTime() - FAILURE_STANDS_MS);
  return sql<SqlBool>`(document.recognised_at is not null and (document.reason is null
    or document.reason <> all(${PASSING}::text[]) or document.recognised_at > ${since}))`;
}

export async function knownDocuments(trx: Trx, sha256s: string[], now: Date): Promise<Map<string, Document>> {
  if (sha256s.length === 0) return new Map();
  const rows = await trx
    .selectFrom("document")
    .selectAll()
    .where(
      "sha256",
      "in",
      sha256s.map((hex) => Buffer.from(hex, "hex")),
    )
    .where("reader_version", "=", READER_VERSION)
    .where((eb) => eb.or([eb("reason", "is", null), eb("reason", "not in", PASSING), isRecognised(now)]))
    .execute();
  return new Map(
    rows.map((row) => [
      row.sha256.toString("hex"),
      {
        status: row.status,
        reason: row.reason as ReasonCode | null,
        mediaType: row.media_type,
        text: row.text,
        title: row.title,
        author: row.author,
        pages: row.pages,
        properties: row.properties,
        warnings: row.warnings,
        unrecognised: row.unrecognised,
        confidence: row.confidence,
        pagesRead: row.pages_read,
        members: row.members,
        children: [],
      },
    ]),
  );
}

/** What was recognised stands: another worker may have read the document, without its pictures, before that. */
export async function insertDocuments(
  trx: Trx,
  documents: Map<string, Document>,
  now: Date,
  recognisedAt: Date | null = null,
): Promise<void> {
  // Two workers may store the same documents: one order for all avoids a deadlock.
  const sorted = [...documents].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const part of inStatements(sorted, 17)) await upsertDocuments(trx, part, now, recognisedAt);
}

async function upsertDocuments(
  trx: Trx,
  documents: [string, Document][],
  now: Date,
  recognisedAt: Date | null,
): Promise<void> {
  await trx
    .insertInto("document")
    .values(
      documents.map(([sha256, document]) => ({
        sha256: Buffer.from(sha256, "hex"),
        reader_version: READER_VERSION,
        status: document.status,
        reason: document.reason,
        media_type: document.mediaType,
        text: dbText(document.text),
        title: document.title === null ? null : dbText(document.title, 500),
        author: document.author === null ? null : dbText(document.author, 200),
        pages: document.pages,
        properties: dbJson(document.properties),
        warnings: dbJson(document.warnings),
        unrecognised: document.unrecognised,
        confidence: document.confidence,
        pages_read: document.pagesRead,
        recognised_at: recognisedAt,
        members: document.members,
        read_at: now,
      })),
    )
    .onConflict((conflict) =>
      conflict
        .column("sha256")
        .doUpdateSet((eb) => ({
          reader_version: eb.ref("excluded.reader_version"),
          status: eb.ref("excluded.status"),
          reason: eb.ref("excluded.reason"),
          media_type: eb.ref("excluded.media_type"),
          text: eb.ref("excluded.text"),
          title: eb.ref("excluded.title"),
          author: eb.ref("excluded.author"),
          pages: eb.ref("excluded.pages"),
          properties: eb.ref("excluded.properties"),
          warnings: eb.ref("excluded.warnings"),
          unrecognised: eb.ref("excluded.unrecognised"),
          confidence: eb.ref("excluded.confidence"),
          pages_read: eb.ref("excluded.pages_read"),
          members: eb.ref("excluded.members"),
          recognised_at: eb.ref("excluded.recognised_at"),
          read_at: eb.ref("excluded.read_at"),
        }))
        .where(
          sql<SqlBool>`not ${isRecognised(now)} or excluded.recognised_at is not null
            or document.reader_version <> excluded.reader_version`,
        ),
    )
    .execute();
}

/** A content that recognition is asked to read. */
export interface Recognition {
  sha256: Buffer;
  inline: boolean;
  attempts: number;
}

/**
 * Asks for the recognition of these contents, whose bytes are stored, and locks them: until the transaction ends
 * nobody settles one of them. What is being recognised already is not asked for twice.
 */
export async function requestRecognition(
  trx: Trx,
  awaited: Omit<Awaited, "content">[],
  now: Date,
): Promise<void> {
  if (awaited.length === 0) return;
  await trx
    .insertInto("recognition")
    // Ordered by hash, as every other who asks: nobody waits for one who waits for them.
    .values(
      awaited
        .toSorted((a, b) => (a.sha256 < b.sha256 ? -1 : 1))
        .map(({ sha256, filename, inline, pages }) => ({
          sha256: Buffer.from(sha256, "hex"),
          filename: dbText(filename, 255),
          inline,
          pages_total: pages,
          requested_at: now,
        })),
    )
    .onConflict((conflict) =>
      conflict.column("sha256").doUpdateSet((eb) => ({ requested_at: eb.ref("recognition.requested_at") })),
    )
    .execute();
}

/** Those of these that were recognised in the meantime, by whoever was first; asking for them again is taken back. */
export async function recognisedMeanwhile(trx: Trx, sha256s: string[], now: Date): Promise<Set<string>> {
  if (sha256s.length === 0) return new Set();
  const rows = await trx
    .deleteFrom("recognition")
    .using("document")
    .whereRef("document.sha256", "=", "recognition.sha256")
    .where(
      "recognition.sha256",
      "in",
      sha256s.map((hex) => Buffer.from(hex, "hex")),
    )
    .where(isRecognised(now))
    .where("document.reader_version", "=", READER_VERSION)
    .returning("recognition.sha256")
    .execute();
  return new Set(rows.map(({ sha256 }) => sha256.toString("hex")));
}

export async function awaitRecognition(
  trx: Trx,
  pairs: { messageId: number; sha256: string }[],
): Promise<void> {
  if (pairs.length === 0) return;
  await trx
    .insertInto("awaited_recognition")
    .values(
      pairs.map(({ messageId, sha256 }) => ({ message_id: messageId, sha256: Buffer.from(sha256, "hex") })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** What messages with these RFC 5322 Message-IDs wait for: id → hex hashes, none of which is settled meanwhile. */
export async function awaitedByAncestors(
  trx: Trx,
  campaign: string,
  rfcMessageIds: string[],
): Promise<Map<string, string[]>> {
  if (rfcMessageIds.length === 0) return new Map();
  const rows = await trx
    .selectFrom("message as m")
    .innerJoin("awaited_recognition as a", "a.message_id", "m.id")
    .innerJoin("recognition as r", "r.sha256", "a.sha256")
    .select(["m.rfc_message_id", "r.sha256"])
    .where("m.campaign", "=", campaign)
    .where("m.state", "=", "received")
    .where(
      "m.rfc_message_id",
      "in",
      rfcMessageIds.map((id) => dbText(id, 998)),
    )
    .orderBy("r.sha256")
    .forKeyShare("r")
    .execute();
  const awaited = new Map<string, string[]>();
  for (const { rfc_message_id: id, sha256 } of rows) {
    const key = id as string;
    awaited.set(key, [...(awaited.get(key) ?? []), sha256.toString("hex")]);
  }
  return awaited;
}

/** Takes one up: counts the attempt first, so that a document which ends the process is noticed. Null: it is done. */
export async function takeUpRecognition(trx: Trx, sha256: Buffer): Promise<Recognition | null> {
  const row = await trx
    .updateTable("recognition")
    .set((eb) => ({ attempts: eb("attempts", "+", 1), pages_done: 0 }))
    .where("sha256", "=", sha256)
    .returning(["sha256", "inline", "attempts"])
    .executeTakeFirst();
  return row ?? null;
}

/** The attempt was ended by us, not by the document. */
export async function giveBackRecognition(trx: Trx, sha256: Buffer): Promise<void> {
  await trx
    .updateTable("recognition")
    .set((eb) => ({ attempts: sql<number>`greatest(0, ${eb.ref("attempts")} - 1)` }))
    .where("sha256", "=", sha256)
    .execute();
}

export async function noteProgress(trx: Trx, sha256: Buffer, done: number): Promise<void> {
  await trx.updateTable("recognition").set({ pages_done: done }).where("sha256", "=", sha256).execute();
}

/** It is recognised, or never will be: nobody waits for it any more. Returns the messages that now wait for nothing. */
export async function settleRecognition(trx: Trx, sha256: Buffer): Promise<number[]> {
  // Whoever is asking for it at this moment is done first; who asks later finds the document.
  await trx.selectFrom("recognition").select("sha256").where("sha256", "=", sha256).forUpdate().execute();
  const freed = await trx
    .deleteFrom("awaited_recognition")
    .where("sha256", "=", sha256)
    .returning("message_id")
    .execute();
  await trx.deleteFrom("recognition").where("sha256", "=", sha256).execute();
  if (freed.length === 0) return [];
  const ids = freed.map(({ message_id }) => message_id);
  // Two workers may settle the last two contents of one mail: the second must see what the first did.
  await trx
    .selectFrom("message")
    .select("id")
    .where("id", "in", ids)
    .where("state", "=", "received")
    .orderBy("id")
    .forUpdate()
    .execute();
  const rows = await trx
    .selectFrom("message as m")
    .select("m.id")
    .where("m.id", "in", ids)
    .where("m.state", "=", "received")
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("awaited_recognition as a").select("a.sha256").whereRef("a.message_id", "=", "m.id"),
        ),
      ),
    )
    .orderBy("m.arrived_at")
    .orderBy("m.id")
    .execute();
  return rows.map(({ id }) => id);
}

/** Contents that are still to be recognised, hex, the first asked for first. */
export async function openRecognitions(trx: Trx, limit: number): Promise<string[]> {
  const rows = await trx
    .selectFrom("recognition")
    .select("sha256")
    .orderBy("requested_at")
    .orderBy("sha256")
    .limit(limit)
    .execute();
  return rows.map(({ sha256 }) => sha256.toString("hex"));
}
