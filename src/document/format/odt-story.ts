// The words of an OpenDocument text as its XML streams by: each line collected where it belongs.
import { Unreadable } from "../unreadable.ts";
import { bounded, OdfParagraph } from "./odf.ts";
import { OdtLists } from "./odt-lists.ts";
import { readXml } from "./xml.ts";

const MAX_TEXT_CHARACTERS = 20_000_000;
/** Boxes in boxes: what is in the innermost is handed outwards through all of them. */
const MAX_NESTED = 1_000;
/** Cells and rows are repeated by a count; what is longer is no filled form. */
const MOST_REPEATED = 100;
const LONGEST_REPEATED_CELL = 200;
const LONGEST_REPEATED_ROW = 2_000;

/** Their text is not the document's: deleted, sounds above signs, what a table of contents is made from, programs. */
const DROPPED =
  /^(text:(tracked-changes|ruby-text|note-citation|hidden-text|[a-z-]+-source)|svg:(title|desc)|dc:date|office:(forms|scripts|meta)|math:math)$/;
const MARGIN = /^style:(header|footer)(-left|-first)?$/;
const CELL = /^table:(covered-)?table-cell$/;

type Attributes = Record<string, string>;

class OpenParagraph extends OdfParagraph {
  readonly label: string;
  /** Where its line goes. */
  readonly lines: string[];
  /** Boxes and shapes hang in the middle of a paragraph, and are read after it. */
  readonly after: string[] = [];

  constructor(label: string, lines: string[]) {
    super();
    this.label = label;
    this.lines = lines;
  }
}

interface Comment {
  author: string;
  lines: string[];
}

interface Row {
  cells: string[];
  repeated: number;
  /** Covered cells still to come of one set across columns: they are no cells of their own. */
  covered: number;
}

export class OdtStory {
  /** Names in the package, or contents in base64 where the document is flat. */
  readonly pictureNames: string[] = [];
  readonly pictureData: string[] = [];
  readonly #body: string[] = [];
  readonly #notes: string[] = [];
  readonly #comments: string[] = [];
  readonly #margins: string[] = [];
  /** What is open, innermost last. */
  readonly #lines: string[][] = [];
  readonly #paragraphs: OpenParagraph[] = [];
  readonly #rows: Row[] = [];
  readonly #cells: { repeated: number; isCovered: boolean }[] = [];
  readonly #openComments: Comment[] = [];
  readonly #lists = new OdtLists();
  readonly #hidden = new Set<string>();
  /** Both parts name their automatic styles alike. */
  readonly #hiddenAutomatic = new Set<string>();
  #stylesAreAutomatic = false;
  #style = "";
  #dropped = 0;
  #characters = 0;
  /** Takes the text of an element that is no paragraph: a comment's author, a picture. */
  #aside: ((text: string) => void) | null = null;

  /** Styles first where they are a part of their own. */
  read(xml: Uint8Array): void {
    readXml(xml, {
      open: (_, attributes, name) => this.#open(name, attributes),
      close: (_, name) => this.#close(name),
      text: (text) => this.#text(text),
    });
  }

