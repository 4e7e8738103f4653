// What an answer says of the attachments: how much was read of each, why one was not, and which are to be sent again.
import type { Locale } from "../../campaign/campaign.ts";
import { amountOf, amountWords, clearerCopyWords, restWords } from "../../document/amount.ts";
import type { Document, ReadPart } from "../../document/document.ts";
import { isIllustration } from "../../document/kinds.ts";
import { reasonWords } from "../../text/reason.ts";
import { asLine } from "../render.ts";

/** The texts that were read and taken for something. */
type Drafts = readonly { text: string }[];

/**
 * The files that could not be read and are missed. One locked file in an archive whose others were read is told of
 * beside it; it is asked for where something else (`asked`) is, so that "one thing is missing" is true.
 */
export function toSendAgain(parts: ReadPart[], drafts: Drafts, asked: boolean): ReadPart[] {
  const isHeld = parts.some(({ document }) => document.status === "held");
  if (!asked && !isHeld) return [];
  const missed = parts.flatMap(unreadableIn).filter((part) => !isOnlyShown(part, drafts));
  // Nobody can send a recording "in a readable version": it is asked about only where nothing else is.
  const papers = missed.filter(({ document }) => document.reason !== "media");
  return papers.length > 0 ? papers : missed;
}

function unreadableIn(part: ReadPart): ReadPart[] {
  const within = part.children.flatMap(unreadableIn);
  if (within.length > 0) return within;
  return part.document.status === "held" ? [part] : [];
}

/** A photograph of the event, a recording: beside a text that was read nobody is asked for its words. */
function isOnlyShown({ document, children }: ReadPart, drafts: Drafts): boolean {
  if (document.status === "held" && children.length > 0)
    return children.every((child) => child.document.status === "ignored" || isOnlyShown(child, drafts));
  return isIllustration(document) && drafts.some(({ text }) => text.trim() !== "");
}

interface AttachmentView {
  name: string;
  indent: string;
  status: "read" | "held";
  /** "3 页，1,240 字"; "" where nothing was counted. */
  amount: string;
  /** Why it could not be read and what to do, or that a clearer copy would help. */
  words: string;
}

/** One line an attachment; archive members follow their archive, indented. Decorations are not mentioned. */
export function attachmentViews(parts: ReadPart[], drafts: Drafts, locale: Locale): AttachmentView[] {
  return parts.flatMap((part) => partViews(part, drafts, locale, 0));
}

function partViews(part: ReadPart, drafts: Drafts, locale: Locale, depth: number): AttachmentView[] {
  const { document, children } = part;
  if (document.status === "ignored" || depth > 3) return [];
  const shown = isOnlyShown(part, drafts) ? shownWords(part, locale) : "";
  const line: AttachmentView = {
    name: asLine(part.part.filename, 120),
    indent: "  ".repeat(depth),
    status: shown === "" ? document.status : "read",
    amount: shown || amountWords(amountOf(document), locale) || membersWords(children.length, locale),
    words: shown === "" ? adviceOn(document, locale) : "",
  };
  return [line, ...children.flatMap((child) => partViews(child, drafts, locale, depth + 1))];
}

function shownWords({ document, children }: ReadPart, locale: Locale): string {
  if (children.length > 0) return membersWords(children.length, locale);
  if (document.reason === "media")
    return locale === "zh-CN" ? "音视频，已保存，不作文字读取" : "audio or video, kept as it is";
  return locale === "zh-CN"
    ? "图片，已保存，其中没有读出文字（如是扫描的文字材料，请另附 Word 文件）"
    : "picture, kept; no words were found in it (if it is a scanned text, please send the Word file too)";
}

function membersWords(files: number, locale: Locale): string {
  if (files === 0) return "";
  return locale === "zh-CN"
    ? `已打开，内有 ${files} 个文件`
    : `opened: ${files} ${files === 1 ? "file" : "files"}`;
}

function adviceOn(document: Document, locale: Locale): string {
  if (document.reason) return reasonWords(document.reason, locale).sender;
  const words = [restWords(document, locale), clearerCopyWords(document, locale)];
  return words.filter(Boolean).join(locale === "zh-CN" ? "" : " ");
}
