// What a table handed to a clerk is made of: sheets of typed columns, whose rows may come from a cursor one by one.
import type { PlainDate } from "../text/dates.ts";

/** Text, a number, an instant (shown in the workbook's zone, to the minute) or a calendar date; null is an empty cell. */
export type Cell = string | number | Date | { on: PlainDate } | null;

export interface Column {
  title: string;
  /** In half-width characters: a Chinese one takes two. */
  width: number;
}

export interface Sheet {
  name: string;
  columns: Column[];
  rows: AsyncIterable<Cell[]> | Iterable<Cell[]>;
}

/** Columns from titles and their widths, in order. */
export function columnsOf(titles: readonly string[], widths: readonly number[]): Column[] {
  return titles.map((title, at) => ({ title, width: widths[at] ?? 16 }));
}
