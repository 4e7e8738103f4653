// Files as clerks save them, as text and as YAML that remembers which line each value stands on.
import { readFileSync } from "node:fs";
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from "yaml";
import { ConfigurationError, type Problem, type Words } from "./problem.ts";

export type Path = readonly PropertyKey[];

export interface Source {
  file: string;
  /** The YAML as plain values; keys left blank count as not written. */
  value: unknown;
  problems: Problem[];
  /** The line on which the value at `path` is written; for a missing one, the line of what should hold it. */
  lineOf(path: Path): number;
}

/**
 * Text in whatever encoding it was saved: UTF-8 or UTF-16 by their marks, else UTF-8 if it is valid, else GB18030
 * (what Excel and WPS write for "CSV" on a Chinese Windows; GBK is a part of it).
 */
export function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
}

/** The text of a file that the configuration needs; `problem` says where it is named when it cannot be read. */
export function readText(file: string, problem: Partial<Problem> = {}): string {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const expected = {
      zh: "一个存在且可以读取的文件（或用 --config 另指一个）",
      en: "a file that exists and can be read (or name another with --config)",
    };
    const found = `${file}: ${code === "ENOENT" ? "没有这个文件 / no such file" : (code ?? String(error))}`;
    throw new ConfigurationError([{ file, line: null, key: "", found, expected, write: null, ...problem }]);
  }
  return decodeText(bytes);
}

export function readYaml(file: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(readText(file), { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const problems: Problem[] = document.errors.map(({ code, message, pos }) => {
    return { file, line: lineAt(pos[0]), key: "", found: message, expected: syntaxWords(code), write: null };
  });
  let value: unknown = null;
  try {
    if (problems.length === 0) value = withoutBlanks(document.toJS());
  } catch (error) {
    // Only references throw here: to nothing, to themselves, or multiplying without end.
    const expected = syntaxWords("BAD_ALIAS");
    const alias = unresolvedAlias(document);
    const line = alias?.range ? lineAt(alias.range[0]) : null;
    const found = alias ? `*${alias.source}` : (error as Error).message;
    problems.push({ file, line, key: "", found, expected, write: null });
  }
  return { file, value, problems, lineOf: (path) => lineAt(offsetOf(document, path)) };
}

// `poll: */5 * * * *` without quotes: to YAML the star begins a reference to something named before.
function unresolvedAlias(document: Document): Alias | null {
  let found: Alias | null = null;
  visit(document, {
    Alias: (_key, alias) => {
      if (alias.resolve(document)) return undefined;
      found = alias;
      return visit.BREAK;
    },
  });
  return found;
}

function syntaxWords(code: string): Words {
  if (code === "TAB_AS_INDENT") {
    return { zh: "行首缩进用空格，不能用 Tab 键", en: "indentation by spaces, not by tabs" };
  }
  if (code === "BAD_ALIAS") {
    return {
      zh: '以 * 或 & 开头的值加上引号，如 poll: "*/1 * * * *"',
      en: 'a value that begins with * or & stands in quotes, as in poll: "*/1 * * * *"',
    };
  }
  if (code === "DUPLICATE_KEY") {
    return { zh: "同一个键只能写一次", en: "each key only once" };
  }
  return {
    zh: "正确的 YAML：冒号用半角且后面空一格，括号和引号成对，同级左对齐",
    en: "valid YAML: an ASCII colon followed by a space, brackets and quotes in pairs, equal levels aligned",
  };
}

/** Where the deepest written part of `path` begins. */
function offsetOf(document: Document, path: Path): number {
  let node = document.contents as Node | null;
  let offset = node?.range?.[0] ?? 0;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document) ?? null;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => (isScalar(key) ? key.value : key) === step);
      if (!pair) return offset;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value as Node | null;
    } else if (isSeq(node)) {
      node = (node.items[Number(step)] ?? null) as Node | null;
      offset = node?.range?.[0] ?? offset;
    } else {
      return offset;
    }
  }
  return offset;
}

/** A key with nothing after it means "not configured", except `quiet`, where nothing means no quiet hours. */
function withoutBlanks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutBlanks);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([key, item]) => item !== null || key === "quiet");
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutBlanks(item)]));
}
