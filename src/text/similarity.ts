// How alike two texts are. Compare normalized text (text/normalize.ts).

function bigrams(text: string): Set<string> {
  const found = new Set<string>();
  for (let at = 0; at + 1 < text.length; at++) found.add(text.slice(at, at + 2));
  if (text.length === 1) found.add(text);
  return found;
}

function common(few: Set<string>, many: Set<string>): number {
  let count = 0;
  for (const each of few) if (many.has(each)) count++;
  return count;
}

/** Jaccard index of the character pairs: 0 nothing in common, 1 the same pairs. */
export function likeness(a: string, b: string): number {
  if (a === b) return 1;
  const [first, second] = [bigrams(a), bigrams(b)];
  const both = first.size < second.size ? common(first, second) : common(second, first);
  const either = first.size + second.size - both;
  return either === 0 ? 0 : both / either;
}

/** How much of `part` is found in `whole`, by character pairs; 1: all of it. */
export function containment(part: string, whole: string): number {
  const pairs = bigrams(part);
  return pairs.size === 0 ? 0 : common(pairs, bigrams(whole)) / pairs.size;
}

/** Whether one typing slip (a character changed, left out, added, or two swapped) leads from one to the other. */
export function isOneSlipAway(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [[...a], [...b]] : [[...b], [...a]];
  if (long.length - short.length > 1) return false;
  let from = 0;
  while (from < short.length && short[from] === long[from]) from++;
  let tail = 0;
  while (tail < short.length - from && short.at(-1 - tail) === long.at(-1 - tail)) tail++;
  const [left, right] = [short.slice(from, short.length - tail), long.slice(from, long.length - tail)];
  if (left.length <= 1 && right.length <= 1) return true;
  return left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0];
}
