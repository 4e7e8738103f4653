// The only place that reads or waits for real time; everything else is handed `now` or a Clock.
import { setTimeout as delay } from "node:timers/promises";

export interface Clock {
  now(): Date;
  /** Resolves after `ms` milliseconds; rejects with AbortError when `signal` fires. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => new Date(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, signal ? { signal } : {});
  },
};

/** A clock that stands still until told otherwise: for `simulate`, `demo` and tests. */
export interface VirtualClock extends Clock {
  /** Moves to `at`; never backwards (a step back is ignored, as a monotonic clock would). */
  moveTo(at: Date): void;
}

export function virtualClock(startsAt: Date): VirtualClock {
  let at = startsAt;
  return {
    now: () => at,
    sleep: async (ms) => {
      at = new Date(at.getTime() + ms);
    },
    moveTo: (to) => {
      if (to > at) at = to;
    },
  };
}

/** Acts after `ms` milliseconds if the process still runs then; nothing keeps it running until then. */
export function ifStillRunning(ms: number, act: () => void): void {
  setTimeout(act, ms).unref();
}

/** Milliseconds since `startedAt` on the monotonic clock: for measuring durations, never for dates. */
export function stopwatch(): () => number {
  const startedAt = performance.now();
  return () => performance.now() - startedAt;
}
