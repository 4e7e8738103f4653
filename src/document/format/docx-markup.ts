// A part of a .docx made ready for mammoth: its words in their order without their looks, automatic numbers written out.
import { Unreadable } from "../unreadable.ts";
import { type ListPosition, type Numbering, readNumbering } from "./numbering.ts";
import { readXml } from "./xml.ts";

/** mammoth keeps about two kilobytes for each element it is given; of formatting it is given none. */
const MAX_PIECES = 150_000;
const MAX_TEXT_CHARACTERS = 20_000_000;
/** The trees are read by recursion. Office nests a handful; what is deeper loses its frame and keeps its words. */
const MAX_DEPTH = 60;

/** Elements whose text is not the document's: deleted or moved away, sounds above signs. */
const DROPPED = new Set(["del", "moveFrom", "rt", "instrText", "delText", "pPrChange"]);

/** What mammoth is given besides paragraphs, sometimes under another name: it knows text boxes as pictures of old Word. */
const FRAMES = new Map([
  ["tbl", "w:tbl"],
  ["tr", "w:tr"],
  ["tc", "w:tc"],
  ["txbxContent", "w:pict"],
  ["footnote", "w:footnote"],
  ["endnote", "w:endnote"],
]);
const SIGNS = new Map([
  ["tab", "<w:tab/>"],
  ["ptab", "<w:tab/>"],
  ["br", "<w:br/>"],
  ["cr", "<w:br/>"],
  ["noBreakHyphen", "<w:t>-</w:t>"],
]);
/** Signs by their place in a font, as a ticked box: mammoth knows these fonts, and compares every warning with all others. */
const SIGN_FONT = /^(Symbol|Webdings|Wingdings( [23])?)$/;
const SIGN_PLACE = /^(00|F0)?[0-9A-F]{2}$/i;
/** All that mammoth needs of attributes; none of them names a file. */
const KEPT_ATTRIBUTES = ["id", "type", "font", "char"];

export interface Markup {
  /** Paragraphs, tables or notes in the namespace `w`, without a root. */
  xml: string;
  hasLetters: boolean;
  /** The relationships of the pictures it shows, in their order. */
  pictures: string[];
}

export const NO_MARKUP: Markup = { xml: "", hasLetters: false, pictures: [] };
export const NO_NUMBERING: Numbering = readNumbering();

/** Throws where the part is damaged or holds too much. `chunks` are the texts of documents to be taken in, by relationship. */
export function plainMarkup(
  part: Uint8Array,
  numbering: Numbering,
  chunks: ReadonlyMap<string, string> = new Map(),
): Markup {
  const copy = new PlainCopy(numbering, chunks);
  readXml(part, {
    open: (name, attributes) => copy.open(name, attributes),
    close: (name) => copy.close(name),
    text: (text) => copy.characters(text),
  });
  return copy.markup();
}

interface Paragraph {
  content: string;
  /** Words not yet written: Word splits them into many runs, mammoth gets one. */
  pending: string;
  hasText: boolean;
  /** Its end was deleted: it is one with the next paragraph, and counts in no list. */
  isJoined: boolean;
  position: Partial<ListPosition>;
  styleId: string;
}

/** Elements stream by, and those with words are written down again; of the others only their content. */
class PlainCopy {
  readonly #numbering: Numbering;
  readonly #chunks: ReadonlyMap<string, string>;
  readonly #pictures: string[] = [];
  /** Open paragraphs: a text box holds paragraphs inside a paragraph. */
  readonly #paragraphs: Paragraph[] = [];
  #blocks = "";
  #frames = 0;
  #cells = 0;
  #dropped = 0;
  /** What was found before each open choice between forms of the same (ECMA-376 part 3 §7.5). */
  readonly #choices: number[] = [];
  #properties = 0;
  #isOfRun = false;
  /** Hidden text is neither printed nor shown, and left out as in .doc (§17.3.2.41). */
  #isHidden = false;
  #inText = false;
  #hasLetters = false;
  #pieces = 0;
  #characters = 0;

  constructor(numbering: Numbering, chunks: ReadonlyMap<string, string>) {
    this.#numbering = numbering;
    this.#chunks = chunks;
  }

