// jinbox migrate: makes the tables of this version, or says that they are there.
import { readEnvironment } from "../campaign/environment.ts";
import { createLogger } from "../log.ts";
import { migrate } from "../store/migrate.ts";
import { openStore } from "../store/open.ts";
import type { Command } from "./command.ts";

export const command: Command = {
  name: "migrate",
  usage: "",
  words: {
    en: "creates or upgrades the tables; safe to repeat, and to start twice at once",
    zh: "建立或升级数据表；可重复执行",
  },
  options: {},
  positionals: false,
  run: async () => {
    const environment = readEnvironment();
    const log = createLogger({ level: environment.logLevel, readable: process.stderr.isTTY === true });
    const store = await openStore(environment, log);
    try {
      const applied = await migrate(store.db);
      for (const name of applied) console.log(name);
      if (applied.length === 0) console.error("数据表已是最新 / the tables are up to date");
      return 0;
    } finally {
      await store.stop();
    }
  },
};
