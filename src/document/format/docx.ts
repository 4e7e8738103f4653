// Word documents (.docx, .docm, templates, flat XML; ECMA-376): body and notes by mammoth, with Word's own numbers,
// then what hangs on them: diagrams, comments, headers and footers, pictures, files inside.
import { type Aids, type DocumentText, noText } from "../document.ts";
import { hangsOnPictures, PICTURE_NAME, type PictureWords, readPictures } from "../pictures.ts";
import { Unreadable } from "../unreadable.ts";
import { type Members, readZip } from "../zip.ts";
import { chunkText } from "./docx-chunk.ts";
import { commentLines } from "./docx-comments.ts";
import { NO_MARKUP, plainMarkup } from "./docx-markup.ts";
import { storyText } from "./docx-tree.ts";
import { drawingLines } from "./drawing.ts";
import { insertedFiles } from "./embedded.ts";
import { flatParts } from "./flat-package.ts";
import { readNumbering } from "./numbering.ts";
import { mainPart, PACKAGE_PARTS, packageProperties, type Relationship, relatedTo } from "./package.ts";
import { wordXmlParts } from "./wordml.ts";

const PARTS =
  /^word\/((document|footnotes|endnotes|comments|header|footer|styles|numbering)\d*\.xml|_rels\/[^/]+\.rels|vbaproject\.bin)$/;
const HEADERS_AND_FOOTERS = /^word\/(header|footer)\d*\.xml$/;
const MEDIA = /^word\/media\/[^/]+$/;
/** What a document is joined from: a few, unless somebody wants to hurt. */
const MAX_CHUNKS = 50;

/** Opens the parts that are asked for; asked again when it turns out what else is needed. */
type Open = (wanted: (name: string) => boolean) => Members;

export async function readDocx(bytes: Uint8Array, aids: Aids): Promise<DocumentText> {
  return readPackage((wanted) => readZip(bytes, wanted), aids);
}

/** All parts in one XML file (Flat OPC), as Word saves it under "XML document". */
export async function readFlatDocx(bytes: Uint8Array, aids: Aids): Promise<DocumentText> {
  const parts = flatParts(bytes);
  return readPackage(() => parts, aids);
}

/** As Word 2003 saved it under the same name. */
export async function readWordXml(bytes: Uint8Array, aids: Aids): Promise<DocumentText> {
  const parts = wordXmlParts(bytes);
  return readPackage(() => parts, aids);
}

async function readPackage(open: Open, aids: Aids): Promise<DocumentText> {
  const warnings: string[] = [];
  const parts = partsOrBody(open, warnings);
  if (parts.has("word/vbaProject.bin")) warnings.push("holds macros, which were not run");
  /** Everything but the body may be damaged: the words are still there. */
  const unlessDamaged = <T>(part: string, read: () => T, otherwise: T): T => {
    try {
      return read();
    } catch (error) {
      warnings.push(`${part} could not be read: ${(error as Error).message}`);
      return otherwise;
    }
  };
  const name = unlessDamaged("_rels/.rels", () => mainPart(parts, "word/document.xml"), "word/document.xml");
  const main = parts.get(name) ?? open((other) => other === name.toLowerCase()).get(name);
  if (!main) throw new Unreadable("corrupt", "no main document part");
  const related = unlessDamaged(`relationships of ${name}`, () => relatedTo(parts, name), []);
  const chunks = await chunksOf(related, open, aids, warnings);

  const lists = parts.get("word/numbering.xml");
  // Styles are often the largest part by far, and matter only to lists.
  const styles = lists && parts.get("word/styles.xml");
  const numbering = unlessDamaged("numbering", () => readNumbering(lists, styles), readNumbering());
  const body = plainMarkup(main, numbering, chunks);
  const markup = (part: string) => {
    const content = parts.get(part);
    return content ? unlessDamaged(part, () => plainMarkup(content, numbering), NO_MARKUP) : NO_MARKUP;
  };
  const notes = { footnotes: markup("word/footnotes.xml").xml, endnotes: markup("word/endnotes.xml").xml };
  const stories = [await storyText({ body: body.xml, ...notes })];
  for (const diagram of partsOf("diagramData", related, open))
    stories.push(unlessDamaged("a diagram", () => drawingLines(diagram), []).join("\n"));
  const comments = parts.get("word/comments.xml");
  if (comments) stories.push(unlessDamaged("comments", () => commentLines(comments), []).join("\n"));
  // Page numbers are all that most headers and footers hold; first, odd and even pages often have the same.
  const margins = [...parts.keys()]
    .filter((part) => HEADERS_AND_FOOTERS.test(part))
    .sort()
    .map(markup);
  for (const xml of new Set(margins.filter(({ hasLetters }) => hasLetters).map(({ xml }) => xml))) {
    stories.push((await storyText({ body: xml, footnotes: "", endnotes: "" })).trim());
  }
  const text = stories.filter(Boolean).join("\n");
  const pictures = await picturesOf(body.pictures, related, open, text, aids);
  return {
    ...noText,
    ...packageProperties(parts),
    ...pictures,
    text: [text, pictures.text].filter(Boolean).join("\n"),
    children: unlessDamaged("a file inside", () => insertedFiles(related, open), []),
    warnings: [...warnings, ...pictures.warnings],
  };
}

/** One damaged part would cost them all: then the body alone. */
function partsOrBody(open: Open, warnings: string[]): Members {
  try {
    return open((name) => PARTS.test(name) || PACKAGE_PARTS.test(name));
  } catch (error) {
    if (error instanceof Unreadable && error.reason !== "corrupt") throw error;
    const body = open((name) => name === "word/document.xml");
    if (body.size > 0) warnings.push(`only the body could be read: ${(error as Error).message}`);
    return body;
  }
}

/** Parts of one type, in the order of the relationships. */
function partsOf(type: string, related: Relationship[], open: Open): Uint8Array[] {
  const names = related
    .filter((relation) => relation.type === type)
    .map(({ target }) => target.toLowerCase());
  if (names.length === 0) return [];
  const parts = open((name) => names.includes(name));
  return names.flatMap((name) => parts.get(name) ?? []);
}

/** Documents that Word has yet to take in (§17.17.2): programs that write letters leave it so. By relationship. */
async function chunksOf(
  related: Relationship[],
  open: Open,
  aids: Aids,
  warnings: string[],
): Promise<Map<string, string>> {
  const chunks = new Map<string, string>();
  for (const { id, target } of related.filter(({ type }) => type === "aFChunk").slice(0, MAX_CHUNKS)) {
    const content = open((name) => name === target.toLowerCase()).get(target);
    try {
      if (content) chunks.set(id, await chunkText(content, aids));
    } catch (error) {
      warnings.push(`${target} could not be read: ${(error as Error).message}`);
    }
  }
  return chunks;
}

/** Scans pasted into Word, in the order they stand; where that is not known, by their numbers. */
function picturesOf(
  shown: string[],
  related: Relationship[],
  open: Open,
  text: string,
  aids: Aids,
): Promise<PictureWords> {
  if (!hangsOnPictures(text)) return readPictures([], text, aids);
  const media = open((name) => MEDIA.test(name) && PICTURE_NAME.test(name));
  const targets = new Map(related.map(({ id, target }) => [id, target]));
  const inText = [...new Set(shown.flatMap((id) => targets.get(id) ?? []))].flatMap(
    (name) => media.get(name) ?? [],
  );
  const byName = [...media]
    .sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1))
    .map(([, content]) => content);
  return readPictures(inText.length > 0 ? inText : byName, text, aids);
}
