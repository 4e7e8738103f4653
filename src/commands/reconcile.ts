// jinbox reconcile: every mail on the server has a record here, or is named.
import type { Campaign } from "../campaign/campaign.ts";
import { type Environment, readEnvironment } from "../campaign/environment.ts";
import { loadCampaign } from "../campaign/load.ts";
import { systemClock } from "../clock.ts";
import { openImap } from "../intake/imap.ts";
import type { LiveMailbox } from "../intake/mailbox.ts";
import { type Reconciliation, reconcile } from "../intake/reconcile.ts";
import { MailboxUnavailable } from "../intake/unavailable.ts";
import { createLogger, type Logger } from "../log.ts";
import { migrate } from "../store/migrate.ts";
import { openStore } from "../store/open.ts";
import { type Command, configOption, jsonOption, UsageError } from "./command.ts";

export const command: Command = {
  name: "reconcile",
  usage: "[--config FILE] [--json]",
  words: {
    en: "compares the mailbox with the records; exit 1 if a mail on the server has none",
    zh: "核对邮箱与台账：服务器上每封邮件都应有记录，否则列出并以 1 退出",
  },
  options: { config: configOption, json: jsonOption },
  positionals: false,
  run: async ({ values }) => {
    const environment = readEnvironment();
    const log = createLogger({ level: environment.logLevel, readable: process.stderr.isTTY === true });
    const { campaign } = loadCampaign((values.config as string | undefined) ?? environment.configFile);
    const mailbox = await openMailbox(campaign, environment, log);
    if (mailbox === null) return 1;
    try {
      const result = await compare(mailbox, environment, log);
      if (values.json) console.log(JSON.stringify({ mailbox: mailbox.name, ...result }));
      else print(mailbox.name, result);
      return result.missing.length === 0 ? 0 : 1;
    } finally {
      await mailbox.close();
    }
  },
};

async function openMailbox(
  { mailbox }: Campaign,
  { imapPassword }: Environment,
  log: Logger,
): Promise<LiveMailbox | null> {
  if (mailbox.imap === null) throw new UsageError("没有配置 mailbox.imap / mailbox.imap is not configured");
  if (imapPassword === null) throw new UsageError("请设置 JINBOX_IMAP_PASSWORD / set JINBOX_IMAP_PASSWORD");
  const settings = { ...mailbox.imap, password: imapPassword, maxBytes: mailbox.maxBytes };
  try {
    return await openImap(settings, systemClock, log);
  } catch (error) {
    if (!(error instanceof MailboxUnavailable)) throw error;
    console.error(`${error.hint.zh}\n${error.hint.en}\n(${error.message})`);
    return null;
  }
}

async function compare(mailbox: LiveMailbox, environment: Environment, log: Logger): Promise<Reconciliation> {
  const store = await openStore(environment, log);
  try {
    await migrate(store.db);
    return await reconcile(mailbox, store.db);
  } finally {
    await store.stop();
  }
}

function print(name: string, { onServer, missing }: Reconciliation): void {
  const recorded = onServer - missing.length;
  console.log(`${name}\n  服务器 / on the server  ${onServer}`);
  console.log(`  有记录 / recorded       ${recorded}\n  缺记录 / missing        ${missing.length}`);
  for (const { uid, bytes, arrivedAt } of missing) {
    console.log(`  uid ${uid}  ${arrivedAt.toISOString()}  ${bytes} bytes`);
  }
}
