// `jinbox urging`: the record of urging (催办记录): what was sent to whom, when, about what, and what came back.
import type { Writable } from "node:stream";
import type { Campaign } from "../campaign/campaign.ts";
import { readEnvironment } from "../campaign/environment.ts";
import { loadCampaign } from "../campaign/load.ts";
import { systemClock } from "../clock.ts";
import { calendarOf, STOP_AFTER_DAYS } from "../deadline/calendar.ts";
import { createLogger } from "../log.ts";
import { urgingDocument } from "../notice/urging/document.ts";
import { type Urging, urgings } from "../notice/urging/urging.ts";
import { kindWords, outcomeWords, urgingCells, urgingColumns } from "../notice/urging/words.ts";
import { writeCsv } from "../sheet/csv.ts";
import { put, writeAll } from "../sheet/destination.ts";
import { writeJson } from "../sheet/json.ts";
import { columnsOf, type Sheet } from "../sheet/sheet.ts";
import { writeWorkbook } from "../sheet/workbook.ts";
import { noteExport } from "../store/audit.ts";
import { inSnapshot } from "../store/database.ts";
import { migrate } from "../store/migrate.ts";
import { openStore } from "../store/open.ts";
import { addDays, isoInZone } from "../text/dates.ts";
import { type Command, configOption, dateOption, jsonOption, namedOption, UsageError } from "./command.ts";
import { writeWholeFile } from "./whole-file.ts";

export const command: Command = {
  name: "urging",
  usage: "[--unit UNIT] [--from DAY] [--to DAY] [--out F.xlsx|F.csv|F.json|F.docx] [--json] [--config FILE]",
  words: {
    en: "the record of urging: what was sent to whom, when, about what, and what came back",
    zh: "催办记录：何时向谁催了什么，是否送达，对方怎么回，何时报来",
  },
  options: {
    unit: {
      type: "string",
      value: "UNIT",
      words: { en: "one unit, by code, name or alias", zh: "只看一个单位：代码、名称或别名" },
    },
    from: {
      type: "string",
      value: "DAY",
      words: { en: "from this day on (default: the campaign's first)", zh: "从哪天起（默认活动第一天）" },
    },
    to: {
      type: "string",
      value: "DAY",
      words: { en: "up to and including this day (default: today)", zh: "到哪天为止，含当天（默认今天）" },
    },
    out: {
      type: "string",
      value: "FILE",
      words: { en: "write a file: .xlsx, .csv, .json or .docx", zh: "写成文件：.xlsx、.csv、.json 或 .docx" },
    },
    json: jsonOption,
    config: configOption,
  },
  positionals: false,
  async run({ values }) {
    const environment = readEnvironment();
    const { campaign } = loadCampaign((values.config as string) ?? environment.configFile);
    const from = dateOption(values.from, "from") ?? campaign.opens;
    const to = dateOption(values.to, "to") ?? addDays(campaign.closes, STOP_AFTER_DAYS);
    if (from > to)
      throw new UsageError(`--from ${from} --to ${to}: 起止颠倒了 / the end comes before the beginning`);
    const unit = typeof values.unit === "string" ? namedOption(campaign.units, values.unit, "unit") : null;
    const write = typeof values.out === "string" ? writerOf(values.out) : null;
    const log = createLogger({ level: environment.logLevel, readable: process.stderr.isTTY === true });
    const store = await openStore(environment, log);
    try {
      await migrate(store.db);
      const span = { from, to, unit };
      const all = await inSnapshot(store.db, (trx) =>
        urgings(trx, campaign, calendarOf(campaign), span, systemClock.now()),
      );
      if (write) {
        await writeWholeFile(values.out as string, (file) => write(file, all, campaign));
        await noteExport(
          store.db,
          campaign.code,
          { what: "urging", file: values.out as string },
          systemClock.now(),
        );
        console.log(values.out);
      } else if (values.json) {
        for (const one of all) console.log(JSON.stringify(machineLine(one, campaign)));
      } else {
        for (const line of urgingLines(all, campaign)) console.log(line);
      }
      return 0;
    } finally {
      await store.stop();
    }
  },
};

