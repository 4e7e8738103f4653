// READ THIS FIRST: the words, and the way one mail takes through the house, as calls.
//
//   message      one raw mail: bytes committed, then handled until it ends in a named state
//   document     the text read from one attachment's bytes, once however often it is sent
//   evidence     one observed reason for a decision: where, the exact words, for what, how strongly
//   submission   the business fact filed from a message; a newer one may supersede an older version
//   held         needs a human: a named state with a reason, never a dead end
//   notice       one outbound mail with a logical key, written to the outbox in its cause's transaction
//   obligation   deliverable × unit (× item): derived from submissions, rulings and now; stored nowhere
//
// A mail:   intake/intake → handleMessages (here) → notice/send
// A scan:   the same, but put aside in between until submission/recognition has read its pictures
// A tick:   notice/chase and digest/daily ask "what is due now and has no notice yet?"

import type { Campaign } from "./campaign/campaign.ts";
import type { Clock } from "./clock.ts";
import { crashPoint } from "./crash-point.ts";
import { calendarOf } from "./deadline/calendar.ts";
import { rule } from "./deadline/office/rule.ts";
import { withScans } from "./deadline/office/scans.ts";
import type { Document, ReadPart } from "./document/document.ts";
import type { Logger } from "./log.ts";
import type { Mail } from "./message/mail.ts";
import { headOnly } from "./message/oversize.ts";
import { authenticated } from "./message/sender.ts";
import { noteUnmatched, recordBounce } from "./notice/bounced.ts";
import { tellContacts } from "./notice/contact.ts";
import { type Standing, standingsOf } from "./notice/loop/correspondence.ts";
import type { NoticeIntent } from "./notice/notice.ts";
import { decideNotices } from "./notice/office/decide.ts";
import { isFromOffice, ordersOf } from "./notice/orders.ts";
import { intend, UNTIL_THE_OFFICE_SAYS_SO } from "./notice/outbox.ts";
import { answer } from "./notice/wording/acknowledgement.ts";
import { reportInstructed, type Told } from "./notice/wording/instructed.ts";
import { type Awaited, readParts } from "./reading/read.ts";
import type { Reader } from "./reading/reader.ts";
import { insertDocuments, knownDocuments } from "./reading/records.ts";
import { putBlobs, readBlobs } from "./store/blobs.ts";
import type { Database, Trx } from "./store/database.ts";
import { isOutage } from "./store/unavailable.ts";
import { independentGroups, slices, splitBehind } from "./submission/batches.ts";
import { type FiledMail, fileMails } from "./submission/file.ts";
import type { CurrentKnowledge } from "./submission/learning.ts";
import { type Later, putAside, withoutAnswersToWaiting } from "./submission/recognition.ts";
import {
  countAttempt,
  giveBackAttempt,
  holdFailed,
  insertAttachments,
  lockReceived,
  type WaitingMessage,
  waitingMessages,
} from "./submission/records.ts";
import { threadsOf } from "./submission/thread.ts";
import type { Knowledge } from "./understand/knowledge.ts";
import { understand } from "./understand/understand.ts";

/** What handling a mail needs; the service builds it once. */
export interface Office {
  campaign: Campaign;
  /** The configuration, and what the office has taught since. */
  knowledge: CurrentKnowledge;
  db: Database;
  reader: Reader;
  clock: Clock;
  log: Logger;
  /** Told what a transaction leaves to be done. */
  later: Later;
}

/** A mail and its documents as read, not yet understood. */
export interface ReadMessage {
  message: WaitingMessage;
  mail: Mail;
  parts: ReadPart[];
  fresh: Map<string, Document>;
  /** Scans that are still to be recognised: until then the mail is not understood. */
  awaited: Awaited[];
}

/** A mail that ended its process this often is left to a person (R17). */
const ATTEMPTS_MAX = 3;
/** Tried this often, all but the first times alone, and never finished: whatever it does to the process, a person must look. */
const TRIED_MAX = 20;

/**
 * Handles received messages: reads them behind the process wall, understands, files and answers. Each ends in a named
 * state, or waits for its scans; a mail that fails is tried again with its job and held after three attempts. Handled
 * ones are passed over. Returns how many were handled.
 */
