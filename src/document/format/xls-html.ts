// Web pages that are workbooks, most often named .xls: a page whose rows must stay rows, whatever breaks in their cells.
import type { DocumentText } from "../document.ts";
import { decodePage, pageText } from "./html.ts";

/** Inside a table these only part the lines of a cell. */
const BREAKS_IN_CELLS = /<br\s*\/?>|<\/?(p|div|li)\b[^<>]{0,2000}>/gi;

export async function readXlsHtml(bytes: Uint8Array): Promise<DocumentText> {
  const pieces = decodePage(bytes).split(/(<\/?table\b)/i);
  let depth = 0;
  const html = pieces.map((piece) => {
    if (/^<table$/i.test(piece)) depth++;
    else if (/^<\/table$/i.test(piece)) depth--;
    else if (depth > 0) return piece.replace(BREAKS_IN_CELLS, " ");
    return piece;
  });
  return pageText(html.join(""));
}
