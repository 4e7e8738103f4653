// The name a part was sent under, decoded, and made safe to show, store and download (R64).
import { Buffer, isUtf8 } from "node:buffer";
import { decodeWords, parameters } from "./header.ts";

/** What most file systems bear; in UTF-8 bytes. */
const LONGEST_NAME = 255;

/** For parts without a name, so that a list can show one. */
const EXTENSIONS = new Map(
  Object.entries({
    "application/msword": "doc",
    "application/pdf": "pdf",
    "application/rtf": "rtf",
    "application/vnd.ms-excel": "xls",
    "application/vnd.ms-outlook": "msg",
    "application/vnd.ms-powerpoint": "ppt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/zip": "zip",
    "image/bmp": "bmp",
    "image/gif": "gif",
    "image/jpeg": "jpg",
    "image/png": "png",
    "message/delivery-status": "txt",
    "message/disposition-notification": "txt",
    "message/rfc822": "eml",
    "text/calendar": "ics",
    "text/html": "html",
    "text/plain": "txt",
    "text/rfc822-headers": "txt",
  }),
);

/** The name as its sender wrote it; "" when there is none. Content-Disposition goes before Content-Type. */
export function sentName(disposition: string, contentType: string): string {
  const written =
    parameters(disposition).named.get("filename") || parameters(contentType).named.get("name") || "";
  return unescapePercent(decodeWords(written));
}

/** Some web mailers percent-encode the plain parameter, which RFC 2231 does not allow. */
function unescapePercent(name: string): string {
  if (!/(?:%[0-9A-F]{2}){3}/i.test(name) || /[^\x20-\x7e]/.test(name)) return name;
  const bytes = Buffer.from(
    name.replace(/%([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  );
  return isUtf8(bytes) ? bytes.toString() : name;
}

/** `number` counts the parts of the mail from 1. */
export function safeName(written: string, mediaType: string, number: number): string {
  const last = (written.split(/[/\\]/).at(-1) ?? "").slice(-2000);
  const cleaned = last
    .toWellFormed()
    .replace(/[\p{Cc}\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/gu, "")
    .replace(/[:*?"<>|]/g, "_")
    .replace(/\s+/g, " ")
    .replace(/^[. ]+|[. ]+$/g, "");
  const name = /^(?:con|prn|aux|nul|(?:com|lpt)[\d¹²³]) *(?:\.|$)/i.test(cleaned) ? `_${cleaned}` : cleaned;
  return name === "" ? `attachment-${number}.${EXTENSIONS.get(mediaType) ?? "bin"}` : shortened(name);
}

/** Cut before the extension, never inside a character. */
function shortened(name: string): string {
  if (Buffer.byteLength(name) <= LONGEST_NAME) return name;
  const extension = /\.[^.]{1,15}$/u.exec(name)?.[0] ?? "";
  const room = LONGEST_NAME - Buffer.byteLength(extension);
  let stem = "";
  let used = 0;
  for (const character of name.slice(0, name.length - extension.length)) {
    used += Buffer.byteLength(character);
    if (used > room) break;
    stem += character;
  }
  return stem + extension;
}
