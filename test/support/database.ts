// A database of its own for a test file: a copy of the migrated template, made in milliseconds.
import { randomBytes } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";
import { silentLogger } from "../../src/log.ts";
import { type OpenDatabase, openDatabase } from "../../src/store/database.ts";

export interface TestDatabase extends OpenDatabase {
  url: string;
  /** Closes the pool and removes the database, whoever is still connected. */
  drop(): Promise<void>;
}

/** Migrated and empty; call `drop()` in afterAll. */
export async function testDatabase(): Promise<TestDatabase> {
  return databaseFrom(new URL(inject("templateDatabase")).pathname.slice(1));
}

/** Without any table: for the tests of migrating. */
export async function emptyDatabase(): Promise<TestDatabase> {
  return databaseFrom("template0");
}

async function databaseFrom(template: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString("hex")}`;
  await administer(`create database ${name} template ${template}`);
  const url = databaseUrl(name);
  const open = openDatabase(url, silentLogger);
  let dropped = false;
  const drop = async (): Promise<void> => {
    if (dropped) return;
    dropped = true;
    await open.close();
    await administer(`drop database if exists ${name} with (force)`);
  };
  return { ...open, url, drop };
}

function databaseUrl(name: string): string {
  const url = new URL(inject("templateDatabase"));
  url.pathname = `/${name}`;
  return url.href;
}

async function administer(statement: string): Promise<void> {
  const client = new pg.Client(databaseUrl("postgres"));
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
