// `jinbox run`: the roles of one process, started in order and ended in order.

import { schedule } from "node-cron";
import type { Pool } from "pg";
import type { Environment } from "../campaign/environment.ts";
import { type RunningConsole, startConsole } from "../console/server.ts";
import { crashPoint } from "../crash-point.ts";
import { draw } from "../digest/picture/draw.ts";
import { type Jobs, openJobs } from "../store/jobs.ts";
import { migrate } from "../store/migrate.ts";
import { openStore } from "../store/open.ts";
import { failureText } from "../text/failure.ts";
import { type App, type AppParts, buildApp } from "./app.ts";
import { intakeRole } from "./intake-role.ts";
import { laterByJobs, oneAtATime, type Role, schedulerTick, senderRole, workerRole } from "./roles.ts";
import { openConfiguredMailbox } from "./source.ts";
import { untilStopped } from "./stop.ts";
import { beginWatch, keepWatch } from "./watch.ts";

export interface RunOptions extends Omit<AppParts, "db"> {
  environment: Environment;
  roles: Set<Role>;
}

/** Everything that happens by itself wakes at this cron; what is due decides itself (R49). */
const EVERY_MINUTE = "* * * * *";

/** Runs the roles until the process is told to stop; resolves when the work in hand is done (R59). */
export async function run({ environment, roles, ...parts }: RunOptions): Promise<void> {
  const { campaign, clock, log } = parts;
  const { signal, stopped } = untilStopped();
  const store = await openStore(environment, log);
  const ends: (() => Promise<unknown>)[] = [() => store.stop()];
  try {
    const applied = await migrate(store.db);
    if (applied.length > 0) log.info({ applied }, "the tables are up to date");
    const jobs: Jobs = openJobs(store, log);
    const app = buildApp({ ...parts, db: store.db, later: laterByJobs(jobs), draw });
    ends.push(() => app.close());
    await jobs.start();
    ends.push(() => jobs.stop());
    if (roles.has("worker")) {
      await workerRole(app, jobs, signal);
      // Before the queue waits for work in hand: a scan may take longer than a stop has time (R59).
      ends.push(() => app.reader.endRecognition());
    }
    if (roles.has("sender")) await senderRole(app, jobs);
    if (roles.has("scheduler")) {
      const tick = oneAtATime(() => schedulerTick(app, jobs));
      const wake = () =>
        void tick().catch((error: Error) =>
          log.error({ err: error }, "a tick failed; the next one asks again"),
        );
      const task = schedule(EVERY_MINUTE, wake, { timezone: campaign.timezone });
      ends.push(async () => task.stop());
      wake();
    }
    if (roles.has("console") || environment.isPortGiven) {
      const page = await openPage(app, environment, store.pool, roles.has("console"));
      if (page) ends.push(() => page.close());
    }
    const watching = keepWatch(beginWatch(app, roles, environment.dataDirectory));
    ends.push(() => watching.end());
    log.info({ roles: [...roles], campaign: campaign.code }, "ready");
    if (roles.has("intake")) {
      const connect = () => openConfiguredMailbox(campaign, environment, clock, log);
      await intakeRole({ app, jobs, connect, signal });
    }
    await stopped;
    log.info({}, "stopping");
    crashPoint("stopping");
  } finally {
    for (const end of ends.reverse())
      await end().catch((error: Error) => log.warn({ err: error }, "an end failed"));
  }
}

/** A taken port costs the page, not the mail: another process of this installation probably serves it already. */
async function openPage(
  { db, campaign, clock, log }: App,
  environment: Environment,
  pool: Pool,
  pages: boolean,
): Promise<RunningConsole | null> {
  const { consoleHost: host, consolePort: port } = environment;
  try {
    const page = await startConsole({ db, campaign, clock, log, host, port, pool, pages });
    log.info({ url: page.url }, "the page is served");
    return page;
  } catch (error) {
    log.error({ host, port, hint: "JINBOX_PORT=8026" }, `the page cannot be served: ${failureText(error)}`);
    return null;
  }
}
