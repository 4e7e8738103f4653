// PDF text through pdf-parse: the words of each page in reading order, and pages that are pictures by recognition.
import { type Aids, type DocumentText, noText, type Recognise } from "../document.ts";
import { MAX_RECOGNISED } from "../pictures.ts";
import { Unreadable } from "../unreadable.ts";
import { recognisePages } from "./page-recognition.ts";
import { textOfPages } from "./page-text.ts";
import { isGibberish, isNoise, lettersOf, type PageWords } from "./page-words.ts";
import { attachedFiles, notesOn } from "./pdf-extras.ts";
import { openPdf, type PdfAnnotation, type PdfDocument } from "./pdf-file.ts";
import { wordsOfPage } from "./pdf-page.ts";
import { Drawings, drawnPage, openForDrawing } from "./pdf-scan.ts";

const MAX_PAGES = 500;
/** A page with fewer letters may be a scan with a stamp or a fax's first line above it. */
const FEW_LETTERS = 12;

interface Page extends PageWords {
  number: number;
  annotations: PdfAnnotation[];
}

export async function readPdf(bytes: Uint8Array, aids: Aids): Promise<DocumentText> {
  const { document, close } = await openPdf(bytes);
  const read: DocumentText = { ...noText, warnings: [], pages: document.numPages };
  let pages: Page[];
  try {
    Object.assign(read, await properties(document, read.warnings));
    pages = await readPages(document, read.warnings);
    const annotations = pages.flatMap((page) => page.annotations);
    read.children = await attachedFiles(document, annotations, read.warnings).catch((error: Error) => {
      if (error instanceof Unreadable) throw error;
      read.warnings.push(`attached files could not be read: ${error.message}`);
      return [];
    });
  } finally {
    await close();
  }
  if (document.numPages > pages.length) {
    read.pagesRead = pages.length;
    read.warnings.push(`only the first ${pages.length} of ${document.numPages} pages were read`);
  }
  const scanned = await scannedPages(bytes, pages);
  read.unrecognised = scanned.length;
  if (scanned.length > 0 && aids.recognise) await recognise(bytes, scanned, aids.recognise, read);
  read.text = [textOfPages(pages), ...pages.flatMap((page) => notesOn(page.annotations))]
    .filter(Boolean)
    .join("\n");
  const watermark = [...new Set(pages.map((page) => page.watermark).filter(Boolean))].join(" ").slice(0, 500);
  if (watermark) read.properties = { ...read.properties, watermark };
  if (read.text === "" && read.unrecognised === 0 && read.children.length === 0 && !aids.recognise)
    throw new Unreadable("no-text", `${document.numPages} pages without any text`);
  return read;
}

async function readPages(document: PdfDocument, warnings: string[]): Promise<Page[]> {
  const pages: Page[] = [];
  const failed: number[] = [];
  for (let number = 1; number <= Math.min(document.numPages, MAX_PAGES); number++) {
    try {
      pages.push(await readPage(document, number, warnings));
    } catch (error) {
      // One damaged page does not cost the others their words.
      failed.push(number);
      if (failed.length === 1) warnings.push(`page ${number} could not be read: ${(error as Error).message}`);
      pages.push({ number, annotations: [], lines: [], watermark: "", width: 0, height: 0 });
    }
  }
  if (failed.length === pages.length)
    throw new Unreadable("corrupt", warnings.at(-1) ?? "there is no page to be read");
  if (failed.length > 1) warnings.push(`pages that could not be read: ${failed.slice(0, 20).join(", ")}`);
  return pages;
}

async function readPage(document: PdfDocument, number: number, warnings: string[]): Promise<Page> {
  const page = await document.getPage(number);
  const annotations = await page.getAnnotations({ intent: "any" }).catch((error: Error) => {
    warnings.push(`notes on page ${number} could not be read: ${error.message}`);
    return [];
  });
  const words = wordsOfPage(await page.getTextContent(), page.getViewport({ scale: 1 }), annotations);
  page.cleanup();
  return { ...words, number, annotations };
}

/** Pages whose words are only to be seen: what has words of its own is never one (they may be in its own OCR layer). */
async function scannedPages(bytes: Uint8Array, pages: Page[]): Promise<Page[]> {
  const isBadlySet = pages.filter(({ lines }) => isGibberish(lines)).length * 3 > pages.length;
  const doubtful = pages
    .map((page) => ({
      page,
      letters: lettersOf(page.lines).length,
      // Its fonts draw the right shapes, whatever they say of them.
      isSurely: isGibberish(page.lines) || (isBadlySet && page.lines.length > 0),
    }))
    .filter(({ page, letters, isSurely }) => letters < FEW_LETTERS || isSurely || isNoise(page.lines));
  if (doubtful.length === 0) return [];
  const isAlone = pages.every(({ lines }) => lines.length === 0);
  await using drawings = new Drawings(bytes);
  const scanned: Page[] = [];
  for (const [at, { page, letters, isSurely }] of doubtful.entries()) {
    // Of a long scan the rest is taken to be like its beginning.
    const isLikeOthers = isSurely || at >= 2 * MAX_RECOGNISED;
    if (!isLikeOthers && !(await drawings.isPicture(page.number, { letters, isAlone }))) continue;
    scanned.push(page);
    // Noise is worse than nothing, and so is a page number; a stamp or a title is kept until more is known.
    if (isSurely || isNoise(page.lines) || letters === 0) page.lines = [];
  }
  return scanned;
}

async function recognise(
  bytes: Uint8Array,
  scanned: Page[],
  recogniseOne: Recognise,
  read: DocumentText,
): Promise<void> {
  const { document, close } = await openForDrawing(bytes);
  try {
    await recognisePages(
      scanned,
      async ({ number }) => [await drawnPage(document, number)],
      recogniseOne,
      read,
    );
  } finally {
    await close();
  }
}

async function properties(
  document: PdfDocument,
  warnings: string[],
): Promise<Pick<DocumentText, "title" | "author" | "properties">> {
  try {
    const { info } = await document.getMetadata();
    const named = {
      application: property(info.Creator),
      producer: property(info.Producer),
      subject: property(info.Subject),
    };
    const present = Object.entries(named).filter((entry): entry is [string, string] => entry[1] !== null);
    return {
      title: property(info.Title),
      author: property(info.Author),
      properties: Object.fromEntries(present),
    };
  } catch (error) {
    warnings.push(`properties could not be read: ${(error as Error).message}`);
    return { title: null, author: null, properties: {} };
  }
}

function property(value: unknown): string | null {
  return typeof value === "string" && value.trim() !== "" ? inOwnCharset(value.trim()).slice(0, 500) : null;
}

/** Old Chinese programs write GBK where PDF expects UTF-16 or a Western charset (ISO 32000-1 §7.9.2.2). */
function inOwnCharset(text: string): string {
  if (!/^[\0-\xff]*[\xa1-\xff]{2}[\0-\xff]*$/.test(text)) return text;
  const gbk = new TextDecoder("gb18030").decode(Uint8Array.from(text, (sign) => sign.charCodeAt(0)));
  const han = gbk.match(/\p{Script=Han}/gu)?.length ?? 0;
  return han * 4 > gbk.length && !gbk.includes("\ufffd") ? gbk : text;
}
