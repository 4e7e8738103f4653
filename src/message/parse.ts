// Raw mail → Mail. Never throws: what could not be read is named in `problems` (R16, R17).
import { isAscii } from "node:buffer";
import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import { oneLine } from "../text/signs.ts";
import { bodyOf } from "./body.ts";
import { bounceOf } from "./bounce.ts";
import { safeName, sentName } from "./filename.ts";
import {
  claimedDate,
  decodeWords,
  fieldValue,
  mailboxes,
  messageId,
  messageIds,
  parameters,
} from "./header.ts";
import type { Mail, MailPart, MailProblem, TraceField } from "./mail.ts";
import { type Leaf, type Parts, readParts } from "./parts.ts";

/** RFC 5321 §6.3: a mail that passed more servers than this is going round in circles. */
const MOST_RECEIVED = 100;
/** A header larger than the parser's limit is read this far, so that sender and subject are still known. */
const HEAD_TO_SAVE = 64 * 1024;

export async function parseMail(source: Uint8Array | Readable): Promise<Mail> {
  const problems: MailProblem[] = [];
  const raw = source instanceof Uint8Array ? withLineFeeds(source) : source;
  let parts = await readParts(raw);
  if (parts.failure) {
    problems.push({ reason: "unparseable", detail: parts.failure.message });
    if (parts.fields.length === 0 && raw instanceof Uint8Array) parts = await savedHead(raw);
  } else if (parts.leaves.length === 0 && raw instanceof Uint8Array) {
    parts.leaves.push(...undividedBody(raw, problems));
  } else if (raw instanceof Uint8Array) {
    undoFalseBase64(raw, parts);
  }
  try {
    return assemble(parts, problems);
  } catch (error) {
    // A fault of ours must not lose the mail either: it waits for the office with its raw bytes.
    problems.push({ reason: "unparseable", detail: (error as Error).message });
    return assemble({ fields: [], leaves: [], failure: null }, problems);
  }
}

/** Lines ended by CR alone, as some archives of the last century keep them, are one endless line to the parser. */
function withLineFeeds(raw: Uint8Array): Uint8Array {
  if (raw.includes(0x0a) || !raw.includes(0x0d)) return raw;
  return Buffer.from(Buffer.from(raw).toString("latin1").replaceAll("\r", "\r\n"), "latin1");
}

async function savedHead(raw: Uint8Array): Promise<Parts> {
  const head = Buffer.from(raw.buffer, raw.byteOffset, Math.min(raw.length, HEAD_TO_SAVE));
  const lastLine = head.lastIndexOf("\n");
  const { fields } = await readParts(Buffer.concat([head.subarray(0, lastLine + 1), Buffer.from("\r\n")]));
  return { fields, leaves: [], failure: null };
}

/** Gateways that decode a body and leave its Content-Transfer-Encoding: base64 standing. */
function undoFalseBase64(raw: Uint8Array, { fields, leaves }: Parts): void {
  const [leaf] = leaves;
  if (leaf === undefined || leaves.length > 1 || leaf.fields !== fields) return;
  if (!fields.some(({ key, line }) => key === "content-transfer-encoding" && /base64/i.test(line))) return;
  const body = bodyBytes(raw);
  if (isAscii(body)) return;
  leaf.content = body;
  leaf.sha256 = "";
}

/** What follows the header's empty line. */
function bodyBytes(raw: Uint8Array): Buffer {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.length);
  const ends = ["\r\n\r\n", "\n\n"]
    .map((mark) => ({ mark, at: bytes.indexOf(mark) }))
    .filter(({ at }) => at >= 0);
  const [end] = ends.sort((a, b) => a.at - b.at);
  return end ? bytes.subarray(end.at + end.mark.length) : bytes.subarray(bytes.length);
}

