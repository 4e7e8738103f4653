// The pool of reading children: time, memory, one retry. The wall round bytes that strangers sent (R18).
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Document, heldDocument } from "../document/document.ts";
import { sniff } from "../document/sniff.ts";
import type { Logger } from "../log.ts";
import type { Mail } from "../message/mail.ts";
import { type Outcome, ReadingChild } from "./child-process.ts";
import { emptyMail } from "./empty-mail.ts";
import { type Answer, discard, type Payload, pack, putBack, type Request } from "./protocol.ts";

export interface Reader {
  /** Parses mails, small ones together. Never rejects for bad content: a killed child gives a mail that says so. */
  readMails(raws: Uint8Array[]): Promise<Mail[]>;
  readDocument(content: Uint8Array, hints: { inline: boolean }): Promise<Document>;
  close(): Promise<void>;
}

export interface ReaderOptions {
  children?: number;
  wallMs?: number;
  memoryBytes?: number;
  log: Logger;
}

type Failure = Extract<Outcome, { outcome: "failed" }>;

interface Worker {
  child: ReadingChild;
  jobs: number;
}

interface Job {
  /** Builds the request anew for each attempt: a killed child may have taken its files along. */
  request(folder: string): Promise<Request>;
  /** Mails travel together; when their child dies each is asked for alone. */
  split: (() => Job[]) | null;
  attempts: number;
  answered(answer: Answer): Promise<void>;
  failed(failure: Failure): void;
}

const BATCH_MAILS = 64;
const BATCH_BYTES = 1024 * 1024;
const MAX_ATTEMPTS = 2;
const MAX_STARTS = 5;
/** A child that has grown, or has served long, is replaced: libraries leak a little with every document. */
const RECYCLE_AFTER_JOBS = 5_000;
const RECYCLE_ABOVE_BYTES = 400 * 1024 * 1024;

const CLOSED: Failure = { outcome: "failed", reason: "reader-failed", detail: "the reader was closed" };

export function createReader(options: ReaderOptions): Reader {
  return new Pool(options);
}

class Pool implements Reader {
  readonly #children: number;
  readonly #wallMs: number;
  readonly #memoryBytes: number;
  readonly #log: Logger;
  readonly #waiting: Job[] = [];
  readonly #idle: Worker[] = [];
  readonly #busy = new Set<ReadingChild>();
  #folder: Promise<string> | null = null;
  #running = 0;
  #isClosed = false;

  constructor({ children = 1, wallMs = 60_000, memoryBytes = 1024 ** 3, log }: ReaderOptions) {
    this.#children = children;
    this.#wallMs = wallMs;
    this.#memoryBytes = memoryBytes;
    this.#log = log;
  }

  async readMails(raws: Uint8Array[]): Promise<Mail[]> {
    const mails = await Promise.all(batches(raws, this.#children).map((batch) => this.#readBatch(batch)));
    return mails.flat();
  }

  #readBatch(raws: Uint8Array[]): Promise<Mail[]> {
    return new Promise((resolve) => {
      const mails: Mail[] = [];
      let missing = raws.length;
      const jobFor = (from: number, to: number): Job => ({
        request: async (folder) => ({ kind: "mails", raws: await packAll(raws.slice(from, to), folder) }),
        split:
          to - from > 1 ? () => raws.slice(from, to).map((_, at) => jobFor(from + at, from + at + 1)) : null,
        attempts: 0,
        answered: async (answer) => {
          if (answer.kind !== "mails") return;
          await putBack(answer);
          for (const [at, mail] of answer.mails.entries()) mails[from + at] = mail;
          missing -= to - from;
          if (missing === 0) resolve(mails);
        },
        failed: ({ reason, detail }) => {
          for (let at = from; at < to; at++) mails[at] = emptyMail({ reason, detail });
          missing -= to - from;
          if (missing === 0) resolve(mails);
        },
      });
      this.#enqueue(jobFor(0, raws.length));
    });
  }

  readDocument(content: Uint8Array, hints: { inline: boolean }): Promise<Document> {
    return new Promise((resolve) => {
      this.#enqueue({
        request: async (folder) => ({ kind: "document", content: await pack(content, folder), hints }),
        split: null,
        attempts: 0,
        answered: async (answer) => {
          if (answer.kind !== "document") return;
          await putBack(answer);
          resolve(answer.document);
        },
        failed: ({ reason, detail }) => resolve(heldDocument(sniff(content), reason, [detail])),
      });
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const job of this.#waiting.splice(0)) job.failed(CLOSED);
    const children = [...this.#idle.splice(0).map(({ child }) => child), ...this.#busy];
    await Promise.all(children.map((child) => child.stop()));
    if (this.#folder) await rm(await this.#folder, { recursive: true, force: true });
  }

  #enqueue(job: Job, first = false): void {
    if (this.#isClosed) job.failed(CLOSED);
    else if (first) this.#waiting.unshift(job);
    else this.#waiting.push(job);
    this.#next();
  }

  #next(): void {
    while (this.#waiting.length > 0 && this.#running < this.#children) {
      const job = this.#waiting.shift() as Job;
      this.#running++;
      void this.#run(job).then((failure) => {
        this.#running--;
        if (failure) this.#again(job, failure);
        this.#next();
      });
    }
  }

