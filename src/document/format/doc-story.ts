// One story of a Word document as text: paragraphs, rows of cells with tabs, numbers in front, nothing that was deleted.
import { shownByForm, shownByInstruction } from "./doc-fields.ts";
import { type Fonts, western } from "./doc-fonts.ts";
import type { Piece } from "./doc-pieces.ts";
import {
  type CharacterProperties,
  charactersWith,
  type ParagraphProperties,
  PLAIN_CHARACTERS,
  paragraphWith,
} from "./doc-properties.ts";
import type { Runs, StoredParagraph } from "./doc-runs.ts";
import type { Styles } from "./doc-styles.ts";

/** What all stories of a document share. */
export interface WordText {
  main: Buffer;
  isOld: boolean;
  pieces: Piece[];
  characters: Runs<Readonly<CharacterProperties>>;
  paragraphs: Runs<StoredParagraph>;
  styles: Styles;
  fonts: Fonts;
  longChanges: Parameters<typeof paragraphWith>[2];
  /** The stream of pictures and form fields. */
  data(): Buffer;
  /** The automatic number of a paragraph; "" where it has none. Counts on. */
  label(paragraph: ParagraphProperties): string;
  /** Places in the data stream of the pictures met. */
  pictures: number[];
}

const PICTURE = 0x01;
const CELL_END = 0x07;
const PAGE_END = 0x0c;
const PARAGRAPH_END = 0x0d;
const FIELD_START = 0x13;
const FIELD_RESULT = 0x14;
const FIELD_END = 0x15;
/** Tab, end of a line and of a column, the hyphen that does not break. */
const WRITTEN = new Map([
  [0x09, "\t"],
  [0x0b, "\n"],
  [0x0e, "\n"],
  [0x1e, "-"],
]);
const SYMBOL_PLACE = 0x28;
/** Marks of a range with properties of its own, drawn as < and >. */
const RANGE_START = 0x3c;
const RANGE_END = 0x3e;
const FIRST_OF_SIGN_FONTS = 0xf000;

interface OpenField {
  instruction: string;
  /** Where a form field's state lies in the data stream; -1 where there is none. */
  state: number;
  isInstruction: boolean;
}

/** The text from one character of the document to another. */
export function storyText(word: WordText, start: number, end: number): string {
  const story = new Story(word);
  for (const piece of word.pieces) {
    if (piece.end <= start) continue;
    if (piece.start >= end) break;
    story.read(piece, Math.max(piece.start, start), Math.min(piece.end, end));
  }
  return story.text();
}

class Story {
  readonly #word: WordText;
  /** Finished paragraphs and cells, each with its end. */
  readonly #done: string[] = [];
  #paragraph = "";
  readonly #fields: OpenField[] = [];
  /** How many of the open fields are in their instruction. */
  #instructions = 0;

  constructor(word: WordText) {
    this.#word = word;
  }

  text(): string {
    // A field that never ends is damage, and what it swallowed may be the rest of the document.
    for (const field of this.#fields) if (field.isInstruction) this.#paragraph += field.instruction;
    return this.#done.join("") + this.#paragraph;
  }

  read(piece: Piece, start: number, end: number): void {
    const { main, characters, paragraphs, styles } = this.#word;
    const { bytesEach } = piece;
    let at = piece.at + (start - piece.start) * bytesEach;
    const last = Math.min(piece.at + (end - piece.start) * bytesEach, main.length - bytesEach + 1);
    while (at < last) {
      const run = characters.at(at);
      let properties = run.value ?? PLAIN_CHARACTERS;
      if (piece.changes) properties = charactersWith(properties, piece.changes);
      // Where styles hide, what is hidden changes with the paragraph.
      const paragraph = styles.hidesAny ? paragraphs.at(at) : null;
      const end = Math.min(run.end, paragraph?.end ?? last, last);
      const stop = at + Math.max(1, Math.ceil((end - at) / bytesEach)) * bytesEach;
      const isHidden = this.#isHidden(properties, paragraph?.value?.style ?? 0);
      const text = bytesEach === 2 ? main.toString("utf16le", at, stop) : main.toString("latin1", at, stop);
      if (properties.deleted || isHidden) this.#unseen(text, at, piece, properties);
      else this.#seen(text, at, piece, properties);
      at = stop;
    }
  }

  #isHidden({ hidden, style }: Readonly<CharacterProperties>, paragraphStyle: number): boolean {
    const { styles } = this.#word;
    if (typeof hidden === "boolean") return hidden;
    const isStyled = styles.hidesAny && styles.hides(paragraphStyle) !== (style >= 0 && styles.hides(style));
    return hidden === "as styled" ? isStyled : !isStyled;
  }

