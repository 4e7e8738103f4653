// Mails and documents read in children, words in pictures in a child of their own: the wall round strangers' bytes (R18).
import { type Document, heldDocument } from "../document/document.ts";
import { UNKNOWN } from "../document/media-types.ts";
import type { Logger } from "../log.ts";
import type { Mail } from "../message/mail.ts";
import { emptyMail } from "./empty-mail.ts";
import { privateFolder } from "./folder.ts";
import { ChildPool, type Failure, type Job } from "./pool.ts";
import { type Payload, pack, putBack } from "./protocol.ts";

export interface Reader {
  /** Parses mails, small ones together. Never rejects for bad content: a killed child gives a mail that says so. */
  readMails(raws: Uint8Array[]): Promise<Mail[]>;
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

/** Says nothing about the document: it is to be recognised by somebody else, or after the next start. */
export class RecognitionEnded extends Error {}

export interface ReaderOptions {
  children?: number;
  wallMs?: number;
  cpuMs?: number;
  memoryBytes?: number;
  recognition?: RecognitionOptions;
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
/** The engine holds hundreds of megabytes; scans come together, and then none for hours. */
const RECOGNISING_IDLE_MS = 120_000;

export function createReader({
  children = 1,
  wallMs = READING.wallMs,
  cpuMs = READING.cpuMs,
  memoryBytes = READING.memoryBytes,
  recognition = {},
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
    idleMs: recognition.idleMs ?? RECOGNISING_IDLE_MS,
    hopeless: ["too-slow", "too-much-memory"],
    log,
  });
  const endRecognition = async () => {
    isEnding = true;
    await recognising.close();
  };
  return {
    readMails: async (raws) => {
      const batched = batches(raws, children).map((batch) => readBatch(reading, batch));
      return (await Promise.all(batched)).flat();
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
      await Promise.all([reading.close(), endRecognition()]);
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
  return new Promise((resolve) => {
    const mails: Mail[] = [];
    let missing = raws.length;
    const jobFor = (from: number, to: number): Job => ({
      request: async (folder) => ({ kind: "mails", raws: await packAll(raws.slice(from, to), folder) }),
      split:
        to - from > 1 ? () => raws.slice(from, to).map((_, at) => jobFor(from + at, from + at + 1)) : null,
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
    pool.ask(jobFor(0, raws.length));
  });
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
