// Puts a backup into a database: one transaction, so that a killed restore has done nothing at all.
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { systemClock } from "../../clock.ts";
import { crashPoint } from "../../crash-point.ts";
import { migrateTo } from "../migrate.ts";
import { beginQuiet } from "../quiet.ts";
import type { LongConnection } from "./connection.ts";
import type { DumpProgress } from "./dump.ts";
import { readBackupFile } from "./file.ts";
import { BackupDamaged, type Manifest, type Summary } from "./format.ts";

/** The database is not one a backup can be put into; the message says what to do. */
export class RestoreRefused extends Error {}

export interface RestoreRequest {
  file: string;
  passphrase: string | null;
  /** Removes what the database holds, in the transaction that writes the backup. */
  replace: boolean;
  now: Date;
  onProgress(progress: DumpProgress): void;
}

export interface Restored {
  manifest: Manifest;
  summary: Summary;
}

/**
 * What was told to the world after the backup, a number of a submission or the Message-ID of an answer, must not be given
 * to something else: counting goes on this far above.
 */
const IDS_AHEAD = 10_000;
const REFERENCES_AHEAD = 1_000;
const GONE_TRIES = 10;
const GONE_WAIT_MS = 300;

export async function restore({ client, db }: LongConnection, request: RestoreRequest): Promise<Restored> {
  const { file, passphrase, replace, now, onProgress } = request;
  return db.transaction().execute(async (trx) => {
    await refuseUnfit(client, replace);
    let manifest: Manifest | null = null;
    let foreignKeys: ForeignKey[] = [];
    let ours: string[] = [];
    let all = 0;
    const summary = await readBackupFile(file, passphrase, {
      begin: async (found) => {
        manifest = found;
        await removeEverything(client);
        await migrateTo(trx, found.migrations);
        foreignKeys = await takeForeignKeys(client);
        ours = await tableNames(client);
      },
      table: async ({ table, columns }, rows) => {
        // Tables of PostgreSQL itself (pg_authid, pg_proc) go by their bare names as well.
        if (!ours.includes(table)) throw new BackupDamaged(`${JSON.stringify(table)} is no table of jinbox`);
        // A migration may have put rows into its table; the backup has them too.
        await client.query(`delete from ${pg.escapeIdentifier(table)}`);
        const list = columns.map(pg.escapeIdentifier).join(", ");
        const into = client.query(
          copyFrom(`copy ${pg.escapeIdentifier(table)} (${list}) from stdin (format binary)`),
        );
        const counted = async function* () {
          for await (const chunk of rows) {
            all += chunk.length;
            onProgress({ table, bytes: all });
            yield chunk;
          }
        };
        await pipeline(Readable.from(counted(), { objectMode: false }), into);
      },
    });
    if (manifest === null) throw new Error("a backup without a manifest was accepted");
    const found: Manifest = manifest;
    crashPoint("restoring");
    await giveForeignKeysBack(client, foreignKeys);
    await countOn(client, summary.sequences);
    await beginQuiet(trx, new Date(found.madeAt), now);
    return { manifest: found, summary };
  });
}

async function refuseUnfit(client: pg.Client, replace: boolean): Promise<void> {
  const user = await otherUser(client);
  if (user !== null)
    throw new RestoreRefused(
      `服务还在使用这个数据库（${user}），请先停下 / jinbox is using this database (${user}): stop it first`,
    );
  const tables = await tableNames(client);
  if (tables.length === 0) return;
  if (!tables.includes("kysely_migration"))
    throw new RestoreRefused(
      "这个数据库里有别的程序的表，请另建一个空库 / this database holds tables of something else: make an empty one",
    );
  if (!replace && (await holdsRows(client, tables)))
    throw new RestoreRefused(
      "这个数据库里已有数据；确要以备份取代，加 --replace / this database holds data: to replace it by the backup, add --replace",
    );
}

/** The server may need a moment to see that a killed restore is gone. */
async function otherUser(client: pg.Client): Promise<string | null> {
  for (let tries = 0; ; tries += 1) {
    const { rows } = await client.query<{ name: string }>(
      `select application_name as name from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and application_name like 'jinbox%'`,
    );
    const [other] = rows;
    if (!other) return null;
    if (tries === GONE_TRIES) return other.name;
    await systemClock.sleep(GONE_WAIT_MS);
  }
}

async function tableNames(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'",
  );
  return rows.map(({ name }) => name);
}

async function holdsRows(client: pg.Client, tables: string[]): Promise<boolean> {
  const ours = tables.filter((name) => !name.startsWith("kysely_"));
  if (ours.length === 0) return false;
  const any = ours.map((name) => `exists (select from ${pg.escapeIdentifier(name)})`).join(" or ");
  const { rows } = await client.query<{ full: boolean }>(`select ${any} as full`);
  return rows[0]?.full === true;
}

/** Tables, functions and the queue; an extension stays, which only an administrator may be allowed to make again. */
async function removeEverything(client: pg.Client): Promise<void> {
  await client.query("drop schema if exists jobs cascade");
  const tables = await tableNames(client);
  if (tables.length > 0)
    await client.query(`drop table ${tables.map(pg.escapeIdentifier).join(", ")} cascade`);
  const functions = await client.query<{ name: string }>(
    `select p.oid::regprocedure::text as name from pg_proc p
     where p.pronamespace = 'public'::regnamespace
       and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')`,
  );
  for (const { name } of functions.rows) await client.query(`drop routine if exists ${name} cascade`);
}

interface ForeignKey {
  table: string;
  name: string;
  definition: string;
}

/** Tables refer to each other in circles: no order of loading would do. They are checked when they come back. */
async function takeForeignKeys(client: pg.Client): Promise<ForeignKey[]> {
  const { rows } = await client.query<ForeignKey>(
    `select conrelid::regclass::text as table, conname as name, pg_get_constraintdef(oid) as definition
     from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace`,
  );
  for (const { table, name } of rows)
    await client.query(`alter table ${table} drop constraint ${pg.escapeIdentifier(name)}`);
  return rows;
}

async function giveForeignKeysBack(client: pg.Client, keys: ForeignKey[]): Promise<void> {
  // What triggers put off to the commit is done now: a table with work pending cannot be altered.
  await client.query("set constraints all immediate");
  for (const { table, name, definition } of keys)
    await client.query(`alter table ${table} add constraint ${pg.escapeIdentifier(name)} ${definition}`);
}

async function countOn(client: pg.Client, sequences: Record<string, number>): Promise<void> {
  for (const [name, last] of Object.entries(sequences))
    await client.query("select setval(quote_ident($1)::regclass, $2)", [name, last + IDS_AHEAD]);
  await client.query("update reference_counter set last = last + $1", [REFERENCES_AHEAD]);
}
