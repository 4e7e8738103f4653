// A database for one run only, beside the real one: for `simulate` and the demo, which must not touch the ledger.
import { randomBytes } from "node:crypto";
import pg from "pg";
import type { Logger } from "../log.ts";
import { type OpenDatabase, openDatabase } from "./database.ts";
import { startEmbedded } from "./embedded.ts";
import { migrate } from "./migrate.ts";
import { endOnSignal } from "./signals.ts";
import { DatabaseUnavailable } from "./unavailable.ts";

export interface ScratchDatabase extends OpenDatabase {
  url: string;
}

/**
 * Makes a fresh, migrated database on the server of `databaseUrl`, or on the embedded one under `dataDirectory`.
 * Closing removes it. Scratch databases that a killed run left behind are removed first.
 */
export async function openScratch(
  where: { databaseUrl: string | null; dataDirectory: string },
  log: Logger,
): Promise<ScratchDatabase> {
  const server =
    where.databaseUrl === null
      ? await startEmbedded(where.dataDirectory, log)
      : { url: where.databaseUrl, stop: async () => undefined };
  const name = `scratch_${process.pid}_${randomBytes(4).toString("hex")}`;
  try {
    await removeAbandoned(server.url);
    await administer(server.url, `create database ${name} encoding 'UTF8' template template0`);
    // Nothing of it is kept: waiting for the disk at every commit would be most of its time.
    await administer(server.url, `alter database ${name} set synchronous_commit = off`);
    const open = openDatabase(withDatabase(server.url, name), log);
    await migrate(open.db);
    const close = endOnSignal(async () => {
      await open.close();
      await administer(server.url, `drop database if exists ${name} with (force)`);
      await server.stop();
    });
    return { ...open, url: withDatabase(server.url, name), close };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

async function removeAbandoned(url: string): Promise<void> {
  const names = await administer(
    url,
    `select datname from pg_database d where datname like 'scratch\\_%'
       and not exists (select from pg_stat_activity a where a.datname = d.datname)`,
  );
  for (const { datname } of names) {
    const pid = Number(String(datname).split("_")[1]);
    if (!isProcessRunning(pid)) await administer(url, `drop database if exists ${datname}`);
  }
}

/** Whether a process with this number is alive here. */
export function isProcessRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function administer(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  await client.connect().catch((error: Error) => {
    throw new DatabaseUnavailable(url, error);
  });
  try {
    return (await client.query(statement)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}
