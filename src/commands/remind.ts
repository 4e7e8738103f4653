// `jinbox remind --dry-run`: which duty notices would go out at an instant, to whom and why, and which are held back.
import { type Campaign, unitOf } from "../campaign/campaign.ts";
import { readEnvironment } from "../campaign/environment.ts";
import { loadCampaign } from "../campaign/load.ts";
import { systemClock } from "../clock.ts";
import { type Calendar, calendarOf } from "../deadline/calendar.ts";
import type { DutyNotice } from "../deadline/ladder.ts";
import { createLogger } from "../log.ts";
import { type DutyOutlook, dutyOutlook } from "../notice/chase.ts";
import { dutyIntent } from "../notice/wording/duty.ts";
import { inSnapshot } from "../store/database.ts";
import { migrate } from "../store/migrate.ts";
import { openStore } from "../store/open.ts";
import { isoInZone } from "../text/dates.ts";
import { type Command, configOption, instantOption, jsonOption, UsageError } from "./command.ts";

export const command: Command = {
  name: "remind",
  usage: "--dry-run [--at TIME] [--json] [--config FILE]",
  words: {
    en: "which reminders and overdue notices would go out, to whom and why; sends nothing",
    zh: "现在会催谁、发给谁、为什么；只显示，不发出（由 jinbox run 定时发出）",
  },
  options: {
    "dry-run": {
      type: "boolean",
      words: { en: "required: `jinbox run` is the one that sends", zh: "必填；真正发出的是 jinbox run" },
    },
    at: {
      type: "string",
      value: "TIME",
      words: {
        en: "as of that moment: 2012-12-14, 2012-12-14T08:30 (campaign's zone) or with an offset",
        zh: "假定现在是某一时刻：2012-12-14 或 2012-12-14T08:30（活动时区）；只写日期时取当天可发出的第一刻",
      },
    },
    json: jsonOption,
    config: configOption,
  },
  positionals: false,
  async run({ values }) {
    if (!values["dry-run"])
      throw new UsageError("write: jinbox remind --dry-run / 请写 jinbox remind --dry-run");
    const environment = readEnvironment();
    const { campaign } = loadCampaign((values.config as string) ?? environment.configFile);
    const calendar = calendarOf(campaign);
    // A bare date means the first moment duty notices may go that day.
    const given = instantOption(values.at, "at", calendar.zone, (on) => calendar.noticeTime(on));
    const at = given ?? systemClock.now();
    const log = createLogger({ level: environment.logLevel, readable: process.stderr.isTTY === true });
    const store = await openStore(environment, log);
    try {
      await migrate(store.db);
      const outlook = await inSnapshot(store.db, (trx) => dutyOutlook(trx, campaign, calendar, at));
      if (values.json) await printJson(outlook, campaign, calendar, at);
      else await printWords(outlook, campaign, calendar, at);
      return 0;
    } finally {
      await store.stop();
    }
  },
};

/** Every notice the outlook holds, with what becomes of it. */
function decided(
  outlook: DutyOutlook,
): { notice: DutyNotice; state: "due" | "withheld" | "unreachable"; why: string | null }[] {
  const isReturned = ({ to, returned }: DutyNotice) => to.length === returned.length;
  const nobody = outlook.unreachable.filter(({ to }) => to.length === 0);
  return [
    ...outlook.due.map((notice) => ({
      ...{ notice, state: "due" as const },
      why: isReturned(notice) ? "all-returned" : null,
    })),
    ...outlook.withheld.map(({ notice, why }) => ({ notice, state: "withheld" as const, why })),
    ...nobody.map((notice) => ({ notice, state: "unreachable" as const, why: "no-address" })),
  ];
}

async function printJson(
  outlook: DutyOutlook,
  campaign: Campaign,
  calendar: Calendar,
  at: Date,
): Promise<void> {
  for (const { notice, state, why } of decided(outlook)) {
    const intent = await dutyIntent(notice, campaign, calendar);
    const line = {
      at: isoInZone(at, calendar.zone),
      unit: notice.unit,
      kind: notice.kind,
      state,
      why,
      to: notice.to.map(({ email }) => email).join(", "),
      cc: notice.cc.map(({ email }) => email),
      causes: notice.causes,
      subject: intent.subject,
      text: intent.text,
    };
    console.log(JSON.stringify(line));
  }
}

const whyHeldBack: Record<string, string> = {
  "mailbox-unread": "邮箱超过 30 分钟未成功读取 / the mailbox has not been read for 30 minutes",
  "mail-waiting": "有来信尚未处理 / a mail has not been looked at yet",
  "held-mail": "有待人工确认的来信可能是该单位的 / a held mail may be theirs",
  "no-address": "没有任何联系人邮箱，请电话联系 / no contact has an address: ring them",
  "all-returned":
    "各联系人邮箱的上一封信都被退回，请电话联系 / every contact's last mail was returned: ring them",
};

async function printWords(
  outlook: DutyOutlook,
  campaign: Campaign,
  calendar: Calendar,
  at: Date,
): Promise<void> {
  const all = decided(outlook);
  console.log(
    `${isoInZone(at, calendar.zone)}  ${all.length === 0 ? "无可发通知 / nothing is due" : ""}`.trimEnd(),
  );
  for (const { notice, state, why } of all) {
    const intent = await dutyIntent(notice, campaign, calendar);
    const mark = state === "due" ? "→" : "✗";
    console.log(`\n${mark} ${unitOf(campaign, notice.unit)?.name ?? notice.unit}  ${notice.kind}`);
    if (why) console.log(`  ${state === "due" ? "" : "不发 / held back: "}${whyHeldBack[why] ?? why}`);
    console.log(`  To: ${addresses(notice.to)}`);
    if (notice.cc.length > 0) console.log(`  Cc: ${addresses(notice.cc)}`);
    console.log(`  ${intent.subject}`);
    for (const { key, days } of notice.causes) console.log(`  ${key}: ${dayWords(days, campaign)}`);
  }
}

function addresses(contacts: { name: string; email: string }[]): string {
  return contacts.map(({ name, email }) => `${name} <${email}>`.trim()).join(", ") || "—";
}

function dayWords(days: number, campaign: Campaign): string {
  const unit = campaign.reminders.workingDaysOnly ? "个工作日" : "天";
  return days < 0
    ? `到期前 ${-days} ${unit} / ${-days} before it is due`
    : `逾期 ${days} ${unit} / ${days} overdue`;
}
