// What .xlsx and .xlsb have in common: the sheets one sees, in their order, with their comments, text boxes and scans.
import { type Aids, type DocumentText, noText } from "../document.ts";
import { hangsOnPictures, PICTURE_NAME, readPictures } from "../pictures.ts";
import { Unreadable } from "../unreadable.ts";
import { type Members, readZip } from "../zip.ts";
import type { CellFormat } from "./cell-format.ts";
import { commentLines } from "./comments.ts";
import { readDrawing } from "./drawing.ts";
import { insertedFiles, isInserted } from "./embedded.ts";
import { mainPart, packageProperties, type Relationship, relatedTo } from "./package.ts";
import { type NamedSheet, type Sheet, type Workbook, wholeRoom, workbookText } from "./sheet-lines.ts";

/** Charts, pictures and copies of other workbooks' data hold no text of the sheets, and may be the most of the file. */
const WITHOUT_WORDS = /^xl\/(charts|theme|media|pivot\w*|externallinks|embeddings|ctrlprops)\//;
const MACROS = /(^|\/)vbaproject\.bin$/;
/** A page of notes and boxes belongs to a sheet; more are forms and controls by the thousand. */
const MAX_BESIDES_CHARACTERS = 200_000;

export interface Contents {
  sheets: { name: string; id: string; isHidden: boolean }[];
  from1904: boolean;
}

/** The parts that are XML in one kind of workbook and records in the other. */
export interface WorkbookParts {
  usualName: string;
  contents(part: Uint8Array): Contents;
  strings(part: Uint8Array | undefined): string[];
  formats(part: Uint8Array | undefined): CellFormat[];
  sheet(part: Uint8Array, workbook: Workbook): Sheet;
  comments(part: Uint8Array): string[];
}

export async function readWorkbook(
  bytes: Uint8Array,
  read: WorkbookParts,
  aids: Aids,
): Promise<DocumentText> {
  const members = readZip(bytes, isWanted);
  const main = mainPart(members, read.usualName);
  const mainContent = members.get(main);
  if (!mainContent) throw new Unreadable("corrupt", "no workbook part");
  const { sheets: entries, from1904 } = read.contents(mainContent);
  const related = relatedTo(members, main);
  const partNamed = (wanted: (relation: Relationship) => boolean) => related.find(wanted)?.target ?? "";
  const warnings = [...members.keys()].some((name) => MACROS.test(name))
    ? ["holds macros, which were not run"]
    : [];
  const styles = members.get(partNamed(({ type }) => type === "styles"));
  const workbook: Workbook = {
    strings: read.strings(members.get(partNamed(({ type }) => type === "sharedStrings"))),
    // Without styles a date is a number, which is better than no words at all.
    formats: unlessDamaged("the styles", warnings, () => read.formats(styles)),
    from1904,
    room: wholeRoom(),
  };
  const beside = new Besides(members, read, warnings);
  let onSheets: Relationship[] = [];
  const sheets: NamedSheet[] = [];
  /** Ten thousand tabs may show one part in a forged file. */
  const shown = new Set<string>();
  for (const { name, id, isHidden } of entries) {
    if (isHidden) {
      warnings.push(`the sheet ${name} is hidden and was not read`);
      continue;
    }
    // A sheet that is one chart has a part of another type.
    const part = partNamed((relation) => relation.id === id && relation.type === "worksheet");
    const content = members.get(part);
    if (shown.has(part)) continue;
    shown.add(part);
    onSheets = onSheets.concat(relatedTo(members, part).filter(isInserted));
    if (content) sheets.push({ name, ...read.sheet(content, workbook), besides: beside.of(part) });
  }
  const children = unlessDamaged("a file inside", warnings, () =>
    insertedFiles(onSheets, (wanted) => readZip(bytes, wanted)),
  );
  const { text, ...rest } = workbookText(sheets, warnings);
  const found = hangsOnPictures(text) ? beside.picturesIn(bytes) : [];
  const pictures = await readPictures(found, text, aids);
  return {
    ...noText,
    ...packageProperties(members),
    ...pictures,
    ...rest,
    text: [text, pictures.text].filter(Boolean).join("\n\n"),
    children,
    pages: rest.pages ?? (pictures.unrecognised > 0 || pictures.text !== "" ? sheets.length : null),
    pagesRead: rest.pagesRead ?? pictures.pagesRead,
    warnings: [...rest.warnings, ...pictures.warnings],
  };
}

function isWanted(name: string): boolean {
  return /\.(xml|rels|bin)$/.test(name) && (!WITHOUT_WORDS.test(name) || MACROS.test(name));
}

/** What stands over the cells of the sheets, each part read once. */
class Besides {
  readonly #members: Members;
  readonly #parts: WorkbookParts;
  readonly #warnings: string[];
  readonly #read = new Set<string>();
  readonly #pictures = new Set<string>();
  #room = MAX_BESIDES_CHARACTERS;

  constructor(members: Members, parts: WorkbookParts, warnings: string[]) {
    this.#members = members;
    this.#parts = parts;
    this.#warnings = warnings;
  }

  /** Comments, then text boxes. */
  of(sheet: string): string[] {
    const related = relatedTo(this.#members, sheet);
    const lines = ["comments", "threadedComment", "drawing"].flatMap((type) =>
      related.filter((relation) => relation.type === type).flatMap(({ target }) => this.#lines(type, target)),
    );
    const kept = lines.filter((line) => {
      this.#room -= line.length;
      return this.#room >= 0;
    });
    if (kept.length < lines.length) this.#warnings.push("not all comments and text boxes were read");
    return kept;
  }

  picturesIn(bytes: Uint8Array): Uint8Array[] {
    const wanted = new Set([...this.#pictures].map((name) => name.toLowerCase()));
    const media = readZip(bytes, (name) => wanted.has(name) && PICTURE_NAME.test(name));
    return [...wanted].flatMap((name) => media.get(name) ?? []);
  }

  #lines(type: string, name: string): string[] {
    const part = this.#members.get(name);
    if (!part || this.#read.has(name)) return [];
    this.#read.add(name);
    return unlessDamaged(name, this.#warnings, () => {
      if (type === "comments") return this.#parts.comments(part);
      return type === "drawing" ? this.#drawn(name, part) : commentLines(part);
    });
  }

  #drawn(name: string, part: Uint8Array): string[] {
    const target = new Map(relatedTo(this.#members, name).map((relation) => [relation.id, relation.target]));
    return readDrawing(part).flatMap(({ lines, pictures }) => {
      for (const picture of pictures) this.#pictures.add(target.get(picture) ?? "");
      return lines;
    });
  }
}

function unlessDamaged<T>(part: string, warnings: string[], read: () => T[]): T[] {
  try {
    return read();
  } catch (error) {
    warnings.push(`${part} could not be read: ${(error as Error).message}`);
    return [];
  }
}
