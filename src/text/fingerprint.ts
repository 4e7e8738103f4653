// What a text is found by among a hundred thousand: a few dozen numbers that a copy, a part or a reworded one has too.
import { normalize } from "./normalize.ts";

/** Beyond this a text is not compared: no paper is longer, and a mail may be. */
const LETTERS_MAX = 20_000;
/** A run of text this long that two texts share is certain to give both at least one equal number. */
export const CERTAIN_RUN = 12;
const GRAM = 8;
const WINDOW = CERTAIN_RUN - GRAM + 1;
/** Shorter texts may share no run of that length and be one sentence all the same: they are found by MinHash as well. */
export const SHORT = 60;
const BANDS = 32;
const ROWS = 3;

/** Only what is said: no punctuation, no spacing, one width, simplified characters. */
export function lettersOf(text: string): string {
  const cut = text.length > 4 * LETTERS_MAX ? text.slice(0, 4 * LETTERS_MAX) : text;
  return normalize(cut)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "")
    .slice(0, LETTERS_MAX);
}

export interface Fingerprint {
  /** 64 bits of all its letters, as a decimal: texts that have it in common are one text. */
  whole: string;
  /** Signed 32-bit numbers: the winnowed ones first. */
  keys: number[];
  /** How many of the keys are winnowed: what two texts of different length can share. */
  winnowed: number;
}

/**
 * `scope` keeps campaigns apart: one text has other numbers in each. Winnowing (Schleimer, Wilkerson, Aiken 2003) takes
 * the least hash of every few neighbouring ones, so that a passage is found wherever it stands in a longer text.
 */
export function fingerprintOf(letters: string, scope: string): Fingerprint {
  const seed = hashOf(scope, 0, scope.length, 0x811c9dc5);
  const winnowed = winnow(letters, seed);
  const bands = letters.length <= SHORT ? minHashBands(letters, seed) : [];
  return { whole: wholeOf(letters, seed), keys: [...winnowed, ...bands], winnowed: winnowed.length };
}

function winnow(letters: string, seed: number): number[] {
  const hashes: number[] = [];
  for (let at = 0; at + GRAM <= letters.length; at++) hashes.push(hashOf(letters, at, GRAM, seed));
  if (hashes.length === 0) return letters === "" ? [] : [hashOf(letters, 0, letters.length, seed)];
  const chosen = new Set<number>();
  for (let from = 0; from === 0 || from + WINDOW <= hashes.length; from++) {
    let least = hashes[from] as number;
    for (let at = from + 1; at < from + WINDOW && at < hashes.length; at++) {
      if ((hashes[at] as number) < least) least = hashes[at] as number;
    }
    chosen.add(least);
  }
  return [...chosen];
}

/** Texts of Jaccard similarity j share a band with 1 − (1 − j³)³²: 99 % at one half, 2 % at a twelfth. */
function minHashBands(letters: string, seed: number): number[] {
  const core = coreOf(letters);
  const grams: number[] = [];
  for (let at = 0; at + 2 <= core.length; at++) grams.push(hashOf(core, at, 2, seed));
  if (grams.length < 3) return [];
  return Array.from({ length: BANDS }, (_, band) => {
    let key = Math.imul(seed ^ band, 0x9e3779b1);
    for (let row = 0; row < ROWS; row++) key = mix(key ^ leastOf(grams, band * ROWS + row));
    return key;
  });
}

function leastOf(grams: number[], which: number): number {
  let least = 0x7fffffff;
  for (const gram of grams) {
    const hash = mix(gram ^ Math.imul(which + 1, 0x85ebca6b));
    if (hash < least) least = hash;
  }
  return least;
}

/** Words every suggestion is made of: in one sentence they would count for as much as what is suggested. */
const FRAME =
  /建议|希望|应该|应当|能否|能不能|可否|可以|是否|我们|我的|本人|单位|进一步|设立|开设|增设|设置|增加|建立|建设|开展|举办|组织|加强|推出|搞个|一个|一些|有点|多点|起来|的|了|在|把|将|能|请|吧|呢|啊|们/g;

/** A short text without the words that every suggestion has. */
export function coreOf(letters: string): string {
  const core = letters.replace(FRAME, "");
  return core.length < 6 ? letters : core;
}

function wholeOf(letters: string, seed: number): string {
  const high = hashOf(letters, 0, letters.length, seed);
  const low = hashOf(letters, 0, letters.length, mix(seed));
  return BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low >>> 0)).toString();
}

/** FNV-1a over UTF-16 code units, its bits mixed once more; signed, as PostgreSQL's integer is. */
function hashOf(text: string, from: number, length: number, seed: number): number {
  let hash = seed;
  for (let at = from; at < from + length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return mix(hash);
}

function mix(value: number): number {
  let hash = value ^ (value >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
