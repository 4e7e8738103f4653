// How many lines a paragraph takes: widths of letters, and where a line of Chinese and Western text may break. Pure.

/** Width of a character in twips. */
export type Measure = (character: string) => number;

/** Of Times New Roman, in thousandths of its size, from the space to the tilde (Adobe's metrics of Times Roman). */
const TIMES =
  "250 333 408 500 500 833 778 180 333 333 500 564 250 333 250 278 500 500 500 500 500 500 500 500 500 500 278 278 564 564 564 444 921 722 667 667 722 611 556 722 722 333 389 722 611 889 722 722 556 722 667 556 611 722 722 944 722 722 611 333 278 333 469 500 333 444 500 444 500 444 333 500 500 278 278 500 278 778 500 500 500 500 333 389 278 500 500 722 500 500 444 480 200 480 541"
    .split(" ")
    .map(Number);

export function lineWidth(halfPoints: number, spacing: number): Measure {
  const size = halfPoints * 10;
  return (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (isWide(code)) return size + spacing;
    return ((TIMES[code - 32] ?? 500) / 1000) * size + spacing;
  };
}

/** Chinese punctuation such as “ — … is set as wide as a character where the language is Chinese. */
function isWide(code: number): boolean {
  return code >= 0x2e80 || (code >= 0x2014 && code <= 0x2026) || (code >= 0x2460 && code <= 0x27bf);
}

const NOT_FIRST = new Set("、。，．：；？！）］｝〉》」』】〕〗’”…—～·％℃!),.:;?]}%");
const NOT_LAST = new Set("（［｛〈《「『【〔〖‘“([{￥$");

/** At least one, even for nothing. */
export function linesIn(text: string, measure: Measure, width: number, firstWidth: number): number {
  let lines = 1;
  let used = 0;
  let room = firstWidth;
  let last = "";
  for (const { piece, blank } of unbreakable(text)) {
    const wide = piece.reduce((sum, character, at) => {
      const before = at > 0 ? (piece[at - 1] as string) : used > 0 ? last : "";
      return sum + measure(character) + (isSpaced(before, character) ? measure("中") * SPACED : 0);
    }, 0);
    last = piece.at(-1) ?? last;
    // Blanks at the end of a line stand in the margin.
    if (used > 0 && used + wide > room && !blank) {
      lines += 1;
      room = width;
      used = 0;
    }
    if (wide > room && !blank) {
      // A word longer than a line is broken anywhere.
      for (const character of piece) {
        const one = measure(character);
        if (used + one > room && used > 0) {
          lines += 1;
          room = width;
          used = 0;
        }
        used += one;
      }
    } else used += wide;
  }
  return lines;
}

/** Word, WPS and LibreOffice set Chinese and Western letters apart by a quarter of a character. */
const SPACED = 0.25;

function isSpaced(a: string, b: string): boolean {
  return (isLetter(a) && isWestern(b)) || (isWestern(a) && isLetter(b));
}

/** Punctuation has room of its own. */
function isLetter(character: string): boolean {
  return /[\u3400-\u9fff\u{20000}-\u{3ffff}]/u.test(character);
}

function isWestern(character: string): boolean {
  return /[0-9A-Za-z]/.test(character);
}

interface Unbreakable {
  piece: string[];
  blank: boolean;
}

/** Words, and Chinese characters with the punctuation that may not leave them. */
function* unbreakable(text: string): Generator<Unbreakable> {
  let piece: string[] = [];
  let last = "";
  for (const character of text) {
    const breaks =
      last !== "" &&
      !NOT_FIRST.has(character) &&
      !NOT_LAST.has(last) &&
      (isBreak(last) || isBreak(character) || character === " " || last === " ");
    if (breaks) {
      yield { piece, blank: last === " " };
      piece = [];
    }
    piece.push(character);
    last = character;
  }
  if (piece.length > 0) yield { piece, blank: last === " " };
}

function isBreak(character: string): boolean {
  return isWide(character.codePointAt(0) ?? 0) || character === "-";
}
