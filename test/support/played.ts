// A campaign played in the test's own process, as `jinbox simulate` plays it: every notice, as its line of JSON has it.
import type { Campaign } from "../../src/campaign/campaign.ts";
import { virtualClock } from "../../src/clock.ts";
import { silentLogger } from "../../src/log.ts";
import type { OutgoingNotice } from "../../src/notice/compose.ts";
import { captureTransport } from "../../src/notice/transport.ts";
import type { Reader } from "../../src/reading/reader.ts";
import { buildApp } from "../../src/service/app.ts";
import { type PlayedMail, play, sameEveryTime } from "../../src/service/playthrough.ts";
import { type PlayedNotice, playedNotices } from "../../src/service/records.ts";
import { addDays, instantOf, isoInZone, type PlainDate } from "../../src/text/dates.ts";
import { testDatabase } from "./database.ts";
import { type MailToBuild, mail } from "./mails.ts";

export interface Played {
  notices: (Omit<PlayedNotice, "at"> & { at: string })[];
  /** As they were handed to the way out, in that order. */
  sent: OutgoingNotice[];
}

export async function played(
  reader: Reader,
  campaign: Campaign,
  mails: PlayedMail[],
  span: { from: PlainDate; to: PlainDate },
): Promise<Played> {
  const database = await testDatabase();
  const sent: OutgoingNotice[] = [];
  const clock = virtualClock(instantOf(addDays(span.from, -1), "12:00", campaign.timezone));
  const transport = captureTransport((notice) => void sent.push(notice));
  const app = buildApp({ campaign, db: database.db, clock, log: silentLogger, transport, reader });
  try {
    await sameEveryTime(app);
    await play({ app, clock, mails, ...span });
    const notices = await playedNotices(database.db, campaign.code);
    return { notices: notices.map((one) => ({ ...one, at: isoInZone(one.at, campaign.timezone) })), sent };
  } finally {
    await database.drop();
  }
}

/** A mail that arrives at "2012-12-11 08:30" in Peking's time. */
export async function arriving(at: string, parts: MailToBuild): Promise<PlayedMail> {
  const arrivedAt = instantOf(at.slice(0, 10), at.slice(11), "Asia/Shanghai");
  return { name: `${at}.eml`, arrivedAt, raw: await mail({ date: arrivedAt, ...parts }) };
}

/** "2012-12-11 08:30 reminder library → liaison@library.example", without answers and digests. */
export function duties({ notices }: Played): string[] {
  return notices
    .filter(({ kind }) => kind === "reminder" || kind === "overdue" || kind === "escalation")
    .map(({ at, kind, unit, to, cc }) => {
      const copies = cc.length > 0 ? ` cc ${cc.join(", ")}` : "";
      return `${at.slice(0, 16).replace("T", " ")} ${kind} ${unit} → ${to}${copies}`;
    });
}

/** The days of the digests; each must have gone at its time. */
export function digestDays({ notices }: Played): string[] {
  return notices.filter(({ kind }) => kind === "digest").map(({ at }) => at.slice(0, 16).replace("T", " "));
}
