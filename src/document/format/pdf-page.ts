// The words of one PDF page, as pdf.js finds them, with their places as the page is shown.
import { degrees, type Matrix, multiply, type PageWords, type PlacedWords, pageOf } from "./page-words.ts";
import { filledIn } from "./pdf-extras.ts";
import type { PdfAnnotation, PdfText, PdfViewport } from "./pdf-file.ts";

export function wordsOfPage(
  { items, styles }: PdfText,
  { transform, width, height }: PdfViewport,
  annotations: PdfAnnotation[],
): PageWords {
  const words: PlacedWords[] = [];
  for (const item of items) {
    if (!item.str) continue;
    const matrix = multiply(transform as unknown as Matrix, item.transform as unknown as Matrix);
    const isVertical = styles[item.fontName]?.vertical === true;
    words.push({
      text: item.str,
      x: matrix[4],
      y: matrix[5],
      length: isVertical ? item.height : item.width,
      size: Math.hypot(matrix[2], matrix[3]) || 1,
      angle: degrees(matrix[0], matrix[1]) + (isVertical ? 90 : 0),
    });
  }
  words.push(...filledIn(annotations, transform as unknown as Matrix));
  return pageOf(words, width, height);
}
