// The book as a Word document: cover, note, contents with page numbers, then its parts with numbered pages.
import type { FileChild, IRunOptions } from "docx";
import type { Locale } from "../../campaign/campaign.ts";
import type { Book } from "./book.ts";
import { type FlowItem, flowOf } from "./flow.ts";
import { type LookName, looksOf } from "./looks.ts";
import { pagesOf } from "./pages.ts";
import { stylesOf } from "./paragraph-styles.ts";
import { type BookStyle, bookStyle, PAGE } from "./style.ts";
import { type Docx, tableOf } from "./table.ts";
import { bookWords } from "./words.ts";

export async function wordDocument(book: Book, locale: Locale): Promise<Buffer> {
  // Loaded when a book is made: it is as large as the rest of the program.
  const docx = await import("docx");
  const style = bookStyle(locale);
  const page = { size: PAGE, margin: { ...style.margins, header: 850, footer: 1_400 } };
  const numbered = { ...page, pageNumbers: { start: 1, formatType: docx.NumberFormat.DECIMAL } };
  const flow = flowOf(book);
  const looks = looksOf(style);
  const pages = pagesOf(flow, style);
  const entries = flow.flatMap((item, at): ContentsEntry[] => {
    const level = item.kind === "paragraph" ? looks[item.look].level : 0;
    if (item.kind !== "paragraph" || level === 0) return [];
    return [{ title: item.text, level, page: pages[at] as number, href: bookmarkOf(at) }];
  });
  const document = new docx.Document({
    title: `${book.title} ${book.subtitle}`,
    creator: book.editor,
    styles: stylesOf(docx, style),
    evenAndOddHeaderAndFooters: true,
    sections: [
      { properties: { page }, children: frontMatter(docx, book) },
      {
        properties: { page },
        children: [
          new docx.Paragraph({ style: "FrontTitle", text: bookWords(locale).contents }),
          new docx.TableOfContents(bookWords(locale).contents, {
            hyperlink: true,
            headingStyleRange: "1-3",
            useAppliedParagraphOutlineLevel: true,
            contentChildren: entries.map((entry) => contentsLine(docx, style, entry)),
            // The numbers stand already: Word shall show them, not ask whether it may count.
            beginDirty: false,
          }),
        ],
      },
      {
        properties: { page: numbered },
        footers: { default: pageNumber(docx, style, "right"), even: pageNumber(docx, style, "left") },
        children: flow.flatMap((item, at) => childrenOf(docx, style, item, looks, bookmarkOf(at))),
      },
    ],
  });
  return docx.Packer.toBuffer(document);
}

interface ContentsEntry {
  title: string;
  level: number;
  page: number;
  href: string;
}

function contentsLine(docx: Docx, style: BookStyle, { title, level, page, href }: ContentsEntry) {
  const position = PAGE.width - style.margins.left - style.margins.right;
  const { RIGHT } = docx.TabStopType;
  return new docx.Paragraph({
    style: `TOC${level}`,
    tabStops: [{ type: RIGHT, position, leader: docx.LeaderType.DOT }],
    children: [
      new docx.InternalHyperlink({
        anchor: href,
        children: [new docx.TextRun(title), new docx.TextRun({ children: [new docx.Tab(), String(page)] })],
      }),
    ],
  });
}

function bookmarkOf(at: number): string {
  return `_Toc${1_000_000 + at}`;
}

function frontMatter(docx: Docx, book: Book): FileChild[] {
  const line = (style: LookName, text: string) => new docx.Paragraph({ style, text });
  return [
    ...coverLines(book.title).map(
      (text, at) =>
        new docx.Paragraph({ style: "CoverTitle", text, ...(at > 0 ? { spacing: { before: 0 } } : {}) }),
    ),
    line("CoverSubtitle", book.subtitle),
    new docx.Paragraph({ style: "CoverEditor", text: book.editor, spacing: { before: 4_000 } }),
    line("CoverEditor", book.on),
    new docx.Paragraph({ style: "FrontTitle", text: book.noteTitle, pageBreakBefore: true }),
    ...book.note.map((text) => line("BookText", text)),
  ];
}

/** Characters a line of the cover holds; a Western one is half as wide. */
const COVER_CHARACTERS = 16;

/** A long title turns where its words do, not before its last character (GB/T 9704, 7.3.1). */
function coverLines(title: string): string[] {
  const wide = [...title].reduce((sum, one) => sum + (one > "\u2e7f" ? 1 : 0.5), 0);
  if (wide <= COVER_CHARACTERS) return [title];
  const middle = title.length / 2;
  const turns = [...title.matchAll(/[”》」』）)，：:\s]|的(?=.)/g)].map(
    ({ index, 0: mark }) => index + mark.length,
  );
  const near = turns
    .filter((at) => at > title.length * 0.25 && at < title.length * 0.85)
    .sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle))[0];
  return near === undefined ? [title] : [title.slice(0, near).trim(), title.slice(near).trim()];
}

/** "— 1 —" on the outer side, one character in (GB/T 9704, 7.5). */
function pageNumber(docx: Docx, style: BookStyle, side: "left" | "right") {
  const font = { ascii: "宋体", hAnsi: "宋体", eastAsia: "宋体" };
  const run: IRunOptions = { size: style.pageNumberSize, font };
  return new docx.Footer({
    children: [
      new docx.Paragraph({
        alignment: side === "left" ? docx.AlignmentType.LEFT : docx.AlignmentType.RIGHT,
        indent: { [side]: style.pageNumberSize * 10 },
        children: [new docx.TextRun({ ...run, children: ["— ", docx.PageNumber.CURRENT, " —"] })],
      }),
    ],
  });
}

function childrenOf(
  docx: Docx,
  style: BookStyle,
  item: FlowItem,
  looks: ReturnType<typeof looksOf>,
  bookmark: string,
): FileChild[] {
  if (item.kind === "table") return tableOf(docx, style, item.rows);
  const { look, text, newPage } = item;
  // What pages.ts counts on: every page is full to its last line, and no line hangs its punctuation out.
  const more = {
    widowControl: false,
    overflowPunctuation: false,
    ...(newPage ? { pageBreakBefore: true } : {}),
  };
  if (looks[look].level === 0) return [new docx.Paragraph({ style: look, text, ...more })];
  const marked = new docx.Bookmark({ id: bookmark, children: [new docx.TextRun(text)] });
  return [new docx.Paragraph({ style: look, children: [marked], ...more })];
}
