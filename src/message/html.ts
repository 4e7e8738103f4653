// HTML body → readable text in one pass: lines and paragraphs kept, cells of a row side by side, nothing rendered.
import { LineWriter, type ListLabels } from "./html-lines.ts";

/** Longer bodies are cut before reading (R16): a mail that says something says it in the first half megabyte. */
export const LONGEST_HTML = 500_000;

/** Their content is not text a reader sees. */
const UNSEEN = new Set(["style", "script", "title", "template", "svg", "select", "xml"]);
/**
 * A mail's words as they were typed, or with `lists` a file's as they are shown: its lists' numbers, every cell of a row,
 * the blanks that set words in, and nothing hidden.
 *
 * Linear in the length of `html`, whatever its nesting: tags are met in order and no tree is built. (html-to-text took
 * three seconds for half a megabyte of nested <b>.)
 */
export function htmlText(html: string, lists: ListLabels | null = null): string {
  const writer = new LineWriter(lists);
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
  writer.tag(tag, isEnd, isEnd ? "" : html.slice(nameFrom + name.length, close - 1));
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
  const ending = new RegExp(`</${tag}(?=[\\s/>])[^>]{0,1000}>`, "gi");
  ending.lastIndex = from;
  const found = ending.exec(html);
  return found ? found.index + found[0].length : html.length;
}
