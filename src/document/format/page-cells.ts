// Phrases → rows with cells: tables are set row by row, and a cell keeps its lines together.
import {
  gapBetween,
  gapInWords,
  highest,
  type Line,
  lowest,
  type Phrase,
  rowsOf,
  SAME_BASELINE,
  STARTS_ITEM,
  stepBetween,
} from "./page-phrases.ts";

/** A row of a table is not higher; what goes further up again is the next column of words. */
const ROW_LINES = 12;
const MAX_CELL_LINES = 40;
/** Shorter lines of a cell are names more often than half a word. */
const FEWEST_FULL = 4;
/** In ems, up to the words of the next cell. */
const NO_ROOM = 1.3;
/** Columns of words after the first. */
const COLUMNS = 3;
/** In ems. */
const LABEL_GAP = 3.5;

/** Row by row, whatever was drawn first. */
export function asPlaced(phrases: Phrase[], flow: number): Line[] {
  return rowsOf(phrases).map((row) =>
    rowLine(
      row.map((phrase) => [phrase]),
      flow,
    ),
  );
}

/** A row being read: its cells, and the lines of each. */
type Cells = Phrase[][];

/** In the order of drawing, which keeps the lines of a table's cell together; null where it jumps about the page. */
export function asDrawn(phrases: Phrase[]): Line[] | null {
  const rows: { cells: Cells; flow: number }[] = [];
  let flow = 0;
  for (const phrase of phrases) {
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
      } else if (++flow > COLUMNS) return null;
      else rows.push({ cells: [[phrase]], flow });
    } else rows.push({ cells: [[phrase]], flow });
  }
  return rows.map(({ cells, flow }) => rowLine(cells, flow));
}

/** The next line of the row's last cell: below it, and clear of the cells before. */
function continuesCell(cells: Cells, phrase: Phrase): boolean {
  const own = cells.at(-1) as Phrase[];
  if (cells.length < 2 || own.length >= MAX_CELL_LINES) return false;
  const last = own.at(-1) as Phrase;
  const before = highest(cells.slice(0, -1).flatMap((cell) => cell.map(({ end }) => end)));
  const isClear = phrase.x > before && phrase.x < Math.max(last.end, last.x + last.size);
  return isClear && phrase.y - last.y < 3 * phrase.size;
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
    if (!isBeside || (lines[0] && !isSameCell(line, lines[0])))
      return lines.length > 0 ? asCell(lines) : null;
    lines.unshift(line);
  }
  return rows.length <= ROW_LINES && lines.length > 0 ? asCell(lines) : null;
}

/** Lines of one cell are of one size, below each other. */
function isSameCell(line: Phrase, next: Phrase): boolean {
  const isAlike = Math.max(line.size, next.size) < 1.3 * Math.min(line.size, next.size);
  return isAlike && line.x < next.end && next.x < line.end && next.y - line.y < 2.5 * next.size;
}

function asCell(lines: Phrase[]): { rows: number; cells: Cells } {
  return { rows: lines.length, cells: [lines] };
}

function rowLine(cells: Cells, flow: number): Line {
  const all = cells.flat();
  const largest = all.reduce((one, other) => (other.size > one.size ? other : one));
  const joined = joinSetWide(cells.map((cell, at) => ({ cell, limit: cells[at + 1]?.[0]?.x ?? null })));
  return {
    text: joined.join("\t"),
    x: lowest(all.map(({ x }) => x)),
    end: highest(all.map(({ end }) => end)),
    y: (all[0] as Phrase).y,
    size: largest.size,
    isRow: joined.length > 1,
    flow,
  };
}

interface Cell {
  cell: Phrase[];
  /** Where the next one begins; null for the last. */
  limit: number | null;
}

/** Titles and labels set wide: 通　知, 姓　　名：. Their signs are no cells. */
function joinSetWide(cells: Cell[]): string[] {
  const isSign = (cell: Phrase[] | undefined) =>
    cell?.length === 1 && /^\p{Script=Han}$/u.test(cell[0]?.text ?? "");
  if (cells.length > 1 && cells.every(({ cell }) => isSign(cell)))
    return [cells.map(({ cell }) => cell[0]?.text).join("")];
  const texts: string[] = [];
  cells.forEach((one, at) => {
    const before = cells[at - 1]?.cell;
    const [last, next] = [before?.[0], one.cell[0]];
    const isLabel =
      isSign(before) && /^\p{Script=Han}(?:[：:]|$)/u.test(next?.text ?? "") && one.cell.length === 1;
    if (isLabel && last && next && gapBetween(last, next) < LABEL_GAP)
      texts.push(`${texts.pop()}${next.text}`);
    else texts.push(cellText(one));
  });
  return texts;
}

/** A line that fills its cell goes on in the next one; signs below each other are a word written downwards. */
function cellText({ cell, limit }: Cell): string {
  if (cell.every((line) => /^\p{Script=Han}$/u.test(line.text)))
    return cell.map((line) => line.text).join("");
  const end = highest(cell.map((line) => line.end));
  return cell
    .map((line, at) => {
      const next = cell[at + 1];
      if (!next) return line.text;
      const hasNoRoom = limit !== null && limit - line.end < NO_ROOM * line.size;
      const isFull = end - line.end < 1.5 * line.size && line.text.length >= FEWEST_FULL;
      const goesOn = (hasNoRoom || isFull) && !STARTS_ITEM.test(next.text);
      return `${line.text}${goesOn ? gapInWords(line.text, next.text) : "\n"}`;
    })
    .join("");
}
