// Where words stand in a text as people wrote it: compared in one way of writing, found in the other.
import { normalize } from "./normalize.ts";

export interface Span {
  start: number;
  end: number;
}

/** A text as it is compared, without any spacing between its signs, and where each of them stood. */
interface Folded {
  text: string;
  /** Of each UTF-16 unit of `text` the place in the original; one more for its end. */
  places: number[];
}

const INVISIBLE = /[\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]/;
const SPACE = /\s/;
const LATIN = /[\p{Script=Latin}\d]/u;

/** Every place of the words, in order and not overlapping; [] where they do not stand in the text. */
export function occurrencesOf(words: string, text: string): Span[] {
  return occurrencesIn(text)(words);
}

/** The same for a text that is asked about several times. */
export function occurrencesIn(text: string): (words: string) => Span[] {
  const { text: whole, places } = fold(text);
  return (words) => {
    const sought = fold(words).text;
    const spans: Span[] = [];
    if (sought === "") return spans;
    for (let at = whole.indexOf(sought); at >= 0; at = whole.indexOf(sought, at + sought.length))
      spans.push({ start: places[at]!, end: places[at + sought.length - 1]! + 1 });
    return spans.map((span) => wholeSigns(span, text));
  };
}

/** A text is asked about from several sides, and folding a long one takes milliseconds. */
const folds = new Map<string, Folded>();
const REMEMBERED = 8;

function fold(written: string): Folded {
  const known = folds.get(written);
  if (known) return known;
  const made = folded(written);
  if (written.length > 200) {
    if (folds.size >= REMEMBERED) folds.clear();
    folds.set(written, made);
  }
  return made;
}

/** Spacing is kept only between Latin words: "图 书 馆" and a line that a client broke are one word. */
function folded(written: string): Folded {
  const places: number[] = [];
  const kept: string[] = [];
  let spaced = false;
  for (let at = 0; at < written.length; at += 1) {
    const sign = written[at]!;
    const isHan = sign >= "\u3400" && sign <= "\u9fff";
    if (!isHan && INVISIBLE.test(sign)) continue;
    if (!isHan && SPACE.test(sign)) {
      spaced = true;
      continue;
    }
    if (spaced && !isHan && LATIN.test(sign) && LATIN.test(kept.at(-1) ?? "")) {
      kept.push(" ");
      places.push(at - 1);
    }
    spaced = false;
    kept.push(sign);
    places.push(at);
  }
  return { text: sameLength(kept.join("")), places };
}

/** Whole where that keeps every sign in its place; sign by sign where one becomes two. */
function sameLength(kept: string): string {
  const whole = normalize(kept).toLowerCase();
  if (whole.length === kept.length) return whole;
  return kept.replace(/[^\n]/gsu, (sign) => {
    const one = normalize(sign).toLowerCase();
    return one.length === sign.length ? one : sign;
  });
}

/** Both halves of a surrogate pair belong to the span. */
function wholeSigns({ start, end }: Span, text: string): Span {
  const last = text.charCodeAt(end - 1);
  return { start, end: last >= 0xd800 && last <= 0xdbff ? end + 1 : end };
}

export interface Piece {
  text: string;
  /** Index of the words that stand here; null between them. */
  words: number | null;
}

/** A text cut where the words stand; of those that overlap, the ones named first have the room. */
export function cutAt(text: string, words: string[]): Piece[] {
  const find = occurrencesIn(text);
  const taken: (Span & { words: number })[] = [];
  words.forEach((one, index) => {
    for (const span of find(one))
      if (taken.every((other) => span.end <= other.start || span.start >= other.end))
        taken.push({ ...span, words: index });
  });
  taken.sort((a, b) => a.start - b.start);
  const pieces: Piece[] = [];
  let at = 0;
  for (const { start, end, words: index } of taken) {
    if (start > at) pieces.push({ text: text.slice(at, start), words: null });
    pieces.push({ text: text.slice(start, end), words: index });
    at = end;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), words: null });
  return pieces;
}
