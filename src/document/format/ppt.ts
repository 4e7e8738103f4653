// PowerPoint 97–2003 presentations (.ppt, .pps, .dps of WPS; [MS-PPT]): slide by slide, with notes and comments.
import { type CompoundFile, openCompoundFile } from "../compound.ts";
import { type Aids, type DocumentChild, type DocumentText, noText } from "../document.ts";
import { hangsOnPictures, readPictures } from "../pictures.ts";
import { Unreadable } from "../unreadable.ts";
import { pptObjects } from "./ppt-objects.ts";
import { type Budget, type PptRecord, recordAt, recordsIn, recordsWithin } from "./ppt-records.ts";
import {
  NOTES_TEXT,
  NUMBER_KINDS,
  type PptText,
  PptTexts,
  slideShapes,
  TAG_DATA,
  wordsOf,
} from "./ppt-shapes.ts";
import { readSummary } from "./summary.ts";
import { pptPictures } from "./xls-ppt-pictures.ts";

const MAX_BYTES = 100 * 1024 * 1024;
const MAX_CHARACTERS = 2_000_000;

const DOCUMENT = 0x03e8;
const SLIDE_ATOM = 0x03ef;
const SLIDE_PERSIST = 0x03f3;
const STRING = 0x0fba;
const SLIDE_LIST = 0x0ff0;
const USER_EDIT = 0x0ff5;
const PERSIST_DIRECTORY = 0x1772;
const DOCUMENT_INFO = 0x07d0;
const OUTLINE_PROPERTIES_HEADER = 0x0faf;
const PROGRAM_TAGS = 0x1388;
const COMMENT = 0x2ee0;

const SLIDES = 0;
const NOTES = 2;
/** What a file begins with whose records are encrypted (§2.3.2). */
const ENCRYPTED = 0xf3d1c4df;

interface Listed {
  /** Of the slide's own record in the persist directory. */
  persistId: number;
  slideId: number;
  texts: PptText[];
}

export async function readPpt(bytes: Uint8Array, aids: Aids): Promise<DocumentText> {
  const file = openCompoundFile(bytes);
  const stream = file.read("PowerPoint Document", MAX_BYTES);
  if (!stream || stream.length < 8) throw new Unreadable("corrupt", "no presentation stream");
  const show = new Presentation(stream, newestEdit(file, stream));
  const slides: string[] = [];
  let room = MAX_CHARACTERS;
  for (const slide of show.slides) {
    const text = show.slide(slide);
    slides.push(text);
    room -= text.length;
    if (room < 0 || show.budget.left <= 0) break;
  }
  const text = slides.filter(Boolean).join("\n\n");
  const isCut = slides.length < show.slides.length;
  const found = hangsOnPictures(text) ? pptPictures(file.read("Pictures", MAX_BYTES)) : [];
  const pictures = await readPictures(found, text, aids);
  const summary = readSummary(file.read("\x05SummaryInformation", 65_536));
  return {
    ...noText,
    ...pictures,
    children: show.objects(),
    text: [text, pictures.text].filter(Boolean).join("\n\n"),
    title: summary.title,
    author: summary.author,
    pages: show.slides.length || null,
    pagesRead: isCut ? slides.length : pictures.pagesRead,
    warnings: [
      ...(isCut ? [`only the first ${slides.length} of ${show.slides.length} slides were read`] : []),
      ...pictures.warnings,
    ],
  };
}

/** Where the newest edit is described: the "Current User" says, and else it is the last one in the stream. */
function newestEdit(file: CompoundFile, stream: Buffer): number {
  const user = file.read("Current User", 4096);
  const says = user && user.length >= 20;
  if ((says && user.readUInt32LE(12) === ENCRYPTED) || file.names.includes("EncryptedSummary"))
    throw new Unreadable("password-protected", "encrypted");
  const said = says ? user.readUInt32LE(16) : -1;
  if (recordAt(stream, said, stream.length)?.type === USER_EDIT) return said;
  let last = -1;
  const budget = { left: stream.length };
  for (const record of recordsIn(stream, { from: 0, end: stream.length }, budget))
    if (record.type === USER_EDIT) last = record.from - 8;
  if (last < 0) throw new Unreadable("corrupt", "no edit is described");
  return last;
}

class Presentation {
  readonly slides: Listed[];
  readonly budget: Budget;
  readonly #stream: Buffer;
  readonly #places = new Map<number, number>();
  readonly #notes: Map<number, Listed>;
  readonly #shown = new Set<number>();
  readonly #document: PptRecord;

  constructor(stream: Buffer, newest: number) {
    this.#stream = stream;
    this.budget = { left: stream.length * 4 };
    const document = this.#record(this.#readEdits(newest));
    if (document?.type !== DOCUMENT) throw new Unreadable("corrupt", "no document record");
    this.#document = document;
    this.slides = this.#listed(document, SLIDES);
    this.#readOutlineNumbers(document);
    this.#notes = new Map(this.#listed(document, NOTES).map((note) => [note.slideId, note]));
  }

