// Facts and an instant → what is wrong with the service itself, each with since when; a level, never an edge; pure.
import type { Campaign } from "../campaign/campaign.ts";
import type { Calendar } from "../deadline/calendar.ts";
import { digestAt } from "../digest/edition.ts";
import { dateOf } from "../text/dates.ts";
import type { WorkFacts } from "./records.ts";

export type Trouble =
  | { kind: "mailbox"; name: string; since: Date; error: string | null }
  | { kind: "role"; name: string; since: Date }
  | { kind: "outbox"; since: Date; notices: number }
  | { kind: "queue"; since: Date; mails: number }
  | { kind: "digest"; since: Date }
  | { kind: "disk"; name: string; freeBytes: number; totalBytes: number }
  | { kind: "certificate"; name: string; until: Date };

/** What only the machine itself can say. */
export interface MachineFacts {
  disk: { path: string; freeBytes: number; totalBytes: number } | null;
  certificates: { server: string; until: Date }[];
}

const MINUTE = 60_000;
const GIGABYTE = 1024 ** 3;
const MAILBOX_UNREAD_MS = 15 * MINUTE;
/** Fewer than five beats. */
const ROLE_SILENT_MS = 5 * MINUTE;
const STANDSTILL_MS = 30 * MINUTE;
const CERTIFICATE_MS = 14 * 24 * 60 * MINUTE;

/** `watchedSince`: what stood still while nobody ran is given time to catch up. */
export function troublesAt(
  campaign: Campaign,
  calendar: Calendar,
  { mailboxes, roles, outbox, queue, lastDigestAt }: WorkFacts,
  { disk, certificates }: MachineFacts,
  { now, watchedSince }: { now: Date; watchedSince: Date },
): Trouble[] {
  const troubles: Trouble[] = [];
  const isOver = (since: Date | null, limitMs: number): boolean =>
    now.getTime() - Math.max(since?.getTime() ?? 0, watchedSince.getTime()) > limitMs;
  for (const { name, lastReadAt, error } of mailboxes) {
    if (isOver(lastReadAt, MAILBOX_UNREAD_MS))
      troubles.push({ kind: "mailbox", name, since: lastReadAt ?? watchedSince, error });
  }
  for (const { role, beatAt } of roles) {
    if (isOver(beatAt, ROLE_SILENT_MS)) troubles.push({ kind: "role", name: role, since: beatAt });
  }
  const { oldestAt, movedAt, due } = outbox;
  if (oldestAt && isOver(oldestAt, STANDSTILL_MS) && isOver(movedAt, STANDSTILL_MS))
    troubles.push({ kind: "outbox", since: oldestAt, notices: due });
  if (queue.oldestAt && isOver(queue.oldestAt, STANDSTILL_MS))
    troubles.push({ kind: "queue", since: queue.oldestAt, mails: queue.open });
  const today = dateOf(now, campaign.timezone);
  const digestDue = digestAt(campaign, today);
  const isMissed =
    calendar.isWorkingDay(today) &&
    (lastDigestAt === null || dateOf(lastDigestAt, campaign.timezone) < today);
  if (isMissed && now > digestDue && isOver(digestDue, STANDSTILL_MS))
    troubles.push({ kind: "digest", since: digestDue });
  if (disk && (disk.freeBytes < GIGABYTE || disk.freeBytes < disk.totalBytes / 20))
    troubles.push({ kind: "disk", name: disk.path, freeBytes: disk.freeBytes, totalBytes: disk.totalBytes });
  for (const { server, until } of certificates) {
    if (until.getTime() - now.getTime() < CERTIFICATE_MS)
      troubles.push({ kind: "certificate", name: server, until });
  }
  return troubles;
}

/** Whether mail comes in, is handled and goes out: what a sign of life to the outside promises. */
export function isWorking(troubles: Trouble[]): boolean {
  return !troubles.some(({ kind }) => ["mailbox", "role", "outbox", "queue", "digest"].includes(kind));
}

/** The same trouble has the same name for as long as it lasts. */
export function nameOf(trouble: Trouble): string {
  return "name" in trouble ? `${trouble.kind}/${trouble.name}` : trouble.kind;
}
