// `jinbox digest`: writes the office's digest that is due, or shows what it would say.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Campaign } from "../campaign/campaign.ts";
import { readEnvironment } from "../campaign/environment.ts";
import { loadCampaign } from "../campaign/load.ts";
import { systemClock } from "../clock.ts";
import { calendarOf } from "../deadline/calendar.ts";
import { type ComposedDigest, composeDigest, dailyDigest, digestInstant, XLSX } from "../digest/daily.ts";
import { createLogger } from "../log.ts";
import { composeMessage } from "../notice/compose.ts";
import { noticeMessageId } from "../notice/identity.ts";
import { migrate } from "../store/migrate.ts";
import { openStore } from "../store/open.ts";
import { dateOf } from "../text/dates.ts";
import { type Command, configOption, dateOption } from "./command.ts";

export const command: Command = {
  name: "digest",
  usage: "[--date D] [--dry-run] [--out DIR] [--config FILE]",
  words: {
    en: "write the office's digest that is due, or show what it would say",
    zh: "生成到期的每日简报，或显示将要发出的内容",
  },
  options: {
    date: {
      type: "string",
      value: "YYYY-MM-DD",
      words: { en: "the digest of that day, as of its hour", zh: "某一天的简报，按当天发送时刻统计" },
    },
    "dry-run": {
      type: "boolean",
      words: { en: "print it; nothing is written to the outbox", zh: "只显示，不写入发信队列" },
    },
    out: {
      type: "string",
      value: "DIR",
      words: {
        en: "also write it as .eml, .html and .xlsx into a folder",
        zh: "同时写成 .eml、.html、.xlsx 文件",
      },
    },
    config: configOption,
  },
  positionals: false,
  async run({ values }) {
    const environment = readEnvironment();
    const { campaign } = loadCampaign((values.config as string) ?? environment.configFile);
    const date = dateOption(values.date, "date");
    const log = createLogger({ level: environment.logLevel, readable: process.stderr.isTTY === true });
    const store = await openStore(environment, log);
    try {
      await migrate(store.db);
      const realNow = systemClock.now();
      const now = date ? digestInstant(campaign, date, realNow) : realNow;
      const context = { db: store.db, campaign, calendar: calendarOf(campaign), now, log };
      const out = values.out as string | undefined;
      if (values["dry-run"] || out) {
        const on = date ?? dateOf(now, campaign.timezone);
        const composed = await composeDigest(context, on);
        if (out) await writeFiles(out, on, composed, campaign, now);
        if (values["dry-run"]) console.log(`${composed.words.subject}\n\n${composed.words.text}`);
      }
      if (values["dry-run"]) return 0;
      const outcome = await dailyDigest(context);
      console.log(outcomes[outcome]);
      return 0;
    } finally {
      await store.stop();
    }
  },
};

const outcomes = {
  sent: "简报已写入发信队列 / the digest is in the outbox",
  already: "这一天的简报已经有了 / that day's digest has been written before",
  "not-due": "现在没有到期的简报 / no digest is due now",
};

async function writeFiles(
  folder: string,
  on: string,
  { words, ledger }: ComposedDigest,
  campaign: Campaign,
  at: Date,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const attachments = ledger
    ? [{ filename: ledger.filename, mediaType: XLSX, content: ledger.bytes, contentId: null }]
    : [];
  const key = `digest/${on}`;
  const message = await composeMessage({
    ...words,
    ...{ key, kind: "digest", to: campaign.office.members, cc: [], attachments, attempts: 1, at },
    from: { name: campaign.office.name, email: campaign.mailbox.address },
    ...{ messageId: noticeMessageId(campaign, key), inReplyTo: null, references: [] },
  });
  await writeFile(join(folder, `digest-${on}.eml`), message);
  await writeFile(join(folder, `digest-${on}.html`), words.html ?? "");
  if (ledger) await writeFile(join(folder, ledger.filename), ledger.bytes);
}
