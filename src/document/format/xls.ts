// Excel 5 to 2003 workbooks (.xls, .et of WPS; [MS-XLS]): BIFF records, read the same way as a workbook of today.
import { decodeText } from "../../message/charset.ts";
import { type CompoundFile, isCompoundFile, openCompoundFile } from "../compound.ts";
import { type Aids, type DocumentText, noText } from "../document.ts";
import { hangsOnPictures, readPictures } from "../pictures.ts";
import { Unreadable } from "../unreadable.ts";
import { formatOf } from "./cell-format.ts";
import { encodingOfCodePage, WESTERN } from "./code-page.ts";
import { objectsOf } from "./doc-objects.ts";
import { type NamedSheet, type Workbook, wholeRoom, workbookText } from "./sheet-lines.ts";
import { readSummary } from "./summary.ts";
import { decryptedBiff } from "./xls-password.ts";
import { xlsPictures } from "./xls-ppt-pictures.ts";
import { type BiffRecord, BOF, biffRecords, EOF, isBeginning, StringReader } from "./xls-records.ts";
import { type Biff, readXlsSheet } from "./xls-sheet.ts";

const MAX_BYTES = 100 * 1024 * 1024;

const DATEMODE = 0x0022;
const CODEPAGE = 0x0042;
const BOUNDSHEET = 0x0085;
const XF = 0x00e0;
const DRAWINGS = 0x00eb;
const SST = 0x00fc;
const FORMAT = 0x041e;

const BIFF8 = 0x0600;
const WORKSHEET = 0;
const ONE_SHEET = 0x0010;

interface SheetEntry {
  name: string;
  at: number;
  isHidden: boolean;
}

export async function readXls(bytes: Uint8Array, aids: Aids): Promise<DocumentText> {
  const file = isCompoundFile(bytes) ? openCompoundFile(bytes) : null;
  // Exporting programs leave the container away, as Excel did until version 4.
  const stream = file ? workbookStream(file) : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!stream || stream.length < 8) throw new Unreadable("corrupt", "no workbook stream");
  const plain = decryptedBiff(stream);
  const { biff, entries, drawings } = readGlobals(plain);
  const warnings = file?.names.some((name) => /^(_VBA_PROJECT_CUR|Macros)$/i.test(name))
    ? ["holds macros, which were not run"]
    : [];
  const sheets: NamedSheet[] = [];
  for (const { name, at, isHidden } of entries) {
    if (isHidden) warnings.push(`the sheet ${name} is hidden and was not read`);
    else sheets.push({ name, ...readXlsSheet(plain, at, biff) });
  }
  const summary = readSummary(file?.read("\x05SummaryInformation", 65_536) ?? null);
  const { text, ...rest } = workbookText(sheets, warnings);
  const found = hangsOnPictures(text) ? xlsPictures(Buffer.concat(drawings)) : [];
  const pictures = await readPictures(found, text, aids);
  return {
    ...noText,
    ...pictures,
    ...rest,
    // Each in a storage of its own beside the workbook ([MS-XLS] §2.1.7.6).
    children: objectsOf(file, (name) => /^MBD[0-9A-F]{8}$/i.test(name)),
    text: [text, pictures.text].filter(Boolean).join("\n\n"),
    pages: rest.pages ?? (pictures.unrecognised > 0 || pictures.text !== "" ? sheets.length : null),
    pagesRead: rest.pagesRead ?? pictures.pagesRead,
    title: summary.title,
    author: summary.author,
    warnings: [...rest.warnings, ...pictures.warnings],
  };
}

function workbookStream(file: CompoundFile): Buffer | null {
  const name = ["workbook", "book"]
    .map((wanted) => file.names.find((known) => known.toLowerCase() === wanted))
    .find(Boolean);
  return name ? file.read(name, MAX_BYTES) : null;
}

/** What stands before the sheets: their names and places, the shared strings, the formats. */
function readGlobals(stream: Buffer): { biff: Biff; entries: SheetEntry[]; drawings: Buffer[] } {
  const codes = new Map<number, string>();
  const formatIds: number[] = [];
  const workbook: Workbook = { strings: [], formats: [], from1904: false, room: wholeRoom() };
  const biff: Biff = { workbook, isWide: false, text: decodeText, isBiff2: false, left: stream.length * 2 };
  const entries: SheetEntry[] = [];
  const drawings: Buffer[] = [];
  let isFirst = true;
  for (const record of biffRecords(stream, 0)) {
    const { type, content, pieces } = record;
    if (isFirst) {
      if (!isBeginning(type) || content.length < 4)
        throw new Unreadable("corrupt", "no beginning of a workbook");
      biff.isWide = type === BOF && content.readUInt16LE(0) === BIFF8;
      biff.isBiff2 = type === 0x0009;
      // Nothing but one sheet, without a list of sheets before it.
      if (content.readUInt16LE(2) === ONE_SHEET) entries.push({ name: "", at: 0, isHidden: false });
      isFirst = false;
    } else if (type === EOF) break;
    else if (type === DATEMODE) workbook.from1904 = content[0] === 1;
    else if (type === CODEPAGE && content.length >= 2) biff.text = decoder(content.readUInt16LE(0));
    else if (type === BOUNDSHEET && content.length >= 8) {
      const isSheet = (content[5] as number) === WORKSHEET;
      const isHidden = ((content[4] as number) & 3) !== 0;
      if (isSheet)
        entries.push({ name: shortString(record, 6, biff), at: content.readUInt32LE(0), isHidden });
    } else if (type === XF && content.length >= 4) formatIds.push(content.readUInt16LE(2));
    else if (type === DRAWINGS) for (const piece of pieces) drawings.push(piece);
    else if (type === SST) workbook.strings = sharedStrings(record);
    else if (type === FORMAT && content.length >= 4) {
      const code = biff.isWide ? new StringReader([content], 2).string(2) : shortString(record, 2, biff);
      codes.set(content.readUInt16LE(0), code);
    }
  }
  workbook.formats = formatIds.map((id) => formatOf(id, codes.get(id)));
  return { biff, entries, drawings };
}

/** A string whose length is one byte. */
function shortString({ content }: BiffRecord, at: number, { isWide, text }: Biff): string {
  if (isWide) return new StringReader([content], at).string(1);
  return text(content.subarray(at + 1, at + 1 + (content[at] ?? 0)));
}

/** Each string may begin in one record and end in another. */
function sharedStrings({ pieces, content }: BiffRecord): string[] {
  const strings: string[] = [];
  const count = content.length >= 8 ? content.readUInt32LE(4) : 0;
  const reader = new StringReader(pieces, 8);
  while (strings.length < count && !reader.isAtEnd) strings.push(reader.string(2));
  return strings;
}

/** Western is what careless programs declare whatever they write; the other code pages are meant. */
function decoder(codepage: number): (bytes: Uint8Array) => string {
  const encoding = encodingOfCodePage(codepage);
  return (bytes) => decodeText(bytes, encoding === WESTERN ? "" : encoding);
}
