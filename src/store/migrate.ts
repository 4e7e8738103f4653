// Brings a database to the schema this program needs: migrations/ in order, forward only, then the job queue's own.
import { promises as fs } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Kysely, sql } from "kysely";
import { FileMigrationProvider, type Migration, Migrator } from "kysely/migration";
import { crashPoint } from "../crash-point.ts";
import { byCommand, recordAudit } from "./audit.ts";
import type { Database } from "./database.ts";
import { installQueues } from "./jobs.ts";
import { isLesserRole, refuseMissingRights } from "./rights.ts";
import type { Tables } from "./tables.ts";

/** The database was migrated by a newer program, or a migration failed: nothing may run on it. */
export class SchemaMismatch extends Error {}

const folder = fileURLToPath(new URL("../../migrations", import.meta.url));

/** Key of the advisory lock held while migrating: neither migrator nor job queue guards the other's tables. */
const MIGRATING = 7_305_199;

/**
 * Applies what is missing; of two programs starting at once one waits. All migrations of a run and the notes that
 * they ran are one transaction, so a killed run is simply repeated (R57). Returns the names applied.
 */
export async function migrate(db: Database): Promise<string[]> {
  if (await isLesserRole(db)) return migratedByOthers(db);
  await pendingMigrations(db);
  return db.connection().execute(async (connection) => {
    await sql`select pg_advisory_lock(${MIGRATING})`.execute(connection);
    try {
      // Most starts find everything done, and reading the migrations would cost them as much as all the rest.
      const isNeeded = (await pendingMigrations(connection)).length > 0;
      const applied = isNeeded ? await applyAll(connection) : [];
      await installQueues(connection);
      await noteUpgrade(connection, applied);
      return applied;
    } finally {
      await sql`select pg_advisory_unlock(${MIGRATING})`.execute(connection);
    }
  });
}

/** A role that only runs the service finds everything made, or says who must make it. */
async function migratedByOthers(db: Database): Promise<string[]> {
  await refuseMissingRights(db);
  const pending = await pendingMigrations(db);
  if (pending.length === 0) return [];
  throw new SchemaMismatch(
    `数据表要先升级（${pending.join("、")}）：请用建表的用户运行 jinbox migrate，再 jinbox migrate --grant\n` +
      `the tables are to be upgraded (${pending.join(", ")}): run jinbox migrate as their owner, then jinbox migrate --grant`,
  );
}

/**
 * Makes the tables of an earlier version in an empty database, in the caller's transaction: what was backed up then goes
 * into tables as they were then.
 */
export async function migrateTo(trx: Kysely<Tables>, names: string[]): Promise<void> {
  await sql`select pg_advisory_xact_lock(${MIGRATING})`.execute(trx);
  const known = await knownMigrations();
  const last = names.at(-1);
  const newer = names.filter((name) => !known.includes(name));
  if (last === undefined || newer.length > 0)
    throw new SchemaMismatch(
      `the backup was made by a newer jinbox (${newer.join(", ")}): restore it with that version`,
    );
  if (known.slice(0, names.length).join() !== names.join())
    throw new SchemaMismatch("the backup was made by a version that is no ancestor of this one");
  const { error } = await migrator(trx).migrateTo(last);
  if (error) throw new SchemaMismatch(`the tables of ${last} cannot be made`, { cause: error });
}

async function applyAll(db: Database): Promise<string[]> {
  const { error, results = [] } = await migrator(db).migrateToLatest();
  if (error) {
    const failed = results.find((result) => result.status === "Error")?.migrationName;
    const cause = error instanceof Error ? error.message : String(error);
    throw new SchemaMismatch(`${failed ? `migration ${failed}` : "migrating"} failed: ${cause}`, {
      cause: error,
    });
  }
  crashPoint("migrated");
  return results.map((result) => result.migrationName);
}

/** The making of an empty installation is nobody's doing; an upgrade is somebody's. */
async function noteUpgrade(db: Database, applied: string[]): Promise<void> {
  const [first] = await knownMigrations();
  if (applied.length === 0 || applied.includes(first ?? "")) return;
  const { rows } = await sql<{ at: Date }>`select now() as at`.execute(db);
  await recordAudit(db, null, byCommand(rows[0]?.at as Date), [
    { action: "migrate", about: applied.join(" ") },
  ]);
}

/** Names not yet applied; empty when the database is ready for this program. */
export async function pendingMigrations(db: Database): Promise<string[]> {
  const known = await knownMigrations();
  const applied = await appliedMigrations(db);
  const newer = applied.filter((name) => !known.includes(name));
  if (newer.length > 0) {
    throw new SchemaMismatch(
      `the database was upgraded by a newer jinbox (${newer.join(", ")}): run that version, ` +
        "or restore a backup made before the upgrade",
    );
  }
  return known.filter((name) => !applied.includes(name));
}

/** In order, by the names of their files. */
async function knownMigrations(): Promise<string[]> {
  const files = await fs.readdir(folder);
  return files.flatMap((file) => (file.endsWith(".ts") ? [path.basename(file, ".ts")] : [])).sort();
}

async function appliedMigrations(db: Database): Promise<string[]> {
  const { rows } = await sql<{ there: boolean }>`
    select to_regclass('kysely_migration') is not null as there`.execute(db);
  if (!rows[0]?.there) return [];
  const applied = await db
    .withTables<{ kysely_migration: { name: string } }>()
    .selectFrom("kysely_migration")
    .select("name")
    .orderBy("name")
    .execute();
  return applied.map(({ name }) => name);
}

function migrator(db: Kysely<Tables>): Migrator {
  const provider = new FileMigrationProvider({
    fs,
    path,
    migrationFolder: folder,
    import: async (file) => {
      const migration: Migration = await import(pathToFileURL(file).href);
      const up: Migration["up"] = async (db) => {
        await migration.up(db);
        crashPoint("migrating");
      };
      return { ...migration, up };
    },
  });
  return new Migrator({ db, provider });
}
