// A table of a text as a table of the book: as wide as the page, columns by what stands in them.
import type { FileChild } from "docx";

import { type BookStyle, PAGE } from "./style.ts";

export type Docx = typeof import("docx");

export function tableOf(docx: Docx, style: BookStyle, rows: string[][]): FileChild[] {
  const width = PAGE.width - style.margins.left - style.margins.right;
  const widths = columnWidths(rows, width);
  const table = new docx.Table({
    layout: docx.TableLayoutType.FIXED,
    width: { size: width, type: docx.WidthType.DXA },
    columnWidths: widths,
    rows: rows.map(
      (cells, at) =>
        new docx.TableRow({
          tableHeader: at === 0,
          cantSplit: cells.every((cell) => cell.length < 300),
          children: cells.map(
            (text, column) =>
              new docx.TableCell({
                width: { size: widths[column] as number, type: docx.WidthType.DXA },
                children: [new docx.Paragraph({ style: at === 0 ? "TableHead" : "TableText", text })],
              }),
          ),
        }),
    ),
  });
  // Word joins two tables without a paragraph between them, and wants one at the end.
  return [table, new docx.Paragraph({ style: "BookText" })];
}

/** In proportion to the longest cell, none narrower than half an equal share. */
export function columnWidths(rows: string[][], width: number): number[] {
  const columns = rows[0]?.length ?? 1;
  const needs = Array.from({ length: columns }, (_, at) =>
    Math.min(30, Math.max(2, ...rows.map((cells) => cells[at]?.length ?? 0))),
  );
  const sum = needs.reduce((a, b) => a + b, 0);
  const least = width / columns / 2;
  return needs.map((need) => Math.floor(least + ((width - least * columns) * need) / sum));
}
