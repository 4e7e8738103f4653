// The passes that `run`, `poll`, `simulate` and the demo share: each asks "what is open now?" and does it once.
import { dailyDigest } from "../digest/daily.ts";
import { handleMessages } from "../journey.ts";
import { chase, dutyCheck } from "../notice/chase.ts";
import { sendDue } from "../notice/send.ts";
import { compareRest } from "../submission/likeness/likeness.ts";
import { recogniseNext } from "../submission/recognition.ts";
import { stillReceived } from "../submission/records.ts";
import type { App } from "./app.ts";

const BATCH = 100;

/** Handles every message that can be handled; returns how many came to an end. Those with scans may wait afterwards. */
export async function handleOpen(app: App): Promise<number> {
  let handled = 0;
  for (;;) {
    const ids = await stillReceived(app.db, app.campaign.code, BATCH);
    if (ids.length === 0) return handled;
    handled += await handleMessages(app, ids);
  }
}

/** Handles every message, and recognises what they wait for in between: nothing is open afterwards. */
export async function handleAll(app: App): Promise<number> {
  let handled = await handleOpen(app);
  while (await recogniseNext(app)) handled += await handleOpen(app);
  return handled;
}

/** Writes the reminders, overdue notices and the digest that are due now and have not been written. */
export async function duePass(app: App): Promise<void> {
  await chasePass(app);
  await comparePass(app);
  await dailyDigest({ ...app, now: app.clock.now() });
}

/** Writes the reminders and overdue notices alone. */
export async function chasePass(app: App): Promise<void> {
  const now = app.clock.now();
  // Most minutes of a year are night or days off: none may leave then.
  if (app.calendar.isNoticeTime(now)) await chase(app, now);
}

/** Compares what was filed since with all there is. Hints only: what goes wrong with them must not cost the digest. */
export async function comparePass({ db, campaign, clock, log }: App): Promise<void> {
  await compareRest(db, campaign, clock.now()).catch((error: Error) =>
    log.error({ err: error }, "what was filed could not be compared; the next pass tries again"),
  );
}

/** Sends what may leave now, each notice only if it is still true; returns how many were accepted. */
export async function sendPass(app: App): Promise<number> {
  const { accepted } = await sendDue({ ...app, stillTrue: dutyCheck(app) });
  return accepted;
}
