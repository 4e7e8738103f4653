// The numbered pages of the book as one row of paragraphs and tables: what is written to Word, and what pages are counted on.
import type { Block, Book, Piece } from "./book.ts";
import type { LookName } from "./looks.ts";

export type FlowItem =
  | { kind: "paragraph"; look: LookName; text: string; newPage: boolean }
  | { kind: "table"; rows: string[][] };

const LOOKS = {
  text: "BookText",
  addressee: "Addressee",
  heading: "TextHeading",
  subheading: "TextSubheading",
  closing: "Closing",
  remark: "Remark",
} as const;

export function flowOf(book: Book): FlowItem[] {
  return book.parts.flatMap((part, at) => [
    line("PartTitle", part.title, at > 0),
    ...part.groups.flatMap((group, index) => [
      // A new page for each group: a reader finds his unit, and page numbers cannot drift for long.
      ...(group.title === null ? [] : [line("GroupTitle", group.title, index > 0)]),
      ...group.pieces.flatMap((piece, n) => (part.kind === "ideas" ? idea(piece) : documentOf(piece, n > 0))),
    ]),
    ...(part.closing?.split("\n").map((text) => line("Remark", text)) ?? []),
  ]);
}

function idea({ title, byline, blocks }: Piece): FlowItem[] {
  return [
    line("IdeaTitle", title),
    ...(byline === "" ? [] : [line("Byline", byline)]),
    ...blocks.map(itemOf),
  ];
}

function documentOf({ title, byline, blocks }: Piece, newPage: boolean): FlowItem[] {
  return [line("DocumentTitle", title, newPage), line("DocumentByline", byline), ...blocks.map(itemOf)];
}

function itemOf(block: Block): FlowItem {
  return block.kind === "table" ? block : line(LOOKS[block.kind], block.text);
}

function line(look: LookName, text: string, newPage = false): FlowItem {
  return { kind: "paragraph", look, text, newPage };
}
