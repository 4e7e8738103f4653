// Comments in the margin of a Word document (ECMA-376 part 1 §17.13.4): who wrote them, and their words.
import { readXml } from "./xml.ts";

/** Deleted again, or fields' instructions. */
const DROPPED = new Set(["del", "moveFrom", "instrText", "delText"]);
const MAX_CHARACTERS = 1_000_000;

/** One line a comment and paragraph; `author：` before the first. */
export function commentLines(part: Uint8Array): string[] {
  const lines: string[] = [];
  let author = "";
  let words = "";
  let inWords = false;
  let dropped = 0;
  let characters = 0;
  readXml(part, {
    open(name, attributes) {
      if (dropped > 0 || DROPPED.has(name)) dropped++;
      else if (name === "comment") author = attributes.author?.trim().slice(0, 200) ?? "";
      else if (name === "t") inWords = true;
      else if (name === "tab") words += "\t";
      else if (name === "br" || name === "cr") words += "\n";
    },
    close(name) {
      if (dropped > 0) dropped--;
      else if (name === "t") inWords = false;
      else if (name === "p") {
        if (words.trim() !== "") lines.push([author, words.trim()].filter(Boolean).join("："));
        if (words.trim() !== "") author = "";
        words = "";
      }
    },
    text(text) {
      characters += text.length;
      if (inWords && dropped === 0 && characters <= MAX_CHARACTERS) words += text;
    },
  });
  return lines;
}
