// Where nothing but a unit's name can stand: an abbreviation of it, or the name with one character written like another.
import { soundsLike } from "../text/sound.ts";
import type { Mention, NameIndex } from "./names.ts";

const HAN = /\p{Script=Han}/u;
/** More candidates than this is no abbreviation but a common beginning. */
const MOST_ALIKE = 3;

/**
 * 文保处 for 文物保护处, 市一院 for 市第一人民医院, 城东所 for 城东派出所; 气公司 for 七公司. Several where several fit
 * equally well.
 */
export function abbreviationsOf(index: NameIndex, slot: string): Mention[] {
  if (slot.length < 2 || slot.length > 14 || !HAN.test(slot)) return [];
  const heard = valuesOf(index.byLength.get(slot.length) ?? [], (name) => soundsLike(slot, name));
  if (heard.size > 0 && heard.size <= MOST_ALIKE)
    return mentionsOf(heard, slot, heard.size === 1 ? 0.7 : 0.5, true);
  const candidates = index.byFirst.get(slot[0]!) ?? [];
  const all = valuesOf(candidates, (name) => abbreviates(slot, name));
  if (all.size <= 1) return mentionsOf(all, slot, 0.6, false);
  // 城东所 ends as 城东派出所 does and 城东税务所大厅 does not.
  const alike = valuesOf(candidates, (name) => name.at(-1) === slot.at(-1) && abbreviates(slot, name));
  const kept = alike.size > 0 ? alike : all;
  return kept.size > MOST_ALIKE ? [] : mentionsOf(kept, slot, kept.size === 1 ? 0.6 : 0.5, false);
}

function valuesOf(
  names: { words: string; value: string | null }[],
  fits: (name: string) => boolean,
): Set<string> {
  const values = new Set<string>();
  for (const { words, value } of names)
    if (value !== null && !values.has(value) && fits(words)) values.add(value);
  return values;
}

function mentionsOf(values: Set<string>, words: string, strength: number, typo: boolean): Mention[] {
  return [...values].map((value) => ({ value, words, start: 0, end: words.length, strength, typo }));
}

/** Same first character, all others in order; two characters must also reach past the first half. */
export function abbreviates(short: string, long: string): boolean {
  if (short.length >= long.length || short[0] !== long[0]) return false;
  let at = 0;
  for (const character of short) {
    at = long.indexOf(character, at) + 1;
    if (at === 0) return false;
  }
  return short.length > 2 || at >= long.length / 2;
}
