// `jinbox announce`: the plan to everyone, each person once; who would get it, how far it has come, and stopping it.
import type { Campaign } from "../campaign/campaign.ts";
import { readEnvironment } from "../campaign/environment.ts";
import { loadCampaign } from "../campaign/load.ts";
import { codesNamed } from "../campaign/naming.ts";
import { systemClock } from "../clock.ts";
import { createLogger } from "../log.ts";
import type { Announcement } from "../notice/announce/announcement.ts";
import { audienceOf, type Circle } from "../notice/announce/audience.ts";
import { stopAnnouncement } from "../notice/announce/records.ts";
import type { SmtpTransport } from "../notice/transport.ts";
import { configuredTransport } from "../service/source.ts";
import type { Database } from "../store/database.ts";
import { migrate } from "../store/migrate.ts";
import { openStore } from "../store/open.ts";
import { begin, chosen, existing, planFrom } from "./announce-plan.ts";
import { showPlanned } from "./announce-planned.ts";
import { sendAnnouncement } from "./announce-sending.ts";
import { showStanding, writeStanding } from "./announced.ts";
import {
  type Command,
  type CommandInput,
  configOption,
  type ExitCode,
  jsonOption,
  UsageError,
} from "./command.ts";

export const command: Command = {
  name: "announce",
  usage:
    "[--file PLAN] [--subject S] [--text F] [--to all|roster|contacts] [--unit U] [--new NAME] [--dry-run | --status | --stop] [--wait] [--json] [--out F] [--config FILE]",
  words: {
    zh: "把方案（通知）用邮件印发给名册上的每一个人和各单位联系人，每人一封；再运行一次只发还没发到的",
    en: "mail the plan to everyone on the roster and to every unit's contacts, once each; run again, it sends only what is missing",
  },
  options: {
    file: {
      type: "string",
      value: "PLAN",
      words: {
        zh: "要印发的文件，作为附件；不写用配置里 announcement 一项的文件",
        en: "the plan, to be attached (default: the file configured as `announcement`)",
      },
    },
    subject: {
      type: "string",
      value: "TEXT",
      words: {
        zh: "标题；不写取方案的标题或文件名",
        en: "subject (default: the plan's heading or its file's name)",
      },
    },
    text: {
      type: "string",
      value: "FILE",
      words: {
        zh: "附在正文里的全文（.txt 或 .md）；方案本身是 .txt、.md 时不用写",
        en: "the plan in words for the mail's body (.txt or .md); not needed where the plan is such a file",
      },
    },
    to: {
      type: "string",
      value: "WHOM",
      words: {
        zh: "all 名册和联系人（默认）、roster 只发名册、contacts 只发各单位联系人",
        en: "all (default), roster, or contacts only",
      },
    },
    unit: {
      type: "string",
      value: "UNIT",
      words: { zh: "只发这一个单位：代码、名称或别名", en: "this unit only: code, name or alias" },
    },
    new: {
      type: "string",
      value: "NAME",
      words: {
        zh: "另一次印发，名称自定（如 补充通知）；不写则接着发内容相同的那一次",
        en: "another announcement, under this name; else the one with this content goes on",
      },
    },
    name: {
      type: "string",
      value: "NAME",
      words: {
        zh: "指哪一次印发，不用再给文件；与 --status、--stop 合用，或接着发",
        en: "which announcement, no file needed: with --status or --stop, or to go on with it",
      },
    },
    "dry-run": {
      type: "boolean",
      words: {
        zh: "只看发给谁、要多久、信是什么样；不发",
        en: "show who would get it, how long it takes, what it looks like; send nothing",
      },
    },
    status: {
      type: "boolean",
      words: { zh: "每人发到没有、何时发的；各单位合计", en: "who was told and when; sums by unit" },
    },
    stop: { type: "boolean", words: { zh: "停发还没发出的", en: "stop what has not left yet" } },
    wait: {
      type: "boolean",
      words: { zh: "等到全部发完才退出", en: "stay until everything has left" },
    },
    out: {
      type: "string",
      value: "FILE",
      words: { zh: "印发情况另存为 .xlsx 或 .csv", en: "with --status: save it as .xlsx or .csv" },
    },
    json: jsonOption,
    config: configOption,
  },
  positionals: false,
  run,
};

