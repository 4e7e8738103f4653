// Words placed on a page, joined to phrases: what stands on one baseline without a gap.

/** Words set in one go. `y` is the baseline, growing downwards; all lengths in the page's own unit. */
export interface Piece {
  text: string;
  x: number;
  y: number;
  width: number;
  size: number;
}

export interface Line {
  /** The cells of a table's row are set apart by tabs. */
  text: string;
  x: number;
  end: number;
  y: number;
  size: number;
  isRow: boolean;
  /** Lines of one column of words have one number; a paragraph does not leave its column. */
  flow: number;
}

/** Words on one baseline without a gap between them; `order` is their place in the order of drawing. */
export interface Phrase extends Line {
  order: number;
}

/** All in ems of the words at hand. */
export const SAME_BASELINE = 0.4;
const SPACE = 0.12;
const PHRASE_GAP = 0.9;
const TOUCHING = 0.45;
/** Word sets the empty halves of Chinese punctuation over each other. */
export const OVERLAP = 0.65;
/** More runs than these, and the drawing follows some other plan. */
const MOST_RUNS = 3;

/** The phrases of a page in the order of drawing. */
export function phrasesOf(pieces: Piece[]): Phrase[] {
  return joinTouching(phrasesAsDrawn(withoutDoubles(pieces)));
}

/** Bold type is imitated by drawing twice, a hair apart. */
function withoutDoubles(pieces: Piece[]): Piece[] {
  const seen = new Set<string>();
  return pieces.filter(({ text, x, y, size }) => {
    if (text.trim() === "") return false;
    const step = size * 0.3 || 1;
    const [column, row] = [Math.round(x / step), Math.round(y / step)];
    for (let near = 0; near < 9; near++) {
      if (seen.has(`${text}\0${column + (near % 3) - 1}\0${row + Math.floor(near / 3) - 1}`)) return false;
    }
    seen.add(`${text}\0${column}\0${row}`);
    return true;
  });
}

function phrasesAsDrawn(pieces: Piece[]): Phrase[] {
  const phrases: Phrase[] = [];
  for (const { text, x, y, width, size } of pieces) {
    const last = phrases.at(-1);
    const next: Phrase = {
      text: text.trim(),
      x,
      end: x + width,
      y,
      size,
      isRow: false,
      flow: 0,
      order: phrases.length,
    };
    if (last && isSameBaseline(last, next) && isWithin(gapBetween(last, next), -OVERLAP, PHRASE_GAP))
      append(last, next);
    else phrases.push(next);
  }
  return phrases;
}

/** Words of one phrase drawn at different times, as some programs do font by font, belong together by their place. */
function joinTouching(phrases: Phrase[]): Phrase[] {
  const joined: Phrase[] = [];
  for (const row of rowsOf(phrases)) {
    for (const phrase of row) {
      const last = joined.at(-1);
      const isTouching =
        last && isSameBaseline(last, phrase) && isWithin(gapBetween(last, phrase), -OVERLAP, TOUCHING);
      if (isTouching) append(last, phrase);
      else joined.push(phrase);
    }
  }
  return joined.sort((one, other) => one.order - other.order);
}

/** Phrases by baseline, from the top; in a row from the left. */
export function rowsOf(phrases: Phrase[]): Phrase[][] {
  const rows: Phrase[][] = [];
  for (const phrase of [...phrases].sort((one, other) => one.y - other.y)) {
    const first = rows.at(-1)?.[0];
    if (first && isSameBaseline(first, phrase)) rows.at(-1)?.push(phrase);
    else rows.push([phrase]);
  }
  for (const row of rows) row.sort((one, other) => one.x - other.x);
  return rows;
}

export function isSameBaseline(one: Line, other: Line): boolean {
  return Math.abs(one.y - other.y) < SAME_BASELINE * Math.max(one.size, other.size);
}

export function gapBetween(left: Line, right: Line): number {
  return (right.x - left.end) / Math.max(left.size, right.size);
}

function isWithin(value: number, low: number, high: number): boolean {
  return value >= low && value <= high;
}

function append(phrase: Phrase, next: Phrase): void {
  const needsSpace = gapBetween(phrase, next) > SPACE;
  phrase.text += needsSpace ? ` ${next.text}` : next.text;
  phrase.end = Math.max(phrase.end, next.end);
  phrase.order = Math.min(phrase.order, next.order);
  // Raised and lowered figures are small: the line is as large as its words.
  if (next.size > phrase.size) [phrase.size, phrase.y] = [next.size, next.y];
}

export type Step = "right" | "down" | "up-right" | "back";

export function stepBetween(last: Line, next: Line): Step {
  if (isSameBaseline(last, next)) return next.x >= last.end - OVERLAP * next.size ? "right" : "back";
  if (next.y > last.y) return "down";
  return next.x >= last.end - next.size || next.x > last.x + 4 * next.size ? "up-right" : "back";
}

/**
 * The phrases in the order of drawing where that makes sense, else null. A running head or foot is often drawn last or
 * first: a few runs that do not stand beside each other are put in the order of the page.
 */
export function inOrder(phrases: Phrase[]): Phrase[] | null {
  const runs: Phrase[][] = [];
  phrases.forEach((phrase, at) => {
    const last = phrases[at - 1];
    if (!last || stepBetween(last, phrase) === "back") runs.push([]);
    runs.at(-1)?.push(phrase);
  });
  if (runs.length > MOST_RUNS) return null;
  const placed = runs
    .map((run) => ({ run, top: lowest(run.map(({ y }) => y)), bottom: highest(run.map(({ y }) => y)) }))
    .sort((one, other) => one.top - other.top);
  if (placed.some(({ top }, at) => top < (placed[at - 1]?.bottom ?? Number.NEGATIVE_INFINITY))) return null;
  return placed.flatMap(({ run }) => run);
}

/** 一、（一）1. ① 第一条 and other beginnings that are never the middle of a sentence. */
export const STARTS_ITEM =
  /^\s*(?:[一二三四五六七八九十百]{1,4}[、.．]|[（(](?:[一二三四五六七八九十]{1,3}|\d{1,2})[）)]|\d{1,2}(?:[、．]|[.)）](?!\d))|[①-⑳●■◆•·▪★☆※▲-]|第[一二三四五六七八九十百\d]{1,4}[章节条部]|附件?\d*[：:])/u;

/** What stands between the words of two lines of one paragraph. */
export function gapInWords(before: string, after: string): string {
  return /[\p{Script=Latin}\d,.;:]$/u.test(before) && /^[\p{Script=Latin}\d]/u.test(after) ? " " : "";
}

/** Of any number of values: an argument list is not that long. */
export function lowest(values: number[]): number {
  return values.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY);
}

export function highest(values: number[]): number {
  return values.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY);
}
