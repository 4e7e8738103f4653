// `jinbox simulate`: plays a folder of mails through the whole system on a virtual clock, all notices captured.

import { readdir, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { readEnvironment } from "../campaign/environment.ts";
import { loadCampaign } from "../campaign/load.ts";
import { virtualClock } from "../clock.ts";
import { createLogger } from "../log.ts";
import { captureTransport, folderTransport } from "../notice/transport.ts";
import { buildApp } from "../service/app.ts";
import { readMailFolder } from "../service/played.ts";
import { type PlayedMail, play, sameEveryTime } from "../service/playthrough.ts";
import { type PlayedNotice, playedNotices } from "../service/records.ts";
import { openScratch } from "../store/scratch.ts";
import { addDays, dateOf, instantOf, isoInZone, type PlainDate } from "../text/dates.ts";
import { type Command, configOption, dateOption, jsonOption, requiredText, UsageError } from "./command.ts";

export const command: Command = {
  name: "simulate",
  usage: "--mail DIR [--from D] [--to D] [--out DIR] [--config FILE] [--json]",
  words: {
    en: "play a folder of mails over any span on a virtual clock; nothing is sent, every notice is shown",
    zh: "用虚拟时钟重放一个邮件文件夹；不真正发信，列出每一封会发出的通知",
  },
  options: {
    mail: {
      type: "string",
      value: "DIR",
      words: {
        en: "folder of .eml files, those in folders within it too; an empty one shows what goes out when nobody writes",
        zh: "存放 .eml 的文件夹（含其中的子文件夹）；空文件夹则演示无人来信时会发什么",
      },
    },
    from: {
      type: "string",
      value: "YYYY-MM-DD",
      words: { en: "first day (default: the campaign's)", zh: "第一天（默认活动开始日）" },
    },
    to: {
      type: "string",
      value: "YYYY-MM-DD",
      words: { en: "last day, included (default: the campaign's)", zh: "最后一天，含当天（默认活动结束日）" },
    },
    out: {
      type: "string",
      value: "DIR",
      words: {
        en: "a new or empty folder: each notice is written there as .eml, the digest with its ledger",
        zh: "新的或空的文件夹：每封通知写成一个 .eml，简报带台账",
      },
    },
    config: configOption,
    json: jsonOption,
  },
  positionals: false,
  async run({ values }) {
    const environment = readEnvironment();
    const folder = requiredText(values.mail, "mail");
    const given = { from: dateOption(values.from, "from"), to: dateOption(values.to, "to") };
    const { campaign } = loadCampaign((values.config as string) ?? environment.configFile);
    // Today's keys and addresses say nothing of a mail of another day.
    campaign.mailbox.verify = false;
    const { from = campaign.opens, to = campaign.closes } = given;
    if (from > to) {
      throw new UsageError(`--from ${from} is after --to ${to} / 第一天 ${from} 晚于最后一天 ${to}`);
    }
    const inside = await mailsInside(folder, { from, to, timezone: campaign.timezone });
    const out = typeof values.out === "string" ? await emptyFolder(resolve(values.out)) : null;
    const log = createLogger({ level: "warn", readable: true });
    const store = await openScratch(environment, log);
    const clock = virtualClock(instantOf(addDays(from, -1), "12:00", campaign.timezone));
    const transport = out ? folderTransport(out, campaign.timezone) : captureTransport(() => undefined);
    const app = buildApp({ campaign, db: store.db, clock, log, transport, enclose: out !== null });
    try {
      const progress = process.stderr.isTTY
        ? async (on: string) => void process.stderr.write(`\r${on} … ${to}`)
        : undefined;
      await sameEveryTime(app);
      await play({ app, clock, mails: inside, from, to, ...(progress && { onDay: progress }) });
      if (progress) process.stderr.write("\r\x1b[K");
      for (const notice of await playedNotices(store.db, campaign.code))
        print(notice, campaign.timezone, Boolean(values.json));
    } finally {
      await app.close();
      await store.close();
    }
    return 0;
  },
};

interface Span {
  from: PlainDate;
  to: PlainDate;
  timezone: string;
}

const say = (line: string) => console.error(`jinbox simulate: ${line}`);

/** The mails to be played; of every other file below the folder that looks like a mail, stderr says why it is not. */
async function mailsInside(folder: string, { from, to, timezone }: Span): Promise<PlayedMail[]> {
  const found = await stat(folder).catch(() => null);
  if (!found?.isDirectory()) {
    throw new UsageError(`--mail ${folder}: there is no such folder / 没有这个文件夹`);
  }
  const { mails, undated } = await readMailFolder(folder);
  if (mails.length + undated.length === 0) say(`${folder}: no .eml file in it / 其中没有 .eml 文件`);
  for (const name of undated) say(`${name} tells no time of arrival: skipped / 没有到达时间，跳过`);
  return mails.filter(({ name, arrivedAt }) => {
    const on = dateOf(arrivedAt, timezone);
    const plays = on >= from && on <= to;
    if (!plays) say(`${name} arrived on ${on}, outside ${from} … ${to}: skipped / 不在时间范围内，跳过`);
    return plays;
  });
}

/** What an earlier simulation wrote must not look as if it were this one's. */
async function emptyFolder(folder: string): Promise<string> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  if (names.length > 0) {
    throw new UsageError(`--out ${folder}: not empty; name a new folder / 不是空文件夹，请另写一个新的`);
  }
  return folder;
}

function print({ at, ...notice }: PlayedNotice, timezone: string, json: boolean): void {
  const when = isoInZone(at, timezone);
  if (json) console.log(JSON.stringify({ at: when, ...notice }));
  else {
    const cc = notice.cc.length > 0 ? ` (cc ${notice.cc.join(", ")})` : "";
    console.log(
      `${when.slice(0, 16).replace("T", " ")}  ${notice.kind.padEnd(15)} ${notice.to}${cc}  ${notice.subject}`,
    );
  }
}
