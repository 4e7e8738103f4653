// Rich text as a stream of groups, control words and text (RTF specification 1.9.1): one pass, whatever is in it.
import { Unreadable } from "../unreadable.ts";

export interface RtfHandler {
  open(): void;
  close(): void;
  /** `\name`, with its number where it has one. */
  word(name: string, value: number | null): void;
  /** `\~`, `\-` and the like, by the character. */
  symbol(character: string): void;
  /** One byte written as `\'xx`. */
  byte(value: number): void;
  /** Bytes written as they are. */
  literal(from: number, to: number): void;
  /** What follows `\binN`: bytes that are no text and may look like anything. */
  binary(from: number, to: number): void;
}

/** Office nests a few dozen; what is deeper was made to hurt. */
const MAX_NESTED = 10_000;

const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const QUOTE = 0x27;

/** Ends with the first group, or where the bytes do; whether all that was opened was closed. */
export function readRtfTokens(bytes: Uint8Array, handler: RtfHandler): boolean {
  let depth = 0;
  let at = 0;
  while (at < bytes.length) {
    const code = bytes[at];
    if (code === OPEN) {
      depth++;
      if (depth > MAX_NESTED) throw new Unreadable("too-large", `more than ${MAX_NESTED} nested groups`);
      handler.open();
      at++;
    } else if (code === CLOSE) {
      if (depth === 0) return false;
      depth--;
      handler.close();
      at++;
      if (depth === 0) return true;
    } else if (code === BACKSLASH) at = control(bytes, at + 1, handler);
    else if (code === 0x0d || code === 0x0a || code === 0) at++;
    else {
      const from = at;
      while (at < bytes.length && !isSpecial(bytes[at] as number)) at++;
      handler.literal(from, at);
    }
  }
  return false;
}

function isSpecial(code: number): boolean {
  return (
    code === BACKSLASH || code === OPEN || code === CLOSE || code === 0x0d || code === 0x0a || code === 0
  );
}

/** Reads what follows the backslash; returns where reading goes on. */
function control(bytes: Uint8Array, from: number, handler: RtfHandler): number {
  const first = bytes[from];
  if (first === undefined) return from;
  if (first === QUOTE) {
    const value = hexDigit(bytes[from + 1]) * 16 + hexDigit(bytes[from + 2]);
    if (value < 0) return from + 1;
    handler.byte(value);
    return from + 3;
  }
  if (!isLetter(first)) {
    // A backslash at the end of a line is a paragraph's end.
    if (first === 0x0d || first === 0x0a) handler.word("par", null);
    else handler.symbol(String.fromCharCode(first));
    return from + 1;
  }
  let at = from;
  let name = "";
  for (; at < bytes.length && name.length < 32 && isLetter(bytes[at] as number); at++)
    name += String.fromCharCode(bytes[at] as number);
  const isNegative = bytes[at] === 0x2d && isDigit(bytes[at + 1]);
  if (isNegative) at++;
  let value: number | null = null;
  for (; isDigit(bytes[at]); at++)
    value = Math.min(0x7fffffff, (value ?? 0) * 10 + (bytes[at] as number) - 0x30);
  if (isNegative && value !== null) value = -value;
  if (bytes[at] === 0x20) at++;
  if (name === "bin" && value !== null && value > 0) {
    const to = Math.min(bytes.length, at + value);
    handler.binary(at, to);
    return to;
  }
  handler.word(name, value);
  return at;
}

function isLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
}

function isDigit(code: number | undefined): boolean {
  return code !== undefined && code >= 0x30 && code <= 0x39;
}

/** A number below zero where it is no digit, so that a pair of them is below zero too. */
function hexDigit(code: number | undefined): number {
  if (code === undefined) return -1000;
  if (isDigit(code)) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1000;
}
