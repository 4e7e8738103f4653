// A document inside a Word document that Word has not taken in yet ("altChunk"): a page, rich text, plain text or Word.
import type { Aids } from "../document.ts";
import { DOCX, RTF } from "../media-types.ts";
import { sniff } from "../sniff.ts";
import { Unreadable } from "../unreadable.ts";
import { readZip } from "../zip.ts";
import { NO_NUMBERING, plainMarkup } from "./docx-markup.ts";
import { storyText } from "./docx-tree.ts";
import { readHtml } from "./html.ts";
import { readMht } from "./mht.ts";
import { mainPart, PACKAGE_PARTS } from "./package.ts";
import { readPlain } from "./plain.ts";
import { readRtf } from "./rtf.ts";

export async function chunkText(content: Uint8Array, aids: Aids): Promise<string> {
  const mediaType = sniff(content);
  switch (mediaType) {
    case "text/html":
      return (await readHtml(content)).text;
    case "application/x-mimearchive":
      return (await readMht(content, aids)).text;
    case "text/plain":
      return (await readPlain(content)).text;
    case RTF:
      return (await readRtf(content, aids)).text;
    case DOCX:
      return bodyOf(content);
    default:
      throw new Unreadable("format-unsupported", mediaType);
  }
}

/** Of a Word document only its body: a chunk within a chunk is nobody's letter. */
function bodyOf(content: Uint8Array): Promise<string> {
  const parts = readZip(content, (name) => name === "word/document.xml" || PACKAGE_PARTS.test(name));
  const main = parts.get(mainPart(parts, "word/document.xml"));
  if (!main) throw new Unreadable("corrupt", "no main document part");
  return storyText({ body: plainMarkup(main, NO_NUMBERING).xml, footnotes: "", endnotes: "" });
}
