// Strips in reading order: rows from the top, and in a row from left to right.
import type { LineText } from "./line.ts";
import type { Strip } from "./raster.ts";

export interface ReadStrip extends Strip, LineText {}

const HAN = /\p{Script=Han}/u;

/** The words of a page, a line for each row; cells that stand apart are parted by a tab. */
export function inReadingOrder(strips: ReadStrip[]): string {
  return rows(strips)
    .map((row) => row.map(({ text }) => tidyLine(text)).join("\t"))
    .join("\n");
}

/** A strip belongs to the row whose middle it meets. */
function rows(strips: ReadStrip[]): ReadStrip[][] {
  const found: { middle: number; thickness: number; strips: ReadStrip[] }[] = [];
  for (const strip of [...strips].sort((a, b) => a.y - b.y)) {
    const row = found.find(
      ({ middle, thickness }) => Math.abs(middle - strip.y) < 0.5 * Math.min(thickness, strip.thickness),
    );
    if (row) row.strips.push(strip);
    else found.push({ middle: strip.y, thickness: strip.thickness, strips: [strip] });
  }
  return found.map((row) => row.strips.sort((a, b) => a.x - b.x));
}

/** No spaces beside Han signs: recognition sees them in wide setting. */
function tidyLine(text: string): string {
  return text
    .split(/ +/)
    .reduce((line, word) =>
      HAN.test(line.at(-1) ?? "") || HAN.test(word[0] ?? "") ? line + word : `${line} ${word}`,
    )
    .trim();
}
