// Pages of a PDF that are pictures of words: found without decoding them, and drawn for recognition.
import type { Picture } from "../document.ts";
import { Unreadable } from "../unreadable.ts";
import { type Drawn, isPicture, SCAN_PIXELS } from "./pdf-content.ts";
import { type OpenPdf, openPdf, type PdfDocument } from "./pdf-file.ts";

/** Enough for words of nine points; more dots make recognition slower, not surer. */
const DOTS_PER_INCH = 200;
/** R23: bounded before anything is drawn. */
const MAX_PIXELS = 40_000_000;
const POINTS_PER_INCH = 72;

/** Of pdf.js's numbers for what is drawn (its `OPS`): pictures of every kind, and paths. */
const PICTURES = new Set([82, 83, 84, 85, 86, 87, 88, 89, 90]);
const PATH = 91;

/** How much of pages is drawn and not written: what was left empty is not missing. */
export class Drawings implements AsyncDisposable {
  readonly #bytes: Uint8Array;
  #strict: OpenPdf | null = null;
  #lenient: OpenPdf | null = null;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Whether a page has its words in what it draws. */
  async isPicture(
    number: number,
    { letters, isAlone }: { letters: number; isAlone: boolean },
  ): Promise<boolean> {
    // Larger pictures than this are refused before they are decoded, and nothing is listed: the refusal is the answer.
    this.#strict ??= await openPdf(this.#bytes, { maxImageSize: SCAN_PIXELS, stopAtErrors: true });
    const drawn = await drawnOn(this.#strict.document, number);
    if (drawn && drawn.operators > 0) return isPicture(drawn, { letters, isAlone });
    this.#lenient ??= await openPdf(this.#bytes, { maxImageSize: SCAN_PIXELS });
    const tolerated = await drawnOn(this.#lenient.document, number);
    return tolerated === null || tolerated.operators > 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#strict?.close();
    await this.#lenient?.close();
  }
}

async function drawnOn(
  document: PdfDocument,
  number: number,
): Promise<(Drawn & { operators: number }) | null> {
  try {
    const page = await document.getPage(number);
    const { fnArray, argsArray } = await page.getOperatorList();
    page.cleanup();
    let pixels = 0;
    let paths = 0;
    fnArray.forEach((operator, at) => {
      if (PICTURES.has(operator)) pixels += pixelsOf(argsArray[at] ?? []);
      if (operator === PATH) paths++;
    });
    return { operators: fnArray.length, pixels, paths };
  } catch {
    return null;
  }
}

/** A picture by its name and size, or one written within the page, which carries its own. */
function pixelsOf([first, width, height]: unknown[]): number {
  if (typeof width === "number" && typeof height === "number") return width * height;
  const inline = (first ?? {}) as { width?: number; height?: number };
  return (inline.width ?? 1) * (inline.height ?? 1);
}

export async function openForDrawing(bytes: Uint8Array): Promise<OpenPdf> {
  return openPdf(bytes, { maxImageSize: MAX_PIXELS });
}

export async function drawnPage(document: PdfDocument, number: number): Promise<Picture> {
  const page = await document.getPage(number);
  const whole = page.getViewport({ scale: 1 });
  const wanted = DOTS_PER_INCH / POINTS_PER_INCH;
  const bound = Math.sqrt(MAX_PIXELS / (whole.width * whole.height));
  const viewport = page.getViewport({ scale: Math.min(wanted, bound) });
  const [width, height] = [Math.max(1, Math.floor(viewport.width)), Math.max(1, Math.floor(viewport.height))];
  const surface = document.canvasFactory.create(width, height);
  try {
    await page.render({ canvas: surface.canvas, canvasContext: surface.context, viewport }).promise;
    return { pixels: surface.context.getImageData(0, 0, width, height).data, width, height };
  } catch (error) {
    throw new Unreadable("corrupt", (error as Error).message);
  } finally {
    document.canvasFactory.destroy(surface);
    page.cleanup();
  }
}
