// Rich text token by token: which group holds words, in which code page, and where they go (RTF specification 1.9.1).
import { Unreadable } from "../unreadable.ts";
import { encodingOfCodePage, WESTERN } from "./code-page.ts";
import { spaced } from "./number-words.ts";
import { RtfFonts } from "./rtf-fonts.ts";
import { RtfRun, type Sink, Words } from "./rtf-run.ts";
import { RtfStory } from "./rtf-story.ts";
import { type RtfHandler, readRtfTokens } from "./rtf-tokens.ts";
import { ENTERED, MARGINS, PROPERTIES, SKIPPED, TEXT_OF } from "./rtf-words.ts";

const MAX_TEXT_CHARACTERS = 20_000_000;
const MAX_PICTURES = 200;
const MAX_OBJECTS = 100;

/** Where a picture or an object stands in the file, in hexadecimal digits or as it is. */
export type Pieces = { from: number; to: number; isBinary: boolean }[];

interface Group {
  kind: "words" | "skipped" | "fonts" | "info" | "pieces";
  sink: Sink;
  /** Null in groups whose words have no lines: labels, names. */
  story: RtfStory | null;
  pieces: Pieces | null;
  isStarred: boolean;
  font: number;
  /** The class of characters the font was chosen for: Word names one for Latin and one for Han signs in turn. */
  face: string;
  encoding: string;
  /** How many characters stand for a \u in older readers. */
  fallback: number;
  isHidden: boolean;
  isDeleted: boolean;
  /** Of HTML wrapped in RTF: only for readers of RTF ([MS-OXRTFEX] §2.1.3). */
  isForRtfOnly: boolean;
  level: number;
  isInTable: boolean;
  /** The group's first child is the same again for older readers. */
  hasOlderForm: boolean;
  ended: (() => void) | null;
}

