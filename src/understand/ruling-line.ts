// One line that may rule on what is owed, cut into what it speaks of: rulings, units, deliverables, items, dates, ways, reasons.

import type { PlainDate } from "../text/dates.ts";
import { normalize } from "../text/normalize.ts";
import { halfWidth } from "./instruction-line.ts";
import { GENERAL_WORD, type Knowledge } from "./knowledge.ts";
import { mentionsIn, type NameIndex } from "./names.ts";
import { type Toward, type When, whenAt } from "./ruling-date.ts";
import {
  BECAUSE,
  EVERYBODY,
  FILLERS,
  LABEL,
  REVOKING,
  type ReceivedBy,
  RULINGS,
  type RulingKind,
  WAYS,
} from "./ruling-words.ts";

export type RulingToken = { written: string; start: number; end: number } & (
  | { is: "ruling"; kind: RulingKind }
  | { is: "revoking" }
  | { is: "everybody" }
  /** One code, or several that are called that. */
  | { is: "unit" | "deliverable"; codes: string[] }
  /** As "deliverable/item". */
  | { is: "item"; codes: string[] }
  | { is: "when"; when: When }
  | { is: "unclear-when" }
  | { is: "way"; by: ReceivedBy }
  | { is: "why"; why: string }
  | { is: "unknown" }
);

/** A date is read in the direction the ruling looks. */
export interface Asked {
  knowledge: Knowledge;
  today: PlainDate;
  toward: Toward;
}

