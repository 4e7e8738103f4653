// Automatic numbers of OpenDocument lists and headings (ODF 1.3 part 3 §5.3 and §19.880): they are not in the text.
import { spaced, written } from "./number-words.ts";

interface Level {
  isBullet: boolean;
  format: string;
  prefix: string;
  suffix: string;
  /** "%1%.%2%" where the newer form is written, which replaces prefix, suffix and levels shown. */
  pattern: string | null;
  levelsShown: number;
  start: number;
}

/** A label goes before every item of its list. */
const LONGEST_LABEL = 100;

type Attributes = Record<string, string>;

interface OpenList {
  levels: Map<number, Level>;
  counters: number[];
  /** The number of the item that is open waits for its first paragraph: an item may only hold a list. */
  waiting: boolean;
  startAt: number | null;
}

/** Number formats are written as their first signs; Word's names for the same. */
const FORMATS: [RegExp, string][] = [
  [/^一/, "chineseCounting"],
  [/^甲/, "ideographTraditional"],
  [/^子/, "ideographZodiac"],
  [/^壹, 贰/, "chineseLegalSimplified"],
  [/^壹/, "ideographLegalTraditional"],
  [/^①/, "decimalEnclosedCircle"],
  [/^１/, "decimalFullWidth"],
  [/^01/, "decimalZero"],
  [/^a/, "lowerLetter"],
  [/^A/, "upperLetter"],
  [/^i/, "lowerRoman"],
  [/^I/, "upperRoman"],
];
const MOST_LEVELS = 10;
const OUTLINE = "outline-style";

export class OdtLists {
  readonly #styles = new Map<string, Map<number, Level>>();
  #style: Map<number, Level> | null = null;
  readonly #open: OpenList[] = [];
  /** What a list that goes on goes on with: by its own name, and by its style. */
  readonly #byId = new Map<string, number[]>();
  readonly #byStyle = new Map<string, number[]>();
  readonly #outline: number[] = [];

  /** Definitions, wherever they stand. */
  define(name: string, attributes: Attributes): void {
    if (name === "text:list-style" || name === "text:outline-style") {
      this.#style = new Map();
      this.#styles.set(name === "text:list-style" ? (attributes.name ?? "") : OUTLINE, this.#style);
    } else if (/^text:(list-level-style-|outline-level-style)/.test(name)) {
      this.#style?.set(Number(attributes.level), {
        isBullet: name === "text:list-level-style-bullet",
        format: attributes["num-format"] ?? "",
        prefix: attributes["num-prefix"]?.slice(0, LONGEST_LABEL) ?? "",
        suffix: attributes["num-suffix"]?.slice(0, LONGEST_LABEL) ?? "",
        pattern: attributes["num-list-format"]?.slice(0, LONGEST_LABEL) ?? null,
        levelsShown: Number(attributes["display-levels"] ?? 1) || 1,
        start: Number(attributes["start-value"] ?? 1),
      });
    }
  }

  openList(attributes: Attributes): void {
    const above = this.#open.at(-1);
    const style = attributes["style-name"] ?? "";
    const goesOn =
      this.#byId.get(attributes["continue-list"] ?? "") ??
      (attributes["continue-numbering"] === "true" ? this.#byStyle.get(style) : undefined);
    const counters = above?.counters ?? goesOn ?? [];
    if (!above) {
      this.#byStyle.set(style, counters);
      if (attributes.id) this.#byId.set(attributes.id, counters);
    }
    const levels = this.#styles.get(style) ?? above?.levels ?? new Map<number, Level>();
    this.#open.push({ levels, counters, waiting: false, startAt: null });
  }

  closeList(): void {
    this.#open.pop();
  }

  openItem(attributes: Attributes): void {
    const list = this.#open.at(-1);
    if (!list) return;
    list.waiting = true;
    list.startAt = attributes["start-value"] === undefined ? null : Number(attributes["start-value"]);
  }

  closeItem(): void {
    const list = this.#open.at(-1);
    if (list) list.waiting = false;
  }

  /** Of the paragraph that begins now; `outlineLevel` is a heading's. */
  label(outlineLevel: number | null): string {
    const list = this.#open.at(-1);
    if (list) {
      if (!list.waiting || this.#open.length > MOST_LEVELS) return "";
      list.waiting = false;
      return next(list.levels, list.counters, this.#open.length, list.startAt);
    }
    const outline = outlineLevel ? this.#styles.get(OUTLINE) : undefined;
    if (!outline || !outlineLevel || outlineLevel > MOST_LEVELS) return "";
    return next(outline, this.#outline, outlineLevel, null);
  }
}

function next(levels: Map<number, Level>, counters: number[], level: number, startAt: number | null): string {
  const own = levels.get(level);
  counters[level] = startAt ?? (counters[level] ?? (own?.start ?? 1) - 1) + 1;
  counters.length = level + 1;
  if (!own) return "";
  if (own.isBullet) return "• ";
  const number = (of: number) => {
    const definition = levels.get(of);
    return numberIn(counters[of] ?? definition?.start ?? 1, definition?.format ?? "1");
  };
  if (own.format === "") return "";
  if (own.pattern !== null) return spaced(own.pattern.replace(/%(\d+)%/g, (_, of) => number(Number(of))));
  const shown: string[] = [];
  for (let of = Math.max(1, level - own.levelsShown + 1); of <= level; of++) shown.push(number(of));
  return spaced(`${own.prefix}${shown.filter(Boolean).join(".")}${own.suffix}`);
}

function numberIn(value: number, format: string): string {
  if (format === "") return "";
  return written(value, FORMATS.find(([signs]) => signs.test(format))?.[1] ?? "decimal");
}
