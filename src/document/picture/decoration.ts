// Logos, bullets, signatures and lines: pictures that a mail or document is adorned with, and that say nothing.
import { headerSize } from "./size.ts";

/** A page in black and white may take less than a photographed logo; what its pixels could hold decides with it. */
const SMALL_BYTES = 20 * 1024;
const PAGE_PIXELS = 250_000;
const FEWEST_PAGE_BYTES = 2 * 1024;
/** A line of text is no lower, and needs some width. */
const LOWEST = 64;
const SMALL_PIXELS = 60_000;
/** Telephones put photographed pages into the mail's body; what else is there belongs to the layout. */
const INLINE = { width: 600, height: 400, bytes: 60 * 1024 };

/** Whether a picture by itself is not worth reading. `inline`: the mail's body shows it. */
export function isDecoration(bytes: Uint8Array, { inline }: { inline: boolean }): boolean {
  if (!mayHoldWords(bytes)) return true;
  if (!inline) return false;
  const size = headerSize(bytes);
  if (!size || bytes.length < INLINE.bytes) return true;
  const [shorter, longer] = [size.width, size.height].sort((a, b) => a - b) as [number, number];
  return shorter < INLINE.height || longer < INLINE.width;
}

/** Whether a picture is large enough for words. One whose header says nothing is judged by its bytes alone. */
export function mayHoldWords(bytes: Uint8Array): boolean {
  const size = headerSize(bytes);
  if (!size) return bytes.length >= SMALL_BYTES;
  const pixels = size.width * size.height;
  if (pixels < SMALL_PIXELS || Math.min(size.width, size.height) < LOWEST) return false;
  return bytes.length >= (pixels >= PAGE_PIXELS ? FEWEST_PAGE_BYTES : SMALL_BYTES);
}
