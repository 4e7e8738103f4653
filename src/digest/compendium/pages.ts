// On which page everything stands, so that the table of contents can be printed without asking Word to count. Pure.
//
// The book is made so that it can be counted: every line of a paragraph has one exact height, a Chinese character is as
// wide as it is high, Western letters are Times New Roman's, no line hangs its punctuation out, and each group begins a
// page. Word and WPS count again when somebody updates the table; what differs then is a line here or there.

import type { FlowItem } from "./flow.ts";
import { linesIn, lineWidth } from "./lines.ts";
import { type Look, type LookName, looksOf } from "./looks.ts";
import { type BookStyle, PAGE } from "./style.ts";
import { columnWidths } from "./table.ts";

/** The page of every item, the first being 1. */
export function pagesOf(flow: FlowItem[], style: BookStyle): number[] {
  const looks = looksOf(style);
  const { margins } = style;
  const height = PAGE.height - margins.top - margins.bottom;
  const width = PAGE.width - margins.left - margins.right;
  const boxes = flow.map((item) => boxOf(item, looks, width, style));
  const pages: number[] = [];
  let page = 1;
  let used = 0;
  for (const [at, box] of boxes.entries()) {
    const startsPage = at > 0 && (box.newPage || (used > 0 && used + needed(boxes, at) > height));
    if (startsPage) {
      page += 1;
      used = 0;
    }
    pages.push(page);
    for (const line of box.lines) {
      if (used > 0 && used + line > height) {
        page += 1;
        used = 0;
      }
      used += line;
    }
    used += box.after;
  }
  return pages;
}

interface Box {
  /** Their heights. */
  lines: number[];
  after: number;
  keepNext: boolean;
  newPage: boolean;
}

/** What must stand on one page with the beginning of this: a heading never ends a page. */
function needed(boxes: Box[], from: number): number {
  let sum = 0;
  for (let at = from; at < boxes.length; at++) {
    const { lines, after, keepNext } = boxes[at] as Box;
    if (!keepNext || (at > from && boxes[at]?.newPage)) return sum + (lines[0] ?? 0);
    sum += lines.reduce((a, b) => a + b, 0) + after;
  }
  return sum;
}

function boxOf(item: FlowItem, looks: Record<LookName, Look>, width: number, style: BookStyle): Box {
  if (item.kind === "table") return tableBox(item.rows, looks, width, style);
  const look = looks[item.look];
  const wide = width - look.left - look.right;
  const count = linesIn(item.text, lineWidth(look.size, style.spacing), wide, wide - look.firstLine);
  const { after, keepNext } = look;
  return { lines: Array.from({ length: count }, () => look.pitch), after, keepNext, newPage: item.newPage };
}

/** Word's margins inside a cell, both sides. */
const CELL_MARGINS = 216;

function tableBox(rows: string[][], looks: Record<LookName, Look>, width: number, style: BookStyle): Box {
  const widths = columnWidths(rows, width);
  const { size, pitch } = looks.TableText;
  const measure = lineWidth(size, style.spacing);
  const lines = rows.map((cells) => {
    const counts = cells.map((text, at) => {
      const wide = (widths[at] as number) - CELL_MARGINS;
      return linesIn(text, measure, wide, wide);
    });
    return Math.max(...counts) * pitch + 10;
  });
  // The empty paragraph after it.
  return {
    lines: [...lines, looks.BookText.pitch],
    after: looks.BookText.after,
    keepNext: false,
    newPage: false,
  };
}
