// Lines of pages → text: page numbers and repeated running heads go, the lines of one paragraph become one.
import { gapInWords, highest, type Line, lowest, STARTS_ITEM } from "./page-layout.ts";
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
      if (!isMargin) return true;
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
  lines.forEach(({ line, shape }, at) => {
    const next = lines[at + 1];
    text += joinHan(line.text);
    if (!next) return;
    text += goesOn(line, shape, next) ? gapInWords(line.text, next.line.text) : "\n";
  });
  return plainHan(text).replace(SYMBOL_FONT_SIGNS, "•");
}

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
  /** Among the first or last two lines of its page. */
  isMargin: boolean;
}

function paragraphLines(page: PageLines): PlacedLine[] {
  const byHeight = [...page.lines].sort((one, other) => one.y - other.y);
  const margin = new Set([...byHeight.slice(0, 2), ...byHeight.slice(-2)]);
  const shapes = new Map<number, Shape>();
  for (const flow of new Set(page.lines.map((line) => line.flow)))
    shapes.set(
      flow,
      shapeOf(
        page.lines.filter((line) => line.flow === flow && !line.isRow),
        page,
      ),
    );
  return page.lines.map((line) => ({
    line,
    shape: shapes.get(line.flow) as Shape,
    isMargin: margin.has(line),
  }));
}

function shapeOf(lines: Line[], page: PageLines): Shape {
  const size = median(lines.map((line) => line.size));
  const long = lines.filter((line) => line.end - line.x > 12 * line.size);
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
  return reaching >= 3 || page.width - end < left * 1.3 + size ? end : null;
}

function median(values: number[]): number {
  return [...values].sort((one, other) => one - other)[values.length >> 1] ?? 0;
}

const ENDS_SENTENCE = /[。！？；：.!?;:”）)]$/u;

/** Whether the next line is the same paragraph. In doubt it is not: titles, signatures and items stand alone. */
function goesOn(line: Line, shape: Shape, next: PlacedLine): boolean {
  const { left, right, isIndented, pitch } = shape;
  const after = next.line;
  if (right === null || line.isRow || after.isRow) return false;
  if (Math.abs(after.size - line.size) > 0.1 * line.size || STARTS_ITEM.test(after.text)) return false;
  const startsParagraphOrGoesOn = line.x - left < 4.5 * line.size;
  // A word that would not have fitted is the reason for the break; two signs for punctuation that must not begin a line.
  const word = /^[\p{Script=Latin}\d]+/u.exec(after.text)?.[0].length ?? 0;
  const isFull = right - line.end < (Math.max(word * 0.55, 1) + 0.8) * line.size;
  if (!startsParagraphOrGoesOn || !isFull) return false;
  if (!isIndented && ENDS_SENTENCE.test(line.text)) return false;
  if (next.shape.page !== shape.page) {
    const isSameColumn = Math.abs(next.shape.left - left) < line.size;
    return isSameColumn && after.x - next.shape.left < 0.7 * line.size && !ENDS_SENTENCE.test(line.text);
  }
  if (after.flow !== line.flow) return false;
  return (
    after.x - left < 0.7 * line.size &&
    after.y > line.y &&
    after.y - line.y < Math.max(pitch * 1.25, 1.2 * line.size)
  );
}

/** "- 3 -", "第 3 页 共 5 页", "3/5". */
export function isPageNumber(text: string): boolean {
  return /^[\s\-—–－·•.]*(?:第\s*)?(?:\d{1,4}|[一二三四五六七八九十]{1,3}|[ivxlcⅰ-ⅻ]{1,6})(?:\s*[页頁])?(?:\s*[,，/／]?\s*(?:共|of)?\s*\d{1,4}\s*[页頁]?)?[\s\-—–－·•.]*$/iu.test(
    text.replace(/^page\s+/i, ""),
  );
}

function headKey(text: string): string {
  return text.replace(/[\d\s]+/gu, "#");
}

/** Lines at the edge of three pages or more, but for their digits. */
function runningHeads(pages: PageLines[]): Set<string> {
  const counts = new Map<string, number>();
  for (const { lines } of pages) {
    const byHeight = [...lines].sort((one, other) => one.y - other.y);
    const edges = new Set([...byHeight.slice(0, 2), ...byHeight.slice(-2)].map(({ text }) => headKey(text)));
    for (const edge of edges) counts.set(edge, (counts.get(edge) ?? 0) + 1);
  }
  return new Set([...counts].filter(([, count]) => count >= 3).map(([key]) => key));
}

/** A sign of East Asian writing: scripts that set no space between words, and their punctuation. */
const EAST_ASIAN = "[\\p{Script=Han}\\u3000-\\u303f\\uff01-\\uff5e\\u2018-\\u201d\\u2014\\u2026]";
const SPACES_WITHIN_EAST_ASIAN = new RegExp(`(?<=${EAST_ASIAN})[ \\u00a0]+(?=${EAST_ASIAN})`, "gu");
const SPACES_BESIDE_DIGITS = /(?<=\p{Script=Han}) (?=[0-9])|(?<=[0-9]) (?=\p{Script=Han})/gu;
/** "2 0 1 2年", set wide with its line; columns of a table have more than one digit or no Han after them. */
const DIGITS_SET_WIDE = new RegExp(`(?<=^|\\n|${EAST_ASIAN})[0-9](?: [0-9])+(?=\\p{Script=Han})`, "gu");

/** Gaps between glyphs are read as spaces; Han set justified, or beside digits, has gaps that mean nothing. */
export function joinHan(text: string): string {
  return text
    .replace(SPACES_WITHIN_EAST_ASIAN, "")
    .replace(SPACES_BESIDE_DIGITS, "")
    .replace(DIGITS_SET_WIDE, (digits) => digits.replaceAll(" ", ""));
}
