// `jinbox backlog`: mail that was in the mailbox before going live is filed at once and answered only on request.
import { readEnvironment } from "../campaign/environment.ts";
import { loadCampaign } from "../campaign/load.ts";
import { systemClock } from "../clock.ts";
import { createLogger } from "../log.ts";
import { countWaiting, dropWaiting, letWaitingGo } from "../notice/outbox.ts";
import { migrate } from "../store/migrate.ts";
import { openStore } from "../store/open.ts";
import { type Command, configOption, UsageError } from "./command.ts";

export const command: Command = {
  name: "backlog",
  usage: "[--answer | --dismiss] [--config FILE]",
  words: {
    en: "mail older than going live: how many answers wait; send them, or decide that none is needed",
    zh: "上线之前就在邮箱里的来信：有多少封回执在等；发出它们，或决定不再回复",
  },
  options: {
    answer: {
      type: "boolean",
      words: { en: "send the waiting answers (paced as always)", zh: "发出等待中的回执（仍按限速）" },
    },
    dismiss: { type: "boolean", words: { en: "never send them", zh: "不再发出这些回执" } },
    config: configOption,
  },
  positionals: false,
  async run({ values }) {
    if (values.answer && values.dismiss)
      throw new UsageError("--answer or --dismiss, not both / 二者只能选一");
    const environment = readEnvironment();
    const { campaign } = loadCampaign((values.config as string) ?? environment.configFile);
    const store = await openStore(environment, createLogger({ level: "warn", readable: true }));
    try {
      await migrate(store.db);
      const now = systemClock.now();
      if (values.answer) {
        const sent = await store.db.transaction().execute((trx) => letWaitingGo(trx, campaign, now));
        console.log(`${sent} 封回执将由 jinbox run 发出 / answers will be sent by jinbox run`);
      } else if (values.dismiss) {
        const dropped = await store.db.transaction().execute((trx) => dropWaiting(trx, campaign, now));
        console.log(`${dropped} 封回执不再发出 / answers will not be sent`);
      } else {
        const waiting = await countWaiting(store.db, campaign);
        console.log(`${waiting} 封回执在等办公室决定 / answers wait for the office`);
        if (waiting > 0)
          console.log(
            "  jinbox backlog --answer   发出 / send\n  jinbox backlog --dismiss  不发 / do not send",
          );
      }
      return 0;
    } finally {
      await store.stop();
    }
  },
};
