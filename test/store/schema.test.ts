// What the migrations make is what was looked at: UPDATE_GOLDEN=1 writes it anew for a reviewer to see.
import { readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { schemaOf } from "../support/schema.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

test("the migrated schema is the one in golden/schema.sql", async () => {
  const golden = new URL("../golden/schema.sql", import.meta.url);
  const schema = await schemaOf(database.db);
  if (process.env.UPDATE_GOLDEN) await writeFile(golden, schema);
  expect(schema).toBe(await readFile(golden, "utf8"));
});