  /** One attempt; what went wrong with it, or null. */
  async #run(job: Job): Promise<Failure | null> {
    let request: Request | null = null;
    try {
      this.#folder ??= mkdtemp(join(tmpdir(), `jinbox-reading-${process.pid}-`));
      const folder = await this.#folder;
      // Systems sweep old folders out of /tmp; this one may be months old.
      await mkdir(folder, { recursive: true, mode: 0o700 });
      request = await job.request(folder);
      const outcome = await this.#ask(request, folder);
      if (outcome.outcome === "answered") {
        await job.answered(outcome.answer);
        return null;
      }
      this.#log.warn({ reason: outcome.reason, detail: outcome.detail }, "a reading child was lost");
      await Promise.all(payloads(request).map(discard));
      return outcome;
    } catch (error) {
      // No room for the content to pass, or a folder swept away by the system.
      this.#log.error({ err: error }, "a reading child could not be asked");
      return { outcome: "failed", reason: "reader-failed", detail: (error as Error).message };
    }
  }

  async #ask(request: Request, folder: string): Promise<Outcome> {
    const { child, jobs } = await this.#startedChild(folder);
    this.#busy.add(child);
    const outcome = await child.ask(request);
    this.#busy.delete(child);
    this.#putBack(child, jobs + 1);
    return outcome;
  }

  /** An idle child, else a new one. A child lost before it was asked anything is nobody's fault: it is replaced. */
  async #startedChild(folder: string): Promise<Worker> {
    const wall = { wallMs: this.#wallMs, memoryBytes: this.#memoryBytes, folder };
    let lastWords = "";
    for (let attempt = 0; attempt < MAX_STARTS && !this.#isClosed; attempt++) {
      const worker = this.#idle.pop() ?? { child: new ReadingChild(wall), jobs: 0 };
      this.#busy.add(worker.child);
      const isUp = await worker.child.start();
      this.#busy.delete(worker.child);
      if (isUp) return worker;
      lastWords = worker.child.lastWords;
    }
    throw new Error(`no reading child could be started: ${lastWords}`);
  }

  #putBack(child: ReadingChild, jobs: number): void {
    if (child.isGone) return;
    if (this.#isClosed || jobs >= RECYCLE_AFTER_JOBS || (child.residentBytes() ?? 0) > RECYCLE_ABOVE_BYTES)
      child.dismiss();
    else this.#idle.push({ child, jobs });
  }

  /** A batch is split so that one bad mail costs the others nothing; a single one is tried once more, alone. */
  #again(job: Job, failure: Failure): void {
    if (job.split) {
      for (const single of job.split().reverse()) this.#enqueue(single, true);
      return;
    }
    job.attempts++;
    if (job.attempts < MAX_ATTEMPTS) this.#enqueue(job, true);
    else job.failed(failure);
  }
}

/** Small mails together, large ones alone; enough batches to keep every child busy. */
function batches(raws: Uint8Array[], children: number): Uint8Array[][] {
  const perBatch = Math.max(1, Math.min(BATCH_MAILS, Math.ceil(raws.length / children)));
  const result: Uint8Array[][] = [];
  let batch: Uint8Array[] = [];
  let bytes = 0;
  for (const raw of raws) {
    if (batch.length > 0 && (batch.length >= perBatch || bytes + raw.length > BATCH_BYTES)) {
      result.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(raw);
    bytes += raw.length;
  }
  if (batch.length > 0) result.push(batch);
  return result;
}

function packAll(contents: Uint8Array[], folder: string): Promise<Payload[]> {
  return Promise.all(contents.map((content) => pack(content, folder)));
}

function payloads(request: Request): Payload[] {
  return request.kind === "mails" ? request.raws : [request.content];
}
