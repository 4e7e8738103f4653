// The pages of a TIFF: fax and scanner software puts a whole letter into one file.
import utif, { type IFD } from "utif2";
import { Unreadable } from "../unreadable.ts";
import { unpackLzw } from "./lzw.ts";
import type { Raster } from "./raster.ts";
import { checkBounds } from "./size.ts";
import { HEIGHT, type TiffDirectory, tiffDirectories, WIDTH } from "./tiff-directory.ts";

/** TIFF 6.0 §8 and its supplements. */
const BITS = 258;
const COMPRESSION = 259;
const MEANING_OF_COLOURS = 262;
const SAMPLES = 277;
const ROWS_PER_STRIP = 278;
const STRIPS = { at: 273, bytes: 279 };
const TILE_WIDTH = 322;
const TILE_HEIGHT = 323;
const TILES = { at: 324, bytes: 325 };
/** What else the library asks for: bit order, planes, fax options, predictor, palette, alpha, JPEG tables, chroma. */
const DETAILS = [266, 284, 292, 317, 320, 338, 339, 347, 530];

const UNPACKED = 1;
const LZW = 5;
/** None, three kinds of fax, LZW, JPEG, Deflate by two numbers, PackBits: what scanners and fax software write. */
const COMPRESSIONS = [UNPACKED, 2, 3, 4, LZW, 7, 8, 32946, 32773];
const MAX_BITS = 64;

/** Pieces of a page, strips or tiles, and what each unpacks to at most. */
interface Pieces {
  tags: typeof STRIPS;
  places: { at: number; bytes: number }[];
  maxBytes: number;
}

/** One page as pixels, counted from 0. Throws `Unreadable` where its header promises too much or cannot be true. */
export function tiffPage(bytes: Uint8Array, page: number): Raster {
  const fields = tiffDirectories(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength))[page];
  if (!fields) throw new Unreadable("corrupt", `no page ${page + 1}`);
  const width = first(fields, WIDTH, 0);
  const height = first(fields, HEIGHT, 0);
  checkBounds({ width, height });
  const pieces = piecesOf(fields, bytes.length);
  const directory = forLibrary(fields, pieces);
  // The library reads the byte order from the file's first two bytes: unpacked pieces stand behind them.
  utif.decodeImage(contentOf(bytes, fields, directory, pieces).buffer, directory);
  const pixels = new Uint8ClampedArray(utif.toRGBA8(directory));
  if (pixels.length !== width * height * 4) throw new Unreadable("corrupt", "fewer pixels than promised");
  return { pixels, width, height };
}

/** The library believes every number: a damaged one would keep it busy for hours. */
function piecesOf(fields: TiffDirectory, fileBytes: number): Pieces {
  const compression = first(fields, COMPRESSION, UNPACKED);
  if (!COMPRESSIONS.includes(compression))
    throw new Unreadable("format-unsupported", `a TIFF of compression ${compression}`);
  const pageWidth = first(fields, WIDTH, 0);
  const pageHeight = first(fields, HEIGHT, 0);
  const isTiled = fields.has(TILE_WIDTH);
  const tags = isTiled ? TILES : STRIPS;
  const width = isTiled ? first(fields, TILE_WIDTH, 0) : pageWidth;
  const height = isTiled
    ? first(fields, TILE_HEIGHT, 0)
    : Math.min(pageHeight, first(fields, ROWS_PER_STRIP, pageHeight));
  checkBounds({ width, height });
  const bits = first(fields, BITS, 1) * first(fields, SAMPLES, 1);
  const starts = fields.get(tags.at) ?? [];
  const lengths = fields.get(tags.bytes) ?? [];
  const count = Math.ceil(pageWidth / width) * Math.ceil(pageHeight / height);
  // Where there is but one piece its length is sometimes left out: the file's end bounds it.
  const places = starts.map((at, index) => ({
    at,
    bytes: Math.min(lengths[index] ?? fileBytes, fileBytes - at),
  }));
  const isTrue =
    bits > 0 && bits <= MAX_BITS && starts.length === count && places.every(({ bytes }) => bytes > 0);
  if (!isTrue) throw new Unreadable("corrupt", "pieces that do not make the picture");
  return { tags, places, maxBytes: Math.ceil((width * bits) / 8) * height };
}

/** The fields as the library names them, and none but those it may believe. */
function forLibrary(fields: TiffDirectory, { tags, places }: Pieces): IFD {
  const kept = [
    WIDTH,
    HEIGHT,
    BITS,
    COMPRESSION,
    MEANING_OF_COLOURS,
    SAMPLES,
    ROWS_PER_STRIP,
    TILE_WIDTH,
    TILE_HEIGHT,
  ];
  const known = [...kept, ...DETAILS].flatMap((tag): [string, number[]][] => {
    const values = fields.get(tag);
    return values && values.length > 0 ? [[`t${tag}`, values]] : [];
  });
  return {
    ...Object.fromEntries(known),
    [`t${tags.at}`]: places.map(({ at }) => at),
    [`t${tags.bytes}`]: places.map(({ bytes }) => bytes),
  } as IFD;
}

/** The library's own unpacking of LZW does not end on damaged bytes. */
function contentOf(
  bytes: Uint8Array,
  fields: TiffDirectory,
  directory: IFD,
  { tags, places, maxBytes }: Pieces,
): Uint8Array<ArrayBuffer> {
  if (first(fields, COMPRESSION, UNPACKED) !== LZW) return new Uint8Array(bytes);
  const unpacked = places.map((place) =>
    unpackLzw(bytes.subarray(place.at, place.at + place.bytes), maxBytes),
  );
  let end = 2;
  directory[`t${tags.at}`] = unpacked.map(({ length }) => {
    const at = end;
    end += length;
    return at;
  });
  directory[`t${tags.bytes}`] = unpacked.map(({ length }) => length);
  directory[`t${COMPRESSION}`] = [UNPACKED];
  return new Uint8Array(Buffer.concat([bytes.subarray(0, 2), ...unpacked]));
}

function first(fields: TiffDirectory, tag: number, otherwise: number): number {
  return fields.get(tag)?.[0] ?? otherwise;
}
