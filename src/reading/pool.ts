// A pool of children of one kind: what is asked of it waits its turn, a lost child is replaced and its job tried again.
import type { Logger } from "../log.ts";
import { type ChildKind, type Outcome, ReadingChild, type Wall } from "./child-process.ts";
import type { Resolve } from "./dns.ts";
import { type Answer, discard, type Request } from "./protocol.ts";

export type Failure = Extract<Outcome, { outcome: "failed" }>;

export interface Job {
  /** Builds the request anew for each attempt: a killed child may have taken its files along. */
  request(folder: string): Promise<Request>;
  /** Mails travel together; when their child dies each is asked for alone. */
  split: (() => Job[]) | null;
  /** Called with the number of pictures done. */
  onProgress?: (done: number) => void;
  answered(answer: Answer): Promise<void>;
  failed(failure: Failure): void;
}

export interface PoolOptions {
  kind: ChildKind;
  children: number;
  wall: Wall;
  /** Answers with the children's private folder, made when first needed. */
  folder: () => Promise<string>;
  /** Looks names up for the children. */
  resolve?: Resolve;
  /** A child that has served this long, or has grown so large, is replaced: libraries leak a little each time. */
  recycle: { jobs: number; pictures: number; bytes: number };
  /** A child nobody asked for this long is let go; null: never. */
  idleMs: number | null;
  /** Tried anew when its child was lost; for these reasons it is not, since it would only cost the same again. */
  hopeless: Failure["reason"][];
  log: Logger;
}

interface Worker {
  child: ReadingChild;
  jobs: number;
  pictures: number;
}

const MAX_ATTEMPTS = 2;
const MAX_STARTS = 5;
const CLOSED: Failure = {
  outcome: "failed",
  reason: "reader-failed",
  detail: "the reader was closed",
  mediaType: null,
};

export class ChildPool {
  readonly #options: PoolOptions;
  readonly #waiting: { job: Job; attempts: number }[] = [];
  readonly #idle: Worker[] = [];
  readonly #busy = new Set<ReadingChild>();
  #running = 0;
  #isClosed = false;
  #farewell: NodeJS.Timeout | null = null;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  ask(job: Job): void {
    this.#enqueue(job, 0, false);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#farewell) clearTimeout(this.#farewell);
    for (const { job } of this.#waiting.splice(0)) job.failed(CLOSED);
    const children = [...this.#idle.splice(0).map(({ child }) => child), ...this.#busy];
    await Promise.all(children.map((child) => child.stop()));
  }

  #enqueue(job: Job, attempts: number, first: boolean): void {
    if (this.#isClosed) job.failed(CLOSED);
    else if (first) this.#waiting.unshift({ job, attempts });
    else this.#waiting.push({ job, attempts });
    this.#next();
  }

  #next(): void {
    while (this.#waiting.length > 0 && this.#running < this.#options.children) {
      const { job, attempts } = this.#waiting.shift() as { job: Job; attempts: number };
      this.#running++;
      void this.#run(job).then((failure) => {
        this.#running--;
        if (failure) this.#again(job, attempts + 1, failure);
        this.#next();
        if (this.#running === 0) this.#letGoLater();
      });
    }
  }

  /** One attempt; what went wrong with it, or null. */
  async #run(job: Job): Promise<Failure | null> {
    const { log, kind } = this.#options;
    try {
      const folder = await this.#options.folder();
      const request = await job.request(folder);
      const outcome = await this.#ask(request, folder, job.onProgress);
      if (outcome.outcome === "answered") {
        await job.answered(outcome.answer);
        return null;
      }
      log.warn({ reason: outcome.reason, detail: outcome.detail }, `a ${kind} child was lost`);
      await discard(request);
      return outcome;
    } catch (error) {
      // No room for the content to pass, or a folder swept away by the system.
      log.error({ err: error }, `a ${kind} child could not be asked`);
      return {
        outcome: "failed",
        reason: "reader-failed",
        detail: (error as Error).message,
        mediaType: null,
      };
    }
  }

  async #ask(request: Request, folder: string, onProgress?: (done: number) => void): Promise<Outcome> {
    const worker = await this.#startedChild(folder);
    let pictures = 0;
    this.#busy.add(worker.child);
    const outcome = await worker.child.ask(request, (done) => {
      pictures = done;
      onProgress?.(done);
    });
    this.#busy.delete(worker.child);
    worker.jobs += 1;
    worker.pictures += pictures;
    this.#putBack(worker);
    return outcome;
  }

  /** An idle child, else a new one. A child lost before it was asked anything is nobody's fault: it is replaced. */
  async #startedChild(folder: string): Promise<Worker> {
    const { kind, wall, resolve } = this.#options;
    let lastWords = "";
    for (let attempt = 0; attempt < MAX_STARTS && !this.#isClosed; attempt++) {
      const worker = this.#idle.pop() ?? {
        child: new ReadingChild({ ...wall, kind, folder, ...(resolve && { resolve }) }),
        jobs: 0,
        pictures: 0,
      };
      this.#busy.add(worker.child);
      const isUp = await worker.child.start();
      this.#busy.delete(worker.child);
      if (isUp) return worker;
      lastWords = worker.child.lastWords;
    }
    throw new Error(`no ${kind} child could be started: ${lastWords}`);
  }

  #putBack(worker: Worker): void {
    const { child, jobs, pictures } = worker;
    if (child.isGone) return;
    const { recycle } = this.#options;
    const isSpent = jobs >= recycle.jobs || pictures >= recycle.pictures;
    if (this.#isClosed || isSpent || (child.residentBytes() ?? 0) > recycle.bytes) child.dismiss();
    else this.#idle.push(worker);
  }

  #letGoLater(): void {
    const { idleMs } = this.#options;
    if (idleMs === null || this.#isClosed) return;
    if (this.#farewell) clearTimeout(this.#farewell);
    this.#farewell = setTimeout(() => {
      if (this.#running === 0) for (const { child } of this.#idle.splice(0)) child.dismiss();
    }, idleMs);
    this.#farewell.unref();
  }

  /** A batch is split so that one bad mail costs the others nothing; a single one is tried once more, alone. */
  #again(job: Job, attempts: number, failure: Failure): void {
    if (job.split) {
      for (const single of job.split().reverse()) this.#enqueue(single, 0, true);
      return;
    }
    if (attempts < MAX_ATTEMPTS && !this.#options.hopeless.includes(failure.reason))
      this.#enqueue(job, attempts, true);
    else job.failed(failure);
  }
}
