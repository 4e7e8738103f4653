// Which leaves are the mail's own words, and those words as plain text.

import { narrowBlanks } from "../text/blanks.ts";
import { plainLines } from "../text/signs.ts";
import { decodeText, wideCharset } from "./charset.ts";
import { sentName } from "./filename.ts";
import { fieldValue, parameters } from "./header.ts";
import { htmlText, LONGEST_HTML } from "./html.ts";
import type { MailProblem } from "./mail.ts";
import type { Leaf } from "./parts.ts";

/** Longer text is cut: nobody writes it, and every later stage reads it. */
const LONGEST_TEXT = 1_000_000;

export interface Body {
  text: string;
  html: string | null;
  /** The leaves that are body (both forms of an alternative), so that the others are parts. */
  leaves: Set<Leaf>;
  problems: MailProblem[];
}

/** One stretch of the body: alone, or the forms of one multipart/alternative. */
interface Section {
  plain: Leaf | null;
  html: Leaf | null;
  alternative: object | null;
}

export function bodyOf(leaves: Leaf[]): Body {
  const body: Body = { text: "", html: null, leaves: new Set(), problems: [] };
  const texts: string[] = [];
  const htmls: string[] = [];
  for (const section of sectionsOf(leaves)) {
    const html = section.html ? bounded(htmlOf(section.html), LONGEST_HTML, "HTML", body.problems) : null;
    const plain = section.plain ? bounded(plainOf(section.plain), LONGEST_TEXT, "text", body.problems) : "";
    if (section.plain) body.leaves.add(section.plain);
    if (section.html) body.leaves.add(section.html);
    if (html !== null) htmls.push(html);
    texts.push(html !== null && isPlaceholder(plain) ? htmlText(html) : plain);
  }
  const filled = texts.filter((text) => text.trim() !== "");
  body.text = bounded(narrowBlanks(filled.join("\n")), LONGEST_TEXT, "text", body.problems);
  body.html = htmls.length > 0 ? htmls.join("\n").slice(0, LONGEST_HTML).toWellFormed() : null;
  return body;
}

function sectionsOf(leaves: Leaf[]): Section[] {
  const sections: Section[] = [];
  const isOnly = leaves.length === 1;
  for (const leaf of leaves) {
    const isPlain = leaf.mediaType === "text/plain" || leaf.mediaType === "text/enriched";
    const isHtml = leaf.mediaType === "text/html";
    if ((!isPlain && !isHtml) || !isShown(leaf, isOnly)) continue;
    const open = leaf.alternative
      ? sections.find(
          (section) => section.alternative === leaf.alternative && !(isPlain ? section.plain : section.html),
        )
      : undefined;
    if (open) {
      if (isPlain) open.plain = leaf;
      else open.html = leaf;
    } else {
      sections.push({
        plain: isPlain ? leaf : null,
        html: isHtml ? leaf : null,
        alternative: leaf.alternative,
      });
    }
  }
  return sections;
}

/** A text part is body unless it is sent as a file; a mail that is one text part is body even with a name. */
function isShown(leaf: Leaf, isOnly: boolean): boolean {
  const disposition = fieldOf(leaf, "content-disposition");
  if (/^\s*attachment\b/i.test(disposition) || isBinary(leaf.content)) return false;
  return isOnly || sentName(disposition, fieldOf(leaf, "content-type")) === "";
}

/**
 * A picture or a .doc that its sender calls text/plain: more than one byte in twenty is a control character that neither
 * switches charsets (ISO 2022) nor is half of a character (UTF-16).
 */
function isBinary(content: Uint8Array): boolean {
  const start = content.subarray(0, 2000);
  if ((start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff)) return false;
  let controls = 0;
  for (const byte of start) if (byte < 0x20 && !(byte >= 0x09 && byte <= 0x0f) && byte !== 0x1b) controls++;
  return controls * 20 > start.length && wideCharset(content) === null;
}

function fieldOf(leaf: Leaf, key: string): string {
  const field = leaf.fields.find((each) => each.key === key);
  return field ? fieldValue(field.line) : "";
}

function plainOf(leaf: Leaf): string {
  const { named } = parameters(fieldOf(leaf, "content-type"));
  const text = plainLines(decodeText(leaf.content, named.get("charset")));
  if (named.get("format")?.toLowerCase() !== "flowed") return text;
  return unflowed(text, named.get("delsp")?.toLowerCase() === "yes");
}

function htmlOf(leaf: Leaf): string {
  const declared = parameters(fieldOf(leaf, "content-type")).named.get("charset");
  return plainLines(decodeText(leaf.content, declared ?? charsetInside(leaf.content)));
}

/** <meta charset=…> or its http-equiv form, looked for where browsers look: at the beginning. */
function charsetInside(content: Uint8Array): string | undefined {
  const start = Buffer.from(content.buffer, content.byteOffset, Math.min(content.length, 2048)).toString(
    "latin1",
  );
  return /<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]{2,40})/i.exec(start)?.[1];
}

const HAN_END = /[\u3000-\u303F\u3400-\u9FFF\uFF00-\uFFEF] $/;
const HAN_START = /^[\u3000-\u303F\u3400-\u9FFF\uFF00-\uFFEF]/;

/** format=flowed (RFC 3676): a line that ends in a space goes on in the next one of the same quote depth. */
function unflowed(text: string, deleteSpace: boolean): string {
  const paragraphs: { depth: number; line: string }[] = [];
  let goesOn = false;
  for (const raw of text.split("\n")) {
    const depth = /^>*/.exec(raw)?.[0].length ?? 0;
    const line = raw.slice(depth).replace(/^ /, "");
    const last = paragraphs.at(-1);
    // Chinese has no spaces to break at: the one before a soft break is not part of the text.
    if (goesOn && last && last.depth === depth && line !== "-- ")
      last.line =
        HAN_END.test(last.line) && HAN_START.test(line) ? last.line.trimEnd() + line : last.line + line;
    else paragraphs.push({ depth, line });
    goesOn = line.endsWith(" ") && line !== "-- ";
    const current = paragraphs.at(-1);
    if (goesOn && deleteSpace && current) current.line = current.line.slice(0, -1);
  }
  return paragraphs.map(({ depth, line }) => (depth > 0 ? `${">".repeat(depth)} ${line}` : line)).join("\n");
}

/** The plain form some clients write when they only mean the HTML one. */
function isPlaceholder(plain: string): boolean {
  const text = plain.trim();
  if (text === "") return true;
  return (
    text.length < 300 &&
    /(?:不支持|无法显示|不能显示).{0,12}html|html.{0,20}(?:不支持|格式.{0,6}查看)|(?:not|n't).{0,30}(?:support|display|view|read).{0,20}html|html.{0,40}(?:enabled|capable|compatible)/i.test(
      text,
    )
  );
}

function bounded(text: string, longest: number, what: string, problems: MailProblem[]): string {
  if (text.length <= longest) return text;
  problems.push({
    reason: "too-large",
    detail: `${what} body of ${text.length} characters was cut at ${longest}`,
  });
  return text.slice(0, longest).toWellFormed();
}
