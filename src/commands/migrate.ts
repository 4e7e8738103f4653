// jinbox migrate: makes the tables of this version, or says that they are there.
import { readEnvironment } from "../campaign/environment.ts";
import { systemClock } from "../clock.ts";
import { createLogger } from "../log.ts";
import type { Database } from "../store/database.ts";
import { migrate } from "../store/migrate.ts";
import { openStore } from "../store/open.ts";
import { grantTo } from "../store/rights.ts";
import { type Command, type ExitCode, UsageError } from "./command.ts";

export const command: Command = {
  name: "migrate",
  usage: "[--grant ROLE]",
  words: {
    en: "creates or upgrades the tables; safe to repeat, and to start twice at once",
    zh: "建立或升级数据表；可重复执行",
  },
  options: {
    grant: {
      type: "string",
      value: "ROLE",
      words: {
        en: "give this existing database role what running the service needs, and nothing else (no DDL, no deleting of history)",
        zh: "给这个已有的数据库用户运行所需的权限，此外一概不给（不能改表，不能删改记录）；日常运行用它",
      },
    },
  },
  positionals: false,
  run: async ({ values }) => {
    const environment = readEnvironment();
    const log = createLogger({ level: environment.logLevel, readable: process.stderr.isTTY === true });
    const store = await openStore(environment, log);
    try {
      const applied = await migrate(store.db);
      for (const name of applied) console.log(name);
      const role = values.grant as string | undefined;
      if (role !== undefined) return await grant(store.db, role);
      if (applied.length === 0) console.error("数据表已是最新 / the tables are up to date");
      return 0;
    } finally {
      await store.stop();
    }
  },
};

async function grant(db: Database, role: string): Promise<ExitCode> {
  const refused = await grantTo(db, role, systemClock.now());
  if (refused === "no-such-role")
    throw new UsageError(
      `--grant ${role}: 没有这个数据库用户，请先建立 / no such role, make it first: CREATE ROLE ${role} LOGIN PASSWORD '…'`,
    );
  if (refused === "owns") {
    console.error(
      `${role} 是表的所有者或超级用户，限制不了它：请另建一个 / owns the tables or is a superuser, rights do not bind it: make another`,
    );
    return 1;
  }
  console.log(`${role} 可以运行 jinbox run 了 / may run jinbox run now`);
  return 0;
}
