// Web archives (.mht, also Word's "single file web page" named .doc): a mail whose one body is a page (RFC 2557).
import { fieldValue, parameters } from "../../message/header.ts";
import { type Leaf, readParts } from "../../message/parts.ts";
import { type Aids, type DocumentText, noText } from "../document.ts";
import { hangsOnPictures, readPictures } from "../pictures.ts";
import { Unreadable } from "../unreadable.ts";
import { decodePage, pageText } from "./html.ts";

/** Where Word keeps the headers and footers of the page. */
const MARGINS = /(^|[/\\])header\.html?$/i;

export async function readMht(bytes: Uint8Array, aids: Aids): Promise<DocumentText> {
  const { fields, leaves, failure } = await readParts(bytes);
  const pages = leaves.filter(
    (leaf) => leaf.mediaType === "text/html" || leaf.mediaType === "application/xhtml+xml",
  );
  const start = parameters(lineOf(fields, "content-type")).named.get("start");
  const root = pages.find((leaf) => start && fieldOf(leaf, "content-id").trim() === start) ?? pages[0];
  if (!root) {
    const plain = leaves.find((leaf) => leaf.mediaType === "text/plain");
    if (!plain) throw new Unreadable("corrupt", failure?.message ?? "no page in the archive");
    return { ...noText, text: textOf(plain) };
  }
  const page = pageText(textOf(root));
  const margins = pages
    .filter((leaf) => leaf !== root && MARGINS.test(fieldOf(leaf, "content-location").trim()))
    .map((leaf) => pageText(textOf(leaf)).text)
    .filter((text) => /\p{L}/u.test(text));
  const text = [page.text, ...margins].join("\n");
  const scans = hangsOnPictures(text)
    ? leaves.filter((leaf) => leaf.mediaType.startsWith("image/")).map((leaf) => leaf.content)
    : [];
  const pictures = await readPictures(scans, text, aids);
  return {
    ...page,
    ...pictures,
    text: [text, pictures.text].filter(Boolean).join("\n"),
    warnings: [...(failure ? [`the archive is damaged: ${failure.message}`] : []), ...pictures.warnings],
  };
}

function textOf(leaf: Leaf): string {
  return decodePage(leaf.content, parameters(fieldOf(leaf, "content-type")).named.get("charset"));
}

function fieldOf(leaf: Leaf, key: string): string {
  return lineOf(leaf.fields, key);
}

function lineOf(fields: Leaf["fields"], key: string): string {
  const field = fields.find((each) => each.key === key);
  return field ? fieldValue(field.line) : "";
}
