// Lines of pages → text: page numbers and repeated running heads go, the lines of one paragraph become one.
import { gapInWords, highest, type Line, lowest, STARTS_ITEM } from "./page-phrases.ts";
import { plainHan } from "./radicals.ts";

export interface PageLines {
  lines: Line[];
  width: number;
  height: number;
}

/** Text of each page; a paragraph that goes on over the page's end ends on the later one. */
export function textOfPages(pages: PageLines[]): string {
  const heads = runningHeads(pages);
  const seen = new Set<string>();
  const lines = pages.flatMap((page, at) =>
    paragraphLines(page).filter(({ line, isMargin }) => {
      if (!isMargin || page.lines.length < FEWEST_WITH_MARGINS) return true;
      if (isPageNumber(line.text)) return false;
      const key = headKey(line.text);
      if (!heads.has(key) || !seen.has(key)) {
        seen.add(key);
        return true;
      }
      return at === 0;
    }),
  );
  let text = "";
  let hanging: number | null = null;
  lines.forEach(({ line, shape }, at) => {
    const next = lines[at + 1];
    text += joinHan(line.text);
    if (!next) return;
    const isSame = goesOn(line, shape, next, hanging);
    hanging = isSame ? next.line.x : null;
    text += isSame ? gapInWords(line.text, next.line.text) : "\n";
  });
  return plainHan(text).replace(SYMBOL_FONT_SIGNS, "•");
}

/** A page of fewer lines is all text. */
const FEWEST_WITH_MARGINS = 3;

/** Bullets and boxes of Wingdings and Symbol, which keep their places among the private signs. */
const SYMBOL_FONT_SIGNS = /[\uf020-\uf0ff]/gu;

/** What the lines of one column of words have in common. */
interface Shape {
  left: number;
  /** Where lines break: the right margin; null where it cannot be told. */
  right: number | null;
  isIndented: boolean;
  /** From one baseline to the next. */
  pitch: number;
  page: PageLines;
}

interface PlacedLine {
  line: Line;
  shape: Shape;
  /** At the edge of its page. */
  isMargin: boolean;
}

function paragraphLines(page: PageLines): PlacedLine[] {
  const margin = atEdges(page.lines);
  const shapes = new Map<Line, Shape>();
  for (const flow of new Set(page.lines.map((line) => line.flow))) {
    for (const column of columnsOf(page.lines.filter((line) => line.flow === flow && !line.isRow))) {
      const shape = shapeOf(column, page);
      for (const line of column) shapes.set(line, shape);
    }
  }
  const none: Shape = { left: 0, right: null, isIndented: false, pitch: 0, page };
  return page.lines.map((line) => ({ line, shape: shapes.get(line) ?? none, isMargin: margin.has(line) }));
}

/** Long enough for a line that was broken at a margin. */
const LONG = 12;

/** Lines side by side on a wide sheet belong to columns of their own; short lines go with the column they stand in. */
function columnsOf(lines: Line[]): Line[][] {
  const isLong = (line: Line) => line.end - line.x > LONG * line.size;
  const columns: { x: number; end: number; lines: Line[] }[] = [];
  for (const line of [...lines.filter(isLong), ...lines.filter((one) => !isLong(one))]) {
    const shared = columns.map((column) => Math.min(column.end, line.end) - Math.max(column.x, line.x));
    const best = shared.indexOf(highest(shared));
    const column = columns[best];
    const narrower = column ? Math.min(column.end - column.x, line.end - line.x) : 0;
    const isAlike = column && line.end - line.x < 1.7 * (column.end - column.x);
    if (column && isAlike && (shared[best] ?? 0) > 0.5 * narrower) column.lines.push(line);
    else if (columns.length < MAX_COLUMNS) columns.push({ x: line.x, end: line.end, lines: [line] });
  }
  return columns.map((column) => column.lines);
}

const MAX_COLUMNS = 50;

function shapeOf(lines: Line[], page: PageLines): Shape {
  const size = median(lines.map((line) => line.size));
  const long = lines.filter((line) => line.end - line.x > LONG * line.size);
  const left = lowest((long.length > 0 ? long : lines).map(({ x }) => x));
  const pitches = lines.slice(1).flatMap((line, at) => {
    const step = line.y - (lines[at]?.y ?? 0);
    return step > 0.5 * size && step < 3 * size ? [step] : [];
  });
  const atIndent = (line: Line) => Math.abs(line.x - left - 2 * line.size) < 0.6 * line.size;
  return {
    left,
    right: rightMargin(long, left, page),
    isIndented: lines.some(atIndent),
    pitch: median(pitches),
    page,
  };
}

/** The margin that several long lines reach, or that mirrors the left one. */
function rightMargin(long: Line[], left: number, page: PageLines): number | null {
  if (long.length === 0) return null;
  const end = highest(long.map((line) => line.end));
  const size = median(long.map((line) => line.size));
  const reaching = long.filter((line) => end - line.end < 1.2 * size).length;
  const isMirrored = left < 0.25 * page.width && page.width - end < left * 1.3 + size;
  return reaching >= 3 || isMirrored ? end : null;
}

function median(values: number[]): number {
  return [...values].sort((one, other) => one - other)[values.length >> 1] ?? 0;
}

const ENDS_SENTENCE = /[。！？；：.!?;:”）)]$/u;

/**
 * Whether the next line is the same paragraph. In doubt it is not: titles, signatures and items stand alone.
 * `begun`: where the lines of this paragraph after its first begin; null in its first.
 */