const escaped = (words: string) => words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
/** Any of these at a place; a Latin word only as a whole. */
function anyOf(words: string[]): RegExp {
  const longestFirst = words
    .toSorted((a, b) => b.length - a.length)
    .map((one) => {
      const plain = escaped(one.toLowerCase());
      return /[a-z]$/i.test(one) ? `(?<![a-z])${plain}(?![a-z])` : plain;
    });
  return new RegExp(longestFirst.join("|"), "y");
}
const MARKS = RULINGS.map(({ kind, words }) => ({ kind, mark: anyOf(words) }));
const REVOKING_MARK = anyOf(REVOKING);
const EVERYBODY_MARK = anyOf(EVERYBODY);
const WAY_MARKS = WAYS.map(({ by, words }) => ({ by, mark: anyOf(words) }));
const FILLER = anyOf(FILLERS);
const COPIES = /各?(?:\d{1,2}|[一二两三四五六七八九十])(?:式[一二两三四五六七八九十]份|份)/y;
const SEPARATORS = /[\s,;:、。.!/|·"'“”‘’《》「」【】[\]]+/y;
/** What is no more than a guess at a name names nothing here. */
const NAME_AT_LEAST = 0.6;
const LONGEST_LINE = 400;

/** Half width, lower case and simplified, one character for one, so that places stay. */
export function plainLine(line: string): string {
  return [...halfWidth(line)]
    .map((character) => {
      if (!/\p{Script=Han}/u.test(character)) return character;
      const plain = normalize(character);
      return plain.length === character.length ? plain : character;
    })
    .join("");
}

export function rulingTokens(line: string, asked: Asked): RulingToken[] {
  const half = plainLine(line.slice(0, LONGEST_LINE));
  const tokens: RulingToken[] = [];
  let at = 0;
  while (at < half.length) {
    const blank = Math.max(lengthOf(SEPARATORS, half, at), lengthOf(LABEL, half, at));
    if (blank > 0) {
      at += blank;
      continue;
    }
    const token = tokenAt(line, half, at, asked);
    const filler = Math.max(lengthOf(FILLER, half, at), lengthOf(COPIES, half, at));
    if (token && token.end - at >= filler) {
      tokens.push(token);
      at = token.end;
    } else if (filler > 0) at += filler;
    else if (half[at] === "(" || half[at] === ")") at = aside(line, half, at, asked, tokens);
    else {
      const end = unknownEnd(line, half, at, asked);
      tokens.push({ is: "unknown", written: line.slice(at, end), start: at, end });
      at = end;
    }
  }
  return tokens;
}

/** "（纸质）" says what it says; any other remark in brackets at the end is why. */
function aside(line: string, half: string, at: number, asked: Asked, tokens: RulingToken[]): number {
  const close = half.indexOf(")", at + 1);
  if (half[at] === ")" || close < 0) return at + 1;
  const inside = rulingTokens(line.slice(at + 1, close), asked);
  const isPlain = inside.every(({ is }) => is !== "unknown" && is !== "ruling" && is !== "revoking");
  const isLast = /^[\s,;。.!]*$/.test(half.slice(close + 1));
  const written = line.slice(at + 1, close).trim();
  if (isPlain) tokens.push(...inside.map((one) => ({ ...one, start: at, end: close + 1 })));
  else if (isLast) tokens.push({ is: "why", why: written, written, start: at, end: close + 1 });
  else tokens.push({ is: "unknown", written, start: at, end: close + 1 });
  return close + 1;
}

function lengthOf(mark: RegExp, half: string, at: number): number {
  mark.lastIndex = at;
  return mark.exec(half)?.[0].length ?? 0;
}

/** The longest that begins here; a name before a word that is as long. */
function tokenAt(line: string, half: string, at: number, asked: Asked): RulingToken | null {
  const because = lengthOf(BECAUSE, half, at);
  if (because > 0) {
    const why = line.slice(at + because).trim();
    return { is: "why", why, written: why, start: at, end: half.length };
  }
  const found = [...namesAt(half, at, asked.knowledge), ...wordsAt(half, at)];
  const when = whenAt(half, at, asked.today, asked.toward, asked.knowledge.campaign.locale === "en");
  if (when?.is === "when") found.push({ length: when.end - at, says: { is: "when", when: when.when } });
  else if (when) found.push({ length: when.end - at, says: { is: "unclear-when" } });
  const longest = found.reduce<Found | null>(
    (best, one) => (best === null || one.length > best.length ? one : best),
    null,
  );
  if (longest === null) return null;
  const end = at + longest.length;
  return { ...longest.says, written: line.slice(at, end), start: at, end };
}

type Says = RulingToken extends infer One
  ? One extends RulingToken
    ? Omit<One, "written" | "start" | "end">
    : never
  : never;
interface Found {
  length: number;
  says: Says;
}

function namesAt(half: string, at: number, knowledge: Knowledge): Found[] {
  const rest = half.slice(at);
  const owed = new Set(knowledge.campaign.deliverables.map(({ code }) => code));
  const read = (index: NameIndex, is: "unit" | "deliverable" | "item", atLeast: number): Found[] => {
    if (!index.root.next.has(rest[0] as string)) return [];
    const first = mentionsIn(index, rest, { typos: false }).filter(
      ({ start, strength, value }) => start === 0 && strength >= atLeast && value !== null,
    );
    const codes = [...new Set(first.flatMap(({ value }) => value ?? []))].filter(
      (code) => is !== "deliverable" || owed.has(code),
    );
    const length = Math.max(0, ...first.map(({ end }) => end));
    return codes.length > 0 ? [{ length, says: { is, codes } }] : [];
  };
  return [
    ...read(knowledge.items, "item", NAME_AT_LEAST),
    ...read(knowledge.units, "unit", NAME_AT_LEAST),
    ...read(knowledge.kinds, "deliverable", GENERAL_WORD),
  ];
}

function wordsAt(half: string, at: number): Found[] {
  const found: Found[] = [];
  const offer = (mark: RegExp, says: Says) => {
    const length = lengthOf(mark, half, at);
    if (length > 0) found.push({ length, says });
  };
  for (const { kind, mark } of MARKS) offer(mark, { is: "ruling", kind });
  offer(REVOKING_MARK, { is: "revoking" });
  offer(EVERYBODY_MARK, { is: "everybody" });
  for (const { by, mark } of WAY_MARKS) offer(mark, { is: "way", by });
  return found;
}

/** To the next separator, or to whatever is known again. */
function unknownEnd(line: string, half: string, from: number, asked: Asked): number {
  for (let at = from + 1; at < half.length; at += 1) {
    const isInsideWord = /[a-z\d]/.test(half[at] as string) && /[a-z\d]/.test(half[at - 1] as string);
    if (isInsideWord) continue;
    if (lengthOf(SEPARATORS, half, at) > 0 || /[()的]/.test(half[at] as string)) return at;
    if (tokenAt(line, half, at, asked)) return at;
  }
  return half.length;
}
