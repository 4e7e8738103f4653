// What a process does: intake, worker, sender, scheduler, console. Start as many as you like; the database joins them.
import { fileMessages, type ReadMessage, readMessages, takeUpMessages } from "../journey.ts";
import { openRecognitions } from "../reading/records.ts";
import type { Trx } from "../store/database.ts";
import type { Jobs } from "../store/jobs.ts";
import { openRestoration } from "../store/quiet.ts";
import { type Later, recogniseOne } from "../submission/recognition.ts";
import { stillReceived } from "../submission/records.ts";
import type { App } from "./app.ts";
import { onceQuiet } from "./once-quiet.ts";
import { comparePass, duePass, sendPass } from "./passes.ts";

export const roleNames = ["intake", "worker", "sender", "scheduler", "console"] as const;
export type Role = (typeof roleNames)[number];

export interface HandleJob {
  messages: number[];
}

export interface RecogniseJob {
  /** Hex. */
  document: string;
}

/** A job names at most this many messages: small enough to share among workers, large enough to file together. */
const MESSAGES_PER_JOB = 25;
/** A worker takes up this many jobs together; the queue hands out full batches without a pause. */
const JOBS_AT_ONCE = 4;
/** So many scans are looked after at a time; the rest are when these are done. */
const RECOGNITIONS_AT_ONCE = 1_000;
/** Submissions are compared when nothing was filed for this long, and at the scheduler's ticks; answers go first. */
const COMPARE_AFTER_MS = 2_000;
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

/** Writes the jobs for contents to be recognised, each once however many mails bring it. */
function enqueueRecognition(jobs: Jobs) {
  return async (trx: Trx, sha256s: string[]): Promise<void> => {
    const payloads = sha256s.map((document): RecogniseJob => ({ document }));
    await jobs.enqueue(trx, "recognise", payloads, (payload) => (payload as RecogniseJob).document);
  };
}

/** What a transaction leaves to be done, as jobs for whoever is free. */
export function laterByJobs(jobs: Jobs): Later {
  return { handle: enqueueHandling(jobs), recognise: enqueueRecognition(jobs) };
}

/**
 * Reads jobs' mails side by side and files them one job after another: a reply is never filed before the mail it
 * answers, while the children and the database are both kept busy.
 */
export async function workerRole(app: App, jobs: Jobs, signal: AbortSignal): Promise<void> {
  const compareSoon = onceQuiet({ ...app, signal }, COMPARE_AFTER_MS, () => comparePass(app));
  const onFiled = async (): Promise<void> => {
    compareSoon();
    await jobs.enqueue(app.db, "send", [{}]);
  };
  let filedBefore: Promise<unknown> = Promise.resolve();
  await jobs.work<HandleJob>("handle", { batch: JOBS_AT_ONCE, concurrency: 2 }, async (payloads) => {
    const before = filedBefore;
    const mine = handleInTurn(
      app,
      payloads.flatMap(({ messages }) => messages),
      { before, onFiled },
    );
    filedBefore = mine.catch(() => undefined);
    await mine;
  });
  // A queue of its own: a scan of thirty pages takes minutes, and no other mail waits for it.
  await jobs.work<RecogniseJob>("recognise", { batch: 1 }, async (payloads) => {
    for (const { document } of payloads) await recogniseOne(app, document);
  });
}

/** Files slice after slice once `before` is done, and reads the next one meanwhile: at most two are in memory. */
async function handleInTurn(
  app: App,
  ids: number[],
  { before, onFiled }: { before: Promise<unknown>; onFiled: () => Promise<void> },
): Promise<void> {
  const slices = await takeUpMessages(app, ids);
  let reading = slices[0] ? readMessages(app, slices[0]) : null;
  for (let next = 1; reading; next += 1) {
    const read: ReadMessage[] = await reading;
    const slice = slices[next];
    reading = slice ? readMessages(app, slice) : null;
    // Awaited in the next round; a failure before that must not count as unhandled.
    reading?.catch(() => undefined);
    await before;
    await fileMessages(app, read);
    await onFiled();
  }
}

/** Sends what the outbox holds, whenever something was filed and at every tick. */
export async function senderRole(app: App, jobs: Jobs): Promise<void> {
  const drain = oneAtATime(() => sendPass(app));
  await jobs.work("send", { batch: 100 }, async () => {
    await drain();
  });
}

/** Asks every minute what is due, and gives messages and scans whose job was lost to the workers again. */
export async function schedulerTick(app: App, jobs: Jobs): Promise<void> {
  // After a restore: what falls due meanwhile is asked for when jinbox may speak again.
  if ((await openRestoration(app.db)) === null) await duePass(app);
  const lost = await stillReceived(
    app.db,
    app.campaign.code,
    1000,
    new Date(app.clock.now().getTime() - LOST_AFTER_MS),
  );
  const unrecognised = await openRecognitions(app.db, RECOGNITIONS_AT_ONCE);
  await app.db.transaction().execute(async (trx) => {
    await enqueueHandling(jobs)(trx, lost);
    await enqueueRecognition(jobs)(trx, unrecognised);
  });
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
