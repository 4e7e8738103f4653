// A database that no longer answers costs one statement its time, and not every one that comes after it.
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { silentLogger } from "../../src/log.ts";
import { type OpenDatabase, openDatabase } from "../../src/store/database.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { startWire, type Wire, wiredUrl } from "../support/wire.ts";

let database: TestDatabase;
let wire: Wire;
let wired: OpenDatabase;

beforeAll(async () => {
  database = await testDatabase();
  const { target, through } = wiredUrl(database.url);
  wire = await startWire(target);
  // One connection: whoever kept a dead one would meet it again.
  wired = openDatabase(through(wire.port), silentLogger, 1, { query_timeout: 3_000 });
});
afterAll(async () => {
  await wired.close();
  await wire.stop();
  await database.drop();
});

const answer = async () => (await sql<{ n: number }>`select 42 as n`.execute(wired.db)).rows[0]?.n;

test("after a statement nobody answered, the next one has a connection of its own", async () => {
  expect(await answer()).toBe(42);
  const opened = wire.connections();
  void wire.strike({ said: /select 43/, fault: "silent" });
  await expect(sql`select 43`.execute(wired.db)).rejects.toThrow("timeout");
  expect(await answer()).toBe(42);
  expect(wire.connections()).toBe(opened + 1);
});

test("a transaction that nobody answered is given up with its connection", async () => {
  void wire.strike({ said: /select 44/, fault: "silent" });
  const work = wired.db.transaction().execute((trx) => sql`select 44`.execute(trx));
  await expect(work).rejects.toThrow(/timeout|not queryable/);
  expect(await answer()).toBe(42);
});

test("the server itself ends what takes too long or stands open", async () => {
  const limits = await wired.pool.query(
    "select name, setting from pg_settings where name in ('statement_timeout', 'idle_in_transaction_session_timeout')",
  );
  expect(limits.rows.map(({ setting }) => Number(setting))).toEqual([60_000, 60_000]);
});
