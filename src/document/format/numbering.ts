// Word's automatic numbers ("一、", "（二）", "3."): they are not in the text, and without them a list of ideas is one blur.
import { spaced, written } from "./number-words.ts";
import { readXml } from "./xml.ts";

interface Level {
  start: number;
  format: string;
  /** "%1、" or "第%1章": %n stands for the number of level n. */
  pattern: string;
  /** "isLgl": the numbers of all levels in Arabic digits, so that 第一章 is followed by 1.1 (§17.9.4). */
  isArabic: boolean;
  /** Starts again after one of this many outer levels counted; 0 never does (§17.9.10). */
  restartsAfter: number;
}

interface List {
  levels: Map<number, Level>;
  /** Lists made from one definition count on together unless a start is overridden. */
  counters: (number | undefined)[];
}

export interface ListPosition {
  listId: string;
  level: number;
}

export interface Numbering {
  /** The label of the next paragraph at this position, "" where it has none. Counts on with every call. */
  label(position: ListPosition): string;
  /** The list a paragraph style belongs to. */
  ofStyle(styleId: string): ListPosition | null;
}

/** Word has nine levels (§17.9.6), whatever a forged file counts. */
const LEVELS = 9;
/** A label goes before every paragraph of its list. */
const LONGEST_PATTERN = 100;

/** `numberingXml` and `stylesXml` are the parts of the same names; either may be missing. */
export function readNumbering(numberingXml?: Uint8Array, stylesXml?: Uint8Array): Numbering {
  const styles = stylesXml ? readStyles(stylesXml) : new Map<string, ListPosition>();
  const lists = numberingXml ? readLists(numberingXml, styles) : new Map<string, List>();
  return {
    ofStyle: (styleId) => styles.get(styleId) ?? null,
    label: ({ listId, level }) => {
      const list = lists.get(listId);
      const definition = list?.levels.get(level);
      if (!list || !definition) return "";
      const counters = list.counters;
      counters[level] = (counters[level] ?? definition.start - 1) + 1;
      for (let deeper = level + 1; deeper < counters.length; deeper++)
        if (level < (list.levels.get(deeper)?.restartsAfter ?? deeper)) counters[deeper] = undefined;
      if (definition.format === "bullet") return "• ";
      if (definition.format === "none") return "";
      const label = definition.pattern.replace(/%(\d)/g, (_, digit) => {
        const at = Number(digit) - 1;
        const other = list.levels.get(at);
        const format = definition.isArabic ? "decimal" : (other?.format ?? "decimal");
        return written(counters[at] ?? other?.start ?? 1, format);
      });
      return spaced(label.trimEnd());
    },
  };
}

interface Definition {
  levels: Map<number, Level>;
  /** A list style stands for the levels: the style names the list that has them (§17.9.21). */
  style: string | null;
}

interface Override {
  start: number | null;
  level: Level | null;
}

function readLists(xml: Uint8Array, styles: Map<string, ListPosition>): Map<string, List> {
  const definitions = new Map<string, Definition>();
  const named: { id: string; definition: string; overrides: Map<number, Override> }[] = [];
  let definition: Definition | null = null;
  let level: Level | null = null;
  let override: Override | null = null;
  readXml(xml, {
    open(name, { val = "", ...attributes }) {
      const list = named.at(-1);
      if (name === "abstractNum") {
        definition = { levels: new Map(), style: null };
        definitions.set(attributes.abstractNumId ?? "", definition);
      } else if (name === "numStyleLink" && definition) definition.style = val;
      else if (name === "num") {
        definition = null;
        named.push({ id: attributes.numId ?? "", definition: "", overrides: new Map() });
      } else if (name === "abstractNumId" && list && !definition) list.definition = val;
      else if (name === "lvlOverride" && list) {
        override = { start: null, level: null };
        list.overrides.set(Number(attributes.ilvl), override);
      } else if (name === "startOverride" && override) override.start = Number(val);
      else if (name === "lvl") {
        const at = Number(attributes.ilvl);
        level = { start: 1, format: "decimal", pattern: "", isArabic: false, restartsAfter: at };
        if (!(at >= 0 && at < LEVELS)) return;
        if (definition) definition.levels.set(at, level);
        else if (override) override.level = level;
      } else if (level) define(level, name, val);
    },
    close(name) {
      if (name === "lvl") level = null;
      else if (name === "lvlOverride") override = null;
      else if (name === "abstractNum") definition = null;
    },
  });
  const idOf = new Map(named.map((list) => [list.id, list.definition]));
  const shared = new Map<string, (number | undefined)[]>();
  const lists = new Map<string, List>();
  for (const { id, definition: own, overrides } of named) {
    const link = definitions.get(own)?.style;
    const linked = link ? idOf.get(styles.get(link)?.listId ?? "") : undefined;
    const used = linked ?? own;
    const levels = new Map(definitions.get(used)?.levels);
    for (const [at, { start, level: instead }] of overrides) {
      const base = instead ?? levels.get(at);
      if (base) levels.set(at, { ...base, start: start ?? base.start });
    }
    const isOfItsOwn = overrides.size > 0;
    const counters = isOfItsOwn ? [] : (shared.get(used) ?? []);
    if (!isOfItsOwn) shared.set(used, counters);
    lists.set(id, { levels, counters });
  }
  return lists;
}

function define(level: Level, name: string, val: string): void {
  if (name === "start") level.start = Number(val);
  else if (name === "numFmt") level.format = val;
  else if (name === "lvlText") level.pattern = val.slice(0, LONGEST_PATTERN);
  else if (name === "isLgl") level.isArabic = !/^(0|false|off)$/.test(val);
  else if (name === "lvlRestart") level.restartsAfter = Number(val);
}

function readStyles(xml: Uint8Array): Map<string, ListPosition> {
  const own = new Map<string, { base: string | null; listId: string | null; level: number }>();
  let style: { base: string | null; listId: string | null; level: number } | null = null;
  readXml(xml, {
    open(name, { val = "", ...attributes }) {
      if (name === "style") {
        style = { base: null, listId: null, level: 0 };
        own.set(attributes.styleId ?? "", style);
      } else if (name === "basedOn" && style) style.base = val;
      else if (name === "numId" && style) style.listId = val;
      else if (name === "ilvl" && style) style.level = Number(val);
    },
    close(name) {
      if (name === "style") style = null;
    },
  });
  const found = new Map<string, ListPosition>();
  for (const id of own.keys()) {
    // A chain of bases may be a circle in a damaged file.
    let at = own.get(id);
    for (let steps = 0; at && at.listId === null && at.base !== null && steps < 20; steps++)
      at = own.get(at.base);
    if (at?.listId) found.set(id, { listId: at.listId, level: own.get(id)?.level || at.level });
  }
  return found;
}
