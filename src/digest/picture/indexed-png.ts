// Pixels → a PNG of at most 256 colours: a chart has a few and their edges, and is a quarter of the size in a mail.
import { crc32, deflateSync } from "node:zlib";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** `rgba` as a canvas gives it, opaque. Colours that differ by less than a sixteenth become the commonest of them. */
export function indexedPng(rgba: Uint8ClampedArray, width: number, height: number): Buffer {
  const { palette, indexOf } = paletteOf(rgba);
  // A filter byte of 0 before each row: flat rows pack best as they are.
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) rows[y * (width + 1) + 1 + x] = indexOf(at);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("PLTE", Buffer.from(palette)),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function paletteOf(rgba: Uint8ClampedArray): { palette: number[]; indexOf(at: number): number } {
  const exact = (at: number) =>
    ((rgba[at] as number) << 16) | ((rgba[at + 1] as number) << 8) | (rgba[at + 2] as number);
  const counts = new Map<number, number>();
  for (let at = 0; at < rgba.length; at += 4) counts.set(exact(at), (counts.get(exact(at)) ?? 0) + 1);
  const common = [...counts].toSorted((a, b) => b[1] - a[1]).map(([colour]) => colour);
  for (let mask = 0xf0f0f0; ; mask &= mask << 1) {
    const indices = new Map<number, number>();
    const palette: number[] = [];
    for (const colour of common) {
      if (indices.has(colour & mask)) continue;
      indices.set(colour & mask, indices.size);
      palette.push(colour >> 16, (colour >> 8) & 0xff, colour & 0xff);
    }
    if (indices.size <= 256) return { palette, indexOf: (at) => indices.get(exact(at) & mask) ?? 0 };
  }
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
