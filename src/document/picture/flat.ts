// Where strips lie on the sheet itself: the slant of the picture and its perspective taken out of their places.
import type { LineText } from "./line.ts";
import type { Strip } from "./raster.ts";

/** A strip as it would lie on a level sheet. */
export interface FlatStrip {
  text: string;
  left: number;
  right: number;
  /** The height of its middle. */
  y: number;
  thickness: number;
}

/** Shorter strips, by their thickness, say little of the direction they run in. */
const TELLING_LENGTH = 5;
/** As many are needed to see how the direction changes over the sheet. */
const FEW = 6;
/** The way to the middle of the sheet is gone in as many steps. */
const STEPS = 16;

/** `direction`: where the page's lines run on the whole. */
export function flatten(strips: (Strip & LineText)[], direction: { x: number; y: number }): FlatStrip[] {
  const level = strips.map((strip) => ({
    strip,
    x: strip.x * direction.x + strip.y * direction.y,
    y: strip.y * direction.x - strip.x * direction.y,
    slope: slopeOf(strip, direction),
  }));
  const telling = level.filter(({ strip }) => strip.length > TELLING_LENGTH * strip.thickness);
  const slopeAt = fitted(telling);
  const middle = level.reduce((sum, { x }) => sum + x, 0) / Math.max(1, level.length);
  return level.map(({ strip, x, y }) => {
    const step = (middle - x) / STEPS;
    let height = y;
    for (let at = 0; at < STEPS; at++) height += slopeAt(x + (at + 0.5) * step, height) * step;
    const { text, length, thickness } = strip;
    return { text, left: x - length / 2, right: x + length / 2, y: height, thickness };
  });
}

function slopeOf({ along }: Strip, direction: { x: number; y: number }): number {
  const forward = along.x * direction.x + along.y * direction.y;
  return (along.y * direction.x - along.x * direction.y) / (forward || 1);
}

type Sample = { x: number; y: number; slope: number };

/** The slope as a plane over the sheet (least squares); one slope for all where there is little to go by. */
function fitted(samples: Sample[]): (x: number, y: number) => number {
  const mean = (of: (sample: Sample) => number) =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / Math.max(1, samples.length);
  const [x0, y0, slope0] = [mean(({ x }) => x), mean(({ y }) => y), mean(({ slope }) => slope)];
  if (samples.length < FEW) return () => slope0;
  const product = (a: (s: Sample) => number, b: (s: Sample) => number) => mean((s) => a(s) * b(s));
  const x = (s: Sample) => s.x - x0;
  const y = (s: Sample) => s.y - y0;
  const slope = (s: Sample) => s.slope - slope0;
  const [xx, xy, yy, xs, ys] = [
    product(x, x),
    product(x, y),
    product(y, y),
    product(x, slope),
    product(y, slope),
  ];
  const determinant = xx * yy - xy * xy;
  // Lines that all begin and end alike have their middles above each other: only the height tells then.
  if (determinant < 1e-3 * xx * yy || xx < 1e-3 * yy)
    return (_, at) => slope0 + (yy > 0 ? (ys / yy) * (at - y0) : 0);
  const byX = (xs * yy - ys * xy) / determinant;
  const byY = (ys * xx - xs * xy) / determinant;
  return (atX, atY) => slope0 + byX * (atX - x0) + byY * (atY - y0);
}
