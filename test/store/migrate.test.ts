// Migrating: complete, repeatable, one at a time, never backwards.
import { sql } from "kysely";
import { afterEach, expect, test } from "vitest";
import { silentLogger } from "../../src/log.ts";
import { openDatabase } from "../../src/store/database.ts";
import { migrate, pendingMigrations, SchemaMismatch } from "../../src/store/migrate.ts";
import { emptyDatabase, type TestDatabase } from "../support/database.ts";

let database: TestDatabase;
afterEach(() => database.drop());

test("an empty database gets every migration once, in order, and the job queue", async () => {
  database = await emptyDatabase();
  const pending = await pendingMigrations(database.db);
  expect(pending.length).toBeGreaterThanOrEqual(3);
  expect(await migrate(database.db)).toEqual(pending);
  expect(await pendingMigrations(database.db)).toEqual([]);
  expect(await migrate(database.db)).toEqual([]);
  const queues = await sql<{ name: string }>`select name from jobs.queue order by name`.execute(database.db);
  expect(queues.rows.map((queue) => queue.name)).toEqual(expect.arrayContaining(["handle", "send"]));
});

test("of two programs migrating at once each finds a complete schema afterwards", async () => {
  database = await emptyDatabase();
  const other = openDatabase(database.url, silentLogger);
  const applied = await Promise.all([migrate(database.db), migrate(other.db)]);
  await other.close();
  expect(applied.map((names) => names.length).sort()).toEqual([0, expect.any(Number)]);
  expect(await pendingMigrations(database.db)).toEqual([]);
});

test("a program older than the schema refuses and names what it does not know", async () => {
  database = await emptyDatabase();
  await migrate(database.db);
  await sql`insert into kysely_migration (name, timestamp) values ('0999-from-the-future', '2031')`.execute(
    database.db,
  );
  await expect(migrate(database.db)).rejects.toThrow(SchemaMismatch);
  await expect(pendingMigrations(database.db)).rejects.toThrow("0999-from-the-future");
});
