// What Word says of characters and paragraphs: of its hundreds of properties ([MS-DOC] §2.6) the few that matter to words.

export interface CharacterProperties {
  /** Removed by a tracked change. */
  deleted: boolean;
  hidden: boolean | "as styled" | "contrary to style";
  /** A control character stands for an object, not for itself. */
  special: boolean;
  style: number;
  /** Number of the font; -1 where nothing is said. */
  font: number;
  symbol: { font: number; code: number } | null;
  /** Where a picture lies in the data stream; -1 where there is none. */
  picture: number;
}

export interface ParagraphProperties {
  style: number;
  isRowEnd: boolean;
  isInnerCell: boolean;
  isInnerRowEnd: boolean;
  /** List (from 1; 0: none) and level, as far as said. */
  list: number | null;
  level: number | null;
  /** Numbers of Word 6 and 95: the kind of level, and the looks (ANLD). */
  oldLevel: number;
  oldLabel: Buffer | null;
}

export const PLAIN_CHARACTERS: Readonly<CharacterProperties> = Object.freeze({
  deleted: false,
  hidden: "as styled",
  special: false,
  style: -1,
  font: -1,
  symbol: null,
  picture: -1,
});

export const PLAIN_PARAGRAPH: Readonly<ParagraphProperties> = Object.freeze({
  style: 0,
  isRowEnd: false,
  isInnerCell: false,
  isInnerRowEnd: false,
  list: null,
  level: null,
  oldLevel: 0,
  oldLabel: null,
});

/** A list of property changes (grpprl), in the codes of Word 6 or of Word 97. */
export interface Changes {
  bytes: Buffer;
  isOld: boolean;
}

const DELETED = 0x0800;
const HIDDEN = 0x083c;
const SPECIAL = 0x0855;
const CHARACTER_STYLE = 0x4a30;
const PLAIN = 0x2a33;
const FONT = 0x4a4f;
const SYMBOL = 0x6a09;
const PICTURE = 0x6a03;
const STYLE = 0x4600;
const ROW_END = 0x2417;
const INNER_CELL = 0x244b;
const INNER_ROW_END = 0x244c;
const LIST = 0x460b;
const LEVEL = 0x260a;
const LONG_PARAGRAPH = new Set([0x6645, 0x6646]);
const CHANGE_TABS = 0xc615;
const DEFINE_TABLE = new Set([0xd606, 0xd608]);
/** Codes that only Word 6 and 95 have. */
const OLD_LABEL = 12;
const OLD_LEVEL = 13;

/** One-byte codes and the later codes of the same meaning; pieces saved in a hurry use them too (§2.9.215, Prm0). */
const LATER = new Map([
  [2, STYLE],
  [25, ROW_END],
  [65, DELETED],
  [68, PICTURE],
  [74, SYMBOL],
  [80, CHARACTER_STYLE],
  [83, PLAIN],
  [92, HIDDEN],
  [93, FONT],
  [117, SPECIAL],
]);

/** Bytes after each one-byte code; v: a byte of length first, w: two of them. From the Word 6 binary format. */
const OLD_OPERANDS =
  // 0 to 52: paragraphs
  "0 0 2 v 1 1 1 1 1 1 1 1 v 1 1 v 2 2 2 2 4 2 2 v 1 1 2 2 2 1 2 2 2 2 2 2 2 1 2 2 2 2 2 2 1 2 2 2 2 2 1 1 v " +
  // 53 to 64 are not known; 65 to 124: characters and pictures
  "- - - - - - - - - - - - 1 1 1 v 2 4 1 2 3 v 1 - - - - 2 v v 0 - 1 1 1 1 1 1 1 1 2 1 3 2 2 1 2 1 1 1 v 1 v v 2 v 2 2 - - - - - - 1 1 1 v 2 2 2 2";
const oldOperands = OLD_OPERANDS.split(" ");
/** From 182 on: tables, whose row ends are told before. */
const OPERAND_BYTES = [1, 1, 2, 4, 2, 2, -1, 3];

