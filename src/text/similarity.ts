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

/** How much of `part` is found in `whole`, by character pairs; 1: all of it. */
export function containment(part: string, whole: string): number {
  const pairs = bigrams(part);
  return pairs.size === 0 ? 0 : common(pairs, bigrams(whole)) / pairs.size;
}
