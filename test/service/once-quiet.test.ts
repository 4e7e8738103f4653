// Work that waits until nobody asks for it any more.
import { expect, test } from "vitest";
import type { Clock } from "../../src/clock.ts";
import { onceQuiet } from "../../src/service/once-quiet.ts";

/** A clock whose sleepers wake when the test says so. */
function clockByHand() {
  let sleepers: (() => void)[] = [];
  const clock: Clock = {
    now: () => new Date(0),
    sleep: (_ms, signal) =>
      new Promise((wake, refuse) => {
        sleepers.push(wake);
        signal?.addEventListener("abort", () => refuse(new Error("aborted")));
      }),
  };
  const wakeAll = async (): Promise<void> => {
    const waking = sleepers;
    sleepers = [];
    for (const wake of waking) wake();
    await new Promise((settled) => setImmediate(settled));
  };
  return { clock, wakeAll };
}

test("is done once after the last asking, and again when asked again", async () => {
  const { clock, wakeAll } = clockByHand();
  let done = 0;
  const ask = onceQuiet({ clock, signal: new AbortController().signal }, 2_000, async () => {
    done += 1;
  });
  ask();
  // Asked in the middle of the quiet: it begins anew.
  ask();
  await wakeAll();
  expect(done).toBe(0);
  await wakeAll();
  expect(done).toBe(1);
  await wakeAll();
  expect(done).toBe(1);
  ask();
  await wakeAll();
  expect(done).toBe(2);
});

test("is left to others once its process is told to stop", async () => {
  const { clock, wakeAll } = clockByHand();
  const ending = new AbortController();
  let done = 0;
  const ask = onceQuiet({ clock, signal: ending.signal }, 2_000, async () => {
    done += 1;
  });
  ask();
  ending.abort();
  await wakeAll();
  expect(done).toBe(0);
});
