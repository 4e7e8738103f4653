// Comments on slides and cells: plain text in older Office files (ECMA-376 part 1 §18.7, §19.4), since 2019 with answers.
import { readXml } from "./xml.ts";

/** Excel keeps a copy of each newer comment for older programs, with instructions in it and this for an author. */
const COPY_FOR_OLD_PROGRAMS = /^tc=\{/;

export function commentLines(part: Uint8Array): string[] {
  const lines: string[] = [];
  const authors: string[] = [];
  let words = "";
  let inWords = false;
  let isCopy = false;
  const end = () => {
    if (words.trim() !== "" && !isCopy) lines.push(words.trim());
    words = "";
  };
  readXml(part, {
    open(name, { authorId = "" }) {
      if (name === "comment") isCopy = COPY_FOR_OLD_PROGRAMS.test(authors[Number(authorId)] ?? "");
      if (name === "author") words = "";
      inWords = name === "text" || name === "t" || name === "author";
      if (name === "br") words += "\n";
    },
    close(name) {
      inWords = false;
      if (name === "author") {
        authors.push(words);
        words = "";
      } else if (name === "text" || name === "p" || name === "cm") end();
    },
    text(text) {
      if (inWords) words += text;
    },
  });
  return lines;
}
