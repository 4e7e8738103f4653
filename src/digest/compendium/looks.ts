// Every kind of paragraph of the book and how it looks, once: Word's styles and the page numbers are both made of it.
import type { BookStyle } from "./style.ts";

export interface Look {
  font: string;
  /** Half points. */
  size: number;
  bold: boolean;
  align: "justified" | "left" | "center" | "right";
  /** Twips, as all that follows. */
  pitch: number;
  firstLine: number;
  right: number;
  left: number;
  before: number;
  after: number;
  keepNext: boolean;
  /** 1 to 3 for what the table of contents lists. */
  level: 0 | 1 | 2 | 3;
}

export type LookName =
  | "CoverTitle"
  | "CoverSubtitle"
  | "CoverEditor"
  | "FrontTitle"
  | "PartTitle"
  | "GroupTitle"
  | "DocumentTitle"
  | "IdeaTitle"
  | "Byline"
  | "DocumentByline"
  | "BookText"
  | "Addressee"
  | "TextHeading"
  | "TextSubheading"
  | "Closing"
  | "Remark"
  | "TableText"
  | "TableHead";

export function looksOf(style: BookStyle): Record<LookName, Look> {
  const {
    isBold: bold,
    linePitch: line,
    titlePitch,
    indent: firstLine,
    bodySize,
    titleSize,
    coverSize,
  } = style;
  const none = { firstLine: 0, left: 0, right: 0, before: 0, after: 0, keepNext: false, level: 0 } as const;
  const body = {
    ...none,
    font: style.body,
    size: bodySize,
    bold: false,
    align: "justified",
    pitch: line,
  } as const;
  const centred = { ...body, align: "center" } as const;
  const title = { ...centred, font: style.title, size: titleSize, bold, pitch: titlePitch } as const;
  // Indented first lines tell paragraphs apart; where there are none, space does.
  const after = firstLine === 0 ? line / 2 : 0;
  const kept = { ...body, align: "left", firstLine, keepNext: true } as const;
  return {
    CoverTitle: { ...title, size: coverSize, pitch: coverSize * 16, before: 3_000 },
    CoverSubtitle: { ...title, size: coverSize + 12, pitch: coverSize * 24 },
    CoverEditor: { ...centred, font: style.byline, pitch: titlePitch },
    FrontTitle: { ...title, font: style.heading, size: titleSize - 8, after: line },
    PartTitle: { ...title, after: titlePitch, keepNext: true, level: 1 },
    GroupTitle: { ...kept, font: style.heading, bold, after, level: 2 },
    DocumentTitle: { ...title, keepNext: true, level: 2 },
    IdeaTitle: { ...kept, font: style.byline, bold, level: 3 },
    Byline: { ...kept, size: bodySize - 4, after },
    DocumentByline: { ...centred, font: style.byline, after: line, keepNext: true },
    BookText: { ...body, firstLine, after },
    Addressee: { ...body, align: "left", after },
    TextHeading: { ...kept, font: style.heading, bold },
    TextSubheading: { ...kept, font: style.byline, bold },
    Closing: { ...body, align: "right", right: firstLine * 2 },
    Remark: { ...body, font: style.byline, align: "left", firstLine, after },
    TableText: { ...body, align: "left", size: 22, pitch: 360 },
    TableHead: { ...centred, font: style.heading, bold, size: 22, pitch: 360 },
  };
}
