// Fields without a stored result: ringed and stacked characters and signs by number, whose words are in their
// instruction; boxes to tick and choices of a form, whose state is in the data stream.
import type { Fonts } from "./doc-fonts.ts";

/** Longer ones are damage; the patterns below look at some parts again and again. */
const MAX_INSTRUCTION = 2_000;
const RINGED_NUMBERS = 0x2460;

/** What a field shows by its instruction alone; "" where that is nothing, or only Word could tell. */
export function shownByInstruction(instruction: string, fonts: Fonts): string {
  const [, name = "", rest = ""] =
    /^\s*([A-Za-z]+)\s?([\s\S]*)$/.exec(instruction.slice(0, MAX_INSTRUCTION)) ?? [];
  if (/^eq$/i.test(name)) return equation(rest);
  if (/^symbol$/i.test(name)) return symbol(rest, fonts);
  return "";
}

/** SYMBOL 254 \f "Wingdings": a sign by its place in a font. */
function symbol(rest: string, fonts: Fonts): string {
  const code = Number(/^\s*(0x[0-9a-f]+|\d+)/i.exec(rest)?.[1] ?? Number.NaN);
  if (!Number.isInteger(code) || code < 32 || code > 0xffff) return "";
  const font = /\\f\s*"?([^"\\]+?)"?\s*(?:\\|$)/i.exec(rest)?.[1];
  return font ? fonts.signByName(font, code) : String.fromCharCode(code);
}

/**
 * EQ, which Chinese Word uses for what it has no property for: \o\ac(○,3) is ③, \o\ad(\s\up 9(huì),绘) is 绘 with its
 * sound above it, \s\up 6(上)\s\do 2(下) two lines in one. Of other formulas the words stay, without their frame.
 */
function equation(source: string): string {
  const ringed = /^\s*\\o\s*\\a[cdlr]\s*\(\s*[○◯□△◇]\s*[,，]\s*([^()]{1,8}?)\s*\)/i.exec(source)?.[1];
  if (ringed !== undefined) {
    const number = Number(ringed);
    const isRinged = Number.isInteger(number) && number >= 1 && number <= 20;
    return isRinged ? String.fromCharCode(RINGED_NUMBERS + number - 1) : ringed;
  }
  // "\* jc2", "\* hps10", "\* "Font:宋体"": how a sound above a sign is set.
  const plain = source.replace(/\\\*\s*(?:"[^"]*"|\S+)/g, "");
  const ruby = /^\s*\\o\s*\\a[a-z]\s*\(\s*\\s\s*\\up\s*\d*\s*\([^()]*\)\s*[,，]\s*([^()]*)\)/i.exec(
    plain,
  )?.[1];
  if (ruby !== undefined) return ruby;
  return plain
    .replace(/\\[a-z]{1,2}\s*\d*/gi, "")
    .replace(/[()]/g, "")
    .trim();
}

const FORM_HEAD_BYTES = 68;
const TICK_BOX = 1;
const CHOICE = 2;
const AS_AT_FIRST = 25;

/** [MS-DOC] §2.9.157 NilPICFAndBinData, §2.9.78 FFData: a box as ☑ or ☐, of a choice the chosen words. */
export function shownByForm(data: Buffer, at: number): string {
  const form = data.subarray(at + FORM_HEAD_BYTES, at + FORM_HEAD_BYTES + 20_000);
  if (form.length < 12 || form.readUInt32LE(0) !== 0xffffffff) return "";
  const kind = form.readUInt16LE(4) & 3;
  const state = (form.readUInt16LE(4) >> 2) & 31;
  let next = 10;
  /** A counted string with a zero after it. */
  const skip = (): void => {
    next += next + 2 <= form.length ? form.readUInt16LE(next) * 2 + 4 : form.length;
  };
  skip();
  if ((kind !== TICK_BOX && kind !== CHOICE) || next + 2 > form.length) return "";
  const value = state === AS_AT_FIRST ? form.readUInt16LE(next) : state;
  if (kind === TICK_BOX) return value === 1 ? "☑" : "☐";
  next += 2;
  for (let texts = 0; texts < 5; texts++) skip();
  return choice(form.subarray(Math.min(next, form.length)), value);
}

/** §2.2.4 STTB of 16-bit text; its count is of two bytes or of four. */
function choice(list: Buffer, chosen: number): string {
  if (list.length < 8 || list.readUInt16LE(0) !== 0xffff) return "";
  let at = list.readUInt16LE(6) === 0 && list.readUInt16LE(4) === 0 ? 8 : 6;
  for (let index = 0; at + 2 <= list.length; index++) {
    const length = list.readUInt16LE(at) * 2;
    if (index === chosen) return list.toString("utf16le", at + 2, at + 2 + length);
    at += 2 + length;
  }
  return "";
}