  /** Of deleted and hidden text only the frame of tables stays. */
  #unseen(text: string, at: number, piece: Piece, properties: Readonly<CharacterProperties>): void {
    for (let index = text.indexOf("\x07"); index >= 0; index = text.indexOf("\x07", index + 1))
      this.#control(CELL_END, at + index * piece.bytesEach, piece, properties);
  }

  #seen(text: string, at: number, piece: Piece, properties: Readonly<CharacterProperties>): void {
    const isSpecial = properties.special || properties.symbol !== null;
    let from = 0;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      const isSign = code >= FIRST_OF_SIGN_FONTS && code <= 0xf0ff;
      if (code >= 0x20 && !isSign && !isSpecial) continue;
      if (from < index) this.#words(text.slice(from, index), piece, properties);
      from = index + 1;
      if (code < 0x20) this.#control(code, at + index * piece.bytesEach, piece, properties);
      else if (isSign) this.#write(this.#word.fonts.sign(properties.font, code));
      else this.#special(code, text[index] as string, piece, properties);
    }
    if (from < text.length) this.#words(from === 0 ? text : text.slice(from), piece, properties);
  }

  #words(text: string, piece: Piece, { font }: Readonly<CharacterProperties>): void {
    const { fonts, isOld } = this.#word;
    if (piece.bytesEach === 2) this.#write(text);
    else if (isOld && fonts.isOfSigns(font))
      for (const sign of text) this.#write(fonts.sign(font, sign.charCodeAt(0)) || sign);
    else this.#write(isOld ? fonts.decode(text, font) : western(text));
  }

  #special(code: number, sign: string, piece: Piece, properties: Readonly<CharacterProperties>): void {
    const { symbol } = properties;
    if (symbol && (code === SYMBOL_PLACE || this.#word.isOld))
      this.#write(this.#word.fonts.sign(symbol.font, symbol.code) || letterOf(symbol.code));
    else if (code !== RANGE_START && code !== RANGE_END) this.#words(sign, piece, properties);
  }

  #write(text: string): void {
    if (this.#instructions === 0) this.#paragraph += text;
    else {
      const field = this.#fields.findLast((one) => one.isInstruction);
      if (field) field.instruction += text;
    }
  }

  #control(code: number, at: number, piece: Piece, properties: Readonly<CharacterProperties>): void {
    const written = WRITTEN.get(code);
    if (written !== undefined) this.#write(written);
    else if (code === PARAGRAPH_END) this.#endParagraph(at, piece, false);
    else if (code === CELL_END) this.#endParagraph(at, piece, true);
    else if (code === PAGE_END) {
      // Also the end of a section, and then of a paragraph.
      const isEnd = this.#word.paragraphs.at(at).end === at + piece.bytesEach;
      if (isEnd) this.#endParagraph(at, piece, false);
      else this.#write("\n");
    } else if (code === FIELD_START) {
      this.#fields.push({ instruction: "", state: -1, isInstruction: true });
      this.#instructions++;
    } else if (code === FIELD_RESULT) this.#endInstruction();
    else if (code === FIELD_END) this.#endField();
    else if (properties.symbol) this.#special(SYMBOL_PLACE, "", piece, properties);
    else if (code === PICTURE && properties.picture >= 0) this.#picture(properties.picture);
  }

  #endField(): void {
    const field = this.#fields.at(-1);
    const isWithoutResult = field?.isInstruction === true;
    this.#endInstruction();
    this.#fields.pop();
    if (!field) return;
    if (field.state >= 0) this.#write(shownByForm(this.#word.data(), field.state));
    else if (isWithoutResult) this.#write(shownByInstruction(field.instruction, this.#word.fonts));
  }

  /** In a field's instruction it is no picture but the state of a form. */
  #picture(at: number): void {
    const field = this.#instructions > 0 ? this.#fields.at(-1) : null;
    if (!field) this.#word.pictures.push(at);
    else if (/^\s*FORM(CHECKBOX|DROPDOWN)/i.test(field.instruction)) field.state = at;
  }

  #endInstruction(): void {
    const field = this.#fields.at(-1);
    if (!field?.isInstruction) return;
    field.isInstruction = false;
    this.#instructions--;
  }

  #endParagraph(at: number, piece: Piece, isCellMark: boolean): void {
    if (this.#instructions > 0) {
      this.#write("\n");
      return;
    }
    const paragraph = this.#paragraphAt(at, piece);
    const text = this.#paragraph;
    this.#paragraph = "";
    if ((isCellMark && (paragraph?.isRowEnd ?? this.#endsRowByItself(text))) || paragraph?.isInnerRowEnd) {
      const last = this.#done.pop();
      if (last !== undefined) this.#done.push(last.replace(/\t$/, "\n"));
      if (text.trim() !== "") this.#done.push(`${text}\n`);
      return;
    }
    const isCell = isCellMark || paragraph?.isInnerCell === true;
    const label = paragraph ? this.#word.label(paragraph) : "";
    // An empty cell may have nothing but its number; an empty line only counts.
    const isShown = label !== "" && (text.trim() !== "" || isCell);
    const words = isShown ? text.replace(/^\n*/, (breaks) => breaks + label) : text;
    this.#done.push(words + (isCell ? "\t" : "\n"));
  }

  #paragraphAt(at: number, piece: Piece): ParagraphProperties | null {
    const { paragraphs, styles, longChanges } = this.#word;
    const stored = paragraphs.at(at).value;
    if (!stored) return null;
    let paragraph = paragraphWith(styles.paragraph(stored.style), stored.changes, longChanges);
    if (piece.changes) paragraph = paragraphWith(paragraph, piece.changes, longChanges);
    return paragraph;
  }

  /** Where properties are lost, a cell mark right after another one ends the row. */
  #endsRowByItself(text: string): boolean {
    return text === "" && this.#done.at(-1)?.endsWith("\t") === true;
  }
}

/** Signs of a font nobody knows: its own place if that is a letter. */
function letterOf(code: number): string {
  return code >= 0x20 && code < 0xe000 ? String.fromCharCode(code) : "";
}
