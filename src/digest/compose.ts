// All that goes into one digest: facts from the database, its words, the ledger beside it and the picture in it.
import { Writable } from "node:stream";
import type { Campaign } from "../campaign/campaign.ts";
import type { Calendar } from "../deadline/calendar.ts";
import type { Obligation } from "../deadline/obligation.ts";
import { dutyOutlook } from "../notice/chase.ts";
import type { OutgoingAttachment } from "../notice/compose.ts";
import type { NoticeWords } from "../notice/render.ts";
import { auditHead } from "../store/audit.ts";
import { type Database, inSnapshot, type Trx } from "../store/database.ts";
import type { PlainDate } from "../text/dates.ts";
import { booksAt } from "./books.ts";
import { type Digest, digestOf } from "./digest.ts";
import { type Edition, editionOn, weekBegins } from "./edition.ts";
import { writeLedger } from "./ledger/ledger.ts";
import type { Draw } from "./picture/draw.ts";
import {
  announcementIn,
  hasFinalBefore,
  previousDigestAt,
  rulingsIn,
  weekIn,
  wordingFaultsIn,
} from "./records.ts";
import { wordDigest } from "./wording.ts";

export interface DigestOffice {
  db: Database;
  campaign: Campaign;
  calendar: Calendar;
  now: Date;
  /** Null: nobody will look at it, and it goes without a picture. */
  draw: Draw | null;
  /** False (absent: true): nobody will open the ledger, and the digest only names it, as if it were attached. */
  enclose?: boolean;
}

export interface ComposedDigest {
  digest: Digest;
  words: NoticeWords;
  /** The ledger, and the picture the HTML shows. */
  attachments: OutgoingAttachment[];
}

/** Above this many mail servers refuse the whole mail: the digest then goes without its ledger and says so. */
const LEDGER_BYTES_MAX = 15_000_000;
const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** All the digest of `on` would say at `now`; writes nothing. Without an edition it is the one that is due. */
export async function composeDigest(
  { db, campaign, calendar, now, draw, enclose = true }: DigestOffice,
  on: PlainDate,
  wanted: Edition | null = null,
): Promise<ComposedDigest> {
  const { digest, obligations, faults } = await inSnapshot(db, (trx) =>
    readDigest(trx, { campaign, calendar, now }, on, wanted),
  );
  // One after the other: the memory of the drawing process is back before the ledger takes its own.
  const picture = await pictureOf(digest, draw);
  const filename = `${campaign.code}-${on}.xlsx`;
  const content = enclose ? await ledgerOf(db, campaign, obligations) : null;
  const fits = content === null || content.length <= LEDGER_BYTES_MAX;
  if (!fits) digest.troubles.push({ kind: "ledger-left-out" });
  if (faults.notices > 0) tellOfTemplates(digest, faults);
  const enclosed = { ledger: fits ? filename : null, picture: picture?.contentId ?? null };
  let words = await wordDigest(digest, campaign, enclosed);
  if (words.wordingFault !== undefined) {
    // Its own template is at fault: the office reads it today, not in the next digest.
    const own = words.wordingFault.split("\n");
    tellOfTemplates(digest, {
      notices: faults.notices + 1,
      mistakes: [...new Set([...faults.mistakes, ...own])],
    });
    words = await wordDigest(digest, campaign, enclosed);
  }
  const ledger = content && fits ? { filename, mediaType: XLSX, content, contentId: null } : null;
  return { digest, words, attachments: [ledger, picture].filter((one) => one !== null) };
}

/** Of one moment: books added up while mails go on being filed would not balance. */
async function readDigest(
  trx: Trx,
  { campaign, calendar, now }: Pick<DigestOffice, "campaign" | "calendar" | "now">,
  on: PlainDate,
  wanted: Edition | null,
) {
  const { code } = campaign;
  const window = { from: (await previousDigestAt(trx, code, now)) ?? new Date(0), to: now };
  const duty = await dutyOutlook(trx, campaign, calendar, now);
  const { obligations } = duty;
  const hadFinal = await hasFinalBefore(trx, code, on);
  const edition = wanted ?? editionOn(campaign, calendar, on, { obligations, hadFinal });
  const week = { from: weekBegins(campaign, calendar, on), to: now };
  const facts = {
    ...{ on, edition },
    books: await booksAt(trx, campaign, window),
    duty,
    rulings: await rulingsIn(trx, code, window),
    announcement: await announcementIn(trx, code, window),
    audit: await auditHead(trx),
    week: edition === "weekly" ? await weekIn(trx, code, week) : null,
  };
  const faults = await wordingFaultsIn(trx, code, window);
  return { digest: digestOf(campaign, facts, now), obligations, faults };
}

/** A day on which something is wrong is not a silent one. */
function tellOfTemplates(digest: Digest, faults: { notices: number; mistakes: string[] }): void {
  const others = digest.troubles.filter(({ kind }) => kind !== "templates-unusable");
  digest.troubles = [...others, { kind: "templates-unusable", ...faults }];
  digest.silent = false;
}

async function ledgerOf(db: Database, campaign: Campaign, obligations: Obligation[]): Promise<Buffer> {
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

/** A digest without its picture says so; one that has nothing to show, or that nobody looks at, does not. */
async function pictureOf(digest: Digest, draw: Draw | null): Promise<OutgoingAttachment | null> {
  const { on, picture, silent, troubles } = digest;
  if (draw === null || picture === null || silent) return null;
  const drawing = await draw(picture);
  if (drawing.outcome === "failed") {
    troubles.push({ kind: "picture-left-out", detail: drawing.detail });
    return null;
  }
  const filename = `progress-${on}.png`;
  return { filename, mediaType: "image/png", content: drawing.png, contentId: `${filename}@jinbox` };
}
