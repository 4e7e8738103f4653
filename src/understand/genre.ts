// What kind of text its words speak for: a linear model over characters and words, trained on fixtures/genres.
import { normalize } from "../text/normalize.ts";
import { GENRE_WEIGHTS } from "./genre-weights.ts";

export const TEXT_GENRES = [
  "proposal",
  "question",
  "correction",
  "thanks",
  "report",
  "plan",
  "cover",
  "other",
] as const;
export type TextGenre = (typeof TEXT_GENRES)[number];

/** No words weigh more than this, whatever they are: labels, titles, the thread and a plain proposal stay stronger. */
export const MOST_TOLD = 2.4;

export interface GenreReading {
  /** Calibrated log-odds of each genre against all others, within ±MOST_TOLD. */
  odds: Record<TextGenre, number>;
  /** The likeliest genre. */
  best: TextGenre;
  /** How many features of the text are known. */
  known: number;
  /** What in the text speaks most for a genre, strongest first. */
  words(genre: TextGenre): string[];
}

/** What is looked at of a long text: people say what they want at its ends. */
const HEAD = 900;
const TAIL = 300;
/** Chinese n-grams and phrases of Latin words, both counted in tokens. */
const LONGEST = 3;
/** Below this many known features a text counts as if it had so many: a word or two prove little. */
export const FEWEST = 5;
/** Unit length by features would make every weight small; only the product matters. */
export const GAIN = 4;

interface Token {
  text: string;
  start: number;
  end: number;
  isLatin: boolean;
}

/** A feature as it stands in the text; shapes stand nowhere. */
export interface Feature {
  name: string;
  start: number;
  end: number;
}

export function genreOf(text: string): GenreReading {
  return readWith(model(), text);
}

export interface GenreModel {
  /** Of each feature one weight a genre. */
  rows: Map<string, readonly number[]>;
  /** What features begin with. */
  beginnings: Set<string>;
  bias: readonly number[];
  /** Divides the sums, so that of texts at 0.9 nine in ten are what they seem. */
  temperature: number;
}

function readWith(genres: GenreModel, text: string): GenreReading {
  const seen = looked(text);
  const known = knownIn(seen, genres);
  const shares = sharesOf(sumsOf(genres, known).map((sum) => sum / genres.temperature));
  const odds = {} as Record<TextGenre, number>;
  TEXT_GENRES.forEach((genre, at) => {
    const told = Math.log(shares[at]! / (1 - shares[at]! + 1e-9));
    odds[genre] = Math.min(Math.max(told, -MOST_TOLD), MOST_TOLD);
  });
  const best = TEXT_GENRES[shares.indexOf(Math.max(...shares))]!;
  return {
    odds,
    best,
    known: known.length,
    words: (genre) => tellingIn(seen, known, genres, TEXT_GENRES.indexOf(genre)),
  };
}

/** The features of a text that the model knows. */
export function knownIn(seen: string, { rows, beginnings }: GenreModel): Feature[] {
  return featuresIn(seen, { has: (name) => rows.has(name), begins: (name) => beginnings.has(name) });
}

/** What the known features come to for each genre, before the temperature. */
export function sumsOf(genres: GenreModel, known: Feature[]): number[] {
  const gain = GAIN / Math.sqrt(Math.max(known.length, FEWEST));
  const sums = [...genres.bias];
  for (const { name } of known) {
    const row = genres.rows.get(name)!;
    for (let at = 0; at < sums.length; at++) sums[at]! += gain * row[at]!;
  }
  return sums;
}

export function sharesOf(sums: readonly number[]): number[] {
  const most = Math.max(...sums);
  const powers = sums.map((sum) => Math.exp(sum - most));
  const total = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / total);
}

/** The text as it is compared, cut. */
export function looked(text: string): string {
  const cut = text.length > HEAD + TAIL ? `${text.slice(0, HEAD)}\n${text.slice(-TAIL)}` : text;
  return normalize(cut).toLowerCase().trim();
}

const SENTENCE = /[^。！!？?；;\n]+[。！!？?；;]*/g;

/** Whether a model knows a feature, and whether it knows longer ones that begin so. */
export interface Known {
  has(name: string): boolean;
  begins(name: string): boolean;
}

const EVERY: Known = { has: () => true, begins: () => true };

/** The distinct features of a text that is already as `looked` gives it; of a model those that it knows. */
export function featuresIn(seen: string, known: Known = EVERY): Feature[] {
  const found = new Map<string, Feature>();
  let count = 0;
  let asking = 0;
  let last = "";
  for (const match of seen.matchAll(SENTENCE)) {
    const sentence = match[0].trim();
    if (sentence === "") continue;
    count++;
    last = sentence;
    if (/[?？]$|[吗呢][。.]?$/.test(sentence)) asking++;
    const tokens = tokensOf(match[0], match.index);
    for (let at = 0; at < tokens.length; at++) {
      let name = "";
      for (let length = 1; length <= LONGEST && at + length <= tokens.length; length++) {
        const token = tokens[at + length - 1]!;
        name +=
          length > 1 && token.isLatin && tokens[at + length - 2]!.isLatin ? ` ${token.text}` : token.text;
        if (!found.has(name) && known.has(name) && name !== "^" && name !== "$")
          found.set(name, { name, start: tokens[at]!.start, end: token.end });
        if (!known.begins(name)) break;
      }
    }
  }
  for (const name of shapesOf(seen, count, asking, last))
    if (known.has(name)) found.set(name, { name, start: 0, end: 0 });
  return [...found.values()];
}