export async function handleMessages(office: Office, ids: number[]): Promise<number> {
  let handled = 0;
  for (const slice of await takeUpMessages(office, ids)) {
    handled += await fileMessages(office, await readMessages(office, slice));
  }
  return handled;
}

/** Takes up what is still open, in slices to be read and filed together. */
export async function takeUpMessages(office: Office, ids: number[]): Promise<WaitingMessage[][]> {
  const waiting = await waitingMessages(office.db, ids);
  for (const { id, attempts } of waiting.filter(({ attempts }) => attempts >= TRIED_MAX)) {
    await holdFailed(office.db, id, `tried ${attempts} times and never finished`, office.clock.now());
  }
  return slices(waiting.filter(({ attempts }) => attempts < TRIED_MAX));
}

/** Raw bytes → mails and documents, in child processes that may be killed; touches nothing but its own children. */
export async function readMessages(office: Office, slice: WaitingMessage[]): Promise<ReadMessage[]> {
  const { db, reader } = office;
  // Slice by slice: the death of a process must count against what it had in hand, not against all that waited behind.
  await countAttempt(
    db,
    slice.map(({ id }) => id),
  );
  crashPoint("taken-up");
  const waiting = slice.map((message) => ({ ...message, attempts: message.attempts + 1 }));
  const bytes = await readBlobs(
    db,
    waiting.map(({ sha256 }) => sha256),
  );
  const raws = waiting.map(({ sha256 }) => bytes.get(sha256.toString("hex")) ?? Buffer.alloc(0));
  const mails = await checkedMails(office, waiting, raws, await reader.readMails(raws));
  crashPoint("parsed");
  const known = await knownAtOnce(
    office,
    mails.flatMap(({ parts }) => parts.map(({ sha256 }) => sha256)),
  );
  return Promise.all(
    mails.map(async (read, index) => {
      const message = waiting[index] as WaitingMessage;
      const mail = message.oversize === null ? read : headOnly(read, message.oversize);
      return { message, mail, ...(await readParts(mail, reader, known)) };
    }),
  );
}

/** With what is verified of their senders, where that is asked for; once a mail, for keys and addresses change. */
async function checkedMails(
  { campaign: { mailbox }, reader }: Office,
  waiting: WaitingMessage[],
  raws: Uint8Array[],
  mails: Mail[],
): Promise<Mail[]> {
  if (!mailbox.verify) return mails;
  const open = waiting.flatMap(({ checked }, at) => (checked === null ? [at] : []));
  const found = await reader.checkSenders(
    open.map((at) => ({
      raw: raws[at] as Uint8Array,
      mail: mails[at] as Mail,
      arrivedAt: (waiting[at] as WaitingMessage).arrivedAt,
    })),
    mailbox.hops,
  );
  return mails.map((mail, at) => ({
    ...mail,
    checked: waiting[at]?.checked ?? found[open.indexOf(at)] ?? null,
  }));
}

/** Looks up the documents of a whole slice in one query; members of archives, met later, are asked for as they come. */
async function knownAtOnce(
  { db, clock }: Office,
  sha256s: string[],
): Promise<(asked: string[]) => Promise<Map<string, Document>>> {
  const ahead = new Set(sha256s);
  const found = await knownDocuments(db, [...ahead], clock.now());
  return async (asked) => {
    const later = await knownDocuments(
      db,
      asked.filter((sha256) => !ahead.has(sha256)),
      clock.now(),
    );
    return new Map([...found, ...later]);
  };
}

/**
 * Mails → submissions, verdicts and answers, one transaction a slice; where that fails, one transaction a mail. Returns
 * how many came to an end.
 */
export async function fileMessages(office: Office, read: ReadMessage[]): Promise<number> {
  try {
    const filed = await office.db.transaction().execute(async (trx) => {
      const written = await fileTogether(office, trx, read);
      crashPoint("filing");
      return written;
    });
    crashPoint("filed");
    for (const one of filed) logHandled(office.log, one);
    return filed.length;
  } catch (error) {
    if (read.length === 1) {
      await fileFailed(office, read[0] as ReadMessage, error as Error);
      return 1;
    }
    office.log.warn(
      { err: error as Error, mails: read.length },
      "a slice could not be filed together; going one by one",
    );
    return fileOneByOne(office, read);
  }
}

