// Removes what the campaign no longer keeps: in small transactions, each with its record, then the space it took.
import type pg from "pg";
import type { Campaign, Retention } from "../../campaign/campaign.ts";
import { crashPoint } from "../../crash-point.ts";
import type { Database } from "../../store/database.ts";
import { endOfDay } from "../../text/dates.ts";
import { allowErasing, eraseOrphans } from "./erase.ts";
import { type Due, dueOf, type Kind, kinds, removeSome } from "./records.ts";

const DAY_MS = 86_400_000;
const BATCH = 500;

/** What arrived up to this instant may go; null: nothing yet, or never. */
function dueUntil(
  { closes, timezone, retention }: Pick<Campaign, "closes" | "timezone"> & { retention: Retention },
  kind: Kind,
  now: Date,
): Date | null {
  const days = retention[kind];
  if (days === null) return null;
  const until = new Date(now.getTime() - days * DAY_MS);
  return until > endOfDay(closes, timezone) ? until : null;
}

export interface PlannedRemoval extends Due {
  kind: Kind;
}

export async function plannedRemovals(
  db: Database,
  campaign: Campaign,
  only: Kind[],
  now: Date,
): Promise<PlannedRemoval[]> {
  const planned: PlannedRemoval[] = [];
  for (const kind of kinds.filter((one) => only.length === 0 || only.includes(one))) {
    const until = dueUntil(campaign, kind, now);
    if (until === null) continue;
    const due = await dueOf(db, kind, campaign.code, until);
    if (due.count > 0) planned.push({ kind, ...due });
  }
  return planned;
}

export async function purge(
  db: Database,
  campaign: Campaign,
  { kind, by, now }: { kind: Kind; by: string; now: Date },
  onProgress: (removed: number) => void,
): Promise<number> {
  const until = dueUntil(campaign, kind, now);
  if (until === null) return 0;
  let removed = 0;
  for (;;) {
    const some = await db.transaction().execute(async (trx) => {
      await allowErasing(trx);
      const count = await removeSome(trx, kind, { campaign: campaign.code, until, by, now, limit: BATCH });
      crashPoint("removing");
      return count;
    });
    removed += some;
    onProgress(removed);
    if (some < BATCH) return removed;
  }
}

/** What statements leave behind in the files of these tables until somebody writes over it. */
const WRITTEN = [
  "blob_chunk",
  "blob",
  "message",
  "attachment",
  "document",
  "submission",
  "further_message",
  "correction",
  "ruling",
  "ruling_scan",
  "resumed_address",
  "audit",
  "notice",
  "announced",
  "fingerprint",
  "compared",
  "recognition",
];

/**
 * Writes the tables anew, so that nothing removed is left in their files, and moves the write-ahead log on. Whoever may
 * not ask for a checkpoint leaves that to the server, which makes one every few minutes.
 */
export async function reclaim(db: Database, client: pg.Client, now: Date): Promise<void> {
  await eraseOrphans(db, new Date(now.getTime() - DAY_MS), now);
  for (const table of WRITTEN) await client.query(`vacuum (full, analyze) ${table}`);
  await client.query("select pg_switch_wal()").catch(() => undefined);
  await client.query("checkpoint").catch(() => undefined);
}
