// The words of one page with their places, turned so that they read from left to right; and whether they are words.
import { linesOf } from "./page-layout.ts";
import type { Line, Piece } from "./page-phrases.ts";
import { isPageNumber } from "./page-text.ts";

/** Words set in one go, where they begin on the page: `y` grows downwards, `angle` is in degrees clockwise. */
export interface PlacedWords {
  text: string;
  x: number;
  y: number;
  /** Along the line. */
  length: number;
  size: number;
  angle: number;
}

export interface PageWords {
  lines: Line[];
  /** Words set aslant: a watermark. */
  watermark: string;
  width: number;
  height: number;
}

/** More is a drawing or an attack. */
const MAX_PIECES = 30_000;
const DEGREES_OFF = 10;

/** Words turned alike are laid out by themselves, as if the page were turned for reading; those that say most go first. */
export function pageOf(words: PlacedWords[], width: number, height: number): PageWords {
  const turns = new Map<number, Piece[]>();
  const aslant: string[] = [];
  for (const word of downwards(words.slice(0, MAX_PIECES))) {
    if (word.text.trim() === "") continue;
    const turn = Math.round(word.angle / 90) * 90;
    if (Math.abs(word.angle - turn) > DEGREES_OFF) {
      aslant.push(word.text);
      continue;
    }
    const upright = (turn + 360) % 360;
    turns.set(upright, turns.get(upright) ?? []);
    turns.get(upright)?.push(turned(word, upright, width, height));
  }
  const most = [...turns].sort(([, one], [, other]) => characters(other) - characters(one));
  const isOnItsSide = (most[0]?.[0] ?? 0) % 180 !== 0;
  return {
    lines: most.flatMap(([, pieces], at) =>
      linesOf(pieces).map((line) => ({ ...line, flow: line.flow + at * 100 })),
    ),
    watermark: [...new Set(aslant)].join(" "),
    width: isOnItsSide ? height : width,
    height: isOnItsSide ? width : height,
  };
}

/** Fewer signs below each other are a label in a table. */
const FEWEST_DOWNWARDS = 4;
const ABOVE_BASELINE = 0.88;

/** Vertical writing drawn sign by sign, upright: where most of the page is, its columns are made whole. */
function downwards(words: PlacedWords[]): PlacedWords[] {
  const joined: PlacedWords[] = [];
  let below = 0;
  for (const word of words) {
    const text = word.text.trim();
    if (text === "") continue;
    const last = joined.at(-1);
    const isSign = Math.abs(word.angle) < DEGREES_OFF && [...text].length === 1;
    // An upright sign stands on its baseline; its column begins above.
    const top = word.y - ABOVE_BASELINE * word.size;
    const step = last && isSign && last.angle === 90 ? (top - last.y - last.length) / word.size : Number.NaN;
    const isBelow = last && last.size === word.size && Math.abs(word.x - last.x) < 0.15 * word.size;
    if (last && isBelow && step > -0.3 && step < 0.35) {
      last.text += text;
      last.length = top - last.y + word.size;
      below++;
    } else joined.push(isSign ? { ...word, text, y: top, length: word.size, angle: 90 } : { ...word });
  }
  const columns = joined.filter(({ angle, text }) => angle === 90 && [...text].length >= FEWEST_DOWNWARDS);
  const signs = columns.reduce((sum, { text }) => sum + text.length, 0);
  return below > 0 && signs > 0.5 * characters(words) ? joined : words;
}

function characters(pieces: { text: string }[]): number {
  return pieces.reduce((sum, { text }) => sum + text.length, 0);
}

/** Vertical writing is like writing on a page turned by 90 degrees: its columns follow from right to left. */
function turned(
  { text, x, y, length, size }: PlacedWords,
  turn: number,
  width: number,
  height: number,
): Piece {
  const piece = { text, width: length, size };
  if (turn === 90) return { ...piece, x: y, y: width - x };
  if (turn === 180) return { ...piece, x: width - x, y: height - y };
  if (turn === 270) return { ...piece, x: height - y, y: x };
  return { ...piece, x, y };
}

export type Matrix = readonly [number, number, number, number, number, number];

export function multiply(one: Matrix, other: Matrix): Matrix {
  return [
    one[0] * other[0] + one[2] * other[1],
    one[1] * other[0] + one[3] * other[1],
    one[0] * other[2] + one[2] * other[3],
    one[1] * other[2] + one[3] * other[3],
    one[0] * other[4] + one[2] * other[5] + one[4],
    one[1] * other[4] + one[3] * other[5] + one[5],
  ];
}

export function degrees(x: number, y: number): number {
  return (Math.atan2(y, x) * 180) / Math.PI;
}

/** Marks of programs that scan, and of printers that stamp each page: not what the paper says. */
const STAMPED =
  /扫描全能王|CamScanner|全能扫描王|扫描宝|夸克扫描王|Scanned (?:by|with)|WPS扫描|福昕扫描|万兴PDF|试用版|Evaluation (?:only|version|copy)|仅供.{0,6}使用/iu;

/** Letters in the page's own words: no page numbers, stamps of programs or watermarks. */
export function lettersOf(lines: Line[]): string {
  return lines
    .filter(({ text }) => !isPageNumber(text) && !STAMPED.test(text))
    .map(({ text }) => text.replace(/[^\p{L}]/gu, ""))
    .join("");
}

/**
 * Fonts that do not say what their glyphs mean, or say it wrongly: numbers of glyphs come out as control signs and
 * private ones, or, in fonts cut into pieces of 200 signs as Chinese typesetting does it, as letters with accents among
 * marks.
 */
export function isGibberish(lines: Line[]): boolean {
  const text = lines
    .map((line) => line.text)
    .join("")
    .replace(/\s/gu, "");
  if (text.length < 8) return false;
  const share = (signs: RegExp) => (text.match(signs)?.length ?? 0) / text.length;
  if (share(/[\p{Cc}\p{Co}\p{Cn}\ufffd]/gu) > 0.3) return true;
  const accents = share(/[\u00a1-\u00ff]/g);
  const marks = share(/[!"#$%&'*+;<=>?@[\\\]^_`{|}~]/g);
  return accents > 0.04 && marks > 0.06 && accents + marks > 0.2 && share(/\p{Script=Han}/gu) < 0.4;
}

/** A layer of words under a scan that was recognised as another language is noise: hardly a real word among many. */
export function isNoise(lines: Line[]): boolean {
  const text = lines.map((line) => line.text).join(" ");
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  const latin = text.match(/[A-Za-z\u00c0-\u024f]/g)?.length ?? 0;
  const words = text.split(/\s+/u).filter((word) => /[A-Za-z\u00c0-\u024f]/.test(word));
  if (han > latin || words.length < 10) return false;
  const real = words.filter((word) =>
    /^[("“]?(?=[A-Za-z]*[aeiouyAEIOUY])[A-Za-z'’-]{2,}[)"”]?[.,;:!?]?$/u.test(word),
  );
  return real.length < 0.35 * words.length;
}
