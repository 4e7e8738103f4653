// Automatic numbers of Word 6 and 95: each paragraph carries its own pattern (ANLD), and its neighbours the count.
import type { Fonts } from "./doc-fonts.ts";
import { FORMATS } from "./doc-lists.ts";
import type { ParagraphProperties } from "./doc-properties.ts";
import { spaced, written } from "./number-words.ts";

const NUMBERED = 10;
const BULLET = 11;
/** Left out of the count, which goes on after it. */
const SKIPPED = 12;
const TEXT_AT = 20;
const WITH_LEVELS_ABOVE = 4;

/** Counts on with every call. */
export function oldLabels(fonts: Fonts): (paragraph: ParagraphProperties) => string {
  /** Of headings by level from 1; 0: of simple lists. */
  let counters: (number | undefined)[] = [];
  return ({ oldLevel, oldLabel }) => {
    if (oldLevel === SKIPPED) return "";
    const isNumbered = oldLabel !== null && oldLabel.length >= TEXT_AT && oldLevel >= 1;
    if (oldLevel === BULLET) return "• ";
    if (!isNumbered || oldLevel > NUMBERED) {
      // A list ends at the first paragraph without a number; headings have such between them.
      counters[0] = undefined;
      return "";
    }
    const level = oldLevel === NUMBERED ? 0 : oldLevel;
    const count = counters[level];
    counters[level] = count === undefined ? oldLabel.readUInt16LE(10) : count + 1;
    if (level > 0) counters = counters.slice(0, level + 1);
    const [format = 0, before = 0, after = 0, flags = 0] = oldLabel;
    const numbers = [written(counters[level] ?? 1, FORMATS.get(format) ?? "decimal")];
    if ((flags & WITH_LEVELS_ABOVE) !== 0)
      for (let above = level - 1; above >= 1; above--) numbers.unshift(String(counters[above] ?? 1));
    const text = (from: number, length: number) =>
      fonts.decode(oldLabel.toString("latin1", TEXT_AT + from, TEXT_AT + from + length), -1);
    return spaced(text(0, before) + numbers.join(".") + text(before, after));
  };
}
