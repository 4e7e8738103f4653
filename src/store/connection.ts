// One connection to PostgreSQL that gives up on a server which no longer answers, whoever's pool it is in (R53).
import pg from "pg";

type Query = pg.Client["query"];

/** What the driver says of a statement that was not answered within `query_timeout`. */
const UNANSWERED = "Query read timeout";

/**
 * The driver gives up the statement but keeps its connection, on which nothing after it is ever answered either, not even
 * a rollback: ended here, which the pool notices.
 */
export class Connection extends pg.Client {
  override query: Query = ((...args: Parameters<Query>) => {
    const answered: unknown = super.query(...args);
    if (answered instanceof Promise) {
      answered.catch((error: Error) => {
        if (error.message === UNANSWERED) void this.end().catch(() => undefined);
      });
    }
    return answered;
  }) as Query;
}

/** For every pool: a server that is away, hangs, or forgets us in the middle of a transaction costs at most this long. */
export const connectionLimits = {
  connectionTimeoutMillis: 10_000,
  statement_timeout: 60_000,
  query_timeout: 90_000,
  idle_in_transaction_session_timeout: 60_000,
  keepAlive: true,
  keepAliveInitialDelayMillis: 15_000,
};
