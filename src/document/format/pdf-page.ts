// The words of one PDF page with their places, turned so that they read from left to right; and whether they are words.
import { type Line, linesOf, type Piece } from "./page-layout.ts";
import { isPageNumber } from "./page-text.ts";
import type { PdfText, PdfViewport } from "./pdf-file.ts";

export interface PageWords {
  lines: Line[];
  /** Words set aslant: a watermark. */
  watermark: string;
  width: number;
  height: number;
}

/** More is a drawing or an attack; its words are kept in the order of drawing. */
const MAX_PIECES = 30_000;

type Matrix = readonly [number, number, number, number, number, number];

/** How words may be turned: each way is laid out by itself, as if the page were turned for reading. */
type Turn = "0" | "90" | "180" | "270" | "vertical";

export function wordsOfPage(
  { items, styles }: PdfText,
  { transform, width, height }: PdfViewport,
): PageWords {
  const turns = new Map<Turn, Piece[]>();
  const aslant: string[] = [];
  for (const item of items.slice(0, MAX_PIECES)) {
    if (!item.str || item.str.trim() === "") continue;
    const matrix = multiply(transform as unknown as Matrix, item.transform as unknown as Matrix);
    const angle = (Math.atan2(matrix[1], matrix[0]) * 180) / Math.PI;
    const turn = styles[item.fontName]?.vertical ? "vertical" : turnOf(angle);
    if (!turn) {
      aslant.push(item.str);
      continue;
    }
    const pieces = turns.get(turn) ?? [];
    turns.set(turn, pieces);
    pieces.push(
      placed(item.str, matrix, turn, turn === "vertical" ? item.height : item.width, width, height),
    );
  }
  const most = [...turns].sort(([, one], [, other]) => characters(other) - characters(one));
  const isTurned = most[0] && most[0][0] !== "0" && most[0][0] !== "180";
  return {
    lines: most.flatMap(([, pieces], at) =>
      linesOf(pieces).map((line) => ({ ...line, flow: line.flow + at * 100 })),
    ),
    watermark: [...new Set(aslant)].join(" "),
    width: isTurned ? height : width,
    height: isTurned ? width : height,
  };
}

function characters(pieces: Piece[]): number {
  return pieces.reduce((sum, { text }) => sum + text.length, 0);
}

function multiply(one: Matrix, other: Matrix): Matrix {
  return [
    one[0] * other[0] + one[2] * other[1],
    one[1] * other[0] + one[3] * other[1],
    one[0] * other[2] + one[2] * other[3],
    one[1] * other[2] + one[3] * other[3],
    one[0] * other[4] + one[2] * other[5] + one[4],
    one[1] * other[4] + one[3] * other[5] + one[5],
  ];
}

/** Degrees clockwise on the page; null for words set aslant. */
function turnOf(angle: number): Turn | null {
  const nearest = Math.round(angle / 90) * 90;
  if (Math.abs(angle - nearest) > 10) return null;
  return String((nearest + 360) % 360) as Turn;
}

function placed(
  text: string,
  matrix: Matrix,
  turn: Turn,
  length: number,
  width: number,
  height: number,
): Piece {
  const [, , , , x, y] = matrix;
  const size = Math.hypot(matrix[2], matrix[3]) || 1;
  const at = { text, width: length, size };
  if (turn === "90") return { ...at, x: y, y: width - x };
  if (turn === "180") return { ...at, x: width - x, y: height - y };
  if (turn === "270") return { ...at, x: height - y, y: x };
  // Columns from right to left, each read downwards.
  if (turn === "vertical") return { ...at, x: y, y: width - x };
  return { ...at, x, y };
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

/** Letters of fonts that do not say what their glyphs mean come out as numbers of glyphs: control signs, private use. */
export function isGibberish(lines: Line[]): boolean {
  const text = lines
    .map((line) => line.text)
    .join("")
    .replace(/\s/gu, "");
  if (text.length < 8) return false;
  const strange = text.match(/[\p{Cc}\p{Co}\p{Cn}\ufffd]/gu)?.length ?? 0;
  return strange > 0.3 * text.length;
}

/** A layer of words under a scan that was recognised as another language is noise: few Han, few real words. */
export function isNoise(lines: Line[]): boolean {
  const text = lines.map((line) => line.text).join(" ");
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  const words = text.split(/\s+/u).filter(Boolean);
  if (han * 4 > text.length || words.length < 5) return false;
  const real = words.filter(
    (word) => /^[("“]?[A-Za-z]*[aeiouyAEIOUY][A-Za-z'’-]*[)"”]?[.,;:!?]?$/u.test(word) && word.length > 2,
  );
  return real.length < 0.35 * words.length;
}
