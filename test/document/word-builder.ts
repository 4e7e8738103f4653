// Builds Word 97 and Word 95 documents byte by byte ([MS-DOC]), for what no office program can be told to write.
import iconv from "iconv-lite";
import { compoundFile } from "../../src/document/compound-writer.ts";

/** Property changes: their bytes as they stand in the file, code first. */
export type Changes = number[];

export interface Run {
  text: string;
  changes?: Changes;
  /** 8-bit text in Word 97. */
  isNarrow?: boolean;
  /** A change to the whole piece, made in a hurry after it was written (Prm). */
  pieceChange?: number;
}

export interface Paragraph {
  runs: (Run | string)[];
  style?: number;
  changes?: Changes;
  /** "\r" unless it is a cell's "\x07" or a section's "\f". */
  end?: string;
  endChanges?: Changes;
}

export interface Level {
  format: number;
  start?: number;
  /** \0 to \x08 stand for the levels' numbers. */
  pattern: string;
  /** 4: Arabic digits only; 8: no restart. */
  flags?: number;
}

export interface Parts {
  body: (Paragraph | string)[];
  footnotes?: (Paragraph | string)[];
  /** One story each; the first six are separators of notes. */
  headers?: (Paragraph | string)[][];
  comments?: (Paragraph | string)[];
  endnotes?: (Paragraph | string)[];
  textBoxes?: (Paragraph | string)[];
  fonts?: { name: string; charset: number }[];
  styles?: { kind: 1 | 2; base?: number; paragraph?: Changes; characters?: Changes }[];
  lists?: { id: number; levels: Level[] }[];
  /** Which list each number means, with new starts of some levels. */
  overrides?: { list: number; starts?: { level: number; start: number }[] }[];
  /** Word 95, with this language and charset. */
  old?: { language: number; charset: string };
  /** Pieces in the file the other way round, as after many quick saves. */
  isShuffled?: boolean;
  data?: Buffer;
  drawings?: Buffer;
  flags?: number;
  /** Embedded objects, each a storage of its own. */
  objects?: { name: string; streams: { name: string; content: Buffer }[] }[];
}

interface Segment {
  bytes: Buffer;
  bytesEach: 1 | 2;
  characters: Changes;
  paragraph: Changes;
  style: number;
  pieceChange: number;
  at: number;
}

const TEXT_AT = 0x800;
const PAGE_BYTES = 512;
const RUNS_PER_PAGE = 4;

