// Words placed on a page → its lines in reading order: by position, where the order of drawing does not make sense.
import { asDrawn, asPlaced } from "./page-cells.ts";
import {
  highest,
  inOrder,
  type Line,
  lowest,
  type Phrase,
  type Piece,
  phrasesOf,
  stepBetween,
} from "./page-phrases.ts";

export function linesOf(pieces: Piece[]): Line[] {
  const phrases = phrasesOf(pieces);
  if (phrases.length === 0) return [];
  const columns = columnsAcross(phrases);
  if (columns) return columns;
  const ordered = inOrder(phrases);
  return (ordered && asDrawn(ordered)) || asPlaced(phrases, 0);
}

/** Two or three columns whose lines were drawn across, as by programs that know only lines. */
function columnsAcross(phrases: Phrase[]): Line[] | null {
  const gutter = gutterOf(phrases);
  if (!gutter) return null;
  const isLeft = ({ end }: Line) => end <= gutter.end + 1;
  const isRight = ({ x }: Line) => x >= gutter.start - 1;
  const left = phrases.filter(isLeft);
  const right = phrases.filter(isRight);
  const crossings = phrases.filter((phrase, at) => {
    const last = phrases[at - 1];
    return last && isLeft(last) && isRight(phrase) && stepBetween(last, phrase) === "right";
  });
  const isAcross = crossings.length >= 0.5 * Math.min(left.length, right.length) || !inOrder(phrases);
  if (!isAcross || !isFull(left) || !isFull(right)) return null;
  const top = lowest([...left, ...right].map(({ y }) => y));
  const bottom = highest([...left, ...right].map(({ y }) => y));
  const across = phrases.filter((phrase) => !isLeft(phrase) && !isRight(phrase));
  // A title between the columns' lines would be torn from them: such a page is left to the order of its lines.
  if (across.some(({ y }) => y > top && y < bottom)) return null;
  return [
    ...asPlaced(
      across.filter(({ y }) => y <= top),
      0,
    ),
    ...asPlaced(left, 1),
    ...(columnsAcross(right) ?? asPlaced(right, 2)).map((line) => ({ ...line, flow: line.flow + 2 })),
    ...asPlaced(
      across.filter(({ y }) => y >= bottom),
      0,
    ),
  ];
}

const BINS = 200;
/** A title, a running head and foot. */
const MOST_CROSSING = 3;

/** The widest stripe near the middle that hardly any line crosses. */
function gutterOf(phrases: Phrase[]): { start: number; end: number } | null {
  if (phrases.length < 10 || phrases.length > 5_000) return null;
  const from = lowest(phrases.map(({ x }) => x));
  const to = highest(phrases.map(({ end }) => end));
  const step = (to - from) / BINS;
  if (!(step > 0)) return null;
  const crossed = new Array<number>(BINS + 1).fill(0);
  for (const { x, end } of phrases) {
    for (let bin = Math.floor((x - from) / step); bin < Math.ceil((end - from) / step); bin++)
      crossed[bin] = (crossed[bin] ?? 0) + 1;
  }
  let best = { start: 0, length: 0 };
  let length = 0;
  for (let bin = BINS * 0.2; bin <= BINS * 0.8; bin++) {
    length = (crossed[bin] as number) <= Math.max(MOST_CROSSING, phrases.length * 0.05) ? length + 1 : 0;
    if (length > best.length) best = { start: bin - length + 1, length };
  }
  const size = phrases[phrases.length >> 1]?.size ?? 0;
  if (best.length * step < size) return null;
  return { start: from + best.start * step, end: from + (best.start + best.length) * step };
}

/** Most lines of a column of words reach its margin; the cells of a table hardly ever do. */
function isFull(lines: Phrase[]): boolean {
  if (lines.length < 5) return false;
  const end = highest(lines.map((line) => line.end));
  const start = lowest(lines.map(({ x }) => x));
  const full = lines.filter((line) => end - line.end < 2 * line.size && line.x - start < 3 * line.size);
  const size = lines[0]?.size ?? 0;
  return full.length >= 0.5 * lines.length && end - start > 9 * size;
}
