// Word 97–2003 documents (.doc, and .wps written by WPS): body, then notes, headers, footers and text boxes.
import WordExtractor from "word-extractor";
import { decodeText } from "../../message/charset.ts";
import { type CompoundFile, openCompoundFile } from "../compound.ts";
import { type DocumentText, noText } from "../document.ts";
import { Unreadable } from "../unreadable.ts";
import { readSummary } from "./summary.ts";

/** [MS-DOC] §2.5.2: flags of the file information block. */
const FIB_FLAGS_AT = 10;
const COMPLEX = 0x0004;
const ENCRYPTED = 0x0100;
/** First word of the main stream of Word 6 and 95, which the library does not know. */
const WORD_95 = 0xa5dc;
const MAX_BYTES = 64 * 1024 * 1024;

/** The options the library documents and its type package leaves out. */
interface Stories {
  getBody(options: object): string;
  getFootnotes(options: object): string;
  getEndnotes(options: object): string;
  getHeaders(options: object): string;
  getTextboxes(options: object): string;
}

export async function readDoc(bytes: Uint8Array): Promise<DocumentText> {
  const file = openCompoundFile(bytes);
  const header = file.read("WordDocument", 512);
  if (!header || header.length < 32) throw new Unreadable("corrupt", "no main stream");
  if ((header.readUInt16LE(FIB_FLAGS_AT) & ENCRYPTED) !== 0)
    throw new Unreadable("password-protected", "encrypted");
  const stories = header.readUInt16LE(0) === WORD_95 ? [word95Text(file, header)] : await storiesOf(bytes);
  const [body = "", ...rest] = stories;
  const summary = readSummary(file.read("\x05SummaryInformation", 65_536));
  return {
    ...noText,
    text: [body, ...rest.filter((story) => /\p{L}/u.test(story))].join("\n"),
    title: summary.title,
    author: summary.author,
    pages: summary.pages,
    warnings: file.names.includes("Macros") ? ["holds macros, which were not run"] : [],
  };
}

async function storiesOf(bytes: Uint8Array): Promise<string[]> {
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const document = (await new WordExtractor().extract(content)) as unknown as Stories;
  // The library's own filter would turn “ ” and —— into ASCII.
  const asWritten = { filterUnicode: false };
  return [
    document.getBody(asWritten),
    document.getFootnotes(asWritten),
    document.getEndnotes(asWritten),
    document.getHeaders({ ...asWritten, includeFooters: true }),
    document.getTextboxes({ ...asWritten, includeHeadersAndFooters: true, includeBody: true }),
  ];
}

/** Word 95 keeps its text in one piece of the system's charset, unless it was saved in a hurry ("fast save"). */
function word95Text(file: CompoundFile, header: Buffer): string {
  if ((header.readUInt16LE(FIB_FLAGS_AT) & COMPLEX) !== 0) {
    throw new Unreadable("format-unsupported", "a fast-saved document of Word 95");
  }
  const main = file.read("WordDocument", MAX_BYTES) ?? header;
  const text = decodeText(main.subarray(header.readUInt32LE(24), header.readUInt32LE(28)));
  // The file does not say its charset. Words of a wrong one are worse than none.
  const unknown = text.split("\ufffd").length - 1;
  if (unknown * 100 > text.length)
    throw new Unreadable("format-unsupported", "Word 95 in an unknown charset");
  return withoutFields(text.replace(/\x07/g, "\t"));
}

/** A field is \x13 instruction \x14 result \x15; fields hold fields. */
function withoutFields(text: string): string {
  let depth = 0;
  let kept = "";
  const instruction: boolean[] = [];
  for (const piece of text.split(/([\x13-\x15])/)) {
    if (piece === "\x13") instruction[depth++] = true;
    else if (piece === "\x14" && depth > 0) instruction[depth - 1] = false;
    else if (piece === "\x15" && depth > 0) depth--;
    else if (!instruction.slice(0, depth).includes(true)) kept += piece;
  }
  return kept;
}
