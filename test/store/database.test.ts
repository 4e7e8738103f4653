// The one gate for text into the database: whatever arrives in a mail can be stored.
import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dbJson, dbText } from "../../src/store/database.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await sql`create table stored (word text, facts jsonb)`.execute(database.db);
});
afterAll(() => database.drop());

/** Strings of any UTF-16 code units: NUL, lone surrogates and noncharacters included. */
const anyString = fc
  .array(fc.oneof(fc.nat(0xffff), fc.constantFrom(0, 0xd800, 0xdfff, 0xffff, 0x4e00)), { maxLength: 60 })
  .map((units) => String.fromCharCode(...units));

async function store(word: string, facts: unknown): Promise<void> {
  await sql`insert into stored values (${dbText(word)}, ${dbJson(facts)})`.execute(database.db);
}

test("any string can be inserted as text and inside jsonb, and comes back as it went in", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyString, { minLength: 10, maxLength: 10 }), async (words) => {
      const rows = await sql<{ word: string; facts: { word: string }[] }>`
        insert into stored
        select * from unnest(${words.map((word) => dbText(word))}::text[], ${words.map((word) => dbJson([{ word }]))}::jsonb[])
        returning word, facts`.execute(database.db);
      expect(rows.rows.map((row) => row.word)).toEqual(words.map((word) => dbText(word)));
      expect(rows.rows.map((row) => row.facts[0]?.word)).toEqual(words.map((word) => dbText(word)));
    }),
    { numRuns: 300 },
  );
});

const encodings = ["utf8", "latin1", "utf16le"] as const;

test("ten thousand times any bytes read as text can be inserted", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 200 }), { minLength: 40, maxLength: 40 }),
      async (all) => {
        const words = all.map((bytes, at) => Buffer.from(bytes).toString(encodings[at % encodings.length]));
        await sql`insert into stored select * from unnest(${words.map((word) => dbText(word))}::text[], ${words.map((word) => dbJson({ [word]: word }))}::jsonb[])`.execute(
          database.db,
        );
      },
    ),
    { numRuns: 250 },
  );
});

test("keys of objects pass the gate too", async () => {
  await store("", { "\0key\ud800": "value" });
});

test.each([
  ["what fits stays", "图书馆", 3, "图书馆"],
  ["what is too long is cut", "图书馆长", 3, "图书馆"],
  ["a cut never leaves half a character", "图书𠮷", 3, "图书\ufffd"],
  ["NUL goes, a lone surrogate is marked", "a\0b\ud800", 9, "ab\ufffd"],
  ["what steers a terminal goes, tab and line end stay", "a\x1b\x08\x7f\ufffe\tb\r\n", 9, "a\tb\r\n"],
])("%s", (_rule, text, max, expected) => {
  expect(dbText(text, max)).toBe(expected);
});

test("a Message-ID of 12 kB is found again by itself", async () => {
  const id = `<${"x".repeat(12_000)}@lib.culture.example>`;
  const sha256 = Buffer.alloc(32, 7);
  const at = new Date("2012-11-21T01:00:00Z");
  await database.db.insertInto("blob").values({ sha256, bytes: 1, created_at: at }).execute();
  const message = { campaign: "WHXDH", sha256, bytes: 1, arrived_at: at, recorded_at: at, backlog: false };
  await database.db
    .insertInto("message")
    .values({ ...message, rfc_message_id: id, understanding: null })
    .execute();
  const found = await database.db
    .selectFrom("message")
    .select("id")
    .where("rfc_message_id", "=", id)
    .execute();
  expect(found).toHaveLength(1);
});
