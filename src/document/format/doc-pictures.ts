// Pictures in a Word document as the files they were ([MS-ODRAW] §2.2.23 OfficeArtBlip): a scan pasted in is its text.
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

interface ArtRecord {
  instance: number;
  type: number;
  content: Buffer;
}

/** In the order of the text, given by their places in the data stream; then those that stand beside it. */
export function picturesOf(word: WordFile, places: number[]): Buffer[] {
  const pictures = new Set<Buffer>();
  const inText = places.length > 0 ? word.data() : Buffer.alloc(0);
  for (const at of new Set(places)) {
    if (pictures.size < MAX_PICTURES) for (const picture of inlinePictures(inText, at)) pictures.add(picture);
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

/** [MS-DOC] §2.9.192 PICFAndOfficeArtData: its length, the length of its head, then the drawing. */
function* inlinePictures(data: Buffer, at: number): Generator<Buffer> {
  if (at + 68 > data.length) return;
  const whole = data.subarray(at, at + Math.max(0, data.readInt32LE(at)));
  if (whole.length < 68) return;
  let drawing = whole.readUInt16LE(4);
  if (whole.readUInt16LE(6) === PICTURE_HAS_NAME) drawing += 1 + (whole[drawing] ?? 0);
  for (const record of records(whole.subarray(drawing))) {
    const picture = record.type === STORE_ENTRY ? storedPicture(record.content, null) : blip(record);
    if (picture) yield picture;
  }
}

/** The containers of pictures among the records of the drawings' part, which has one group of them. */
function* stores(drawings: Buffer): Generator<Buffer> {
  for (const group of records(drawings.subarray(0)))
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
      instance: bytes.readUInt16LE(at) >> 4,
      type: bytes.readUInt16LE(at + 2),
      content: bytes.subarray(at + RECORD_HEAD_BYTES, end),
    };
    at = end;
  }
}
