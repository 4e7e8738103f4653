// The intake role: keeps one connection to the mailbox, takes in what comes, and comes back after every failure.
import { schedule } from "node-cron";
import { takeIn } from "../intake/intake.ts";
import type { LiveMailbox } from "../intake/mailbox.ts";
import { pauseAfter, unavailable } from "../intake/unavailable.ts";
import type { Jobs } from "../store/jobs.ts";
import type { App } from "./app.ts";
import { enqueueHandling } from "./roles.ts";
import { liveAtOf } from "./source.ts";

/** Between two polls when IDLE is off or the server has none; the cron poll wakes earlier. */
const LONGEST_WAIT_MS = 300_000;

export interface IntakeRole {
  app: App;
  jobs: Jobs;
  connect: () => Promise<LiveMailbox>;
  signal: AbortSignal;
}

/** Runs until told to stop. A failure is logged with its hint, then the mailbox is opened anew (R8, R9, R12). */
export async function intakeRole({ app, jobs, connect, signal }: IntakeRole): Promise<void> {
  const { clock, log, campaign } = app;
  const poll = pollSignal(campaign.mailbox.poll, campaign.timezone);
  let failures = 0;
  try {
    while (!signal.aborted) {
      let mailbox: LiveMailbox | null = null;
      try {
        mailbox = await connect();
        log.info({ mailbox: mailbox.name }, "reading the mailbox");
        for (;;) {
          const taken = await takeIn(mailbox, {
            ...app,
            enqueue: enqueueHandling(jobs),
            ...liveAtOf(campaign),
          });
          failures = 0;
          if (taken.recorded > 0) log.info({ ...taken }, "took in mail");
          if (signal.aborted) break;
          await waitForMail(app, mailbox, poll, signal);
          if (signal.aborted) break;
        }
      } catch (error) {
        if (signal.aborted) break;
        const { kind, message, hint } = unavailable(error);
        failures += 1;
        const pauseMs = pauseAfter(kind, failures, Math.random());
        log.error(
          { kind, failures, pauseMs, hint: hint.zh, hintEnglish: hint.en },
          `the mailbox cannot be read: ${message}`,
        );
        await clock.sleep(pauseMs, signal).catch(() => undefined);
      } finally {
        await mailbox?.close().catch(() => undefined);
      }
    }
  } finally {
    poll.stop();
  }
}

async function waitForMail(
  app: App,
  mailbox: LiveMailbox,
  poll: PollSignal,
  signal: AbortSignal,
): Promise<void> {
  const woken = AbortSignal.any([signal, poll.next()]);
  if (app.campaign.mailbox.idle) await mailbox.waitForNews(LONGEST_WAIT_MS, woken);
  else await app.clock.sleep(LONGEST_WAIT_MS, woken).catch(() => undefined);
}

interface PollSignal {
  /** Aborts at the next tick of the poll. */
  next(): AbortSignal;
  stop(): void;
}

/** The poll of the configuration as a signal: a tick only wakes, and what is new decides itself. */
function pollSignal(expression: string, timezone: string): PollSignal {
  let controller = new AbortController();
  const task = schedule(
    expression,
    () => {
      controller.abort();
      controller = new AbortController();
    },
    { timezone },
  );
  return {
    next: () => controller.signal,
    stop: () => {
      void task.stop();
    },
  };
}