/** Calls `visit` with each change's later code and the place of its operand; stops where the list makes no sense. */
function eachChange(
  { bytes, isOld }: Changes,
  visit: (code: number, operand: number, length: number) => void,
): void {
  let at = 0;
  while (at < bytes.length) {
    let code: number;
    let length: number;
    if (isOld) {
      code = bytes[at] as number;
      at += 1;
      const kind = oldOperands[code] ?? "-";
      if (kind === "-") return;
      length = kind === "v" ? -1 : Number(kind);
    } else {
      if (at + 2 > bytes.length) return;
      code = (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
      at += 2;
      length = OPERAND_BYTES[code >> 13] as number;
    }
    if (length === -1) {
      if (DEFINE_TABLE.has(code)) {
        if (at + 2 > bytes.length) return;
        length = Math.max(0, bytes.readUInt16LE(at) - 1);
        at += 2;
      } else {
        length = bytes[at] ?? 0;
        at += 1;
        if (length === 255 && (code === CHANGE_TABS || (isOld && code === 23))) {
          const removed = (bytes[at] ?? 0) * 4;
          length = removed + (bytes[at + 1 + removed] ?? 0) * 3 + 2;
        }
      }
    }
    if (at + length > bytes.length) return;
    visit(isOld ? (LATER.get(code) ?? code) : code, at, length);
    at += length;
  }
}

/** `base` with the changes. Returns `base` itself where none matters: most runs only differ in looks. */
export function charactersWith(base: Readonly<CharacterProperties>, changes: Changes): CharacterProperties {
  let changed: CharacterProperties | null = null;
  const { bytes } = changes;
  const set = (change: Partial<CharacterProperties>): void => {
    changed = Object.assign(changed ?? { ...base }, change);
  };
  eachChange(changes, (code, at, length) => {
    switch (code) {
      case DELETED:
        return set({ deleted: bytes[at] === 1 });
      case HIDDEN:
        return set({ hidden: toggled(bytes[at] as number) });
      case SPECIAL:
        return set({ special: bytes[at] === 1 });
      case CHARACTER_STYLE:
        return set({ style: bytes.readUInt16LE(at) });
      case PLAIN:
        return set({ hidden: "as styled", font: -1 });
      case FONT:
        return set({ font: bytes.readUInt16LE(at) });
      case SYMBOL:
        if (length < 3) return;
        return set({
          symbol: {
            font: bytes.readUInt16LE(at),
            code: length >= 4 ? bytes.readUInt16LE(at + 2) : (bytes[at + 2] as number),
          },
        });
      case PICTURE:
        return length < 4 ? undefined : set({ picture: bytes.readUInt32LE(at), special: true });
    }
  });
  return changed ?? base;
}

/** §2.9.327 ToggleOperand. */
function toggled(value: number): CharacterProperties["hidden"] {
  if (value === 0x80) return "as styled";
  return value === 0x81 ? "contrary to style" : value !== 0;
}

/** `base` with the changes. `longChanges` finds a list of changes too long for its page in the data stream. */
export function paragraphWith(
  base: Readonly<ParagraphProperties>,
  changes: Changes,
  longChanges: (at: number) => Changes | null,
): ParagraphProperties {
  let paragraph: ParagraphProperties = { ...base };
  const { bytes } = changes;
  eachChange(changes, (code, at, length) => {
    if (code === STYLE) paragraph.style = bytes.readUInt16LE(at);
    else if (code === ROW_END) paragraph.isRowEnd = bytes[at] === 1;
    else if (code === INNER_CELL) paragraph.isInnerCell = bytes[at] === 1;
    else if (code === INNER_ROW_END) paragraph.isInnerRowEnd = bytes[at] === 1;
    else if (code === LIST) paragraph.list = bytes.readUInt16LE(at);
    else if (code === LEVEL) paragraph.level = bytes[at] as number;
    else if (code === OLD_LEVEL && changes.isOld) paragraph.oldLevel = bytes[at] as number;
    else if (code === OLD_LABEL && changes.isOld) paragraph.oldLabel = bytes.subarray(at, at + length);
    else if (LONG_PARAGRAPH.has(code)) {
      const long = longChanges(bytes.readUInt32LE(at));
      if (long) paragraph = paragraphWith(paragraph, long, () => null);
    }
  });
  return paragraph;
}
