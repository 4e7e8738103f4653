// Automatic numbers of paragraphs in slides (ECMA-376 part 1 §21.1.2.4.1): "一、", "(2)", "③", counted by level.
import { spaced, written } from "./number-words.ts";

export interface Bullet {
  level: number;
  /** Null: not numbered. */
  type: string | null;
  startAt: number;
}

const FORMATS: [type: RegExp, format: string][] = [
  [/^alphaLc/, "lowerLetter"],
  [/^alphaUc/, "upperLetter"],
  [/^romanLc/, "lowerRoman"],
  [/^romanUc/, "upperRoman"],
  [/^arabicDb/, "decimalFullWidth"],
  [/^circleNum/, "decimalEnclosedCircle"],
  [/^ea1/, "chineseCounting"],
];

/** The numbers of one text body. */
export class AutoNumbers {
  readonly #styles = new Map<number, Bullet>();
  #counting: (Bullet & { count: number })[] = [];

  /** What the body's own list styles say of a level. */
  setStyle(level: number, type: string, startAt: number): void {
    this.#styles.set(level, { level, type, startAt: startAt || 1 });
  }

  styleOf(level: number): Bullet | undefined {
    return this.#styles.get(level);
  }

  /** The label of the next paragraph with words, "" where it has none. */
  label(bullet: Bullet): string {
    const { level, type, startAt } = bullet;
    this.#counting = this.#counting.slice(0, level + 1);
    if (type === null) {
      this.#counting = this.#counting.slice(0, level);
      return "";
    }
    const known = this.#counting[level];
    const goesOn = known?.type === type && known.startAt === startAt;
    const count = goesOn ? known.count + 1 : startAt;
    this.#counting[level] = { ...bullet, count };
    return spaced(numberLabel(type, count));
  }
}

function numberLabel(type: string, count: number): string {
  const format = FORMATS.find(([pattern]) => pattern.test(type))?.[1] ?? "decimal";
  const number = written(count, format);
  if (type.endsWith("ParenBoth")) return `(${number})`;
  if (type.endsWith("ParenR")) return `${number})`;
  if (type.endsWith("Minus")) return `${number}-`;
  if (!type.endsWith("Period")) return number;
  // The standard speaks of a full stop; Chinese Office sets the comma of lists.
  return `${number}${/^ea1/.test(type) ? "、" : /Db/.test(type) ? "．" : "."}`;
}
