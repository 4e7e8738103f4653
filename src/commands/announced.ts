// What `jinbox announce --status` shows: who was told and when, who tells the others, and the sums by unit; also as a file.
import { type Campaign, unitOf } from "../campaign/campaign.ts";
import type { Announcement } from "../notice/announce/announcement.ts";
import { type Household, passerOf, unnamedByUnit } from "../notice/announce/audience.ts";
import {
  count,
  noTotals,
  type Standing,
  type StandingState,
  standings,
  type Totals,
} from "../notice/announce/standing.ts";
import { asLine } from "../notice/render.ts";
import { writeCsv } from "../sheet/csv.ts";
import { type Cell, columnsOf, type Sheet } from "../sheet/sheet.ts";
import { writeWorkbook } from "../sheet/workbook.ts";
import type { Database } from "../store/database.ts";
import { isoInZone } from "../text/dates.ts";
import { writeWholeFile } from "./whole-file.ts";

export interface Announcing {
  db: Database;
  campaign: Campaign;
  announcement: Announcement;
  audience: Household[];
}

export interface Told extends Announcing {
  /** The audience is everyone: whoever was told and is not in it has left the roster. */
  whole: boolean;
}

/** More are not read on a terminal: there the sums and those not reached do. */
const LISTED_PEOPLE = 300;

const stateWords: Record<"zh-CN" | "en", Record<StandingState, string>> = {
  "zh-CN": {
    sent: "已发出",
    waiting: "待发",
    unclear: "结果不明",
    failed: "未送达",
    "next-address": "被退回，待发另一邮箱",
    "no-address": "没有邮箱",
    unwritten: "未发",
    stopped: "已停发",
  },
  en: {
    sent: "sent",
    waiting: "waiting",
    unclear: "outcome unknown",
    failed: "not delivered",
    "next-address": "came back, another address to try",
    "no-address": "no address",
    unwritten: "not sent yet",
    stopped: "stopped",
  },
};

export const unitName = (campaign: Campaign, code: string) => unitOf(campaign, code)?.name ?? code;
const moment = (at: Date, { timezone }: Campaign) => isoInZone(at, timezone).slice(0, 16).replace("T", " ");

/** Whoever tells a person what no mail does, in words: a name, or the office. */
function tellerWords({ toldBy }: Standing, campaign: Campaign): string {
  if (toldBy === null) return "";
  return toldBy === "" ? campaign.office.name : toldBy;
}

export async function showStanding(told: Told, json: boolean): Promise<void> {
  const { campaign, announcement, audience } = told;
  const zh = campaign.locale === "zh-CN";
  const { name, subject, filename } = announcement;
  const totals = new Map<string, Totals>();
  const isShort = audience.length <= LISTED_PEOPLE;
  const lines = new Map<string, string[]>();
  if (json) console.log(JSON.stringify({ announcement: { name, subject, filename } }));
  for await (const one of standings(told.db, campaign, name, audience, told.whole)) {
    count(totals, one);
    if (json) {
      const at = one.at && isoInZone(one.at, campaign.timezone);
      console.log(JSON.stringify({ ...one, at }));
    } else if (isShort || !quiet.includes(one.state)) {
      lines.set(one.unit, [...(lines.get(one.unit) ?? []), standingWords(one, campaign)]);
    }
  }
  const all = noTotals();
  for (const sums of totals.values())
    for (const key of Object.keys(all) as (keyof Totals)[]) all[key] += sums[key];
  if (json) {
    console.log(
      JSON.stringify({
        total: all,
        units: Object.fromEntries(totals),
        unnamed: Object.fromEntries(unnamedByUnit(campaign)),
      }),
    );
    return;
  }
  console.log(`${subject}  (--name ${name}, ${filename})`);
  const unnamed = unnamedByUnit(campaign);
  for (const [unit, sums] of totals) {
    console.log(
      [
        `${unitName(campaign, unit)}  ${sumWords(sums, campaign)}${unnamedWords(unnamed.get(unit), unit, campaign)}`,
        ...(lines.get(unit) ?? []),
      ].join("\n    "),
    );
  }
  console.log(`${zh ? "合计" : "All"}  ${sumWords(all, campaign)}`);
}