/** A mail that cannot be filed costs the others nothing: its failure is told, for its job to try again, after theirs. */
async function fileOneByOne(office: Office, read: ReadMessage[]): Promise<number> {
  let failure: Error | null = null;
  let filed = 0;
  for (const one of read) {
    await fileMessages(office, [one]).then(
      (ended) => {
        filed += ended;
      },
      (error: Error) => {
        failure ??= error;
      },
    );
  }
  if (failure) throw failure;
  return filed;
}

async function fileTogether(office: Office, trx: Trx, read: ReadMessage[]): Promise<FiledMail[]> {
  const open = await lockReceived(
    trx,
    read.map(({ message }) => message.id),
  );
  const mine = read.filter(({ message }) => open.has(message.id));
  const ready = await withoutWaiting(office, trx, mine);
  await keepWhatWasRead(office, trx, ready);
  const filed: FiledMail[] = [];
  // What the office says in one mail is known when the next one is understood.
  const groups = independentGroups(ready).flatMap((group) =>
    splitBehind(group, ({ mail }) => isFromOffice(mail, office.campaign)),
  );
  for (const group of groups) filed.push(...(await fileGroup(office, trx, group)));
  return filed;
}

/** Puts those aside that must wait for their scans, or answer one that does; the others go on. */
async function withoutWaiting(office: Office, trx: Trx, read: ReadMessage[]): Promise<ReadMessage[]> {
  const now = office.clock.now();
  const mails = read.map((one) => ({ ...one, messageId: one.message.id }));
  const scans = mails.filter(({ awaited }) => awaited.length > 0);
  await insertDocuments(trx, new Map(scans.flatMap(({ fresh }) => [...fresh])), now);
  await putAside(trx, scans, office.later, now);
  const others = mails.filter(({ awaited }) => awaited.length === 0);
  return withoutAnswersToWaiting(trx, office.campaign.code, others);
}

/** The parts, documents and attachments of mails; of one that failed when it came, nothing is kept yet. */
export async function keepWhatWasRead(office: Office, trx: Trx, read: ReadMessage[]): Promise<void> {
  const now = office.clock.now();
  const contents = new Map(
    read.flatMap(({ mail }) => mail.parts.map((part) => [part.sha256, part.content] as const)),
  );
  await putBlobs(
    trx,
    [...contents].map(([sha256, bytes]) => ({ sha256: Buffer.from(sha256, "hex"), bytes })),
    now,
  );
  await insertDocuments(trx, new Map(read.flatMap(({ fresh }) => [...fresh])), now);
  await insertAttachments(
    trx,
    read.map(({ message, parts }) => ({ messageId: message.id, parts })),
  );
}

async function fileGroup(office: Office, trx: Trx, group: ReadMessage[]): Promise<FiledMail[]> {
  const { campaign } = office;
  const now = office.clock.now();
  const knowledge = await office.knowledge.at(trx);
  const threads = await threadsOf(
    trx,
    campaign,
    group.map(({ mail }) => mail),
  );
  const understood = group.map(({ message, mail, parts }, index) => {
    const thread = threads[index] ?? null;
    const understanding = understand({ mail, parts, arrivedAt: message.arrivedAt, thread }, knowledge);
    return { messageId: message.id, arrivedAt: message.arrivedAt, mail, parts, understanding, thread };
  });
  crashPoint("understood");
  const orders = await ordersOf(
    trx,
    knowledge,
    understood.map(({ mail, understanding, arrivedAt }) => ({
      mail,
      origin: understanding.origin,
      arrivedAt,
    })),
  );
  const complete = understood.map((one, index) => ({ ...one, orders: orders[index] ?? null }));
  const filed = await fileMails(trx, campaign, complete, now);
  const backlog = new Set(group.filter(({ message }) => message.backlog).map(({ message }) => message.id));
  const standings = await standingsOf(trx, campaign, filed, now);
  const answers: NoticeIntent[] = [];
  for (const one of filed) {
    const { messageId } = one.understood;
    if (one.understanding.origin === "bounce") await recordReturned(trx, campaign, one, now);
    const told = await carriedOut(trx, knowledge, one, now);
    const reply = told
      ? await reportInstructed(one.understood, told, campaign)
      : await answerOf(one, standings.get(messageId), campaign);
    if (!backlog.has(messageId)) answers.push(...(await tellContacts(one, campaign)));
    if (reply)
      answers.push(backlog.has(messageId) ? { ...reply, notBefore: UNTIL_THE_OFFICE_SAYS_SO } : reply);
  }
  await intend(trx, campaign, answers, now);
  return filed;
}

