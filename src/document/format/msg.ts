// Outlook messages (.msg, [MS-OXMSG]): subject and body as text, attachments and messages within as children.
import { decodeText } from "../../message/charset.ts";
import { safeName } from "../../message/filename.ts";
import { htmlText, LONGEST_HTML } from "../../message/html.ts";
import { openCompoundFile, type Storage } from "../compound.ts";
import { type DocumentChild, type DocumentText, noText } from "../document.ts";
import { sniff } from "../sniff.ts";
import { Unreadable } from "../unreadable.ts";
import { encodingOfCodePage } from "./code-page.ts";
import { asMail, type Letter } from "./msg-mail.ts";
import { wordsOfPackedRtf } from "./msg-rtf.ts";

/** Properties by their numbers ([MS-OXPROPS]). */
const SUBJECT = "0037";
const SENDER_NAME = "0C1A";
const SENDER_ADDRESS = "0C1F";
const SENDER_SMTP_ADDRESS = "5D01";
const BODY = "1000";
const PACKED_RTF = "1009";
const HTML = "1013";
const CODE_PAGE = 0x3ffd;
const INTERNET_CODE_PAGE = 0x3fde;
const HIDDEN = 0x7ffe;
const CONTENT = "3701";
const NAMES = ["3707", "3704", "3001"];

const BINARY = "0102";
const WIDE = "001F";
const NARROW = "001E";
const STORAGE = "000D";

const MAX_TEXT_BYTES = 40 * 1024 * 1024;
const MAX_ATTACHMENTS = 500;
const MAX_DEPTH = 3;

export async function readMsg(bytes: Uint8Array): Promise<DocumentText> {
  const file = openCompoundFile(bytes);
  const warnings: string[] = [];
  const letter = readLetter(file, bytes.length, 1, warnings);
  return {
    ...noText,
    text: [letter.subject, letter.body].filter(Boolean).join("\n"),
    title: letter.subject || null,
    author: letter.senderName || letter.senderAddress || null,
    children: letter.attachments,
    warnings,
  };
}

function readLetter(storage: Storage, maxBytes: number, depth: number, warnings: string[]): Letter {
  const fixed = fixedProperties(storage, depth === 1 ? 32 : 24);
  const page = fixed.get(CODE_PAGE) ?? fixed.get(INTERNET_CODE_PAGE);
  const charset = page ? encodingOfCodePage(page) : "";
  const text = (id: string) => textProperty(storage, id, charset);
  const attachments = storage.names
    .filter((name) => /^__attach_version1\.0_/i.test(name))
    .sort()
    .slice(0, MAX_ATTACHMENTS)
    .flatMap(
      (name, at) => attachmentOf(storage.storage(name), at + 1, { charset, maxBytes, depth, warnings }) ?? [],
    );
  return {
    subject: text(SUBJECT).trim(),
    senderName: text(SENDER_NAME).trim(),
    senderAddress: (text(SENDER_SMTP_ADDRESS) || text(SENDER_ADDRESS)).trim(),
    body: bodyOf(storage, text(BODY), charset, fixed.get(INTERNET_CODE_PAGE), warnings),
    attachments,
  };
}

/** Plain, else from the web page, else from the rich text, which may itself wrap the web page. */
function bodyOf(
  storage: Storage,
  plain: string,
  charset: string,
  page: number | undefined,
  warnings: string[],
): string {
  if (plain.trim() !== "") return plain;
  const binary = storage.read(`__substg1.0_${HTML}${BINARY}`, MAX_TEXT_BYTES);
  const html = binary
    ? decodeText(binary, page ? encodingOfCodePage(page) : "")
    : textProperty(storage, HTML, charset);
  if (html.trim() !== "") return htmlText(html.slice(0, LONGEST_HTML));
  const packed = storage.read(`__substg1.0_${PACKED_RTF}${BINARY}`, MAX_TEXT_BYTES);
  return packed ? wordsOfPackedRtf(packed, warnings) : "";
}

interface Around {
  charset: string;
  maxBytes: number;
  depth: number;
  warnings: string[];
}

function attachmentOf(storage: Storage | null, number: number, around: Around): DocumentChild | null {
  if (!storage) return null;
  const written = NAMES.map((id) => textProperty(storage, id, around.charset).trim()).find(Boolean) ?? "";
  if (/^message(_v\d)?\.rpmsg$/i.test(written)) throw new Unreadable("rights-managed", "a protected message");
  const inner = storage.storage(`__substg1.0_${CONTENT}${STORAGE}`);
  if (inner) return innerMessage(inner, written, number, around);
  // Pictures of the body's own layout.
  if (fixedProperties(storage, 8).get(HIDDEN)) return null;
  const content = storage.read(`__substg1.0_${CONTENT}${BINARY}`, around.maxBytes);
  if (!content || content.length === 0) return null;
  return { filename: safeName(written, sniff(content), number), bytes: content.length, content };
}

/** An OLE object of rich text is a storage too, and says nothing. */
function innerMessage(storage: Storage, name: string, number: number, around: Around): DocumentChild | null {
  if (!storage.names.some((stream) => stream.startsWith("__properties_version"))) return null;
  if (around.depth >= MAX_DEPTH) {
    around.warnings.push("messages nested more deeply are left out");
    return null;
  }
  const letter = readLetter(storage, around.maxBytes, around.depth + 1, around.warnings);
  const content = asMail(letter);
  const subject = name || letter.subject;
  const filename = safeName(subject && `${subject}.eml`, "message/rfc822", number);
  return { filename, bytes: content.length, content };
}

function textProperty(storage: Storage, id: string, charset: string): string {
  const wide = storage.read(`__substg1.0_${id}${WIDE}`, MAX_TEXT_BYTES);
  if (wide) return wide.toString("utf16le").replace(/\0[\s\S]*$/, "");
  const narrow = storage.read(`__substg1.0_${id}${NARROW}`, MAX_TEXT_BYTES);
  return narrow ? decodeText(narrow, charset).replace(/\0[\s\S]*$/, "") : "";
}

/** Numbers and flags stand in one stream, sixteen bytes each (§2.4); `header` bytes come before. */
function fixedProperties(storage: Storage, header: number): Map<number, number> {
  const found = new Map<number, number>();
  const stream = storage.read("__properties_version1.0", 64 * 1024);
  if (!stream) return found;
  for (let at = header; at + 16 <= stream.length; at += 16) {
    const type = stream.readUInt16LE(at);
    if (type === 3) found.set(stream.readUInt16LE(at + 2), stream.readUInt32LE(at + 8));
    else if (type === 11) found.set(stream.readUInt16LE(at + 2), stream.readUInt16LE(at + 8));
  }
  return found;
}
