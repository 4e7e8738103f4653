// A parsed mail's parts → documents: each content read once, what is known not at all, mails and archives entered.

import { createHash } from "node:crypto";
import { crashPoint } from "../crash-point.ts";
import {
  type Document,
  type DocumentChild,
  heldDocument,
  noText,
  type ReadPart,
} from "../document/document.ts";
import { UNKNOWN } from "../document/media-types.ts";
import { isMessage } from "../document/sniff-text.ts";
import type { Mail, MailPart } from "../message/mail.ts";
import type { ReasonCode } from "../text/reason.ts";
import { underItsName } from "./misnamed.ts";
import type { Reader } from "./reader.ts";
import { type Progress, pagesToRecognise, recogniseDocument } from "./recognise.ts";

/** A mail in a mail in a mail, or an archive in one in one, is still read; deeper ones are somebody's experiment. */
const MAX_DEPTH = 3;
/** Archives in archives multiply, so that what one mail's may hold is counted together (R19). */
const MAX_MEMBERS = 2_000;
const MAX_MEMBER_BYTES = 200 * 1024 * 1024;
/** Every document that kills its child costs two minutes; two thousand in one archive would cost a weekend. */
const MAX_LOST = 3;

/** What is kept for recognition at one time; the rest of the mail follows when that is done. */
const MAX_AWAITED = { pages: 100, bytes: 32 * 1024 * 1024 };

export interface ReadParts {
  parts: ReadPart[];
  /** Documents read now, by SHA-256: to be kept for the next mail that brings them. */
  fresh: Map<string, Document>;
  /** What must be recognised before the mail can be understood; [] where it was recognised at once. */
  awaited: Awaited[];
}

/** A document whose words only recognition can read, and its bytes. */
export interface Awaited {
  filename: string;
  sha256: string;
  inline: boolean;
  pages: number;
  content: Uint8Array;
}

/** Recognise in the same call, and tell how far it is. */
export type RecogniseNow = (part: Omit<MailPart, "content">, progress: Progress) => void;

/**
 * `known` answers which contents were read before; it is asked once for each level of attached mails and archives.
 * Without `now` nothing is recognised: what should be is returned.
 */
export async function readParts(
  mail: Mail,
  reader: Reader,
  known: (sha256: string[]) => Promise<Map<string, Document>>,
  now: RecogniseNow | null = null,
): Promise<ReadParts> {
  const fresh = new Map<string, Document>();
  const room = { members: MAX_MEMBERS, bytes: MAX_MEMBER_BYTES };
  const awaited = new Map<string, Awaited>();
  const reading: Reading = { reader, known, now, fresh, awaited, pending: new Map(), room, lost: [] };
  const parts = await sideBySide(mail.parts, reading, 0);
  return { parts, fresh, awaited: [...awaited.values()] };
}

interface Reading {
  reader: Reader;
  known: (sha256: string[]) => Promise<Map<string, Document>>;
  now: RecogniseNow | null;
  fresh: Map<string, Document>;
  awaited: Map<string, Awaited>;
  /** Contents being read: the same file attached twice waits for the first. */
  pending: Map<string, Promise<Document>>;
  /** What archives may still hold. */
  room: { members: number; bytes: number };
  /** Why documents of this mail were lost with their children. */
  lost: ReasonCode[];
}

/** What is to be read of each part, not begun yet: the parts of a mail go side by side, those of an archive in turn. */
async function levelOf(
  parts: MailPart[],
  reading: Reading,
  depth: number,
): Promise<(() => Promise<ReadPart>)[]> {
  const documents = parts.filter((part) => !isAttachedMail(part));
  const hashes = [...new Set(documents.map((part) => part.sha256))];
  const stored = hashes.length > 0 ? await reading.known(hashes) : new Map<string, Document>();
  return parts.map((part) => async () => {
    const { content, ...facts } = part;
    if (isAttachedMail(part)) return readMessage(facts, content, reading, depth);
    const before = stored.get(part.sha256);
    // What a document holds is not stored with it: it is opened again, and its members are known.
    if (before && before.members === 0) {
      const document = await withWordsInPictures(part, before, reading);
      return { part: facts, document: underItsName(facts.filename, document), children: [] };
    }
    const document = await readOnce(part, before, reading);
    if (document.children.length === 0)
      return { part: facts, document: underItsName(facts.filename, document), children: [] };
    const read = await readMembers(part.sha256, document, reading, depth);
    reading.fresh.set(part.sha256, read.document);
    return { part: facts, ...read };
  });
}

async function sideBySide(parts: MailPart[], reading: Reading, depth: number): Promise<ReadPart[]> {
  return Promise.all((await levelOf(parts, reading, depth)).map((read) => read()));
}

async function inTurn(parts: MailPart[], reading: Reading, depth: number): Promise<ReadPart[]> {
  const result: ReadPart[] = [];
  for (const read of await levelOf(parts, reading, depth)) result.push(await read());
  return result;
}

