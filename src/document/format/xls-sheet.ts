// One worksheet of a BIFF stream ([MS-XLS] §2.1.7.20.5): cells by row and column, then its text boxes and comments.
import { Unreadable } from "../unreadable.ts";
import { shownNumber } from "./cell-format.ts";
import { ERRORS, rkNumber } from "./cell-values.ts";
import { type NamedSheet, SheetLines, type Workbook } from "./sheet-lines.ts";
import { type BiffRecord, biffRecords, EOF, isBeginning, StringReader } from "./xls-records.ts";

const FORMULA = 0x0006;
const NOTE = 0x001c;
const MULRK = 0x00bd;
const RSTRING = 0x00d6;
const LABELSST = 0x00fd;
const TXO = 0x01b6;
const NUMBER = 0x0203;
const LABEL = 0x0204;
const BOOLERR = 0x0205;
const STRING = 0x0207;
const OLD_FORMULA = 0x0206;
const OLDER_FORMULA = 0x0406;
const RK = 0x027e;

export interface Biff {
  workbook: Workbook;
  /** BIFF8: strings are Unicode. Before, they are bytes of the workbook's code page. */
  isWide: boolean;
  text: (bytes: Uint8Array) => string;
  /** Excel 2: the cells are built otherwise. */
  isBiff2: boolean;
  /** Bytes of records still to be looked at: a hundred sheets may name the same place. */
  left: number;
}

export function readXlsSheet(stream: Buffer, from: number, biff: Biff): Omit<NamedSheet, "name"> {
  const sheet = new XlsSheet(biff);
  const lines = new SheetLines(biff.workbook.room);
  lines.fill(() => {
    let depth = 0;
    for (const record of biffRecords(stream, from)) {
      for (const piece of record.pieces) biff.left -= 4 + piece.length;
      if (biff.left < 0) {
        lines.isCut = true;
        break;
      }
      // A chart on the sheet is a stream of records within this one, and holds copies of the cells it shows.
      if (isBeginning(record.type)) depth++;
      else if (record.type === EOF) depth--;
      if (depth <= 0) break;
      if (depth === 1) sheet.read(biff.isBiff2 ? asNewer(record) : record, lines);
    }
  });
  lines.fill(() => sheet.writeTo(lines));
  return { lines: lines.lines, isCut: lines.isCut, besides: sheet.besides };
}

class XlsSheet {
  readonly besides: string[] = [];
  readonly #biff: Biff;
  readonly #rows = new Map<number, [column: number, words: string][]>();
  /** The cell of a formula whose words come in a record of their own. */
  #waiting: [row: number, column: number] | null = null;

  constructor(biff: Biff) {
    this.#biff = biff;
  }

  read(record: BiffRecord, lines: SheetLines): void {
    const { type, content, pieces } = record;
    if (type === TXO) this.#say(textOfShape(pieces), lines);
    else if (type === NOTE) this.#say(this.#oldNote(content), lines);
    else if (type === STRING && this.#waiting) {
      const [row, column] = this.#waiting;
      this.#put(row, column, this.#string(pieces, 0));
    }
    if (content.length < 8 || !CELLS.has(type)) return;
    lines.countCell();
    this.#waiting = null;
    const [row, column] = [content.readUInt16LE(0), content.readUInt16LE(2)];
    if (type === MULRK) this.#putMany(content, row, column, lines);
    else this.#put(row, column, this.#shown(record, row, column));
  }

