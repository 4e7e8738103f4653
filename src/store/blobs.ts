// Bytes by their SHA-256, in chunk rows: stored once however often they are sent, read and written as streams.
import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { type Kysely, type OnConflictBuilder, sql } from "kysely";
import type { Database, Trx } from "./database.ts";
import type { Tables } from "./tables.ts";

export interface Content {
  sha256: Buffer;
  bytes: Uint8Array;
}

/** Large enough that a mail is a row or two, small enough that a stream needs little memory. */
export const CHUNK_BYTES = 256 * 1024;
/** Chunks sent in one statement: bounds what the driver holds to a few megabytes. */
const CHUNKS_PER_INSERT = 16;

export class BlobMissing extends Error {
  constructor(sha256: Buffer) {
    super(`no bytes are stored under ${sha256.toString("hex")}`);
  }
}

export function sha256Of(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}

/** Stores what is not stored yet. Call it inside a transaction: a blob row promises all of its chunks. */
export async function putBlobs(trx: Trx, contents: Content[], now: Date): Promise<void> {
  const distinct = new Map(contents.map((content) => [content.sha256.toString("hex"), content]));
  if (distinct.size === 0) return;
  const fresh = await trx
    .insertInto("blob")
    // Ordered by hash: two transactions storing the same bytes wait for each other instead of deadlocking.
    .values(
      [...distinct.entries()]
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([, { sha256, bytes }]) => ({ sha256, bytes: bytes.length, created_at: now })),
    )
    .onConflict(unlessRemoved)
    .returning("sha256")
    .execute();
  const chunks = fresh.flatMap(({ sha256 }) => chunksOf(distinct.get(sha256.toString("hex")) as Content));
  for (let start = 0; start < chunks.length; start += CHUNKS_PER_INSERT) {
    const rows = chunks.slice(start, start + CHUNKS_PER_INSERT);
    await trx.insertInto("blob_chunk").values(rows).execute();
  }
}

/** What was removed and comes again is stored again, like what is new. */
const unlessRemoved = (conflict: OnConflictBuilder<Tables, "blob">) =>
  conflict.column("sha256").doUpdateSet({ removed_at: null }).where("blob.removed_at", "is not", null);

/** Mails that were removed and are listed again, after a renumbering of the mailbox. */
export async function dropAgain(trx: Trx, mails: Buffer[], now: Date): Promise<void> {
  if (mails.length === 0) return;
  await sql`
    with unused as (
      select sha256 from blob where sha256 = any(${mails})
        and not exists (select from attachment a where a.sha256 = blob.sha256 and a.removed_at is null)),
    chunks as (delete from blob_chunk c using unused u where c.sha256 = u.sha256)
    update blob set removed_at = ${now} from unused where blob.sha256 = unused.sha256`.execute(trx);
}

function chunksOf({ sha256, bytes }: Content): { sha256: Buffer; sequence: number; data: Buffer }[] {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = Math.ceil(whole.length / CHUNK_BYTES);
  return Array.from({ length: count }, (_, sequence) => ({
    sha256,
    sequence,
    data: whole.subarray(sequence * CHUNK_BYTES, (sequence + 1) * CHUNK_BYTES),
  }));
}

/**
 * Stores a stream whose hash is known only at its end, in constant memory: the chunks go in under a random key and
 * take their real one in the same transaction.
 */
export async function putBlobStream(
  db: Database,
  source: Readable,
  now: Date,
): Promise<{ sha256: Buffer; bytes: number }> {
  return db.transaction().execute(async (trx) => {
    const draft = randomBytes(32);
    await trx.insertInto("blob").values({ sha256: draft, bytes: 0, created_at: now }).execute();
    const hash = createHash("sha256");
    let bytes = 0;
    let sequence = 0;
    for await (const data of inChunks(source)) {
      hash.update(data);
      bytes += data.length;
      await trx.insertInto("blob_chunk").values({ sha256: draft, sequence, data }).execute();
      sequence += 1;
    }
    const sha256 = hash.digest();
    const fresh = await trx
      .insertInto("blob")
      .values({ sha256, bytes, created_at: now })
      .onConflict(unlessRemoved)
      .returning("sha256")
      .execute();
    if (fresh.length > 0)
      await trx.updateTable("blob_chunk").set({ sha256 }).where("sha256", "=", draft).execute();
    await trx.deleteFrom("blob").where("sha256", "=", draft).execute();
    return { sha256, bytes };
  });
}

async function* inChunks(source: Readable): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let held = 0;
  for await (const part of source) {
    parts.push(Buffer.from(part));
    held += part.length;
    if (held < CHUNK_BYTES) continue;
    const joined = Buffer.concat(parts);
    const whole = joined.length - (joined.length % CHUNK_BYTES);
    for (let start = 0; start < whole; start += CHUNK_BYTES)
      yield joined.subarray(start, start + CHUNK_BYTES);
    parts = [joined.subarray(whole)];
    held = joined.length - whole;
  }
  if (held > 0) yield Buffer.concat(parts);
}

export async function readBlob(db: Trx, sha256: Buffer): Promise<Buffer> {
  const found = (await readBlobs(db, [sha256])).get(sha256.toString("hex"));
  if (!found) throw new BlobMissing(sha256);
  return found;
}

/** Hex hash → bytes, in one query; hashes that are not stored are left out. Everything is held in memory. */
export async function readBlobs(db: Trx, hashes: Buffer[]): Promise<Map<string, Buffer>> {
  const rows = await sql<{ sha256: Buffer; data: Buffer | null }>`
    select blob.sha256, blob_chunk.data
    from blob left join blob_chunk on blob_chunk.sha256 = blob.sha256
    where blob.sha256 = any(${hashes}::bytea[]) and blob.removed_at is null
    order by blob.sha256, blob_chunk.sequence`.execute(db);
  const parts = new Map<string, Buffer[]>();
  for (const { sha256, data } of rows.rows) {
    const key = sha256.toString("hex");
    const found = parts.get(key) ?? [];
    if (data) found.push(data);
    parts.set(key, found);
  }
  return new Map(
    [...parts].map(([key, found]) => [key, found.length === 1 ? (found[0] as Buffer) : Buffer.concat(found)]),
  );
}

/** The bytes one chunk at a time; a missing blob is an error event. */
export function blobStream(db: Trx, sha256: Buffer): Readable {
  return Readable.from(chunksFrom(db, sha256), { objectMode: false });
}

async function* chunksFrom(db: Kysely<Tables>, sha256: Buffer): AsyncGenerator<Buffer> {
  const blob = await db
    .selectFrom("blob")
    .select("bytes")
    .where("sha256", "=", sha256)
    .where("removed_at", "is", null)
    .executeTakeFirst();
  if (!blob) throw new BlobMissing(sha256);
  const count = Math.ceil(blob.bytes / CHUNK_BYTES);
  for (let sequence = 0; sequence < count; sequence += 1) {
    const chunk = await db
      .selectFrom("blob_chunk")
      .select("data")
      .where("sha256", "=", sha256)
      .where("sequence", "=", sequence)
      .executeTakeFirst();
    if (!chunk) throw new BlobMissing(sha256);
    yield chunk.data;
  }
}
