// How two texts are alike: the same, nearly, one inside the other, or only made after one model.
import { coreOf, lettersOf, SHORT } from "./fingerprint.ts";

export type TextLikeness = "same-text" | "near-identical" | "contained" | "contains" | "boilerplate";

export interface Likeness {
  kind: TextLikeness;
  /** 0…1: of what was compared, how much both have. */
  score: number;
}

/** Fewer letters say too little to be called alike; only the very same. */
const LETTERS_MIN = 8;
/**
 * From these on a person would call it one text. On fixtures/likeness the least alike of the near pairs have 0.62, the most
 * alike of the far ones 0.50 (one sentence) and 0.46 (longer; a common opening and closing around other proposals).
 */
const NEAR = 0.55;
const NEAR_SHORT = 0.57;
const CONTAINED = 0.62;
const PART = 0.75;
/** A passage of this many letters is taken from somewhere; fewer are the words of the trade. */
const PASSAGE = 7;
/** Letters two texts must share in a row before they count as shared, where passages of their own are looked for. */
const PHRASE = 5;
/** A difference longer than this is not an exchanged phrase. */
const OWN_PASSAGE = 20;
const OWN_SHARE = 0.2;
/** With less than this of its own a text has nothing to tell it from its model. */
const RESIDUE_SHARE = 0.1;
const RESIDUE_MIN = 12;

/** A text made ready: its letters, and the same without headings and the labels of forms. */
export interface Comparable {
  letters: string;
  own: string;
}

export function comparable(text: string): Comparable {
  const letters = lettersOf(text);
  const own = letters.length < 4 * SHORT ? letters : lettersOf(withoutHeadings(text));
  return { letters, own: own.length < SHORT ? letters : own };
}

/**
 * How `a` is like `b`; null where it is not. `shared` are passages that others have too (a form, a model paper, the
 * campaign's own notice): texts that have only those in common were made after one model, not one after the other.
 */
export function likenessOf(a: Comparable, b: Comparable, shared: ReadonlySet<string>): Likeness | null {
  if (a.letters === b.letters) return a.letters === "" ? null : { kind: "same-text", score: 1 };
  const whole = alike(a.own, b.own);
  if (whole === null) return null;
  if (whole.kind === "near-identical" && isMadeAfterOneModel(a.own, b.own))
    return { kind: "boilerplate", score: whole.score };
  const [mine, theirs] = [residueOf(a.own, shared), residueOf(b.own, shared)];
  if (mine.length === a.own.length && theirs.length === b.own.length) return whole;
  const isNothing = (rest: string, all: string) =>
    rest.length < Math.max(RESIDUE_MIN, all.length * RESIDUE_SHARE);
  if (isNothing(mine, a.own) && isNothing(theirs, b.own)) return whole;
  return alike(mine, theirs) === null ? { kind: "boilerplate", score: whole.score } : whole;
}

function alike(a: string, b: string): Likeness | null {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (short.length < LETTERS_MIN) return null;
  // A text this much shorter than the other is a part of it rather than another version.
  if (short.length <= long.length * PART) {
    const part = partOf(short, long);
    if (part >= CONTAINED) return { kind: short === a ? "contained" : "contains", score: part };
  }
  const isShort = long.length <= SHORT;
  const near = isShort ? dice(coreOf(a), coreOf(b), 2) : dice(a, b, 3);
  return near >= (isShort ? NEAR_SHORT : NEAR) ? { kind: "near-identical", score: near } : null;
}

/**
 * A copy differs in words here and there; what was made after one model differs in whole passages: under the same
 * opening, headings and closing each has its own.
 */
function isMadeAfterOneModel(a: string, b: string): boolean {
  return ownPassageShare(a, b) >= OWN_SHARE && ownPassageShare(b, a) >= OWN_SHARE;
}

/** The share of a text that stands in passages of its own, each longer than a reworded phrase. */
function ownPassageShare(text: string, other: string): number {
  const covered = coveredBy(text, gramsOf(other, PHRASE), PHRASE);
  let own = 0;
  for (let at = 0, length = 0; at <= text.length; at++) {
    if (at < text.length && covered[at] === 0) length++;
    else {
      if (length >= OWN_PASSAGE) own += length;
      length = 0;
    }
  }
  return own / text.length;
}

function gramsOf(text: string, length: number): Set<string> {
  const grams = new Set<string>();
  for (let at = 0; at + length <= text.length; at++) grams.add(text.slice(at, at + length));
  return grams;
}

function dice(a: string, b: string, length: number): number {
  const [few, many] = [gramsOf(a, length), gramsOf(b, length)];
  let both = 0;
  for (const gram of few) if (many.has(gram)) both++;
  return few.size + many.size === 0 ? 0 : (2 * both) / (few.size + many.size);
}

/**
 * How much of the short text stands together in one place of the long one: a long text has most common words somewhere,
 * a copy has them side by side.
 */
function partOf(short: string, long: string): number {
  const grams = gramsOf(short, 3);
  const span = Math.ceil(short.length * 1.3) + 6;
  const inside = new Map<string, number>();
  let best = 0;
  for (let at = 0; at + 3 <= long.length; at++) {
    const entering = long.slice(at, at + 3);
    if (grams.has(entering)) inside.set(entering, (inside.get(entering) ?? 0) + 1);
    const leaving = at - span < 0 ? "" : long.slice(at - span, at - span + 3);
    const left = inside.get(leaving);
    if (left !== undefined) left === 1 ? inside.delete(leaving) : inside.set(leaving, left - 1);
    if (inside.size > best) best = inside.size;
  }
  return best / grams.size;
}

/** All passages of a text, to know them again elsewhere. */
export function passagesOf(letters: string): Set<string> {
  return gramsOf(letters, PASSAGE);
}

/** Which letters of a text stand in known passages. */
function coveredBy(letters: string, passages: ReadonlySet<string>, length = PASSAGE): Uint8Array {
  const covered = new Uint8Array(letters.length);
  for (let at = 0; at + length <= letters.length; at++) {
    if (passages.has(letters.slice(at, at + length))) covered.fill(1, at, at + length);
  }
  return covered;
}

function residueOf(letters: string, shared: ReadonlySet<string>): string {
  const covered = coveredBy(letters, shared);
  let rest = "";
  for (let at = 0; at < letters.length; at++) if (covered[at] === 0) rest += letters[at];
  return rest;
}

/** The share of a text that is, word for word, another's; passages of a few letters do not count. */
export function shareTakenFrom(letters: string, passages: ReadonlySet<string>): number {
  if (letters.length < PASSAGE) return 0;
  const covered = coveredBy(letters, passages);
  return covered.reduce((sum, one) => sum + one, 0) / letters.length;
}

/** Passages that at least `least` of these texts have: the form or the model they were all made after. */
export function sharedPassages(texts: readonly string[], least: number): Set<string> {
  const seen = new Map<string, number>();
  for (const letters of texts) {
    for (const passage of passagesOf(letters)) seen.set(passage, (seen.get(passage) ?? 0) + 1);
  }
  return new Set([...seen].filter(([, times]) => times >= least).map(([passage]) => passage));
}

/** A heading ("一、活动开展情况") or a label of a form ("建议人：") is the model's, not the writer's. */
function withoutHeadings(text: string): string {
  return text
    .split("\n")
    .filter(
      (line) =>
        !/^\s*(?:第?[一二三四五六七八九十百]+[、章节.．]|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.、．])?[^。！？!?；;，,]{1,22}$/.test(
          line,
        ),
    )
    .map((line) => line.replace(/^\s*[^：:。，,]{1,10}[：:]/, ""))
    .join("\n");
}
