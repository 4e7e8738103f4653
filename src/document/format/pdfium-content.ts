// What PDFium finds in a PDF: the words of its pages and its properties. Null where another reader does better.
import { letGo, type Pdfium, pdfium } from "../pdfium.ts";
import { isGibberish, pageOf } from "./page-words.ts";
import { isDoubtful, MAX_PAGES, type PdfContent, type PdfPage } from "./pdf-content.ts";
import { Numbers } from "./pdfium-numbers.ts";
import { drawnOn, sheetOf } from "./pdfium-page.ts";
import { wordsByPdfium } from "./pdfium-words.ts";

/** Larger files are pictures, which the other reader takes without a copy of its own. */
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_ANNOTATIONS = 2_000;
/** FPDF_ANNOT_… of fpdf_annot.h with words or files of their own: notes, typed text, marks, files, fields. */
const NOTES = new Set([1, 3, 9, 10, 11, 12, 14, 17, 20]);
/** More signs without a name than a bullet here and there. */
const MOST_UNNAMED = 0.02;
const INFO = ["Title", "Author", "Creator", "Producer", "Subject"];
const MAX_INFO_BYTES = 20_000;

export async function contentByPdfium(bytes: Uint8Array): Promise<PdfContent | null> {
  if (bytes.length > MAX_BYTES) return null;
  const engine = await pdfium();
  if (!engine) return null;
  try {
    const content = contentOf(engine, bytes);
    letGo(engine, { isBroken: false });
    return content;
  } catch {
    // It stopped, as WebAssembly does where a program would crash. What it held is not given back, by no `finally` either:
    // an engine in that state is not called again, but dropped whole.
    letGo(engine, { isBroken: true });
    return null;
  }
}

function contentOf(engine: Pdfium, bytes: Uint8Array): PdfContent | null {
  const file = engine.malloc(bytes.length);
  if (file === 0) return null;
  new Uint8Array(engine.memory.buffer).set(bytes, file);
  const document = engine.FPDF_LoadMemDocument(file, bytes.length, 0);
  const content = document === 0 ? null : contentOfOpen(engine, document);
  if (document !== 0) engine.FPDF_CloseDocument(document);
  engine.free(file);
  return content;
}

function contentOfOpen(engine: Pdfium, document: number): PdfContent | null {
  const isWhole = engine.FPDF_DocumentHasValidCrossReferenceTable(document) !== 0;
  if (!isWhole || engine.FPDFDoc_GetAttachmentCount(document) > 0) return null;
  const pageCount = engine.FPDF_GetPageCount(document);
  const pages = readPages(engine, document, Math.min(pageCount, MAX_PAGES));
  // With nothing to read and nothing to see on any page, the other reader may find more.
  if (
    !pages?.some(({ lines, watermark, drawn }) => lines.length > 0 || watermark !== "" || drawn?.pixels !== 0)
  )
    return null;
  return { pageCount, info: infoOf(engine, document), pages, notes: [], children: [], warnings: [] };
}

function readPages(engine: Pdfium, document: number, count: number): PdfPage[] | null {
  const pages: PdfPage[] = [];
  const numbers = new Numbers(engine);
  for (let number = 1; number <= count; number++) {
    const page = engine.FPDF_LoadPage(document, number - 1);
    const read = page === 0 || hasNotes(engine, page) ? null : readPage(engine, page, number, numbers);
    if (page !== 0) engine.FPDF_ClosePage(page);
    if (!read) break;
    pages.push(read);
  }
  numbers.free();
  return pages.length === count ? pages : null;
}

function readPage(engine: Pdfium, page: number, number: number, numbers: Numbers): PdfPage | null {
  const text = engine.FPDFText_LoadPage(page);
  if (text === 0) return null;
  const { width, height, shown } = sheetOf(engine, page, numbers);
  const { words, signs, unnamed, isSpelledOut } = wordsByPdfium(engine, text, shown, numbers);
  engine.FPDFText_ClosePage(text);
  if (unnamed > MOST_UNNAMED * signs || isSpelledOut) return null;
  const read = pageOf(words, width, height);
  if (isGibberish(read.lines)) return null;
  return { ...read, number, drawn: isDoubtful(read.lines) ? drawnOn(engine, page, numbers) : null };
}

function hasNotes(engine: Pdfium, page: number): boolean {
  const count = engine.FPDFPage_GetAnnotCount(page);
  if (count > MAX_ANNOTATIONS) return true;
  for (let at = 0; at < count; at++) {
    const annotation = engine.FPDFPage_GetAnnot(page, at);
    if (annotation === 0) continue;
    const type = engine.FPDFAnnot_GetSubtype(annotation);
    engine.FPDFPage_CloseAnnot(annotation);
    if (NOTES.has(type)) return true;
  }
  return false;
}

function infoOf(engine: Pdfium, document: number): Record<string, string> {
  const at = engine.malloc(MAX_INFO_BYTES);
  const known = INFO.map((name): [string, string] => {
    const key = engine.malloc(name.length + 1);
    new Uint8Array(engine.memory.buffer).set(new TextEncoder().encode(`${name}\0`), key);
    const bytes = engine.FPDF_GetMetaText(document, key, at, MAX_INFO_BYTES);
    engine.free(key);
    const value = new Uint8Array(engine.memory.buffer).slice(at, at + Math.max(0, bytes - 2));
    return [name, bytes <= MAX_INFO_BYTES ? new TextDecoder("utf-16le").decode(value) : ""];
  });
  engine.free(at);
  return Object.fromEntries(known);
}
