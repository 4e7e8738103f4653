// The stage: once each working day, one mail to the office with the ledger attached. Asks what is due, never what ticked.

import { createHash } from "node:crypto";
import type { Campaign } from "../campaign/campaign.ts";
import { crashPoint } from "../crash-point.ts";
import type { Logger } from "../log.ts";
import type { NoticeAttachment, NoticeIntent } from "../notice/notice.ts";
import { intend } from "../notice/outbox.ts";
import type { NoticeWords } from "../notice/render.ts";
import { putBlobs } from "../store/blobs.ts";
import { dateOf, type PlainDate } from "../text/dates.ts";
import { composeDigest, type DigestOffice } from "./compose.ts";
import { digestAt, digestKey, type Edition } from "./edition.ts";
import { hasDigestOf, lockDigests, previousDigestAt } from "./records.ts";

export interface DigestContext extends DigestOffice {
  log: Logger;
}

/**
 * Writes the digest that is due and has not been written, at most one: after days of standstill the latest, covering
 * everything since the one before it (R49). Two processes at once write one, for a day has one whatever its edition (R51).
 */
export async function dailyDigest(
  context: DigestContext,
  wanted: Edition | null = null,
): Promise<"sent" | "already" | "not-due"> {
  const { db, campaign, now, log } = context;
  const on = await digestDay(context);
  if (on === null) return "not-due";
  if (await hasDigestOf(db, campaign.code, on)) return "already";
  const { words, attachments, digest } = await composeDigest(context, on, wanted);
  const contents = attachments.map(({ content, contentId, ...named }) => {
    const sha256 = createHash("sha256").update(content).digest();
    const attachment: NoticeAttachment = { ...named, sha256: sha256.toString("hex") };
    return {
      blob: { sha256, bytes: content },
      attachment: contentId ? { ...attachment, contentId } : attachment,
    };
  });
  const written = await db.transaction().execute(async (trx) => {
    await lockDigests(trx, campaign);
    if (await hasDigestOf(trx, campaign.code, on)) return 0;
    await putBlobs(
      trx,
      contents.map(({ blob }) => blob),
      now,
    );
    const named = contents.map(({ attachment }) => attachment);
    const intended = await intend(
      trx,
      campaign,
      [intentOf(campaign, digestKey(on, digest.edition), words, named)],
      now,
    );
    crashPoint("digesting");
    return intended;
  });
  crashPoint("digested");
  if (written === 0) return "already";
  log.info(
    {
      ...{ on, edition: digest.edition, arrived: digest.mails.arrived },
      ...{ held: digest.held.length, silent: digest.silent },
    },
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

function intentOf(
  campaign: Campaign,
  key: string,
  words: NoticeWords,
  attachments: NoticeAttachment[],
): NoticeIntent {
  return {
    ...words,
    ...{ key, kind: "digest", attachments },
    to: campaign.office.members,
    cc: [],
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
