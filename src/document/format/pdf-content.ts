// What an engine finds in a PDF, whichever engine it is: everything after this is one way for both.
import type { DocumentChild } from "../document.ts";
import type { Line } from "./page-phrases.ts";
import { isNoise, lettersOf, type PageWords } from "./page-words.ts";

/** More pages are a book. */
export const MAX_PAGES = 500;
/** A page with fewer letters may be a scan with a stamp or a fax's first line above it. */
const FEW_LETTERS = 12;

export interface PdfContent {
  pageCount: number;
  /** By the PDF's own names: Title, Author, Creator, Producer, Subject. */
  info: Record<string, unknown>;
  pages: PdfPage[];
  /** What was written into the margins, in order. */
  notes: string[];
  /** Attached files. */
  children: DocumentChild[];
  warnings: string[];
}

export interface PdfPage extends PageWords {
  number: number;
  /** Null where the engine did not look. */
  drawn: Drawn | null;
}

/** What is on a page besides letters. */
export interface Drawn {
  /** Of its pictures. */
  pixels: number;
  /** Shapes drawn one by one. */
  paths: number;
}

/** Half of a sheet scanned at 72 dpi: a logo or a stamp is smaller. */
export const SCAN_PIXELS = 250_000;
/** Words turned to outlines have hundreds of shapes. */
const OUTLINES = 150;

/** Whether a page has so few words of its own that it matters what else is on it. */
export function isDoubtful(lines: Line[]): boolean {
  return lettersOf(lines).length < FEW_LETTERS || isNoise(lines);
}

/**
 * Whether a page draws a picture as large as a scan, or, having no letters, words as outlines. Where a document has
 * nothing else to say (`isAlone`), a smaller picture counts too.
 */
export function isPicture(
  drawn: Drawn,
  { letters, isAlone }: { letters: number; isAlone: boolean },
): boolean {
  return drawn.pixels >= (isAlone ? 1 : SCAN_PIXELS) || (letters === 0 && drawn.paths > OUTLINES);
}
