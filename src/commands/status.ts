// `jinbox status`: who owes what, now or at any moment of the campaign; with --unit, why, and how it came to be so.
import { type Campaign, deliverableOf, unitOf } from "../campaign/campaign.ts";
import { readEnvironment } from "../campaign/environment.ts";
import { loadCampaign } from "../campaign/load.ts";
import { systemClock } from "../clock.ts";
import { calendarOf } from "../deadline/calendar.ts";
import type { Obligation, ObligationState } from "../deadline/obligation.ts";
import { eventWordsOf, stateWords } from "../deadline/reason.ts";
import { currentObligations } from "../deadline/records.ts";
import { createLogger } from "../log.ts";
import { asLine } from "../notice/render.ts";
import { migrate } from "../store/migrate.ts";
import { openStore } from "../store/open.ts";
import { openRestoration } from "../store/quiet.ts";
import { inColumns } from "../text/columns.ts";
import { dateOf, endOfDay, isoInZone, timeOfDay } from "../text/dates.ts";
import { type Command, configOption, instantOption, jsonOption, namedOption } from "./command.ts";

export const command: Command = {
  name: "status",
  usage: "[--at TIME] [--unit UNIT] [--json] [--config FILE]",
  words: {
    en: "who owes what, now or at any past moment; with --unit also why and what happened",
    zh: "谁该交什么、交了没有；可查任一时刻；指定单位时列出缘由和经过",
  },
  options: {
    at: {
      type: "string",
      value: "TIME",
      words: {
        en: "as it stood then: 2012-12-15 (the end of that day), 2012-12-15T17:30 or with an offset",
        zh: "当时的情况：2012-12-15（当天结束时）或 2012-12-15T17:30（活动时区）；不写就是现在",
      },
    },
    unit: {
      type: "string",
      value: "UNIT",
      words: { en: "one unit, by code, name or alias", zh: "只看一个单位：代码、名称或别名" },
    },
    json: jsonOption,
    config: configOption,
  },
  positionals: false,
  async run({ values }) {
    const environment = readEnvironment();
    const { campaign } = loadCampaign((values.config as string) ?? environment.configFile);
    const { timezone } = campaign;
    const given = instantOption(values.at, "at", timezone, (on) => endOfDay(on, timezone));
    const at = given ?? systemClock.now();
    const unit = typeof values.unit === "string" ? namedOption(campaign.units, values.unit, "unit") : null;
    const log = createLogger({ level: environment.logLevel, readable: process.stderr.isTTY === true });
    const store = await openStore(environment, log);
    try {
      await migrate(store.db);
      if ((await openRestoration(store.db)) !== null)
        console.error(
          "刚恢复备份，什么也不发，等待 jinbox restore --finish / restored from a backup: nothing is sent until jinbox restore --finish",
        );
      const all = await currentObligations(store.db, campaign, calendarOf(campaign), at);
      const lines = values.json
        ? unitByUnit(campaign, all, unit).map((one) => JSON.stringify(machineLine(one, campaign, at)))
        : statusLines(all, campaign, at, unit);
      for (const line of lines) console.log(line);
      return 0;
    } finally {
      await store.stop();
    }
  },
};

/** The page a person reads: of all units what they owe, of one also why and how it came to be so. */
export function statusLines(all: Obligation[], campaign: Campaign, at: Date, unit: string | null): string[] {
  const shown = unitByUnit(campaign, all, unit);
  const body = unit === null ? overview(shown, campaign) : account(shown, campaign);
  return [`${local(at, campaign)}  ${campaign.title}`, "", ...body];
}

/** In the order of the configuration, of each unit what is due first. */
function unitByUnit({ units }: Campaign, all: Obligation[], unit: string | null): Obligation[] {
  const due = (one: Obligation) => one.dueAt?.getTime() ?? Number.MAX_VALUE;
  const chosen = units.filter(({ code }) => unit === null || code === unit);
  return chosen.flatMap(({ code }) => all.filter((one) => one.unit === code).sort((a, b) => due(a) - due(b)));
}

