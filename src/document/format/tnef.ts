// winmail.dat ([MS-OXTNEF]): what Outlook wraps a mail's rich text and attachments in when it writes to Outlook.
import { decodeText } from "../../message/charset.ts";
import { safeName } from "../../message/filename.ts";
import { htmlText, LONGEST_HTML } from "../../message/html.ts";
import { isCompoundFile } from "../compound.ts";
import { type DocumentChild, type DocumentText, noText } from "../document.ts";
import { sniff } from "../sniff.ts";
import { Unreadable } from "../unreadable.ts";
import { encodingOfCodePage } from "./code-page.ts";
import { asMail } from "./msg-mail.ts";
import { wordsOfPackedRtf } from "./msg-rtf.ts";
import { TnefBytes, type TnefProperties } from "./tnef-properties.ts";

const SIGNATURE = 0x223e9f78;
/** Attributes (§2.1.3.2). */
const CODE_PAGE = 0x00069007;
const SUBJECT = 0x00018004;
const BODY = 0x0002800c;
const MESSAGE_PROPERTIES = 0x00069003;
const ATTACHMENT_BEGINS = 0x00069002;
const ATTACHMENT_TITLE = 0x00018010;
const ATTACHMENT_DATA = 0x0006800f;
const ATTACHMENT_PROPERTIES = 0x00069005;
/** Properties ([MS-OXPROPS]). */
const PLAIN_SUBJECT = 0x0037;
const SENDER_NAME = 0x0c1a;
const SENDER_ADDRESSES = [0x5d01, 0x0c1f];
const PLAIN_BODY = 0x1000;
const PACKED_RTF = 0x1009;
const HTML = 0x1013;
const CONTENT = 0x3701;
const FILENAMES = [0x3707, 0x3704, 0x3001];
/** An object begins with the identifier of its kind; a message within is a stream of this same format (§2.1.3.4). */
const OBJECT_KIND_BYTES = 16;
const MAX_ATTACHMENTS = 500;
const MAX_DEPTH = 3;

interface Attachment {
  title: Buffer | null;
  data: Buffer | null;
  properties: TnefProperties | null;
}

interface Message {
  charset: string;
  subject: string;
  body: Buffer | null;
  properties: TnefProperties | null;
  attachments: Attachment[];
  isCut: boolean;
}

export async function readTnef(bytes: Uint8Array): Promise<DocumentText> {
  const warnings: string[] = [];
  const message = messageIn(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  if (message.isCut) warnings.push("the file is cut short");
  const children = childrenOf(message, 1, warnings);
  const text = bodyOf(message, warnings);
  if (message.isCut && text === "" && children.length === 0)
    throw new Unreadable("corrupt", "cut short before any content");
  return { ...noText, text, title: subjectOf(message) || null, children, warnings };
}

function messageIn(file: Buffer): Message {
  const message: Message = {
    charset: "",
    subject: "",
    body: null,
    properties: null,
    attachments: [],
    isCut: false,
  };
  if (file.length < 6 || file.readUInt32LE(0) !== SIGNATURE)
    throw new Unreadable("corrupt", "no TNEF stream");
  const subjects: Buffer[] = [];
  for (let at = 6; at < file.length; ) {
    if (at + 9 > file.length) {
      message.isCut = true;
      break;
    }
    const id = file.readUInt32LE(at + 1);
    const length = file.readUInt32LE(at + 5);
    const data = file.subarray(at + 9, at + 9 + length);
    message.isCut ||= data.length < length;
    at += 9 + length + 2;
    const attachment = message.attachments.at(-1);
    if (id === CODE_PAGE && data.length >= 4) message.charset = encodingOfCodePage(data.readUInt32LE(0));
    else if (id === SUBJECT) subjects.push(data);
    else if (id === BODY) message.body = data;
    else if (id === MESSAGE_PROPERTIES) message.properties = new TnefBytes(data).properties();
    else if (id === ATTACHMENT_BEGINS && message.attachments.length < MAX_ATTACHMENTS)
      message.attachments.push({ title: null, data: null, properties: null });
    else if (attachment && id === ATTACHMENT_TITLE) attachment.title = data;
    else if (attachment && id === ATTACHMENT_DATA) attachment.data = data;
    else if (attachment && id === ATTACHMENT_PROPERTIES)
      attachment.properties = new TnefBytes(data).properties();
  }
  message.subject = subjects[0] ? narrow(subjects[0], message.charset) : "";
  return message;
}

function subjectOf(message: Message): string {
  return (message.properties?.text(PLAIN_SUBJECT, message.charset) || message.subject).trim();
}

/** Plain, else from the web page, else from the rich text, which may itself wrap the web page. */
function bodyOf({ properties, body, charset }: Message, warnings: string[]): string {
  const plain = properties?.text(PLAIN_BODY, charset) || (body ? narrow(body, charset) : "");
  if (plain.trim() !== "") return plain;
  const html = properties?.binary(HTML);
  if (html && html.length > 0) return htmlText(decodeText(html, charset).slice(0, LONGEST_HTML));
  const packed = properties?.binary(PACKED_RTF);
  return packed ? wordsOfPackedRtf(packed, warnings) : "";
}

function childrenOf(message: Message, depth: number, warnings: string[]): DocumentChild[] {
  return message.attachments.flatMap((attachment, at) => {
    const { title, data, properties } = attachment;
    const written =
      FILENAMES.map((id) => properties?.text(id, message.charset).trim()).find(Boolean) ??
      (title ? narrow(title, message.charset).trim() : "");
    const object = properties?.object(CONTENT)?.subarray(OBJECT_KIND_BYTES);
    if (object && object.length >= 6 && object.readUInt32LE(0) === SIGNATURE)
      return messageWithin(object, written, at + 1, depth, warnings);
    const content = data && data.length > 0 ? data : (embedded(object) ?? properties?.binary(CONTENT));
    if (!content || content.length === 0) return [];
    return [{ filename: safeName(written, sniff(content), at + 1), bytes: content.length, content }];
  });
}

/** A workbook or a drawing put into the text: most of these objects are pictures that no program names. */
function embedded(object: Buffer | undefined): Buffer | null {
  return object && isCompoundFile(object) && sniff(object) !== "application/x-ole-storage" ? object : null;
}

function messageWithin(
  stream: Buffer,
  name: string,
  number: number,
  depth: number,
  warnings: string[],
): DocumentChild[] {
  if (depth >= MAX_DEPTH) {
    warnings.push("messages nested more deeply are left out");
    return [];
  }
  const inner = messageIn(stream);
  const text = (ids: number[]) =>
    ids.map((id) => inner.properties?.text(id, inner.charset).trim()).find(Boolean) ?? "";
  const content = asMail({
    subject: subjectOf(inner),
    senderName: text([SENDER_NAME]),
    senderAddress: text(SENDER_ADDRESSES),
    body: bodyOf(inner, warnings),
    attachments: childrenOf(inner, depth + 1, warnings),
  });
  const called = name || subjectOf(inner);
  const filename = safeName(called && `${called}.eml`, "message/rfc822", number);
  return [{ filename, bytes: content.length, content }];
}

function narrow(bytes: Buffer, charset: string): string {
  return decodeText(bytes, charset).replace(/\0[\s\S]*$/, "");
}
