// Word's automatic numbers ("一、", "（二）", "3."): they are not in the text, and without them a list of ideas is one blur.
import { spaced, written } from "./number-words.ts";
import { readXml } from "./xml.ts";

interface Level {
  start: number;
  format: string;
  /** "%1、" or "第%1章": %n stands for the number of level n. */
  pattern: string;
}

interface List {
  levels: Map<number, Level>;
  /** Lists made from one definition count on together unless a start is overridden. */
  counters: number[];
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

/** `numberingXml` and `stylesXml` are the parts of the same names; either may be missing. */
export function readNumbering(numberingXml?: Uint8Array, stylesXml?: Uint8Array): Numbering {
  const lists = numberingXml ? readLists(numberingXml) : new Map<string, List>();
  const styles = stylesXml ? readStyles(stylesXml) : new Map<string, ListPosition>();
  return {
    ofStyle: (styleId) => styles.get(styleId) ?? null,
    label: ({ listId, level }) => {
      const list = lists.get(listId);
      const definition = list?.levels.get(level);
      if (!list || !definition) return "";
      const counters = list.counters;
      counters[level] = (counters[level] ?? definition.start - 1) + 1;
      counters.length = level + 1;
      if (definition.format === "bullet") return "• ";
      if (definition.format === "none") return "";
      const label = definition.pattern.replace(/%(\d)/g, (_, digit) => {
        const at = Number(digit) - 1;
        const other = list.levels.get(at);
        return written(counters[at] ?? other?.start ?? 1, other?.format ?? "decimal");
      });
      return spaced(label);
    },
  };
}

function readLists(xml: Uint8Array): Map<string, List> {
  const definitions = new Map<string, Map<number, Level>>();
  const lists = new Map<string, List>();
  let levels: Map<number, Level> | null = null;
  let level: Level | null = null;
  let list: { id: string; definition: string; overrides: Map<number, number> } | null = null;
  let overridden = 0;
  const shared = new Map<string, number[]>();
  readXml(xml, {
    open(name, { val = "", ...attributes }) {
      if (name === "abstractNum") {
        levels = new Map();
        definitions.set(attributes.abstractNumId ?? "", levels);
      } else if (name === "lvl" && levels) {
        level = { start: 1, format: "decimal", pattern: "" };
        levels.set(Number(attributes.ilvl), level);
      } else if (name === "start" && level) level.start = Number(val);
      else if (name === "numFmt" && level) level.format = val;
      else if (name === "lvlText" && level) level.pattern = val;
      else if (name === "num") list = { id: attributes.numId ?? "", definition: "", overrides: new Map() };
      else if (name === "abstractNumId" && list) list.definition = val;
      else if (name === "lvlOverride") overridden = Number(attributes.ilvl);
      else if (name === "startOverride" && list) list.overrides.set(overridden, Number(val));
    },
    close(name) {
      if (name === "lvl") level = null;
      if (name === "abstractNum") levels = null;
      if (name !== "num" || !list) return;
      const { id, definition, overrides } = list;
      const own = new Map(definitions.get(definition));
      for (const [at, start] of overrides) {
        const base = own.get(at);
        if (base) own.set(at, { ...base, start });
      }
      const counters = overrides.size > 0 ? [] : (shared.get(definition) ?? []);
      if (overrides.size === 0) shared.set(definition, counters);
      lists.set(id, { levels: own, counters });
      list = null;
    },
  });
  return lists;
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