function overview(shown: Obligation[], campaign: Campaign): string[] {
  const zh = campaign.locale === "zh-CN";
  const head = zh ? ["单位", "材料", "截止", "状态", "说明"] : ["unit", "what", "due", "state", "note"];
  const rows = shown.map((one, index) => [
    shown[index - 1]?.unit === one.unit ? "" : unitName(one.unit, campaign),
    thingName(one, campaign),
    dueWords(one, campaign),
    stateWords[campaign.locale][one.state],
    note(one, campaign),
  ]);
  return [...inColumns([head, ...rows]), "", ...sums(shown, campaign)];
}

/** By deliverable and in all; the states of a line add up to its first number. */
function sums(shown: Obligation[], campaign: Campaign): string[] {
  const { locale } = campaign;
  const states: ObligationState[] = ["met", "met-late", "waived", "outstanding", "extended", "overdue"];
  const [what, all, total] = locale === "zh-CN" ? ["合计", "应交", "总计"] : ["sums", "owed", "all"];
  const row = (name: string, some: Obligation[]) => [
    name,
    `${some.length}`,
    ...states.map((state) => `${some.filter((one) => one.state === state).length}`),
  ];
  const groups = [...Map.groupBy(shown, ({ deliverable }) => deliverable)];
  const rows = groups.map(([code, some]) => row(deliverableOf(campaign, code)?.name ?? code, some));
  const head = [what as string, all as string, ...states.map((state) => stateWords[locale][state])];
  return inColumns([head, ...rows, ...(rows.length > 1 ? [row(total as string, shown)] : [])]);
}

/** One unit's things, each with its reason and everything that happened to it. */
function account(shown: Obligation[], campaign: Campaign): string[] {
  const { locale } = campaign;
  const [first] = shown;
  if (!first) return [locale === "zh-CN" ? "该单位没有应交的材料。" : "This unit owes nothing."];
  const things = shown.flatMap((one) => [
    "",
    `${thingName(one, campaign)}  【${stateWords[locale][one.state]}】`,
    `  ${asLine(one.reason, 600)}`,
    ...one.history.map(
      (event) => `  ${local(event.at, campaign)}  ${asLine(eventWordsOf(event, campaign), 300)}`,
    ),
  ]);
  return [unitName(first.unit, campaign), ...things, "", ...sums(shown, campaign)];
}

function machineLine(one: Obligation, campaign: Campaign, at: Date) {
  const iso = (when: Date | null) => when && isoInZone(when, campaign.timezone);
  const { announcedAt, dueAt, metAt, history, ...rest } = one;
  return {
    at: iso(at),
    ...rest,
    unitName: unitName(one.unit, campaign),
    announcedAt: iso(announcedAt),
    dueAt: iso(dueAt),
    metAt: iso(metAt),
    history: history.map((event) => ({ ...event, at: iso(event.at) })),
  };
}

/** What the table has no column for: by what and when it was met, who ruled and why. */
function note(one: Obligation, campaign: Campaign): string {
  const zh = campaign.locale === "zh-CN";
  const paper = zh ? "纸质或电话" : "on paper or by phone";
  const met = one.metAt && `${local(one.metAt, campaign)} ${one.metBy === "paper" ? paper : one.metBy}`;
  const provisional = one.provisional && (zh ? "附件打不开，待补发" : "unreadable, to be sent again");
  return asLine([met, provisional, one.why].filter(Boolean).join(zh ? "；" : "; "), 120);
}

function thingName({ deliverable, item }: Obligation, campaign: Campaign): string {
  const found = deliverableOf(campaign, deliverable);
  const name = found?.name ?? deliverable;
  return item === null ? name : `${name}：${found?.items.find(({ code }) => code === item)?.name ?? item}`;
}

function dueWords({ dueOn, dueTime }: Obligation, { locale }: Campaign): string {
  if (dueOn === null) return locale === "zh-CN" ? "未定" : "not set";
  return dueTime === null ? dueOn : `${dueOn} ${dueTime}`;
}

const unitName = (code: string, campaign: Campaign) => unitOf(campaign, code)?.name ?? code;

const local = (at: Date, { timezone }: Campaign) => `${dateOf(at, timezone)} ${timeOfDay(at, timezone)}`;
