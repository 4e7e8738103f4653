// What a place that must hold a name says: the name, a typo of it, or an abbreviation.
import { abbreviationsOf } from "./abbreviation.ts";
import { type Mention, mentionsIn, type NameIndex } from "./names.ts";

/**
 * What a place that must hold a name says ("单位：…", "我是…的"): the name, a typo of it, or an abbreviation. Null when
 * nothing fits, or more than one.
 */
export function resolveName(index: NameIndex, slot: string): Mention | null {
  const found = resolveNames(index, slot);
  return found.length === 1 ? found[0]! : null;
}

/** As resolveName; several where the words fit several units equally well. */
function resolveNames(index: NameIndex, slot: string): Mention[] {
  const named = mentionsIn(index, slot, { typos: true }).filter((mention) => mention.value !== null);
  if (named.length > 0) {
    const widest = named.reduce((a, b) => (b.end - b.start > a.end - a.start ? b : a));
    return named.filter((m) => m.start === widest.start && m.end === widest.end);
  }
  return abbreviationsOf(index, slot);
}
