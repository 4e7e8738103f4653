// Word 97–2003 documents (.doc, and .wps written by WPS): body, then notes, headers, footers and text boxes.
import WordExtractor from "word-extractor";
import { openCompoundFile } from "../compound.ts";
import { type DocumentText, noText } from "../document.ts";
import { Unreadable } from "../unreadable.ts";
import { readSummary } from "./summary.ts";

/** [MS-DOC] §2.5.2: flags of the file information block. */
const FIB_FLAGS_AT = 10;
const ENCRYPTED = 0x0100;

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
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const document = (await new WordExtractor().extract(content)) as unknown as Stories;
  // The library's own filter would turn “ ” and —— into ASCII.
  const asWritten = { filterUnicode: false };
  const stories = [
    document.getBody(asWritten),
    document.getFootnotes(asWritten),
    document.getEndnotes(asWritten),
    document.getHeaders({ ...asWritten, includeFooters: true }),
    document.getTextboxes({ ...asWritten, includeHeadersAndFooters: true, includeBody: true }),
  ];
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
