// The stage: once each working day, one mail to the office with the ledger attached. Asks what is due, never what ticked.
import { createHash } from "node:crypto";
import { Writable } from "node:stream";
import type { Campaign } from "../campaign/campaign.ts";
import type { Calendar } from "../deadline/calendar.ts";
import type { Obligation } from "../deadline/obligation.ts";
import type { Logger } from "../log.ts";
import { dutyOutlook } from "../notice/chase.ts";
import type { NoticeIntent } from "../notice/notice.ts";
import { intend } from "../notice/outbox.ts";
import type { NoticeWords } from "../notice/render.ts";
import { putBlobs } from "../store/blobs.ts";
import type { Database } from "../store/database.ts";
import { dateOf, instantOf, type PlainDate } from "../text/dates.ts";
import { booksAt, hasNotice, previousDigestAt } from "./books.ts";
import { type Digest, digestOf } from "./digest.ts";
import { inSnapshot, writeLedger } from "./ledger/ledger.ts";
import { wordDigest } from "./wording.ts";

export interface DigestContext {
  db: Database;
  campaign: Campaign;
  calendar: Calendar;
  now: Date;
  log: Logger;
}

export interface ComposedDigest {
  digest: Digest;
  words: NoticeWords;
  ledger: { filename: string; bytes: Buffer } | null;
}

/** Above this many mail servers refuse the whole mail: the digest then goes without its ledger and says so. */
const LEDGER_BYTES_MAX = 15_000_000;
export const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/**
 * Writes the digest that is due and has not been written, at most one: after days of standstill the latest, covering
 * everything since the one before it (R49). Two processes at once write one, because the key is unique (R51).
 */
export async function dailyDigest(context: DigestContext): Promise<"sent" | "already" | "not-due"> {
  const { db, campaign, now, log } = context;
  const on = await digestDay(context);
  if (on === null) return "not-due";
  if (await hasNotice(db, campaign.code, digestKey(on))) return "already";
  const { words, ledger, digest } = await composeDigest(context, on);
  const written = await db.transaction().execute(async (trx) => {
    const sha256 = ledger ? createHash("sha256").update(ledger.bytes).digest() : null;
    if (ledger && sha256) await putBlobs(trx, [{ sha256, bytes: ledger.bytes }], now);
    const attachment =
      ledger && sha256 ? { filename: ledger.filename, sha256: sha256.toString("hex") } : null;
    return intend(trx, campaign, [intentOf(campaign, on, words, attachment)], now);
  });
  if (written === 0) return "already";
  log.info(
    { on, arrived: digest.mails.arrived, held: digest.held.length, silent: digest.silent },
    "digest written",
  );
  return "sent";
}

/**
 * The day whose digest is due at `now`; null when none is. Nothing goes on days off. Yesterday's is made up for only
 * where there have been digests before: a fresh installation does not begin with a report on what it never saw.
 */
async function digestDay({ db, campaign, calendar, now }: DigestContext): Promise<PlainDate | null> {
  const today = dateOf(now, campaign.timezone);
  if (!calendar.isWorkingDay(today)) return null;
  if (now >= digestAt(campaign, today)) return today;
  const previous = await previousDigestAt(db, campaign.code, now);
  const latest = calendar.addWorkingDays(today, -1);
  return previous !== null && previous < digestAt(campaign, latest) ? latest : null;
}

function digestAt(campaign: Campaign, on: PlainDate): Date {
  return instantOf(on, campaign.office.digest, campaign.timezone);
}

/** All the digest of `on` would say at `now`; writes nothing. */
export async function composeDigest(
  { db, campaign, calendar, now }: Omit<DigestContext, "log">,
  on: PlainDate,
): Promise<ComposedDigest> {
  const from = (await previousDigestAt(db, campaign.code, now)) ?? new Date(0);
  const books = await booksAt(db, campaign, { from, to: now });
  const duty = await dutyOutlook(db, campaign, calendar, now);
  const bytes = await ledgerBytes(db, campaign, duty.obligations);
  const attached = bytes.length <= LEDGER_BYTES_MAX;
  const digest = digestOf(campaign, { books, duty, on, ledgerAttached: attached }, now);
  const filename = `${campaign.code}-${on}.xlsx`;
  const words = await wordDigest(digest, campaign, attached ? filename : null);
  return { digest, words, ledger: attached ? { filename, bytes } : null };
}

async function ledgerBytes(db: Database, campaign: Campaign, obligations: Obligation[]): Promise<Buffer> {
  const parts: Buffer[] = [];
  const memory = new Writable({
    write: (part: Buffer, _encoding, done) => {
      parts.push(part);
      done();
    },
  });
  await inSnapshot(db, (trx) => writeLedger(trx, { campaign, obligations }, memory));
  return Buffer.concat(parts);
}

function digestKey(on: PlainDate): string {
  return `digest/${on}`;
}

function intentOf(
  campaign: Campaign,
  on: PlainDate,
  words: NoticeWords,
  ledger: { filename: string; sha256: string } | null,
): NoticeIntent {
  return {
    ...words,
    key: digestKey(on),
    kind: "digest",
    to: campaign.office.members,
    cc: [],
    attachments: ledger ? [{ ...ledger, mediaType: XLSX }] : [],
    inReplyTo: null,
    references: [],
    causeMessageId: null,
    unit: null,
    stillOwed: [],
    notBefore: null,
  };
}

/** The instant a digest of `on` looks back from: its time of day, or `now` where that is earlier. */
export function digestInstant(campaign: Campaign, on: PlainDate, now: Date): Date {
  const due = digestAt(campaign, on);
  return due < now ? due : now;
}
