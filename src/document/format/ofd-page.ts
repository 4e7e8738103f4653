// One content file of an OFD page (GB/T 33190 §7.7, §8, §11): its words and pictures with their places, in millimetres.
import { degrees, type Matrix, multiply, type PlacedWords } from "./page-words.ts";
import { readXml } from "./xml.ts";

export interface OfdContent {
  words: PlacedWords[];
  pictures: { resource: string; area: number }[];
  /** Signs given as numbers of glyphs only. */
  unnamed: number;
  templates: { id: string; isForeground: boolean }[];
  box: Box | null;
}

export type Box = readonly [x: number, y: number, width: number, height: number];

const MAX_WORDS = 30_000;

interface TextObject {
  size: number;
  scale: number;
  /** From the object's own millimetres to the page's. */
  matrix: Matrix;
  isVertical: boolean;
}

/** The boundary of an annotation's appearance moves what is in it. */
export function readContent(xml: Uint8Array): OfdContent {
  const content: OfdContent = { words: [], pictures: [], unnamed: 0, templates: [], box: null };
  const around: Box[] = [];
  let object: TextObject | null = null;
  let code: { attributes: Record<string, string>; text: string } | null = null;
  let leaf = "";
  let hidden = 0;
  readXml(xml, {
    open(name, attributes) {
      leaf = name;
      if (hidden > 0 || isHidden(name, attributes)) hidden++;
      else if (name === "TextObject") object = textObject(attributes, around.at(-1));
      else if (name === "TextCode") code = { attributes, text: "" };
      else if (name === "CGTransform") content.unnamed += Number(attributes.GlyphCount) || 0;
      else if (name === "ImageObject") content.pictures.push(picture(attributes));
      else if (name === "Appearance") around.push(boxOf(attributes.Boundary) ?? [0, 0, 0, 0]);
      else if (name === "Template" && attributes.TemplateID)
        content.templates.push({
          id: attributes.TemplateID,
          isForeground: attributes.ZOrder === "Foreground",
        });
    },
    close(name) {
      leaf = "";
      if (hidden > 0) hidden--;
      else if (name === "TextObject") object = null;
      else if (name === "Appearance") around.pop();
      else if (name === "TextCode") {
        if (object && code && content.words.length < MAX_WORDS) content.words.push(...wordsOf(object, code));
        if (code) content.unnamed = Math.max(0, content.unnamed - code.text.length);
        code = null;
      }
    },
    text(text) {
      if (code) code.text += text;
      else if (leaf === "PhysicalBox") content.box ??= boxOf(text);
    },
  });
  return content;
}

/** Hidden objects and annotations; clips may be made of words, which only cut out a shape. */
function isHidden(name: string, { Visible }: Record<string, string>): boolean {
  return Visible === "false" || name === "Clips";
}

function textObject(attributes: Record<string, string>, around: Box | undefined): TextObject {
  const [x, y] = boxOf(attributes.Boundary) ?? [0, 0];
  const place: Matrix = [1, 0, 0, 1, x + (around?.[0] ?? 0), y + (around?.[1] ?? 0)];
  const own = numbers(attributes.CTM);
  const matrix = own.length === 6 ? multiply(place, own as unknown as Matrix) : place;
  return {
    size: Number(attributes.Size) || 1,
    scale: Number(attributes.HScale) || 1,
    matrix,
    isVertical: attributes.ReadDirection === "90" || attributes.ReadDirection === "270",
  };
}

function picture({ ResourceID = "", Boundary }: Record<string, string>): { resource: string; area: number } {
  const [, , width, height] = boxOf(Boundary) ?? [0, 0, 0, 0];
  return { resource: ResourceID, area: width * height };
}

export function boxOf(text: string | undefined): Box | null {
  const box = numbers(text);
  return box.length === 4 ? (box as unknown as Box) : null;
}

function numbers(text = ""): number[] {
  return text.trim().split(/\s+/).filter(Boolean).map(Number).filter(Number.isFinite);
}

/** The signs of one TextCode (§11.3), cut where their line turns or leaves a gap. */
function wordsOf(
  object: TextObject,
  code: { attributes: Record<string, string>; text: string },
): PlacedWords[] {
  const signs = [...code.text.replace(/[\r\n]/g, "")];
  const right = steps(code.attributes.DeltaX, signs.length);
  const down = steps(code.attributes.DeltaY, signs.length);
  const words: PlacedWords[] = [];
  let run: { text: string; x: number; y: number; dx: number; dy: number } | null = null;
  let x = Number(code.attributes.X) || 0;
  let y = Number(code.attributes.Y) || 0;
  let last = { x, y, advance: 0 };
  const end = () => {
    if (run) words.push(placed(object, run, last));
    run = null;
  };
  signs.forEach((sign, at) => {
    const advance = advanceOf(sign, object);
    const dx = right ? (right[at] ?? 0) : object.isVertical || down ? 0 : advance;
    const dy = down ? (down[at] ?? 0) : object.isVertical && !right ? object.size : 0;
    run ??= { text: "", x, y, dx, dy };
    run.text += sign;
    last = { x, y, advance };
    const isLast = at === signs.length - 1;
    const gap = Math.hypot(dx, dy) - advance;
    const turns =
      !isLast && at > 0 && Math.sign(dx) * Math.sign(run.dx) + Math.sign(dy) * Math.sign(run.dy) <= 0;
    const steppedOff =
      !isLast && (turns || dx < 0 || (dx > 0 && Math.abs(dy) > 0.3 * object.size) || gap > 0.6 * object.size);
    if (isLast || steppedOff) end();
    x += dx;
    y += dy;
  });
  return words;
}

function placed(
  { matrix, size, isVertical }: TextObject,
  run: { text: string; x: number; y: number; dx: number; dy: number },
  last: { x: number; y: number; advance: number },
): PlacedWords {
  const isDown = isVertical || Math.abs(run.dy) > Math.abs(run.dx);
  const [a, b, c, d] = matrix;
  const [alongX, alongY] = isDown ? [c, d] : [a, b];
  const start = multiply(matrix, [1, 0, 0, 1, run.x, run.y]);
  const length = Math.hypot(last.x - run.x, last.y - run.y) + last.advance;
  const stretch = Math.hypot(alongX, alongY);
  return {
    text: run.text,
    x: start[4],
    y: start[5],
    length: length * stretch,
    size: size * (Math.hypot(c, d) || 1),
    angle: degrees(alongX, alongY),
  };
}

/** Where no steps are given: Han fill a square, other signs about half of it. */
function advanceOf(sign: string, { size, scale }: TextObject): number {
  return (/[\u0020-\u024f]/.test(sign) ? 0.5 : 1) * size * scale;
}

/** "g 3 2.5 4": three steps of 2.5, then one of 4 (§11.3); null where there are none. */
function steps(written: string | undefined, count: number): number[] | null {
  if (!written?.trim()) return null;
  const found: number[] = [];
  const parts = written.trim().split(/\s+/);
  for (let at = 0; at < parts.length && found.length < count; at++) {
    if (parts[at] !== "g") {
      found.push(Number(parts[at]) || 0);
      continue;
    }
    const times = Math.min(Number(parts[at + 1]) || 0, count - found.length);
    const step = Number(parts[at + 2]) || 0;
    for (let time = 0; time < times; time++) found.push(step);
    at += 2;
  }
  // The last step stands for those that are missing.
  const rest = found.at(-1) ?? 0;
  while (found.length < count) found.push(rest);
  return found;
}
