// OFD (GB/T 33190): a ZIP of pages that say where every word stands.
import { safeName } from "../../message/filename.ts";
import { type Aids, type DocumentChild, type DocumentText, noText } from "../document.ts";
import { type Members, readZip } from "../zip.ts";
import {
  attachmentsOf,
  type Body,
  bodiesOf,
  documentRoot,
  imagesOf,
  judgeEncryption,
  located,
  required,
} from "./ofd-package.ts";
import { type OfdContent, readContent } from "./ofd-page.ts";
import { readPicturedPages } from "./page-recognition.ts";
import { textOfPages } from "./page-text.ts";
import { type PageWords, pageOf } from "./page-words.ts";
import { readXml } from "./xml.ts";

const MAX_PAGES = 500;
const MAX_ATTACHMENTS = 200;

interface Page extends PageWords {
  number: number;
  /** Members of the container. */
  pictures: string[];
  unnamed: number;
}

export async function readOfd(bytes: Uint8Array, aids: Aids): Promise<DocumentText> {
  const parts = readZip(bytes, (name) => name.endsWith(".xml"));
  judgeEncryption(parts);
  const bodies = bodiesOf(required(parts, "OFD.xml"));
  const read: DocumentText = { ...noText, warnings: [], children: [], pages: 0 };
  const pages: Page[] = [];
  for (const body of bodies) readBody(parts, body, pages, read);
  const [first] = bodies;
  read.title = first?.title || null;
  read.author = first?.author || null;
  read.properties = first?.properties ?? {};
  if (read.pages !== null && read.pages > pages.length) {
    read.pagesRead = pages.length;
    read.warnings.push(`only the first ${pages.length} of ${read.pages} pages were read`);
  }
  await readPicturedPages(bytes, pages, read, aids);
  const unnamed = pages.reduce((sum, page) => sum + page.unnamed, 0);
  if (unnamed > 0) read.warnings.push(`${unnamed} signs are given by their shapes only`);
  read.children = attachedFiles(bytes, parts, bodies);
  read.text = textOfPages(pages);
  const watermark = [...new Set(pages.map((page) => page.watermark).filter(Boolean))].join(" ").slice(0, 500);
  if (watermark) read.properties = { ...read.properties, watermark };
  return read;
}

function readBody(parts: Members, body: Body, pages: Page[], read: DocumentText): void {
  const at = located(parts, "", body.root);
  const root = documentRoot(required(parts, at));
  read.pages = (read.pages ?? 0) + root.pages.length;
  const contents = new Map<string, OfdContent | null>();
  const contentAt = (location: string): OfdContent | null => {
    const name = located(parts, at, location);
    if (!contents.has(name)) contents.set(name, contentOf(parts, name, read.warnings));
    return contents.get(name) ?? null;
  };
  const images = imagesOf(parts, at, root.resources);
  const notes = annotationsOf(parts, at, root.annotations, read.warnings);
  for (const { id, location } of root.pages) {
    if (pages.length >= MAX_PAGES) return;
    const own = contentAt(location);
    const layers = (own?.templates ?? []).map(({ id: template, isForeground }) => ({
      content: contentAt(root.templates.get(template) ?? ""),
      isForeground,
    }));
    const all = [
      ...layers.filter(({ isForeground }) => !isForeground).map(({ content }) => content),
      own,
      ...layers.filter(({ isForeground }) => isForeground).map(({ content }) => content),
      ...(notes.get(id) ?? []),
    ].filter((content) => content !== null);
    const [, , width, height] = own?.box ?? root.box;
    pages.push({
      ...pageOf(
        all.flatMap(({ words }) => words),
        width,
        height,
      ),
      number: pages.length + 1,
      pictures: all
        .flatMap(({ pictures }) => pictures)
        .filter(({ area }) => area > 0.1 * width * height)
        .flatMap(({ resource }) => images.get(resource) ?? []),
      unnamed: all.reduce((sum, { unnamed }) => sum + unnamed, 0),
    });
  }
}

function contentOf(parts: Members, name: string, warnings: string[]): OfdContent | null {
  const part = parts.get(name);
  try {
    if (part) return readContent(part);
    warnings.push(`${name} is missing`);
  } catch (error) {
    // One damaged page does not cost the others their words.
    warnings.push(`${name} could not be read: ${(error as Error).message}`);
  }
  return null;
}

/** Annotations.xml and the file of each page (§15): what stands on the pages besides their content. */
function annotationsOf(
  parts: Members,
  document: string,
  location: string,
  warnings: string[],
): Map<string, OfdContent[]> {
  const found = new Map<string, OfdContent[]>();
  const list = location ? located(parts, document, location) : "";
  const part = parts.get(list);
  if (!part) return found;
  let page = "";
  let leaf = "";
  readXml(part, {
    open(name, { PageID = "" }) {
      leaf = name;
      if (name === "Page") page = PageID;
    },
    close() {
      leaf = "";
    },
    text(text) {
      if (leaf !== "FileLoc" || text.trim() === "") return;
      const content = contentOf(parts, located(parts, list, text.trim()), warnings);
      if (content) found.set(page, [...(found.get(page) ?? []), content]);
    },
  });
  return found;
}

/** Attachments (§16), each to be read as its own. */
function attachedFiles(bytes: Uint8Array, parts: Members, bodies: Body[]): DocumentChild[] {
  const files: { name: string; member: string }[] = [];
  for (const { root } of bodies) {
    const document = located(parts, "", root);
    const { attachments } = documentRoot(required(parts, document));
    const list = attachments ? located(parts, document, attachments) : "";
    const part = parts.get(list);
    if (part) files.push(...attachmentsOf(part, list));
  }
  if (files.length === 0) return [];
  const wanted = new Set(files.map(({ member }) => member.toLowerCase()));
  const contents = readZip(bytes, (name) => wanted.has(name));
  return files.slice(0, MAX_ATTACHMENTS).flatMap(({ name, member }, at) => {
    const content = contents.get(member);
    if (!content) return [];
    return [{ filename: safeName(name, "application/octet-stream", at + 1), bytes: content.length, content }];
  });
}