  text(): string {
    // Page numbers are all that most margins hold; first, left and right pages often have the same.
    const margins = [...new Set(this.#margins.filter((lines) => /\p{L}/u.test(lines)))];
    return [...this.#body, ...this.#notes, ...this.#comments, ...margins].join("\n");
  }

  #open(name: string, attributes: Attributes): void {
    if (this.#dropped > 0 || DROPPED.test(name) || this.#isHidden(name, attributes)) {
      this.#dropped++;
      return;
    }
    const lines = this.#lines.at(-1);
    if (name === "office:text") this.#lines.push(this.#body);
    else if (MARGIN.test(name)) this.#lines.push([]);
    else if (!lines) this.#define(name, attributes);
    else if (name === "text:p" || name === "text:h") {
      const level =
        name === "text:h" && attributes["is-list-header"] !== "true" ? attributes["outline-level"] : 0;
      this.#paragraphs.push(new OpenParagraph(this.#lists.label(Number(level) || null), lines));
    } else if (name === "text:list") this.#lists.openList(attributes);
    else if (name === "text:list-item") this.#lists.openItem(attributes);
    else if (name === "table:table-row") {
      const repeated = bounded(attributes["number-rows-repeated"], MOST_REPEATED);
      this.#rows.push({ cells: [], repeated, covered: 0 });
    } else if (CELL.test(name)) this.#openCell(name === "table:covered-table-cell", attributes);
    else if (name === "draw:text-box" || name === "text:note-body") this.#openBox();
    else this.#openSmall(name, attributes);
  }

  #openSmall(name: string, attributes: Attributes): void {
    if (name === "office:annotation") {
      const comment: Comment = { author: "", lines: [] };
      this.#openComments.push(comment);
      this.#lines.push(comment.lines);
    } else if (name === "dc:creator") {
      const comment = this.#openComments.at(-1);
      this.#aside = (text) => {
        if (comment) comment.author = `${comment.author}${text}`.slice(0, 200);
      };
    } else if (name === "draw:image" && attributes.href) this.pictureNames.push(attributes.href);
    else if (name === "office:binary-data") {
      const at = this.pictureData.push("") - 1;
      this.#aside = (text) => {
        this.pictureData[at] += text;
      };
    } else this.#paragraphs.at(-1)?.sign(name, attributes);
  }

  #close(name: string): void {
    if (this.#dropped > 0) {
      this.#dropped--;
      return;
    }
    if (this.#lines.length === 0) return;
    if (name === "text:p" || name === "text:h") this.#closeParagraph();
    else if (name === "text:list") this.#lists.closeList();
    else if (name === "text:list-item") this.#lists.closeItem();
    else if (name === "table:table-row") this.#closeRow();
    else if (CELL.test(name)) this.#closeCell();
    else if (name === "draw:text-box") {
      const box = this.#lines.pop() ?? [];
      const target = this.#paragraphs.at(-1)?.after ?? this.#lines.at(-1) ?? this.#body;
      for (const line of box) target.push(line);
    } else if (name === "text:note-body") this.#notes.push((this.#lines.pop() ?? []).join("\n"));
    else if (name === "office:annotation") {
      const lines = (this.#lines.pop() ?? []).join("\n");
      this.#comments.push([this.#openComments.pop()?.author.trim(), lines].filter(Boolean).join("："));
    } else if (name === "dc:creator" || name === "office:binary-data") this.#aside = null;
    else if (MARGIN.test(name)) this.#margins.push((this.#lines.pop() ?? []).join("\n").trim());
    else if (name === "office:text") this.#lines.pop();
  }

  #text(text: string): void {
    if (this.#dropped > 0) return;
    if (this.#aside) this.#aside(text);
    else if (this.#lines.length > 0) {
      this.#paragraphs.at(-1)?.text(text);
      this.#count(text.length);
    }
  }

  #count(characters: number): void {
    this.#characters += characters;
    if (this.#characters > MAX_TEXT_CHARACTERS)
      throw new Unreadable("too-large", `more than ${MAX_TEXT_CHARACTERS} characters`);
  }

  #closeParagraph(): void {
    const paragraph = this.#paragraphs.pop();
    if (!paragraph) return;
    const { label, words, lines, after } = paragraph;
    // A shape's words stand in it without a box around them.
    const outer = this.#paragraphs.at(-1);
    const target = outer?.lines === lines ? outer.after : lines;
    // One without words counts and shows nothing, unless its cell is one of a column of numbers.
    target.push(words.trim() === "" && this.#cells.length === 0 ? words : label + words);
    for (const line of after) target.push(line);
  }

  #openBox(): void {
    if (this.#lines.length > MAX_NESTED)
      throw new Unreadable("too-large", `more than ${MAX_NESTED} boxes in one another`);
    this.#lines.push([]);
  }

  #openCell(isCovered: boolean, attributes: Attributes): void {
    const row = this.#rows.at(-1);
    if (row && !isCovered) row.covered = bounded(attributes["number-columns-spanned"], MOST_REPEATED) - 1;
    this.#cells.push({ isCovered, repeated: bounded(attributes["number-columns-repeated"], MOST_REPEATED) });
    this.#lines.push([]);
  }

  #closeCell(): void {
    const words = (this.#lines.pop() ?? []).join("\n").trimEnd();
    const cell = this.#cells.pop();
    const row = this.#rows.at(-1);
    if (!row || !cell) return;
    let times = words.length > LONGEST_REPEATED_CELL ? 1 : cell.repeated;
    if (cell.isCovered) {
      const covered = Math.min(times, row.covered);
      row.covered -= covered;
      times -= covered;
    }
    for (; times > 0; times--) row.cells.push(cell.isCovered ? "" : words);
  }

  #closeRow(): void {
    const row = this.#rows.pop();
    if (!row) return;
    const line = row.cells.join("\t");
    const isFilled = line.trim() !== "" && line.length <= LONGEST_REPEATED_ROW;
    for (let times = isFilled ? row.repeated : 1; times > 0; times--) {
      this.#count(line.length);
      this.#lines.at(-1)?.push(line);
    }
  }

  #define(name: string, attributes: Attributes): void {
    this.#lists.define(name, attributes);
    if (name === "office:styles") this.#stylesAreAutomatic = false;
    else if (name === "office:automatic-styles") {
      this.#stylesAreAutomatic = true;
      this.#hiddenAutomatic.clear();
    } else if (name === "style:style") this.#style = attributes.name ?? "";
    else if (name === "style:text-properties" && attributes.display === "none")
      (this.#stylesAreAutomatic ? this.#hiddenAutomatic : this.#hidden).add(this.#style);
  }

  #isHidden(name: string, attributes: Attributes): boolean {
    if (name === "text:section") return attributes.display === "none";
    if (name !== "text:p" && name !== "text:h" && name !== "text:span") return false;
    const style = attributes["style-name"] ?? "";
    return this.#hidden.has(style) || this.#hiddenAutomatic.has(style);
  }
}
