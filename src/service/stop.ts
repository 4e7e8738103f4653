// Told to stop: SIGTERM and SIGINT end the work in hand; a second one ends the process at once.
import { ifStillRunning } from "../clock.ts";

/** Every step is committed as it is done: what hangs then may be cut off, and is taken up again like after a crash (R59). */
const END_WITHIN_MS = 9_500;

export interface StopRequest {
  signal: AbortSignal;
  /** Resolves when the process was told to stop. */
  stopped: Promise<void>;
}

export function untilStopped(): StopRequest {
  const controller = new AbortController();
  const stopped = new Promise<void>((resolve) => {
    const stop = () => {
      if (controller.signal.aborted) process.exit(130);
      ifStillRunning(END_WITHIN_MS, () => process.exit(1));
      controller.abort();
      resolve();
    };
    process.on("SIGTERM", stop);
    process.on("SIGINT", stop);
  });
  return { signal: controller.signal, stopped };
}
