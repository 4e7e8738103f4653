// From the map of "how likely is this pixel part of a line of text" (DB, Liao et al. 2020) to strips of text.

import type { Strip } from "./raster.ts";
import { type Rectangle, smallestRectangle } from "./rectangle.ts";

/** A pixel likelier than this is text. */
const TEXT_PIXEL = 0.3;
/** A patch whose pixels are text on average less than this is none. */
const TEXT_PATCH = 0.6;
/** The map shows lines shrunk; they are grown again by this share of area over perimeter (DB §3.5). */
const GROWTH = 1.6;
/** Thinner patches, in pixels of the map, are dirt and ruled lines. */
const MIN_THICKNESS = 3;
/** A newspaper page has fewer; what noise makes of itself has more. */
const MAX_STRIPS = 1_500;

/** The strips in a map of the given size, in its pixels, with the likelihood of each. */
export function findStrips(map: Float32Array, width: number, height: number): (Strip & { score: number })[] {
  const seen = new Uint8Array(map.length);
  const strips: (Strip & { score: number })[] = [];
  const stack = new Int32Array(map.length);
  for (let start = 0; start < map.length; start++) {
    if (seen[start] || (map[start] as number) <= TEXT_PIXEL) continue;
    const patch = flood(map, width, height, start, seen, stack);
    if (patch.score < TEXT_PATCH || patch.edges.length < MIN_THICKNESS * 2) continue;
    const strip = grown(smallestRectangle(patch.edges));
    if (strip) strips.push({ ...strip, score: patch.score });
    if (strips.length >= MAX_STRIPS) break;
  }
  return strips;
}

/** One connected patch: its mean likelihood and the first and last pixel of each of its rows. */
function flood(
  map: Float32Array,
  width: number,
  height: number,
  start: number,
  seen: Uint8Array,
  stack: Int32Array,
): { score: number; edges: { x: number; y: number }[] } {
  const rows = new Map<number, [first: number, last: number]>();
  let depth = 0;
  let count = 0;
  let sum = 0;
  const visit = (at: number): void => {
    if (seen[at] || (map[at] as number) <= TEXT_PIXEL) return;
    seen[at] = 1;
    stack[depth++] = at;
  };
  visit(start);
  while (depth > 0) {
    const at = stack[--depth] as number;
    const x = at % width;
    const y = (at - x) / width;
    count++;
    sum += map[at] as number;
    const row = rows.get(y);
    if (!row) rows.set(y, [x, x]);
    else if (x < row[0]) row[0] = x;
    else if (x > row[1]) row[1] = x;
    if (x > 0) visit(at - 1);
    if (x + 1 < width) visit(at + 1);
    if (y > 0) visit(at - width);
    if (y + 1 < height) visit(at + width);
  }
  const edges = [...rows].flatMap(([y, [first, last]]) => [
    { x: first, y },
    { x: first, y: y + 1 },
    { x: last + 1, y },
    { x: last + 1, y: y + 1 },
  ]);
  return { score: sum / count, edges };
}

function grown(rectangle: Rectangle): Strip | null {
  const { length, thickness } = rectangle;
  if (thickness < MIN_THICKNESS) return null;
  const by = (length * thickness * GROWTH) / (length + thickness);
  return { ...rectangle, length: length + by, thickness: thickness + by };
}
