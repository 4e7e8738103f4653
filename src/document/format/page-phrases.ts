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
/** The figures of notes stand higher. */
const RAISED = 0.55;
const SPACE = 0.12;
const PHRASE_GAP = 0.9;
const TOUCHING = 0.45;
/** Between Han and other scripts there is up to a quarter. */
const NARROWEST_GAP = 0.26;
const HALF = 0.5;
/** How exactly cells begin below each other, and how far apart the rows of a table may be. */
const EDGE = 0.05;
const ROWS_APART = 10;
const MOST_STARTS = 40;
/** Words drawn twice are drawn again soon. */
const MOST_ALIKE = 16;
/** Word sets the empty halves of Chinese punctuation over each other. */
export const OVERLAP = 0.65;
/** More runs than these, and the drawing follows some other plan. */
const MOST_RUNS = 3;

/** The phrases of a page in the order of drawing. */
export function phrasesOf(pieces: Piece[]): Phrase[] {
  const single = withoutDoubles(pieces).flatMap(splitAtSpaces);
  const edges = new CellEdges(single);
  return joinTouching(phrasesAsDrawn(single, edges), edges);
}

/** Signs as wide as they are high: where the spaces between them stand can be told from the length of the whole. */
const SQUARE_AND_SPACES =
  /^[\p{Script=Han}\u3001-\u301f\uff01-\uff5e]+(?: +[\p{Script=Han}\u3001-\u301f\uff01-\uff5e]+)+$/u;

/** The cells of a narrow table come as one piece with spaces. */
function splitAtSpaces(piece: Piece): Piece[] {
  if (!SQUARE_AND_SPACES.test(piece.text)) return [piece];
  const words = piece.text.split(/ +/);
  const signs = words.reduce((sum, word) => sum + [...word].length, 0);
  const gap = (piece.width - signs * piece.size) / (words.length - 1);
  let x = piece.x;
  return words.map((text) => {
    const width = [...text].length * piece.size;
    const word = { ...piece, text, x, width };
    x += width + gap;
    return word;
  });
}

/**
 * Where cells of a table may begin: at a place to the left of which there is a gap, and below or above which other
 * words begin after a gap as well. Gaps in justified lines do not stand below each other.
 */
class CellEdges {
  readonly #starts = new Map<number, number[]>();

  constructor(pieces: Piece[]) {
    const rows = [...pieces].sort((one, other) => one.y - other.y || one.x - other.x);
    rows.forEach((piece, at) => {
      const last = rows[at - 1];
      const isTouching =
        last &&
        Math.abs(last.y - piece.y) < 0.1 * piece.size &&
        piece.x - last.x - last.width < SPACE * piece.size;
      if (isTouching) return;
      const column = Math.round(piece.x / (EDGE * piece.size));
      this.#starts.set(column, [...(this.#starts.get(column) ?? []).slice(-MOST_STARTS), piece.y]);
    });
  }

  /** Whether words that begin here, so many ems after the last ones, are a cell of their own. */
  has({ x, y, size }: Line, gap: number): boolean {
    if (gap > PHRASE_GAP) return true;
    if (gap < NARROWEST_GAP) return false;
    const column = Math.round(x / (EDGE * size));
    const others = [column - 1, column, column + 1]
      .flatMap((near) => this.#starts.get(near) ?? [])
      .filter((other) => Math.abs(other - y) > 0.8 * size && Math.abs(other - y) < ROWS_APART * size);
    return others.length >= (gap < HALF ? 2 : 1);
  }
}

/** Bold type is imitated by drawing twice, a hair apart. */
function withoutDoubles(pieces: Piece[]): Piece[] {
  const seen = new Map<string, Piece[]>();
  return pieces.filter((piece) => {
    if (piece.text.trim() === "") return false;
    const alike = seen.get(piece.text) ?? [];
    const near = 0.3 * piece.size;
    if (alike.some(({ x, y }) => Math.abs(x - piece.x) < near && Math.abs(y - piece.y) < near)) return false;
    if (alike.length >= MOST_ALIKE) alike.shift();
    alike.push(piece);
    seen.set(piece.text, alike);
    return true;
  });
}

function phrasesAsDrawn(pieces: Piece[], edges: CellEdges): Phrase[] {
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
    if (last && isSameBaseline(last, next) && isOnePhrase(last, next, PHRASE_GAP, edges)) append(last, next);
    else phrases.push(next);
  }
  return phrases;
}

/** Words of one phrase drawn at different times, as some programs do font by font, belong together by their place. */
function joinTouching(phrases: Phrase[], edges: CellEdges): Phrase[] {
  const joined: Phrase[] = [];
  for (const row of rowsOf(phrases)) {
    for (const phrase of row) {
      const last = joined.at(-1);
      const isTouching = last && isSameBaseline(last, phrase) && isOnePhrase(last, phrase, TOUCHING, edges);
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

function isSameBaseline(one: Line, other: Line): boolean {
  const [smaller, larger] = one.size < other.size ? [one.size, other.size] : [other.size, one.size];
  const isRaised = smaller < 0.75 * larger;
  return Math.abs(one.y - other.y) < (isRaised ? RAISED : SAME_BASELINE) * larger;
}

export function gapBetween(left: Line, right: Line): number {
  return (right.x - left.end) / Math.max(left.size, right.size);
}

function isOnePhrase(last: Phrase, next: Phrase, most: number, edges: CellEdges): boolean {
  const gap = gapBetween(last, next);
  if (gap < -OVERLAP || gap > most) return false;
  const isSetWide = /(?:^|\s)\p{Script=Han}$/u.test(last.text) && /^\p{Script=Han}$/u.test(next.text);
  return isSetWide || !edges.has(next, gap);
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
