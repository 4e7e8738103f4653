// What the service and a reading child say to each other, and how large contents travel beside the messages.
import { randomUUID } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Document } from "../document/document.ts";
import type { Mail, SenderResult } from "../message/mail.ts";
import type { NameAsked } from "./dns.ts";
import type { MailToCheck } from "./sender-check.ts";

/** Bytes in the message itself, or in a file of the children's private folder, which whoever reads it removes. */
export type Payload = Uint8Array | { file: string };

export type Request =
  | { kind: "mails"; raws: Payload[] }
  /** Who really sent them. */
  | { kind: "senders"; raws: Payload[]; mails: MailToCheck[] }
  | { kind: "document"; content: Payload; hints: { inline: boolean } }
  /** The same reading, with the engine that recognises words in pictures. */
  | { kind: "recognise"; content: Payload; hints: { inline: boolean } }
  /** Loads that engine and does nothing with it: whether it is there at all. */
  | { kind: "load" };

/** What ends a request. */
export type Answer =
  | { kind: "mails"; mails: Mail[]; contents: SetAside[] }
  | { kind: "senders"; results: SenderResult[][] }
  | { kind: "document"; document: Document; contents: SetAside[] }
  | { kind: "loaded" };

/** What a child says: that it is up, what it was given, how far it is (pictures so far), or the answer. */
export type Said =
  | { kind: "ready" }
  /** Said before the document is read: should that end the child, it is known what did. */
  | { kind: "sniffed"; mediaType: string }
  | { kind: "progress"; done: number }
  /** A name to be looked up meanwhile. */
  | ({ kind: "asks" } & NameAsked)
  | Answer;

/** One of an answer's contents, by its place among them, which the message has no room for. */
export interface SetAside {
  at: number;
  payload: Payload;
}

/** What was found inside: a mail's parts, an archive's members. */
export function foundInside(found: { mails: Mail[] } | { document: Document }): { content: Uint8Array }[] {
  return "mails" in found ? found.mails.flatMap(({ parts }) => parts) : found.document.children;
}

/** Above this a message would be copied three times on its way; a file costs each side one copy. */
export const LARGEST_IN_MESSAGE_BYTES = 1024 * 1024;

export async function pack(content: Uint8Array, folder: string): Promise<Payload> {
  return content.length <= LARGEST_IN_MESSAGE_BYTES ? content : store(content, folder);
}

export async function store(content: Uint8Array, folder: string): Promise<Payload> {
  const file = join(folder, randomUUID());
  await writeFile(file, content, { mode: 0o600 });
  return { file };
}

export async function unpack(payload: Payload): Promise<Uint8Array> {
  if (payload instanceof Uint8Array) return payload;
  const content = await readFile(payload.file);
  await rm(payload.file, { force: true });
  return content;
}

/** The contents that travelled beside the answer take their places again. */
export async function putBack(answer: Extract<Answer, { contents: unknown }>): Promise<void> {
  const inside = foundInside(answer);
  for (const { at, payload } of answer.contents) {
    const found = inside[at];
    if (found) found.content = await unpack(payload);
  }
}

/** Removes what a request left lying when its child went. */
export async function discard(request: Request): Promise<void> {
  if (request.kind === "load") return;
  for (const payload of "raws" in request ? request.raws : [request.content])
    if (!(payload instanceof Uint8Array)) await rm(payload.file, { force: true });
}
