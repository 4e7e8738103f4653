// The words of one PDF page, as PDFium finds them sign by sign, with their places as the page is shown.
import type { Pdfium } from "../pdfium.ts";
import { degrees, type Matrix, multiply, type PlacedWords } from "./page-words.ts";
import type { Numbers } from "./pdfium-numbers.ts";

/** More signs on a page are a drawing or an attack. */
const MAX_SIGNS = 200_000;
/** All in ems: what stands in one place or on one line, touches, overlaps (halves of punctuation), is one space apart. */
const SAME_PLACE = 0.02;
const SAME_LINE = 0.05;
const TOUCHING = 0.1;
const OVERLAP = -0.65;
const LARGEST_SPACE = 0.6;
/** A vertical sign is placed by the middle of its upper edge (ISO 32000-1 §9.7.4.3: half its width, DW2 880). */
const MIDDLE = 0.5;
const ABOVE = 0.88;
/** What PDFium puts for a hyphen at a line's end. */
const BROKEN_BY_HYPHEN = 2;

export interface FoundWords {
  words: PlacedWords[];
  signs: number;
  /** Signs of fonts that do not say what they mean. */
  unnamed: number;
}

/** How the signs of one text object are set. */
interface Setting {
  object: number;
  size: number;
  /** Of the line, in degrees clockwise; the column's in vertical writing is 90 more. */
  angle: number;
  cos: number;
  sin: number;
  /** From a sign's width by PDFium to its length along the line; 0 where its line stands upright and it has none. */
  stretch: number;
  font: number;
  fontSize: number;
}

interface Run extends PlacedWords {
  object: number;
  /** Where its last sign begins. */
  last: number;
}

export function wordsByPdfium(engine: Pdfium, text: number, shown: Matrix, numbers: Numbers): FoundWords {
  const found: FoundWords = { words: [], signs: 0, unnamed: 0 };
  const count = Math.min(engine.FPDFText_CountChars(text), MAX_SIGNS);
  let setting: Setting | null = null;
  let run: Run | null = null;
  /** Since the last sign: one that was written, or one that PDFium takes the gap for. */
  let space: "none" | "written" | "taken" = "none";
  for (let at = 0; at < count; at++) {
    const code = engine.FPDFText_GetUnicode(text, at);
    if (engine.FPDFText_IsGenerated(text, at) === 1) {
      if (space === "none") space = "taken";
      continue;
    }
    const sign = signOf(code);
    if (sign.trim() === "" && code !== 0) {
      space = "written";
      continue;
    }
    found.signs++;
    if (code === 0 || engine.FPDFText_HasUnicodeMapError(text, at) === 1) found.unnamed++;
    if (code === 0) continue;
    const object = engine.FPDFText_GetTextObject(text, at);
    if (setting?.object !== object) setting = settingOf(engine, text, at, object, shown, numbers);
    const { size, angle, cos, sin } = setting;
    engine.FPDFText_GetCharOrigin(text, at, numbers.at, numbers.at + 8);
    const [left, up] = [numbers.double(0), numbers.double(1)];
    let x = shown[0] * left + shown[2] * up + shown[4];
    let y = shown[1] * left + shown[3] * up + shown[5];
    engine.FPDFText_GetLooseCharBox(text, at, numbers.at);
    const [from, top, to, bottom] = [numbers.float(0), numbers.float(1), numbers.float(2), numbers.float(3)];
    const isVertical = setting.stretch > 0 && top < bottom;
    let length: number;
    if (isVertical) {
      x += size * (MIDDLE * cos + ABOVE * sin);
      y += size * (MIDDLE * sin - ABOVE * cos);
      length = ((bottom - top) / (setting.fontSize || 1)) * size;
    } else {
      length = Math.abs(to - from) * Math.abs(setting.stretch);
      // PDFium gives a box that holds the ink too: a substitute's may reach over the next sign's place.
      const isInk = setting.stretch === 0 || Math.abs(from - left) > 0.002 * size;
      const isLast = at + 1 >= count || engine.FPDFText_GetTextObject(text, at + 1) !== object;
      if (isInk || isLast) length = widthOf(engine, code, setting, numbers) || length || guessed(code, size);
    }
    const turned = isVertical ? angle + 90 : angle;
    if (run && run.angle === turned && Math.abs(run.size - size) < SAME_LINE * size) {
      const [alongX, alongY] = isVertical ? [-sin, cos] : [cos, sin];
      const along = (x - run.x) * alongX + (y - run.y) * alongY;
      const beside = (y - run.y) * alongX - (x - run.x) * alongY;
      const isSameObject = run.object === object;
      const gap = (along - run.length) / size;
      if (Math.abs(beside) < SAME_LINE * size) {
        // One glyph for several signs: a ligature, or a sign beyond the first plane in two halves.
        if (isSameObject && Math.abs(along - run.last) < SAME_PLACE * size && space === "none") {
          run.text += sign;
          continue;
        }
        const isOne = isSameObject
          ? gap > OVERLAP && gap < LARGEST_SPACE
          : space === "written"
            ? gap > -TOUCHING && gap < LARGEST_SPACE
            : Math.abs(gap) < TOUCHING;
        if (isOne) {
          run.text += space === "none" ? sign : ` ${sign}`;
          run.length = Math.max(run.length, along + length);
          run.last = along;
          run.object = object;
          space = "none";
          continue;
        }
      }
    }
    run = { text: sign, x, y, length, size, angle: turned, object, last: 0 };
    found.words.push(run);
    space = "none";
  }
  return found;
}

function signOf(code: number): string {
  if (code === BROKEN_BY_HYPHEN) return "-";
  return code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
}

function settingOf(
  engine: Pdfium,
  text: number,
  at: number,
  object: number,
  shown: Matrix,
  numbers: Numbers,
): Setting {
  engine.FPDFText_GetMatrix(text, at, numbers.at);
  const own = [0, 1, 2, 3, 4, 5].map((index) => numbers.float(index)) as unknown as Matrix;
  const fontSize = Math.abs(engine.FPDFText_GetFontSize(text, at));
  const matrix = multiply(shown, own);
  const angle = degrees(matrix[0], matrix[1]);
  const width = Math.hypot(own[0], own[1]);
  return {
    object,
    size: fontSize * Math.hypot(matrix[2], matrix[3]) || 1,
    angle,
    cos: Math.cos((angle * Math.PI) / 180),
    sin: Math.sin((angle * Math.PI) / 180),
    stretch: Math.abs(own[0]) > 0.3 * width ? width / own[0] : 0,
    font: object === 0 ? 0 : engine.FPDFTextObj_GetFont(object),
    fontSize: fontSize * width,
  };
}

/** By the font; 0 where it does not say. */
function widthOf(engine: Pdfium, code: number, { font, fontSize }: Setting, numbers: Numbers): number {
  return font !== 0 && engine.FPDFFont_GetGlyphWidth(font, code, fontSize, numbers.at) ? numbers.float(0) : 0;
}

/** Han fill a square, other signs about half of it. */
function guessed(code: number, size: number): number {
  return code < 0x2e80 ? size / 2 : size;
}
