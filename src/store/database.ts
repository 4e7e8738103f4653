// The connection pool and transactions: one driver and one SQL everywhere, embedded server or not.
import { Kysely, PostgresDialect, type Transaction } from "kysely";
import pg from "pg";
import type { Logger } from "../log.ts";
import { Connection, connectionLimits } from "./connection.ts";
import type { Tables } from "./tables.ts";

export type Database = Kysely<Tables>;
/** What stage functions take: a transaction, or the pool where one statement is enough. */
export type Trx = Kysely<Tables> | Transaction<Tables>;

export interface OpenDatabase {
  db: Database;
  pool: pg.Pool;
  close(): Promise<void>;
}

const BIGINT_OID = 20;
const DATE_OID = 1082;

/**
 * Opens a pool on `url`. A broken idle connection is logged, never fatal (R9); statements have limits (R53).
 * `connections` is the largest number of open connections; `limits` are shorter ones for tests.
 */
export function openDatabase(
  url: string,
  log: Logger,
  connections = 10,
  limits: Partial<typeof connectionLimits> = {},
): OpenDatabase {
  const types = {
    getTypeParser: (oid: number, format?: "text" | "binary") => {
      if (oid === BIGINT_OID) return Number;
      if (oid === DATE_OID) return (text: string) => text;
      return pg.types.getTypeParser(oid, format as "text");
    },
  };
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    ...connectionLimits,
    ...limits,
    Client: Connection,
    application_name: "jinbox",
    types: types as pg.CustomTypesConfig,
  });
  pool.on("error", (error) => log.warn({ err: error }, "an idle database connection ended"));
  // The pool listens only to idle connections. One that ends inside a transaction, between two statements, is reported by
  // its next statement; its error event, heard by nobody, would end the process (R9).
  pool.on("connect", (client) => {
    client.on("error", () => undefined);
  });
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return { db, pool, close: () => db.destroy() };
}

/** What is read inside is of one moment: a mail filed meanwhile is in every answer or in none. */
export function inSnapshot<Result>(db: Database, read: (trx: Trx) => Promise<Result>): Promise<Result> {
  return db.transaction().setIsolationLevel("repeatable read").setAccessMode("read only").execute(read);
}

/**
 * The one gate for strings on their way into PostgreSQL (R27): no NUL, no lone surrogate, at most `max` characters. Other
 * signs without meaning that got so far go with the NUL: no terminal, sheet or page downstream has to expect them.
 */
export function dbText(text: string, max = 10_000_000): string {
  const clean = text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]/g, "");
  return (clean.length > max ? clean.slice(0, max) : clean).toWellFormed();
}

/** What the protocol can count in one statement (its Bind message has 16 bits for it). */
const PARAMETERS_MAX = 65_535;

/** Rows in parts that one INSERT can take: a mail with a thousand parts and archives in them has more rows than that. */
export function inStatements<Row>(rows: Row[], columns: number): Row[][] {
  const size = Math.floor(PARAMETERS_MAX / columns);
  const parts = Math.ceil(rows.length / size);
  return Array.from({ length: parts }, (_, part) => rows.slice(part * size, (part + 1) * size));
}

/** JSON for a jsonb column, every string in it passed through the same gate, names of properties included. */
export function dbJson(value: unknown): string {
  return JSON.stringify(value, (_key, item) => {
    if (typeof item === "string") return dbText(item);
    if (item === null || typeof item !== "object" || Array.isArray(item)) return item;
    const names = Object.keys(item);
    if (names.every((name) => dbText(name) === name)) return item;
    return Object.fromEntries(names.map((name) => [dbText(name), item[name]]));
  });
}
