// Comments on a slide: of PowerPoint until 2019 (ECMA-376 part 1 §19.4) plain text, since then paragraphs with answers.
import { readXml } from "./xml.ts";

export function commentLines(part: Uint8Array): string[] {
  const lines: string[] = [];
  let words = "";
  let inWords = false;
  const end = () => {
    if (words.trim() !== "") lines.push(words.trim());
    words = "";
  };
  readXml(part, {
    open(name) {
      if (name === "text" || name === "t") inWords = true;
      else if (name === "br") words += "\n";
    },
    close(name) {
      if (name === "text" || name === "t") inWords = false;
      if (name === "text" || name === "p" || name === "cm") end();
    },
    text(text) {
      if (inWords) words += text;
    },
  });
  return lines;
}
