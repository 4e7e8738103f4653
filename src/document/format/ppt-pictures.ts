// The pictures of a PowerPoint 97–2003 file: its stream of them is one after the other ([MS-ODRAW] §2.2.23).
import { recordsIn } from "./ppt-records.ts";

/** JPEG, PNG, TIFF, and JPEG in printers' colours; drawings and bare bitmaps are no scans. */
const PICTURES = new Set([0xf01d, 0xf01e, 0xf029, 0xf02a]);
const ID_BYTES = 16;

export function pptPictures(stream: Buffer | null): Uint8Array[] {
  if (!stream) return [];
  const pictures: Uint8Array[] = [];
  for (const { type, instance, from, end } of recordsIn(
    stream,
    { from: 0, end: stream.length },
    { left: stream.length },
  )) {
    if (!PICTURES.has(type)) continue;
    // An odd instance tells that two ids come before the bytes.
    pictures.push(stream.subarray(Math.min(end, from + (instance % 2 === 1 ? 2 : 1) * ID_BYTES + 1), end));
  }
  return pictures;
}
