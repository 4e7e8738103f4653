// Lines of a web page as a browser would lay them out, tag by tag.
import { decodeHTML } from "entities";
import { QuotedElement } from "./html-quote.ts";

/** What stands before the items of a list: asked of files only, since a mail's reader looks for the numbers typed. */
export interface ListLabels {
  open(tag: string, attributes: string): void;
  close(): void;
  label(attributes: string): string;
}

const BLOCKS = new Set(
  "address article aside blockquote body center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section table tbody tfoot thead tr ul".split(
    " ",
  ),
);
/** A blank line before and after, as browsers show them. */
const PARAGRAPHS = new Set([
  "p",
  "h1",
  "h2",
  "h3",
  "h4",
  "h5",
  "h6",
  "table",
  "ul",
  "ol",
  "pre",
  "blockquote",
  "hr",
]);

/** Elements without an end. */
const VOID = new Set("area base br col embed hr img input link meta param source track wbr".split(" "));
/** In a file: sounds above signs, and what Word's tracked changes took out, which have a date. */
const NOT_IN_FILES = /^(?:rt|rp)$/;
const HIDDEN = /(?:display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden)|\shidden(?=[\s=>/]|$)/i;

const HAN_SIGN = "[\\u2E80-\\u9FFF\\uF900-\\uFAFF\\uFE30-\\uFE4F\\uFF00-\\uFFEF]";
/** Chinese has no blanks to break lines at: a line's end in the source is nothing (CSS Text 4 §4.1.3). */
const BREAK_IN_HAN = new RegExp(`(?<=${HAN_SIGN})[ \\t\\r\\f]*\\n[ \\t\\r\\n\\f]*(?=${HAN_SIGN})`, "g");
const HAN = new RegExp(HAN_SIGN);

/** Collects lines as a browser would lay them out: white space runs are one space, blocks begin on a new line. */
export class LineWriter {
  readonly #lists: ListLabels | null;
  #lines: string[] = [];
  /** The open line in pieces: it may be as long as the page. */
  #pieces: string[] = [];
  /** Its last character; "" where nothing is on it. */
  #last = "";
  /** White space met but not yet written: it is dropped at a line's ends. */
  #space: "" | "blank" | "break" = "";
  /** Inside <pre> white space stays. */
  #preformatted = 0;
  /** Right after a cell began: the <p> or <div> inside it opens no line of its own. */
  #cellJustOpened = false;
  #cells = 0;
  #cellsInRow = 0;
  /** The element whose words are not shown, and how many of its name are open. */
  #hidden = "";
  #hiddenDepth = 0;
  readonly #quoted = new QuotedElement();

  constructor(lists: ListLabels | null) {
    this.#lists = lists;
  }

