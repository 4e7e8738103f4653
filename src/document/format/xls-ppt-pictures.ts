// Pictures in old workbooks and presentations as the files they were ([MS-ODRAW] §2.2.23 OfficeArtBlip).
import { type PptRecord, recordAt, recordsIn, recordsWithin } from "./ppt-records.ts";

/** JPEG, PNG, TIFF, and JPEG in printers' colours; drawings and bare bitmaps are no scans. */
const PICTURES = new Set([0xf01d, 0xf01e, 0xf029, 0xf02a]);
const STORE_ENTRY = 0xf007;
const ENTRY_BYTES = 36;
const NAME_BYTES_AT = 33;
const ID_BYTES = 16;

/** A presentation has a stream of them, one after the other. */
export function pptPictures(stream: Buffer | null): Uint8Array[] {
  if (!stream) return [];
  const records = recordsIn(stream, { from: 0, end: stream.length }, { left: stream.length });
  return [...records].flatMap((record) => picture(stream, record));
}

/** A workbook keeps them in a store among its drawings, each after an entry of its own (§2.2.32 OfficeArtFBSE). */
export function xlsPictures(drawings: Buffer): Uint8Array[] {
  const pictures: Uint8Array[] = [];
  for (const { type, from } of recordsWithin(
    drawings,
    { from: 0, end: drawings.length },
    { left: drawings.length },
  )) {
    if (type !== STORE_ENTRY) continue;
    const stored = recordAt(
      drawings,
      from + ENTRY_BYTES + (drawings[from + NAME_BYTES_AT] ?? 0),
      drawings.length,
    );
    if (stored) pictures.push(...picture(drawings, stored));
  }
  return pictures;
}

function picture(stream: Buffer, { type, instance, from, end }: PptRecord): Uint8Array[] {
  if (!PICTURES.has(type)) return [];
  // An odd instance tells that two ids come before the bytes.
  return [stream.subarray(Math.min(end, from + (instance % 2 === 1 ? 2 : 1) * ID_BYTES + 1), end)];
}
