// The database of this installation: DATABASE_URL, or the embedded server under the data directory.
import type { Environment } from "../campaign/environment.ts";
import type { Logger } from "../log.ts";
import { type OpenDatabase, openDatabase } from "./database.ts";
import { startEmbedded } from "./embedded.ts";
import { endOnSignal } from "./signals.ts";
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
  const stop = endOnSignal(async () => {
    await database.close();
    await server.stop();
  });
  return { ...database, url: server.url, stop };
}
