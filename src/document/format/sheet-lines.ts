// What every kind of workbook is read to: each row with words a line, its cells in their columns with tabs between.
import type { DocumentText } from "../document.ts";
import type { CellFormat } from "./cell-format.ts";

/** Formats are painted over whole columns: empty cells count too, so that a sheet of nothing is not read for minutes. */
const MAX_CELLS = 3_000_000;
/** So many without a word between them are painted to the sheet's end: no reason to leave the next sheet unread. */
const MAX_EMPTY_CELLS = 200_000;
const MAX_CHARACTERS = 2_000_000;
/** Beyond are forgotten formats and stray marks: nobody writes a table of three hundred columns. */
export const MAX_COLUMNS = 300;
/** Read over and over, as where a million cells name one long string, words cost time without being shown. */
const MAX_HANDLED_CHARACTERS = 50_000_000;
/** Excel's own limit: a longer string is not meant to be read, and may be named by every cell. */
const MAX_CELL_CHARACTERS = 32_767;

/** A sheet may have any number of names. */
const MAX_WARNINGS = 50;

/** What the cells of a workbook share. */
export interface Workbook {
  strings: string[];
  formats: CellFormat[];
  from1904: boolean;
  /** What may still be read, all sheets together. */
  room: Room;
}

export interface Room {
  cells: number;
  characters: number;
  handled: number;
}

export function wholeRoom(): Room {
  return { cells: MAX_CELLS, characters: MAX_CHARACTERS, handled: MAX_HANDLED_CHARACTERS };
}

/** One sheet as read. */
export interface Sheet {
  lines: string[];
  isCut: boolean;
}

export interface NamedSheet extends Sheet {
  name: string;
  /** Comments and text boxes: they stand over the cells, and come after them. */
  besides: string[];
}

/** Ends the reading of a sheet whose rest is not wanted. */
export class Enough extends Error {}
/** Ends the reading of a sheet that has nothing more to say. */
class AtEnd extends Enough {}

export class SheetLines implements Sheet {
  readonly lines: string[] = [];
  isCut = false;
  readonly #room: Room;
  #row: string[] = [];
  #empty = 0;

  constructor(room: Room) {
    this.#room = room;
  }

  /** A cell was met, with words or without. */
  countCell(): void {
    if (--this.#room.cells < 0) throw new Enough();
    if (++this.#empty > MAX_EMPTY_CELLS) throw new AtEnd();
  }

  /** Words that stand over the cells were met. */
  countCharacters(characters: number): void {
    this.#room.characters -= characters;
    if (this.#room.characters < 0) throw new Enough();
  }

  /** Puts words into the row that is being read. */
  put(column: number, words: string): void {
    const kept = words.slice(0, MAX_CELL_CHARACTERS);
    this.#room.handled -= kept.length;
    if (this.#room.handled < 0) throw new Enough();
    const shown = kept.replace(/\s+/g, " ").trim();
    if (shown === "") return;
    this.#empty = 0;
    if (column < MAX_COLUMNS) this.#row[column] = shown;
    else this.isCut = true;
  }

  /** `times`: OpenDocument writes alike rows once, with their number. */
  endRow(times = 1): void {
    if (this.#row.length === 0) return;
    const line = Array.from(this.#row, (words) => words ?? "").join("\t");
    this.#row = [];
    for (let left = times; left > 0; left--) {
      this.lines.push(line.slice(0, Math.max(0, this.#room.characters)));
      this.#room.characters -= line.length + 1;
      if (this.#room.characters < 0) throw new Enough();
    }
  }

  /** Runs a reading that may find that enough was read. */
  fill(reading: () => void): void {
    try {
      reading();
    } catch (error) {
      if (!(error instanceof Enough)) throw error;
      this.isCut = this.lines.length > 0 || !(error instanceof AtEnd);
    }
  }
}

/** Sheets in the order of their tabs, each under its name when there are several; those without words are gone. */
export function workbookText(
  sheets: NamedSheet[],
  warnings: string[],
): Pick<DocumentText, "text" | "pages" | "pagesRead" | "warnings"> {
  const said = sheets.filter(({ lines, besides }) => lines.length + besides.length > 0);
  const texts = said.map(({ name, lines, besides }) => {
    const text = [lines.join("\n"), besides.join("\n")].filter(Boolean).join("\n\n");
    return said.length > 1 ? `${name}\n${text}` : text;
  });
  const cut = sheets.filter(({ isCut }) => isCut);
  const unread = cut.filter(({ lines, besides }) => lines.length + besides.length === 0).length;
  return {
    text: texts.join("\n\n"),
    pages: said.length + unread || null,
    pagesRead: unread > 0 ? said.length : null,
    warnings: [...warnings, ...cut.map(({ name }) => `the sheet ${name} was not read to its end`)].slice(
      0,
      MAX_WARNINGS,
    ),
  };
}
