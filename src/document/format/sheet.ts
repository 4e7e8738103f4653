// One worksheet (ECMA-376 part 1 §18.3.1): each row with words a line, its cells in their columns with tabs between.
import { Unreadable } from "../unreadable.ts";
import { shownNumber } from "./cell-format.ts";
import { type Sheet, SheetLines, type Workbook } from "./sheet-lines.ts";
import { readXml } from "./xml.ts";

export function readSheet(part: Uint8Array, workbook: Workbook): Sheet {
  const sheet = new SheetLines(workbook.room);
  const rows = new Rows(workbook, sheet);
  sheet.fill(() =>
    readXml(part, {
      open: (name, attributes) => rows.open(name, attributes),
      close: (name) => rows.close(name),
      text: (text) => rows.characters(text),
    }),
  );
  return sheet;
}

interface Cell {
  column: number;
  type: string;
  style: number;
  words: string;
}

class Rows {
  readonly #workbook: Workbook;
  readonly #sheet: SheetLines;
  #nextColumn = 0;
  #cell: Cell | null = null;
  /** Inside an element whose text is the cell's: its value, or words written in place. */
  #inWords = false;
  #inPhonetics = false;

  constructor(workbook: Workbook, sheet: SheetLines) {
    this.#workbook = workbook;
    this.#sheet = sheet;
  }

  open(name: string, attributes: Record<string, string>): void {
    if (name === "row") this.#nextColumn = 0;
    else if (name === "c") this.#openCell(attributes);
    else if (name === "rPh") this.#inPhonetics = true;
    else this.#inWords = (name === "v" || name === "t") && !this.#inPhonetics;
  }

  close(name: string): void {
    if (name === "c") this.#closeCell();
    else if (name === "row") this.#sheet.endRow();
    else if (name === "rPh") this.#inPhonetics = false;
    else this.#inWords = false;
  }

  characters(text: string): void {
    if (this.#cell && this.#inWords) this.#cell.words += text;
  }

  #openCell({ r = "", t = "n", s = "0" }: Record<string, string>): void {
    this.#sheet.countCell();
    const column = columnOf(r) ?? this.#nextColumn;
    this.#nextColumn = column + 1;
    this.#cell = { column, type: t, style: Number(s), words: "" };
  }

  #closeCell(): void {
    const cell = this.#cell;
    this.#cell = null;
    if (cell) this.#sheet.put(cell.column, this.#shown(cell));
  }

  #shown({ type, style, words }: Cell): string {
    const { strings, formats, from1904 } = this.#workbook;
    switch (type) {
      case "s":
        return this.#sharedString(strings, words);
      case "inlineStr":
      case "str":
        return unescaped(words);
      case "b":
        return words.trim() === "1" ? "TRUE" : "FALSE";
      case "d":
        return words.replace(/T00:00(:00(\.0+)?)?Z?$/, "").replace("T", " ");
      case "n":
        return shownNumber(words, formats[style] ?? "general", from1904);
      default:
        return words;
    }
  }

  #sharedString(strings: string[], words: string): string {
    const string = strings[Number(words)];
    if (string === undefined) throw new Unreadable("corrupt", `no shared string ${words.slice(0, 20)}`);
    return string;
  }
}

/** "C7" → 2; null when the cell does not say, and simply follows the one before. */
function columnOf(reference: string): number | null {
  const letters = /^[A-Z]{1,3}/i.exec(reference)?.[0].toUpperCase();
  if (!letters) return null;
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}

/** Characters that XML cannot hold, or that would be lost there (ST_Xstring, §22.9.2.19). */
function unescaped(text: string): string {
  return text.replace(/_x([0-9A-F]{4})_/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** The strings that cells name by number: runs joined, signs above signs left out. */
export function sharedStrings(part?: Uint8Array): string[] {
  const strings: string[] = [];
  if (!part) return strings;
  let words = "";
  let inWords = false;
  let inPhonetics = false;
  readXml(part, {
    open(name) {
      if (name === "si") words = "";
      else if (name === "rPh") inPhonetics = true;
      else inWords = name === "t" && !inPhonetics;
    },
    close(name) {
      if (name === "si") strings.push(unescaped(words));
      else if (name === "rPh") inPhonetics = false;
      else inWords = false;
    },
    text(text) {
      if (inWords) words += text;
    },
  });
  return strings;
}
