// `jinbox compendium --out F.docx`: the campaign's results as a book, in the layout of an official document.
import { existsSync, readFileSync } from "node:fs";
import type { Campaign } from "../campaign/campaign.ts";
import { readEnvironment } from "../campaign/environment.ts";
import { loadCampaign } from "../campaign/load.ts";
import { systemClock } from "../clock.ts";
import { calendarOf } from "../deadline/calendar.ts";
import { compendium } from "../digest/compendium/compendium.ts";
import type { BookRequest } from "../digest/compendium/contents.ts";
import { createLogger } from "../log.ts";
import { put, writeAll } from "../sheet/destination.ts";
import { noteExport } from "../store/audit.ts";
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
import { writeWholeFile } from "./whole-file.ts";

export const command: Command = {
  name: "compendium",
  usage:
    "--out F.docx [--by unit|theme] [--only TYPE] [--select FILE|NUMBERS] [--references] [--config FILE]",
  words: { en: "the results as a book for Word and WPS", zh: "把成果编成一本书（汇编），用 Word、WPS 打开" },
  options: {
    out: {
      type: "string",
      value: "FILE",
      words: { en: "a name ending in .docx", zh: "文件名，以 .docx 结尾" },
    },
    by: {
      type: "string",
      value: "unit|theme",
      words: {
        en: "individuals' pieces by unit (the default), or by the themes configured under themes:",
        zh: "个人材料按单位编排（默认），或按配置里 themes: 的主题",
      },
    },
    only: {
      type: "string",
      multiple: true,
      value: "TYPE",
      words: {
        en: "only this deliverable, by code or name; may be repeated",
        zh: "只编这种材料（代码或名称），可重复",
      },
    },
    select: {
      type: "string",
      value: "FILE|NUMBERS",
      words: {
        en: "only these individuals' pieces: reference numbers, or a file with a number a line",
        zh: "个人材料只收这些：登记编号，或每行一个编号的文件",
      },
    },
    references: { type: "boolean", words: { en: "show reference numbers", zh: "印出登记编号" } },
    config: configOption,
  },
  positionals: false,
  async run({ values }) {
    const out = requiredText(values.out, "out");
    if (!/\.docx$/i.test(out))
      throw new UsageError("--out: 文件名须以 .docx 结尾 / write a name ending in .docx");
    const environment = readEnvironment();
    const { campaign } = loadCampaign((values.config as string) ?? environment.configFile);
    const request = requestOf(campaign, values);
    const log = createLogger({ level: environment.logLevel, readable: process.stderr.isTTY === true });
    const store = await openStore(environment, log);
    try {
      await migrate(store.db);
      const now = systemClock.now();
      await writeWholeFile(out, async (file) => {
        const { bytes, unknown } = await compendium(store.db, campaign, calendarOf(campaign), request, now);
        if (unknown.length > 0)
          throw new UsageError(
            `--select ${unknown.join("、")}: 不是有效的个人材料编号 / not the number of an individual's current piece`,
          );
        await writeAll(file, () => put(file, bytes));
      });
      await noteExport(store.db, campaign.code, { what: "compendium", file: out }, now);
      console.log(out);
      return 0;
    } finally {
      await store.stop();
    }
  },
};

function requestOf(campaign: Campaign, values: CommandInput["values"]): BookRequest {
  const by = values.by ?? "unit";
  if (by !== "unit" && by !== "theme")
    throw new UsageError(`--by ${by}: write unit or theme / 请写 unit（按单位）或 theme（按主题）`);
  if (by === "theme" && campaign.themes.length === 0)
    throw new UsageError(
      "--by theme: 配置里还没有主题，请写 / no themes are configured; write:\nthemes:\n  - { code: service, name: 公共服务, keywords: [开放时间, 借阅, 便民] }",
    );
  return {
    by,
    only: valuesOf(values.only).map((text) => namedOption(campaign.deliverables, text, "only")),
    selected: selectedOf(campaign, values.select as string | undefined),
    references: values.references === true,
  };
}

/** Numbers as an office has them: in full or only their digits, from the command line, a list or a column of a .csv. */
function selectedOf({ code }: Campaign, value: string | undefined): Set<string> | null {
  if (value === undefined) return null;
  const listed = existsSync(value)
    ? readFileSync(value, "utf8")
        .replace(/^\uFEFF/, "")
        .split(/\r?\n/)
        .map((line) => line.split(/[,\t]/)[0] ?? "")
    : value.split(/[,，、\s]+/);
  const numbers = listed.map((one) => one.trim().replace(/^["'#]+|"$/g, "")).filter(Boolean);
  const references = numbers.map((one) => (/^\d+$/.test(one) ? `${code}-${one.padStart(4, "0")}` : one));
  // A column has a head.
  const wanted = references.filter((one, at) => at > 0 || /\d/.test(one));
  if (wanted.length === 0)
    throw new UsageError(`--select ${value}: 没有编号 / holds no reference number, such as ${code}-0001`);
  return new Set(wanted);
}