/** A multipart mail whose boundary is missing or never met: all that follows the header is its text. */
function undividedBody(raw: Uint8Array, problems: MailProblem[]): Leaf[] {
  const content = bodyBytes(raw);
  const start = content.subarray(0, 64 * 1024).toString("latin1");
  if (start.trim() === "") return [];
  if (/^--/m.test(start) && /^content-type:/im.test(start))
    problems.push({ reason: "unparseable", detail: "the parts of a multipart mail could not be told apart" });
  const mediaType = /<html|<body|<div/i.test(start) ? "text/html" : "text/plain";
  return [{ fields: [], mediaType, alternative: null, parentType: "", sha256: "", content }];
}

function assemble(parts: Parts, problems: MailProblem[]): Mail {
  const charset = charsetOf(parts);
  const headers: Record<string, string[]> = Object.create(null);
  const values = new Map<string, string[]>();
  const trace: TraceField[] = [];
  for (const { key, line } of parts.fields) {
    const value = fieldValue(line, charset);
    if (key === "" || /[^!-9;-~]/.test(key)) continue;
    listed(values, key).push(value);
    const decoded = headers[key] ?? [];
    decoded.push(oneLine(decodeWords(value)));
    headers[key] = decoded;
    if (isTrace(key)) trace.push({ name: key, value });
  }
  const all = (key: string) => values.get(key) ?? [];
  const first = (key: string) => all(key)[0] ?? "";
  const addresses = (key: string) => all(key).flatMap(mailboxes);

  const body = bodyOf(parts.leaves);
  problems.push(...body.problems);
  const attached = parts.leaves.filter((leaf) => !body.leaves.has(leaf));
  const mail: Mail = {
    messageId: messageId(first("message-id")),
    inReplyTo: messageIds(first("in-reply-to")),
    references: messageIds(all("references").join(" ")),
    from: addresses("from"),
    replyTo: addresses("reply-to"),
    to: addresses("to"),
    cc: addresses("cc"),
    returnPath: values.has("return-path") ? (mailboxes(first("return-path"))[0]?.address ?? "") : null,
    subject: (headers.subject?.[0] ?? "").slice(0, 2000).toWellFormed(),
    claimedAt: claimedDate(first("date")),
    headers,
    trace,
    checked: null,
    text: body.text,
    html: body.html,
    parts: attached.map((leaf, at) => partOf(leaf, at + 1, charset, body.html)),
    bounce: null,
    problems,
  };
  if (mail.from.length !== 1 || mail.from[0]?.address === "")
    problems.push({ reason: "sender-unclear", detail: `${mail.from.length} mailboxes in From` });
  const received = all("received").length;
  if (received > MOST_RECEIVED) problems.push({ reason: "mail-loop", detail: `${received} Received fields` });
  return { ...mail, bounce: bounceOf(mail) };
}

function isTrace(key: string): key is TraceField["name"] {
  return key === "received" || key === "authentication-results";
}

function listed(values: Map<string, string[]>, key: string): string[] {
  const list = values.get(key) ?? [];
  values.set(key, list);
  return list;
}

/** What raw bytes in the header are probably written in: the charset the mail declares anywhere. */
function charsetOf(parts: Parts): string {
  for (const fields of [parts.fields, ...parts.leaves.map((leaf) => leaf.fields)]) {
    const type = fields.find((field) => field.key === "content-type");
    const charset = type ? parameters(fieldValue(type.line)).named.get("charset") : undefined;
    if (charset) return charset;
  }
  return "";
}

function partOf(leaf: Leaf, number: number, charset: string, html: string | null): MailPart {
  const value = (key: string) => {
    const field = leaf.fields.find((each) => each.key === key);
    return field ? fieldValue(field.line, charset) : "";
  };
  const disposition = value("content-disposition");
  const contentId = value("content-id").replace(/^<|>$/g, "");
  const isReferenced =
    contentId !== "" && (html?.includes(`cid:${contentId}`) || leaf.parentType === "multipart/related");
  return {
    filename: safeName(sentName(disposition, value("content-type")), leaf.mediaType, number),
    declaredType: oneLine(leaf.mediaType),
    bytes: leaf.content.length,
    sha256: leaf.sha256 || createHash("sha256").update(leaf.content).digest("hex"),
    inline: isReferenced || /^\s*inline\b/i.test(disposition),
    content: leaf.content,
  };
}
