// Units and items as they are really written: one pass over a text finds every configured name, the longest winning.

/** A configured way of writing something; `value` null swallows words that must not count (the office addressed). */
export interface Name {
  words: string;
  value: string | null;
  /** 1 for a full name, less for an alias and for a form we derived ourselves. */
  strength: number;
  /** Of a name nobody configured: where it was learned, in words. */
  learned?: string;
}

export interface Mention {
  value: string | null;
  words: string;
  start: number;
  end: number;
  strength: number;
  /** One character differs from the configured name. */
  typo: boolean;
  learned?: string;
}

interface Node {
  next: Map<string, Node>;
  names: Name[];
}

export interface NameIndex {
  root: Node;
  names: Name[];
  /** Names by their first character, for what abbreviates them. */
  byFirst: Map<string, Name[]>;
  byLength: Map<number, Name[]>;
  /** What was found in a text already looked at: a line is asked about from several sides. */
  exact: Map<string, readonly Mention[]>;
  forgiving: Map<string, readonly Mention[]>;
}

const REMEMBERED = 500;

const node = (): Node => ({ next: new Map(), names: [] });

export function indexNames(names: Name[]): NameIndex {
  const root = node();
  const kept: Name[] = [];
  for (const name of names) {
    if (name.words.length < 2) continue;
    let at = root;
    for (const character of name.words) {
      const next = at.next.get(character) ?? node();
      at.next.set(character, next);
      at = next;
    }
    if (at.names.some((other) => other.value === name.value)) continue;
    at.names.push(name);
    kept.push(name);
  }
  // A name learned from one mail counts as it stands: 乡文化站 sounds like 县文化站 and is another.
  const configured = kept.filter((name) => name.learned === undefined);
  const byFirst = Map.groupBy(configured, (name) => name.words[0]!);
  const byLength = Map.groupBy(configured, (name) => name.words.length);
  return { root, names: kept, byFirst, byLength, exact: new Map(), forgiving: new Map() };
}

const HAN = /\p{Script=Han}/u;
const WORD = /[a-z0-9]/;
/** Characters that tell sister organisations apart; one exchanged for another is another name, not a typo. */
const DISTINCTIVE = /[一二三四五六七八九十百零东西南北中上下左右前后大小老新内外男女总分省市区县乡镇0-9a-z]/;
/** An organisation of another place or level: "省图书馆", "大学图书馆" are not the one whose alias is 图书馆. */
const ELSEWHERE = /(?:省|国家|全国|首都|大学|学院|外地|兄弟|其他|[^本我全社]县)$/;

/** Every name in a normalised text, leftmost first and longest first; overlapping shorter ones are not reported. */
export function mentionsIn(index: NameIndex, text: string, options: { typos: boolean }): readonly Mention[] {
  const remembered = options.typos ? index.forgiving : index.exact;
  const known = remembered.get(text);
  if (known) return known;
  const found = scan(index, text, options.typos);
  if (remembered.size >= REMEMBERED) remembered.clear();
  if (text.length <= 400) remembered.set(text, found);
  return found;
}

function scan(index: NameIndex, text: string, typos: boolean): Mention[] {
  const found: Mention[] = [];
  let at = 0;
  while (at < text.length) {
    // The first character is never the mistyped one.
    if (!index.root.next.has(text[at]!)) {
      at += 1;
      continue;
    }
    const hit = longestAt(index, text, at, typos);
    if (hit.length === 0) {
      at += 1;
      continue;
    }
    found.push(...hit);
    at = hit[0]!.end;
  }
  return found;
}

/** The longest name starting here; several when units share the very same words. A typo costs two characters. */
function longestAt(index: NameIndex, text: string, start: number, typos: boolean): Mention[] {
  let best: Mention[] = [];
  let bestScore = 0;
  let furthest = index.root;
  let reached = start;
  const offer = (names: Name[], end: number, typo: boolean) => {
    // 市图书管 is 市图书馆 mistyped rather than its short form 市图; another unit's name would have to be longer by two.
    const same = best.length > 0 && names.every((name) => name.value === best[0]?.value);
    const score = typo ? end - start - (same ? 1.5 : 2) : end - start;
    if (names.length === 0 || score < bestScore || !standsAlone(text, start, end)) return;
    if (typo && (end - start < 4 || new Set(names.map((name) => name.value)).size > 1)) return;
    const words = text.slice(start, end);
    const mentions = names.map(({ value, strength, learned }) => ({
      ...{ value, words, start, end, strength, typo },
      ...(learned !== undefined && { learned }),
    }));
    if (score > bestScore) best = mentions;
    else if (typo && best.some((other) => other.value !== mentions[0]!.value)) best = [];
    bestScore = score;
  };
  const walk = (from: Node, position: number, typo: boolean) => {
    offer(from.names, position, typo);
    if (!typo) [furthest, reached] = [from, position];
    const character = text[position];
    if (character === undefined) return;
    const next = from.next.get(character);
    if (next) walk(next, position + 1, typo);
    if (!typos || typo || position === start || !HAN.test(character)) return;
    const distinctive = DISTINCTIVE.test(character);
    for (const [other, branch] of from.next) {
      if (other === character || !HAN.test(other) || (distinctive && DISTINCTIVE.test(other))) continue;
      walk(branch, position + 1, true);
    }
  };
  walk(index.root, start, false);
  const first = best[0];
  if (first && best.length === 1 && reached >= first.end + 2)
    best = cutShort(first, furthest, text.slice(start, reached));
  if (first && isPartOfNumber(text, first)) return [];
  if (first && first.strength < 1 && ELSEWHERE.test(text.slice(Math.max(0, start - 3), start))) return [];
  return best;
}

const NUMERAL = /[一二三四五六七八九十百\d]/;

/** "第十一中学" does not hold 一中, nor "12公司" 2公司. */
function isPartOfNumber(text: string, { start, end }: Mention): boolean {
  const opens = NUMERAL.test(text[start]!) && start > 0 && NUMERAL.test(text[start - 1]!);
  return opens || (NUMERAL.test(text[end - 1]!) && end < text.length && NUMERAL.test(text[end]!));
}

/** "实小城南" may be 实小城南校区 cut short as well as 实小: both are said, neither surely. */
function cutShort(shorter: Mention, furthest: Node, words: string): Mention[] {
  const values = valuesBelow(furthest);
  const [longer] = values;
  if (!longer || values.size > 1 || longer === shorter.value || shorter.value === null) return [shorter];
  const end = shorter.start + words.length;
  return [
    { ...shorter, value: longer, words, end, strength: 0.7 },
    { ...shorter, end, strength: shorter.strength * 0.5 },
  ];
}

function valuesBelow(from: Node): Set<string> {
  const values = new Set(from.names.flatMap((name) => name.value ?? []));
  for (const branch of from.next.values()) for (const value of valuesBelow(branch)) values.add(value);
  return values;
}

/** Latin names count as whole words only. */
function standsAlone(text: string, start: number, end: number): boolean {
  if (WORD.test(text[start]!) && start > 0 && WORD.test(text[start - 1]!)) return false;
  return !(WORD.test(text[end - 1]!) && end < text.length && WORD.test(text[end]!));
}
