// The text read from one attachment's bytes. Read once by content hash, however often it is sent.
import type { MailPart } from "../message/mail.ts";
import type { ReasonCode } from "../text/reason.ts";

export interface DocumentChild {
  filename: string;
  bytes: number;
  content: Uint8Array;
}

/** What one format reader hands back. */
export interface DocumentText {
  text: string;
  title: string | null;
  author: string | null;
  /** Pages, sheets or slides; null where the format has none. */
  pages: number | null;
  properties: Record<string, string>;
  children: DocumentChild[];
  warnings: string[];
}

export interface Document extends DocumentText {
  status: "read" | "held" | "ignored";
  /** Set when held or ignored. */
  reason: ReasonCode | null;
  /** By content, never by the name or the sender's claim. */
  mediaType: string;
}

/** An attachment with what was read from it. */
export interface ReadPart {
  part: Omit<MailPart, "content">;
  document: Document;
  /** Members of an archive or of an attached message, read in turn. */
  children: ReadPart[];
}

/** Raised in the reading of stored documents when the rules that made them changed. */
export const READER_VERSION = 2;

export const noText: DocumentText = {
  text: "",
  title: null,
  author: null,
  pages: null,
  properties: {},
  children: [],
  warnings: [],
};

export function heldDocument(mediaType: string, reason: ReasonCode, warnings: string[] = []): Document {
  return { ...noText, status: "held", reason, mediaType, warnings };
}

export function ignoredDocument(mediaType: string, reason: ReasonCode): Document {
  return { ...noText, status: "ignored", reason, mediaType };
}
