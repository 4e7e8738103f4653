// The book as a value: parts, groups, pieces and their paragraphs, before anything is known of Word.

export interface Book {
  /** The campaign's. */
  title: string;
  subtitle: string;
  /** Who made it, and when, as people write it. */
  editor: string;
  on: string;
  /** What is in it and what is not: the note before the contents. */
  noteTitle: string;
  note: string[];
  parts: Part[];
}

export interface Part {
  title: string;
  /** `ideas` run on one after another; of `documents` each begins a page. */
  kind: "ideas" | "documents";
  groups: Group[];
  /** A last remark, such as who has not delivered. */
  closing: string | null;
}

export interface Group {
  /** Null: the part has no groups. */
  title: string | null;
  pieces: Piece[];
}

export interface Piece {
  title: string;
  /** Unit, people, number. */
  byline: string;
  blocks: Block[];
}

export type Block =
  | { kind: "text" | "addressee" | "heading" | "subheading" | "closing" | "remark"; text: string }
  | { kind: "table"; rows: string[][] };
