// PowerPoint presentations (.pptx, .ppsx, .potx; ECMA-376 part 1 §19): slide by slide, each with its notes and comments.
import { type Aids, type DocumentText, noText } from "../document.ts";
import { hangsOnPictures, PICTURE_NAME, readPictures } from "../pictures.ts";
import { Unreadable } from "../unreadable.ts";
import { type Members, readZip } from "../zip.ts";
import { commentLines } from "./comments.ts";
import { drawingLines, readDrawing, type Shape } from "./drawing.ts";
import { insertedFiles, isInserted } from "./embedded.ts";
import { mainPart, PACKAGE_PARTS, packageProperties, type Relationship, relatedTo } from "./package.ts";
import { readXml } from "./xml.ts";

/** Layouts and masters hold what to click and where; their words are nobody's. */
const PARTS =
  /^ppt\/([^/]+\.xml|(slides|notesslides|comments|charts|diagrams)\/[^/]+\.xml|(slides\/)?_rels\/[^/]+\.rels|vbaproject\.bin)$/;
const MAX_CHARACTERS = 2_000_000;

export async function readPptx(bytes: Uint8Array, aids: Aids): Promise<DocumentText> {
  const parts = readZip(bytes, (name) => PARTS.test(name) || PACKAGE_PARTS.test(name));
  const show = new Presentation(parts);
  const names = show.slideNames();
  const slides: string[] = [];
  let room = MAX_CHARACTERS;
  for (const name of names) {
    const text = show.slide(name).join("\n");
    slides.push(text);
    room -= text.length;
    if (room < 0) break;
  }
  const text = slides.filter(Boolean).join("\n\n");
  if (text === "" && show.warnings.length > 0) throw new Unreadable("corrupt", show.warnings.join("; "));
  const pictures = await readPictures(hangsOnPictures(text) ? show.pictures(bytes) : [], text, aids);
  const children = show.unlessDamaged("a file inside", () =>
    insertedFiles(show.inserted, (wanted) => readZip(bytes, wanted)),
  );
  const isCut = slides.length < names.length;
  const cut = isCut ? [`only the first ${slides.length} of ${names.length} slides were read`] : [];
  return {
    ...noText,
    ...packageProperties(parts),
    ...pictures,
    children,
    text: [text, pictures.text].filter(Boolean).join("\n\n"),
    pages: names.length || null,
    pagesRead: isCut ? slides.length : pictures.pagesRead,
    warnings: [
      ...(parts.has("ppt/vbaProject.bin") ? ["holds macros, which were not run"] : []),
      ...show.warnings,
      ...cut,
      ...pictures.warnings,
    ],
  };
}

class Presentation {
  readonly warnings: string[] = [];
  /** What hangs on the slides that were read. */
  inserted: Relationship[] = [];
  readonly #parts: Members;
  /** Parts are read once: none belongs to two slides, and a thousand slides could name the same large one. */
  readonly #read = new Set<string>();
  readonly #pictures = new Set<string>();
  readonly #footers = new Set<string>();

  constructor(parts: Members) {
    this.#parts = parts;
  }

  /** The slides in the order they are shown in. */
  slideNames(): string[] {
    const name = mainPart(this.#parts, "ppt/presentation.xml");
    const main = this.#parts.get(name);
    if (!main) throw new Unreadable("corrupt", "no presentation part");
    const related = new Map(relatedTo(this.#parts, name).map(({ id, target }) => [id, target]));
    const names = new Set<string>();
    readXml(main, {
      open: (element, { id = "" }) => {
        const target = element === "sldId" ? related.get(id) : undefined;
        if (target && this.#parts.has(target)) names.add(target);
      },
      close() {},
    });
    return [...names];
  }

  slide(name: string): string[] {
    const shapes = this.#shapes(name);
    const related = relatedTo(this.#parts, name);
    this.inserted = this.inserted.concat(related.filter(isInserted));
    const target = new Map(related.map((relation) => [relation.id, relation.target]));
    const lines = inReadingOrder(shapes).flatMap((shape) => {
      for (const picture of shape.pictures) this.#pictures.add(target.get(picture) ?? "");
      const shown = shape.parts.flatMap((id) => this.#lines(target.get(id) ?? ""));
      return [...this.#own(shape), ...shown];
    });
    const beside = (type: string) => related.filter((relation) => relation.type === type);
    const notes = beside("notesSlide")
      .flatMap(({ target: notes }) => this.#shapes(notes))
      .filter(({ placeholder }) => placeholder === "body")
      .flatMap((shape) => shape.lines);
    const comments = [...beside("comments"), ...beside("comment")].flatMap(({ target: comment }) => {
      const part = this.#once(comment);
      return part ? this.unlessDamaged(comment, () => commentLines(part)) : [];
    });
    return [...lines, ...notes, ...comments];
  }

  /** The pictures that the slides show, in the order of the slides. */
  pictures(bytes: Uint8Array): Uint8Array[] {
    const wanted = new Set(
      [...this.#pictures].map((name) => name.toLowerCase()).filter((name) => PICTURE_NAME.test(name)),
    );
    const media = readZip(bytes, (name) => wanted.has(name));
    return [...wanted].flatMap((name) => media.get(name) ?? []);
  }

  /** A footer stands on every slide, and is read on the first. */
  #own({ placeholder, lines }: Shape): string[] {
    if (placeholder !== "ftr") return lines;
    const text = lines.join("\n");
    if (this.#footers.has(text)) return [];
    this.#footers.add(text);
    return lines;
  }

  #shapes(name: string): Shape[] {
    const part = this.#once(name);
    return part ? this.unlessDamaged(name, () => readDrawing(part)) : [];
  }

  /** The words of a chart or of a diagram. */
  #lines(name: string): string[] {
    const part = this.#once(name);
    return part ? this.unlessDamaged(name, () => drawingLines(part)) : [];
  }

  #once(name: string): Uint8Array | undefined {
    if (this.#read.has(name)) return undefined;
    this.#read.add(name);
    return this.#parts.get(name);
  }

  unlessDamaged<T>(name: string, read: () => T[]): T[] {
    try {
      return read();
    } catch (error) {
      this.warnings.push(`${name} could not be read: ${(error as Error).message}`);
      return [];
    }
  }
}

/** Titles first; else as the slide's author put them there. Numbers and days of printing are no words. */
function inReadingOrder(shapes: Shape[]): Shape[] {
  const isTitle = ({ placeholder }: Shape) => placeholder === "title" || placeholder === "ctrTitle";
  const isFooter = ({ placeholder }: Shape) => placeholder === "ftr";
  const said = shapes.filter(({ placeholder }) => !["sldNum", "dt", "hdr"].includes(placeholder ?? ""));
  return [
    ...said.filter(isTitle),
    ...said.filter((shape) => !isTitle(shape) && !isFooter(shape)),
    ...said.filter(isFooter),
  ];
}
