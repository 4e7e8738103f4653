// Styles of a Word document ([MS-DOC] §2.9.271 STSH): what they say of lists and of hidden text.
import type { WordFile } from "./doc-file.ts";
import { PART } from "./doc-file.ts";
import {
  type Changes,
  charactersWith,
  type ParagraphProperties,
  PLAIN_CHARACTERS,
  PLAIN_PARAGRAPH,
  paragraphWith,
} from "./doc-properties.ts";

export interface Styles {
  paragraph(style: number): Readonly<ParagraphProperties>;
  hides(style: number): boolean;
  /** Whether there is a style that hides: mostly not, and then nobody need ask. */
  hidesAny: boolean;
}

interface Style {
  base: number;
  paragraph: Changes | null;
  characters: Changes | null;
}

const NO_BASE = 0xfff;
const PARAGRAPH_STYLE = 1;
const CHARACTER_STYLE = 2;
/** Word itself allows eleven; a damaged file may name a circle. */
const MAX_BASES = 20;

export function readStyles(file: WordFile): Styles {
  const stored = stylesIn(file.part(PART.styles), file.isOld);
  const paragraphs = new Map<number, ParagraphProperties>();
  const hiding = new Map<number, boolean>();
  /** From the first ancestor to the style itself. */
  const line = (style: number): Style[] => {
    const found: Style[] = [];
    for (let at = style; at !== NO_BASE && found.length < MAX_BASES; ) {
      const one = stored[at];
      if (!one) break;
      found.unshift(one);
      at = one.base;
    }
    return found;
  };
  const hides = (style: number): boolean => {
    let known = hiding.get(style);
    if (known === undefined) {
      known = false;
      for (const { characters } of line(style)) {
        const hidden = characters ? charactersWith(PLAIN_CHARACTERS, characters).hidden : "as styled";
        if (hidden === "contrary to style") known = !known;
        else if (hidden !== "as styled") known = hidden;
      }
      hiding.set(style, known);
    }
    return known;
  };
  return {
    paragraph: (style) => {
      let known = paragraphs.get(style);
      if (!known) {
        known = { ...PLAIN_PARAGRAPH };
        for (const { paragraph } of line(style))
          if (paragraph) known = paragraphWith(known, paragraph, () => null);
        known.style = style;
        paragraphs.set(style, known);
      }
      return known;
    },
    hides,
    hidesAny: stored.some((_, style) => hides(style)),
  };
}

function stylesIn(stored: Buffer, isOld: boolean): (Style | null)[] {
  if (stored.length < 6) return [];
  const headBytes = stored.readUInt16LE(0);
  const count = Math.min(stored.readUInt16LE(2), 4096);
  const baseBytes = stored.readUInt16LE(4);
  const styles: (Style | null)[] = [];
  let at = 2 + headBytes;
  while (styles.length < count && at + 2 <= stored.length) {
    const length = stored.readUInt16LE(at);
    styles.push(styleIn(stored.subarray(at + 2, at + 2 + length), baseBytes, isOld));
    at += 2 + length;
  }
  return styles;
}

function styleIn(std: Buffer, baseBytes: number, isOld: boolean): Style | null {
  if (std.length < baseBytes + 2 || baseBytes < 6) return null;
  const kind = std.readUInt16LE(2) & 0xf;
  const count = std.readUInt16LE(4) & 0xf;
  const nameBytes = isOld ? (std[baseBytes] as number) + 2 : std.readUInt16LE(baseBytes) * 2 + 4;
  const lists: Buffer[] = [];
  // Each list of changes begins at an even place (§2.9.340).
  let at = baseBytes + nameBytes;
  for (let index = 0; index < count; index++) {
    at += at & 1;
    if (at + 2 > std.length) break;
    const length = std.readUInt16LE(at);
    lists.push(std.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  const changes = (bytes: Buffer | undefined): Changes | null => (bytes ? { bytes, isOld } : null);
  const base = std.readUInt16LE(2) >> 4;
  if (kind === PARAGRAPH_STYLE)
    return { base, paragraph: changes(lists[0]?.subarray(2)), characters: changes(lists[1]) };
  if (kind === CHARACTER_STYLE) return { base, paragraph: null, characters: changes(lists[0]) };
  return null;
}
