// Rows as text: cells parted by tabs, and the lines of one paragraph joined where the page shows that they are one.
import type { FlatStrip } from "./flat.ts";
import type { Row } from "./order.ts";

/** A gap this wide, in signs, parts cells: strips are cut generously, so that little of it is left. */
const CELL_GAP = 0.4;
/** A line that ends this near the margin, in signs, was broken there. */
const NEAR_MARGIN = 1.6;
/** A line that begins this far in, in signs, begins a paragraph. */
const INDENT = 1;
/** Margins slant in a photograph: only so many lines up and down are compared. */
const NEARBY = 5;
/** Two margins need some lines to be margins. */
const FEWEST_LINES = 3;
/** What begins an item of a list begins a line of its own. */
const ITEM =
  /^([一二三四五六七八九十百]+[、.．]|[（(][一二三四五六七八九十\d]+[）)]|\d{1,3}[、.．)）](?!\d)|[①-⑳]|[●■◆▲★·•]|第[一二三四五六七八九十百]+[章节条])/u;
const SENTENCE_END = /[。！？!?：:；;…]["”’』」）)]?$/u;
const UNSPACED = /[\p{Script=Han}\u3000-\u303f\uff00-\uffef“”‘’…—]/u;

export function paragraphsOf(blocks: Row[][]): string {
  const lines: string[] = [];
  for (const [block, rows] of blocks.entries()) {
    const usesIndents = rows.some((_, at) => isIndented(rows, at));
    for (const [at, row] of rows.entries()) {
      const text = textOfRow(row);
      if (text === "") continue;
      const before = lines.at(-1);
      // A column's first line goes on with the last one of the column before.
      const above = at > 0 ? { rows, at: at - 1 } : { rows: blocks[block - 1] ?? [], at: -1 };
      if (before !== undefined && goesOn(above, { rows, at }, before, text, usesIndents))
        lines[lines.length - 1] = joined(before, text);
      else lines.push(text);
    }
  }
  return lines.join("\n");
}

interface Place {
  rows: Row[];
  at: number;
}

/** Whether a row goes on with the sentence of the row above. */
function goesOn(from: Place, to: Place, before: string, text: string, usesIndents: boolean): boolean {
  const [above, strip] = [single(from.rows.at(from.at)), single(to.rows[to.at])];
  if (!above || !strip || ITEM.test(text)) return false;
  const size = strip.thickness;
  if (size > 1.35 * above.thickness || above.thickness > 1.35 * size) return false;
  if (strip.y - above.y > 3 * size) return false;
  const near = nearby(from.rows, from.at);
  if (near.length < FEWEST_LINES || nearby(to.rows, to.at).length < FEWEST_LINES) return false;
  const margin = Math.max(...near.map(({ right }) => right));
  if (above.right < margin - NEAR_MARGIN * size || isIndented(to.rows, to.at)) return false;
  // Where paragraphs are not indented, a sentence that ends with its line may be the last one.
  return usesIndents || !SENTENCE_END.test(before);
}

function isIndented(rows: Row[], at: number): boolean {
  const strip = single(rows[at]);
  const near = nearby(rows, at);
  if (!strip || near.length < FEWEST_LINES) return false;
  return strip.left > Math.min(...near.map(({ left }) => left)) + INDENT * strip.thickness;
}

function nearby(rows: Row[], at: number): FlatStrip[] {
  return rows.slice(Math.max(0, at - NEARBY), at + NEARBY + 1).flatMap((row) => single(row) ?? []);
}

function single(row: Row | undefined): FlatStrip | null {
  return row?.length === 1 ? (row[0] ?? null) : null;
}

function textOfRow(row: Row): string {
  const isSetWide = row.length > 1 && row.every(({ text }) => [...text.trim()].length === 1);
  let line = "";
  for (const [at, strip] of row.entries()) {
    const text = withoutIdleSpaces(strip.text);
    const before = row[at - 1];
    if (!before || text === "" || line === "") line += text;
    else if (!isSetWide && strip.left - before.right > CELL_GAP * strip.thickness) line += `\t${text}`;
    else line = joined(line, text);
  }
  return line;
}

/** No spaces beside Han signs: recognition sees them in wide setting. */
function withoutIdleSpaces(text: string): string {
  return text.trim().split(/ +/).reduce(joined);
}

function joined(before: string, after: string): string {
  const isUnspaced = UNSPACED.test(before.at(-1) ?? "") || UNSPACED.test(after[0] ?? "");
  return isUnspaced ? before + after : `${before} ${after}`;
}
