// The text read from one attachment's bytes. Read once by content hash, however often it is sent.
import type { MailPart } from "../message/mail.ts";
import type { ReasonCode } from "../text/reason.ts";

export interface DocumentChild {
  filename: string;
  bytes: number;
  content: Uint8Array;
  /** Why its content could not be had although the files beside it could; else its content is read in turn. */
  reason?: ReasonCode;
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
  /** How many files were found inside: they are not stored with the text, so that it has to be opened again for them. */
  members: number;
  warnings: string[];
  /** Pages or pictures that recognition (OCR) may yet read; 0 in most documents, and in all once it was tried. */
  unrecognised: number;
  /** How sure recognition was of what it read, 0 to 1; null where nothing was recognised. */
  confidence: number | null;
  /** Pages that were read where a limit left some out; null: all were. */
  pagesRead: number | null;
}

/** A picture of words: a file as it was sent or embedded, or pixels as drawn (RGBA, row by row). */
export type Picture = { encoded: Uint8Array } | { pixels: Uint8ClampedArray; width: number; height: number };

export interface Recognised {
  /** Lines in reading order; empty where there are no words. */
  text: string;
  /** 0 to 1; null where there are no words. */
  confidence: number | null;
}

/** Reads the words of one picture. Rejects with `Unreadable` where it is damaged or too large. */
export type Recognise = (picture: Picture) => Promise<Recognised>;

/** What a format reader may use besides the bytes. */
export interface Aids {
  /** Null in the first reading: the reader then counts what is `unrecognised`, and is asked again elsewhere. */
  recognise: Recognise | null;
}

/** One format's reader: throws `Unreadable` with the reason it knows, or anything where the bytes are damaged. */
export type FormatReader = (bytes: Uint8Array, aids: Aids) => Promise<DocumentText>;

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
export const READER_VERSION = 4;

export const noText: DocumentText = {
  text: "",
  title: null,
  author: null,
  pages: null,
  properties: {},
  children: [],
  members: 0,
  warnings: [],
  unrecognised: 0,
  confidence: null,
  pagesRead: null,
};

export function heldDocument(mediaType: string, reason: ReasonCode, warnings: string[] = []): Document {
  return { ...noText, status: "held", reason, mediaType, warnings };
}

export function ignoredDocument(mediaType: string, reason: ReasonCode): Document {
  return { ...noText, status: "ignored", reason, mediaType };
}