  writeTo(lines: SheetLines): void {
    for (const row of [...this.#rows.keys()].sort((one, other) => one - other)) {
      for (const [column, words] of this.#rows.get(row) ?? []) lines.put(column, words);
      lines.endRow();
    }
  }

  #shown(record: BiffRecord, row: number, column: number): string {
    const { type, content, pieces } = record;
    const style = content.readUInt16LE(4);
    if (type === LABELSST) return content.length >= 10 ? this.#shared(content.readUInt32LE(6)) : "";
    if (type === LABEL || type === RSTRING) return this.#string(pieces, 6);
    if (type === RK)
      return content.length >= 10 ? this.#number(rkNumber(content.readUInt32LE(6)), style) : "";
    if (type === BOOLERR) return logicalOrError(content[6] ?? 0, content[7] === 1);
    if (content.length < 14) return "";
    if (type === NUMBER || content.readUInt16LE(12) !== 0xffff) {
      return this.#number(content.readDoubleLE(6), style);
    }
    // A formula whose result is no number (§2.5.133).
    if (content[6] === 0) this.#waiting = [row, column];
    return content[6] === 1 || content[6] === 2 ? logicalOrError(content[8] ?? 0, content[6] === 2) : "";
  }

  #putMany(content: Buffer, row: number, first: number, lines: SheetLines): void {
    for (let at = 4, column = first; at + 8 <= content.length; at += 6, column++) {
      lines.countCell();
      this.#put(row, column, this.#number(rkNumber(content.readUInt32LE(at + 2)), content.readUInt16LE(at)));
    }
  }

  #put(row: number, column: number, words: string): void {
    if (words === "") return;
    const cells = this.#rows.get(row);
    if (cells) cells.push([column, words]);
    else this.#rows.set(row, [[column, words]]);
  }

  #shared(index: number): string {
    const string = this.#biff.workbook.strings[index];
    if (string === undefined) throw new Unreadable("corrupt", `no shared string ${index}`);
    return string;
  }

  #number(value: number, style: number): string {
    const { formats, from1904 } = this.#biff.workbook;
    return shownNumber(String(value), formats[style] ?? "general", from1904);
  }

  #string(pieces: Buffer[], at: number): string {
    const content = pieces[0] as Buffer;
    if (this.#biff.isWide) return new StringReader(pieces, at).string(2);
    if (at + 2 > content.length) return "";
    return this.#biff.text(content.subarray(at + 2, at + 2 + content.readUInt16LE(at)));
  }

  /** BIFF8 keeps a comment's words in a shape; before, they stand in the note itself. */
  #oldNote(content: Buffer): string {
    return this.#biff.isWide ? "" : this.#biff.text(content.subarray(6));
  }

  #say(words: string, lines: SheetLines): void {
    lines.countCharacters(words.length);
    if (words.trim() !== "") this.besides.push(words.trim());
  }
}

const CELLS = new Set([
  FORMULA,
  OLD_FORMULA,
  OLDER_FORMULA,
  MULRK,
  RSTRING,
  LABELSST,
  NUMBER,
  LABEL,
  BOOLERR,
  RK,
]);

function logicalOrError(value: number, isError: boolean): string {
  if (isError) return ERRORS[value] ?? "#N/A";
  return value === 1 ? "TRUE" : "FALSE";
}

/** Numbers of records of Excel 2, and of the same ones later. */
const NEWER: Record<number, number> = { 2: NUMBER, 3: NUMBER, 4: LABEL, 5: BOOLERR, 7: STRING };

/**
 * Excel 2 gives a cell three bytes of looks and a string one byte of length. Exporting programs still write it, since
 * nothing is simpler.
 */
function asNewer({ type, content, at }: BiffRecord): BiffRecord {
  const isString = type === 7;
  const value = content.subarray(isString ? 0 : 7);
  let newer = value;
  if (type === 2 && value.length >= 2) {
    newer = Buffer.alloc(8);
    newer.writeDoubleLE(value.readUInt16LE(0));
  } else if (type === 4 || isString)
    newer = Buffer.concat([value.subarray(0, 1), Buffer.of(0), value.subarray(1)]);
  const whole = isString ? newer : Buffer.concat([content.subarray(0, 4), Buffer.of(0, 0), newer]);
  return { type: NEWER[type] ?? type, content: whole, pieces: [whole], at };
}

/** The words of a shape stand in the continuation of its record (§2.4.329). */
function textOfShape(pieces: Buffer[]): string {
  const [content, words] = pieces;
  if (!content || !words || content.length < 12) return "";
  return new StringReader(pieces.slice(1), 1).characters(content.readUInt16LE(10), words[0] ?? 0);
}
