// A text as paragraphs: headings, addressee, closing lines and tables are told by how Chinese offices write them. Pure.
import { plainText } from "../../sheet/cell.ts";
import type { Block } from "./book.ts";

/** Word lays out a paragraph as one piece: a megabyte of it would stop the program that opens the book. */
const PARAGRAPH_CHARACTERS = 4_000;

const HEADING = /^(?:第[一二三四五六七八九十百]+[章节部分]|[一二三四五六七八九十百]+[、．.])\s*\S/;
const SUBHEADING = /^[（(][一二三四五六七八九十百]+[）)]\s*\S/;
/** A heading ends without a full stop and is no longer than two lines of the book. */
const HEADING_CHARACTERS = 48;
const DATE =
  /^(?:\d{4}|[〇○零一二三四五六七八九]{4})\s*年\s*[\d一二三四五六七八九十]{1,3}\s*月(?:\s*[\d一二三四五六七八九十]{1,3}\s*日)?$|^\d{4}[-./]\d{1,2}[-./]\d{1,2}$|^\d{1,2} [A-Z][a-z]+ \d{4}$/;

/** `title` is left out where the text begins with it. */
export function blocksOf(text: string, title: string): Block[] {
  const lines = legible(text)
    .split("\n")
    .map((line) => line.replace(/^[\s\u3000]+|[\s\u3000]+$/g, (blank) => (blank.includes("\t") ? "\t" : "")))
    .map((line) => (line.trim() === "" ? "" : line));
  while (lines[0] === "") lines.shift();
  if (lines[0] !== undefined && sameWords(lines[0], title)) lines.shift();
  const written = lines.filter((line) => line !== "");
  const closingFrom = closingLines(written);
  const blocks: Block[] = [];
  for (let at = 0; at < written.length; at++) {
    const rows = tableAt(written, at);
    if (rows.length > 0) {
      blocks.push({ kind: "table", rows });
      at += rows.length - 1;
      continue;
    }
    const line = (written[at] as string).replace(/\t+/g, " ").trim();
    if (line === "") continue;
    if (at >= closingFrom) blocks.push({ kind: "closing", text: line });
    else for (const part of inParts(line)) blocks.push({ kind: kindOf(part, at), text: part });
  }
  return blocks;
}

/** One line of a title or a name, safe to stand anywhere. */
export function lineOf(text: string): string {
  return legible(text).replace(/\s+/g, " ").trim();
}

/** What Word cannot hold, and marks that would turn the rest of the page around, left out. */
function legible(text: string): string {
  return plainText(text)
    .replace(/[\u202a-\u202e\u2066-\u2069\ufeff]/g, "")
    .replace(/[\u2028\u2029\u0085]/g, "\n");
}

function kindOf(line: string, at: number): "text" | "addressee" | "heading" | "subheading" {
  const isShort =
    line.length <= HEADING_CHARACTERS && !/[。！？；;!?，,：:]$/.test(line) && !line.includes("。");
  if (isShort && HEADING.test(line)) return "heading";
  if (isShort && SUBHEADING.test(line)) return "subheading";
  return at < 2 && line.length <= 30 && /[：:]$/.test(line) ? "addressee" : "text";
}

/** From which line on only whose it is and when stands: a date last, and at most two short lines before it. */
function closingLines(lines: string[]): number {
  const last = lines.length - 1;
  if (last < 2 || !DATE.test((lines[last] as string).trim())) return lines.length;
  let from = last;
  while (from > 1 && last - from < 2 && isName(lines[from - 1] as string)) from -= 1;
  return from;
}

function isName(line: string): boolean {
  return (
    line.length <= 24 && !/[。！？；：，,.!?;:]/.test(line) && !HEADING.test(line) && !SUBHEADING.test(line)
  );
}

/** Lines one after another with as many cells: what a table of an attachment became. */
function tableAt(lines: string[], from: number): string[][] {
  const cells = (line: string | undefined) => (line === undefined ? 0 : line.split("\t").length);
  const columns = cells(lines[from]);
  if (columns < 2 || columns > 12) return [];
  let to = from;
  while (cells(lines[to]) === columns) to += 1;
  if (to - from < 2) return [];
  return lines.slice(from, to).map((line) => line.split("\t").map((cell) => cell.trim()));
}

/** A paragraph nobody broke is broken after a sentence. */
function inParts(line: string): string[] {
  const parts: string[] = [];
  let rest = line;
  while (rest.length > PARAGRAPH_CHARACTERS) {
    const head = rest.slice(0, PARAGRAPH_CHARACTERS);
    const stop = Math.max(...["。", "！", "？", ". ", "；", " "].map((mark) => head.lastIndexOf(mark)));
    let end = stop > PARAGRAPH_CHARACTERS / 2 ? stop + 1 : PARAGRAPH_CHARACTERS;
    if (/[\ud800-\udbff]/.test(rest.charAt(end - 1))) end -= 1;
    parts.push(rest.slice(0, end).trim());
    rest = rest.slice(end).trim();
  }
  return rest === "" ? parts : [...parts, rest];
}

function sameWords(a: string, b: string): boolean {
  const letters = (text: string) => text.replace(/[^\p{L}\p{N}]/gu, "").toLowerCase();
  return letters(a) === letters(b);
}