/** The streams of a document, for tests that spoil them. */
export function wordStreams(parts: Parts): { name: string; content: Buffer }[] {
  const { old } = parts;
  const stories = [
    parts.body,
    parts.footnotes ?? [],
    (parts.headers ?? []).flat(),
    [],
    parts.comments ?? [],
    parts.endnotes ?? [],
    parts.textBoxes ?? [],
    [],
  ].map((story) => story.map((one): Paragraph => (typeof one === "string" ? { runs: [one] } : one)));
  const segments = stories.map((story) => story.flatMap((paragraph) => segmentsOf(paragraph, parts)));
  const all = segments.flat();
  let end = TEXT_AT;
  for (const segment of parts.isShuffled ? [...all].reverse() : all) {
    segment.at = end;
    end += segment.bytes.length;
  }
  const main: Buffer[] = [
    Buffer.alloc(TEXT_AT),
    ...[...all].sort((a, b) => a.at - b.at).map(({ bytes }) => bytes),
  ];
  const padding = Buffer.alloc((PAGE_BYTES - (end % PAGE_BYTES)) % PAGE_BYTES);
  main.push(padding);
  let pageNumber = (end + padding.length) / PAGE_BYTES;
  const inFile = [...all].sort((a, b) => a.at - b.at);
  const pageList = (page: (segments: Segment[], old: boolean) => Buffer): Buffer => {
    const starts: number[] = [];
    const numbers: number[] = [];
    for (let index = 0; index < inFile.length; index += RUNS_PER_PAGE) {
      const chunk = inFile.slice(index, index + RUNS_PER_PAGE);
      starts.push((chunk[0] as Segment).at);
      numbers.push(pageNumber++);
      main.push(page(chunk, old !== undefined));
    }
    return Buffer.concat([...[...starts, end].map(long), ...numbers.map(old ? short : long)]);
  };
  const lengthOf = (segment: Segment) => segment.bytes.length / segment.bytesEach;
  const table: Buffer[] = [];
  const places = new Map<number, [number, number]>();
  const lengths = segments.map((story) => story.reduce((sum, one) => sum + lengthOf(one), 0));
  const characterPages = pageList(characterPage);
  const paragraphPages = pageList(paragraphPage);
  let tableAt = old ? main.reduce((sum, one) => sum + one.length, 0) : 0;
  const put = (index: number, content: Buffer, notCounted: Buffer = Buffer.alloc(0)): void => {
    places.set(index, [tableAt, content.length]);
    table.push(content, notCounted);
    tableAt += content.length + notCounted.length;
  };
  put(12, characterPages);
  put(13, paragraphPages);
  put(33, pieceTable(all, old !== undefined));
  if (parts.fonts) put(15, fontTable(parts.fonts, old !== undefined));
  if (parts.styles) put(1, styleSheet(parts.styles, old !== undefined));
  if (parts.lists) put(73, ...listTable(parts.lists));
  if (parts.overrides) put(74, overrideTable(parts.overrides));
  if (parts.drawings) put(50, parts.drawings);
  if (parts.headers) put(11, headerPlaces(parts.headers, parts));

  const head = main[0] as Buffer;
  head.writeUInt16LE(old ? 0xa5dc : 0xa5ec, 0);
  head.writeUInt16LE(old ? 0x68 : 0xc1, 2);
  head.writeUInt16LE(old?.language ?? 0x0804, 6);
  head.writeUInt16LE((old ? 0 : 0x1200) | (parts.isShuffled ? 4 : 0) | (parts.flags ?? 0), 10);
  head.writeUInt32LE(TEXT_AT, 24);
  head.writeUInt32LE(end, 28);
  for (const [index, length] of lengths.entries())
    head.writeUInt32LE(length, (old ? 0x34 : 0x4c) + index * 4);
  if (!old) {
    head.writeUInt16LE(14, 32);
    head.writeUInt16LE(22, 62);
    head.writeUInt16LE(93, 152);
  }
  for (const [index, [at, length]] of places) {
    head.writeUInt32LE(at, (old ? 0x58 : 0x9a) + index * 8);
    head.writeUInt32LE(length, (old ? 0x58 : 0x9a) + index * 8 + 4);
  }
  if (old) return [{ name: "WordDocument", content: Buffer.concat([...main, ...table]) }];
  return [
    { name: "WordDocument", content: Buffer.concat(main) },
    { name: "1Table", content: Buffer.concat(table) },
    ...(parts.data ? [{ name: "Data", content: parts.data }] : []),
  ];
}

export function wordFile(parts: Parts): Buffer {
  const streams = wordStreams(parts);
  const { objects = [] } = parts;
  if (objects.length === 0) return compoundFile(streams, 10_000_000) as Buffer;
  const empty = (name: string) => ({ name, content: Buffer.alloc(0) });
  const entries = [...streams, empty("ObjectPool")];
  const pool = entries.length;
  entries.push(...objects.map(({ name }) => empty(name)));
  const firsts = objects.map((object) => entries.push(...object.streams) - object.streams.length + 1);
  const file = compoundFile(entries, 10_000_000) as Buffer;
  // All entries follow one another: cut the line into storages (§2.6.1: type at 66, right sibling at 72, child at 76).
  const directory = (file.readUInt32LE(48) + 1) * 512;
  const storage = (id: number, child: number): void => {
    file[directory + id * 128 + 66] = 1;
    file.writeUInt32LE(child, directory + id * 128 + 76);
  };
  const lastIn = (id: number) => file.writeUInt32LE(0xffffffff, directory + id * 128 + 72);
  storage(pool, pool + 1);
  for (const [index, first] of firsts.entries()) {
    storage(pool + 1 + index, first);
    lastIn(first + (objects[index]?.streams.length ?? 1) - 1);
  }
  lastIn(pool);
  lastIn(pool + objects.length);
  return file;
}

