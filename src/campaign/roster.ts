// The optional list of people, as exported by Excel or WPS: name, address, unit.
import type { Person } from "./campaign.ts";
import { folded } from "./check.ts";
import { expectations, isEmail } from "./expected.ts";
import { codesByName, type Named } from "./naming.ts";
import { type Problem, shown, type Words } from "./problem.ts";
import { nearest } from "./report.ts";

export interface Roster {
  people: Person[];
  problems: Problem[];
  warnings: Problem[];
}

const columnNames = {
  name: ["name", "姓名", "名字"],
  email: ["email", "e-mail", "mail", "邮箱", "电子邮箱", "邮箱地址", "邮件", "电子邮件"],
  unit: ["unit", "单位", "部门", "所在单位", "单位名称", "处室"],
};
type Column = keyof typeof columnNames;
type Columns = Record<Column, number>;

const header: Words = {
  zh: "第一行是表头：姓名,邮箱,单位（或 name,email,unit），可有别的列",
  en: "a first line naming the columns: name,email,unit (others may stand beside them)",
};

/** Reads the text of a roster; `units` are those it may name by code, name or alias. */
export function readRoster(file: string, text: string, units: readonly Named[]): Roster {
  const roster: Roster = { people: [], problems: [], warnings: [] };
  const rows = csvRows(text).filter(({ cells }) => cells.some(Boolean));
  const [first, ...rest] = rows;
  const columns = first ? columnsOf(first.cells) : null;
  if (!first || !columns) {
    const found = shown(first?.cells.join(","));
    roster.problems.push({ file, line: 1, key: "", found, expected: header, write: "姓名,邮箱,单位" });
    return roster;
  }
  const codes = codesByName(units);
  const seen = new Map<string, number>();
  for (const { line, cells } of rest) {
    const person = personOf({ file, line, cells, columns }, codes, roster.problems);
    if (!person) continue;
    roster.people.push(person);
    const key = `${person.name}\n${person.email}\n${person.unit}`;
    const earlier = seen.get(key);
    if (earlier === undefined) seen.set(key, line);
    else {
      const expected = {
        zh: `每人一行（与第 ${earlier} 行相同）`,
        en: `one line each (line ${earlier} is the same)`,
      };
      roster.warnings.push({ file, line, key: "", found: shown(cells.join(",")), expected, write: null });
    }
  }
  return roster;
}

function columnsOf(cells: string[]): Columns | null {
  const find = (column: Column) => cells.findIndex((cell) => columnNames[column].includes(folded(cell)));
  const columns = { name: find("name"), email: find("email"), unit: find("unit") };
  return columns.name >= 0 && columns.email >= 0 && columns.unit >= 0 ? columns : null;
}

interface Row {
  file: string;
  line: number;
  cells: string[];
  columns: Columns;
}

function personOf({ file, line, cells, columns }: Row, codes: Map<string, Set<string>>, problems: Problem[]) {
  const cell = (column: Column) => cells[columns[column]]?.trim() ?? "";
  const [name, email, unit] = [cell("name"), cell("email"), cell("unit")];
  const before = problems.length;
  const refuse = (key: Column, found: string, expected: Words, mended: string | null) => {
    const fixed = { name, email, unit, ...(mended === null ? {} : { [key]: mended }) };
    const write = mended === null ? null : `${fixed.name},${fixed.email},${fixed.unit}`;
    problems.push({ file, line, key, found: shown(found), expected, write });
  };
  if (!name) refuse("name", name, { zh: "姓名", en: "a name" }, null);
  if (email && !isEmail(email)) {
    const words = { zh: "邮箱地址；没有就留空", en: "a mail address, or nothing" };
    refuse("email", email, words, expectations.email.mend(email) ?? "");
  }
  const found = codes.get(unit) ?? codes.get(folded(unit));
  if (!found) {
    const likely = unit ? nearest(folded(unit), [...codes.keys()]) : null;
    const words = { zh: "已配置单位的代码、名称或别名", en: "the code, name or alias of a configured unit" };
    refuse("unit", unit, words, likely);
  } else if (found.size > 1) {
    const words = {
      zh: `只指一个单位的写法；它可指 ${[...found].join("、")}`,
      en: `a name of one unit only; it may be ${[...found].join(" or ")}`,
    };
    refuse("unit", unit, words, [...found][0] ?? null);
  }
  if (problems.length > before) return null;
  const [code] = found ?? [];
  return { name, email: email ? email.toLowerCase() : null, unit: code as string } satisfies Person;
}

interface CsvRow {
  /** 1-based line on which the row begins. */
  line: number;
  cells: string[];
}

/**
 * RFC 4180 with what spreadsheets really write: comma, tab ("Unicode text") or semicolon, any line ending,
 * and a byte order mark left in front.
 */
export function csvRows(text: string): CsvRow[] {
  const body = text.replace(/^\uFEFF/, "");
  const firstLine = /^[^\r\n]*/.exec(body)?.[0] ?? "";
  const separator = [",", "\t", ";", "，"].find((candidate) => firstLine.includes(candidate)) ?? ",";
  if (!body.includes('"')) return plainRows(body, separator);
  const field = new RegExp(`"((?:[^"]|"")*)"[^\\r\\n${separator}]*|([^\\r\\n${separator}]*)`, "y");
  const rows: CsvRow[] = [];
  let cells: string[] = [];
  let line = 1;
  let rowBegan = 1;
  let at = 0;
  while (at < body.length || cells.length > 0) {
    field.lastIndex = at;
    const [whole, quoted, plain] = field.exec(body) ?? [""];
    cells.push((quoted?.replaceAll('""', '"') ?? plain ?? "").trim());
    line += whole.split("\n").length - 1;
    at += whole.length;
    if (body[at] === separator) {
      at += 1;
      continue;
    }
    rows.push({ line: rowBegan, cells });
    cells = [];
    at += body.startsWith("\r\n", at) ? 2 : 1;
    line += 1;
    rowBegan = line;
  }
  return rows;
}

/** Where nothing is quoted a line is a row: twice as fast, and the usual case. */
function plainRows(body: string, separator: string): CsvRow[] {
  return body.split(/\r\n|\n|\r/).map((text, index) => ({
    line: index + 1,
    cells: text.split(separator).map((cell) => cell.trim()),
  }));
}
