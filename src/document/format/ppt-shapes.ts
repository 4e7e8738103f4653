// The shapes of a slide of PowerPoint 97–2003 ([MS-PPT] §2.7, [MS-ODRAW]) with the words they hold; tables row by row.
import { withNumbers } from "./ppt-numbers.ts";
import { type Budget, MAX_DEPTH, type PptRecord, recordsIn, recordsWithin } from "./ppt-records.ts";

const PLACEHOLDER = 0x0bc3;
const OUTLINE_TEXT_REFERENCE = 0x0f9e;
const TEXT_HEADER = 0x0f9f;
const TEXT_CHARACTERS = 0x0fa0;
const TEXT_BYTES = 0x0fa8;
const TEXT_STYLES = 0x0fa1;
export const NUMBER_KINDS = 0x0fac;
export const TAG_DATA = 0x138b;
const DRAWING = 0x040c;
const GROUP = 0xf003;
const SHAPE = 0xf004;
const CLIENT_TEXTBOX = 0xf00d;
const CHILD_ANCHOR = 0xf00f;
const CLIENT_ANCHOR = 0xf010;
const MORE_PROPERTIES = 0xf122;
/** Only the group that is a table has it ([MS-ODRAW] §2.3.19.4). */
const TABLE_PROPERTIES = 0x039f;

/** What a text is for (TextTypeEnum, §2.13.33). */
const TITLES = new Set([0, 6]);
export const NOTES_TEXT = 2;
/** The placeholders of day, number and header (§2.13.23): what they show is written by the program. */
const WITHOUT_WORDS = new Set([7, 8, 10]);

export interface PptText {
  kind: number;
  /** As it stands in the file. */
  raw: string;
  /** Runs of properties, and the kinds of automatic numbers that they refer to. */
  styles: Buffer | null;
  numberKinds: Buffer | null;
}

export interface PptShape {
  kind: number;
  words: string;
  isTitle: boolean;
  top: number;
  left: number;
}

/** Collects the words that text records bring, header first. */
export class PptTexts {
  readonly texts: PptText[] = [];
  readonly #stream: Buffer;

  constructor(stream: Buffer) {
    this.#stream = stream;
  }

  read({ type, from, end }: PptRecord): void {
    const last = this.texts.at(-1);
    if (type === TEXT_HEADER) {
      const kind = end - from >= 4 ? this.#stream.readUInt32LE(from) : 4;
      this.texts.push({ kind, raw: "", styles: null, numberKinds: null });
    } else if (type === TEXT_CHARACTERS && last) last.raw += this.#stream.toString("utf16le", from, end);
    else if (type === TEXT_BYTES && last) last.raw += this.#stream.toString("latin1", from, end);
    else if (type === TEXT_STYLES && last) last.styles = this.#stream.subarray(from, end);
  }
}

export function wordsOf({ raw, styles, numberKinds }: PptText): string {
  return plain(styles && numberKinds ? withNumbers(raw, styles, numberKinds) : raw);
}

/** `outline`: the texts that the document's list of slides keeps for this one. */
export function slideShapes(
  stream: Buffer,
  slide: PptRecord,
  outline: PptText[],
  budget: Budget,
): PptShape[] {
  const unused = new Set(outline);
  const readShape = (record: PptRecord): PptShape | null => {
    const texts = new PptTexts(stream);
    const shape = { kind: 4, words: "", isTitle: false, top: 0, left: 0 };
    let hasText = false;
    let numberKinds: Buffer | null = null;
    let isLeftOut = false;
    for (const inner of recordsWithin(stream, record, budget)) {
      texts.read(inner);
      const { type, from, end } = inner;
      const bytes = end - from;
      if (type === CLIENT_TEXTBOX) hasText = true;
      else if (type === TAG_DATA) {
        for (const tag of recordsIn(stream, inner, budget))
          if (tag.type === NUMBER_KINDS) numberKinds = stream.subarray(tag.from, tag.end);
      } else if (type === PLACEHOLDER && bytes >= 8)
        isLeftOut = WITHOUT_WORDS.has(stream[from + 4] as number);
      else if (type === CHILD_ANCHOR && bytes >= 16) {
        shape.left = stream.readInt32LE(from);
        shape.top = stream.readInt32LE(from + 4);
      } else if (type === CLIENT_ANCHOR && bytes >= 8) {
        shape.top = stream.readInt16LE(from);
        shape.left = stream.readInt16LE(from + 2);
      } else if (type === OUTLINE_TEXT_REFERENCE && bytes >= 4) {
        const referred = outline[stream.readUInt32LE(from)];
        if (referred && unused.delete(referred)) texts.texts.push({ ...referred });
      }
    }
    if (!hasText || isLeftOut) return null;
    shape.kind = texts.texts[0]?.kind ?? 4;
    const numbered = texts.texts.map((text) => (numberKinds ? { ...text, numberKinds } : text));
    shape.words = numbered.map(wordsOf).filter(Boolean).join("\n");
    shape.isTitle = TITLES.has(shape.kind);
    return shape;
  };
  const readGroup = (group: PptRecord, depth: number): PptShape[] => {
    const shapes: PptShape[] = [];
    let isTable = false;
    let isFirst = true;
    for (const inner of recordsIn(stream, group, budget)) {
      if (inner.type === GROUP && depth < MAX_DEPTH) shapes.push(...readGroup(inner, depth + 1));
      else if (inner.type === SHAPE) {
        if (isFirst) isTable = isTableGroup(stream, inner, budget);
        isFirst = false;
        const shape = readShape(inner);
        if (shape) shapes.push(shape);
      }
    }
    return isTable ? tableRows(shapes) : shapes;
  };
  const shapes: PptShape[] = [];
  for (const drawing of recordsIn(stream, slide, budget)) {
    if (drawing.type !== DRAWING) continue;
    for (const inner of recordsIn(stream, drawing, budget)) shapes.push(...readGroup(inner, 0));
  }
  for (const text of unused) {
    const { kind } = text;
    shapes.push({ kind, words: wordsOf(text), isTitle: TITLES.has(kind), top: 0, left: 0 });
  }
  return shapes.filter(({ words }) => words !== "");
}

function isTableGroup(stream: Buffer, shape: PptRecord, budget: Budget): boolean {
  for (const { type, instance, from, end } of recordsIn(stream, shape, budget)) {
    if (type !== MORE_PROPERTIES) continue;
    for (let at = from, left = instance; left > 0 && at + 6 <= end; left--, at += 6)
      if ((stream.readUInt16LE(at) & 0x3fff) === TABLE_PROPERTIES) return true;
  }
  return false;
}

/** The cells of a table are shapes in any order: those of one height are a row. */
function tableRows(cells: PptShape[]): PptShape[] {
  const rows = new Map<number, PptShape[]>();
  for (const cell of cells) {
    const row = rows.get(cell.top);
    if (row) row.push(cell);
    else rows.set(cell.top, [cell]);
  }
  return [...rows]
    .sort(([one], [other]) => one - other)
    .map(([top, row]) => {
      const inOrder = row.sort((one, other) => one.left - other.left);
      const words = inOrder.map((cell) => cell.words.replace(/\s+/g, " ")).join("\t");
      return { kind: 4, words: words.trim() === "" ? "" : words, isTitle: false, top, left: 0 };
    });
}

/** Paragraphs end in a carriage return, lines within them in a vertical tab; fields stand as one asterisk. */
function plain(words: string): string {
  const text = words.replace(/[\r\v]/g, "\n").trim();
  return text === "*" ? "" : text;
}
