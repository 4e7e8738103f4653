// The records of a backup: every table as it stood at one moment, read through one connection as it streams.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import { jsonRecord, type Manifest, recordHead, type Summary, type TableEnd } from "./format.ts";

/** Migrating keeps its own notes; a restore writes them by migrating. The job queue is another schema: it is rebuilt. */
const NOTES = ["kysely_migration", "kysely_migration_lock"];

export interface DumpProgress {
  table: string;
  /** Of all tables so far. */
  bytes: number;
}

/**
 * One snapshot, whatever the service does meanwhile: REPEATABLE READ sees nothing that was committed later. The caller
 * closes the connection; the transaction only reads.
 */
export async function* dump(
  client: pg.Client,
  madeAt: Date,
  onProgress: (progress: DumpProgress) => void,
): AsyncGenerator<Buffer> {
  await client.query("begin isolation level repeatable read read only");
  const tables = await tablesOf(client);
  yield jsonRecord("M", await manifestOf(client, [...tables.keys()], madeAt));
  const ends: TableEnd[] = [];
  let all = 0;
  for (const [table, columns] of tables) {
    yield jsonRecord("T", { table, columns });
    const list = columns.map(pg.escapeIdentifier).join(", ");
    const rows = client.query(
      copyTo(`copy ${pg.escapeIdentifier(table)} (${list}) to stdout (format binary)`),
    );
    const hash = createHash("sha256");
    let bytes = 0;
    for await (const chunk of rows as AsyncIterable<Buffer>) {
      yield recordHead("D", chunk.length);
      yield chunk;
      hash.update(chunk);
      bytes += chunk.length;
      all += chunk.length;
      onProgress({ table, bytes: all });
    }
    // The number of rows comes after the last of them: the next answer is behind it.
    await client.query("select");
    const end = { table, rows: rows.rowCount, bytes, sha256: hash.digest("hex") };
    ends.push(end);
    yield jsonRecord("E", end);
  }
  const summary: Summary = { tables: ends, sequences: await sequencesOf(client) };
  await client.query("commit");
  yield jsonRecord("Z", summary);
}

async function manifestOf(client: pg.Client, tables: string[], madeAt: Date): Promise<Manifest> {
  const server = await client.query<{ version: string }>(
    "select current_setting('server_version') as version",
  );
  const applied = await client.query<{ name: string }>("select name from kysely_migration order by name");
  return {
    madeAt: madeAt.toISOString(),
    jinbox: versionOf(),
    postgres: server.rows[0]?.version ?? "",
    migrations: applied.rows.map(({ name }) => name),
    tables,
  };
}

function versionOf(): string {
  const file = new URL("../../../package.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

/** Every table of ours with its columns; asked of the database, so that a new one is never forgotten. */
async function tablesOf(client: pg.Client): Promise<Map<string, string[]>> {
  const { rows } = await client.query<{ name: string; columns: string[] }>(
    `select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0
       and not a.attisdropped and a.attgenerated = '' and c.relname <> all($1)
     group by c.relname order by c.relname`,
    [NOTES],
  );
  return new Map(rows.map(({ name, columns }) => [name, columns]));
}

/** Read last: a sequence knows no snapshot, and may only be ahead of what was copied. */
async function sequencesOf(client: pg.Client): Promise<Record<string, number>> {
  const { rows } = await client.query<{ name: string; last: string }>(
    `select sequencename as name, last_value as last from pg_sequences
     where schemaname = 'public' and last_value is not null order by sequencename`,
  );
  return Object.fromEntries(rows.map(({ name, last }) => [name, Number(last)]));
}
