// Excel's binary workbooks (.xlsb, [MS-XLSB]): the package of an .xlsx, whose parts are records instead of XML.
import type { Aids, DocumentText } from "../document.ts";
import { Unreadable } from "../unreadable.ts";
import { type CellFormat, formatOf, shownNumber } from "./cell-format.ts";
import { ERRORS, rkNumber } from "./cell-values.ts";
import { type Sheet, SheetLines, type Workbook } from "./sheet-lines.ts";
import { type Contents, readWorkbook, type WorkbookParts } from "./xlsx-package.ts";

const ROW = 0;
const RK = 2;
const ERROR = 3;
const LOGICAL = 4;
const REAL = 5;
const STRING = 6;
const SHARED_STRING = 7;
const FORMULA_STRING = 8;
const FORMULA_REAL = 9;
const FORMULA_LOGICAL = 10;
const FORMULA_ERROR = 11;
const STRING_ITEM = 19;
const FORMAT = 44;
const STYLE = 47;
const RICH_STRING = 62;
const WORKBOOK_PROPERTIES = 153;
const SHEET_ENTRY = 156;
const BEGIN_CELL_STYLES = 617;
const END_CELL_STYLES = 618;
const COMMENT_TEXT = 637;

const parts: WorkbookParts = { usualName: "xl/workbook.bin", contents, strings, formats, sheet, comments };

export function readXlsb(bytes: Uint8Array, aids: Aids): Promise<DocumentText> {
  return readWorkbook(bytes, parts, aids);
}

/** Type and length take a byte, and more where its highest bit says so (§2.1.4). */
function* recordsOf(part: Uint8Array): Generator<{ type: number; content: Buffer }> {
  const bytes = Buffer.from(part.buffer, part.byteOffset, part.byteLength);
  for (let at = 0; at < bytes.length; ) {
    const number = (most: number) => {
      let value = 0;
      for (let shift = 0; shift < most * 7; shift += 7) {
        const byte = bytes[at++] ?? 0;
        value += (byte & 0x7f) << shift;
        if (byte < 0x80) break;
      }
      return value;
    };
    const type = number(2);
    const length = number(4);
    yield { type, content: bytes.subarray(at, at + length) };
    at += length;
  }
}

/** A string after its length; an absent one has a length of all ones. */
function stringAt(content: Buffer, at: number): { words: string; end: number } {
  const length = at + 4 <= content.length ? content.readUInt32LE(at) : 0;
  const characters = length === 0xffffffff ? 0 : length;
  const end = Math.min(content.length, at + 4 + characters * 2);
  return { words: content.toString("utf16le", at + 4, end), end };
}

function contents(main: Uint8Array): Contents {
  const found: Contents = { sheets: [], from1904: false };
  for (const { type, content } of recordsOf(main)) {
    if (type === WORKBOOK_PROPERTIES) found.from1904 = ((content[0] ?? 0) & 1) === 1;
    else if (type === SHEET_ENTRY && content.length > 8) {
      const id = stringAt(content, 8);
      const isHidden = content.readUInt32LE(0) !== 0;
      found.sheets.push({ id: id.words, name: stringAt(content, id.end).words, isHidden });
    }
  }
  return found;
}

/** A rich string begins with a byte of flags; fonts and sounds follow its words. */
function strings(part: Uint8Array | undefined): string[] {
  const found: string[] = [];
  for (const { type, content } of recordsOf(part ?? new Uint8Array()))
    if (type === STRING_ITEM) found.push(stringAt(content, 1).words);
  return found;
}

function comments(part: Uint8Array): string[] {
  const lines: string[] = [];
  for (const { type, content } of recordsOf(part))
    if (type === COMMENT_TEXT) lines.push(stringAt(content, 1).words.trim());
  return lines.filter(Boolean);
}

function formats(part: Uint8Array | undefined): CellFormat[] {
  const codes = new Map<number, string>();
  const ids: number[] = [];
  let inCellStyles = false;
  for (const { type, content } of recordsOf(part ?? new Uint8Array())) {
    if (type === FORMAT && content.length >= 2)
      codes.set(content.readUInt16LE(0), stringAt(content, 2).words);
    else if (type === BEGIN_CELL_STYLES) inCellStyles = true;
    else if (type === END_CELL_STYLES) inCellStyles = false;
    else if (type === STYLE && inCellStyles && content.length >= 4) ids.push(content.readUInt16LE(2));
  }
  return ids.map((id) => formatOf(id, codes.get(id)));
}

function sheet(part: Uint8Array, workbook: Workbook): Sheet {
  const lines = new SheetLines(workbook.room);
  lines.fill(() => {
    for (const { type, content } of recordsOf(part)) {
      if (type === ROW) lines.endRow();
      if (!isCell(type) || content.length < 8) continue;
      lines.countCell();
      lines.put(content.readUInt32LE(0), shown(type, content, workbook));
    }
    lines.endRow();
  });
  return lines;
}

function isCell(type: number): boolean {
  return (type >= 1 && type <= FORMULA_ERROR) || type === RICH_STRING;
}

/** A cell: column, style, then its value (§2.5.9). */
function shown(type: number, content: Buffer, { strings, formats, from1904 }: Workbook): string {
  const format = formats[content.readUInt32LE(4) & 0xffffff] ?? "general";
  const number = (value: number) => shownNumber(String(value), format, from1904);
  const value = content.subarray(8);
  switch (type) {
    case RK:
      return value.length >= 4 ? number(rkNumber(value.readUInt32LE(0))) : "";
    case REAL:
    case FORMULA_REAL:
      return value.length >= 8 ? number(value.readDoubleLE(0)) : "";
    case STRING:
    case FORMULA_STRING:
      return stringAt(value, 0).words;
    case RICH_STRING:
      return stringAt(value, 1).words;
    case LOGICAL:
    case FORMULA_LOGICAL:
      return value[0] === 1 ? "TRUE" : "FALSE";
    case ERROR:
    case FORMULA_ERROR:
      return ERRORS[value[0] ?? 0] ?? "#N/A";
    case SHARED_STRING: {
      const string = value.length >= 4 ? strings[value.readUInt32LE(0)] : undefined;
      if (string === undefined) throw new Unreadable("corrupt", "no such shared string");
      return string;
    }
    default:
      return "";
  }
}