async function run({ values }: CommandInput): Promise<ExitCode> {
  const environment = readEnvironment();
  const loaded = loadCampaign((values.config as string) ?? environment.configFile);
  const { campaign } = loaded;
  const request = requestOf(values, campaign);
  const level = environment.logLevel === "info" ? "error" : environment.logLevel;
  const log = createLogger({ level, readable: true });
  const isSending = !values["dry-run"] && !values.status && !values.stop;
  // Before anything is written: without a way out there is nothing to begin.
  const transport = isSending ? configuredTransport(campaign, environment, log) : null;
  const plan = values.status || values.stop || values.name ? null : await planFrom(values, loaded);
  const store = await openStore(environment, log);
  try {
    await migrate(store.db);
    const { db } = store;
    if (values.stop) return await stop(db, campaign, await existing(db, campaign, values.name));
    if (values.status) {
      const announcement = await existing(db, campaign, values.name);
      const audience = audienceOf(campaign, request.circle, request.unit);
      const whole = request.circle === "all" && request.unit === null;
      const standing = { db, campaign, announcement, audience, whole };
      if (typeof values.out === "string") await writeStanding(values.out, standing);
      await showStanding(standing, values.json === true);
      return 0;
    }
    const meant = plan === null ? { announcement: await existing(db, campaign, values.name) } : plan;
    const announcement = await chosen(db, campaign, meant.announcement, values.new);
    const audience = audienceOf(campaign, request.circle, request.unit);
    if (values["dry-run"]) {
      const bytes = plan?.bytes.length ?? null;
      await showPlanned(
        { db, campaign, announcement, audience, circle: request.circle, bytes, now: systemClock.now() },
        values.json === true,
      );
      return 0;
    }
    if (plan) await begin(db, campaign, { ...plan, announcement });
    return await sendAnnouncement(
      {
        db,
        campaign,
        announcement,
        audience,
        transport: transport as SmtpTransport,
        log,
        circle: request.circle,
      },
      values,
    );
  } finally {
    await transport?.close();
    await store.stop();
  }
}

interface Request {
  circle: Circle;
  unit: string | null;
}

function requestOf(values: CommandInput["values"], campaign: Campaign): Request {
  const only = (["dry-run", "status", "stop"] as const).filter((name) => values[name]);
  if (only.length > 1) throw new UsageError(`--${only.join(" --")}: only one of them / 只能选一个`);
  if (values.new !== undefined && values.name !== undefined)
    throw new UsageError("--new or --name, not both / --new 与 --name 只能选一个");
  if (values.name !== undefined && (values.file ?? values.subject ?? values.text) !== undefined)
    throw new UsageError(
      "--name goes on with what was announced: no --file, --subject, --text / --name 是接着发原来的，不再给文件、标题、全文",
    );
  for (const name of ["new", "name"] as const) {
    const given = values[name];
    if (given !== undefined && !/^[\p{L}\p{N}_. -]{1,40}$/u.test(String(given)))
      throw new UsageError(`--${name} ${given}: letters, digits, up to 40 / 用文字、数字，不超过 40 个`);
  }
  if (values.out !== undefined && !/\.(?:xlsx|csv)$/i.test(String(values.out)))
    throw new UsageError("--out: 文件名须以 .xlsx 或 .csv 结尾 / write a name ending in .xlsx or .csv");
  if (values.out !== undefined && !values.status)
    throw new UsageError("--out goes with --status / --out 与 --status 合用");
  const circle = (values.to ?? "all") as Circle;
  if (!["all", "roster", "contacts"].includes(circle))
    throw new UsageError(`--to ${circle}: all, roster or contacts / 写 all、roster 或 contacts`);
  return { circle, unit: typeof values.unit === "string" ? unitCode(campaign, values.unit) : null };
}

function unitCode(campaign: Campaign, written: string): string {
  const [code, ...more] = codesNamed(campaign.units, written);
  if (code !== undefined && more.length === 0) return code;
  const names = campaign.units.map((unit) => `  ${unit.code}  ${unit.name}`).join("\n");
  throw new UsageError(`--unit ${written}: 不是哪一个单位 / not one of these:\n${names}`);
}

async function stop(db: Database, campaign: Campaign, { name, subject }: Announcement): Promise<ExitCode> {
  const stopped = await db
    .transaction()
    .execute((trx) => stopAnnouncement(trx, campaign, name, systemClock.now()));
  console.log(
    `《${subject}》停发 ${stopped} 封；再运行 jinbox announce 就接着发 / ${stopped} mails stopped; run announce again to go on`,
  );
  return 0;
}
