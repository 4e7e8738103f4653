// The head of a Word 6–2003 document ([MS-DOC] §2.5): which version, where its tables are, how long its stories.
import type { CompoundFile } from "../compound.ts";
import { Unreadable } from "../unreadable.ts";

/** More than Word itself can save. */
const MAX_BYTES = 256 * 1024 * 1024;

const WORD_97 = 0xa5ec;
/** Word 6 and 95, and their East Asian editions. */
const WORD_95 = new Set([0xa5dc, 0xa697, 0xa698, 0xa699]);
const FIRST_97_BUILD = 0xc0;
const ENCRYPTED = 0x0100;
const SECOND_TABLE = 0x0200;

/** Places of the parts in the list of the header (FibRgFcLcb97); Word 6 has the same list further up. */
export const PART = {
  styles: 1,
  headers: 11,
  characterPages: 12,
  paragraphPages: 13,
  fonts: 15,
  pieces: 33,
  drawings: 50,
  lists: 73,
  listOverrides: 74,
} as const;

/** Numbers of characters; the stories lie one after the other in this order (§2.4.1). */
export interface StoryLengths {
  body: number;
  footnotes: number;
  headers: number;
  macros: number;
  comments: number;
  endnotes: number;
  textBoxes: number;
  headerTextBoxes: number;
}

export interface WordFile {
  /** Word 6 or 95: 8-bit text, one-byte property codes, all in one stream. */
  isOld: boolean;
  /** The language of Word itself, which tells the charset of 8-bit text. */
  language: number;
  /** The stream that holds the text and the pages of properties. */
  main: Buffer;
  /** Pictures and long properties. */
  data(): Buffer;
  /** First and last byte of the text where it is in one piece. */
  textStart: number;
  textEnd: number;
  lengths: StoryLengths;
  /** A part named by the header; empty where there is none or it lies outside of the file. */
  part(index: number): Buffer;
  /** The stream that holds the parts, from a part's end on: list levels follow their list. */
  after(index: number): Buffer;
}

/** Throws `Unreadable` where there is no text to be had. */
export function openWordFile(file: CompoundFile): WordFile {
  const main = file.read("WordDocument", MAX_BYTES);
  if (!main || main.length < 256) throw new Unreadable("corrupt", "no main stream");
  const signature = main.readUInt16LE(0);
  const build = main.readUInt16LE(2);
  const flags = main.readUInt16LE(10);
  if (signature !== WORD_97 && !WORD_95.has(signature))
    throw new Unreadable("format-unsupported", `a Word document of build ${build}`);
  if ((flags & ENCRYPTED) !== 0) throw new Unreadable("password-protected", "encrypted");
  const isOld = signature !== WORD_97 && build < FIRST_97_BUILD;
  const tableName = (flags & SECOND_TABLE) !== 0 ? "1Table" : "0Table";
  const table = isOld ? main : (file.read(tableName, MAX_BYTES) ?? Buffer.alloc(0));
  const length = (at: number) => Math.max(0, at + 4 <= main.length ? main.readInt32LE(at) : 0);
  const counts = isOld ? 0x34 : 0x4c;
  let data: Buffer | null = null;
  /** Start and end of a part in the table stream. */
  const range = (index: number): [number, number] => {
    const at = isOld ? 0x58 + index * 8 : 0x9a + index * 8;
    if (at + 8 > main.length || (isOld && index > PART.pieces)) return [0, 0];
    const start = main.readUInt32LE(at);
    const end = start + main.readUInt32LE(at + 4);
    return end <= table.length ? [start, end] : [0, 0];
  };
  return {
    isOld,
    language: main.readUInt16LE(6),
    main,
    data: () => {
      data ??= file.read("Data", MAX_BYTES) ?? Buffer.alloc(0);
      return data;
    },
    textStart: main.readUInt32LE(24),
    textEnd: main.readUInt32LE(28),
    lengths: {
      body: length(counts),
      footnotes: length(counts + 4),
      headers: length(counts + 8),
      macros: length(counts + 12),
      comments: length(counts + 16),
      endnotes: length(counts + 20),
      textBoxes: length(counts + 24),
      headerTextBoxes: length(counts + 28),
    },
    part: (index) => table.subarray(...range(index)),
    after: (index) => {
      const [, end] = range(index);
      return end > 0 ? table.subarray(end) : Buffer.alloc(0);
    },
  };
}
