// One picture → its words: find the strips of text, set the page upright, read each strip, put them in order.
import type { Recognised } from "../document.ts";
import { findStrips } from "./detect.ts";
import { flatten } from "./flat.ts";
import { type LineText, readLine } from "./line.ts";
import { inReadingOrder } from "./order.ts";
import { paragraphsOf } from "./paragraphs.ts";
import { cutOut, planes, type Raster, type Scaling, type Strip, scale, turn } from "./raster.ts";

/** What the three models do, whatever engine runs them: numbers in, numbers out. */
export interface Models {
  /** Three planes of a picture → one plane, how likely each pixel is text. Sides are multiples of 32. */
  detect(input: Float32Array, width: number, height: number): Promise<Float32Array>;
  /** A strip → how likely it stands upright, and how likely on its head. */
  faces(input: Float32Array, width: number, height: number): Promise<Float32Array>;
  /** A strip → the likelihood of each sign at each place. */
  read(input: Float32Array, width: number, height: number): Promise<Float32Array>;
  signs: string[];
}

const PHOTOGRAPHIC: Scaling = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] };
const EVEN: Scaling = { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] };

/** The shorter side as detection sees it. On a larger picture it finds fewer of the short lines, and takes longer. */
const DETECTION_SIDE = 672;
/** A long picture, a telephone's view of a whole talk, would be reduced too much otherwise; this bounds its time. */
const MAX_DETECTION_PIXELS = 2_600_000;
/** Strips thinner than this, as detection sees them, begin to be missed. */
const SMALL_PRINT = 13;
const LINE_HEIGHT = 48;
/** Strips are shown to the model this much narrower than they are: it reads them as well, and faster. */
const NARROWED = 0.85;
/** Longer strips than a page's width has are cut short by no sheet of paper; this bounds the time. */
const MAX_LINE_WIDTH = 3_200;
const FACES_WIDTH = 192;
/** As many strips, the longest, tell which way up the page is. */
const ASKED_WHICH_WAY_UP = 9;
/** What is read with less certainty is a pattern taken for writing. */
const MIN_LINE_CONFIDENCE = 0.5;
/** Below, a page is blurred beyond reading; at 0.63 a title and its gist were still right. Few signs must be surer. */
const LEGIBLE = { confidence: 0.6, signs: 8, fewSigns: 0.8 };

export async function recognisePage(raster: Raster, models: Models): Promise<Recognised> {
  let page = raster;
  let strips = await stripsOf(page, models);
  if (lieSideways(strips)) {
    page = turn(page, 1);
    strips = await stripsOf(page, models);
  }
  strips = strips.map((strip) => levelled(strip, direction(strips)));
  if (await isOnItsHead(page, strips, models)) {
    page = turn(page, 2);
    strips = strips.map((strip) => ({ ...strip, x: page.width - strip.x, y: page.height - strip.y }));
  }
  const read: (Strip & LineText)[] = [];
  for (const strip of strips) {
    const line = await readStrip(page, strip, models);
    if (line.text.trim() !== "" && line.confidence >= MIN_LINE_CONFIDENCE) read.push({ ...strip, ...line });
  }
  const signs = read.reduce((sum, { text }) => sum + text.length, 0);
  if (signs === 0) return { text: "", confidence: null };
  const confidence = read.reduce((sum, line) => sum + line.confidence * line.text.length, 0) / signs;
  if (!isLegible(signs, confidence)) return { text: "", confidence: null };
  return { text: paragraphsOf(inReadingOrder(flatten(read, direction(read)))), confidence };
}

/** Rubbish would be filed under a title of rubbish; without words the sender is asked for a better copy. */
export function isLegible(signs: number, confidence: number): boolean {
  return confidence >= (signs < LEGIBLE.signs ? LEGIBLE.fewSigns : LEGIBLE.confidence);
}

/** Small print is looked at once more, larger. */
async function stripsOf(page: Raster, models: Models): Promise<Strip[]> {
  const first = await detected(page, DETECTION_SIDE, models);
  const isSmallPrint = first.thickness > 0 && first.thickness < SMALL_PRINT && first.shrink < 1;
  return (isSmallPrint ? await detected(page, DETECTION_SIDE * 1.5, models) : first).strips;
}

