// Started once before all tests: one real PostgreSQL with a migrated database that every test file copies.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { silentLogger } from "../../src/log.ts";
import { openDatabase } from "../../src/store/database.ts";
import { startEmbedded } from "../../src/store/embedded.ts";
import { migrate } from "../../src/store/migrate.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** URL of the migrated database that testDatabase() copies; nobody may connect to it. */
    templateDatabase: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "jinbox-test-"));
  const server = await startEmbedded(folder, silentLogger);
  const end = async (): Promise<void> => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  const template = openDatabase(server.url, silentLogger, 2);
  try {
    await migrate(template.db);
  } catch (error) {
    await end();
    throw error;
  } finally {
    await template.close();
  }
  project.provide("templateDatabase", server.url);
  return end;
}
