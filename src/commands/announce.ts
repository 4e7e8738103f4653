// `jinbox announce`: the plan to everyone, each person once; who would get it, how far it has come, and stopping it.
import { readFile, stat } from "node:fs/promises";
import { extname } from "node:path";
import type { Campaign } from "../campaign/campaign.ts";
import { readEnvironment } from "../campaign/environment.ts";
import { type LoadedCampaign, loadCampaign } from "../campaign/load.ts";
import { codesNamed } from "../campaign/naming.ts";
import { decodeText } from "../campaign/source.ts";
import { systemClock } from "../clock.ts";
import { createLogger, type Logger } from "../log.ts";
import { announce, beginAnnouncement } from "../notice/announce/announce.ts";
import {
  type Announcement,
  DEFAULT_NAME,
  differenceOf,
  isText,
  PLAN_BYTES_MAX,
  type Plan,
  planOf,
} from "../notice/announce/announcement.ts";
import { audienceOf, type Circle, type Household } from "../notice/announce/audience.ts";
import {
  announcementNamed,
  announcementsOf,
  stopAnnouncement,
  waitingOf,
} from "../notice/announce/records.ts";
import { announcementsPerHour } from "../notice/outbox.ts";
import { sendDue } from "../notice/send.ts";
import type { SmtpTransport } from "../notice/transport.ts";
import { configuredTransport } from "../service/source.ts";
import type { Database } from "../store/database.ts";
import { migrate } from "../store/migrate.ts";
import { openStore } from "../store/open.ts";
import { isoInZone } from "../text/dates.ts";
import { showPlanned, showStanding, writeStanding } from "./announced.ts";
import {
  type Command,
  type CommandInput,
  configOption,
  type ExitCode,
  jsonOption,
  UsageError,
} from "./command.ts";
import { progressLine } from "./progress.ts";

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
    return await send(
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
    throw new UsageError("--out: write a name ending in .xlsx or .csv / 文件名须以 .xlsx 或 .csv 结尾");
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

async function planFrom(
  values: CommandInput["values"],
  { campaign, announcementFile }: LoadedCampaign,
): Promise<Plan> {
  const path = (values.file as string | undefined) ?? announcementFile;
  if (path === null) {
    throw new UsageError(
      "--file PLAN, or `announcement:` in the configuration / 请用 --file 指明方案，或在配置里写上 announcement",
    );
  }
  const bytes = await readGiven(path, "file");
  if (bytes.length === 0) throw new UsageError(`--file ${path}: 文件是空的 / the file is empty`);
  const beside = values.text as string | undefined;
  if (beside !== undefined && !isText(extname(beside).toLowerCase()))
    throw new UsageError(`--text ${beside}: a .txt or .md file / 须是 .txt 或 .md 文件`);
  const own = isText(extname(path).toLowerCase()) ? decodeText(bytes) : null;
  const text = beside === undefined ? own : decodeText(await readGiven(beside, "text"));
  const name = (values.new as string | undefined) ?? DEFAULT_NAME;
  const subject = (values.subject as string | undefined) ?? null;
  return planOf({ name, path, bytes, text, subject, locale: campaign.locale });
}

async function readGiven(path: string, option: string): Promise<Buffer> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) throw new UsageError(`--${option} ${path}: 没有这个文件 / no such file`);
  if (found.size > PLAN_BYTES_MAX) {
    const most = PLAN_BYTES_MAX / 1_000_000;
    throw new UsageError(
      `--${option} ${path}: 超过 ${most} MB，许多邮箱收不下，请先压缩图片 / more than ${most} MB: many mailboxes refuse it`,
    );
  }
  return readFile(path);
}

/** The one named, else the latest. */
async function existing(db: Database, campaign: Campaign, name: unknown): Promise<Announcement> {
  const all = await announcementsOf(db, campaign);
  const found = typeof name === "string" ? all.find((one) => one.name === name) : all.at(-1);
  if (found) return found;
  if (all.length === 0) throw new UsageError("还没有印发过 / nothing has been announced yet");
  throw new UsageError(`--name ${name}: 没有这一次印发 / there is only\n${listed(all, campaign)}`);
}

/** What is announced is told by its content: the same goes on, another needs a name of its own. */
async function chosen(
  db: Database,
  campaign: Campaign,
  meant: Announcement,
  isNew: unknown,
): Promise<Announcement> {
  if (isNew !== undefined) {
    const named = await announcementNamed(db, campaign, meant.name);
    if (named && differenceOf(named, meant) !== null) throw anotherContent([named], campaign);
    return meant;
  }
  const all = await announcementsOf(db, campaign);
  const same = all.find((one) => differenceOf(one, meant) === null);
  if (same) return same;
  if (all.length > 0) throw anotherContent(all, campaign);
  return meant;
}

async function begin(db: Database, campaign: Campaign, plan: Plan): Promise<void> {
  const { announcement, differs } = await beginAnnouncement({ db, campaign }, plan, systemClock.now());
  if (differs !== null) throw anotherContent([announcement], campaign);
}

