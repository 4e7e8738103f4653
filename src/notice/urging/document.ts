// The record of urging as a Word document to be signed and kept: a table across the page, its head on every page.
import type { Campaign } from "../../campaign/campaign.ts";
import type { Urging } from "./urging.ts";
import { urgingCells, urgingColumns } from "./words.ts";

/** A4 on its side, in twentieths of a point, and what its margins leave. */
const PAGE = { width: 11_906, height: 16_838 };
const MARGIN = 1_000;
const WIDTH = PAGE.height - 2 * MARGIN;

/** What fits across a page: several cells of the record in one column, each given its share of the width. */
const COLUMNS = [
  { cells: [0, 1], share: 10 },
  { cells: [2], share: 9 },
  { cells: [3, 4], share: 9 },
  { cells: [5, 6], share: 19 },
  { cells: [7], share: 16 },
  { cells: [8, 9], share: 16 },
  { cells: [10], share: 12 },
  { cells: [11], share: 13 },
];
const SHARES = COLUMNS.reduce((sum, { share }) => sum + share, 0);

export async function urgingDocument(all: Urging[], campaign: Campaign): Promise<Buffer> {
  // Loaded only here: it is as large as the rest of the program.
  const docx = await import("docx");
  const zh = campaign.locale === "zh-CN";
  const font = {
    ascii: "Times New Roman",
    hAnsi: "Times New Roman",
    eastAsia: zh ? "仿宋" : "Times New Roman",
  };
  const paragraph = (text: string, more: { bold?: boolean; size?: number; isTitle?: boolean } = {}) =>
    new docx.Paragraph({
      ...(more.isTitle && { alignment: docx.AlignmentType.CENTER, spacing: { after: 200 } }),
      children: [new docx.TextRun({ text, font, size: more.size ?? 18, bold: more.bold ?? false })],
    });
  const row = (cells: string[], isHead: boolean) =>
    new docx.TableRow({
      tableHeader: isHead,
      cantSplit: true,
      children: COLUMNS.map((column) => {
        const lines = column.cells.map((at) => cells[at] ?? "").filter((text) => text !== "");
        return new docx.TableCell({
          width: { size: widthOf(column), type: docx.WidthType.DXA },
          children: (isHead ? [lines.join(" / ")] : lines.length > 0 ? lines : [""]).map((text) =>
            paragraph(text, { bold: isHead }),
          ),
        });
      }),
    });
  const table = new docx.Table({
    layout: docx.TableLayoutType.FIXED,
    width: { size: WIDTH, type: docx.WidthType.DXA },
    margins: { top: 40, bottom: 40, left: 80, right: 80 },
    columnWidths: COLUMNS.map(widthOf),
    rows: [row(urgingColumns(campaign), true), ...all.map((one) => row(urgingCells(one, campaign), false))],
  });
  const title = zh ? "催办记录" : "Record of urging";
  const size = { ...PAGE, orientation: docx.PageOrientation.LANDSCAPE };
  const margin = { top: MARGIN, bottom: MARGIN, left: MARGIN, right: MARGIN };
  const numbers = new docx.TextRun({
    children: [docx.PageNumber.CURRENT, " / ", docx.PageNumber.TOTAL_PAGES],
    font,
  });
  const footer = new docx.Paragraph({ alignment: docx.AlignmentType.CENTER, children: [numbers] });
  const document = new docx.Document({
    title: `${campaign.title} ${title}`,
    creator: campaign.office.name,
    sections: [
      {
        properties: { page: { size, margin } },
        footers: { default: new docx.Footer({ children: [footer] }) },
        children: [
          paragraph(campaign.title, { isTitle: true, size: 28 }),
          paragraph(title, { isTitle: true, size: 36, bold: true }),
          table,
          paragraph(campaign.office.name),
        ],
      },
    ],
  });
  return docx.Packer.toBuffer(document);
}

function widthOf({ share }: { share: number }): number {
  return Math.floor((WIDTH * share) / SHARES);
}
