// The intake role: keeps one connection to the mailbox, takes in what comes, and comes back after every failure.
import { schedule } from "node-cron";
import { takeIn } from "../intake/intake.ts";
import type { LiveMailbox } from "../intake/mailbox.ts";
import { MailboxUnavailable, pauseAfter } from "../intake/unavailable.ts";
import type { Jobs } from "../store/jobs.ts";
import type { App } from "./app.ts";
import { enqueueHandling } from "./roles.ts";
import { liveAtOf } from "./source.ts";

/** Between two looks at the mailbox when nothing is announced and no cron poll wakes. */
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
          await mailbox.waitForNews(LONGEST_WAIT_MS, AbortSignal.any([signal, poll.next()]));
          if (signal.aborted) break;
        }
      } catch (error) {
        if (signal.aborted) break;
        failures += 1;
        const isMailbox = error instanceof MailboxUnavailable;
        const pauseMs = pauseAfter(isMailbox ? error.kind : "network", failures, Math.random());
        if (isMailbox) {
          const { kind, message, hint } = error;
          log.error(
            { kind, failures, pauseMs, hint: hint.zh, hintEnglish: hint.en },
            `the mailbox cannot be read: ${message}`,
          );
        } else {
          // Nothing was marked on the server: the mails are listed again.
          log.error({ err: error as Error, failures, pauseMs }, "what came could not be recorded");
        }
        await clock.sleep(pauseMs, signal).catch(() => undefined);
      } finally {
        await mailbox?.close().catch(() => undefined);
      }
    }
  } finally {
    poll.stop();
  }
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
