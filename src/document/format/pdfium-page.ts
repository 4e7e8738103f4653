// One PDF page as PDFium sees it: its sheet, and what is drawn on it besides letters.
import type { Pdfium } from "../pdfium.ts";
import type { Matrix } from "./page-words.ts";
import type { Drawn } from "./pdf-content.ts";
import type { Numbers } from "./pdfium-numbers.ts";

/** More is a map or an attack; by then it is clear what the page is. */
const MAX_OBJECTS = 20_000;
const MAX_NESTING = 8;
/** FPDF_PAGEOBJ_… of fpdf_edit.h. */
const PATH = 2;
const IMAGE = 3;
const FORM = 5;

export interface Sheet {
  width: number;
  height: number;
  /** From the page's own coordinates to those of the sheet as it is shown, from its upper left corner. */
  shown: Matrix;
}

export function sheetOf(engine: Pdfium, page: number, numbers: Numbers): Sheet {
  engine.FPDF_GetPageBoundingBox(page, numbers.at);
  const [left, top, right, bottom] = [numbers.float(0), numbers.float(1), numbers.float(2), numbers.float(3)];
  const [width, height] = [right - left, top - bottom];
  switch (engine.FPDFPage_GetRotation(page)) {
    case 1:
      return { width: height, height: width, shown: [0, 1, 1, 0, -bottom, -left] };
    case 2:
      return { width, height, shown: [-1, 0, 0, 1, right, -bottom] };
    case 3:
      return { width: height, height: width, shown: [0, -1, -1, 0, top, right] };
    default:
      return { width, height, shown: [1, 0, 0, -1, -left, top] };
  }
}

/** Pictures are measured without being decoded. */
export function drawnOn(engine: Pdfium, page: number, numbers: Numbers): Drawn {
  const drawn: Drawn = { pixels: 0, paths: 0 };
  let left = MAX_OBJECTS;
  const look = (count: number, get: (at: number) => number, nesting: number): void => {
    for (let at = 0; at < count && left > 0; at++, left--) {
      const object = get(at);
      const type = engine.FPDFPageObj_GetType(object);
      if (type === PATH) drawn.paths++;
      else if (type === IMAGE) {
        const isKnown = engine.FPDFImageObj_GetImagePixelSize(object, numbers.at, numbers.at + 4);
        drawn.pixels += isKnown ? numbers.integer(0) * numbers.integer(1) : 1;
      } else if (type === FORM && nesting < MAX_NESTING) {
        const inside = engine.FPDFFormObj_CountObjects(object);
        look(inside, (one) => engine.FPDFFormObj_GetObject(object, one), nesting + 1);
      }
    }
  };
  look(engine.FPDFPage_CountObjects(page), (at) => engine.FPDFPage_GetObject(page, at), 0);
  return drawn;
}
