// Mails and documents read in children, words in pictures in a child of their own: the wall round strangers' bytes (R18).
import { systemClock } from "../clock.ts";
import { type Document, heldDocument } from "../document/document.ts";
import { UNKNOWN } from "../document/media-types.ts";
import type { Logger } from "../log.ts";
import type { Mail, SenderResult } from "../message/mail.ts";
import { type Resolve, remembering, systemDns } from "./dns.ts";
import { emptyMail } from "./empty-mail.ts";
import { privateFolder } from "./folder.ts";
import { ChildPool, type Failure, type Job } from "./pool.ts";
import { type Answer, type Payload, pack, putBack, type Request } from "./protocol.ts";

export interface Reader {
  /** Parses mails, small ones together. Never rejects for bad content: a killed child gives a mail that says so. */
  readMails(raws: Uint8Array[]): Promise<Mail[]>;
  /** Who really sent mails: DKIM, SPF and DMARC. Nothing is known of one that could not be checked. */
  checkSenders(mails: SentMail[], hops: number | null): Promise<SenderResult[][]>;
  readDocument(content: Uint8Array, hints: { inline: boolean }): Promise<Document>;
  /**
   * Reads once more, with what pictures say: seconds a page. Held where that failed; never `unrecognised` afterwards.
   * `onProgress` hears how many pages or pictures are done. Rejects with `RecognitionEnded` when told to end.
   */
  recognise(
    content: Uint8Array,
    hints: { inline: boolean },
    onProgress?: (done: number) => void,
  ): Promise<Document>;
  /** Why nothing can be recognised on this machine; null: it can. */
  recognitionFault(): Promise<string | null>;
  /** Ends what is being recognised: it takes minutes, and whoever stops a service has seconds (R59). */
  endRecognition(): Promise<void>;
  close(): Promise<void>;
}

/** A mail as it came, and as it was read. */
export interface SentMail {
  raw: Uint8Array;
  mail: Mail;
  arrivedAt: Date;
}

/** Says nothing about the document: it is to be recognised by somebody else, or after the next start. */
export class RecognitionEnded extends Error {}

export interface ReaderOptions {
  children?: number;
  wallMs?: number;
  cpuMs?: number;
  memoryBytes?: number;
  recognition?: RecognitionOptions;
  /** Looks names up for `checkSenders`; absent: DNS does. */
  resolve?: Resolve;
  log: Logger;
}

export interface RecognitionOptions {
  /** Each wants a core and more than a gigabyte. */
  children?: number;
  /** For one page or picture. */
  wallMs?: number;
  cpuMs?: number;
  memoryBytes?: number;
  idleMs?: number;
}

const BATCH_MAILS = 64;
const BATCH_BYTES = 1024 * 1024;
const MEGABYTE = 1024 * 1024;

const READING = { wallMs: 60_000, cpuMs: 30_000, memoryBytes: 1024 * MEGABYTE };
/** A page costs a few seconds of work; giving way to everything else, it may wait for them several times as long. */
const RECOGNISING = { wallMs: 180_000, cpuMs: 60_000, memoryBytes: 1536 * MEGABYTE };
const READING_RECYCLE = { jobs: 5_000, pictures: Number.POSITIVE_INFINITY, bytes: 400 * MEGABYTE };
/** After a document that reaches this, and one document has at most 30: no engine sees more than 50 pictures (R23). */
const RECOGNISING_RECYCLE = { jobs: 5_000, pictures: 20, bytes: 1024 * MEGABYTE };
/** The engine holds hundreds of megabytes; scans come together, and then none for hours. Other mail does so as well. */
const IDLE_MS = 120_000;