/** Once a content; a picture may be decoration where the body shows it and a page where it is attached. */
function readOnce(part: MailPart, before: Document | undefined, reading: Reading): Promise<Document> {
  const { reader, fresh, pending, lost } = reading;
  const key = `${part.sha256}/${part.inline}`;
  const begun = pending.get(key);
  if (begun) return begun;
  const [reason] = lost;
  if (reason && lost.length >= MAX_LOST) {
    const detail = "not tried: other documents of this mail were already too much";
    return Promise.resolve(heldDocument(UNKNOWN, reason, [detail]));
  }
  const document = reader.readDocument(part.content, { inline: part.inline }).then((first) => {
    // Opened for its members only: what its pictures say is known, or that they say nothing.
    if (before?.unrecognised === 0 && first.unrecognised > 0) return { ...before, children: first.children };
    return withWordsInPictures(part, first, reading);
  });
  pending.set(key, document);
  void document.then((read) => {
    crashPoint("attachment-read");
    if (!fresh.has(part.sha256) || !part.inline) fresh.set(part.sha256, { ...read, children: [] });
    if (read.reason === "too-slow" || read.reason === "too-much-memory") lost.push(read.reason);
    // An archive's contents go as soon as they are read; who brings it again has it opened again.
    if (read.children.length > 0) pending.delete(key);
  });
  return document;
}

/** Recognised now, or noted for later; a document that needs neither comes back as it is. */
async function withWordsInPictures(part: MailPart, first: Document, reading: Reading): Promise<Document> {
  if (first.unrecognised === 0) return first;
  const { content, ...facts } = part;
  const { now, awaited } = reading;
  const { inline, filename, sha256 } = facts;
  if (now) {
    return recogniseDocument({ content, inline, first }, reading.reader, (progress) => now(facts, progress));
  }
  const all = [...awaited.values()];
  const pages = all.reduce((sum, one) => sum + one.pages, 0);
  const bytes = all.reduce((sum, one) => sum + one.content.length, 0);
  if (all.length === 0 || (pages < MAX_AWAITED.pages && bytes < MAX_AWAITED.bytes))
    awaited.set(sha256, { filename, sha256, inline, pages: pagesToRecognise(first), content });
  return first;
}

/** Forwarded as an attachment: its body is the text, its own attachments are the children. */
async function readMessage(
  part: Omit<MailPart, "content">,
  content: Uint8Array,
  reading: Reading,
  depth: number,
): Promise<ReadPart> {
  if (depth >= MAX_DEPTH) {
    return {
      part,
      document: heldDocument("message/rfc822", "format-unsupported", ["nested too deeply"]),
      children: [],
    };
  }
  const [mail] = await reading.reader.readMails([content]);
  const fatal = mail?.problems.find(({ reason }) =>
    /^(too-slow|too-much-memory|reader-failed)$/.test(reason),
  );
  if (!mail || fatal) {
    const document = heldDocument(
      "message/rfc822",
      fatal?.reason ?? "reader-failed",
      fatal ? [fatal.detail] : [],
    );
    return { part, document, children: [] };
  }
  const document: Document = {
    ...noText,
    status: "read",
    reason: null,
    mediaType: "message/rfc822",
    text: mail.text,
    title: mail.subject || null,
    author: mail.from[0]?.name || mail.from[0]?.address || null,
    warnings: mail.problems.map(({ detail }) => detail),
  };
  return { part, document, children: await sideBySide(mail.parts, reading, depth + 1) };
}

/**
 * What a document holds, read like attachments of its own. One with words of its own is what they are; a mere
 * container counts as read when one of its members was.
 */
async function readMembers(
  sha256: string,
  holder: Document,
  reading: Reading,
  depth: number,
): Promise<Pick<ReadPart, "document" | "children">> {
  const { mediaType, children: members, warnings } = holder;
  const held = (reason: ReasonCode, ...details: string[]): Document => {
    if (holder.text !== "") return { ...holder, children: [], warnings: [...warnings, ...details] };
    const { unrecognised } = holder;
    return {
      ...heldDocument(mediaType, reason, [...warnings, ...details]),
      members: members.length,
      unrecognised,
    };
  };
  const tooLarge = (detail: string) => ({ document: held("too-large", detail), children: [] });
  if (depth >= MAX_DEPTH) return tooLarge(`files nested more than ${MAX_DEPTH} deep`);
  reading.room.members -= members.length;
  for (const { bytes } of members) reading.room.bytes -= bytes;
  if (reading.room.members < 0 || reading.room.bytes < 0)
    return tooLarge("the archives of this mail hold more than is read of one mail");
  const whole = members.filter(({ reason }) => !reason);
  const read = (await inTurn(whole.map(memberPart), reading, depth + 1)).values();
  const children = members.map((member, at) =>
    member.reason ? heldMember(member, member.reason, `${sha256}/${at}`) : (read.next().value as ReadPart),
  );
  const isRead = children.some((child) => child.document.status === "read");
  if (isRead) return { document: { ...holder, children: [] }, children };
  const reasons = children.flatMap(({ document }) =>
    document.status === "held" && document.reason ? [document.reason] : [],
  );
  // Nothing in one file is not what the sender has to know of the locked one beside it.
  const [reason = reasons[0] ?? "no-text"] = reasons.filter(
    (one) => one !== "empty-file" && one !== "no-text",
  );
  return { document: held(reason), children };
}

/** There are no bytes to know it by again: it is known by its place. */
function heldMember({ filename, bytes }: DocumentChild, reason: ReasonCode, place: string): ReadPart {
  const sha256 = createHash("sha256").update(place).digest("hex");
  const part = { filename, declaredType: UNKNOWN, bytes, sha256, inline: false };
  return { part, document: heldDocument(UNKNOWN, reason), children: [] };
}

function memberPart({ filename, bytes, content }: DocumentChild): MailPart {
  const sha256 = createHash("sha256").update(content).digest("hex");
  return { filename, declaredType: UNKNOWN, bytes, sha256, inline: false, content };
}

/** Some programs attach a saved .eml as a plain file. */
function isAttachedMail(part: MailPart): boolean {
  return part.declaredType === "message/rfc822" || isMessage(part.content);
}