function anotherContent(all: Announcement[], campaign: Campaign): UsageError {
  return new UsageError(
    `文件、标题或全文与已印发的不同，没有发。另发一次：加 --new 名称；接着发原来的：用 --name 名称\n` +
      `not what was announced before, nothing was sent. To send it as well: --new NAME; to go on with: --name NAME\n${listed(all, campaign)}`,
  );
}

function listed(all: (Announcement & { madeAt?: Date })[], { timezone }: Campaign): string {
  return all
    .map(({ name, subject, filename, madeAt }) => {
      const at = madeAt ? `  ${isoInZone(madeAt, timezone).slice(0, 16).replace("T", " ")}` : "";
      return `  --name ${/\s/.test(name) ? `"${name}"` : name}${at}  ${subject}  (${filename})`;
    })
    .join("\n");
}

async function stop(db: Database, campaign: Campaign, { name, subject }: Announcement): Promise<ExitCode> {
  const stopped = await stopAnnouncement(db, campaign, name, systemClock.now());
  console.log(
    `《${subject}》停发 ${stopped} 封；再运行 jinbox announce 就接着发 / ${stopped} mails stopped; run announce again to go on`,
  );
  return 0;
}

interface Sending {
  db: Database;
  campaign: Campaign;
  announcement: Announcement;
  audience: Household[];
  circle: Circle;
  transport: SmtpTransport;
  log: Logger;
}

/** So often the quota is asked again while waiting. */
const ASK_AGAIN_MS = 20_000;

async function send(
  { db, campaign, announcement, audience, circle, transport, log }: Sending,
  values: CommandInput["values"],
): Promise<ExitCode> {
  const people = audience.reduce((sum, household) => sum + household.length, 0);
  const progress = progressLine(people);
  const { written, before } = await announce({ db, campaign }, announcement, audience, systemClock.now(), {
    circle,
    onProgress: (done) => progress.file(done, "登记待发 / writing"),
  });
  const due = await waitingOf(db, campaign, announcement.name, systemClock.now());
  let delivered = 0;
  const sending = progressLine(due.mails);
  const counting: SmtpTransport = {
    ...transport,
    deliver: async (notice, hooks) => {
      const delivery = await transport.deliver(notice, hooks);
      delivered += 1;
      sending.file(delivered, notice.to[0]?.email ?? "");
      return delivery;
    },
  };
  const office = {
    db,
    campaign,
    transport: counting,
    clock: systemClock,
    log,
    worker: `announce/${process.pid}`,
  };
  const checks = { stillTrue: async () => new Map(), sentEvidence: null, only: "announcement" as const };
  const total = { accepted: 0, rejected: 0, ambiguous: 0 };
  for (;;) {
    const report = await sendDue({ ...office, ...checks });
    for (const key of ["accepted", "rejected", "ambiguous"] as const) total[key] += report[key];
    if (!values.wait) break;
    const { mails } = await waitingOf(db, campaign, announcement.name, systemClock.now());
    if (mails === 0) break;
    await systemClock.sleep(ASK_AGAIN_MS);
  }
  progress.clear();
  sending.clear();
  const left = await waitingOf(db, campaign, announcement.name, systemClock.now());
  const result = { name: announcement.name, people, before, written, ...total, waiting: left.mails };
  if (values.json) console.log(JSON.stringify({ ...result, response: left.response }));
  else console.log(words(result, left, campaign));
  return left.response !== null || total.rejected > 0 ? 1 : 0;
}

type Result = Record<"before" | "written" | "accepted" | "rejected" | "ambiguous" | "waiting", number>;

function words(result: Result, left: { response: string | null }, campaign: Campaign): string {
  const { before, written, accepted, rejected, ambiguous, waiting } = result;
  const lines = [
    `新登记 ${written} 封，此前已登记 ${before} 人；这次发出 ${accepted} 封 / ${written} new mails, ${before} people had theirs before; sent now: ${accepted}`,
  ];
  if (rejected > 0) lines.push(`被拒收 ${rejected} 封 / refused: ${rejected}`);
  if (ambiguous > 0)
    lines.push(`结果不明 ${ambiguous} 封，不会重发 / outcome unknown, not sent again: ${ambiguous}`);
  if (left.response !== null) lines.push(`发信服务器说 / the server said: ${left.response}`);
  if (waiting > 0) {
    const perHour = announcementsPerHour(campaign);
    const hours = Math.ceil(waiting / perHour);
    lines.push(
      `还有 ${waiting} 封待发：每小时最多发 ${perHour} 封，约需 ${hours} 小时，由常驻的 jinbox run 接着发；没有常驻的，过一小时再运行本命令，或加 --wait`,
      `${waiting} still to leave, at most ${perHour} an hour, about ${hours} h: the running jinbox run sends them; without it run this again in an hour, or add --wait`,
    );
  }
  lines.push("每个人的情况 / how each person stands: jinbox announce --status");
  return lines.join("\n");
}
