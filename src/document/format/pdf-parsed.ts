// What pdf-parse finds in a PDF: words, filled-in forms, notes and attached files.
import { Unreadable } from "../unreadable.ts";
import { MAX_PAGES, type PdfContent, type PdfPage } from "./pdf-content.ts";
import { attachedFiles, notesOn } from "./pdf-extras.ts";
import { openPdf, type PdfAnnotation, type PdfDocument } from "./pdf-file.ts";
import { wordsOfPage } from "./pdf-page.ts";

type AnnotatedPage = PdfPage & { annotations: PdfAnnotation[] };

export async function contentByPdfParse(bytes: Uint8Array): Promise<PdfContent> {
  const { document, close } = await openPdf(bytes);
  try {
    const warnings: string[] = [];
    const info = await document.getMetadata().then(
      (metadata) => metadata.info,
      (error: Error) => {
        warnings.push(`properties could not be read: ${error.message}`);
        return {};
      },
    );
    const pages = await readPages(document, warnings);
    const annotations = pages.flatMap((page) => page.annotations);
    const children = await attachedFiles(document, annotations, warnings).catch((error: Error) => {
      if (error instanceof Unreadable) throw error;
      warnings.push(`attached files could not be read: ${error.message}`);
      return [];
    });
    const notes = pages.flatMap((page) => notesOn(page.annotations));
    return { pageCount: document.numPages, info, pages, notes, children, warnings };
  } finally {
    await close();
  }
}

async function readPages(document: PdfDocument, warnings: string[]): Promise<AnnotatedPage[]> {
  const pages: AnnotatedPage[] = [];
  const failed: number[] = [];
  for (let number = 1; number <= Math.min(document.numPages, MAX_PAGES); number++) {
    try {
      pages.push(await readPage(document, number, warnings));
    } catch (error) {
      // One damaged page does not cost the others their words.
      failed.push(number);
      if (failed.length === 1) warnings.push(`page ${number} could not be read: ${(error as Error).message}`);
      pages.push({ number, annotations: [], lines: [], watermark: "", width: 0, height: 0, drawn: null });
    }
  }
  if (failed.length === pages.length)
    throw new Unreadable("corrupt", warnings.at(-1) ?? "there is no page to be read");
  if (failed.length > 1) warnings.push(`pages that could not be read: ${failed.slice(0, 20).join(", ")}`);
  return pages;
}

async function readPage(document: PdfDocument, number: number, warnings: string[]): Promise<AnnotatedPage> {
  const page = await document.getPage(number);
  const annotations = await page.getAnnotations({ intent: "any" }).catch((error: Error) => {
    warnings.push(`notes on page ${number} could not be read: ${error.message}`);
    return [];
  });
  const words = wordsOfPage(await page.getTextContent(), page.getViewport({ scale: 1 }), annotations);
  page.cleanup();
  return { ...words, number, annotations, drawn: null };
}
