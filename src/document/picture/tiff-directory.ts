// The directories of a TIFF (TIFF 6.0 §2): one a page, each a list of numbered fields. Believes no count of a stranger's.

/** A page's fields by their numbers. */
export type TiffDirectory = Map<number, number[]>;

export const WIDTH = 256;
export const HEIGHT = 257;

/** More pages than any fax; the rest is not looked at. */
const MAX_PAGES = 500;

/** Bytes of one value by its type: bytes, two and four of them, and bytes of no said meaning (JPEG's tables). */
const VALUE_BYTES = new Map([
  [1, 1],
  [3, 2],
  [4, 4],
  [7, 1],
]);

/** The pages of a file, as many as are whole; [] for what is no TIFF. Only fields that decoding asks for have values. */
export function tiffDirectories(view: DataView): TiffDirectory[] {
  const pages: TiffDirectory[] = [];
  try {
    if (![0x49492a00, 0x4d4d002a].includes(view.getUint32(0))) return pages;
    const little = view.getUint16(0) === 0x4949;
    const seen = new Set<number>();
    // A chain that bites its tail is cut there.
    for (let at = view.getUint32(4, little); at !== 0 && !seen.has(at) && pages.length < MAX_PAGES; ) {
      seen.add(at);
      const end = at + 2 + view.getUint16(at, little) * 12;
      const fields: TiffDirectory = new Map();
      for (let entry = at + 2; entry < end; entry += 12) {
        fields.set(view.getUint16(entry, little), valuesOf(view, entry, little));
      }
      if ((fields.get(WIDTH)?.[0] ?? 0) > 0) pages.push(fields);
      at = view.getUint32(end, little);
    }
  } catch {
    // Cut short: the pages before are whole.
  }
  return pages;
}

function valuesOf(view: DataView, entry: number, little: boolean): number[] {
  const bytesEach = VALUE_BYTES.get(view.getUint16(entry + 2, little));
  const count = view.getUint32(entry + 4, little);
  if (!bytesEach || count * bytesEach > view.byteLength) return [];
  const start = count * bytesEach <= 4 ? entry + 8 : view.getUint32(entry + 8, little);
  return Array.from({ length: count }, (_, index) => {
    const at = start + index * bytesEach;
    if (bytesEach === 1) return view.getUint8(at);
    return bytesEach === 2 ? view.getUint16(at, little) : view.getUint32(at, little);
  });
}