/** A file as the Packager of Windows embeds it ("\x01Ole10Native"). */
export function packagedFile(label: Buffer, content: Buffer): Buffer {
  const path = Buffer.from("C:\\x\0", "latin1");
  const zero = Buffer.alloc(1);
  const inner = Buffer.concat([short(2), label, zero, path, short(0), short(3), long(path.length), path]);
  return Buffer.concat([long(inner.length + content.length + 4), inner, long(content.length), content]);
}

function segmentsOf(paragraph: Paragraph, { old }: Parts): Segment[] {
  const end: Run = { text: paragraph.end ?? "\r", changes: paragraph.endChanges ?? [] };
  return [...paragraph.runs, end].map((one): Segment => {
    const run = typeof one === "string" ? { text: one } : one;
    const isBytes = old !== undefined || run.isNarrow === true;
    const charset = old?.charset ?? "windows-1252";
    return {
      bytes: isBytes ? iconv.encode(run.text, charset) : Buffer.from(run.text, "utf16le"),
      bytesEach: isBytes ? 1 : 2,
      characters: run.changes ?? [],
      paragraph: paragraph.changes ?? [],
      style: paragraph.style ?? 0,
      pieceChange: run.pieceChange ?? 0,
      at: 0,
    };
  });
}

function pieceTable(segments: Segment[], isOld: boolean): Buffer {
  let character = 0;
  const starts = [0, ...segments.map(({ bytes, bytesEach }) => (character += bytes.length / bytesEach))];
  const pieces = segments.map(({ at, bytesEach, pieceChange }) => {
    const place = !isOld && bytesEach === 1 ? at * 2 + 0x40000000 : at;
    return Buffer.concat([short(0), long(place), short(pieceChange)]);
  });
  const list = Buffer.concat([...starts.map(long), ...pieces]);
  return Buffer.concat([Buffer.from([2]), long(list.length), list]);
}

function characterPage(segments: Segment[]): Buffer {
  const page = pageOf(segments);
  let at = PAGE_BYTES - 1;
  for (const [index, { characters }] of segments.entries()) {
    if (characters.length === 0) continue;
    at = (at - characters.length - 1) & ~1;
    page[at] = characters.length;
    page.set(characters, at + 1);
    page[(segments.length + 1) * 4 + index] = at / 2;
  }
  return page;
}

function paragraphPage(segments: Segment[], isOld: boolean): Buffer {
  const page = pageOf(segments);
  let at = PAGE_BYTES - 1;
  for (const [index, { paragraph, style }] of segments.entries()) {
    const content = [style & 0xff, style >> 8, ...paragraph];
    if (content.length % 2 === 0) content.push(0);
    at = (at - content.length - 1) & ~1;
    page[at] = (content.length + 1) / 2;
    page.set(content, at + 1);
    page[(segments.length + 1) * 4 + index * (isOld ? 7 : 13)] = at / 2;
  }
  return page;
}

function pageOf(segments: Segment[]): Buffer {
  const page = Buffer.alloc(PAGE_BYTES);
  const last = segments.at(-1) as Segment;
  for (const [index, place] of [...segments.map(({ at }) => at), last.at + last.bytes.length].entries())
    page.writeUInt32LE(place, index * 4);
  page[PAGE_BYTES - 1] = segments.length;
  return page;
}

