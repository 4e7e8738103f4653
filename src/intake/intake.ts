// Takes in what is new: bytes, record and job are one commit, and only then is anything done on the server.

import type { Readable } from "node:stream";
import type { Campaign } from "../campaign/campaign.ts";
import type { Clock } from "../clock.ts";
import { crashPoint } from "../crash-point.ts";
import type { Logger } from "../log.ts";
import { putBlobStream, sha256Of } from "../store/blobs.ts";
import type { Database, Trx } from "../store/database.ts";
import type { FetchedMail, ListedMail, Mailbox } from "./mailbox.ts";
import {
  type Arrival,
  countFetchFailures,
  inParts,
  type MailboxRow,
  mailboxRow,
  noteFailure,
  notePass,
  noteRoom,
  recordArrivals,
  withoutRecord,
} from "./records.ts";

export interface IntakeOptions {
  db: Database;
  campaign: Campaign;
  clock: Clock;
  log: Logger;
  /** Called inside the transaction that records these messages, with at most 25 of them (R32). */
  enqueue: (trx: Trx, messageIds: number[]) => Promise<void>;
  /** When the campaign went live for this mailbox; default: the first contact. Older mail is backlog. */
  liveAt?: Date;
}

export interface Intake {
  listed: number;
  recorded: number;
  duplicates: number;
  oversize: number;
}

interface Pass extends IntakeOptions {
  mailbox: Mailbox;
  row: MailboxRow;
  done: Intake;
}

const COMMIT_MAILS = 200;
const COMMIT_BYTES = 8 * 1024 * 1024;
const JOB_MESSAGES = 25;
/** Every so often all uids are compared, not only those above the last: a restored mail has an old one (R3). */
const FULL_EVERY = 20;
/** How often a server may list a mail without handing it out before the office is told (R6). */
const FETCH_TRIES = 3;

/** Passes made on each mailbox object: the first one of a connection compares everything. */
const passes = new WeakMap<Mailbox, number>();

/** One pass: lists what is new, commits raw bytes + record + job in one transaction a batch, then flags. */
export async function takeIn(mailbox: Mailbox, options: IntakeOptions): Promise<Intake> {
  const { db, campaign, clock } = options;
  const row = await mailboxRow(db, mailbox.name, campaign.code, options.liveAt ?? wholeSecond(clock.now()));
  const done: Intake = { listed: 0, recorded: 0, duplicates: 0, oversize: 0 };
  try {
    await pass({ ...options, mailbox, row, done });
    return done;
  } catch (error) {
    await noteFailure(db, mailbox.name, error as Error, clock.now()).catch(() => undefined);
    throw error;
  }
}

/** INTERNALDATE has whole seconds: a mail of the very second of the first contact must not look older than it. */
function wholeSecond(at: Date): Date {
  return new Date(Math.floor(at.getTime() / 1000) * 1000);
}

async function pass(intake: Pass): Promise<void> {
  const { db, mailbox, campaign, clock, done } = intake;
  // What came after this moment may be missing in the list, however long the rest takes, or the process stands still.
  const readAt = clock.now();
  const listed = await listNew(intake);
  const unknown = await withoutRecord(db, mailbox, listed);
  crashPoint("listed");
  done.listed = unknown.length;
  const { maxBytes } = campaign.mailbox;
  const fetchable = unknown.filter((mail) => mail.bytes <= maxBytes);
  const tooLarge = unknown.filter((mail) => mail.bytes > maxBytes);
  const missing = new Map(fetchable.map((mail) => [mail.uid, mail]));
  let batch: Arrival[] = [];
  let bytes = 0;
  for await (const fetched of mailbox.fetch(fetchable.map((mail) => mail.uid))) {
    missing.delete(fetched.uid);
    const arrival = await arrivalFrom(intake, fetched);
    // A server may have more than it announced.
    if (arrival.mail.bytes > maxBytes) {
      tooLarge.push(arrival.mail);
      continue;
    }
    batch.push(arrival);
    bytes += Buffer.isBuffer(fetched.raw) ? fetched.raw.length : 0;
    crashPoint("mid-fetch");
    if (batch.length < COMMIT_MAILS && bytes < COMMIT_BYTES) continue;
    await commit(intake, batch);
    batch = [];
    bytes = 0;
  }
  await commit(intake, batch);
  for (const mail of tooLarge) await takeOversize(intake, mail);
  const open = await takeWithheld(intake, [...missing.values()]);
  // The next pass starts below whatever has no record yet.
  const highest = listed.reduce(
    (max, mail) => Math.max(max, mail.uid),
    restarted(intake) ? 0 : intake.row.last_uid,
  );
  const lowestOpen = open.reduce((min, mail) => Math.min(min, mail.uid), Number.POSITIVE_INFINITY);
  await notePass(db, mailbox, Math.min(highest, lowestOpen - 1), readAt);
  // Asked as often as everything is compared. A server that cannot tell has taken nothing from us.
  const room =
    (passes.get(mailbox) ?? 0) % FULL_EVERY === 1 ? await mailbox.room?.().catch(() => null) : null;
  if (room) await noteRoom(db, mailbox, room);
}

