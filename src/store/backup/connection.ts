// One connection for work that takes as long as it takes: rows stream through it, so no statement has a limit.
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import type { Tables } from "../tables.ts";
import { DatabaseUnavailable } from "../unavailable.ts";

export interface LongConnection {
  client: pg.Client;
  /** Statements on the same connection, and so in the same transaction. */
  db: Kysely<Tables>;
  end(): Promise<void>;
}

export async function openLong(url: string): Promise<LongConnection> {
  const client = new pg.Client({
    connectionString: url,
    application_name: "jinbox backup",
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    statement_timeout: 0,
    idle_in_transaction_session_timeout: 0,
  });
  // A connection that ends is reported by its next statement; its event, heard by nobody, would end the process (R9).
  client.on("error", () => undefined);
  await client.connect().catch((error: Error) => {
    throw new DatabaseUnavailable(url, error);
  });
  const only = { query: client.query.bind(client), release: () => undefined };
  const pool = { connect: async () => only, end: async () => undefined };
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: pool as never }) });
  return { client, db, end: () => client.end() };
}
