// Which plan `jinbox announce` means: read from its file, told from others by its content, or named.
import { readFile, stat } from "node:fs/promises";
import { extname } from "node:path";
import type { Campaign } from "../campaign/campaign.ts";
import type { LoadedCampaign } from "../campaign/load.ts";
import { decodeText } from "../campaign/source.ts";
import { systemClock } from "../clock.ts";
import { beginAnnouncement } from "../notice/announce/announce.ts";
import {
  type Announcement,
  DEFAULT_NAME,
  differenceOf,
  isText,
  PLAN_BYTES_MAX,
  type Plan,
  planOf,
} from "../notice/announce/announcement.ts";
import { announcementNamed, announcementsOf } from "../notice/announce/records.ts";
import type { Database } from "../store/database.ts";
import { isoInZone } from "../text/dates.ts";
import { type CommandInput, UsageError } from "./command.ts";

export async function planFrom(
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
export async function existing(db: Database, campaign: Campaign, name: unknown): Promise<Announcement> {
  const all = await announcementsOf(db, campaign);
  const found = typeof name === "string" ? all.find((one) => one.name === name) : all.at(-1);
  if (found) return found;
  if (all.length === 0) throw new UsageError("还没有印发过 / nothing has been announced yet");
  throw new UsageError(`--name ${name}: 没有这一次印发 / there is only\n${listed(all, campaign)}`);
}

/** What is announced is told by its content: the same goes on, another needs a name of its own. */
export async function chosen(
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

export async function begin(db: Database, campaign: Campaign, plan: Plan): Promise<void> {
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
