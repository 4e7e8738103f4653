// LZW as TIFF packs it (TIFF 6.0 §13): codes of 9 to 12 bits, the highest bit first. Ends whatever the bytes are.

const CLEAR = 256;
const END = 257;
const FIRST_FREE = 258;
const CODES = 4096;

/** The bytes of one strip, at most `maxBytes`; a code that stands for nothing yet ends them. */
export function unpackLzw(packed: Uint8Array, maxBytes: number): Uint8Array {
  const result = new Uint8Array(maxBytes);
  // A code stands for bytes already written: those of the code before it and the first that followed.
  const start = new Int32Array(CODES);
  const length = new Int32Array(CODES);
  let free = FIRST_FREE;
  let width = 9;
  let written = 0;
  let last: { start: number; length: number } | null = null;
  for (let bit = 0; bit + width <= packed.length * 8 && written < maxBytes; ) {
    const at = bit >> 3;
    const three = ((packed[at] ?? 0) << 16) | ((packed[at + 1] ?? 0) << 8) | (packed[at + 2] ?? 0);
    const code = (three >> (24 - width - (bit & 7))) & ((1 << width) - 1);
    bit += width;
    if (code === END) break;
    if (code === CLEAR) {
      free = FIRST_FREE;
      width = 9;
      last = null;
      continue;
    }
    if (last && free < CODES) {
      start[free] = last.start;
      length[free] = last.length + 1;
      free++;
    }
    const begin = written;
    if (code < CLEAR) result[written++] = code;
    else {
      if (code >= free || code < FIRST_FREE) break;
      // Byte by byte: the newest code ends with the byte it writes first.
      const end = Math.min(maxBytes, written + (length[code] as number));
      for (let from = start[code] as number; written < end; from++)
        result[written++] = result[from] as number;
    }
    last = { start: begin, length: written - begin };
    if (free + 1 >= 1 << width && width < 12) width++;
  }
  return result.subarray(0, written);
}
