// The only place where the parts are built and joined: database, reader, campaign knowledge, the way out.
import { availableParallelism } from "node:os";
import type { Campaign } from "../campaign/campaign.ts";
import type { Clock } from "../clock.ts";
import { type Calendar, calendarOf } from "../deadline/calendar.ts";
import type { Draw } from "../digest/picture/draw.ts";
import type { Office } from "../journey.ts";
import type { Logger } from "../log.ts";
import type { SentEvidence } from "../notice/sent/settle.ts";
import type { SmtpTransport } from "../notice/transport.ts";
import { createReader, type Reader } from "../reading/reader.ts";
import type { Database } from "../store/database.ts";
import { currentKnowledge } from "../submission/learning.ts";
import { type Later, nobody } from "../submission/recognition.ts";

export interface App extends Office {
  calendar: Calendar;
  transport: SmtpTransport;
  /** Looks for copies of what was sent; null where there is no mailbox to look into. */
  sentEvidence: SentEvidence | null;
  /** Draws the digest's picture; null where nobody looks at it. */
  draw: Draw | null;
  /** False (absent: true) where nobody opens what a digest encloses. */
  enclose?: boolean;
  /** Names this process in the outbox's claims. */
  worker: string;
  close(): Promise<void>;
}

export interface AppParts {
  campaign: Campaign;
  db: Database;
  clock: Clock;
  log: Logger;
  transport: SmtpTransport;
  /** Absent: null. */
  sentEvidence?: SentEvidence | null;
  /** Child processes that read mails and documents. */
  children?: number;
  reader?: Reader;
  /** Null or absent: digests go without a picture, as in a campaign that is only played. */
  draw?: Draw | null;
  /** Absent: true. */
  enclose?: boolean;
  /** Absent: nobody is told, for this process asks the tables itself. */
  later?: Later;
}

/** One core is left to the main process; each child may need a gigabyte, so there are never many. */
function readingChildren(): number {
  return Math.max(1, Math.min(4, availableParallelism() - 1));
}

export function buildApp(parts: AppParts): App {
  const { campaign, log, transport } = parts;
  const reader = parts.reader ?? createReader({ log, children: parts.children ?? readingChildren() });
  return {
    campaign,
    db: parts.db,
    clock: parts.clock,
    log,
    transport,
    sentEvidence: parts.sentEvidence ?? null,
    reader,
    later: parts.later ?? nobody,
    draw: parts.draw ?? null,
    enclose: parts.enclose ?? true,
    knowledge: currentKnowledge(campaign),
    calendar: calendarOf(campaign),
    worker: `${process.pid}`,
    close: async () => {
      await reader.close();
      await transport.close();
    },
  };
}
