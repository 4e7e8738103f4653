// How large a picture is, by its header alone: what would not fit into memory is refused before anything is decoded.
import { Unreadable } from "../unreadable.ts";
import { HEIGHT, tiffDirectories, WIDTH } from "./tiff-directory.ts";

export interface PictureSize {
  width: number;
  height: number;
}

/** R23: a photograph of today's telephones has 12; a large-format scan 35. */
const MAX_MEGAPIXELS = 40;

type Find = (view: DataView) => PictureSize | null;

const FINDERS: [signature: RegExp, find: Find][] = [
  [/^\x89PNG\r\n\x1a\n/, (view) => ({ width: view.getUint32(16), height: view.getUint32(20) })],
  [/^\xff\xd8/, ofJpeg],
  [/^GIF8/, (view) => ({ width: view.getUint16(6, true), height: view.getUint16(8, true) })],
  [/^RIFF[\s\S]{4}WEBP/, ofWebp],
  [/^BM/, ofBmp],
  [/^(II\*\0|MM\0\*)/, ofTiff],
];

/** Throws `Unreadable`: corrupt where the header does not say, too-large over 40 megapixels. */
export function pictureSize(bytes: Uint8Array): PictureSize {
  const size = headerSize(bytes);
  if (!size) throw new Unreadable("corrupt", "no size in its header");
  checkBounds(size);
  return size;
}

export function checkBounds({ width, height }: PictureSize): void {
  if (width * height > MAX_MEGAPIXELS * 1_000_000)
    throw new Unreadable("too-large", `${width} × ${height} pixels`);
}

/** Null where the header does not say. */
export function headerSize(bytes: Uint8Array): PictureSize | null {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 16)).toString("latin1");
  const find = FINDERS.find(([signature]) => signature.test(head))?.[1];
  try {
    const size = find?.(viewOf(bytes));
    return size && size.width > 0 && size.height > 0 ? size : null;
  } catch {
    return null;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** ITU-T T.81 §B.2.2: the frame header says it; a picture for preview inside an APP segment is stepped over. */
function ofJpeg(view: DataView): PictureSize | null {
  for (let at = 2; at + 9 < view.byteLength; ) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) at++;
    else if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
      return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    else at += 2 + view.getUint16(at + 2);
  }
  return null;
}

/** RFC 9649 §2.5–2.7: lossy, lossless and extended files say it in three ways. */
function ofWebp(view: DataView): PictureSize | null {
  const kind = view.getUint32(12);
  if (kind === 0x56503820)
    return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  if (kind === 0x5650384c) {
    const bits = view.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (kind !== 0x56503858) return null;
  const three = (at: number) => view.getUint16(at, true) + view.getUint8(at + 2) * 0x10000;
  return { width: three(24) + 1, height: three(27) + 1 };
}

/** A negative height means that rows run from the top; the oldest header (OS/2) has two-byte sides. */
function ofBmp(view: DataView): PictureSize {
  if (view.getUint32(14, true) === 12)
    return { width: view.getUint16(18, true), height: view.getUint16(20, true) };
  return { width: view.getInt32(18, true), height: Math.abs(view.getInt32(22, true)) };
}

function ofTiff(view: DataView): PictureSize | null {
  return tiffSizes(view)[0] ?? null;
}

/** The sizes of a TIFF's pages, as many as a file may have. */
export function tiffPageSizes(bytes: Uint8Array): PictureSize[] {
  return bytes.length < 8 ? [] : tiffSizes(viewOf(bytes));
}

function tiffSizes(view: DataView): PictureSize[] {
  return tiffDirectories(view).map((fields) => ({
    width: fields.get(WIDTH)?.[0] ?? 0,
    height: fields.get(HEIGHT)?.[0] ?? 0,
  }));
}
