// What must be ended with the process: an embedded server runs in a session of its own and would outlive a signal.

const ends = new Set<() => Promise<void>>();
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
let isSignalled = false;

/** A signal is ending this process: what breaks off now is no news. */
export const isEnding = (): boolean => isSignalled;

/** Ends this when a signal ends the process; returns what to call when it was ended otherwise. */
export function endOnSignal(end: () => Promise<void>): () => void {
  ends.add(end);
  listen();
  return () => {
    ends.delete(end);
    listen();
  };
}

function listen(): void {
  for (const signal of signals) {
    process.off(signal, onSignal);
    if (ends.size > 0) process.on(signal, onSignal);
  }
}

/** Where somebody else handles the signal too (the service, draining its work), ending is theirs. */
function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  isSignalled = true;
  void Promise.allSettled([...ends].map((end) => end())).then(() => {
    ends.clear();
    listen();
    process.kill(process.pid, signal);
  });
}
