// Fonts of a Word document ([MS-DOC] §2.9.286 SttbfFfn): they tell the charset of 8-bit text, and what a sign stands for.
import { TextDecoder } from "node:util";
import { codePoint } from "dingbat-to-unicode";
import type { WordFile } from "./doc-file.ts";
import { PART } from "./doc-file.ts";

interface Font {
  name: string;
  /** A Windows charset number; 2: signs by their place in the font. */
  charset: number;
}

export interface Fonts {
  /** 8-bit text in a font as Unicode. */
  decode(bytes: string, font: number): string;
  /** The sign at a place in a font; "" where it is not known. */
  sign(font: number, code: number): string;
  signByName(name: string, code: number): string;
  /** Whether the font holds signs and no letters. */
  isOfSigns(font: number): boolean;
}

const SIGNS = 2;

const CHARSETS = new Map([
  [77, "macintosh"],
  [128, "shift_jis"],
  [129, "euc-kr"],
  [134, "gb18030"],
  [136, "big5"],
  [161, "windows-1253"],
  [162, "windows-1254"],
  [177, "windows-1255"],
  [178, "windows-1256"],
  [186, "windows-1257"],
  [204, "windows-1251"],
  [222, "windows-874"],
  [238, "windows-1250"],
]);
const EAST_ASIAN = new Set(["shift_jis", "euc-kr", "gb18030", "big5"]);

/** Text of double bytes, as far as Western letters cannot look like it. */
const PAIRS = /^(?:[\0-\x7f]|[\x81-\xfe][\xa1-\xfe])*$/;

/** Charset by language ([MS-LCID]); the rest of the world is Western. */
const LANGUAGES: [label: string, languages: number[]][] = [
  ["gb18030", [0x0804, 0x1004]],
  ["big5", [0x0404, 0x0c04, 0x1404]],
  ["shift_jis", [0x0411]],
  ["euc-kr", [0x0412]],
  ["windows-1250", [0x0405, 0x040e, 0x0415, 0x0418, 0x041a, 0x041b, 0x041c, 0x0424]],
  ["windows-1251", [0x0402, 0x0419, 0x0422, 0x0423, 0x042f, 0x0c1a]],
  ["windows-1253", [0x0408]],
  ["windows-1254", [0x041f]],
  ["windows-1255", [0x040d]],
  ["windows-1256", [0x0401]],
  ["windows-1257", [0x0425, 0x0426, 0x0427]],
  ["windows-874", [0x041e]],
];

export function readFonts(file: WordFile): Fonts {
  const fonts = file.isOld ? oldFonts(file.part(PART.fonts)) : newFonts(file.part(PART.fonts));
  const ofLanguage = LANGUAGES.find(([, languages]) => languages.includes(file.language))?.[0];
  const label = (font: number) => CHARSETS.get(fonts[font]?.charset ?? 0);
  // A Chinese font says that Chinese may be met, even where Word itself is English.
  const listed = fonts.map((_, at) => label(at)).find((one) => one !== undefined && EAST_ASIAN.has(one));
  const eastAsian = ofLanguage && EAST_ASIAN.has(ofLanguage) ? ofLanguage : listed;
  const signByName = (name: string, code: number): string => {
    const place = code >= 0xf000 && code <= 0xf0ff ? code - 0xf000 : code;
    return codePoint(name, place)?.string ?? "";
  };
  return {
    signByName,
    sign: (font, code) => signByName(fonts[font]?.name ?? "", code),
    isOfSigns: (font) => fonts[font]?.charset === SIGNS,
    decode: (bytes, font) => {
      if (!/[\x80-\xff]/.test(bytes)) return bytes;
      const buffer = Buffer.from(bytes, "latin1");
      const isCertain = eastAsian !== undefined && (eastAsian === ofLanguage || eastAsian === label(font));
      if (eastAsian && (isCertain || PAIRS.test(bytes))) return decoder(eastAsian).decode(buffer);
      const charset = label(font) ?? ofLanguage;
      return charset ? decoder(charset).decode(buffer) : western(bytes);
    },
  };
}

const decoders = new Map<string, TextDecoder>();

function decoder(label: string): TextDecoder {
  const known = decoders.get(label) ?? new TextDecoder(label);
  decoders.set(label, known);
  return known;
}

/** Word 97: a count, then fonts with 39 bytes of description before their name. */
function newFonts(stored: Buffer): Font[] {
  const fonts: Font[] = [];
  for (let at = 4; at < stored.length; at += (stored[at] as number) + 1) {
    const font = stored.subarray(at, at + (stored[at] as number) + 1);
    const name = font.subarray(40).toString("utf16le").split("\0")[0] ?? "";
    fonts.push({ name, charset: font[4] ?? 0 });
  }
  return fonts;
}

/** Word 6: the length of all, then fonts with 5 bytes of description. */
function oldFonts(stored: Buffer): Font[] {
  const fonts: Font[] = [];
  for (let at = 2; at < stored.length; at += (stored[at] as number) + 1) {
    const font = stored.subarray(at, at + (stored[at] as number) + 1);
    fonts.push({ name: font.toString("latin1", 6).split("\0")[0] ?? "", charset: font[4] ?? 0 });
  }
  return fonts;
}

const WESTERN = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ";

/** Windows-1252 of 8-bit pieces (§2.9.73 FcCompressed). */
export function western(text: string): string {
  return text.replace(/[\x80-\x9f]/g, (sign) => WESTERN[sign.charCodeAt(0) - 0x80] ?? sign);
}