function goesOn(line: Line, shape: Shape, next: PlacedLine, begun: number | null): boolean {
  const { left, right, isIndented, pitch } = shape;
  const after = next.line;
  if (isWrittenDownwards(line, after)) return true;
  if (right === null || line.isRow || after.isRow) return false;
  if (Math.abs(after.size - line.size) > 0.1 * line.size || STARTS_ITEM.test(after.text)) return false;
  const isFull = right - line.end < (unbroken(after.text) + 1.2) * line.size;
  const isPlaced = line.x - left < 4.5 * line.size;
  if (!isPlaced || !isFull) return false;
  const endsSentence = ENDS_SENTENCE.test(line.text);
  if (next.shape.page !== shape.page) {
    const isSameColumn = Math.abs(next.shape.left - left) < line.size;
    const isAtMargin = after.x - next.shape.left < 0.7 * line.size;
    return isSameColumn && isAtMargin && (isIndented || !endsSentence);
  }
  const step = after.y - line.y;
  if (after.flow !== line.flow || step <= 0 || step > Math.max(pitch * 1.25, 1.2 * line.size)) return false;
  const isAtMargin = after.x - left < 0.7 * line.size;
  if (isAtMargin) return isIndented || !endsSentence;
  // The lines of an item begin below its words, not below its number.
  if (begun !== null) return Math.abs(after.x - begun) < 0.2 * line.size;
  const indent = (after.x - line.x) / line.size;
  return STARTS_ITEM.test(line.text) && indent > 0.4 && indent < 3.5 && !endsSentence;
}

/** How many ems the words after a break would have needed: a word, or a sign with the punctuation that clings to it. */
function unbroken(text: string): number {
  const word = /^[（“‘《【]?[^\s\p{Script=Han}\u3000-\u303f\uff00-\uffef]+/u.exec(text)?.[0].length ?? 0;
  return /^.[，。、；：！？）】》”’]/u.test(text) ? Math.max(2, word * 0.6) : Math.max(1, word * 0.6);
}

/** A title of single signs below each other, as on covers. */
function isWrittenDownwards(line: Line, next: Line): boolean {
  const isSign = /^\p{Script=Han}$/u;
  if (!isSign.test(line.text) || !isSign.test(next.text)) return false;
  const step = next.y - line.y;
  return (
    Math.abs(next.x - line.x) < 0.3 * line.size &&
    next.size === line.size &&
    step > 0 &&
    step < 2.5 * line.size
  );
}

const LONGEST_PAGE_NUMBER = 30;

/** "- 3 -", "第 3 页 共 5 页", "3/5". */
export function isPageNumber(text: string): boolean {
  if (text.length > LONGEST_PAGE_NUMBER) return false;
  return /^[\s\-—–－·•.]*(?:第\s*)?(?:\d{1,4}|[一二三四五六七八九十]{1,3}|[ivxlcⅰ-ⅻ]{1,6})(?:\s*[页頁])?(?:\s*[,，/／]?\s*(?:共|of)?\s*\d{1,4}\s*[页頁]?)?[\s\-—–－·•.]*$/iu.test(
    text.replace(/^page\s+/i, ""),
  );
}

function headKey(text: string): string {
  return text.replace(/[\d\s]+/gu, "#");
}

/** Share of a page's height: nothing but heads and feet stands so close to the edge. */
const OUTSIDE = 0.075;
const ALIKE_PAGES = 2;
/** Notes at the foot may be alike but for their numbers as well. */
const ALIKE_BUT_FOR_DIGITS_PAGES = 3;

/**
 * Lines that stand at the edge of several pages, in its margin or in smaller letters than the words between: a form's
 * title, repeated on each page that holds one, stands among them and begins something new.
 */
function runningHeads(pages: PageLines[]): Set<string> {
  const counts = new Map<string, number>();
  for (const { lines, height } of pages) {
    const body = median(lines.map(({ size }) => size));
    const edges = [...atEdges(lines)].filter(
      ({ size, y }) => size < 0.98 * body || y < OUTSIDE * height || y > (1 - OUTSIDE) * height,
    );
    const keys = edges.flatMap(({ text }) => [`=${text}`, headKey(text)]);
    for (const key of new Set(keys)) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const often = ([key, count]: [string, number]) =>
    count >= (key.startsWith("=") ? ALIKE_PAGES : ALIKE_BUT_FOR_DIGITS_PAGES);
  return new Set([...counts].filter(often).map(([key]) => headKey(key.replace(/^=/, ""))));
}

/** The two highest lines of a page and the two lowest. */
function atEdges(lines: Line[]): Set<Line> {
  const byHeight = [...lines].sort((one, other) => one.y - other.y);
  return new Set([...byHeight.slice(0, 2), ...byHeight.slice(-2)]);
}

/** A sign of East Asian writing: scripts that set no space between words, and their punctuation. */
const EAST_ASIAN = "[\\p{Script=Han}\\u3000-\\u303f\\uff01-\\uff5e\\u2018-\\u201d\\u2014\\u2026]";
const SPACES_WITHIN_EAST_ASIAN = new RegExp(`(?<=${EAST_ASIAN})[ \\u00a0]+(?=${EAST_ASIAN})`, "gu");
const SPACES_BESIDE_DIGITS = /(?<=\p{Script=Han}) (?=[0-9])|(?<=[0-9]) (?=\p{Script=Han})/gu;
/** "2 0 1 2年", set wide with its line; columns of a table have more than one digit or no Han after them. */
const DIGITS_SET_WIDE = new RegExp(`(?<=^|\\n|${EAST_ASIAN})[0-9](?: [0-9])+(?=\\p{Script=Han})`, "gu");

/** Gaps between glyphs are read as spaces; Han set justified, or beside digits, has gaps that mean nothing. */
function joinHan(text: string): string {
  return text
    .replace(SPACES_WITHIN_EAST_ASIAN, "")
    .replace(SPACES_BESIDE_DIGITS, "")
    .replace(DIGITS_SET_WIDE, (digits) => digits.replaceAll(" ", ""));
}
