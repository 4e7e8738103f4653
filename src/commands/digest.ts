// `jinbox digest`: writes the office's digest that is due, or shows what it would say.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Campaign } from "../campaign/campaign.ts";
import { readEnvironment } from "../campaign/environment.ts";
import { loadCampaign } from "../campaign/load.ts";
import { systemClock } from "../clock.ts";
import { calendarOf } from "../deadline/calendar.ts";
import { type ComposedDigest, composeDigest } from "../digest/compose.ts";
import { dailyDigest, digestInstant } from "../digest/daily.ts";
import { digestKey, EDITIONS, type Edition } from "../digest/edition.ts";
import { draw } from "../digest/picture/draw.ts";
import { createLogger } from "../log.ts";
import { composeMessage } from "../notice/compose.ts";
import { noticeMessageId } from "../notice/identity.ts";
import { byCommand, recordAudit } from "../store/audit.ts";
import { migrate } from "../store/migrate.ts";
import { openStore } from "../store/open.ts";
import { dateOf } from "../text/dates.ts";
import { type Command, configOption, dateOption, UsageError } from "./command.ts";
import { makeOutFolder } from "./out-folder.ts";

export const command: Command = {
  name: "digest",
  usage: "[--date D] [--edition daily|weekly|final] [--dry-run] [--out DIR] [--config FILE]",
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
    edition: {
      type: "string",
      value: "daily|weekly|final",
      words: {
        en: "that edition, whatever the day; without it, the one that is due",
        zh: "指定日报、周报或终报；不写则按当天应发的",
      },
    },
    "dry-run": {
      type: "boolean",
      words: { en: "print it; nothing is written to the outbox", zh: "只显示，不写入发信队列" },
    },
    out: {
      type: "string",
      value: "DIR",
      words: {
        en: "also write it as .eml, .html, .xlsx and .png into a folder",
        zh: "同时写成 .eml、.html、.xlsx、.png 文件",
      },
    },
    config: configOption,
  },
  positionals: false,
  async run({ values }) {
    const environment = readEnvironment();
    const { campaign } = loadCampaign((values.config as string) ?? environment.configFile);
    const date = dateOption(values.date, "date");
    const edition = editionOption(values.edition);
    const log = createLogger({ level: environment.logLevel, readable: process.stderr.isTTY === true });
    const store = await openStore(environment, log);
    try {
      await migrate(store.db);
      const realNow = systemClock.now();
      const now = date ? digestInstant(campaign, date, realNow) : realNow;
      const context = { db: store.db, campaign, calendar: calendarOf(campaign), now, log, draw };
      const out = values.out as string | undefined;
      if (values["dry-run"] || out) {
        const on = date ?? dateOf(now, campaign.timezone);
        const composed = await composeDigest(context, on, edition);
        if (out) await writeFiles(out, on, composed, campaign, now);
        if (values["dry-run"]) console.log(`${composed.words.subject}\n\n${composed.words.text}`);
      }
      if (values["dry-run"]) return 0;
      const outcome = await dailyDigest(context, edition);
      const entry = { action: "digest" as const, about: edition ?? "due" };
      if (outcome === "sent") await recordAudit(store.db, campaign.code, byCommand(realNow), [entry]);
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

function editionOption(value: unknown): Edition | null {
  if (value === undefined) return null;
  const edition = EDITIONS.find((known) => known === value);
  if (!edition)
    throw new UsageError(
      `--edition ${value}: daily（日报）、weekly（周报）、final（终报） / daily, weekly or final`,
    );
  return edition;
}

/** The mail as it would be sent, and what is in it by itself: the page shows its picture from the file beside it. */
async function writeFiles(
  folder: string,
  on: string,
  { digest, words, attachments }: ComposedDigest,
  campaign: Campaign,
  at: Date,
): Promise<void> {
  await makeOutFolder(folder);
  const key = digestKey(on, digest.edition);
  const message = await composeMessage({
    ...words,
    ...{ key, kind: "digest", to: campaign.office.members, cc: [], attachments, attempts: 1, at },
    from: { name: campaign.office.name, email: campaign.mailbox.address },
    ...{ messageId: noticeMessageId(campaign, key), inReplyTo: null, references: [] },
  });
  const name = key.replaceAll("/", "-");
  await writeFile(join(folder, `${name}.eml`), message);
  let page = words.html ?? "";
  for (const { filename, contentId, content } of attachments) {
    if (contentId) page = page.replaceAll(`cid:${contentId}`, filename);
    await writeFile(join(folder, filename), content);
  }
  await writeFile(join(folder, `${name}.html`), page);
}
