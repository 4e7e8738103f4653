// Strips in reading order: columns one after the other, in each the rows from the top, in a row from left to right.
import type { FlatStrip } from "./flat.ts";

export type Row = FlatStrip[];

/** Columns of running text have at least as many lines, */
const FEWEST_LINES = 4;
/** are at least as many signs wide, */
const FEWEST_SIGNS = 8;
/** and most of their lines go from side to side: the cells of a table do not. */
const FULL = 0.8;
const MOSTLY = 0.55;
/** Stamps and stains break a line into pieces, but not every line. */
const UNBROKEN = 0.5;

/** The blocks of a page, each its rows. */
export function inReadingOrder(strips: FlatStrip[]): Row[][] {
  const sorted = [...strips].sort((a, b) => a.y - b.y);
  const columns = sideBySide(sorted);
  if (!columns) return sorted.length > 0 ? [rowsOf(sorted)] : [];
  return [columns.above, columns.left, columns.right, columns.below].flatMap(inReadingOrder);
}

/** A strip belongs to the row whose middle it meets. */
function rowsOf(sorted: FlatStrip[]): Row[] {
  const rows: { y: number; thickness: number; strips: Row }[] = [];
  for (const strip of sorted) {
    // Sorted from the top, so that only the last few rows can be met.
    const row = rows
      .slice(-4)
      .find(({ y, thickness }) => Math.abs(y - strip.y) < 0.5 * Math.min(thickness, strip.thickness));
    if (!row) rows.push({ y: strip.y, thickness: strip.thickness, strips: [strip] });
    else {
      row.strips.push(strip);
      row.y += (strip.y - row.y) / row.strips.length;
    }
  }
  return rows
    .sort((a, b) => a.y - b.y)
    .map(({ strips }) => strips.sort((a, b) => a.left + a.right - b.left - b.right));
}

interface Columns {
  above: FlatStrip[];
  left: FlatStrip[];
  right: FlatStrip[];
  below: FlatStrip[];
}

/** The longest stretch of a page that a gap from top to bottom parts into two columns of running text. */
function sideBySide(sorted: FlatStrip[]): Columns | null {
  const size = medianThickness(sorted);
  let best: Columns | null = null;
  for (const gap of gaps(sorted, size)) {
    let start = 0;
    for (let end = 0; end <= sorted.length; end++) {
      const strip = sorted[end];
      if (strip && !crosses(strip, gap, size)) continue;
      const between = sorted.slice(start, end);
      const found = {
        above: sorted.slice(0, start),
        left: between.filter(({ left, right }) => left + right < 2 * gap),
        right: between.filter(({ left, right }) => left + right >= 2 * gap),
        below: sorted.slice(end),
      };
      start = end + 1;
      if (best && between.length <= best.left.length + best.right.length) continue;
      if (isRunningText(found.left) && isRunningText(found.right) && overlap(found.left, found.right))
        best = found;
    }
  }
  return best;
}

/** Stamps are read across columns; what is not shaped like a line of the page's own print parts nothing. */
function crosses({ left, right, thickness }: FlatStrip, gap: number, size: number): boolean {
  if (right - left < 2 * thickness || thickness > 2.5 * size) return false;
  return left + 0.4 * thickness < gap && right - 0.4 * thickness > gap;
}

function medianThickness(strips: FlatStrip[]): number {
  return strips.map(({ thickness }) => thickness).sort((a, b) => a - b)[strips.length >> 1] ?? 0;
}

/** Places to look at: just right of where strips end; ends as near as a line is high count as one. */
function gaps(strips: FlatStrip[], size: number): number[] {
  if (strips.length < 2 * FEWEST_LINES) return [];
  const places = new Map<number, { place: number; ends: number }>();
  for (const { right } of strips) {
    const key = Math.round(right / size);
    const known = places.get(key);
    places.set(key, {
      place: Math.max(right + 0.3 * size, known?.place ?? 0),
      ends: (known?.ends ?? 0) + 1,
    });
  }
  return [...places.values()]
    .sort((a, b) => b.ends - a.ends)
    .slice(0, 40)
    .map(({ place }) => place);
}

function isRunningText(side: FlatStrip[]): boolean {
  if (side.length < FEWEST_LINES) return false;
  const from = Math.min(...side.map(({ left }) => left));
  const to = Math.max(...side.map(({ right }) => right));
  const thickness = medianThickness(side);
  if (to - from < FEWEST_SIGNS * thickness) return false;
  const rows = rowsOf(side);
  // A table's rows are full as well, but of many cells.
  if (rows.filter(({ length }) => length === 1).length < UNBROKEN * rows.length) return false;
  const full = rows.filter((row) => {
    const [first, last] = [row[0] as FlatStrip, row.at(-1) as FlatStrip];
    return last.right - first.left > FULL * (to - from);
  });
  return full.length >= MOSTLY * rows.length;
}

/** Whether two columns stand beside each other, not one below the other. */
function overlap(left: FlatStrip[], right: FlatStrip[]): boolean {
  const range = (side: FlatStrip[]) => [side[0]?.y ?? 0, side.at(-1)?.y ?? 0] as const;
  const [[a, b], [c, d]] = [range(left), range(right)];
  return Math.min(b, d) - Math.max(a, c) > 0.5 * Math.min(b - a, d - c);
}
