// Work between processes and machines: jobs on pg-boss, enqueued in the transaction of their cause.
import { CompiledQuery, sql } from "kysely";
import { type Db, PgBoss, type Queue } from "pg-boss";
import type { Logger } from "../log.ts";
import { connectionLimits } from "./connection.ts";
import type { OpenDatabase, Trx } from "./database.ts";

export type QueueName = "handle" | "recognise" | "send";

export interface Jobs {
  start(): Promise<void>;
  /**
   * Commits or vanishes with `trx`; a worker is woken at the commit. Of what has a `key`, none is waiting or in hand twice
   * where the queue allows each only once.
   */
  enqueue(trx: Trx, queue: QueueName, payloads: object[], key?: (payload: object) => string): Promise<void>;
  /** Hands payloads to `handle`, up to `batch` at once, from `concurrency` loops. A thrown error retries them all. */
  work<T>(
    queue: QueueName,
    options: { batch: number; concurrency?: number },
    handle: (payloads: T[]) => Promise<void>,
  ): Promise<void>;
  /** Waits for work in hand, at most 6 s; what is not done by then is done by somebody else. */
  stop(): Promise<void>;
}

export const QUEUE_SCHEMA = "jobs";
/** A killed worker's job is taken up again when its heartbeat is this old and the next watch comes round (R59). */
const HEARTBEAT_SECONDS = 15;
const WATCH_SECONDS = 10;
const POLL_SECONDS = 2;
const STOP_LIMIT_MS = 6_000;

const queueOptions: Omit<Queue, "name"> = {
  notify: true,
  retryLimit: 3,
  retryDelay: 2,
  retryBackoff: true,
  retryDelayMax: 60,
  heartbeatSeconds: HEARTBEAT_SECONDS,
  expireInSeconds: 900,
  deleteAfterSeconds: 86_400,
};

const queues: Record<QueueName, Omit<Queue, "name">> = {
  handle: queueOptions,
  // Each content once, for as long as thirty pages may take; how often it is tried its own row counts.
  recognise: { ...queueOptions, policy: "exclusive", retryLimit: 20, expireInSeconds: 7_200 },
  send: queueOptions,
};

export function openJobs(database: OpenDatabase & { url: string }, log: Logger): Jobs {
  const boss = new PgBoss({
    connectionString: database.url,
    ...connectionLimits,
    application_name: "jinbox jobs",
    schema: QUEUE_SCHEMA,
    max: 4,
    migrate: false,
    schedule: false,
    useListenNotify: true,
    superviseIntervalSeconds: WATCH_SECONDS,
    monitorIntervalSeconds: WATCH_SECONDS,
  });
  // An error event without a handler would end the process (R9); pg-boss tries again by itself.
  boss.on("error", (error) => log.warn({ err: error }, "the job queue met an error"));
  boss.on("warning", (warning) => log.warn({ ...warning.data }, warning.message));
  return {
    start: async () => {
      await boss.start();
    },
    enqueue: async (trx, queue, payloads, key) => {
      if (payloads.length === 0) return;
      await boss.insert(
        queue,
        payloads.map((data) => ({ data, ...(key && { singletonKey: key(data) }) })),
        { db: statementsOn(trx) },
      );
    },
    work: async (queue, { batch, concurrency = 1 }, handle) => {
      const options = {
        batchSize: batch,
        localConcurrency: concurrency,
        pollingIntervalSeconds: POLL_SECONDS,
        notifyPollingIntervalSeconds: POLL_SECONDS,
        burstWhenBatchFull: batch > 1,
      };
      await boss.work(queue, options, async (jobs: { data: unknown }[]) => {
        await handle(jobs.map((job) => job.data) as Parameters<typeof handle>[0]);
      });
    },
    stop: () => boss.stop({ graceful: true, timeout: STOP_LIMIT_MS, close: true }),
  };
}

/** Makes the queue's tables and the queues themselves; part of `migrate`. */
export async function installQueues(db: Trx): Promise<void> {
  const boss = new PgBoss({ db: statementsOn(db), schema: QUEUE_SCHEMA, supervise: false, schedule: false });
  boss.on("error", () => undefined);
  await boss.start();
  try {
    for (const [name, options] of Object.entries(queues)) {
      await boss.createQueue(name, options);
      const { policy: _fixed, ...changeable } = options;
      await boss.updateQueue(name, changeable);
    }
  } finally {
    await boss.stop({ graceful: false, close: false });
  }
}

/** Jobs nobody has in hand, by queue. */
export async function waitingJobs(trx: Trx): Promise<{ name: string; waiting: number }[]> {
  const { rows } = await sql<{ name: string; waiting: number }>`
    select name, count(*)::int as waiting from ${sql.table(`${QUEUE_SCHEMA}.job`)} where state < 'active'
    group by name order by name`.execute(trx);
  return rows;
}

/** pg-boss's statements on our connection or transaction. Its schema is one text of many statements: no rows then. */
function statementsOn(trx: Trx): Db {
  return {
    executeSql: async (text, values = []) => {
      const result = await trx.executeQuery(CompiledQuery.raw(text, values));
      return { rows: [...(result.rows ?? [])] };
    },
  };
}
