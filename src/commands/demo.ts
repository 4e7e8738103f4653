// `jinbox demo`: the sample campaign on a virtual clock, start to end, then open for one more mail of your own.
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { readEnvironment } from "../campaign/environment.ts";
import { loadCampaign } from "../campaign/load.ts";
import { systemClock, virtualClock } from "../clock.ts";
import { createLogger } from "../log.ts";
import { folderTransport } from "../notice/transport.ts";
import { buildApp } from "../service/app.ts";
import { keepDemoOpen } from "../service/demo.ts";
import { readMailFolder } from "../service/played.ts";
import { play } from "../service/playthrough.ts";
import { type DayTally, tallyBetween } from "../service/records.ts";
import { isProcessRunning, openScratch } from "../store/scratch.ts";
import { addDays, dateOf, instantOf, type PlainDate } from "../text/dates.ts";
import { type Command, jsonOption, portOption } from "./command.ts";

const sample = {
  config: resolve(import.meta.dirname, "../../config/campaign.yaml"),
  mails: resolve(import.meta.dirname, "../../fixtures/mailbox"),
};

export const command: Command = {
  name: "demo",
  usage: "[--port N] [--smtp-port N] [--out DIR] [--once] [--json]",
  words: {
    en: "the sample campaign, 2012-11-12 to 12-28, on a virtual clock; then a page to look at and a port to mail to",
    zh: "样例活动（2012年11月12日至12月28日）在虚拟时钟上完整走一遍，然后打开网页和一个收信端口供您试用",
  },
  options: {
    port: {
      type: "string",
      value: "N",
      words: { en: "port of the page (default 8025)", zh: "网页端口（默认 8025）" },
    },
    "smtp-port": {
      type: "string",
      value: "N",
      words: { en: "port that takes mail (default 2525)", zh: "收信端口（默认 2525）" },
    },
    out: {
      type: "string",
      value: "DIR",
      words: {
        en: "where outgoing mails are written (default demo-output)",
        zh: "发出的邮件存放处（默认 demo-output）",
      },
    },
    once: { type: "boolean", words: { en: "play, print the summary and exit", zh: "走完、打印汇总后退出" } },
    json: jsonOption,
  },
  positionals: false,
  async run({ values }) {
    const environment = readEnvironment();
    const port = portOption(values.port, "port") ?? environment.consolePort;
    const smtpPort = portOption(values["smtp-port"], "smtp-port") ?? 2525;
    const say = values.json ? (line: string) => console.error(line) : (line: string) => console.log(line);
    const { campaign } = loadCampaign(sample.config);
    const out = await claimOutput(resolve((values.out as string | undefined) ?? "demo-output"));
    say("正在启动内置数据库 / starting the embedded database …");
    const log = createLogger({ level: "warn", readable: true });
    const store = await openScratch(
      { databaseUrl: null, dataDirectory: join(environment.dataDirectory, "demo") },
      log,
    );
    const clock = virtualClock(instantOf(campaign.opens, "00:00", campaign.timezone));
    const app = buildApp({
      campaign,
      db: store.db,
      clock,
      log,
      transport: folderTransport(out, campaign.timezone),
    });
    try {
      const { mails } = await readMailFolder(sample.mails);
      const last =
        mails
          .map(({ arrivedAt }) => dateOf(arrivedAt, campaign.timezone))
          .sort()
          .at(-1) ?? campaign.closes;
      const from = campaign.opens;
      const to = last > campaign.closes ? last : campaign.closes;
      say(`${campaign.title}  ${from} … ${to}，${mails.length} 封来信 / mails\n`);
      const onDay = async (on: PlainDate) => {
        const day = await tallyBetween(store.db, campaign, ...dayBounds(on, campaign.timezone));
        if (day.arrived > 0 || Object.keys(day.notices).length > 0) say(dayLine(on, day));
      };
      await play({ app, clock, mails, from, to, onDay });
      const total = await tallyBetween(
        store.db,
        campaign,
        instantOf(from, "00:00", campaign.timezone),
        clock.now(),
      );
      say(`\n${summary(total)}\n\n发出的邮件 / outgoing mails: ${relative(process.cwd(), out) || out}/`);
      if (values.once) {
        if (values.json) console.log(JSON.stringify(jsonSummary(total)));
        return 0;
      }
      await keepDemoOpen({ app, clock, systemClock, port, smtpPort, say });
      return 0;
    } finally {
      await app.close();
      await store.close();
    }
  },
};

/** Removes what an earlier demo wrote, and nothing else; while that demo is still open, a folder beside it is used. */
async function claimOutput(wanted: string): Promise<string> {
  const owner = Number(await readFile(join(wanted, OWNER), "utf8").catch(() => ""));
  const out =
    owner > 0 && owner !== process.pid && isProcessRunning(owner) ? `${wanted}-${process.pid}` : wanted;
  await mkdir(out, { recursive: true });
  for (const name of await readdir(out)) if (name.endsWith(".eml")) await rm(join(out, name));
  await writeFile(join(out, OWNER), String(process.pid));
  return out;
}

/** In the output folder: the process whose mails these are. */
const OWNER = ".demo";

function dayBounds(on: PlainDate, timezone: string): [Date, Date] {
  return [instantOf(on, "00:00", timezone), instantOf(addDays(on, 1), "00:00", timezone)];
}

const kindWords: Record<string, string> = {
  acknowledgement: "回执 answered",
  clarification: "询问 asked",
  reminder: "提醒 reminded",
  overdue: "逾期催办 overdue",
  escalation: "上报催办 escalated",
  digest: "简报 digest",
};

function dayLine(on: PlainDate, day: DayTally): string {
  const mails: [string, number][] = [
    ["来信 arrived", day.arrived],
    ["已登记 filed", day.filed],
    ["待人工 held", day.held],
    ["自动邮件 automatic", day.automatic],
    ["无需处理 ignored", day.ignored],
  ];
  const notices = Object.entries(day.notices).map(([kind, many]): [string, number] => [
    kindWords[kind] ?? kind,
    many,
  ]);
  const shown = [...mails, ...notices]
    .filter(([, many]) => many > 0)
    .map(([words, many]) => `${words} ${many}`);
  return `${on}  ${shown.join(" · ")}`;
}

function summary(total: DayTally): string {
  const verdicts = `已登记 ${total.filed} + 待人工 ${total.held} + 自动邮件 ${total.automatic} + 无需处理 ${total.ignored}`;
  const notices = Object.entries(total.notices).map(([kind, many]) => `${kindWords[kind] ?? kind} ${many}`);
  return [
    `来信 ${total.arrived} = ${verdicts}`,
    `arrived ${total.arrived} = filed ${total.filed} + held ${total.held} + automatic ${total.automatic} + ignored ${total.ignored}`,
    `登记 submissions ${total.submissions} · ${notices.join(" · ")}`,
  ].join("\n");
}

function jsonSummary(total: DayTally) {
  const { arrived: messages, filed, held, automatic, ignored, notices } = total;
  const none = { acknowledgement: 0, clarification: 0, reminder: 0, overdue: 0, escalation: 0, digest: 0 };
  return {
    messages,
    filed,
    held,
    automatic,
    ignored,
    submissions: total.submissions,
    notices: { ...none, ...notices },
  };
}
