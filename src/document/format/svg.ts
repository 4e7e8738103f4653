// Drawings as text (SVG): the words set in them, one line for each piece of text.
import { type DocumentText, noText } from "../document.ts";
import { readXml } from "./xml.ts";

const MAX_WORDS = 1_000_000;

export async function readSvg(bytes: Uint8Array): Promise<DocumentText> {
  const lines: string[] = [];
  const warnings: string[] = [];
  let title: string | null = null;
  let line: string | null = null;
  let room = MAX_WORDS;
  let depth = 0;
  readXml(bytes, {
    open: (name) => {
      depth++;
      if (name === "text" || (name === "title" && depth === 2)) line = "";
    },
    close: (name) => {
      depth--;
      const said = line?.replace(/\s+/g, " ").trim();
      if (name === "text" && said) lines.push(said);
      if (name === "title" && said && depth === 1) title ??= said;
      if (name === "text" || name === "title") line = null;
    },
    text: (words) => {
      if (line === null) return;
      line += words.slice(0, room);
      room = Math.max(0, room - words.length);
    },
  });
  if (room === 0) warnings.push(`only the first ${MAX_WORDS} characters were kept`);
  return { ...noText, text: lines.join("\n"), title, warnings };
}
