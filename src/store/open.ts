// The database of this installation: DATABASE_URL, or the embedded server under the data directory.
import type { Environment } from "../campaign/environment.ts";
import type { Logger } from "../log.ts";
import { type OpenDatabase, openDatabase } from "./database.ts";
import { startEmbedded } from "./embedded.ts";
import { DatabaseUnavailable } from "./unavailable.ts";

export interface OpenStore extends OpenDatabase {
  url: string;
  /** Closes the pool; stops the embedded server if nobody else uses it. */
  stop(): Promise<void>;
}

/** Ready to use once `migrate` has run. Call `stop()` when done. Rejects with DatabaseUnavailable, which says what to do. */
export async function openStore(
  environment: Pick<Environment, "databaseUrl" | "dataDirectory">,
  log: Logger,
): Promise<OpenStore> {
  if (environment.databaseUrl !== null) {
    const url = environment.databaseUrl;
    const database = openDatabase(url, log);
    try {
      await database.pool.query("select 1");
    } catch (error) {
      await database.close();
      throw new DatabaseUnavailable(url, error);
    }
    return { ...database, url, stop: database.close };
  }
  const server = await startEmbedded(environment.dataDirectory, log);
  const database = openDatabase(server.url, log);
  const stop = async (): Promise<void> => {
    started.delete(stop);
    listen();
    await database.close();
    await server.stop();
  };
  started.add(stop);
  listen();
  return { ...database, url: server.url, stop };
}

/** Embedded servers in use by this process: each runs in a session of its own and would outlive a signal. */
const started = new Set<() => Promise<void>>();
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

function listen(): void {
  for (const signal of signals) {
    process.off(signal, onSignal);
    if (started.size > 0) process.on(signal, onSignal);
  }
}

/** Where somebody else handles the signal too (the service, draining its work), ending is theirs and calls `stop`. */
function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  void Promise.allSettled([...started].map((stop) => stop())).then(() => process.kill(process.pid, signal));
}
