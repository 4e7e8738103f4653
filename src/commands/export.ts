// `jinbox export --out F.xlsx`: the ledger as a file that is either whole or not there.
import { readEnvironment } from "../campaign/environment.ts";
import { loadCampaign } from "../campaign/load.ts";
import { systemClock } from "../clock.ts";
import { calendarOf } from "../deadline/calendar.ts";
import { currentObligations } from "../deadline/records.ts";
import { ledgerFormat, writeLedger } from "../digest/ledger.ts";
import { createLogger } from "../log.ts";
import { migrate } from "../store/migrate.ts";
import { openStore } from "../store/open.ts";
import { type Command, configOption, requiredText, UsageError } from "./command.ts";
import { writeWholeFile } from "./whole-file.ts";

export const command: Command = {
  name: "export",
  usage: "--out F.xlsx|F.csv|F.json [--config FILE]",
  words: { en: "the ledger as a spreadsheet", zh: "导出台账" },
  options: {
    out: {
      type: "string",
      value: "FILE",
      words: {
        en: ".xlsx: submissions by type, what is owed, what is held; .csv and .json: submissions only",
        zh: ".xlsx 含各类材料、应交情况、待人工；.csv 与 .json 只含材料",
      },
    },
    config: configOption,
  },
  positionals: false,
  async run({ values }) {
    const out = requiredText(values.out, "out");
    const format = ledgerFormat(out);
    if (!format)
      throw new UsageError(
        "--out: write a name ending in .xlsx, .csv or .json / 文件名须以 .xlsx、.csv 或 .json 结尾",
      );
    const environment = readEnvironment();
    const { campaign } = loadCampaign((values.config as string) ?? environment.configFile);
    const log = createLogger({ level: environment.logLevel, readable: process.stderr.isTTY === true });
    const store = await openStore(environment, log);
    try {
      await migrate(store.db);
      const now = systemClock.now();
      const obligations = await currentObligations(store.db, campaign, calendarOf(campaign), now);
      await writeWholeFile(out, (file) => writeLedger(store.db, { campaign, obligations }, file, format));
      console.log(out);
      return 0;
    } finally {
      await store.stop();
    }
  },
};
