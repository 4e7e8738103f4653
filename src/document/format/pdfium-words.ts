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
const HARDLY = 0.3;
/** PDFium gives the number of a glyph that its font does not name: of a simple font it is often the sign all the same. */
const LARGEST_BYTE = 0xff;
const UNKNOWN = "\ufffd";
/** What PDFium puts for a hyphen at a line's end. */
const BROKEN_BY_HYPHEN = 2;

/** More signs of one glyph are no ligature, but a text given in its stead (ActualText). */
const MOST_OF_ONE_GLYPH = 3;

export interface FoundWords {
  words: PlacedWords[];
  signs: number;
  /** Signs of fonts that do not say what they mean. */
  unnamed: number;
  /** Whether some stand in for what is drawn (ActualText): PDFium places those at one point, and not always on the page. */
  isSpelledOut: boolean;
}

/** Signs beside or below each other; or put elsewhere than their object, which happens to a text that stands in for it. */
type Way = "across" | "down" | "elsewhere";

/** How the signs of one text object are set. */
interface Setting {
  object: number;
  way: Way;
  size: number;
  /** Of its signs, in degrees clockwise; a column's in vertical writing is 90 more. */
  angle: number;
  cos: number;
  sin: number;
  /** From a sign's width by PDFium to its length along the line; 0 where its line stands upright and it has none. */
  stretch: number;
  font: number;
  fontSize: number;
}

interface Sign extends PlacedWords {
  object: number;
}

interface Run extends Sign {
  /** Where its last glyph begins, and how many signs that is. */
  last: number;
  ofLast: number;
}

/** Between two signs: one that was written, or a gap that PDFium takes for one. */
type Space = "none" | "written" | "taken";

export function wordsByPdfium(engine: Pdfium, text: number, shown: Matrix, numbers: Numbers): FoundWords {
  const found: FoundWords = { words: [], signs: 0, unnamed: 0, isSpelledOut: false };
  const count = Math.min(engine.FPDFText_CountChars(text), MAX_SIGNS);
  let setting: Setting | null = null;
  let run: Run | null = null;
  let space: Space = "none";
  for (let at = 0; at < count; at++) {
    const code = engine.FPDFText_GetUnicode(text, at);
    if (engine.FPDFText_IsGenerated(text, at) === 1) {
      if (space === "none") space = "taken";
      continue;
    }
    const object = engine.FPDFText_GetTextObject(text, at);
    if (setting?.object !== object) setting = settingOf(engine, text, at, object, shown, numbers);
    const isUnnamed = code === 0 || engine.FPDFText_HasUnicodeMapError(text, at) === 1;
    const written = isUnnamed && code > LARGEST_BYTE ? UNKNOWN : writtenAs(code);
    if (written.trim() === "" && code !== 0) {
      space = "written";
      continue;
    }
    found.signs++;
    found.isSpelledOut ||= setting.way === "elsewhere";
    if (isUnnamed) found.unnamed++;
    if (code === 0) continue;
    const sign = signAt(engine, text, at, { text: written, code }, setting, shown, numbers);
    if (!Number.isFinite(sign.x + sign.y + sign.length + sign.size)) continue;
    if (run && isJoined(run, sign, space)) found.isSpelledOut ||= run.ofLast > MOST_OF_ONE_GLYPH;
    else {
      run = { ...sign, last: 0, ofLast: 1 };
      found.words.push(run);
    }
    space = "none";
  }
  return found;
}

function writtenAs(code: number): string {
  if (code === BROKEN_BY_HYPHEN) return "-";
  return code <= 0x10ffff ? String.fromCodePoint(code) : UNKNOWN;
}

function signAt(
  engine: Pdfium,
  text: number,
  at: number,
  { text: written, code }: { text: string; code: number },
  setting: Setting,
  shown: Matrix,
  numbers: Numbers,
): Sign {
  const { object, size, angle, cos, sin, stretch } = setting;
  const [x, y, left] = originOf(engine, text, at, shown, numbers);
  if (setting.way === "down") {
    return {
      text: written,
      x: x + size * (MIDDLE * cos + ABOVE * sin),
      y: y + size * (MIDDLE * sin - ABOVE * cos),
      length: size,
      size,
      angle: angle + 90,
      object,
    };
  }
  engine.FPDFText_GetLooseCharBox(text, at, numbers.at);
  const [from, to] = [numbers.float(0), numbers.float(2)];
  let length = Math.abs((to - from) * stretch);
  // The box holds the ink too: a substitute's may reach over the next sign's place, where it would hide a gap.
  const isInk = stretch === 0 || Math.abs(from - left) > 0.002 * size;
  if (isInk || engine.FPDFText_GetTextObject(text, at + 1) !== object)
    length = widthOf(engine, code, setting, numbers) || length || guessed(code, size);
  return { text: written, x, y, length, size, angle, object };
}

/** As it is shown, and how far to the right by the page's own measure. */
function originOf(
  engine: Pdfium,
  text: number,
  at: number,
  shown: Matrix,
  numbers: Numbers,
): [number, number, number] {
  engine.FPDFText_GetCharOrigin(text, at, numbers.at, numbers.at + 8);
  const [left, up] = [numbers.double(0), numbers.double(1)];
  return [shown[0] * left + shown[2] * up + shown[4], shown[1] * left + shown[3] * up + shown[5], left];
}

/** By where its first sign stands, in ems from its beginning. PDFium places a sign set down by its foot, as one set across. */
function wayOf(along: number, below: number): Way {
  if (Math.abs(below) < HARDLY) return "across";
  return Math.abs(along + MIDDLE) < HARDLY && below > ABOVE - HARDLY ? "down" : "elsewhere";
}

/** Adds a sign to the run before it, if it belongs there. */
function isJoined(run: Run, sign: Sign, space: Space): boolean {
  const { size } = sign;
  if (run.angle !== sign.angle || Math.abs(run.size - size) > SAME_LINE * size) return false;
  const turn = (run.angle * Math.PI) / 180;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const along = (sign.x - run.x) * cos + (sign.y - run.y) * sin;
  const beside = (sign.y - run.y) * cos - (sign.x - run.x) * sin;
  if (Math.abs(beside) > SAME_LINE * size) return false;
  const isSameObject = run.object === sign.object;
  // One glyph for several signs: a ligature, or a sign beyond the first plane in two halves.
  if (isSameObject && Math.abs(along - run.last) < SAME_PLACE * size && space === "none") {
    run.text += sign.text;
    run.ofLast++;
    return true;
  }
  const gap = (along - run.length) / size;
  const isOne = isSameObject
    ? gap > OVERLAP && gap < LARGEST_SPACE
    : Math.abs(gap) < TOUCHING || (space === "written" && gap > 0 && gap < LARGEST_SPACE);
  if (!isOne) return false;
  run.text += space === "none" ? sign.text : ` ${sign.text}`;
  run.length = Math.max(run.length, along + sign.length);
  run.last = along;
  run.ofLast = 1;
  run.object = sign.object;
  return true;
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
  const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  const size = fontSize * Math.hypot(matrix[2], matrix[3]) || 1;
  const [x, y] = originOf(engine, text, at, shown, numbers);
  const [right, below] = [(x - matrix[4]) / size, (y - matrix[5]) / size];
  const width = Math.hypot(own[0], own[1]);
  return {
    object,
    way: wayOf(right * cos + below * sin, below * cos - right * sin),
    size,
    angle,
    cos,
    sin,
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
