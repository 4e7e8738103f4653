// What machines ask a process: whether it lives, whether it can do its work and why not, and its figures for Prometheus.
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Hono } from "hono";
import type { Pool } from "pg";
import type { Campaign } from "../campaign/campaign.ts";
import type { Clock } from "../clock.ts";
import { calendarOf } from "../deadline/calendar.ts";
import type { Logger } from "../log.ts";
import type { Database } from "../store/database.ts";
import { pendingMigrations } from "../store/migrate.ts";
import { failureText } from "../text/failure.ts";
import { workFacts } from "../watch/records.ts";
import { troublesAt } from "../watch/trouble.ts";
import { databaseFigures, gauge, metricsText, processFigures } from "./metrics.ts";

export interface HealthOptions {
  db: Database;
  campaign: Campaign;
  clock: Clock;
  log: Logger;
  pool?: Pool;
}

const noStore = { "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff" };

/** Before the pages' guard of host names: whoever looks after a machine asks by any name, and no person is in the answers. */
export function healthRoutes(app: Hono, { db, campaign, clock, log, pool }: HealthOptions): void {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  app.get("/healthz", (context) => context.text("ok\n", 200, noStore));
  app.get("/readyz", async (context) => {
    const reasons = await whyNotReady(db, campaign, clock.now()).catch((error: Error) => [
      { kind: "database", words: failureText(error).split("\n")[0] ?? "" },
    ]);
    return context.json({ ready: reasons.length === 0, reasons }, reasons.length === 0 ? 200 : 503, noStore);
  });
  app.get("/metrics", async (context) => {
    const own = processFigures(delay, pool ?? null);
    const shared = await databaseFigures(db, campaign, clock.now()).catch((error: Error) => {
      log.warn({ err: error }, "the metrics of the database cannot be read");
      return [];
    });
    const up = gauge("jinbox_database_up", "1 while the database answers.", [{}, shared.length > 0 ? 1 : 0]);
    const figures = [...own, up, ...shared];
    return context.body(metricsText(figures), 200, {
      ...noStore,
      "Content-Type": "text/plain; version=0.0.4; charset=utf-8",
    });
  });
}

/** Kinds and numbers only: an error of a mailbox may name an address. */
async function whyNotReady(
  db: Database,
  campaign: Campaign,
  now: Date,
): Promise<{ kind: string; words: string }[]> {
  const pending = await pendingMigrations(db);
  if (pending.length > 0) return [{ kind: "migration", words: `to be applied: ${pending.join(", ")}` }];
  const machine = { disk: null, certificates: [] };
  const instants = { now, watchedSince: new Date(0) };
  const troubles = troublesAt(
    campaign,
    calendarOf(campaign),
    await workFacts(db, campaign, now),
    machine,
    instants,
  );
  return troubles.map((trouble) => ({
    kind: trouble.kind,
    words:
      "since" in trouble && trouble.since.getTime() > 0
        ? `since ${trouble.since.toISOString()}`
        : "never yet",
  }));
}