/** Who certainly did not send it knows nothing of our notices but what he can prove. */
async function recordReturned(trx: Trx, campaign: Campaign, one: FiledMail, now: Date): Promise<void> {
  const { mail, messageId } = one.understood;
  if (!mail.bounce) return;
  const isForged = authenticated(mail, campaign.mailbox) === "fail";
  const report = isForged ? { ...mail.bounce, reporter: "" } : mail.bounce;
  const id = await recordBounce(trx, campaign, report, now);
  if (id === null && report.action === "failed") await noteUnmatched(trx, messageId);
}

/** The answer to a mail; one that would only feed a loop is kept, and never leaves (R41). */
async function answerOf(
  one: FiledMail,
  standing: Standing | undefined,
  campaign: Campaign,
): Promise<NoticeIntent | null> {
  const reply = await answer({ ...answerFacts(one), unanswered: standing?.unanswered ?? [] }, campaign);
  if (reply === null || standing === undefined) return reply;
  const { turn, withheld } = standing;
  return {
    ...reply,
    ...(turn !== "fresh" && { brought: turn === "brought" }),
    ...(withheld !== null && { withheld }),
  };
}

/** What the office told us in a mail, carried out; null: it told us nothing. */
async function carriedOut(
  trx: Trx,
  knowledge: Knowledge,
  { understood, instructed }: FiledMail,
  now: Date,
): Promise<Told | null> {
  const { orders: told, parts, messageId, arrivedAt } = understood;
  if (!told || !instructed) return null;
  const { orders, left } = withScans(told.rulings, parts, knowledge);
  const decider = { by: told.by, way: "mail" as const, askedIn: messageId, at: now, cameAt: arrivedAt };
  const ruled = await rule(trx, knowledge.campaign, calendarOf(knowledge.campaign), orders, decider);
  const decided = await decideNotices(trx, knowledge.campaign, told.notices, decider);
  return { instructed, ruled, decided, files: left.map(({ part }) => part.filename) };
}

/** After the commit only: a line that says "handled" must not be taken back. */
function logHandled(log: Logger, { understood, understanding, submissions }: FiledMail): void {
  const { outcome, reason, type, unit } = understanding;
  const references = submissions.map(({ reference }) => reference);
  log.info(
    { message: understood.messageId, outcome, reason, type: type.value, unit: unit.value, references },
    "handled",
  );
}

/** What a mail's answer is composed of. */
export function answerFacts(one: FiledMail) {
  const { mail, parts, arrivedAt, messageId } = one.understood;
  return {
    mail,
    parts,
    arrivedAt,
    messageId,
    understanding: one.understanding,
    submissions: one.submissions.map((submission) => ({
      ...submission,
      supersedes: one.superseded.get(submission.reference) ?? null,
    })),
    corrected: one.corrected,
    duplicateOf: one.duplicateOf,
  };
}

async function fileFailed(office: Office, { message }: ReadMessage, error: Error): Promise<void> {
  // What the database suffers says nothing against the mail: it is tried again for as long as that takes.
  if (isOutage(error)) await giveBackAttempt(office.db, [message.id]).catch(() => undefined);
  if (message.attempts < ATTEMPTS_MAX || isOutage(error)) throw error;
  office.log.error({ err: error, message: message.id }, "a mail could not be filed; held for the office");
  await holdFailed(office.db, message.id, error.message, office.clock.now());
}