/** What needs nobody's attention. */
const quiet: StandingState[] = ["sent", "waiting", "unwritten"];

function standingWords(one: Standing, campaign: Campaign): string {
  const { name, address, state, at, response, toldBy } = one;
  const teller = tellerWords(one, campaign);
  const parts = [
    `${asLine(name, 60)}${address === null ? "" : ` <${asLine(address, 120)}>`}`,
    `${stateWords[campaign.locale][state]}${at === null ? "" : ` ${moment(at, campaign)}`}`,
    response ? `(${asLine(response, 80)})` : "",
    toldBy === null ? "" : campaign.locale === "en" ? `→ ${teller} tells` : `→ 请${teller}转达`,
  ];
  return parts.filter(Boolean).join("  ");
}

/** By the head-count there are more than anybody named: only the unit itself can tell them. */
export function unnamedWords(people: number | undefined, unit: string, campaign: Campaign): string {
  if (people === undefined) return "";
  const teller = passerOf(campaign, unit)?.name ?? campaign.office.name;
  const isCounted = unitOf(campaign, unit)?.staff != null;
  if (campaign.locale === "en")
    return `  (${isCounted ? `${people} more` : "its people are"} not on the roster → ${teller} passes it on)`;
  return `  （${isCounted ? `另有 ${people} 人不在名册` : "名册上没有该单位的人"} → 请${teller}转发）`;
}

function sumWords(sums: Totals, campaign: Campaign): string {
  const words = stateWords[campaign.locale];
  const states = Object.entries(words).filter(([state]) => sums[state as StandingState] > 0);
  const parts = states.map(([state, word]) => `${word} ${sums[state as StandingState]}`);
  return [campaign.locale === "en" ? `${sums.people} people` : `${sums.people} 人`, ...parts].join("  ");
}

const titles = {
  "zh-CN": {
    people: "印发情况",
    units: "各单位合计",
    head: ["单位", "姓名", "邮箱", "情况", "时间", "由谁转达", "说明"],
  },
  en: {
    people: "Announcement",
    units: "By unit",
    head: ["Unit", "Name", "Address", "State", "When", "Told by", "Note"],
  },
};

/** Each person a row; in a workbook the sums by unit as a second sheet. */
export async function writeStanding(path: string, told: Told): Promise<void> {
  const { db, campaign, announcement, audience, whole } = told;
  const { locale, timezone } = campaign;
  const said = titles[locale];
  const totals = new Map<string, Totals>();
  const people: Sheet = {
    name: said.people,
    columns: columnsOf(said.head, [24, 14, 30, 22, 18, 18, 50]),
    rows: rowsOf(),
  };
  async function* rowsOf(): AsyncGenerator<Cell[]> {
    for await (const one of standings(db, campaign, announcement.name, audience, whole)) {
      count(totals, one);
      const state = stateWords[locale][one.state];
      yield [
        unitName(campaign, one.unit),
        one.name,
        one.address,
        state,
        one.at,
        tellerWords(one, campaign),
        one.response,
      ];
    }
  }
  const states = Object.keys(stateWords[locale]) as StandingState[];
  const columns = locale === "en" ? ["Unit", "People", "Not named"] : ["单位", "人数", "不在名册"];
  const unnamed = unnamedByUnit(campaign);
  function* sums(): Generator<Cell[]> {
    for (const [unit, one] of totals) {
      const counts = states.map((state) => one[state]);
      const others = unitOf(campaign, unit)?.staff == null ? null : (unnamed.get(unit) ?? 0);
      yield [unitName(campaign, unit), one.people, others, ...counts];
    }
  }
  const units: Sheet = {
    name: said.units,
    columns: columnsOf([...columns, ...states.map((state) => stateWords[locale][state])], [24]),
    rows: sums(),
  };
  await writeWholeFile(path, (destination) =>
    path.toLowerCase().endsWith(".csv")
      ? writeCsv(destination, people, timezone)
      : writeWorkbook(destination, {
          title: announcement.subject,
          timezone,
          locale,
          sheets: [people, units],
        }),
  );
}
