// The values of an instruction: the unit, type, item, people or title meant by what was written; else what could be meant.
import { codesNamed, type Named } from "../campaign/naming.ts";
import { normalize } from "../text/normalize.ts";
import type { Knowledge } from "./knowledge.ts";
import { GENERAL_WORD } from "./knowledge.ts";
import { plainOf } from "./letter.ts";
import { mentionsIn, type NameIndex } from "./names.ts";

export type Field = "unit" | "type" | "item" | "people" | "title" | "note";

/** What is to become of a mail or a submission; absent: it stays. */
export interface Changes {
  /** Null: from nobody's unit. */
  unit?: string | null;
  type?: string;
  item?: string;
  people?: string[];
  title?: string;
  note?: string;
}

export type NotResolved =
  | { what: "no-value"; field: Field }
  /** Nothing is called that; `nearest` are full names, the likeliest first. */
  | { what: "unknown-name"; field: Field; written: string; nearest: string[] }
  | { what: "several-meant"; field: Field; written: string; nearest: string[] };

const NOBODYS = new Set(["-", "—", "无", "无单位", "没有", "不属于任何单位", "none", "nobody"]);

/** The digest leaves "？" where it has no guess; somebody who copies the line must fill it in. */
function isBlank(value: string): boolean {
  return /^[?？\s_＿（(]*(?:请?填[写入]?.{0,6}|fill in.{0,12})?[)）?？\s_＿]*$/u.test(value);
}

export function readUnit(value: string, knowledge: Knowledge): Changes | NotResolved {
  if (NOBODYS.has(plainOf(value))) return { unit: null };
  if (isBlank(value)) return { what: "no-value", field: "unit" };
  const { units } = knowledge.campaign;
  const codes = namedOr(units, value, knowledge.units);
  return one(codes, units, { field: "unit", written: value }) ?? { unit: codes[0] as string };
}

export function readType(value: string, knowledge: Knowledge): Changes | NotResolved {
  if (isBlank(value)) return { what: "no-value", field: "type" };
  const { deliverables } = knowledge.campaign;
  const codes = namedOr(deliverables, value, knowledge.kinds, GENERAL_WORD);
  if (codes.length === 1) return { type: codes[0] as string };
  // "类型=名城工程": the item says which deliverable it is of.
  const item = codes.length === 0 ? readItem(value, knowledge) : null;
  if (item !== null && !("what" in item)) return item;
  return one(codes, deliverables, { field: "type", written: value }, true) ?? { type: codes[0] as string };
}

export function readItem(value: string, knowledge: Knowledge): Changes | NotResolved {
  if (isBlank(value)) return { what: "no-value", field: "item" };
  const { deliverables } = knowledge.campaign;
  const all = deliverables.flatMap(({ code, items }) => items.map((item) => ({ ...item, of: code })));
  const keys = new Set(
    deliverables.flatMap(({ code, items }) => codesNamed(items, value).map((item) => `${code}/${item}`)),
  );
  const whole = keys.size > 0 ? [...keys] : wholly(knowledge.items, value, 0);
  const codes = whole.map((key) => key.split("/")[1] as string);
  const unresolved = one(codes, all, { field: "item", written: value }, true);
  if (unresolved) return unresolved;
  const [type, item] = (whole[0] as string).split("/") as [string, string];
  return { type, item };
}

const BETWEEN = /[、,，;；/]+|\s*(?:和|与|及)\s*/u;
const NAMES_MAX = 20;

export function readPeople(value: string): Changes | NotResolved {
  if (NOBODYS.has(plainOf(value))) return { people: [] };
  if (isBlank(value)) return { what: "no-value", field: "people" };
  const isHan = !/[a-z]/i.test(value);
  const names = value
    .split(isHan ? /[、,，;；/\s]+|(?:和|与|及)/u : BETWEEN)
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const isName = (name: string) => name.length <= 40 && !/[\d=＝#＃:：]/.test(name);
  if (names.length === 0 || names.length > NAMES_MAX || !names.every(isName))
    return { what: "unknown-name", field: "people", written: value, nearest: [] };
  return { people: names };
}

export function readTitle(value: string): Changes | NotResolved {
  return isBlank(value) ? { what: "no-value", field: "title" } : { title: value.slice(0, 200) };
}

export function readNote(value: string): Changes | NotResolved {
  return isBlank(value) ? { what: "no-value", field: "note" } : { note: value.slice(0, 500) };
}

/** By code, name or alias; else by a form of the name that understanding knows, if it is all that was written. */
function namedOr(all: readonly Named[], value: string, index: NameIndex, atLeast = 0): string[] {
  const codes = codesNamed(all, value);
  return codes.length > 0 ? codes : wholly(index, value, atLeast);
}

function wholly(index: NameIndex, value: string, atLeast: number): string[] {
  const plain = plainOf(value);
  const mentions = mentionsIn(index, plain, { typos: false });
  const whole = mentions.filter(
    (mention) => mention.start === 0 && mention.end === plain.length && mention.strength >= atLeast,
  );
  return [...new Set(whole.flatMap((mention) => mention.value ?? []))];
}

function one(
  codes: string[],
  all: readonly Named[],
  said: { field: Field; written: string },
  few = false,
): NotResolved | null {
  if (codes.length === 1) return null;
  const names = (chosen: readonly Named[]) => chosen.map(({ name }) => name);
  if (codes.length > 1) {
    const meant = all.filter(({ code }) => codes.includes(code));
    return { what: "several-meant", ...said, nearest: names(meant) };
  }
  const nearest = few && all.length <= 10 ? names(all) : nearestNames(said.written, all);
  return { what: "unknown-name", ...said, nearest };
}

const NEAREST = 3;

/** The full names that share most with what was written. */
function nearestNames(written: string, all: readonly Named[]): string[] {
  const asked = normalize(written).toLowerCase();
  const scored = all.map(({ name, aliases, code }) => ({
    name,
    score: Math.max(
      ...[name, code, ...aliases].map((words) => likeness(asked, normalize(words).toLowerCase())),
    ),
  }));
  return scored
    .filter(({ score }) => score > 0.2)
    .sort((a, b) => b.score - a.score)
    .slice(0, NEAREST)
    .map(({ name }) => name);
}

/** Share of the characters that stand in both, in the same order. */
function likeness(a: string, b: string): number {
  if (a.length > 60) return 0;
  let row = new Array<number>(b.length + 1).fill(0);
  for (const character of a) {
    const next = [0];
    for (let at = 0; at < b.length; at += 1) {
      const kept = Math.max(row[at + 1] as number, next[at] as number);
      next.push(b[at] === character ? Math.max((row[at] as number) + 1, kept) : kept);
    }
    row = next;
  }
  return (2 * (row[b.length] as number)) / Math.max(1, a.length + b.length);
}
