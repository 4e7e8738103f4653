// Words placed on a page → its lines in reading order: by position, where the order of drawing does not make sense.

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
interface Phrase extends Line {
  order: number;
}

/** All in ems of the words at hand. */
const SAME_BASELINE = 0.4;
const SPACE = 0.12;
const PHRASE_GAP = 0.9;
const TOUCHING = 0.45;
/** Word sets the empty halves of Chinese punctuation over each other. */
const OVERLAP = 0.65;
/** A row of a table is not higher; what goes further up again is the next column of words. */
const ROW_LINES = 12;
const MAX_CELL_LINES = 40;
/** Running heads are often drawn last; more steps back than these, and the drawing follows some other plan. */
const STEPS_BACK = 2;

export function linesOf(pieces: Piece[]): Line[] {
  const phrases = joinTouching(phrasesAsDrawn(withoutDoubles(pieces)));
  if (phrases.length === 0) return [];
  const columns = columnsAcross(phrases);
  if (columns) return columns;
  return isInOrder(phrases) ? asDrawn(phrases) : asPlaced(phrases, 0);
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
function rowsOf(phrases: Phrase[]): Phrase[][] {
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
  return Math.abs(one.y - other.y) < SAME_BASELINE * Math.max(one.size, other.size);
}

function gapBetween(left: Line, right: Line): number {
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

type Step = "right" | "down" | "up-right" | "back";

function stepBetween(last: Line, next: Line): Step {
  if (isSameBaseline(last, next)) return next.x >= last.end - OVERLAP * next.size ? "right" : "back";
  if (next.y > last.y) return "down";
  return next.x >= last.end - next.size || next.x > last.x + 4 * next.size ? "up-right" : "back";
}

function isInOrder(phrases: Phrase[]): boolean {
  let back = 0;
  for (let at = 1; at < phrases.length; at++) {
    if (stepBetween(phrases[at - 1] as Phrase, phrases[at] as Phrase) === "back") back++;
  }
  return back <= STEPS_BACK;
}

/** Row by row, whatever was drawn first. */
function asPlaced(phrases: Phrase[], flow: number): Line[] {
  return rowsOf(phrases).map((row) =>
    rowLine(
      row.map((phrase) => [phrase]),
      flow,
    ),
  );
}

/** A row being read: its cells, and the lines of each. */
type Cells = Phrase[][];

/** In the order of drawing, which keeps the lines of a table's cell together. */
function asDrawn(phrases: Phrase[]): Line[] {
  const rows: { cells: Cells; flow: number }[] = [];
  let flow = 0;
  for (const phrase of headsFirst(phrases)) {
    const row = rows.at(-1);
    const cell = row?.cells.at(-1);
    const last = cell?.at(-1);
    if (!row || !cell || !last) {
      rows.push({ cells: [[phrase]], flow });
      continue;
    }
    const step = stepBetween(last, phrase);
    if (step === "right") row.cells.push([phrase]);
    else if (step === "down" && continuesCell(row.cells, phrase)) cell.push(phrase);
    else if (step === "up-right") {
      const beside = besideOf(rows, phrase);
      if (beside) {
        rows.length -= beside.rows;
        rows.push({ cells: [...beside.cells, [phrase]], flow });
      } else rows.push({ cells: [[phrase]], flow: ++flow });
    } else rows.push({ cells: [[phrase]], flow });
  }
  return rows.map(({ cells, flow }) => rowLine(cells, flow));
}

/** A running head that was drawn last is still read first. */
function headsFirst(phrases: Phrase[]): Phrase[] {
  const last = phrases.at(-1) as Phrase;
  const top = lowest(phrases.map(({ y }) => y));
  if (phrases.length < 2 || last.y > top || stepBetween(phrases.at(-2) as Phrase, last) !== "back")
    return phrases;
  return [last, ...phrases.slice(0, -1)];
}

/** The next line of the row's last cell: below it, and clear of the cells before. */
function continuesCell(cells: Cells, phrase: Phrase): boolean {
  const own = cells.at(-1) as Phrase[];
  if (cells.length < 2 || own.length >= MAX_CELL_LINES) return false;
  const last = own.at(-1) as Phrase;
  const before = highest(cells.slice(0, -1).flatMap((cell) => cell.map(({ end }) => end)));
  const isClear = phrase.x > before && phrase.x < Math.max(last.end, last.x + last.size);
  return isClear && phrase.y - last.y < 2.2 * phrase.size;
}

/** The rows read last that stand beside these words and so are cells of the same row; null where they are a column. */
function besideOf(
  rows: { cells: Cells; flow: number }[],
  phrase: Phrase,
): { rows: number; cells: Cells } | null {
  const lines: Phrase[] = [];
  for (let back = 1; back <= Math.min(rows.length, ROW_LINES + 1); back++) {
    const { cells } = rows[rows.length - back] as { cells: Cells };
    const top = lowest(cells.flat().map(({ y }) => y));
    const bottom = highest(cells.flat().map(({ y }) => y));
    if (cells.length > 1) {
      // Words in the middle of a high row start higher or lower than their neighbours.
      const isBeside = phrase.y > top - 4 * phrase.size && phrase.y < bottom + SAME_BASELINE * phrase.size;
      return back === 1 && isBeside ? { rows: 1, cells } : lines.length > 0 ? asCell(lines) : null;
    }
    const [line] = cells[0] as Phrase[] as [Phrase];
    const isBeside = bottom > phrase.y - SAME_BASELINE * phrase.size && line.end <= phrase.x + phrase.size;
    if (!isBeside) return lines.length > 0 ? asCell(lines) : null;
    lines.unshift(line);
  }
  return rows.length <= ROW_LINES && lines.length > 0 ? asCell(lines) : null;
}

function asCell(lines: Phrase[]): { rows: number; cells: Cells } {
  return { rows: lines.length, cells: [lines] };
}

function rowLine(cells: Cells, flow: number): Line {
  const all = cells.flat();
  const largest = all.reduce((one, other) => (other.size > one.size ? other : one));
  const isSetWide = cells.length > 1 && cells.every(([only]) => only && /^\p{Script=Han}$/u.test(only.text));
  const texts = cells.map(cellText);
  return {
    text: texts.join(isSetWide ? "" : "\t"),
    x: lowest(all.map(({ x }) => x)),
    end: highest(all.map(({ end }) => end)),
    y: (all[0] as Phrase).y,
    size: largest.size,
    isRow: cells.length > 1 && !isSetWide,
    flow,
  };
}

/** A line that fills its cell goes on in the next one. */
function cellText(lines: Phrase[]): string {
  const end = highest(lines.map((line) => line.end));
  return lines
    .map((line, at) => {
      const next = lines[at + 1];
      if (!next) return line.text;
      const goesOn = end - line.end < 1.5 * line.size && !STARTS_ITEM.test(next.text);
      return `${line.text}${goesOn ? gapInWords(line.text, next.text) : "\n"}`;
    })
    .join("");
}

/** 一、（一）1. ① 第一条 and other beginnings that are never the middle of a sentence. */
export const STARTS_ITEM =
  /^\s*(?:[一二三四五六七八九十百]{1,4}[、.．]|[（(](?:[一二三四五六七八九十]{1,3}|\d{1,2})[）)]|\d{1,2}(?:[、．]|[.)）](?!\d))|[①-⑳●■◆•·▪★☆※▲-]|第[一二三四五六七八九十百\d]{1,4}[章节条部]|附件?\d*[：:])/u;

/** What stands between the words of two lines of one paragraph. */
export function gapInWords(before: string, after: string): string {
  return /[\p{Script=Latin}\d,.;:]$/u.test(before) && /^[\p{Script=Latin}\d]/u.test(after) ? " " : "";
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
  const isAcross = crossings.length >= 0.5 * Math.min(left.length, right.length) || !isInOrder(phrases);
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
    length = (crossed[bin] as number) <= phrases.length * 0.05 ? length + 1 : 0;
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

/** Of any number of values: an argument list is not that long. */
export function lowest(values: number[]): number {
  return values.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY);
}

export function highest(values: number[]): number {
  return values.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY);
}
