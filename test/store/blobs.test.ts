// Bytes by hash: idempotent, streamed in constant memory, exact.
import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  BlobMissing,
  blobStream,
  CHUNK_BYTES,
  putBlobStream,
  putBlobs,
  readBlob,
  readBlobs,
  sha256Of,
} from "../../src/store/blobs.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";

const now = new Date("2012-11-21T01:00:00Z");
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const content = (bytes: Buffer) => ({ sha256: sha256Of(bytes), bytes });

test.each([
  ["nothing", 0],
  ["one byte", 1],
  ["one chunk exactly", CHUNK_BYTES],
  ["one byte more than a chunk", CHUNK_BYTES + 1],
  ["many chunks", 9 * CHUNK_BYTES + 7],
])("%s comes back as it was put, at once and as a stream", async (_what, size) => {
  const bytes = randomBytes(size);
  await database.db.transaction().execute((trx) => putBlobs(trx, [content(bytes)], now));
  expect((await readBlob(database.db, sha256Of(bytes))).equals(bytes)).toBe(true);
  expect((await buffer(blobStream(database.db, sha256Of(bytes)))).equals(bytes)).toBe(true);

  const streamed = randomBytes(size);
  const parts = Array.from({ length: Math.ceil(size / 100_003) }, (_, i) =>
    streamed.subarray(i * 100_003, (i + 1) * 100_003),
  );
  const stored = await putBlobStream(database.db, Readable.from(parts), now);
  expect(stored).toEqual({ sha256: sha256Of(streamed), bytes: size });
  expect((await readBlob(database.db, stored.sha256)).equals(streamed)).toBe(true);
});

test("the same bytes are stored once, whichever way and however often they are put", async () => {
  const bytes = randomBytes(CHUNK_BYTES + 10);
  const put = () =>
    database.db.transaction().execute((trx) => putBlobs(trx, [content(bytes), content(bytes)], now));
  await Promise.all([put(), put(), put(), putBlobStream(database.db, Readable.from([bytes]), now)]);
  await putBlobStream(database.db, Readable.from([bytes]), now);
  const chunks = await database.db
    .selectFrom("blob_chunk")
    .select((of) => of.fn.countAll<number>().as("count"))
    .where("sha256", "=", sha256Of(bytes))
    .executeTakeFirstOrThrow();
  expect(chunks.count).toBe(2);
});

test("crossing transactions that store the same bytes in different order do not deadlock", async () => {
  const contents = Array.from({ length: 40 }, () => content(randomBytes(100)));
  const put = (some: typeof contents) => database.db.transaction().execute((trx) => putBlobs(trx, some, now));
  await Promise.all(Array.from({ length: 8 }, (_, i) => put(i % 2 ? contents : contents.toReversed())));
  expect(
    (
      await readBlobs(
        database.db,
        contents.map((one) => one.sha256),
      )
    ).size,
  ).toBe(40);
});

test("several small blobs are read in one query, and what is not stored is left out", async () => {
  const [one, other] = [randomBytes(50), randomBytes(60)];
  await database.db.transaction().execute((trx) => putBlobs(trx, [content(one), content(other)], now));
  const absent = sha256Of(randomBytes(8));
  const found = await readBlobs(database.db, [sha256Of(one), sha256Of(other), absent]);
  expect([...found.keys()].sort()).toEqual(
    [sha256Of(one).toString("hex"), sha256Of(other).toString("hex")].sort(),
  );
  await expect(readBlob(database.db, absent)).rejects.toThrow(BlobMissing);
  await expect(buffer(blobStream(database.db, absent))).rejects.toThrow(BlobMissing);
});

test("a stream that breaks half way leaves nothing behind", async () => {
  const before = await countBlobs();
  async function* breaking(): AsyncGenerator<Buffer> {
    yield randomBytes(CHUNK_BYTES);
    throw new Error("connection cut");
  }
  await expect(putBlobStream(database.db, Readable.from(breaking()), now)).rejects.toThrow("connection cut");
  expect(await countBlobs()).toBe(before);
});

test("a 60 MB stream passes in and out in little memory", async () => {
  const megabyte = randomBytes(1_000_000);
  const hash = createHash("sha256");
  async function* large(): AsyncGenerator<Buffer> {
    for (let i = 0; i < 60; i += 1) {
      hash.update(megabyte);
      yield megabyte;
    }
  }
  const before = process.memoryUsage().rss;
  const stored = await putBlobStream(database.db, Readable.from(large()), now);
  expect(stored.sha256.equals(hash.digest())).toBe(true);
  const back = createHash("sha256");
  let peak = 0;
  for await (const chunk of blobStream(database.db, stored.sha256)) {
    back.update(chunk);
    peak = Math.max(peak, process.memoryUsage().rss);
  }
  expect(back.digest().equals(stored.sha256)).toBe(true);
  expect(peak - before).toBeLessThan(120_000_000);
});

async function countBlobs(): Promise<number> {
  const rows = await database.db.selectFrom("blob").select("sha256").execute();
  return rows.length;
}
