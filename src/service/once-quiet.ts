// Work that waits until nobody has asked for it for a while: what must not take the machine from more urgent work.
import type { Clock } from "../clock.ts";

/** Returns the asking. Of any number of times it is asked, `work` is done once they have stopped; not after `signal`. */
export function onceQuiet(
  { clock, signal }: { clock: Clock; signal: AbortSignal },
  quietMs: number,
  work: () => Promise<void>,
): () => void {
  let asked = 0;
  let done = 0;
  let isWaiting = false;
  const wait = async (): Promise<void> => {
    while (done !== asked) {
      const before = asked;
      await clock.sleep(quietMs, signal);
      if (before !== asked) continue;
      done = asked;
      await work();
    }
  };
  return () => {
    asked += 1;
    if (isWaiting) return;
    isWaiting = true;
    // Rejected only when it is told to stop: then whoever comes next does the work.
    void wait()
      .catch(() => undefined)
      .finally(() => {
        isWaiting = false;
      });
  };
}
