// What every process does besides its roles: says that it lives, looks whether the others do, and tells whom it concerns (R52).
import { hostname } from "node:os";
import { schedule } from "node-cron";
import { certificateFacts, diskFacts } from "../watch/machine.ts";
import { ping } from "../watch/ping.ts";
import { type Beating, beat, endBeating, workFacts } from "../watch/records.ts";
import { signOfLife, tellTroubles } from "../watch/tell.ts";
import { isWorking, type MachineFacts, nameOf, type Trouble, troublesAt } from "../watch/trouble.ts";
import { troubleWords } from "../watch/words.ts";
import type { App } from "./app.ts";
import { oneAtATime, type Role } from "./roles.ts";

export interface Watch {
  app: App;
  self: Beating;
  dataDirectory: string;
  /** Kept between passes: certificates are looked up once a day, a trouble is logged once while it lasts. */
  seen: {
    certificates: MachineFacts["certificates"];
    certificatesAt: Date | null;
    told: Set<string>;
    /** Since when this process has looked without a pause. */
    since: Date;
    passedAt: Date;
  };
}

const DAY_MS = 86_400_000;
const PAUSED_MS = 180_000;

export function beginWatch(app: App, roles: Iterable<Role>, dataDirectory: string): Watch {
  const self = { process: `${hostname()}/${process.pid}`, roles: [...roles], startedAt: app.clock.now() };
  const { startedAt } = self;
  const seen = { certificates: [], certificatesAt: null, told: new Set<string>() };
  return { app, self, dataDirectory, seen: { ...seen, since: startedAt, passedAt: startedAt } };
}

export async function watchPass(watch: Watch): Promise<Trouble[]> {
  const { app, self, dataDirectory, seen } = watch;
  const { db, campaign, calendar, clock, log } = app;
  const now = clock.now();
  await beat(db, self, now);
  // A machine that slept finds everybody silent: they wake like itself.
  if (now.getTime() - seen.passedAt.getTime() > PAUSED_MS) seen.since = now;
  seen.passedAt = now;
  if (seen.certificatesAt === null || now.getTime() - seen.certificatesAt.getTime() > DAY_MS) {
    seen.certificates = await certificateFacts(campaign);
    seen.certificatesAt = now;
  }
  const machine = { disk: await diskFacts(dataDirectory), certificates: seen.certificates };
  const facts = await workFacts(db, campaign, now);
  const troubles = troublesAt(campaign, calendar, facts, machine, { now, watchedSince: seen.since });
  for (const trouble of troubles) {
    if (!seen.told.has(nameOf(trouble)))
      log.error({ trouble: trouble.kind }, troubleWords(trouble, campaign).saw);
  }
  seen.told = new Set(troubles.map(nameOf));
  await tellTroubles(db, campaign, troubles, now);
  // From the scheduler alone: where it is dead, nobody may say that all is well.
  if (self.roles.includes("scheduler") && isWorking(troubles)) await sayAllIsWell(app, now);
  return troubles;
}

async function sayAllIsWell({ db, campaign, log }: App, now: Date): Promise<void> {
  await signOfLife(db, campaign, now);
  const { url, inside } = campaign.watch;
  if (url === null) return;
  const pinged = await ping(url, { mayBeInside: inside });
  // Its path is a key: whoever has it can say that all is well.
  if (pinged.outcome === "failed")
    log.warn(
      { host: new URL(url).host, why: pinged.why },
      "the watch's address did not take the sign of life",
    );
}

/** A minute's pass that fails is repeated by the next one. */
export function keepWatch(watch: Watch): { end(): Promise<void> } {
  const { db, campaign, log } = watch.app;
  const pass = oneAtATime(() => watchPass(watch));
  const wake = () =>
    void pass().catch((error: Error) => log.error({ err: error }, "a look at the service failed"));
  const task = schedule("* * * * *", wake, { timezone: campaign.timezone });
  wake();
  return {
    end: async () => {
      await task.stop();
      await endBeating(db, watch.self);
    },
  };
}