export class RtfReading implements RtfHandler {
  readonly pictures: Pieces[] = [];
  readonly objects: Pieces[] = [];
  readonly properties: Record<string, string> = {};
  pages: number | null = null;
  isHtml = false;
  readonly isWhole: boolean;
  readonly #html: string[] = [];
  readonly #bytes: Uint8Array;
  readonly #body = new RtfStory();
  readonly #notes: RtfStory[] = [];
  readonly #comments: { author: string; story: RtfStory }[] = [];
  readonly #margins: RtfStory[] = [];
  #author = "";
  readonly #fonts = new RtfFonts();
  readonly #run = new RtfRun(this.#fonts);
  #defaultFont = 0;
  #documentEncoding = WESTERN;
  readonly #outer: Group[] = [];
  #group: Group;
  #toSkip = 0;
  #characters = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#group = {
      kind: "words",
      sink: this.#body,
      story: this.#body,
      pieces: null,
      isStarred: false,
      font: 0,
      face: "",
      encoding: WESTERN,
      fallback: 1,
      isHidden: false,
      isDeleted: false,
      isForRtfOnly: false,
      level: 1,
      isInTable: false,
      hasOlderForm: false,
      ended: null,
    };
    this.isWhole = readRtfTokens(bytes, this);
    this.#flush();
  }

  get html(): string {
    return this.#html.join("");
  }

  text(): string {
    const notes = this.#notes.map((story) => story.text().trim());
    const comments = this.#comments.map(({ author, story }) =>
      [author.trim(), story.text().trim()].filter(Boolean).join("："),
    );
    // Page numbers are all that most margins hold; each section and kind of page has its own, mostly alike.
    const margins = this.#margins.map((story) => story.text().trim()).filter((text) => /\p{L}/u.test(text));
    return [this.#body.text(), ...notes, ...comments, ...new Set(margins)].join("\n");
  }

  open(): void {
    this.#toSkip = 0;
    const parent = this.#group;
    this.#outer.push(parent);
    this.#group = { ...parent, isStarred: false, hasOlderForm: false, ended: null };
    if (parent.hasOlderForm) {
      parent.hasOlderForm = false;
      this.#group.kind = "skipped";
    }
  }

  close(): void {
    this.#toSkip = 0;
    const { ended, kind } = this.#group;
    if (ended) {
      this.#flush();
      ended();
    }
    this.#group = this.#outer.pop() ?? this.#group;
    // Now it is known what the document's usual font means.
    if (kind === "fonts" && this.#group.kind !== "fonts") this.#choose(this.#group.font, this.#group.face);
  }

  symbol(character: string): void {
    if (character === "*") this.#group.isStarred = true;
    else if (this.#toSkip > 0) this.#toSkip--;
    else if (character === "~") this.#say("\u00a0");
    else if (character === "_") this.#say("-");
    else if (/[\\{}]/.test(character)) this.#push(character.charCodeAt(0));
  }

  byte(value: number): void {
    if (this.#toSkip > 0) this.#toSkip--;
    else this.#push(value);
  }

  binary(from: number, to: number): void {
    if (this.#toSkip > 0) this.#toSkip--;
    this.#group.pieces?.push({ from, to, isBinary: true });
  }

  literal(from: number, to: number): void {
    const { kind, pieces } = this.#group;
    const skipped = Math.min(this.#toSkip, to - from);
    this.#toSkip -= skipped;
    if (kind === "fonts") this.#fonts.name(this.#bytes.subarray(from, to));
    if (kind === "pieces") pieces?.push({ from, to, isBinary: false });
    if (kind !== "words") return;
    for (let at = from + skipped; at < to; at++) this.#push(this.#bytes[at] as number, true);
  }

  word(name: string, value: number | null): void {
    const group = this.#group;
    if (this.#toSkip > 0) {
      const isFallback = TEXT_OF.has(name);
      this.#toSkip = isFallback ? this.#toSkip - 1 : 0;
      if (isFallback) return;
    }
    if (group.kind === "skipped") return;
    const isStarred = group.isStarred;
    group.isStarred = false;
    if (SKIPPED.has(name) || (isStarred && !ENTERED.has(name))) {
      group.kind = "skipped";
    } else if (group.kind === "fonts") this.#fonts.word(name, value ?? 0);
    else if (group.kind === "info") this.#infoWord(name, value);
    else if (!this.#groupWord(name) && !this.#lineWord(name) && !this.#formatWord(name, value ?? 1, value)) {
      const sign = TEXT_OF.get(name);
      if (sign !== undefined) this.#say(sign);
    }
  }

  #infoWord(name: string, value: number | null): void {
    if (name === "nofpages" && value !== null && value > 0) this.pages = value;
    if (!PROPERTIES.has(name)) return;
    const words = this.#sinkUntilEnd(() => {
      this.properties[name] = words.text.trim();
    });
    this.#group.kind = "words";
  }

  /** Words that say what the whole group is. */
  #groupWord(name: string): boolean {
    const group = this.#group;
    if (name === "fonttbl") group.kind = "fonts";
    else if (name === "info") group.kind = "info";
    else if (name === "upr") group.hasOlderForm = true;
    else if (name === "pict") {
      group.kind = "pieces";
      group.pieces = null;
    } else if (name === "objdata") {
      group.kind = "pieces";
      group.pieces = this.#keep(this.objects, MAX_OBJECTS);
    } else if (name === "jpegblip" || name === "pngblip")
      group.pieces = this.#keep(this.pictures, MAX_PICTURES);
    else if (name === "footnote") this.#notes.push(this.#storyUntilEnd());
    else if (name === "annotation")
      this.#comments.push({ author: this.#author, story: this.#storyUntilEnd() });
    else if (MARGINS.has(name)) this.#margins.push(this.#storyUntilEnd());
    else if (name === "shptxt" || name === "dptxbxtext") {
      const around = group.story;
      const box = this.#storyUntilEnd(() => around?.addBox(box.text()));
    } else if (name === "atnauthor") {
      const words = this.#sinkUntilEnd(() => {
        this.#author = words.text;
      });
    } else if (name === "listtext" || name === "pntext") {
      const { story } = group;
      const label = this.#sinkUntilEnd(() => {
        const isSign = label.hasSigns || /^\uFFFD+$/.test(label.text.trim());
        story?.addLabel(isSign ? "• " : spaced(label.text.trim()));
      });
    } else if (name === "fromhtml") {
      this.isHtml = true;
      group.sink = { add: (text) => this.#html.push(text) };
      group.story = null;
    } else return false;
    return true;
  }

  /** Words that end a line, a cell or a row. */
  #lineWord(name: string): boolean {
    if (!/^(par|sect|page|column|cell|row|nestcell|nestrow)$/.test(name)) return false;
    this.#flush();
    const { story, level, isInTable, isHidden, isDeleted, sink, isForRtfOnly } = this.#group;
    if (!story) {
      if (!isForRtfOnly && name === "par") sink.add(this.isHtml ? "\r\n" : " ");
    } else if (name === "cell") story.endCell(1);
    else if (name === "nestcell") story.endCell(Math.max(2, level));
    else if (name === "row") story.endRow(1);
    else if (name === "nestrow") story.endRow(Math.max(2, level));
    else if (!isHidden && !isDeleted) story.endParagraph(isInTable ? Math.max(1, level) : 0);
    return true;
  }

  #formatWord(name: string, on: number, value: number | null): boolean {
    const group = this.#group;
    if (name === "u") this.#unicode(value ?? 0);
    else if (name === "uc") group.fallback = Math.min(20, Math.max(0, on));
    else if (name === "f" || (name === "af" && group.face !== "")) this.#choose(on, group.face);
    else if (name === "loch" || name === "hich" || name === "dbch") this.#choose(group.font, name);
    else if (name === "rtlch" || name === "ltrch") this.#choose(group.font, "");
    else if (name === "v") group.isHidden = on !== 0;
    else if (name === "deleted") group.isDeleted = on !== 0;
    else if (name === "htmlrtf") group.isForRtfOnly = on !== 0;
    else if (name === "intbl") group.isInTable = true;
    else if (name === "itap") {
      group.level = on;
      group.isInTable = on > 0;
    } else if (name === "pard") {
      group.isInTable = false;
      group.level = 1;
    } else if (name === "plain") {
      group.isHidden = false;
      group.isDeleted = false;
      this.#choose(this.#defaultFont, "");
    } else if (name === "deff") {
      this.#defaultFont = on;
      this.#choose(on, "");
    } else if (name === "ansicpg" && value) this.#documentEncodingIs(encodingOfCodePage(value));
    else if (name === "mac") this.#documentEncodingIs("macintosh");
    else return false;
    return true;
  }

  #documentEncodingIs(encoding: string): void {
    this.#documentEncoding = encoding;
    this.#choose(this.#group.font, this.#group.face);
  }

  #choose(font: number, face: string): void {
    const group = this.#group;
    group.font = font;
    group.face = face;
    group.encoding = this.#fonts.encoding(font, face, this.#documentEncoding);
  }

  #unicode(value: number): void {
    const code = value < 0 ? value + 65_536 : value;
    this.#toSkip = this.#group.fallback;
    // Signs of a font live in the private area, at 0xF000 and their place.
    if (code >= 0xf000 && code <= 0xf0ff) {
      this.#say(this.#fonts.sign(this.#group.font, code));
      if (this.#group.sink instanceof Words) this.#group.sink.hasSigns = true;
    } else if (code > 0 && code <= 0xffff) this.#say(String.fromCharCode(code));
    else if (code > 0 && code <= 0x10ffff) this.#say(String.fromCodePoint(code));
  }

  #keep(list: Pieces[], most: number): Pieces | null {
    if (list.length >= most) return null;
    const pieces: Pieces = [];
    list.push(pieces);
    return pieces;
  }

  #storyUntilEnd(ended: (() => void) | null = null): RtfStory {
    const story = new RtfStory();
    this.#flush();
    Object.assign(this.#group, { sink: story, story, isInTable: false, level: 1, ended });
    return story;
  }

  #sinkUntilEnd(ended: () => void): Words {
    const words = new Words();
    this.#flush();
    Object.assign(this.#group, { sink: words, story: null, ended });
    return words;
  }

  get #isSilent(): boolean {
    const { kind, isHidden, isDeleted, isForRtfOnly } = this.#group;
    return kind !== "words" || isHidden || isDeleted || isForRtfOnly;
  }

  #say(text: string): void {
    if (this.#isSilent) return;
    this.#flush();
    this.#count(text.length);
    this.#group.sink.add(text);
  }

  #push(byte: number, isRaw = false): void {
    if (this.#isSilent) return;
    if (this.#run.endsBefore(this.#group)) this.#flush();
    this.#run.push(byte, isRaw, this.#group);
  }

  #flush(): void {
    this.#count(this.#run.flush());
  }

  #count(characters: number): void {
    this.#characters += characters;
    if (this.#characters > MAX_TEXT_CHARACTERS)
      throw new Unreadable("too-large", `more than ${MAX_TEXT_CHARACTERS} characters`);
  }
}
