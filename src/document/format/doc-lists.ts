// Automatic numbers of Word 97–2003 ([MS-DOC] §2.9.150 LVL, §2.9.131 LFO): lists, their overrides, and the counting.
import type { WordFile } from "./doc-file.ts";
import { PART } from "./doc-file.ts";
import { spaced, written } from "./number-words.ts";

interface Level {
  start: number;
  /** MSONFC ([MS-OSHARED] §2.2.1.3). */
  format: number;
  /** Characters 0 to 8 stand for the numbers of the levels. */
  pattern: string;
  /** All numbers in Arabic digits. */
  isLegal: boolean;
  /** Begins again after any level before this one; 0: never. */
  restartsAfter: number;
}

interface List {
  levels: Level[];
  /** Lists made from one definition count on together. */
  counters: (number | undefined)[];
}

interface Override {
  list: List | undefined;
  levels: Map<number, { start: number | null; level: Level | null }>;
  /** Levels whose start was already set anew. */
  begun: Set<number>;
}

/** The label of the next paragraph of a list (from 1) at a level (from 0); "" where it has none. Counts on. */
export type Labels = (list: number, level: number) => string;

const BULLET = 23;
const NONE = 0xff;
const LIST_BYTES = 28;
const LEVEL_BYTES = 28;
const MAX_LISTS = 20_000;
/** A label goes before every paragraph of its list. */
const LONGEST_PATTERN_BYTES = 200;

/** MSONFC in the words of ECMA-376 part 1 §17.18.59; what is left out is written in Arabic digits. */
export const FORMATS = new Map<number, string>(
  [
    "decimal upperRoman lowerRoman upperLetter lowerLetter ordinal decimal decimal decimal decimal",
    "ideographDigital japaneseCounting aiueo iroha decimalFullWidth decimal japaneseLegal",
    "japaneseDigitalTenThousand decimalEnclosedCircle decimalFullWidth2 aiueo iroha decimalZero bullet",
    "ganada chosung decimalEnclosedFullstop decimalEnclosedParen decimalEnclosedCircleChinese",
    "ideographEnclosedCircle ideographTraditional ideographZodiac ideographZodiacTraditional",
    "taiwaneseCounting ideographLegalTraditional taiwaneseCountingThousand taiwaneseDigital",
    "chineseCounting chineseLegalSimplified chineseCountingThousand",
  ]
    .join(" ")
    .split(" ")
    .map((name, code) => [code, name]),
);

export function readLabels(file: WordFile): Labels {
  const lists = listsIn(file.part(PART.lists), file.after(PART.lists));
  const overrides = overridesIn(file.part(PART.listOverrides), lists);
  return (number, at) => {
    const override = overrides[number - 1];
    const list = override?.list;
    if (!override || !list) return "";
    const levelAt = (index: number): Level | undefined =>
      override.levels.get(index)?.level ?? list.levels[index];
    const level = levelAt(at);
    if (!level) return "";
    const start = override.levels.get(at)?.start ?? level.start;
    const { counters } = list;
    const isNew = override.levels.has(at) && !override.begun.has(at);
    if (isNew && override.levels.get(at)?.start !== null) counters[at] = undefined;
    override.begun.add(at);
    counters[at] = counters[at] === undefined ? start : counters[at] + 1;
    for (let deeper = at + 1; deeper < 9; deeper++)
      if (at < (levelAt(deeper)?.restartsAfter ?? 0)) counters[deeper] = undefined;
    if (level.format === BULLET) return "• ";
    if (level.format === NONE && !/[\0-\x08]/.test(level.pattern)) return spaced(level.pattern.trim());
    return spaced(
      level.pattern.replace(/[\0-\x08]/g, (sign) => {
        const index = sign.charCodeAt(0);
        const format = levelAt(index)?.format ?? 0;
        if (format === NONE) return "";
        const value = counters[index] ?? levelAt(index)?.start ?? 1;
        return written(value, level.isLegal ? "decimal" : (FORMATS.get(format) ?? "decimal"));
      }),
    );
  };
}

/** §2.9.190 PlfLst: the lists, then all their levels. */
function listsIn(stored: Buffer, levels: Buffer): Map<number, List> {
  const lists = new Map<number, List>();
  if (stored.length < 2) return lists;
  const count = Math.min(stored.readUInt16LE(0), MAX_LISTS, Math.floor((stored.length - 2) / LIST_BYTES));
  let at = 0;
  for (let index = 0; index < count; index++) {
    const entry = 2 + index * LIST_BYTES;
    const isSimple = ((stored[entry + 26] as number) & 1) !== 0;
    const own: Level[] = [];
    for (let depth = 0; depth < (isSimple ? 1 : 9); depth++) {
      const found = levelIn(levels, at, depth);
      if (!found) break;
      own.push(found.level);
      at = found.end;
    }
    lists.set(stored.readInt32LE(entry), { levels: own, counters: [] });
  }
  return lists;
}

function levelIn(stored: Buffer, at: number, depth: number): { level: Level; end: number } | null {
  if (at + LEVEL_BYTES + 2 > stored.length) return null;
  const flags = stored[at + 5] as number;
  const text = at + LEVEL_BYTES + (stored[at + 24] as number) + (stored[at + 25] as number);
  if (text + 2 > stored.length) return null;
  const end = text + 2 + stored.readUInt16LE(text) * 2;
  if (end > stored.length) return null;
  const level: Level = {
    start: stored.readInt32LE(at),
    format: stored[at + 4] as number,
    pattern: stored.toString("utf16le", text + 2, Math.min(end, text + 2 + LONGEST_PATTERN_BYTES)),
    isLegal: (flags & 4) !== 0,
    restartsAfter: (flags & 8) !== 0 ? (stored[at + 26] as number) : depth,
  };
  return { level, end };
}

/** §2.9.192 PlfLfo: which list each number means, then what it changes in the list's levels. */
function overridesIn(stored: Buffer, lists: Map<number, List>): Override[] {
  if (stored.length < 4) return [];
  const count = Math.min(stored.readUInt32LE(0), MAX_LISTS, Math.floor((stored.length - 4) / 16));
  const overrides: Override[] = [];
  let at = 4 + count * 16;
  for (let index = 0; index < count; index++) {
    const entry = 4 + index * 16;
    const override: Override = {
      list: lists.get(stored.readInt32LE(entry)),
      levels: new Map(),
      begun: new Set(),
    };
    overrides.push(override);
    at += 4;
    for (let left = stored[entry + 12] as number; left > 0 && at + 8 <= stored.length; left--) {
      const flags = stored.readUInt32LE(at + 4);
      const depth = flags & 0xf;
      const start = (flags & 0x10) !== 0 ? stored.readInt32LE(at) : null;
      at += 8;
      const found = (flags & 0x20) !== 0 ? levelIn(stored, at, depth) : null;
      if (found) at = found.end;
      override.levels.set(depth, {
        start: found && start !== null ? found.level.start : start,
        level: found?.level ?? null,
      });
    }
  }
  return overrides;
}
