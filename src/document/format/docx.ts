// Word documents (.docx, ECMA-376): body and notes by mammoth, with Word's own numbers, then headers and footers.
import { type Aids, type DocumentText, noText } from "../document.ts";
import { type PictureWords, readPictures } from "../pictures.ts";
import { Unreadable } from "../unreadable.ts";
import { readZip } from "../zip.ts";
import { NO_MARKUP, plainMarkup } from "./docx-markup.ts";
import { storyText } from "./docx-tree.ts";
import { readNumbering } from "./numbering.ts";
import { mainPart, PACKAGE_PARTS, packageProperties } from "./package.ts";

const HEADERS_AND_FOOTERS = /^word\/(header|footer)\d*\.xml$/;
const PICTURES = /^word\/media\/[^/]+\.(jpe?g|png|bmp|tiff?|gif|webp)$/;
const PARTS =
  /^word\/((document|footnotes|endnotes|header|footer|styles|numbering)\d*\.xml|vbaProject\.bin)$/;

export async function readDocx(bytes: Uint8Array, aids: Aids): Promise<DocumentText> {
  const parts = readZip(bytes, (name) => PARTS.test(name) || PACKAGE_PARTS.test(name));
  const main = parts.get(mainPart(parts, "word/document.xml"));
  if (!main) throw new Unreadable("corrupt", "no main document part");
  const warnings = parts.has("word/vbaProject.bin") ? ["holds macros, which were not run"] : [];
  /** Everything but the body may be damaged: the words are still there. */
  const unlessDamaged = <T>(part: string, read: () => T, otherwise: T): T => {
    try {
      return read();
    } catch (error) {
      warnings.push(`${part} could not be read: ${(error as Error).message}`);
      return otherwise;
    }
  };
  const lists = parts.get("word/numbering.xml");
  // Styles are often the largest part by far, and matter only to lists.
  const styles = lists && parts.get("word/styles.xml");
  const numbering = unlessDamaged("numbering", () => readNumbering(lists, styles), readNumbering());
  const body = plainMarkup(main, numbering);
  const markup = (name: string) => {
    const part = parts.get(name);
    return part ? unlessDamaged(name, () => plainMarkup(part, numbering), NO_MARKUP) : NO_MARKUP;
  };
  const notes = { footnotes: markup("word/footnotes.xml").xml, endnotes: markup("word/endnotes.xml").xml };
  const stories = [await storyText({ body: body.xml, ...notes })];
  // Page numbers are all that most headers and footers hold; first, odd and even pages often have the same.
  const margins = [...parts.keys()]
    .filter((name) => HEADERS_AND_FOOTERS.test(name))
    .sort()
    .map(markup);
  for (const xml of new Set(margins.filter(({ hasLetters }) => hasLetters).map(({ xml }) => xml))) {
    stories.push((await storyText({ body: xml, footnotes: "", endnotes: "" })).trim());
  }
  const text = stories.join("\n");
  const pictures = await picturesOf(bytes, text, aids);
  return {
    ...noText,
    ...packageProperties(parts),
    ...pictures,
    text: [text, pictures.text].filter(Boolean).join("\n"),
    warnings: [...warnings, ...pictures.warnings],
  };
}

/** Scans pasted into Word; in the order they were, which their numbers keep. */
function picturesOf(bytes: Uint8Array, text: string, aids: Aids): Promise<PictureWords> {
  const media = readZip(bytes, (name) => PICTURES.test(name));
  const inOrder = [...media].sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1));
  return readPictures(
    inOrder.map(([, content]) => content),
    text,
    aids,
  );
}
