// The shape of a command and the parsing they all share: bilingual help, exit codes, errors that say what to write.
import { type ParseArgsOptionDescriptor, parseArgs } from "node:util";
import { isDate, isTime } from "../campaign/expected.ts";
import { codesNamed, type Named } from "../campaign/naming.ts";
import { instantOf, type PlainDate } from "../text/dates.ts";

/** 0 done; 1 the thing asked for failed or found something wrong; 2 usage or configuration. */
export type ExitCode = 0 | 1 | 2;

export interface Words {
  en: string;
  zh: string;
}

export interface CommandOption extends ParseArgsOptionDescriptor {
  /** The value's name in the help, "FILE". */
  value?: string;
  words: Words;
}

export interface CommandInput {
  values: Record<string, string | boolean | string[] | undefined>;
  positionals: string[];
}

export interface Command {
  name: string;
  /** What follows the name in the usage line, "FILE… [--json]". */
  usage: string;
  words: Words;
  options: Record<string, CommandOption>;
  /** Whether arguments without dashes are allowed. */
  positionals: boolean;
  run(input: CommandInput): Promise<ExitCode>;
}

/** Wrong use of the command line: exit 2, the message says what to write instead. */
export class UsageError extends Error {}

export const configOption: CommandOption = {
  type: "string",
  value: "FILE",
  words: {
    en: "campaign file (default: $JINBOX_CONFIG, else config/campaign.yaml)",
    zh: "活动配置文件（默认 $JINBOX_CONFIG，否则 config/campaign.yaml）",
  },
};

export const jsonOption: CommandOption = {
  type: "boolean",
  words: { en: "machine-readable output", zh: "输出机器可读的 JSON" },
};

export function parseCommand(command: Command, args: string[]): CommandInput | "help" {
  const options = { help: { type: "boolean", short: "h" } as const, ...command.options };
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({ args, options, allowPositionals: command.positionals, strict: true });
  } catch (error) {
    throw new UsageError(`命令写得不对 / wrong options: ${(error as Error).message}\n\n${helpOf(command)}`);
  }
  if (parsed.values.help) return "help";
  return { values: parsed.values as CommandInput["values"], positionals: parsed.positionals };
}

export function helpOf(command: Command): string {
  const lines = [
    `jinbox ${command.name} ${command.usage}`.trimEnd(),
    `  ${command.words.zh}`,
    `  ${command.words.en}`,
    "",
  ];
  for (const [name, option] of Object.entries(command.options)) {
    lines.push(`  --${name}${option.type === "string" ? ` ${option.value ?? "VALUE"}` : ""}`);
    lines.push(`      ${option.words.zh}`, `      ${option.words.en}`);
  }
  lines.push("  --help, -h", "      显示本说明", "      show this help");
  return lines.join("\n");
}

/**
 * An instant: a date, a date with a time of day in the campaign's zone, or one with an offset. `ofDay` says which instant
 * a bare date means.
 */
export function instantOption(
  value: CommandInput["values"][string],
  name: string,
  zone: string,
  ofDay: (on: PlainDate) => Date,
): Date | undefined {
  if (value === undefined) return undefined;
  const parts = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(Z|[+-]\d{2}:?\d{2})?)?$/.exec(
    String(value),
  );
  const [, on, time, offset] = parts ?? [];
  if (on && isDate(on)) {
    const at = !time ? ofDay(on) : offset ? new Date(`${on}T${time}${offset}`) : wallTime(on, time, zone);
    if (at && !Number.isNaN(at.getTime())) return at;
  }
  throw new UsageError(
    `--${name} ${value}: 请写成 2012-12-15 或 2012-12-15T17:30 / write 2012-12-15 or 2012-12-15T17:30`,
  );
}

/** Null: an hour that does not exist. */
function wallTime(on: PlainDate, time: string, zone: string): Date | null {
  return isTime(time.slice(0, 5)) && !/:[6-9]\d$/.test(time.slice(5)) ? instantOf(on, time, zone) : null;
}

/** The one meant by what was typed: its code, name or alias; otherwise usage, with everything that could be typed. */
export function namedOption(all: readonly Named[], written: string, option: string): string {
  const codes = codesNamed(all, written);
  const [code] = codes;
  if (code !== undefined && codes.length === 1) return code;
  const problem =
    codes.length > 1
      ? `不止一个叫这个名字 / more than one is called that: ${codes.join(", ")}`
      : "没有这个名称 / none is called that";
  throw new UsageError(`--${option} ${written}: ${problem}\n${choices(all)}`);
}

export const choices = (all: readonly Named[]): string =>
  all.map(({ code, name }) => `  ${code}  ${name}`).join("\n");

/** Values of an option that may be repeated or hold several, "a,b" or "甲、乙". */
export function valuesOf(value: string | boolean | string[] | undefined): string[] {
  const all = Array.isArray(value) ? value : typeof value === "string" ? [value] : [];
  return all
    .flatMap((one) => one.split(/[,，、]/))
    .map((one) => one.trim())
    .filter(Boolean);
}

/** A date option in the form YYYY-MM-DD; undefined when not given. */
export function dateOption(value: CommandInput["values"][string], name: string): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value)) {
    // JavaScript takes 30 February for 1 March.
    const at = new Date(`${value}T00:00:00Z`);
    if (!Number.isNaN(at.getTime()) && at.toISOString().startsWith(value)) return value;
  }
  throw new UsageError(`--${name} ${value}: write a date like 2012-12-15 / 请写成 2012-12-15 这样的日期`);
}

export function requiredText(value: CommandInput["values"][string], name: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw new UsageError(`--${name} is required / 必须给出 --${name}`);
}

/** A port option, 0 to 65535 (0: any free one); undefined when not given. */
export function portOption(value: CommandInput["values"][string], name: string): number | undefined {
  if (value === undefined) return undefined;
  const port = Number(value);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new UsageError(`--${name} ${value}: write a port number, 0 to 65535 / 请写 0 到 65535 之间的端口号`);
}
