// What the storm leaves to chance: streams of one seed, so that whatever was chosen can be chosen again.
import { type Random, seeded } from "../support/random.ts";

export interface Chance extends Random {
  /** From `from` to `to`, both inclusive. */
  between(from: number, to: number): number;
  /** True once in `times`, on average. */
  oneIn(times: number): boolean;
}

/** Streams of one seed with different names have nothing to do with each other. */
export function chanceOf(seed: number, stream: string): Chance {
  const mixed = [...stream].reduce((sum, letter) => Math.imul(sum ^ letter.charCodeAt(0), 0x01000193), seed);
  const random = seeded(mixed);
  return {
    ...random,
    between: (from, to) => from + random.below(to - from + 1),
    oneIn: (times) => random.below(times) === 0,
  };
}