  objects(): DocumentChild[] {
    return pptObjects(this.#stream, this.#document, (id) => this.#record(id), this.budget);
  }

  slide(listed: Listed): string {
    const slide = this.#record(listed.persistId);
    if (!slide) return listed.texts.map(wordsOf).join("\n");
    // One record may be listed a thousand times in a forged file.
    if (this.#shown.has(slide.from)) return "";
    this.#shown.add(slide.from);
    const shapes = slideShapes(this.#stream, slide, listed.texts, this.budget);
    const lines = [
      ...shapes.filter(({ isTitle }) => isTitle),
      ...shapes.filter(({ isTitle }) => !isTitle),
    ].map(({ words }) => words);
    return [...lines, ...this.#notesOf(slide), ...this.#commentsOn(slide)].filter(Boolean).join("\n");
  }

  /** The numbers of the texts that the list of slides keeps stand apart from them, by slide and by kind (§2.4.16). */
  #readOutlineNumbers(document: PptRecord): void {
    const kinds = new Map<string, Buffer>();
    let place = "";
    const read = (container: { from: number; end: number }) => {
      for (const record of recordsWithin(this.#stream, container, this.budget)) {
        const { type, from, end } = record;
        if (type === OUTLINE_PROPERTIES_HEADER && end - from >= 8)
          place = `${this.#stream.readUInt32LE(from)} ${this.#stream.readUInt32LE(from + 4)}`;
        else if (type === NUMBER_KINDS) kinds.set(place, this.#stream.subarray(from, end));
        else if (type === TAG_DATA) read(record);
      }
    };
    for (const info of recordsIn(this.#stream, document, this.budget))
      if (info.type === DOCUMENT_INFO) read(info);
    for (const { slideId, texts } of this.slides)
      for (const text of texts) text.numberKinds = kinds.get(`${slideId} ${text.kind}`) ?? null;
  }

  #notesOf(slide: PptRecord): string[] {
    for (const { type, from, end } of recordsIn(this.#stream, slide, this.budget)) {
      if (type !== SLIDE_ATOM || end - from < 20) continue;
      const note = this.#notes.get(this.#stream.readUInt32LE(from + 16));
      const record = note && this.#record(note.persistId);
      if (!record) return [];
      return slideShapes(this.#stream, record, note.texts, this.budget)
        .filter(({ kind }) => kind === NOTES_TEXT)
        .map(({ words }) => words);
    }
    return [];
  }

  /** Comments came with PowerPoint 2002, and stand among what other programs may ignore (§2.5.21). */
  #commentsOn(slide: PptRecord): string[] {
    const comments: string[] = [];
    const read = (container: PptRecord) => {
      for (const record of recordsWithin(this.#stream, container, this.budget)) {
        if (record.type === TAG_DATA) {
          for (const inner of recordsIn(this.#stream, record, this.budget))
            if (inner.type === COMMENT) read(inner);
        } else if (record.type === STRING && record.instance === 1 && container.type === COMMENT)
          comments.push(
            this.#stream
              .toString("utf16le", record.from, record.end)
              .replace(/[\r\v]/g, "\n")
              .trim(),
          );
      }
    };
    for (const tags of recordsIn(this.#stream, slide, this.budget))
      if (tags.type === PROGRAM_TAGS) read(tags);
    return comments;
  }

  /** Every edit lists the places of the records it changed (§2.3.4); the newest comes first. Returns the document's id. */
  #readEdits(newest: number): number {
    const seen = new Set<number>();
    let documentId = -1;
    for (let at = newest; !seen.has(at); ) {
      seen.add(at);
      const edit = recordAt(this.#stream, at, this.#stream.length);
      if (edit?.type !== USER_EDIT || edit.end - edit.from < 28) break;
      if (documentId < 0) {
        documentId = this.#stream.readUInt32LE(edit.from + 16);
        if (edit.end - edit.from >= 32) throw new Unreadable("password-protected", "encrypted");
      }
      this.#readPlaces(this.#stream.readUInt32LE(edit.from + 12));
      at = this.#stream.readUInt32LE(edit.from + 8);
    }
    return documentId;
  }

  #readPlaces(at: number): void {
    const directory = recordAt(this.#stream, at, this.#stream.length);
    if (directory?.type !== PERSIST_DIRECTORY) return;
    for (let place = directory.from; place + 4 <= directory.end && this.budget.left > 0; ) {
      const run = this.#stream.readUInt32LE(place);
      place += 4;
      const first = run & 0xfffff;
      for (let count = 0; count < run >>> 20 && place + 4 <= directory.end; count++, place += 4) {
        this.budget.left -= 4;
        const id = first + count;
        if (!this.#places.has(id)) this.#places.set(id, this.#stream.readUInt32LE(place));
      }
    }
  }

  #record(persistId: number): PptRecord | null {
    return recordAt(this.#stream, this.#places.get(persistId) ?? -1, this.#stream.length);
  }

  /** The slides, or their notes, in their order, with the texts that the list itself keeps. */
  #listed(document: PptRecord, kind: number): Listed[] {
    const listed: Listed[] = [];
    let texts = new PptTexts(this.#stream);
    for (const list of recordsIn(this.#stream, document, this.budget)) {
      if (list.type !== SLIDE_LIST || list.instance !== kind) continue;
      for (const record of recordsIn(this.#stream, list, this.budget)) {
        if (record.type === SLIDE_PERSIST && record.end - record.from >= 16) {
          texts = new PptTexts(this.#stream);
          listed.push({
            persistId: this.#stream.readUInt32LE(record.from),
            slideId: this.#stream.readUInt32LE(record.from + 12),
            texts: texts.texts,
          });
        } else texts.read(record);
      }
    }
    return listed;
  }
}
