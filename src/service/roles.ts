// What a process does: intake, worker, sender, scheduler, console. Start as many as you like; the database joins them.
import { fileMessages, readMessages, takeUpMessages } from "../journey.ts";
import type { Trx } from "../store/database.ts";
import type { Jobs } from "../store/jobs.ts";
import { stillReceived } from "../submission/records.ts";
import type { App } from "./app.ts";
import { duePass, sendPass } from "./passes.ts";

export const roleNames = ["intake", "worker", "sender", "scheduler", "console"] as const;
export type Role = (typeof roleNames)[number];

export interface HandleJob {
  messages: number[];
}

/** A job names at most this many messages: small enough to share among workers, large enough to file together. */
const MESSAGES_PER_JOB = 25;
/** A message still received after this long has lost its job, or waits in a queue that will find it handled. */
const LOST_AFTER_MS = 300_000;

/** Writes the jobs for newly recorded messages, in the transaction that records them. */
export function enqueueHandling(jobs: Jobs) {
  return async (trx: Trx, messageIds: number[]): Promise<void> => {
    const payloads: HandleJob[] = [];
    for (let from = 0; from < messageIds.length; from += MESSAGES_PER_JOB) {
      payloads.push({ messages: messageIds.slice(from, from + MESSAGES_PER_JOB) });
    }
    await jobs.enqueue(trx, "handle", payloads);
  };
}

/**
 * Reads jobs' mails side by side and files them one job after another: a reply is never filed before the mail it
 * answers, while the children and the database are both kept busy.
 */
export async function workerRole(app: App, jobs: Jobs): Promise<void> {
  let filedBefore: Promise<unknown> = Promise.resolve();
  await jobs.work<HandleJob>("handle", { batch: 1, concurrency: 3 }, async (payloads) => {
    const before = filedBefore;
    const mine = handleInTurn(
      app,
      payloads.flatMap(({ messages }) => messages),
      before,
    );
    filedBefore = mine.catch(() => undefined);
    await mine;
    await jobs.enqueue(app.db, "send", [{}]);
  });
}

/** Reads the first slice at once and files it when `before` is done; later slices one by one, so that memory stays flat. */
async function handleInTurn(app: App, ids: number[], before: Promise<unknown>): Promise<void> {
  const [first, ...rest] = await takeUpMessages(app, ids);
  if (!first) return;
  const read = await readMessages(app, first);
  await before;
  await fileMessages(app, read);
  for (const slice of rest) await fileMessages(app, await readMessages(app, slice));
}

/** Sends what the outbox holds, whenever something was filed and at every tick. */
export async function senderRole(app: App, jobs: Jobs): Promise<void> {
  const drain = oneAtATime(() => sendPass(app));
  await jobs.work("send", { batch: 100 }, async () => {
    await drain();
  });
}

/** Asks every minute what is due, and gives messages whose job was lost to the workers again. */
export async function schedulerTick(app: App, jobs: Jobs): Promise<void> {
  await duePass(app);
  const lost = await stillReceived(
    app.db,
    app.campaign.code,
    1000,
    new Date(app.clock.now().getTime() - LOST_AFTER_MS),
  );
  await app.db.transaction().execute((trx) => enqueueHandling(jobs)(trx, lost));
  await jobs.enqueue(app.db, "send", [{}]);
}

/** Runs `work` at most once at a time; a call during a run starts one more run after it, however many calls there were. */
export function oneAtATime(work: () => Promise<unknown>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let again = false;
  const run = async (): Promise<void> => {
    do {
      again = false;
      await work();
    } while (again);
  };
  return () => {
    if (running) again = true;
    else {
      running = run().finally(() => {
        running = null;
      });
    }
    return running;
  };
}