type Writer = (file: Writable, all: Urging[], campaign: Campaign) => Promise<void>;

const writers: Record<string, Writer> = {
  xlsx: (file, all, campaign) => {
    const { title, timezone, locale } = campaign;
    return writeWorkbook(file, { title, timezone, locale, sheets: [sheetOf(all, campaign)] });
  },
  csv: (file, all, campaign) => writeCsv(file, sheetOf(all, campaign), campaign.timezone),
  json: (file, all, campaign) =>
    writeJson(
      file,
      all.map((one) => machineLine(one, campaign)),
      "json",
    ),
  docx: async (file, all, campaign) => {
    const bytes = await urgingDocument(all, campaign);
    await writeAll(file, () => put(file, bytes));
  },
};

function writerOf(out: string): Writer {
  const writer = writers[out.slice(out.lastIndexOf(".") + 1).toLowerCase()];
  if (writer) return writer;
  throw new UsageError(
    `--out ${out}: 文件名须以 .xlsx、.csv、.json 或 .docx 结尾 / write a name ending in .xlsx, .csv, .json or .docx`,
  );
}

const WIDTHS = [12, 8, 24, 12, 12, 36, 36, 44, 36, 44, 44, 44];

function sheetOf(all: Urging[], campaign: Campaign): Sheet {
  const rows = all.map((one) => {
    const [, ...cells] = urgingCells(one, campaign);
    return [{ on: one.on }, ...cells];
  });
  const name = campaign.locale === "zh-CN" ? "催办记录" : "urging";
  return { name, columns: columnsOf(urgingColumns(campaign), WIDTHS), rows };
}

/** A step a paragraph: a table this wide is for a file. */
export function urgingLines(all: Urging[], campaign: Campaign): string[] {
  const zh = campaign.locale === "zh-CN";
  const titles = urgingColumns(campaign);
  const lines = all.flatMap((one) => {
    const [on, at, unit, kind, level, ...rest] = urgingCells(one, campaign);
    const head = [`${on} ${at}`.trimEnd(), unit, kind, level].filter(Boolean).join("  ");
    const details = rest.flatMap((cell, index) =>
      cell === "" ? [] : [`  ${titles[index + 5]}${zh ? "：" : ": "}${cell}`],
    );
    return [head, ...details, ""];
  });
  return [...lines, ...sums(all, campaign)];
}

function sums(all: Urging[], campaign: Campaign): string[] {
  const zh = campaign.locale === "zh-CN";
  if (all.length === 0) return [zh ? "没有催办。" : "Nobody was urged."];
  const counted = (names: Record<string, string>, codeOf: (one: Urging) => string) =>
    Object.entries(names)
      .map(([code, name]) => ({ name, count: all.filter((one) => codeOf(one) === code).length }))
      .filter(({ count }) => count > 0)
      .map(({ name, count }) => `${name} ${count}`)
      .join(zh ? "，" : ", ");
  const kinds = counted(kindWords(campaign), ({ kind }) => kind);
  const outcomes = counted(outcomeWords(campaign), ({ outcome }) => outcome);
  return [zh ? `共 ${all.length} 次：${kinds}；${outcomes}` : `${all.length} in all: ${kinds}; ${outcomes}`];
}

function machineLine(one: Urging, campaign: Campaign) {
  const iso = (at: Date | null) => at && isoInZone(at, campaign.timezone);
  return {
    ...one,
    at: iso(one.at),
    things: one.things.map((thing) => ({ ...thing, metAt: iso(thing.metAt) })),
    returned: one.returned && { ...one.returned, at: iso(one.returned.at) },
    answers: one.answers.map(({ noticeId: _, arrivedAt, ...answer }) => ({
      arrivedAt: iso(arrivedAt),
      ...answer,
    })),
  };
}