/** Any number is a 0; "^" and "$" are the ends of a sentence, where 请问 and 吗 mean most. */
function tokensOf(sentence: string, offset: number): Token[] {
  const tokens: Token[] = [{ text: "^", start: offset, end: offset, isLatin: false }];
  const length = sentence.length;
  for (let at = 0; at < length; ) {
    const code = sentence.charCodeAt(at);
    let end = at + 1;
    const isLatin = isLatinLetter(code);
    const isNumber = isDigit(code);
    if (isLatin) while (end < length && isLatinLetter(sentence.charCodeAt(end))) end++;
    if (isNumber) while (end < length && /[\d.:,]/.test(sentence[end]!) && isNumberTo(sentence, end)) end++;
    if (code > 32) {
      const text = isNumber ? "0" : sentence.slice(at, end);
      tokens.push({ text, start: offset + at, end: offset + end, isLatin });
    }
    at = end;
  }
  tokens.push({ text: "$", start: offset + length, end: offset + length, isLatin: false });
  return tokens;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** "17:30" and "1,240" are one number each; a stop behind one is not of it. */
function isNumberTo(sentence: string, at: number): boolean {
  return isDigit(sentence.charCodeAt(at)) || isDigit(sentence.charCodeAt(at + 1));
}

function isLatinLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || code === 39 || (code >= 0xe0 && code <= 0x17f);
}

const LENGTHS = [8, 16, 32, 64, 128, 256];

/** What the text looks like besides its words; "#" begins no feature of the text itself that is longer than a token. */
function shapesOf(seen: string, count: number, asking: number, last: string): string[] {
  const share = count === 0 ? 0 : asking / count;
  const numerals = (seen.match(/\d+|[一二三四五六七八九十百千万]/g)?.length ?? 0) / Math.max(seen.length, 1);
  const longer = LENGTHS.findIndex((length) => seen.length < length);
  return [
    `#length ${longer < 0 ? LENGTHS.length : longer}`,
    `#asks ${share === 1 ? "only" : share >= 0.5 ? "half" : share > 0 ? "some" : "none"}`,
    `#numerals ${numerals > 0.12 ? 3 : numerals > 0.06 ? 2 : numerals > 0.02 ? 1 : 0}`,
    `#sentences ${Math.min(count, 5)}`,
    `#ends ${/[?？]$/.test(last) ? "?" : /[!！]$/.test(last) ? "!" : /[。.]$/.test(last) ? "." : "bare"}`,
  ];
}

/** At most this many passages are shown. */
const SHOWN = 4;

/** Overlapping n-grams that speak for the genre join into the passage they come from. */
function tellingIn(seen: string, known: Feature[], genres: GenreModel, genre: number): string[] {
  const telling = known
    .filter((one) => one.end > one.start)
    .map((one) => ({ ...one, weight: genres.rows.get(one.name)![genre]! }))
    .filter((one) => one.weight > 0)
    .sort((a, b) => b.weight - a.weight || a.start - b.start)
    .slice(0, 3 * SHOWN)
    .sort((a, b) => a.start - b.start);
  const passages: { start: number; end: number; weight: number }[] = [];
  for (const { start, end, weight } of telling) {
    const before = passages.at(-1);
    if (before && start < before.end) {
      before.end = Math.max(before.end, end);
      before.weight = Math.max(before.weight, weight);
    } else passages.push({ start, end, weight });
  }
  const words = passages
    .sort((a, b) => b.weight * Math.sqrt(b.end - b.start) - a.weight * Math.sqrt(a.end - a.start))
    .map(({ start, end }) => seen.slice(start, end).replace(/^[^\p{L}]+|[^\p{L}?]+$/gu, ""))
    .filter((word) => word !== "");
  // A single character is little to show.
  const longer = words.filter((word) => word.length > 1);
  return [...new Set(longer.length > 0 ? longer : words)].slice(0, SHOWN);
}

let trained: GenreModel | null = null;

/** Built on first need, from the committed text of weights. */
function model(): GenreModel {
  trained ??= modelOf(GENRE_WEIGHTS);
  return trained;
}

/** Each line: the feature, a tab, its weights in tenths in the order of TEXT_GENRES. */
export function modelOf(weights: string): GenreModel {
  const rows = new Map<string, readonly number[]>();
  let bias: readonly number[] = TEXT_GENRES.map(() => 0);
  let temperature = 1;
  for (const line of weights.split("\n")) {
    const at = line.lastIndexOf("\t");
    if (at < 0) continue;
    const name = line.slice(0, at);
    const values = line
      .slice(at + 1)
      .split(" ")
      .map(Number);
    if (name === "#temperature") temperature = values[0]! / 100;
    else if (name === "#bias") bias = values.map((value) => value / 10);
    else
      rows.set(
        name,
        values.map((value) => value / 10),
      );
  }
  return modelFrom(rows, bias, temperature);
}

export function modelFrom(
  rows: Map<string, readonly number[]>,
  bias: readonly number[],
  temperature: number,
): GenreModel {
  const beginnings = new Set<string>();
  for (const name of rows.keys()) for (let at = 1; at < name.length; at++) beginnings.add(name.slice(0, at));
  return { rows, beginnings, bias, temperature };
}

export function weightsOf(genres: GenreModel): string {
  const tenths = (values: readonly number[]) => values.map((value) => Math.round(value * 10) || 0).join(" ");
  const rows = [...genres.rows].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    `#temperature\t${Math.round(genres.temperature * 100)}`,
    `#bias\t${tenths(genres.bias)}`,
    ...rows.map(([name, row]) => `${name}\t${tenths(row)}`),
  ].join("\n");
}
