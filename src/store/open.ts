// The database of this installation: DATABASE_URL, or the embedded server under the data directory.
import type { Environment } from "../campaign/environment.ts";
import type { Logger } from "../log.ts";
import { type OpenDatabase, openDatabase } from "./database.ts";
import { startEmbedded } from "./embedded.ts";

export interface OpenStore extends OpenDatabase {
  url: string;
  /** Closes the pool; stops the embedded server if nobody else uses it. */
  stop(): Promise<void>;
}

/** Ready to use once `migrate` has run. Call `stop()` when done. */
export async function openStore(
  environment: Pick<Environment, "databaseUrl" | "dataDirectory">,
  log: Logger,
): Promise<OpenStore> {
  if (environment.databaseUrl !== null) {
    const database = openDatabase(environment.databaseUrl, log);
    return { ...database, url: environment.databaseUrl, stop: database.close };
  }
  const server = await startEmbedded(environment.dataDirectory, log);
  const database = openDatabase(server.url, log);
  const forget = stopOnSignals(server.stop);
  const stop = async (): Promise<void> => {
    forget();
    await database.close();
    await server.stop();
  };
  return { ...database, url: server.url, stop };
}

/**
 * The server runs in a session of its own and would outlive a command ended by a signal. Where somebody else handles
 * the signal too (the service draining its work), ending is theirs and calls `stop()`.
 */
function stopOnSignals(stop: () => Promise<void>): () => void {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (process.listenerCount(signal) > 1) return;
    void stop().finally(() => {
      forget();
      process.kill(process.pid, signal);
    });
  };
  const forget = (): void => {
    for (const signal of signals) process.off(signal, onSignal);
  };
  for (const signal of signals) process.on(signal, onSignal);
  return forget;
}
