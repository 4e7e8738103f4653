// Fields without a stored result whose words are in their instruction: ringed and stacked characters, signs by number.
import type { Fonts } from "./doc-fonts.ts";

const RINGED_NUMBERS = 0x2460;

/** What a field shows by its instruction alone; "" where that is nothing, or only Word could tell. */
export function shownByInstruction(instruction: string, fonts: Fonts): string {
  const [, name = "", rest = ""] = /^\s*([A-Za-z]+)\s?([\s\S]*)$/.exec(instruction) ?? [];
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
