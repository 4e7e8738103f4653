// One line of an instruction, cut into numbers, values, acts, and words that are none of these.
import { ACTS, type Act, FIELDS } from "./instruction-words.ts";
import type { Knowledge } from "./knowledge.ts";
import type { Changes, Field, NotResolved } from "./named-values.ts";

/** What a number may mean: a submission's reference, a held mail's number, or (a bare number of four digits) either. */
export interface Target {
  written: string;
  reference: string | null;
  mail: number | null;
}

const longestFirst = (words: string[]): string => words.toSorted((a, b) => b.length - a.length).join("|");
const SIGN = "\\s*(?:=|:|->|→|改为|改成|应为|应是|应该是|是|为)\\s*";
const BEHIND = "(?=[\\s,;、。.!()]|#|$)";
const MARKS = FIELDS.map(({ field, words, read }) => ({
  field,
  read,
  mark: new RegExp(`(?:${longestFirst(words)})${SIGN}`, "y"),
}));
const ACT_MARKS = ACTS.map(({ act, words }) => ({
  act,
  mark: new RegExp(`(?:${longestFirst(words)})${BEHIND}`, "y"),
}));
const SEPARATORS = /[\s,;:、。.!]+/y;
const POLITE = /(?:麻烦|烦请|请|谢谢|多谢|please|thanks|thank you)(?=[\s,;、。.!#]|\p{Script=Han}|$)/uy;
const THANKS = /(?:谢谢|多谢|thanks|thank you|please)[\s,;、。.!]*(?:$|#)/y;
const BULLET = /^\s*(?:[-*•·○●→]+|\(?\d{1,2}[.)、])\s*(?=#|m\s?\d|邮件|来信|mail|[a-z])/;

/** Full width to half width, one character for one, so that a place here is the same place in what was written. */
export function halfWidth(line: string): string {
  return [...line]
    .map((character) => {
      const code = character.charCodeAt(0);
      if (code === 0x3000 || code === 0xa0) return " ";
      if (character === "№") return "#";
      const half = code >= 0xff01 && code <= 0xff5e ? String.fromCharCode(code - 0xfee0) : character;
      return half.toLowerCase().length === half.length ? half.toLowerCase() : half;
    })
    .join("");
}

export type Token =
  | { is: "target"; target: Target }
  | { is: "field"; field: Field; value: Changes | NotResolved; written: string }
  | { is: "act"; act: Act; written: string }
  | { is: "unknown"; written: string };
export interface Scanner {
  line: string;
  half: string;
  knowledge: Knowledge;
  targetAt: ReturnType<typeof targetsOf>;
}

type Read<T> = (T & { end: number }) | null;

/** Reads a number at a place; words without "#" ("9号", "M9") count only where a line begins. */
function targetsOf(code: string) {
  const own = code.toLowerCase().replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const end = "(?![\\da-z])";
  const reference = new RegExp(`#?\\s?${own}\\s?-?\\s?(\\d{1,9})${end}`, "y");
  const mail = new RegExp(`#\\s?(?:m|邮件|来信|mail)\\s?(\\d{1,9})${end}(?:\\s?号)?`, "y");
  const mailFirst = new RegExp(
    `(?:m|邮件|来信|mail)\\s?#?\\s?(\\d{1,9})${end}(?:\\s?号)?|第?(\\d{1,9})\\s?号(?:邮件|来信)?`,
    "y",
  );
  const bare = new RegExp(`#\\s?(\\d{1,9})${end}(?:\\s?号)?`, "y");
  const referenceOf = (digits: string) => `${code}-${String(Number(digits)).padStart(4, "0")}`;
  return ({ line, half }: { line: string; half: string }, at: number): Read<{ target: Target }> => {
    const read = (
      mark: RegExp,
      what: (digits: string) => Omit<Target, "written">,
    ): Read<{ target: Target }> => {
      mark.lastIndex = at;
      const match = mark.exec(half);
      const digits = match?.[1] ?? match?.[2];
      if (!match || digits === undefined || Number(digits) === 0) return null;
      const end = at + match[0].length;
      return { target: { written: line.slice(at, end).trim(), ...what(digits) }, end };
    };
    const isMail = (digits: string) => ({ reference: null, mail: Number(digits) });
    return (
      read(reference, (digits) => ({ reference: referenceOf(digits), mail: null })) ??
      read(mail, isMail) ??
      (at === 0 ? read(mailFirst, isMail) : null) ??
      read(bare, (digits) => {
        if (digits.length < 4) return isMail(digits);
        // "#1042" is written like a reference number, and may be the number of a mail as well.
        return { reference: referenceOf(digits), mail: digits.startsWith("0") ? null : Number(digits) };
      })
    );
  };
}

export function hasTarget(scanner: Scanner): boolean {
  const bullet = BULLET.exec(scanner.half);
  if (bullet) {
    scanner.line = scanner.line.slice(bullet[0].length);
    scanner.half = scanner.half.slice(bullet[0].length);
  }
  for (let at = 0; at < Math.min(scanner.half.length, 400); at += 1)
    if (scanner.targetAt(scanner, at)) return true;
  return false;
}

export function fieldAt({ half }: Scanner, at: number): Read<{ mark: (typeof MARKS)[number] }> {
  for (const mark of MARKS) {
    mark.mark.lastIndex = at;
    const match = mark.mark.exec(half);
    if (match) return { mark, end: at + match[0].length };
  }
  return null;
}

export function actAt({ half }: Scanner, at: number): Read<{ act: Act }> {
  for (const { act, mark } of ACT_MARKS) {
    mark.lastIndex = at;
    const match = mark.exec(half);
    if (match) return { act, end: at + match[0].length };
  }
  return null;
}

function skip({ half }: Scanner, from: number): number {
  let at = from;
  for (;;) {
    const before = at;
    for (const mark of [SEPARATORS, POLITE]) {
      mark.lastIndex = at;
      at += mark.exec(half)?.[0].length ?? 0;
    }
    if (at === before) return at;
  }
}

const LONGEST_LINE = 2_000;

export function tokensOf(scanner: Scanner): Token[] {
  const { line, half, knowledge } = scanner;
  const tokens: Token[] = [];
  let at = skip(scanner, 0);
  while (at < half.length && at < LONGEST_LINE) {
    const target = scanner.targetAt(scanner, at);
    const field = target ? null : fieldAt(scanner, at);
    const act = target || field ? null : actAt(scanner, at);
    let end: number;
    if (target) {
      tokens.push({ is: "target", target: target.target });
      end = target.end;
    } else if (field) {
      const value = valueAt(scanner, field.end);
      const written = line.slice(at, value.end).trim();
      tokens.push({
        is: "field",
        field: field.mark.field,
        value: field.mark.read(value.text, knowledge),
        written,
      });
      end = value.end;
    } else if (act) {
      tokens.push({ is: "act", act: act.act, written: line.slice(at, act.end) });
      end = act.end;
    } else {
      end = nextMark(scanner, at + 1);
      tokens.push({ is: "unknown", written: line.slice(at, end).replace(/[\s,，;；、。.!！]+$/u, "") });
    }
    at = skip(scanner, end);
  }
  return tokens;
}

const QUOTES: Record<string, string> = {
  "「": "」",
  "『": "』",
  "“": "”",
  "‘": "’",
  '"': '"',
  "'": "'",
  "《": "》",
  "【": "】",
};

/** A value goes to its closing quote, else to whatever else the line says. */
function valueAt(scanner: Scanner, at: number): { text: string; end: number } {
  const { line, half } = scanner;
  const closer = QUOTES[half[at] ?? ""];
  const close = closer === undefined ? -1 : half.indexOf(closer, at + 1);
  if (close > 0) return { text: line.slice(at + 1, close).trim(), end: close + 1 };
  const end = nextMark(scanner, at);
  return { text: line.slice(at, end).replace(/^[\s,，;；、。]+|[\s,，;；、。!！]+$/gu, ""), end };
}

/** Where the next number, field or act begins: behind a space or a stop, for words hold words. */
function nextMark(scanner: Scanner, from: number): number {
  const { half } = scanner;
  for (let at = from; at < half.length; at += 1) {
    if (half[at] === "#" && scanner.targetAt(scanner, at)) return at;
    if (at > 0 && !/[\s,;、。]/.test(half[at - 1] ?? "")) continue;
    if (fieldAt(scanner, at) || actAt(scanner, at) || scanner.targetAt(scanner, at)) return at;
    THANKS.lastIndex = at;
    if (THANKS.test(half)) return at;
  }
  return half.length;
}
export function scannerOf(line: string, knowledge: Knowledge): Scanner {
  return { line, half: halfWidth(line), knowledge, targetAt: targetsOf(knowledge.campaign.code) };
}
