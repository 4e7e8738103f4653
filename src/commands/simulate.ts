// `jinbox simulate`: plays a folder of mails through the whole system on a virtual clock, all notices captured.

import { readEnvironment } from "../campaign/environment.ts";
import { loadCampaign } from "../campaign/load.ts";
import { virtualClock } from "../clock.ts";
import { createLogger } from "../log.ts";
import { captureTransport } from "../notice/transport.ts";
import { buildApp } from "../service/app.ts";
import { readMailFolder } from "../service/played.ts";
import { play } from "../service/playthrough.ts";
import { type PlayedNotice, playedNotices } from "../service/records.ts";
import { openScratch } from "../store/scratch.ts";
import { addDays, dateOf, instantOf, isoInZone } from "../text/dates.ts";
import { type Command, configOption, dateOption, jsonOption, requiredText } from "./command.ts";

export const command: Command = {
  name: "simulate",
  usage: "--mail DIR [--from D] [--to D] [--config FILE] [--json]",
  words: {
    en: "play a folder of mails over any span on a virtual clock; nothing is sent, every notice is shown",
    zh: "用虚拟时钟重放一个邮件文件夹；不真正发信，列出每一封会发出的通知",
  },
  options: {
    mail: { type: "string", value: "DIR", words: { en: "folder of .eml files", zh: "存放 .eml 的文件夹" } },
    from: {
      type: "string",
      value: "YYYY-MM-DD",
      words: { en: "first day (default: the campaign's)", zh: "第一天（默认活动开始日）" },
    },
    to: {
      type: "string",
      value: "YYYY-MM-DD",
      words: { en: "last day (default: the campaign's)", zh: "最后一天（默认活动结束日）" },
    },
    config: configOption,
    json: jsonOption,
  },
  positionals: false,
  async run({ values }) {
    const environment = readEnvironment();
    const { campaign } = loadCampaign((values.config as string) ?? environment.configFile);
    const from = dateOption(values.from, "from") ?? campaign.opens;
    const to = dateOption(values.to, "to") ?? campaign.closes;
    const { mails, undated } = await readMailFolder(requiredText(values.mail, "mail"));
    for (const name of undated)
      console.error(`jinbox simulate: ${name} tells no time of arrival: skipped / 没有到达时间，跳过`);
    const inside = mails.filter(({ name, arrivedAt }) => {
      const on = dateOf(arrivedAt, campaign.timezone);
      const plays = on >= from && on <= to;
      if (!plays)
        console.error(
          `jinbox simulate: ${name} arrived on ${on}, outside ${from} … ${to}: skipped / 不在时间范围内，跳过`,
        );
      return plays;
    });
    const log = createLogger({ level: "warn", readable: true });
    const store = await openScratch(environment, log);
    const clock = virtualClock(instantOf(addDays(from, -1), "12:00", campaign.timezone));
    const app = buildApp({
      campaign,
      db: store.db,
      clock,
      log,
      transport: captureTransport(() => undefined),
    });
    try {
      const progress = process.stderr.isTTY
        ? async (on: string) => void process.stderr.write(`\r${on} … ${to}`)
        : undefined;
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
