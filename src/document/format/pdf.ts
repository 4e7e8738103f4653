// PDF text: the words of each page in reading order, and pages that are pictures by recognition. PDFium finds the words
// of an ordinary document in a third of the time; pdf-parse reads forms, notes, attached files, and what is damaged.
import { type Aids, type DocumentText, type FormatReader, noText, type Recognise } from "../document.ts";
import { pdfium } from "../pdfium.ts";
import { MAX_RECOGNISED } from "../pictures.ts";
import { Unreadable } from "../unreadable.ts";
import { recognisePages } from "./page-recognition.ts";
import { textOfPages } from "./page-text.ts";
import { isGibberish, isNoise, lettersOf } from "./page-words.ts";
import { isDoubtful, isPicture, type PdfPage } from "./pdf-content.ts";
import { contentByPdfParse } from "./pdf-parsed.ts";
import { Drawings, drawnPage, openForDrawing } from "./pdf-scan.ts";
import { contentByPdfium } from "./pdfium-content.ts";

/** The reader with its engine started, so that the first document is not the slow one. */
export async function loadPdf(): Promise<FormatReader> {
  await pdfium();
  return readPdf;
}

export async function readPdf(bytes: Uint8Array, aids: Aids): Promise<DocumentText> {
  const content = (await contentByPdfium(bytes)) ?? (await contentByPdfParse(bytes));
  const { pageCount, pages, notes, children, warnings } = content;
  const read: DocumentText = {
    ...noText,
    ...properties(content.info),
    warnings: [...warnings],
    pages: pageCount,
    children,
  };
  if (pageCount > pages.length) {
    read.pagesRead = pages.length;
    read.warnings.push(`only the first ${pages.length} of ${pageCount} pages were read`);
  }
  const scanned = await scannedPages(bytes, pages);
  read.unrecognised = scanned.length;
  if (scanned.length > 0 && aids.recognise) await recognise(bytes, scanned, aids.recognise, read);
  read.text = [textOfPages(pages), ...notes].filter(Boolean).join("\n");
  const watermark = [...new Set(pages.map((page) => page.watermark).filter(Boolean))].join(" ").slice(0, 500);
  if (watermark) read.properties = { ...read.properties, watermark };
  if (read.text === "" && read.unrecognised === 0 && read.children.length === 0 && !aids.recognise)
    throw new Unreadable("no-text", `${pageCount} pages without any text`);
  return read;
}

/** Pages whose words are only to be seen: what has words of its own is never one (they may be in its own OCR layer). */
async function scannedPages(bytes: Uint8Array, pages: PdfPage[]): Promise<PdfPage[]> {
  const isBadlySet = pages.filter(({ lines }) => isGibberish(lines)).length * 3 > pages.length;
  const doubtful = pages
    .map((page) => ({
      page,
      letters: lettersOf(page.lines).length,
      // Its fonts draw the right shapes, whatever they say of them.
      isSurely: isGibberish(page.lines) || (isBadlySet && page.lines.length > 0),
    }))
    .filter(({ page, isSurely }) => isSurely || isDoubtful(page.lines));
  if (doubtful.length === 0) return [];
  const isAlone = pages.every(({ lines }) => lines.length === 0);
  await using drawings = new Drawings(bytes);
  const scanned: PdfPage[] = [];
  for (const [at, { page, letters, isSurely }] of doubtful.entries()) {
    const isScan =
      isSurely ||
      (page.drawn
        ? isPicture(page.drawn, { letters, isAlone })
        : // Of a long scan the rest is taken to be like its beginning.
          at >= 2 * MAX_RECOGNISED || (await drawings.isPicture(page.number, { letters, isAlone })));
    if (!isScan) continue;
    scanned.push(page);
    // Noise is worse than nothing, and so is a page number; a stamp or a title is kept until more is known.
    if (isSurely || isNoise(page.lines) || letters === 0) page.lines = [];
  }
  return scanned;
}

async function recognise(
  bytes: Uint8Array,
  scanned: PdfPage[],
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

function properties(info: Record<string, unknown>): Pick<DocumentText, "title" | "author" | "properties"> {
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
}

function property(value: unknown): string | null {
  return typeof value === "string" && value.trim() !== "" ? inOwnCharset(value.trim()).slice(0, 500) : null;
}

/** Old Chinese programs write GBK where PDF expects UTF-16 or a Western charset (ISO 32000-1 §7.9.2.2). */
function inOwnCharset(text: string): string {
  if (/[^\0-\xff]/.test(text) || !/[\xa1-\xff]{2}/.test(text)) return text;
  const gbk = new TextDecoder("gb18030").decode(Uint8Array.from(text, (sign) => sign.charCodeAt(0)));
  const han = gbk.match(/\p{Script=Han}/gu)?.length ?? 0;
  return han * 4 > gbk.length && !gbk.includes("\ufffd") ? gbk : text;
}
