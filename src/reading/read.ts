// A parsed mail's parts → documents: each content read once, what is already known not at all, attached mails entered.
import { createHash } from "node:crypto";
import {
  type Document,
  type DocumentChild,
  heldDocument,
  noText,
  type ReadPart,
} from "../document/document.ts";
import { isMessage } from "../document/sniff.ts";
import type { Mail, MailPart } from "../message/mail.ts";
import type { Reader } from "./reader.ts";

/** A mail in a mail in a mail is still read; deeper ones are somebody's experiment. */
const MAX_DEPTH = 3;

export interface ReadParts {
  parts: ReadPart[];
  /** Documents read now, by SHA-256: to be kept for the next mail that brings them. */
  fresh: Map<string, Document>;
}

/** `known` answers which contents were read before; it is asked once for each level of attached mails. */
export async function readParts(
  mail: Mail,
  reader: Reader,
  known: (sha256: string[]) => Promise<Map<string, Document>>,
): Promise<ReadParts> {
  const fresh = new Map<string, Document>();
  const parts = await readLevel(mail.parts, { reader, known, fresh, pending: new Map() }, 0);
  return { parts, fresh };
}

interface Reading {
  reader: Reader;
  known: (sha256: string[]) => Promise<Map<string, Document>>;
  fresh: Map<string, Document>;
  /** Contents being read: the same file attached twice waits for the first. */
  pending: Map<string, Promise<Document>>;
}

async function readLevel(parts: MailPart[], reading: Reading, depth: number): Promise<ReadPart[]> {
  const documents = parts.filter((part) => !isAttachedMail(part));
  const hashes = [...new Set(documents.map((part) => part.sha256))];
  const stored = hashes.length > 0 ? await reading.known(hashes) : new Map<string, Document>();
  return Promise.all(
    parts.map(async (part): Promise<ReadPart> => {
      const { content, ...facts } = part;
      if (isAttachedMail(part)) return readMessage(facts, content, reading, depth);
      const document = stored.get(part.sha256) ?? (await readOnce(part, reading));
      return { part: facts, document, children: await readMembers(document.children, reading, depth) };
    }),
  );
}

/** A small picture is decoration whether shown inline or not, but a large one is only so when inline. */
function readOnce(part: MailPart, { reader, fresh, pending }: Reading): Promise<Document> {
  const key = `${part.sha256}/${part.inline}`;
  let document = pending.get(key);
  if (!document) {
    document = reader.readDocument(part.content, { inline: part.inline });
    pending.set(key, document);
    void document.then((read) => {
      if (!fresh.has(part.sha256) || !part.inline) fresh.set(part.sha256, read);
    });
  }
  return document;
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
  return { part, document, children: await readLevel(mail.parts, reading, depth + 1) };
}

/** Members of an archive, read like attachments of their own. */
function readMembers(members: DocumentChild[], reading: Reading, depth: number): Promise<ReadPart[]> {
  if (members.length === 0 || depth >= MAX_DEPTH) return Promise.resolve([]);
  const parts = members.map(({ filename, bytes, content }): MailPart => {
    const sha256 = createHash("sha256").update(content).digest("hex");
    return { filename, declaredType: "application/octet-stream", bytes, sha256, inline: false, content };
  });
  return readLevel(parts, reading, depth + 1);
}

/** Some programs attach a saved .eml as a plain file. */
function isAttachedMail(part: MailPart): boolean {
  return part.declaredType === "message/rfc822" || isMessage(part.content);
}