function fontTable(fonts: { name: string; charset: number }[], isOld: boolean): Buffer {
  const entries = fonts.map(({ name, charset }) => {
    const written = isOld ? Buffer.from(`${name}\0`, "latin1") : Buffer.from(`${name}\0`, "utf16le");
    const font = Buffer.concat([Buffer.alloc(isOld ? 6 : 40), written]);
    font[0] = font.length - 1;
    font[4] = charset;
    return font;
  });
  const content = Buffer.concat(entries);
  return isOld
    ? Buffer.concat([short(content.length + 2), content])
    : Buffer.concat([short(fonts.length), short(0), content]);
}

function styleSheet(styles: NonNullable<Parts["styles"]>, isOld: boolean): Buffer {
  const baseBytes = isOld ? 8 : 10;
  const head = Buffer.alloc(18);
  head.writeUInt16LE(styles.length, 0);
  head.writeUInt16LE(baseBytes, 2);
  const entries = styles.map(({ kind, base = 0xfff, paragraph = [], characters = [] }, index) => {
    const start = Buffer.alloc(baseBytes);
    start.writeUInt16LE(kind | (base << 4), 2);
    start.writeUInt16LE(kind === 1 ? 2 : 1, 4);
    const name = isOld ? Buffer.from("\x01s\0", "latin1") : Buffer.from("\x01s\0", "utf16le");
    const lists = kind === 1 ? [[index, 0, ...paragraph], characters] : [characters];
    let entry = Buffer.concat([start, name]);
    for (const list of lists) {
      if (entry.length % 2 === 1) entry = Buffer.concat([entry, Buffer.alloc(1)]);
      entry = Buffer.concat([entry, short(list.length), Buffer.from(list)]);
    }
    return Buffer.concat([short(entry.length), entry]);
  });
  return Buffer.concat([short(head.length), head, ...entries]);
}

function listTable(lists: NonNullable<Parts["lists"]>): [Buffer, Buffer] {
  const heads = lists.map(({ id, levels }) => {
    const head = Buffer.alloc(28);
    head.writeInt32LE(id, 0);
    head[26] = levels.length === 1 ? 1 : 0;
    return head;
  });
  const levels = lists
    .flatMap((list) => (list.levels.length === 1 ? list.levels : nine(list.levels)))
    .map(levelOf);
  return [Buffer.concat([short(lists.length), ...heads]), Buffer.concat(levels)];
}

function nine(levels: Level[]): Level[] {
  return [...levels, ...Array.from({ length: 9 - levels.length }, () => ({ format: 0, pattern: "" }))];
}

function levelOf({ format, start = 1, pattern, flags = 0 }: Level): Buffer {
  const level = Buffer.alloc(28);
  level.writeInt32LE(start, 0);
  level[4] = format;
  level[5] = flags;
  return Buffer.concat([level, short(pattern.length), Buffer.from(pattern, "utf16le")]);
}

function overrideTable(overrides: NonNullable<Parts["overrides"]>): Buffer {
  const heads = overrides.map(({ list, starts = [] }) => {
    const head = Buffer.alloc(16);
    head.writeInt32LE(list, 0);
    head[12] = starts.length;
    return head;
  });
  const changes = overrides.map(({ starts = [] }) =>
    Buffer.concat([
      long(0xffffffff),
      ...starts.flatMap(({ level, start }) => [long(start), long(level | 0x10)]),
    ]),
  );
  return Buffer.concat([long(overrides.length), ...heads, ...changes]);
}

function headerPlaces(headers: (Paragraph | string)[][], parts: Parts): Buffer {
  let at = 0;
  const places = headers.map((story) => {
    const start = at;
    for (const one of story)
      for (const { bytes, bytesEach } of segmentsOf(typeof one === "string" ? { runs: [one] } : one, parts))
        at += bytes.length / bytesEach;
    return start;
  });
  return Buffer.concat([...places, at, at].map(long));
}

function short(value: number): Buffer {
  return Buffer.from([value & 0xff, (value >> 8) & 0xff]);
}

function long(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}