function restarted({ mailbox, row }: Pass): boolean {
  return row.uid_validity !== mailbox.uidValidity;
}

async function listNew(intake: Pass): Promise<ListedMail[]> {
  const { mailbox, row } = intake;
  const count = passes.get(mailbox) ?? 0;
  passes.set(mailbox, count + 1);
  if (count % FULL_EVERY === 0) return mailbox.listAll();
  const listed = await mailbox.list(row.last_uid);
  // Listing may be what shows a new UIDVALIDITY: uids then count from 1 again and the old mark means nothing (R4).
  return restarted(intake) ? mailbox.listAll() : listed;
}

async function arrivalFrom(intake: Pass, { raw, ...mail }: FetchedMail): Promise<Arrival> {
  const plain = { state: "received" as const, reason: null, detail: null };
  if (Buffer.isBuffer(raw)) {
    const sha256 = sha256Of(raw);
    return { ...plain, mail: { ...mail, bytes: raw.length }, sha256, content: { sha256, bytes: raw } };
  }
  const { sha256, bytes } = await putBlobStream(intake.db, raw as Readable, intake.clock.now());
  return { ...plain, mail: { ...mail, bytes }, sha256 };
}

async function commit(intake: Pass, arrivals: Arrival[]): Promise<void> {
  if (arrivals.length === 0) return;
  const { db, mailbox, row, clock, log, enqueue, done } = intake;
  const { fresh, duplicates } = await db.transaction().execute(async (trx) => {
    const recorded = await recordArrivals(trx, arrivals, { mailbox, row }, clock.now());
    for (const ids of inParts(recorded.fresh, JOB_MESSAGES)) await enqueue(trx, ids);
    crashPoint("raw-written");
    return recorded;
  });
  crashPoint("recorded");
  done.recorded += fresh.length;
  done.duplicates += duplicates;
  await mailbox.acknowledge?.(arrivals.map((arrival) => arrival.mail.uid)).catch((error: Error) => {
    log.warn(
      { err: error, mailbox: mailbox.name },
      "mails are recorded but could not be flagged on the server",
    );
  });
}

/** Too large to fetch: its head is kept, and handled like any mail, so that its sender is told and the office sees it (R15). */
async function takeOversize(intake: Pass, mail: ListedMail): Promise<void> {
  const head = (await intake.mailbox.fetchHead(mail.uid)) ?? Buffer.alloc(0);
  const bytes = Buffer.concat([Buffer.from(`X-Jinbox-Oversize: ${mail.bytes}\r\n`), head]);
  const detail = `${mail.bytes} bytes, the limit is ${intake.campaign.mailbox.maxBytes}; only the head is kept`;
  const before = intake.done.recorded;
  await commit(intake, [withoutBody(mail, bytes, { state: "received", reason: "oversize", detail })]);
  intake.done.oversize += intake.done.recorded - before;
}

/** Listed, asked for, and not handed out: tried again on later passes, then put before the office (R6). */
async function takeWithheld(intake: Pass, mails: ListedMail[]): Promise<ListedMail[]> {
  const { db, mailbox, clock } = intake;
  const given = new Set(await countFetchFailures(db, mailbox, mails, FETCH_TRIES, clock.now()));
  for (const mail of given) {
    const mark = `X-Jinbox-Withheld: ${mailbox.name};UIDVALIDITY=${mailbox.uidValidity}/;UID=${mail.uid}\r\n\r\n`;
    const detail = `the server lists this mail (uid ${mail.uid}, ${mail.bytes} bytes) but gave no content, ${FETCH_TRIES} times`;
    const outcome = { state: "held" as const, reason: "processing-failed" as const, detail };
    await commit(intake, [withoutBody(mail, Buffer.from(mark), outcome)]);
  }
  return mails.filter((mail) => !given.has(mail));
}

function withoutBody(
  mail: ListedMail,
  bytes: Buffer,
  outcome: Pick<Arrival, "state" | "reason" | "detail">,
): Arrival {
  const sha256 = sha256Of(bytes);
  return { mail, sha256, content: { sha256, bytes }, ...outcome };
}
