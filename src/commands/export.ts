// `jinbox export --out F.xlsx`: the ledger as a file that is either whole or not there.
import type { Campaign } from "../campaign/campaign.ts";
import { readEnvironment } from "../campaign/environment.ts";
import { loadCampaign } from "../campaign/load.ts";
import { systemClock } from "../clock.ts";
import { calendarOf } from "../deadline/calendar.ts";
import { currentObligations } from "../deadline/records.ts";
import { type LedgerFormat, ledgerFormat, writeLedger } from "../digest/ledger/ledger.ts";
import { type Selection, SHEET_KINDS, type SheetKind, wants } from "../digest/ledger/selection.ts";
import { SHEET_NAMES } from "../digest/ledger/words.ts";
import { ledgerWords } from "../digest/words.ts";
import { createLogger } from "../log.ts";
import { noteExport } from "../store/audit.ts";
import { inSnapshot } from "../store/database.ts";
import { migrate } from "../store/migrate.ts";
import { openStore } from "../store/open.ts";
import {
  type Command,
  type CommandInput,
  configOption,
  namedOption,
  requiredText,
  UsageError,
  valuesOf,
} from "./command.ts";
import { periodOf, periodOptions } from "./period.ts";
import { progressLine } from "./progress.ts";
import { writeWholeFile } from "./whole-file.ts";

export const command: Command = {
  name: "export",
  usage:
    "--out F.xlsx|F.csv|F.json|F.jsonl [--sheet S] [--type T] [--unit U] [--state S] [--from DAY] [--to DAY] [--config FILE]",
  words: { en: "the ledger as a spreadsheet", zh: "导出台账" },
  options: {
    out: {
      type: "string",
      value: "FILE",
      words: {
        en: ".xlsx: submissions by type, what is owed, what is held, what the office ruled; the others: one of these",
        zh: ".xlsx 含各类材料、应交情况、待人工、办公室决定；其余格式只含其中一种",
      },
    },
    sheet: {
      type: "string",
      value: "SHEET",
      words: {
        en: "submissions (the default but for .xlsx), owed, held or rulings",
        zh: "只要哪一种：材料（.xlsx 以外的默认）、应交情况、待人工、办公室决定",
      },
    },
    type: {
      type: "string",
      multiple: true,
      value: "TYPE",
      words: {
        en: "only this deliverable, by code or name; may be repeated",
        zh: "只要这种材料（代码或名称），可重复",
      },
    },
    unit: {
      type: "string",
      multiple: true,
      value: "UNIT",
      words: {
        en: "only this unit, by code, name or alias; may be repeated",
        zh: "只要这个单位（代码、名称或简称），可重复",
      },
    },
    state: {
      type: "string",
      multiple: true,
      value: "STATE",
      words: {
        en: "only this state: current, superseded, withdrawn; outstanding, met, met-late, overdue, waived, extended",
        zh: "只要这种状态：有效、已被替换、已撤回；未交、已交、逾期补交、逾期未交、免交、已延期",
      },
    },
    ...periodOptions,
    config: configOption,
  },
  positionals: false,
  async run({ values }) {
    const out = requiredText(values.out, "out");
    const format = ledgerFormat(out);
    if (!format)
      throw new UsageError(
        "--out: 文件名须以 .xlsx、.csv、.json 或 .jsonl 结尾 / write a name ending in .xlsx, .csv, .json or .jsonl",
      );
    const environment = readEnvironment();
    const { campaign } = loadCampaign((values.config as string) ?? environment.configFile);
    const selection = selectionOf(campaign, values, format);
    const log = createLogger({ level: environment.logLevel, readable: process.stderr.isTTY === true });
    const store = await openStore(environment, log);
    const line = progressLine(2);
    try {
      await migrate(store.db);
      const now = systemClock.now();
      const progress = (sheet: string, rows: number): void => {
        if (rows % SHOWN_EVERY === 0) line.count(sheet, rows);
      };
      await writeWholeFile(out, (file) =>
        inSnapshot(store.db, async (trx) => {
          const obligations = await currentObligations(trx, campaign, calendarOf(campaign), now);
          await writeLedger(trx, { campaign, obligations }, file, { format, selection, progress });
        }),
      );
      line.clear();
      await noteExport(store.db, campaign.code, { what: "ledger", file: out }, now);
      console.log(out);
      return 0;
    } finally {
      line.clear();
      await store.stop();
    }
  },
};

/** Rows: often enough to be seen moving. */
const SHOWN_EVERY = 500;

function selectionOf(campaign: Campaign, values: CommandInput["values"], format: LedgerFormat): Selection {
  const sheet = sheetOf(campaign, values.sheet as string | undefined);
  const one: SheetKind = sheet?.kind ?? "submissions";
  const types = valuesOf(values.type).map((text) => namedOption(campaign.deliverables, text, "type"));
  const selection: Selection = {
    ...periodOf(values, campaign.timezone),
    types: sheet?.type && types.length === 0 ? [sheet.type] : types,
    units: valuesOf(values.unit).map((text) => namedOption(campaign.units, text, "unit")),
    states: valuesOf(values.state).map((text) => stateNamed(campaign, text)),
    sheets: sheet || format !== "xlsx" ? [one] : SHEET_KINDS,
  };
  if (!SHEET_KINDS.some((kind) => wants(selection, kind)))
    throw new UsageError(
      `--state ${valuesOf(values.state)}: 这张表没有这种状态；应交情况请加 --sheet owed / that sheet has no such state; for what is owed add --sheet owed`,
    );
  return selection;
}

/** By its kind, or by the name its sheet has in the workbook: then that type of submission alone. */
function sheetOf(campaign: Campaign, text: string | undefined): { kind: SheetKind; type?: string } | null {
  if (text === undefined) return null;
  const kinds = SHEET_KINDS.map((kind) => ({
    code: kind,
    name: SHEET_NAMES[kind][0] ?? kind,
    aliases: [...SHEET_NAMES[kind]],
  }));
  const code = namedOption([...kinds, ...campaign.deliverables], text, "sheet");
  const kind = SHEET_KINDS.find((one) => one === code);
  return kind ? { kind } : { kind: "submissions", type: code };
}

function stateNamed(campaign: Campaign, text: string): Selection["states"][number] {
  const { state, obligation } = ledgerWords(campaign.locale);
  const other = ledgerWords(campaign.locale === "en" ? "zh-CN" : "en");
  const all = Object.entries({ ...state, ...obligation }).map(([code, name]) => ({
    ...{ code, name },
    aliases: [{ ...other.state, ...other.obligation }[code as keyof typeof state] ?? name],
  }));
  return namedOption(all, text, "state") as Selection["states"][number];
}
