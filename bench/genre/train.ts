// Trains the genre model: multinomial logistic regression with L2, the same from the same examples.
import {
  FEWEST,
  featuresIn,
  GAIN,
  type GenreModel,
  knownIn,
  looked,
  modelFrom,
  modelOf,
  sharesOf,
  sumsOf,
  TEXT_GENRES,
  weightsOf,
} from "../../src/understand/genre.ts";
import type { Example } from "./examples.ts";

/** What only one domain says is about its things, not about what is wanted. */
const DOMAINS = 2;
const KEPT = 3_600;
const EPOCHS = 60;
const RATE = 0.5;
const SHRINK = 0.05;
const KINDS = TEXT_GENRES.length;

interface Seen {
  names: string[];
  genre: number;
  domain: string;
}

export function train(examples: Example[]): GenreModel {
  const seen = examples.map(({ text, genre, domain }) => ({
    names: featuresIn(looked(text)).map((one) => one.name),
    genre: TEXT_GENRES.indexOf(genre),
    domain,
  }));
  const all = learned(seen, namesOf(seen));
  const counts = countsOf(seen);
  const kept = [...all.rows]
    .map(([name, row]) => ({ name, worth: spread(row) * counts.get(name)!.texts ** 0.25 }))
    .sort((a, b) => b.worth - a.worth || (a.name < b.name ? -1 : 1))
    .slice(0, KEPT)
    .map((one) => one.name)
    .sort();
  // As it is written down: what is measured is what is used.
  return modelOf(weightsOf(learned(seen, kept)));
}

function countsOf(seen: Seen[]): Map<string, { texts: number; domains: Set<string> }> {
  const counts = new Map<string, { texts: number; domains: Set<string> }>();
  for (const { names, domain } of seen) {
    for (const name of names) {
      const count = counts.get(name) ?? { texts: 0, domains: new Set<string>() };
      count.texts++;
      count.domains.add(domain);
      counts.set(name, count);
    }
  }
  return counts;
}

function namesOf(seen: Seen[]): string[] {
  return (
    [...countsOf(seen)]
      // A backtick or a backslash would end the committed text.
      .filter(([name, { domains }]) => domains.size >= DOMAINS && !/[`\\]/.test(name))
      .map(([name]) => name)
      .sort()
  );
}

function spread(row: readonly number[]): number {
  return Math.sqrt(row.reduce((sum, weight) => sum + weight * weight, 0));
}

function learned(seen: Seen[], names: string[]): GenreModel {
  const places = new Map(names.map((name, at) => [name, at]));
  const texts = seen.map((one) => {
    const at = one.names.flatMap((name) => places.get(name) ?? []);
    return { at, gain: GAIN / Math.sqrt(Math.max(at.length, FEWEST)), genre: one.genre };
  });
  const sizes = TEXT_GENRES.map((_, genre) => texts.filter((one) => one.genre === genre).length);
  // A rare genre counts for more, by half.
  const shares = sizes.map((size) => Math.sqrt(texts.length / KINDS / Math.max(size, 1)));
  const bias = names.length * KINDS;
  const weights = new Float64Array(bias + KINDS);
  const squares = new Float64Array(bias + KINDS).fill(1e-8);
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    const gradient = new Float64Array(bias + KINDS);
    for (const { at, gain, genre } of texts) {
      const sums = Array.from({ length: KINDS }, (_, kind) => weights[bias + kind]!);
      for (const row of at)
        for (let kind = 0; kind < KINDS; kind++) sums[kind]! += gain * weights[row * KINDS + kind]!;
      sharesOf(sums).forEach((share, kind) => {
        const wrong = (share - (kind === genre ? 1 : 0)) * shares[genre]!;
        gradient[bias + kind]! += wrong;
        for (const row of at) gradient[row * KINDS + kind]! += wrong * gain;
      });
    }
    for (let at = 0; at < weights.length; at++) {
      const step = gradient[at]! + (at < bias ? SHRINK * weights[at]! : 0);
      squares[at]! += step * step;
      weights[at]! -= (RATE * step) / Math.sqrt(squares[at]!);
    }
  }
  const rowAt = (start: number) => centred([...weights.subarray(start, start + KINDS)]);
  const rows = new Map(names.map((name, at) => [name, rowAt(at * KINDS)]));
  return modelFrom(rows, rowAt(bias), 1);
}

/** The same for all genres says nothing of any. */
function centred(row: number[]): number[] {
  const mean = row.reduce((a, b) => a + b) / row.length;
  return row.map((weight) => weight - mean);
}

export interface Judged {
  example: Example;
  /** Before the temperature. */
  sums: number[];
}

/** Each example as read by a model that saw no other of its domain. */
export function crossValidate(examples: Example[], folds: number): Judged[] {
  const domains = [...new Set(examples.map((one) => one.domain))];
  return Array.from({ length: folds }, (_, fold) => {
    const held = new Set(domains.filter((_, at) => at % folds === fold));
    const made = train(examples.filter((one) => !held.has(one.domain)));
    return examples
      .filter((one) => held.has(one.domain))
      .map((example) => ({
        example,
        sums: sumsOf(made, knownIn(looked(example.text), made)),
      }));
  }).flat();
}

/** The temperature at which what was held out is least surprising. */
export function temperatureOf(judged: Judged[]): number {
  const surprise = (temperature: number) =>
    judged.reduce((sum, { example, sums }) => {
      const shares = sharesOf(sums.map((one) => one / temperature));
      return sum - Math.log(shares[TEXT_GENRES.indexOf(example.genre)]! + 1e-12);
    }, 0);
  const tried = Array.from({ length: 51 }, (_, at) => 0.5 + at * 0.03);
  return tried.reduce((best, one) => (surprise(one) < surprise(best) ? one : best));
}
