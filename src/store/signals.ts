// What must be ended with the process: an embedded server runs in a session of its own and would outlive a signal.

const ends = new Set<() => Promise<void>>();
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
let isSignalled = false;

/** A signal is ending this process: what breaks off now is no news. */
export const isEnding = (): boolean => isSignalled;

/** `end`, also called when a signal ends the process; only the first call does anything, and all wait for it. */
export function endOnSignal(end: () => Promise<void>): () => Promise<void> {
  let ended: Promise<void> | null = null;
  const once = (): Promise<void> => {
    ended ??= end().finally(() => {
      ends.delete(once);
      listen();
    });
    return ended;
  };
  ends.add(once);
  listen();
  return once;
}

function listen(): void {
  for (const signal of signals) {
    process.off(signal, onSignal);
    if (ends.size > 0) process.on(signal, onSignal);
  }
}

/** Where somebody else handles the signal too (the service, draining its work), ending is theirs. A second signal waits for nothing. */
function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  if (isSignalled) process.exit(130);
  isSignalled = true;
  void Promise.allSettled([...ends].map((end) => end())).then(() => process.kill(process.pid, signal));
}
