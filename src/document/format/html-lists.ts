// What browsers write before the items of a list: numbers of <ol> with its type and start, dots of <ul>.
import type { ListLabels } from "../../message/html-lines.ts";
import { written } from "./number-words.ts";

interface List {
  isNumbered: boolean;
  /** Word's name for the format; "" shows nothing. */
  format: string;
  next: number;
  step: 1 | -1;
}

/** Values of the attribute, where a is not A, and of the style (CSS Counter Styles 3 §6, §7). */
const FORMATS = new Map(
  Object.entries({
    a: "lowerLetter",
    A: "upperLetter",
    i: "lowerRoman",
    I: "upperRoman",
    "lower-alpha": "lowerLetter",
    "lower-latin": "lowerLetter",
    "upper-alpha": "upperLetter",
    "upper-latin": "upperLetter",
    "lower-roman": "lowerRoman",
    "upper-roman": "upperRoman",
    "decimal-leading-zero": "decimalZero",
    "cjk-decimal": "taiwaneseDigital",
    "cjk-ideographic": "chineseCounting",
    "simp-chinese-informal": "chineseCounting",
    "trad-chinese-informal": "chineseCounting",
    "simp-chinese-formal": "chineseLegalSimplified",
    "trad-chinese-formal": "ideographLegalTraditional",
    "cjk-heavenly-stem": "ideographTraditional",
    "cjk-earthly-branch": "ideographZodiac",
    none: "",
  }),
);

export class HtmlLists implements ListLabels {
  readonly #open: List[] = [];

  open(tag: string, attributes: string): void {
    const style = /list-style(?:-type)?\s*:\s*([a-z-]+)/i.exec(attributes)?.[1]?.toLowerCase();
    const type = /\stype\s*=\s*["']?\s*([1aAiI])\b/.exec(attributes)?.[1];
    this.#open.push({
      isNumbered: tag === "ol",
      format: FORMATS.get(style ?? type ?? "") ?? "decimal",
      next: numberOf("start", attributes) ?? 1,
      step: /\sreversed\b/i.test(attributes) ? -1 : 1,
    });
  }

  close(): void {
    this.#open.pop();
  }

  /** Of the item that begins; "" where it stands in no list, or its list shows nothing. */
  label(attributes: string): string {
    const list = this.#open.at(-1);
    if (!list || list.format === "") return "";
    if (!list.isNumbered) return "• ";
    const value = numberOf("value", attributes) ?? list.next;
    list.next = value + list.step;
    const number = written(value, list.format);
    return /\p{Script=Han}$/u.test(number) ? `${number}、` : `${number}. `;
  }
}

function numberOf(name: string, attributes: string): number | null {
  const found = new RegExp(`\\s${name}\\s*=\\s*["']?\\s*(-?\\d{1,7})`, "i").exec(attributes)?.[1];
  return found === undefined ? null : Number(found);
}