/** `thickness`: the strips' median one as detection saw it. */
async function detected(
  page: Raster,
  side: number,
  models: Models,
): Promise<{ strips: Strip[]; thickness: number; shrink: number }> {
  const shrink = Math.min(
    1,
    side / Math.min(page.width, page.height),
    Math.sqrt(MAX_DETECTION_PIXELS / (page.width * page.height)),
  );
  const width = multipleOf32(page.width * shrink);
  const height = multipleOf32(page.height * shrink);
  const map = await models.detect(planes(scale(page, width, height), PHOTOGRAPHIC), width, height);
  const [growX, growY] = [page.width / width, page.height / height];
  const found = findStrips(map, width, height);
  const thickness = found.map((strip) => strip.thickness).sort((a, b) => a - b)[found.length >> 1] ?? 0;
  const strips = found.map((strip) => ({
    ...strip,
    x: strip.x * growX,
    y: strip.y * growY,
    length: strip.length * Math.hypot(strip.along.x * growX, strip.along.y * growY),
    thickness: strip.thickness * Math.hypot(strip.along.y * growX, strip.along.x * growY),
  }));
  return { strips, thickness, shrink };
}

function multipleOf32(side: number): number {
  return Math.max(32, Math.round(side / 32) * 32);
}

/** By length, since a single sign is as high as it is wide. */
function lieSideways(strips: Strip[]): boolean {
  const sideways = ({ along }: Strip) => Math.abs(along.y) > Math.abs(along.x);
  const lengthOf = (some: Strip[]) =>
    some.reduce((sum, { length, thickness }) => sum + Math.max(0, length - 1.5 * thickness), 0);
  return lengthOf(strips.filter(sideways)) > lengthOf(strips.filter((strip) => !sideways(strip)));
}

/** The page's own direction: that of its longer strips, by their length. */
function direction(strips: Strip[]): { x: number; y: number } {
  const level = strips.filter(
    ({ along, length, thickness }) => length > 2 * thickness && Math.abs(along.x) > Math.abs(along.y),
  );
  const x = level.reduce((sum, { along, length }) => sum + along.x * length, 0);
  const y = level.reduce((sum, { along, length }) => sum + along.y * length, 0);
  const length = Math.hypot(x, y);
  return length === 0 ? { x: 1, y: 0 } : { x: x / length, y: y / length };
}

/** A strip of one or two signs has no direction of its own to speak of: it takes the page's. */
function levelled(strip: Strip, page: { x: number; y: number }): Strip {
  const alike = strip.along.x * page.x + strip.along.y * page.y;
  if (alike > 0.95) return strip;
  const isSquare = strip.length < 1.6 * strip.thickness;
  if (!isSquare) return strip;
  return Math.abs(alike) > 0.7
    ? { ...strip, along: page }
    : { ...strip, along: page, length: strip.thickness, thickness: strip.length };
}

async function isOnItsHead(page: Raster, strips: Strip[], models: Models): Promise<boolean> {
  const longest = [...strips].sort((a, b) => b.length - a.length).slice(0, ASKED_WHICH_WAY_UP);
  let upright = 0;
  for (const strip of longest) {
    // The model was taught on pieces four times as long as high: show it as much of the strip.
    const piece = { ...strip, length: Math.min(strip.length, strip.thickness * 4) };
    const size = { width: FACES_WIDTH, height: LINE_HEIGHT };
    const answer = await models.faces(cutOut(page, piece, size, EVEN), size.width, size.height);
    upright += (answer[0] as number) - (answer[1] as number);
  }
  return upright < 0;
}

async function readStrip(page: Raster, strip: Strip, models: Models): Promise<LineText> {
  const natural = Math.round((strip.length / strip.thickness) * LINE_HEIGHT * NARROWED);
  const width = Math.max(LINE_HEIGHT, Math.min(MAX_LINE_WIDTH, natural));
  const input = cutOut(page, strip, { width, height: LINE_HEIGHT }, EVEN);
  return readLine(await models.read(input, width, LINE_HEIGHT), models.signs);
}
