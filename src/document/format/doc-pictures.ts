// Pictures in a Word document as the files they were ([MS-ODRAW] §2.2.23 OfficeArtBlip): a scan pasted in is its text.
// And words drawn as a picture (WordArt), of which many a heading is made.
import { PART, type WordFile } from "./doc-file.ts";

const SHAPE_STORE = 0xf001;
const STORE_ENTRY = 0xf007;
const ENTRY_BYTES = 36;
/** JPEG (twice), PNG and TIFF; drawings of lines (EMF, WMF) are no scans. */
const BLIPS = new Set([0xf01d, 0xf02a, 0xf01e, 0xf029]);
/** These kinds name the picture twice. */
const TWICE_NAMED = new Set([0x46b, 0x6e3, 0x6e1, 0x6e5]);
const RECORD_HEAD_BYTES = 8;
const PICTURE_HAS_NAME = 0x66;
const MAX_PICTURES = 1_000;
const SHAPE_PROPERTIES = 0xf00b;
const DRAWN_WORDS = 0xc0;
/** Containers say so in the low bits of their first word; Word nests groups of shapes a few deep. */
const CONTAINER = 0xf;
const MAX_DEPTH = 20;

interface ArtRecord {
  version: number;
  instance: number;
  type: number;
  content: Buffer;
}

/** In the order of the text, given by their places in the data stream; then those that stand beside it. */
export function picturesOf(word: WordFile, places: number[]): Buffer[] {
  const pictures = new Set<Buffer>();
  for (const drawing of inlineDrawings(word, places)) {
    for (const record of records(drawing)) {
      const picture = record.type === STORE_ENTRY ? storedPicture(record.content, null) : blip(record);
      if (picture) pictures.add(picture);
    }
  }
  for (const store of stores(word.part(PART.drawings))) {
    for (const { type, content } of records(store)) {
      if (pictures.size >= MAX_PICTURES) break;
      const picture = type === STORE_ENTRY ? storedPicture(content, word.main) : null;
      if (picture) pictures.add(picture);
    }
  }
  return [...pictures];
}

/** WordArt in the text and beside it, each text once. */
export function drawnWords(word: WordFile, places: number[]): string[] {
  const drawings = word.part(PART.drawings);
  const found = new Set<string>();
  const look = (bytes: Buffer, depth: number): void => {
    for (const record of records(bytes)) {
      if (record.type === SHAPE_PROPERTIES) found.add(drawnIn(record));
      else if (record.version === CONTAINER && depth < MAX_DEPTH) look(record.content, depth + 1);
    }
  };
  for (const drawing of inlineDrawings(word, places)) look(drawing, 0);
  // After the group of pictures, a drawing for the body and one for the headers, each with a byte before it.
  let at = drawings.length >= RECORD_HEAD_BYTES ? RECORD_HEAD_BYTES + drawings.readUInt32LE(4) : 0;
  for (let left = 2; left > 0 && at > 0 && at + 1 + RECORD_HEAD_BYTES <= drawings.length; left--) {
    const end = at + 1 + RECORD_HEAD_BYTES + drawings.readUInt32LE(at + 5);
    look(drawings.subarray(at + 1, end), 0);
    at = end;
  }
  return [...found].filter((text) => /\p{L}/u.test(text));
}

/** §2.2.9 OfficeArtFOPT: numbers of properties with a value or a length, then those of a length in their order. */
function drawnIn({ instance, content }: ArtRecord): string {
  let at = instance * 6;
  for (let entry = 0; entry + 6 <= instance * 6 && entry + 6 <= content.length; entry += 6) {
    const property = content.readUInt16LE(entry);
    if ((property & 0x8000) === 0) continue;
    const length = content.readUInt32LE(entry + 2);
    if ((property & 0x3fff) === DRAWN_WORDS)
      return content.toString("utf16le", at, at + length).replace(/\0[\s\S]*$/, "");
    at += length;
  }
  return "";
}

/** [MS-DOC] §2.9.192 PICFAndOfficeArtData: its length, the length of its head, then the drawing. */
function* inlineDrawings(word: WordFile, places: number[]): Generator<Buffer> {
  const data = places.length > 0 ? word.data() : Buffer.alloc(0);
  for (const at of [...new Set(places)].slice(0, MAX_PICTURES)) {
    if (at + 68 > data.length) continue;
    const whole = data.subarray(at, at + Math.max(0, data.readInt32LE(at)));
    if (whole.length < 68) continue;
    let drawing = whole.readUInt16LE(4);
    if (whole.readUInt16LE(6) === PICTURE_HAS_NAME) drawing += 1 + (whole[drawing] ?? 0);
    yield whole.subarray(drawing);
  }
}

/** The containers of pictures among the records of the drawings' part, which has one group of them. */
function* stores(drawings: Buffer): Generator<Buffer> {
  for (const group of records(drawings))
    for (const record of records(group.content)) if (record.type === SHAPE_STORE) yield record.content;
}

/** §2.2.32 OfficeArtFBSE: the picture follows, or lies in the main stream. */
function storedPicture(entry: Buffer, main: Buffer | null): Buffer | null {
  if (entry.length < ENTRY_BYTES) return null;
  const uses = entry.readUInt32LE(24);
  const inside = entry.subarray(ENTRY_BYTES + (entry[33] as number));
  if (inside.length > RECORD_HEAD_BYTES) return firstBlip(inside);
  return main && uses > 0 ? firstBlip(main.subarray(entry.readUInt32LE(28))) : null;
}

function firstBlip(bytes: Buffer): Buffer | null {
  for (const record of records(bytes)) return blip(record);
  return null;
}

function blip({ type, instance, content }: ArtRecord): Buffer | null {
  if (!BLIPS.has(type)) return null;
  const picture = content.subarray(TWICE_NAMED.has(instance) ? 33 : 17);
  return picture.length > 0 ? picture : null;
}

/** Records one after the other; one that is longer than what holds it ends them. */
function* records(bytes: Buffer): Generator<ArtRecord> {
  for (let at = 0; at + RECORD_HEAD_BYTES <= bytes.length; ) {
    const end = at + RECORD_HEAD_BYTES + bytes.readUInt32LE(at + 4);
    if (end > bytes.length) return;
    yield {
      version: bytes.readUInt16LE(at) & 0xf,
      instance: bytes.readUInt16LE(at) >> 4,
      type: bytes.readUInt16LE(at + 2),
      content: bytes.subarray(at + RECORD_HEAD_BYTES, end),
    };
    at = end;
  }
}
