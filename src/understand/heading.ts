// The headings of a piece: the lines at its top that stand by themselves before the text begins.
import { isDate, isGreeting, type Line } from "./letter.ts";
import type { Piece } from "./pieces.ts";

/** Lines at the top that stand as headings: short, without a stop, before the text begins. */
export function titleLines(piece: Piece): Line[] {
  const headings: Line[] = [];
  for (const line of piece.lines.slice(0, 5)) {
    if (/^(?:[一二三四五六七八九十]{1,3}[、.．]|\d{1,2}[、.．)])/.test(line.plain)) break;
    if (isGreeting(line.plain) || isDate(line.plain)) continue;
    if ([...line.raw].length > 50 || /[。！!；;]|[.,，?？:：]$/.test(line.raw) || line.raw.includes("\t"))
      break;
    headings.push(line);
  }
  return headings.length === piece.lines.length && piece.source === "body" ? [] : headings;
}