export function createReader({
  children = 1,
  wallMs = READING.wallMs,
  cpuMs = READING.cpuMs,
  memoryBytes = READING.memoryBytes,
  recognition = {},
  resolve = remembering(systemDns(), systemClock),
  log,
}: ReaderOptions): Reader {
  const folder = privateFolder();
  const reading = new ChildPool({
    kind: "reading",
    children,
    wall: { wallMs, cpuMs, memoryBytes },
    folder: folder.path,
    recycle: READING_RECYCLE,
    idleMs: null,
    hopeless: [],
    log,
  });
  const verifying = new ChildPool({
    kind: "verifying",
    children: 1,
    wall: { wallMs, cpuMs, memoryBytes },
    folder: folder.path,
    resolve,
    recycle: READING_RECYCLE,
    idleMs: IDLE_MS,
    hopeless: ["too-slow", "too-much-memory", "reader-failed"],
    log,
  });
  let isEnding = false;
  const recognising = new ChildPool({
    kind: "recognising",
    children: recognition.children ?? 1,
    wall: {
      wallMs: recognition.wallMs ?? RECOGNISING.wallMs,
      cpuMs: recognition.cpuMs ?? RECOGNISING.cpuMs,
      memoryBytes: recognition.memoryBytes ?? RECOGNISING.memoryBytes,
    },
    folder: folder.path,
    recycle: RECOGNISING_RECYCLE,
    idleMs: recognition.idleMs ?? IDLE_MS,
    hopeless: ["too-slow", "too-much-memory"],
    log,
  });
  const endRecognition = async () => {
    isEnding = true;
    await recognising.close();
  };
  return {
    readMails: async (raws) => {
      const batched = batches(raws, ({ length }) => length, children).map((batch) =>
        readBatch(reading, batch),
      );
      return (await Promise.all(batched)).flat();
    },
    checkSenders: async (mails, hops) => {
      const checked = batches(mails, ({ raw }) => raw.length, 1).map((batch) =>
        checkBatch(verifying, batch, hops),
      );
      return (await Promise.all(checked)).flat();
    },
    readDocument: (content, hints) =>
      askForDocument(reading, {
        request: async (path) => ({ kind: "document", content: await pack(content, path), hints }),
      }),
    recognise: async (content, hints, onProgress) => {
      const document = await askForDocument(recognising, {
        request: async (path) => ({ kind: "recognise", content: await pack(content, path), hints }),
        ...(onProgress && { onProgress }),
      });
      if (isEnding) throw new RecognitionEnded("recognition was ended");
      return { ...document, unrecognised: 0 };
    },
    recognitionFault: () =>
      new Promise((resolve) =>
        recognising.ask({
          request: async () => ({ kind: "load" }),
          split: null,
          answered: async () => resolve(null),
          failed: ({ detail }) => resolve(detail),
        }),
      ),
    endRecognition,
    close: async () => {
      await Promise.all([reading.close(), verifying.close(), endRecognition()]);
      await folder.remove();
    },
  };
}

function askForDocument(pool: ChildPool, asked: Pick<Job, "request" | "onProgress">): Promise<Document> {
  return new Promise((resolve) => {
    pool.ask({
      ...asked,
      split: null,
      answered: async (answer) => {
        if (answer.kind !== "document") return;
        await putBack(answer);
        resolve(answer.document);
      },
      failed: ({ reason, detail, mediaType }: Failure) =>
        resolve(heldDocument(mediaType ?? UNKNOWN, reason, [detail])),
    });
  });
}

function readBatch(pool: ChildPool, raws: Uint8Array[]): Promise<Mail[]> {
  return askTogether(pool, raws, {
    request: async (some, folder) => ({ kind: "mails", raws: await packAll(some, folder) }),
    answered: async (answer) => {
      if (answer.kind !== "mails") return [];
      await putBack(answer);
      return answer.mails;
    },
    failed: ({ reason, detail }) => emptyMail({ reason, detail }),
  });
}

function checkBatch(pool: ChildPool, mails: SentMail[], hops: number | null): Promise<SenderResult[][]> {
  return askTogether(pool, mails, {
    request: async (some, folder) => ({
      kind: "senders",
      raws: await packAll(
        some.map(({ raw }) => raw),
        folder,
      ),
      mails: some.map(({ mail, arrivedAt }) => ({
        received: mail.trace.flatMap(({ name, value }) => (name === "received" ? [value] : [])),
        hops,
        returnPath: mail.returnPath,
        arrivedAt,
      })),
    }),
    answered: async (answer) => (answer.kind === "senders" ? answer.results : []),
    failed: () => [],
  });
}

interface Together<Asked, Found> {
  request(asked: Asked[], folder: string): Promise<Request>;
  answered(answer: Answer): Promise<Found[]>;
  failed(failure: Failure): Found;
}

/** One request for all of them; where its child is lost, one for each. */
function askTogether<Asked, Found>(
  pool: ChildPool,
  all: Asked[],
  { request, answered, failed }: Together<Asked, Found>,
): Promise<Found[]> {
  return new Promise((resolve) => {
    const found: Found[] = [];
    let missing = all.length;
    const settle = (from: number, results: Found[]) => {
      for (const [at, result] of results.entries()) found[from + at] = result;
      missing -= results.length;
      if (missing === 0) resolve(found);
    };
    const jobFor = (from: number, to: number): Job => ({
      request: (folder) => request(all.slice(from, to), folder),
      split:
        to - from > 1 ? () => all.slice(from, to).map((_, at) => jobFor(from + at, from + at + 1)) : null,
      answered: async (answer) => settle(from, await answered(answer)),
      failed: (failure) =>
        settle(
          from,
          Array.from({ length: to - from }, () => failed(failure)),
        ),
    });
    pool.ask(jobFor(0, all.length));
  });
}

/** Small mails together, large ones alone; enough batches to keep every child busy. */
function batches<One>(all: One[], sizeOf: (one: One) => number, children: number): One[][] {
  const perBatch = Math.max(1, Math.min(BATCH_MAILS, Math.ceil(all.length / children)));
  const result: One[][] = [];
  let batch: One[] = [];
  let bytes = 0;
  for (const one of all) {
    if (batch.length > 0 && (batch.length >= perBatch || bytes + sizeOf(one) > BATCH_BYTES)) {
      result.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(one);
    bytes += sizeOf(one);
  }
  if (batch.length > 0) result.push(batch);
  return result;
}

function packAll(contents: Uint8Array[], folder: string): Promise<Payload[]> {
  return Promise.all(contents.map((content) => pack(content, folder)));
}