  text(raw: string): void {
    if (this.#hiddenDepth > 0) return;
    const text = raw.includes("&") ? decodeHTML(raw) : raw;
    if (this.#preformatted > 0) {
      const lines = text.replaceAll("\r\n", "\n").split("\n");
      lines.forEach((line, at) => {
        if (at > 0) this.#endLine();
        this.#write(line);
      });
      return;
    }
    const words = text.replace(BREAK_IN_HAN, "").replace(/[ \t\r\n\f]+/g, " ");
    const isBreak = /^[ \t\r\f]*\n/.test(text);
    if (words === "" || words === " ") {
      if (words === " " && this.#space !== "blank") this.#space = isBreak ? "break" : "blank";
      return;
    }
    if (words.startsWith(" ") && this.#space !== "blank") this.#space = isBreak ? "break" : "blank";
    const trimmed = this.#lists ? words.replace(/^ | $/g, "") : words.trim();
    const isInHan = this.#space === "break" && HAN.test(this.#last) && HAN.test(trimmed[0] ?? "");
    if (this.#space !== "" && !isInHan && this.#last !== "" && this.#last !== "\t") this.#write(" ");
    this.#write(trimmed);
    this.#space = words.endsWith(" ") ? (/\n[ \t\r\f]*$/.test(text.slice(-200)) ? "break" : "blank") : "";
    this.#cellJustOpened = false;
  }

  tag(name: string, isEnd: boolean, attributes: string): void {
    if (this.#lists && this.#hides(name, isEnd, attributes)) return;
    // A file quotes nothing that its own author did not set there.
    const quoted = this.#lists ? null : this.#quoted.tag(name, isEnd, attributes);
    if (quoted !== null && this.#last !== "") this.#endLine();
    if (quoted === "begins") this.#quoted.begin(this.#lines);
    if (quoted === "ends") this.#quoted.end(this.#lines);
    if (name === "br") {
      this.#endLine();
    } else if (name === "td" || name === "th") {
      this.#cell(isEnd);
    } else if (BLOCKS.has(name)) {
      if (name === "pre") this.#preformatted = Math.max(0, this.#preformatted + (isEnd ? -1 : 1));
      if (this.#cells > 0 && name !== "tr" && name !== "table") this.#blockInCell(isEnd);
      else this.#block(name, isEnd);
      if (this.#lists) this.#list(this.#lists, name, isEnd, attributes);
    }
  }

  /** One hidden element swallows all inside it; where it never ends, the rest, as in a browser. */
  #hides(name: string, isEnd: boolean, attributes: string): boolean {
    if (this.#hiddenDepth > 0) {
      if (name === this.#hidden) this.#hiddenDepth += isEnd ? -1 : 1;
      return true;
    }
    if (isEnd || VOID.has(name) || attributes.endsWith("/")) return false;
    const isHidden =
      HIDDEN.test(attributes) ||
      NOT_IN_FILES.test(name) ||
      (name === "del" && /\sdatetime\s*=/i.test(attributes));
    if (!isHidden) return false;
    this.#hidden = name;
    this.#hiddenDepth = 1;
    return true;
  }

  #list(lists: ListLabels, name: string, isEnd: boolean, attributes: string): void {
    if (name === "ol" || name === "ul") {
      if (isEnd) lists.close();
      else lists.open(name, attributes);
    } else if (name === "li" && !isEnd) {
      const label = lists.label(attributes);
      this.#write(label.trimEnd());
      this.#space = label.endsWith(" ") ? "blank" : "";
      // The <p> inside it opens no line of its own.
      this.#cellJustOpened = true;
    }
  }

  #cell(isEnd: boolean): void {
    if (isEnd) {
      this.#cells = Math.max(0, this.#cells - 1);
      return;
    }
    if (this.#last !== "" || (this.#lists && this.#cellsInRow > 0)) this.#write("\t");
    this.#space = "";
    this.#cells = 1;
    this.#cellsInRow++;
    this.#cellJustOpened = true;
  }

  /** Paragraphs inside a cell: the first goes on in the row's line, further ones begin lines. */
  #blockInCell(isEnd: boolean): void {
    if (!isEnd && !this.#cellJustOpened && this.#last !== "" && this.#last !== "\t") this.#endLine();
  }

  #block(name: string, isEnd: boolean): void {
    if (name === "tr" || name === "table") {
      this.#cells = 0;
      this.#cellsInRow = 0;
    }
    const isItemsOwn = this.#lists && this.#cellJustOpened && !isEnd && name !== "li" && name !== "tr";
    if (isItemsOwn) return;
    if (this.#last !== "") this.#endLine();
    const isParagraph = PARAGRAPHS.has(name);
    if (isParagraph && this.#lines.length > 0 && this.#lines.at(-1) !== "") this.#lines.push("");
    if (name === "li" && !isEnd) this.#space = "";
  }

  #write(piece: string): void {
    if (piece === "") return;
    this.#pieces.push(piece);
    this.#last = piece.at(-1) ?? "";
  }

  #endLine(): void {
    this.#lines.push(this.#pieces.join("").trimEnd());
    this.#pieces = [];
    this.#last = "";
    this.#space = "";
    this.#cellJustOpened = false;
  }

  finish(): string {
    this.#endLine();
    if (this.#quoted.isOpen) this.#quoted.end(this.#lines);
    const tidy = this.#lines.join("\n").replaceAll("\u00A0", " ");
    return tidy
      .replace(/\n{3,}/g, "\n\n")
      .replace(/^\n+/, "")
      .trimEnd();
  }
}
