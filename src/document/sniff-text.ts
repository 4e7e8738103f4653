// What a text is, by its first lines: a page, a mail, a drawing, a document in XML, or simply words.
import { wideCharset } from "../message/charset.ts";
import { EMLX, FLAT_DOCX, FLAT_ODT, MBOX, SCRIPT, SVG, UNKNOWN } from "./media-types.ts";
import { isScript } from "./signatures.ts";

/** Whether the bytes are a mail. Looks at the first lines only, so that the service itself may ask. */
export function isMessage(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 4096));
  return ofMessage(head.toString("latin1")) === "message/rfc822";
}

/** A web page may be a workbook: Excel's own, and what exporting programs write in its manner. */
function pageType(start: string): string {
  return /urn:schemas-microsoft-com:office:excel|content=["']?Excel\.Sheet/i.test(start)
    ? "application/vnd.ms-excel.html"
    : "text/html";
}

/** What a file is that may be text; UNKNOWN where its bytes are none. */
export function ofText(bytes: Uint8Array, head: Buffer): string {
  const text = isTextThroughout(bytes) ? asText(head) : asWideText(bytes, head);
  if (text === null) return UNKNOWN;
  const start = text.replace(/^\ufeff/, "").trimStart();
  if (/^From \S.*\d{4}\s*\n[!-9;-~]+:/.test(start)) return MBOX;
  if (/^\d{2,9}\s*\n/.test(start) && ofMessage(start.replace(/^\d+\s*\n/, "")) === "message/rfc822")
    return EMLX;
  if (isScript(start)) return SCRIPT;
  if (/^<\?xml/i.test(start)) return ofXml(start);
  if (PAGE.test(withoutComments(start))) return pageType(start);
  if (/^<(!doctype )?svg\b/i.test(start)) return SVG;
  return ofMessage(start) ?? "text/plain";
}

const PAGE =
  /^<(!doctype html|html|head|meta|link|base|body|title|style|script|table|div|center|p|h[1-6]|ul|ol|pre|font|span)\b/i;

/** One after the other: a single expression for any number of comments tries every way to share them out. */
function withoutComments(start: string): string {
  let rest = start;
  while (rest.startsWith("<!--") && rest.includes("-->", 4))
    rest = rest.slice(rest.indexOf("-->", 4) + 3).trimStart();
  return rest;
}

function ofXml(start: string): string {
  if (/<(!doctype )?html\b/i.test(start)) return pageType(start);
  if (/<svg\b/i.test(start)) return SVG;
  if (/<pkg:package\b/.test(start)) {
    // All parts of a Word document in one file; of the others nobody makes any.
    return /progid="Word\.Document"|pkg:name="\/word\//.test(start) ? FLAT_DOCX : "application/xml";
  }
  if (/progid="Word\.Document"|<w:wordDocument/.test(start)) return "application/vnd.ms-word.xml";
  if (/office:mimetype="application\/vnd\.oasis\.opendocument\.text/.test(start)) return FLAT_ODT;
  const flat = /office:mimetype="(application\/vnd\.oasis\.opendocument\.(spreadsheet|presentation))/.exec(
    start,
  )?.[1];
  if (flat) return `${flat}-flat-xml`;
  if (/progid="Excel\.Sheet"|urn:schemas-microsoft-com:office:spreadsheet/.test(start))
    return "application/vnd.ms-excel.xml";
  return "application/xml";
}

/** A message, or a web archive (Word's "single file web page", often named .doc): headers from the first line on. */
function ofMessage(start: string): string | null {
  const headers = start.split(/\r?\n\r?\n/)[0] ?? "";
  if (!/^[A-Za-z-]+:[ \t]/.test(headers)) return null;
  const known = /^(from|to|subject|date|received|return-path|message-id|mime-version|content-type):/gim;
  const names = new Set([...headers.matchAll(known)].map((match) => (match[1] ?? "").toLowerCase()));
  // Browsers that save a page write "From: <Saved by …>"; what goes to somebody is a mail.
  const isSent = names.has("received") || names.has("message-id") || names.has("to");
  const isPage =
    /^content-type:\s*(multipart\/related|text\/html)/im.test(headers) && names.has("mime-version");
  if (isPage && !isSent) return "application/x-mimearchive";
  const signed = names.has("from") || names.has("received") || names.has("message-id");
  return signed && names.size >= 3 ? "message/rfc822" : null;
}

/** UTF-16 that no mark announces, as databases and some editors write it; null when the bytes are binary. */
function asWideText(bytes: Uint8Array, head: Buffer): string | null {
  const charset = wideCharset(bytes);
  return charset && new TextDecoder(charset).decode(head.subarray(0, head.length & ~1));
}

/** The first bytes as text for looking at markup. */
function asText(head: Buffer): string {
  if (head[0] === 0xff && head[1] === 0xfe) return head.subarray(2).toString("utf16le");
  if (head[0] === 0xfe && head[1] === 0xff)
    return Buffer.from(head.subarray(2, head.length & ~1))
      .swap16()
      .toString("utf16le");
  return head.toString("latin1").replace(/^\xef\xbb\xbf/, "");
}

/**
 * Text in any charset an office uses holds no control characters but a stray one, and perhaps zeros to the end of a disk
 * block. UTF-16 does, which a byte order mark announces.
 */
function isTextThroughout(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  const looked = withoutPadding(bytes.subarray(0, 65_536));
  let strange = 0;
  for (const byte of looked) {
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13 && byte !== 26 && byte !== 27)
      strange++;
  }
  return looked.length > 0 && strange * 100 <= looked.length;
}

function withoutPadding(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.subarray(0, end);
}
