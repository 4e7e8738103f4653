// Pages that are pictures, read by recognition and put where they stand among the others.
import type { DocumentText, Picture, Recognise } from "../document.ts";
import { doubts, MAX_RECOGNISED, meanConfidence } from "../pictures.ts";
import { Unreadable } from "../unreadable.ts";
import type { Line } from "./page-phrases.ts";

interface PicturedPage {
  number: number;
  lines: Line[];
}

/** Recognises as many pages as time allows. What is said of it goes into `read`, the words into the pages. */
export async function recognisePages<Page extends PicturedPage>(
  pages: Page[],
  picturesOf: (page: Page) => Promise<Picture[]>,
  recognise: Recognise,
  read: DocumentText,
): Promise<void> {
  const recognised: { text: string; confidence: number | null }[] = [];
  for (const page of pages.slice(0, MAX_RECOGNISED)) {
    try {
      const texts: string[] = [];
      for (const picture of await picturesOf(page)) {
        const found = await recognise(picture);
        recognised.push(found);
        texts.push(found.text);
      }
      page.lines = asLines(texts.filter(Boolean).join("\n"));
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      read.warnings.push(`page ${page.number} could not be recognised: ${error.message}`);
    }
  }
  read.unrecognised = 0;
  read.confidence = meanConfidence(recognised);
  read.warnings.push(...doubts(read.confidence));
  const left = pages.length - MAX_RECOGNISED;
  if (left <= 0) return;
  read.warnings.push(
    `only the first ${MAX_RECOGNISED} of ${pages.length} pages that are pictures were recognised`,
  );
  read.pagesRead = (read.pagesRead ?? read.pages ?? pages.length) - left;
}

/** Recognition has put its lines in order: nothing of them is joined or moved. */
function asLines(text: string): Line[] {
  if (text === "") return [];
  return text
    .split("\n")
    .map((line, at) => ({ text: line, x: 0, end: 0, y: at, size: 1, isRow: true, flow: 0 }));
}