  markup(): Markup {
    return { xml: this.#blocks, hasLetters: this.#hasLetters, pictures: this.#pictures };
  }

  open(name: string, attributes: Record<string, string>): void {
    const frame = this.#frameOf(name);
    const sign = SIGNS.get(name);
    if (
      this.#dropped > 0 ||
      (DROPPED.has(name) && (this.#properties === 0 || name === "pPrChange")) ||
      (name === "Fallback" && this.#found > (this.#choices.at(-1) ?? -1))
    )
      this.#dropped++;
    else if (name === "AlternateContent") this.#choices.push(this.#found);
    else if (this.#properties > 0 || name === "pPr" || name === "rPr") {
      this.#properties++;
      if (this.#properties === 1) this.#isOfRun = name === "rPr";
      this.#property(name, attributes.val ?? "");
    } else if (name === "p") {
      this.#paragraphs.push({
        content: "",
        pending: "",
        hasText: false,
        isJoined: false,
        position: {},
        styleId: "",
      });
    } else if (name === "r") this.#isHidden = false;
    else if (name === "t") this.#inText = true;
    else if (frame) this.#frame(`<${frame}${kept(attributes)}>`, 1);
    else if (name === "altChunk") this.#chunk(attributes.id ?? "");
    else if (name === "blip") this.#pictures.push(attributes.embed ?? "");
    else if (name === "imagedata") this.#pictures.push(attributes.id ?? "");
    else if (this.#paragraphs.length === 0) return;
    else if (sign) this.#write(sign);
    else if (isReference(name) || isSign(name, attributes)) this.#write(`<w:${name}${kept(attributes)}/>`);
  }

  close(name: string): void {
    const frame = this.#frameOf(name);
    if (this.#dropped > 0) this.#dropped--;
    else if (name === "AlternateContent") this.#choices.pop();
    else if (this.#properties > 0) this.#properties--;
    else if (name === "t") this.#inText = false;
    else if (name === "p") this.#endParagraph();
    else if (frame) this.#frame(`</${frame}>`, -1);
  }

  characters(text: string): void {
    const paragraph = this.#paragraphs.at(-1);
    if (!this.#inText || this.#dropped > 0 || this.#isHidden || !paragraph) return;
    this.#characters += text.length;
    if (this.#characters > MAX_TEXT_CHARACTERS)
      throw new Unreadable("too-large", `more than ${MAX_TEXT_CHARACTERS} characters`);
    paragraph.hasText ||= text.trim() !== "";
    this.#hasLetters ||= /\p{L}/u.test(text);
    paragraph.pending += text;
  }

  /** Words and pictures so far: the form for older readers is wanted where the newer one has neither. */
  get #found(): number {
    return this.#characters + this.#pictures.length;
  }

  #property(name: string, value: string): void {
    const paragraph = this.#paragraphs.at(-1);
    if (!paragraph) return;
    if (name === "numId") paragraph.position.listId = value;
    else if (name === "ilvl") paragraph.position.level = Number(value);
    else if (name === "pStyle") paragraph.styleId = value;
    else if (name === "vanish" && this.#isOfRun) this.#isHidden = !/^(0|false|off)$/.test(value);
    else if (name === "del" || name === "moveFrom") paragraph.isJoined = true;
  }

  /** A text box outside of any paragraph would hang on nothing: its paragraphs stand for themselves. */
  #frameOf(name: string): string | undefined {
    return name === "txbxContent" && this.#paragraphs.length === 0 ? undefined : FRAMES.get(name);
  }

  #frame(tag: string, step: 1 | -1): void {
    if (step > 0) this.#frames++;
    if (this.#frames <= MAX_DEPTH) this.#write(tag);
    if (step < 0) this.#frames--;
    if (/^<\/?w:tc\b/.test(tag)) this.#cells += step;
  }

  #chunk(id: string): void {
    const text = this.#chunks.get(id)?.trim();
    if (!text) return;
    for (const line of text.split("\n"))
      this.#write(`<w:p><w:r>${written(withoutControls(line))}</w:r></w:p>`);
    this.#hasLetters = true;
  }

  #endParagraph(): void {
    const paragraph = this.#paragraphs.pop();
    if (!paragraph) return;
    // Three elements in one piece.
    this.#pieces++;
    const { listId, level } = { ...this.#numbering.ofStyle(paragraph.styleId), ...paragraph.position };
    // A list id of 0 takes a paragraph out of its style's list (§17.9.18).
    const isNumbered = listId !== undefined && listId !== "0" && (paragraph.hasText || !paragraph.isJoined);
    const number = isNumbered ? this.#numbering.label({ listId, level: level ?? 0 }) : "";
    // One without words counts and shows nothing, unless its cell is one of a column of numbers.
    const label = paragraph.hasText || this.#cells > 0 ? written(number) : "";
    const content = label + paragraph.content + written(paragraph.pending);
    this.#write(this.#paragraphs.length < MAX_DEPTH ? `<w:p><w:r>${content}</w:r></w:p>` : content);
  }

  #write(piece: string): void {
    this.#pieces++;
    if (this.#pieces > MAX_PIECES)
      throw new Unreadable("too-large", `more than ${MAX_PIECES} paragraphs, cells and signs`);
    const paragraph = this.#paragraphs.at(-1);
    if (!paragraph) {
      this.#blocks += piece;
      return;
    }
    paragraph.content += written(paragraph.pending) + piece;
    paragraph.pending = "";
  }
}

function isReference(name: string): boolean {
  return name === "footnoteReference" || name === "endnoteReference";
}

function isSign(name: string, { font, char }: Record<string, string>): boolean {
  return name === "sym" && SIGN_FONT.test(font ?? "") && SIGN_PLACE.test(char ?? "");
}

function kept(attributes: Record<string, string>): string {
  return KEPT_ATTRIBUTES.map((name) => {
    const value = attributes[name];
    return value === undefined ? "" : ` w:${name}="${escaped(value)}"`;
  }).join("");
}

/** XML knows no other control characters than the tab. */
function withoutControls(line: string): string {
  return line.toWellFormed().replace(/[\0-\x08\x0b-\x1f\ufffe\uffff]/g, "");
}

function written(text: string): string {
  return text === "" ? "" : `<w:t xml:space="preserve">${escaped(text)}</w:t>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
