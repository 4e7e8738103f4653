// The stage between reading and understanding: a mail whose scans are still to be recognised waits, all other mail goes on.

import { type Clock, stopwatch } from "../clock.ts";
import { crashPoint } from "../crash-point.ts";
import type { Document } from "../document/document.ts";
import type { Logger } from "../log.ts";
import type { Mail } from "../message/mail.ts";
import type { Awaited } from "../reading/read.ts";
import type { Reader } from "../reading/reader.ts";
import { RecognitionEnded } from "../reading/reader.ts";
import { recogniseDocument, withoutRecognition } from "../reading/recognise.ts";
import {
  awaitedByAncestors,
  awaitRecognition,
  giveBackRecognition,
  insertDocuments,
  knownDocuments,
  noteProgress,
  openRecognitions,
  type Recognition,
  recognisedMeanwhile,
  requestRecognition,
  settleRecognition,
  takeUpRecognition,
} from "../reading/records.ts";
import { putBlobs, readBlob } from "../store/blobs.ts";
import type { Database, Trx } from "../store/database.ts";
import { putBackReceived } from "./records.ts";

/** Tells whoever works what there is to do, in the transaction of its cause. */
export interface Later {
  handle(trx: Trx, messageIds: number[]): Promise<void>;
  recognise(trx: Trx, sha256s: string[]): Promise<void>;
}

/** Where one process does everything in turn, it asks the tables. */
export const nobody: Later = { handle: async () => undefined, recognise: async () => undefined };

/** A mail with what it must wait for. */
export interface Waiting {
  messageId: number;
  mail: Mail;
  awaited: Awaited[];
}

/**
 * Puts mails aside until their scans are recognised. What they are understood as afterwards is no second attempt, and
 * what somebody recognised while they were read is not asked for again: such a mail is handled anew at once.
 */
export async function putAside(trx: Trx, waiting: Waiting[], later: Later, now: Date): Promise<void> {
  if (waiting.length === 0) return;
  const asked = new Map(waiting.flatMap(({ awaited }) => awaited.map((one) => [one.sha256, one])));
  await keepAwaited(trx, [...asked.values()], now);
  await requestRecognition(trx, [...asked.values()], now);
  const done = await recognisedMeanwhile(trx, [...asked.keys()], now);
  const pairs = waiting.flatMap(({ messageId, awaited }) =>
    awaited.filter(({ sha256 }) => !done.has(sha256)).map(({ sha256 }) => ({ messageId, sha256 })),
  );
  await awaitRecognition(trx, pairs);
  await putBackReceived(trx, waiting);
  await later.recognise(trx, [...new Set(pairs.map(({ sha256 }) => sha256))]);
  const waits = new Set(pairs.map(({ messageId }) => messageId));
  await later.handle(
    trx,
    waiting.map(({ messageId }) => messageId).filter((id) => !waits.has(id)),
  );
  crashPoint("put-aside");
}

/** Keeps the bytes of what is to be recognised, those of an archive's members too: nothing is unpacked a second time. */
async function keepAwaited(trx: Trx, awaited: Awaited[], now: Date): Promise<void> {
  await putBlobs(
    trx,
    awaited.map(({ sha256, content }) => ({ sha256: Buffer.from(sha256, "hex"), bytes: content })),
    now,
  );
}

/**
 * Puts those aside that answer a mail which waits: "withdraw it" must find something to withdraw. Returns the others.
 */
export async function withoutAnswersToWaiting<One extends { messageId: number; mail: Mail }>(
  trx: Trx,
  campaign: string,
  mails: One[],
): Promise<One[]> {
  const ancestors = ({ mail }: One) => [...mail.inReplyTo, ...mail.references];
  const awaited = await awaitedByAncestors(trx, campaign, [...new Set(mails.flatMap(ancestors))]);
  const waitsFor = (one: One) => [...new Set(ancestors(one).flatMap((id) => awaited.get(id) ?? []))];
  const waiting = mails.filter((one) => waitsFor(one).length > 0);
  await awaitRecognition(
    trx,
    waiting.flatMap((one) => waitsFor(one).map((sha256) => ({ messageId: one.messageId, sha256 }))),
  );
  await putBackReceived(trx, waiting);
  return mails.filter((one) => !waiting.includes(one));
}

export interface Means {
  db: Database;
  reader: Reader;
  clock: Clock;
  log: Logger;
  later: Later;
}

/** A document that ended its process this often has only the words that were read without recognition (R17). */
const ATTEMPTS_MAX = 3;
const LOGGED_EVERY_PAGES = 10;

/** Recognises one content for all who wait for it, and sends them on. Nothing is done twice: it may be settled already. */
export async function recogniseOne(means: Means, sha256: string): Promise<void> {
  const { db, clock, later } = means;
  const taken = await takeUpRecognition(db, Buffer.from(sha256, "hex"));
  if (!taken) return;
  const document = await recognised(means, taken, sha256);
  await db.transaction().execute(async (trx) => {
    const now = clock.now();
    await insertDocuments(trx, new Map([[sha256, { ...document, children: [] }]]), now, now);
    await later.handle(trx, await settleRecognition(trx, taken.sha256));
    crashPoint("recognised");
  });
}

async function recognised(means: Means, taken: Recognition, sha256: string): Promise<Document> {
  const { db, reader, log } = means;
  const { inline, attempts } = taken;
  const content = await readBlob(db, taken.sha256);
  const known = (await knownDocuments(db, [sha256], means.clock.now())).get(sha256);
  // Read by an older version of the readers, or its row is gone: counted anew.
  const first = known ?? (await reader.readDocument(content, { inline }));
  const scope = log.child({ document: sha256.slice(0, 12) });
  if (attempts > ATTEMPTS_MAX) {
    scope.error({ attempts: attempts - 1 }, "recognition ended its process every time; given up");
    return withoutRecognition(first, { reason: "reader-failed", warnings: ["tried three times"] });
  }
  scope.info({ pages: first.unrecognised, attempts }, "recognising");
  const elapsed = stopwatch();
  let saving: Promise<void> = Promise.resolve();
  try {
    const document = await recogniseDocument({ content, inline, first }, reader, ({ done, total }) => {
      if (done === 0) return;
      // Told to whoever looks; that it could not be told costs nothing.
      saving = saving.then(() => noteProgress(db, taken.sha256, done)).catch(() => undefined);
      if (done % LOGGED_EVERY_PAGES === 0) scope.info({ done, total }, "recognising goes on");
    });
    const { status, reason, text, confidence } = document;
    const ms = Math.round(elapsed());
    scope.info(
      { status, reason, pages: first.unrecognised, characters: text.length, confidence, ms },
      "recognised",
    );
    return document;
  } catch (error) {
    if (error instanceof RecognitionEnded) await giveBackRecognition(db, taken.sha256);
    throw error;
  } finally {
    await saving;
  }
}

/** Recognises what was asked for first; whether there was anything. */
export async function recogniseNext(means: Means): Promise<boolean> {
  const [next] = await openRecognitions(means.db, 1);
  if (next !== undefined) await recogniseOne(means, next);
  return next !== undefined;
}
