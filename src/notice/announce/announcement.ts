// What is announced: a plan as a file, what it is called, and the words of it that stand in the mail's body.
import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { basename, extname } from "node:path";
import type { Locale } from "../../campaign/campaign.ts";
import { DOC, DOCX, PDF, UNKNOWN, XLS, XLSX, ZIP } from "../../document/media-types.ts";
import { asLine } from "../render.ts";

export interface Announcement {
  /** Tells one announcement of a campaign from another; part of the key of its notices. */
  name: string;
  subject: string;
  filename: string;
  mediaType: string;
  /** Hex, of the plan's bytes. */
  sha256: string;
  /** The plan in words, to be read in the mail itself; "": only the attachment has it. */
  text: string;
}

export interface Plan {
  announcement: Announcement;
  bytes: Buffer;
}

/** The one that is meant where nobody gives a name. */
export const DEFAULT_NAME = "1";
/** Many servers take no more than 20 MB, and what is attached grows by a third. */
export const PLAN_BYTES_MAX = 15_000_000;
/** A longer plan is read in its attachment. */
const TEXT_CHARACTERS_MAX = 20_000;

export interface PlanFacts {
  name: string;
  /** Of the file as it lies on the disk. */
  path: string;
  bytes: Buffer;
  /** The plan's words where there are any beside its bytes. */
  text: string | null;
  subject: string | null;
  locale: Locale;
}

export function planOf({ name, path, bytes, text, subject, locale }: PlanFacts): Plan {
  const words = (text ?? "").replace(/\r\n?/g, "\n").trim();
  const extension = extname(path).toLowerCase();
  const title = subject ?? titleIn(words) ?? basename(path, extname(path));
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const announcement = {
    name,
    subject: asLine(title, 120),
    filename: attachmentName(basename(path), asLine(title, 60), locale),
    mediaType: isText(extension)
      ? `text/plain; charset=${charsetOf(bytes)}`
      : (mediaTypes[extension] ?? UNKNOWN),
    sha256,
    text: words.length > TEXT_CHARACTERS_MAX ? "" : words,
  };
  return { announcement, bytes };
}

/** A heading is a short line that ends no sentence. */
function titleIn(text: string): string | null {
  const [first = ""] = text.split("\n", 1);
  const line = first.replace(/^#+\s*/, "").trim();
  return line !== "" && [...line].length <= 60 && !/[。；！.;!]$/u.test(line) ? line : null;
}

/** "announcement.txt" says nothing to a Chinese reader: there the file is called as the plan is. */
function attachmentName(file: string, title: string, locale: Locale): string {
  const extension = extname(file);
  const name = locale === "zh-CN" && !/\p{Script=Han}/u.test(file) ? `${title}${extension}` : file;
  // What Windows has no place for in a file's name (R64).
  return (
    name
      .replace(/[\\/:*?"<>|\u0000-\u001f]/gu, " ")
      .replace(/^[.\s]+/u, "")
      .trim() || `plan${extension}`
  );
}

/** Plans whose bytes are their words. */
export const isText = (extension: string): boolean => extension === ".txt" || extension === ".md";

/** A text file is sent as it was saved, which on a Chinese Windows is not always UTF-8. */
function charsetOf(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  return isUtf8(bytes) ? "utf-8" : "gb18030";
}

const mediaTypes: Record<string, string> = {
  ".pdf": PDF,
  ".doc": DOC,
  ".docx": DOCX,
  ".xls": XLS,
  ".xlsx": XLSX,
  ".zip": ZIP,
  ".wps": "application/vnd.ms-works",
  ".ofd": "application/ofd",
};

/** What makes two announcements different ones. */
export type Difference = "file" | "subject" | "text";

/** In what two announcements of one name differ; null: in nothing. */
export function differenceOf(one: Announcement, other: Announcement): Difference | null {
  if (one.sha256 !== other.sha256) return "file";
  if (one.subject !== other.subject) return "subject";
  return one.text === other.text ? null : "text";
}
