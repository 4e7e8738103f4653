// Automatic numbers in PowerPoint 97–2003: which kind stands in an extension for PowerPoint 2000, by runs ([MS-PPT] §2.9.66).
import { AutoNumbers, type Bullet } from "./drawing-numbers.ts";

/** TextAutoNumberSchemeEnum (§2.13.31) in the names that newer files use. */
const SCHEMES = [
  ["alphaLcPeriod", "alphaUcPeriod", "arabicParenR", "arabicPeriod", "romanLcParenBoth", "romanLcParenR"],
  [
    "romanLcPeriod",
    "romanUcPeriod",
    "alphaLcParenBoth",
    "alphaLcParenR",
    "alphaUcParenBoth",
    "alphaUcParenR",
  ],
  ["arabicParenBoth", "arabicPlain", "romanUcParenBoth", "romanUcParenR", "ea1ChsPlain", "ea1ChsPeriod"],
  ["circleNumDbPlain", "circleNumWdWhitePlain", "circleNumWdBlackPlain", "ea1ChtPlain", "ea1ChtPeriod"],
  ["arabicMinus", "arabicMinus", "arabicMinus", "ea1JpnKorPlain", "ea1JpnKorPeriod", "arabicDbPlain"],
  ["arabicDbPeriod"],
].flat();
/** What stands in a paragraph's properties, in this order, each where its bit is set: [mask, bytes] (§2.9.20). */
const PARAGRAPH_FIELDS: [mask: number, bytes: number][] = [
  [0xf, 2],
  [1 << 7, 2],
  [1 << 4, 2],
  [1 << 6, 2],
  [1 << 5, 4],
  [1 << 11, 2],
  [1 << 12, 2],
  [1 << 13, 2],
  [1 << 14, 2],
  [1 << 8, 2],
  [1 << 10, 2],
  [1 << 15, 2],
];
const TAB_STOPS = 1 << 20;
const AFTER_TAB_STOPS: [mask: number, bytes: number][] = [
  [1 << 16, 2],
  [0xe0000, 2],
  [1 << 21, 2],
];
/** In a character's properties: the first field, which names the group, and those behind it (§2.9.13). */
const FONT_STYLE = 0x3eb7;
const CHARACTER_FIELDS: [mask: number, bytes: number][] = [
  [1 << 16, 2],
  [1 << 21, 2],
  [1 << 22, 2],
  [1 << 23, 2],
  [1 << 17, 2],
  [1 << 18, 4],
  [1 << 19, 2],
];
const MAX_LEVEL = 8;

/** The text's paragraphs with their numbers before them. `styles` and `kinds` are the contents of two records. */
export function withNumbers(words: string, styles: Buffer, kinds: Buffer): string {
  try {
    const groups = groupKinds(kinds);
    if (!groups.some(Boolean)) return words;
    const { levels, groupAt } = readRuns(styles, words.length + 1);
    const numbers = new AutoNumbers();
    let at = 0;
    const paragraphs = words.split("\r").map((paragraph) => {
      const kind = groups[groupAt(at)];
      const level = levels(at);
      at += paragraph.length + 1;
      if (paragraph.trim() === "") return paragraph;
      return numbers.label(kind ? { ...kind, level } : { level, type: null, startAt: 1 }) + paragraph;
    });
    return paragraphs.join("\r");
  } catch (error) {
    // Damaged properties do not make the text unreadable.
    if (error instanceof RangeError) return words;
    throw error;
  }
}

/** One entry a group: properties of the paragraph, of its characters and of its languages (§2.9.67). */
function groupKinds(content: Buffer): (Omit<Bullet, "level"> | null)[] {
  const groups: (Omit<Bullet, "level"> | null)[] = [];
  for (let at = 0; at + 12 <= content.length; ) {
    const paragraph = content.readUInt32LE(at);
    at += 4;
    if (paragraph & 0x800000) at += 2;
    let isNumbered = false;
    if (paragraph & 0x2000000) {
      isNumbered = content.readInt16LE(at) === 1;
      at += 2;
    }
    let kind: Omit<Bullet, "level"> | null = null;
    if (paragraph & 0x1000000) {
      kind = {
        type: SCHEMES[content.readUInt16LE(at)] ?? "arabicPeriod",
        startAt: content.readUInt16LE(at + 2),
      };
      at += 4;
    }
    groups.push(isNumbered ? (kind ?? { type: "arabicPeriod", startAt: 1 }) : null);
    const characters = content.readUInt32LE(at);
    at += 4 + (characters & 0x100000 ? 4 : 0);
    const languages = content.readUInt32LE(at);
    at += 4;
    for (const bit of [1, 2, 4, 0x40]) if (languages & bit) at += 2;
    if (languages & 0x20) at += 4;
    if (languages & 0x200) at += 4 + content.readUInt32LE(at) * 4;
  }
  return groups;
}

/** §2.9.44: runs of paragraphs with their levels, then runs of characters with the groups they belong to. */
function readRuns(content: Buffer, characters: number) {
  let at = 0;
  const skip = (masks: number, fields: [mask: number, bytes: number][]) => {
    for (const [mask, bytes] of fields) if (masks & mask) at += bytes;
  };
  const runs = (read: () => number): ((place: number) => number) => {
    const ends: number[] = [];
    const values: number[] = [];
    for (let end = 0; end < characters && at + 8 <= content.length; ) {
      end += content.readUInt32LE(at);
      at += 4;
      ends.push(end);
      values.push(read());
    }
    let run = 0;
    return (place) => {
      while (run < ends.length - 1 && place >= (ends[run] as number)) run++;
      return values[run] ?? 0;
    };
  };
  const levels = runs(() => {
    const level = Math.min(MAX_LEVEL, content.readUInt16LE(at));
    const masks = content.readUInt32LE(at + 2);
    at += 6;
    skip(masks, PARAGRAPH_FIELDS);
    if (masks & TAB_STOPS) at += 2 + content.readUInt16LE(at) * 4;
    skip(masks, AFTER_TAB_STOPS);
    return level;
  });
  const groupAt = runs(() => {
    const masks = content.readUInt32LE(at);
    at += 4;
    const group = masks & FONT_STYLE ? (content.readUInt16LE(at) >> 10) & 0xf : 0;
    if (masks & FONT_STYLE) at += 2;
    skip(masks, CHARACTER_FIELDS);
    return group;
  });
  return { levels, groupAt };
}
