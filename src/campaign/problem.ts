// What is wrong in a configuration, said so that a clerk can mend it: where, what stands there, what to write instead.

/** The same sentence in both languages of the product. */
export interface Words {
  zh: string;
  en: string;
}

export interface Problem {
  /** The file as the user named it, or the name of an environment variable. */
  file: string;
  /** 1-based; null where there are no lines. */
  line: number | null;
  /** "units[3].kind"; empty for the file as a whole. */
  key: string;
  /** What stands there now, as written. */
  found: string;
  expected: Words;
  /** The line to write, ready to copy; null where no single line mends it. */
  write: string | null;
}

/** A setting that cannot be used (exit code 2). Holds every problem of the file, not just the first. */
export class ConfigurationError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(textOf(problems));
    this.name = "ConfigurationError";
    this.problems = problems;
  }
}

/** A roster in the wrong encoding is wrong on every line: nobody reads twenty thousand complaints. */
const mostShown = 30;

function textOf(problems: readonly Problem[]): string {
  const count = problems.length;
  const heading = `配置有 ${count} 处要改 / ${count} problem${count === 1 ? "" : "s"} in the configuration`;
  const lines = [heading, ...problems.slice(0, mostShown).map(problemText)];
  const hidden = count - mostShown;
  if (hidden > 0) lines.push(`……另有 ${hidden} 处 / … and ${hidden} more`);
  return lines.join("\n");
}

export function problemText({ file, line, key, found, expected, write }: Problem): string {
  const place = line === null ? file : `${file}:${line}`;
  const lines = [
    key ? `${place}  ${key}` : place,
    `  看到 / found     ${found}`,
    `  应为 / expected  ${expected.zh} / ${expected.en}`,
  ];
  if (write !== null) lines.push(`  请写 / write     ${write}`);
  return lines.join("\n");
}

/** A value as a person would recognise it in the file, on one line. */
export function shown(value: unknown): string {
  if (value === undefined || value === null || value === "") return "（空）/ nothing";
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80).toWellFormed()}…` : text;
}
