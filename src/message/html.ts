// HTML body → readable text in one pass: lines and paragraphs kept, cells of a row side by side, nothing rendered.
import { decodeHTML } from "entities";

/** Longer bodies are cut before reading (R16): a mail that says something says it in the first half megabyte. */
export const LONGEST_HTML = 500_000;

/** Their content is not text a reader sees. */
const UNSEEN = new Set(["style", "script", "title", "template", "svg", "select"]);
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

/**
 * Linear in the length of `html`, whatever its nesting: tags are met in order and no tree is built. (html-to-text took
 * three seconds for half a megabyte of nested <b>.)
 */
export function htmlText(html: string): string {
  const writer = new LineWriter();
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf("<", at);
    if (open < 0) {
      writer.text(html.slice(at));
      break;
    }
    if (open > at) writer.text(html.slice(at, open));
    at = skipMarkup(html, open, writer);
  }
  return writer.finish();
}

/** Handles what begins with the `<` at `open`; returns where reading goes on. */
function skipMarkup(html: string, open: number, writer: LineWriter): number {
  if (html.startsWith("<!--", open)) return after(html, "-->", open + 4);
  const next = html.charCodeAt(open + 1);
  if (next === 0x21 || next === 0x3f) return after(html, ">", open + 2);
  const isEnd = next === 0x2f;
  const nameFrom = open + (isEnd ? 2 : 1);
  const name = nameAt(html, nameFrom);
  if (name === "") {
    writer.text("<"); // "a < b"
    return open + 1;
  }
  const close = endOfTag(html, nameFrom + name.length);
  const tag = name.toLowerCase();
  if (UNSEEN.has(tag) && !isEnd) {
    if (html.charCodeAt(close - 2) === 0x2f) return close;
    return endOfUnseen(html, tag, close);
  }
  writer.tag(tag, isEnd);
  return close;
}

function after(html: string, mark: string, from: number): number {
  const at = html.indexOf(mark, from);
  return at < 0 ? html.length : at + mark.length;
}

function nameAt(html: string, from: number): string {
  const found = /[a-z][a-z0-9:-]{0,30}/iy;
  found.lastIndex = from;
  return found.exec(html)?.[0] ?? "";
}

/** Past the `>` that ends a tag; one inside a quoted attribute does not. */
function endOfTag(html: string, from: number): number {
  let at = from;
  while (at < html.length) {
    const code = html.charCodeAt(at);
    if (code === 0x3e) return at + 1;
    if (code === 0x22 || code === 0x27) {
      const close = html.indexOf(code === 0x22 ? '"' : "'", at + 1);
      if (close < 0 || close - at > 20_000) return after(html, ">", at); // an unclosed quote
      at = close;
    }
    at++;
  }
  return html.length;
}

/** An unclosed one swallows the rest, as it does in a browser. */
function endOfUnseen(html: string, tag: string, from: number): number {
  const ending = new RegExp(`</${tag}\\s*>`, "gi");
  ending.lastIndex = from;
  const found = ending.exec(html);
  return found ? found.index + found[0].length : html.length;
}

/** Collects lines as a browser would lay them out: white space runs are one space, blocks begin on a new line. */
class LineWriter {
  #lines: string[] = [];
  #line = "";
  /** White space met but not yet written: it is dropped at a line's ends. */
  #space = false;
  /** Inside <pre> white space stays. */
  #preformatted = 0;
  /** Right after a cell began: the <p> or <div> inside it opens no line of its own. */
  #cellJustOpened = false;
  #cells = 0;

  text(raw: string): void {
    const text = raw.includes("&") ? decodeHTML(raw) : raw;
    if (this.#preformatted > 0) {
      const lines = text.replaceAll("\r\n", "\n").split("\n");
      lines.forEach((line, at) => {
        if (at > 0) this.#endLine();
        this.#line += line;
      });
      return;
    }
    const words = text.replace(/[ \t\r\n\f]+/g, " ");
    if (words === "" || words === " ") {
      this.#space ||= words === " ";
      return;
    }
    if ((this.#space || words.startsWith(" ")) && this.#line !== "" && !this.#line.endsWith("\t"))
      this.#line += " ";
    this.#line += words.trim();
    this.#space = words.endsWith(" ");
    this.#cellJustOpened = false;
  }

  tag(name: string, isEnd: boolean): void {
    if (name === "br") {
      this.#endLine();
    } else if (name === "td" || name === "th") {
      this.#cell(isEnd);
    } else if (BLOCKS.has(name)) {
      if (name === "pre") this.#preformatted = Math.max(0, this.#preformatted + (isEnd ? -1 : 1));
      if (this.#cells > 0 && name !== "tr" && name !== "table") this.#blockInCell(isEnd);
      else this.#block(name, isEnd);
    }
  }

  #cell(isEnd: boolean): void {
    if (isEnd) {
      this.#cells = Math.max(0, this.#cells - 1);
      return;
    }
    if (this.#line !== "") this.#line = `${this.#line.trimEnd()}\t`;
    this.#space = false;
    this.#cells = 1;
    this.#cellJustOpened = true;
  }

  /** Paragraphs inside a cell: the first goes on in the row's line, further ones begin lines. */
  #blockInCell(isEnd: boolean): void {
    if (!isEnd && !this.#cellJustOpened && this.#line !== "" && !this.#line.endsWith("\t")) this.#endLine();
  }

  #block(name: string, isEnd: boolean): void {
    if (name === "tr" || name === "table") this.#cells = 0;
    if (this.#line.trim() !== "") this.#endLine();
    const isParagraph = PARAGRAPHS.has(name);
    if (isParagraph && this.#lines.length > 0 && this.#lines.at(-1) !== "") this.#lines.push("");
    if (name === "li" && !isEnd) this.#space = false;
  }

  #endLine(): void {
    this.#lines.push(this.#line.trimEnd());
    this.#line = "";
    this.#space = false;
    this.#cellJustOpened = false;
  }

  finish(): string {
    this.#endLine();
    const tidy = this.#lines.join("\n").replaceAll("\u00A0", " ");
    return tidy
      .replace(/\n{3,}/g, "\n\n")
      .replace(/^\n+/, "")
      .trimEnd();
  }
}
