// Waiting for something another process does.
import { systemClock } from "../../src/clock.ts";

/** Asks again until it is so; throws, naming what was waited for, when the limit has passed. */
export async function until(
  what: string,
  isSo: () => Promise<boolean> | boolean,
  limitMs = 60_000,
): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`not within ${limitMs} ms: ${what}`);
    await systemClock.sleep(25);
  }
}
