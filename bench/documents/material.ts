// Invented texts of several lengths, as blocks: what a document says before any producer has touched it.
import { type Random, seeded } from "../../test/support/random.ts";
import { headings, ideaTitles, numerals, people, places, projects, sentences, units } from "./words.ts";

export type Block =
  | { kind: "title" | "heading" | "text" | "closing"; text: string; note?: string }
  /** Numbered 1. 2. 3. by the producer, not in the words. */
  | { kind: "list"; items: string[] }
  | { kind: "table"; rows: string[][] };

export interface Material {
  name: string;
  title: string;
  header: string;
  blocks: Block[];
}

/** A paragraph (one cell) or a table's row: what must come back, and in this order. */
export interface Unit {
  cells: string[];
  /** A header, a note, a text box: it must be there, but no place is the right one. */
  anywhere?: boolean;
}

export interface Known {
  units: Unit[];
  /** Words that may come as often as there are pages, or not at all: headers repeated, comments, sheet names. */
  optional: string[];
}

/** Characters no charset before GB 18030 holds are left out, for scans and old code pages. */
function writer(random: Random, plain: boolean) {
  const names = plain ? people.filter((name) => !/[䶮𠮷]/u.test(name)) : people;
  const deck: string[] = [];
  const sentence = (): string => {
    // Each sentence once before any comes again.
    if (deck.length === 0) deck.push(...sentences);
    const [drawn] = deck.splice(random.below(deck.length), 1) as [string];
    return drawn
      .replace(/UNIT/g, () => random.pick(units))
      .replace(/PERSON/g, () => random.pick(names))
      .replace(/PLACE/g, () => random.pick(places))
      .replace(/PROJECT/g, () => random.pick(projects))
      .replace(/N/g, (_, at: number, all: string) =>
        /[A-Z]/.test(all[at + 1] ?? "") || /[A-Z]/.test(all[at - 1] ?? "")
          ? "N"
          : String(1 + random.below(97)),
      );
  };
  const paragraph = (count: number) => Array.from({ length: count }, sentence).join("");
  return { sentence, paragraph, name: () => random.pick(names) };
}

/** An idea of one page: 300 to 800 characters. */
export function idea(
  name: string,
  seed: number,
  options: { plain?: boolean; paragraphs?: number } = {},
): Material {
  const random = seeded(seed);
  const { paragraph, name: person } = writer(random, options.plain ?? false);
  const title = random.pick(ideaTitles);
  const unit = random.pick(units);
  const blocks: Block[] = [{ kind: "title", text: title }];
  for (let at = 0; at < (options.paragraphs ?? 4); at++)
    blocks.push({ kind: "text", text: paragraph(1 + random.below(3)) });
  blocks.push(
    { kind: "closing", text: `${unit}　${person()}` },
    { kind: "closing", text: `2012年11月${10 + random.below(20)}日` },
  );
  return { name, title, header: `${unit}金点子征集`, blocks };
}

/** A unit's summary: headings 一、（一）, lists, tables, notes; `sections` of about 450 characters each. */
export function summary(
  name: string,
  seed: number,
  options: { plain?: boolean; sections: number; tables?: boolean; notes?: boolean },
): Material {
  const random = seeded(seed);
  const plain = options.plain ?? false;
  const { paragraph, sentence, name: person } = writer(random, plain);
  const unit = random.pick(units);
  const title = `${unit}“解放思想、转变作风”大讨论活动书面总结`;
  const blocks: Block[] = [
    { kind: "title", text: title },
    { kind: "text", text: paragraph(2) },
  ];
  for (let section = 0; section < options.sections; section++) {
    const heading = headings[section % headings.length] as string;
    blocks.push({ kind: "heading", text: `${numeral(section)}、${heading}` });
    const noted = (options.notes ?? true) && section % 2 === 1;
    blocks.push({
      kind: "text",
      text: `（一）${paragraph(2)}`,
      ...(noted ? { note: `本条数据截至2012年12月${section + 1}日，由${person()}核对。` } : {}),
    });
    blocks.push({ kind: "text", text: `（二）${paragraph(2 + random.below(2))}` });
    if (section % 3 === 0)
      blocks.push({ kind: "list", items: Array.from({ length: 3 + random.below(3) }, sentence) });
    if ((options.tables ?? true) && section % 3 === 1) {
      blocks.push({ kind: "text", text: `附表${numeral(section)}如下：` });
      blocks.push({ kind: "table", rows: ideaRows(random, 4 + random.below(5), plain) });
    }
  }
  blocks.push({ kind: "closing", text: unit }, { kind: "closing", text: "二〇一二年十二月十五日" });
  return { name, title, header: `${unit}·内部资料`, blocks };
}

/** 一 to 十九. */
function numeral(at: number): string {
  return at < 10 ? (numerals[at] as string) : `十${numerals[at - 10] ?? ""}`;
}

/** A table of ideas, as offices keep them. */
export function ideaRows(random: Random, count: number, plain = false): string[][] {
  const { sentence, name } = writer(random, plain);
  const rows = [["序号", "姓名", "单位", "金点子", "预算（万元）"]];
  for (let at = 1; at <= count; at++) {
    rows.push([
      String(at),
      name(),
      random.pick(units),
      sentence(),
      `${random.below(90)}.${random.below(10)}`,
    ]);
  }
  return rows;
}

export interface Sheet {
  name: string;
  rows: string[][];
}

export function workbook(seed: number, counts: number[], plain = false): Sheet[] {
  const random = seeded(seed);
  return counts.map((count, at) => ({
    name: `${at + 1}季度金点子`,
    rows: [[`${units[at]}金点子征集汇总表`], ...ideaRows(random, count, plain)],
  }));
}

export interface Slide {
  title: string;
  lines: string[];
  notes?: string;
}

export function slides(seed: number, count: number): Slide[] {
  const random = seeded(seed);
  const { sentence } = writer(random, false);
  return Array.from({ length: count }, (_, at) => ({
    title:
      at === 0
        ? `${random.pick(units)}工程方案汇报`
        : `${numerals[at % 10]}、${headings[at % headings.length]}`,
    lines: Array.from({ length: 2 + random.below(2) }, sentence),
    ...(at % 3 === 1 ? { notes: `讲稿：${sentence()}` } : {}),
  }));
}

/** What of a material must come back. */
export function knownOf(
  { blocks, header }: Material,
  with_: { header?: boolean; notes?: boolean } = {},
): Known {
  const units: Unit[] = [];
  for (const block of blocks) {
    if (block.kind === "table") units.push(...block.rows.map((cells) => ({ cells })));
    else if (block.kind === "list") units.push(...block.items.map((item) => ({ cells: [item] })));
    else {
      units.push({ cells: [block.text] });
      if (block.note && with_.notes !== false) units.push({ cells: [block.note], anywhere: true });
    }
  }
  if (with_.header) units.push({ cells: [header], anywhere: true });
  return { units, optional: with_.header ? [header] : [] };
}

export function knownOfSheets(sheets: Sheet[]): Known {
  const units = sheets.flatMap(({ name, rows }) => [
    ...(sheets.length > 1 ? [{ cells: [name], anywhere: true }] : []),
    ...rows.map((cells) => ({ cells })),
  ]);
  return { units, optional: sheets.map(({ name }) => name) };
}

export function knownOfSlides(all: Slide[], withNotes = true): Known {
  const units = all.flatMap(({ title, lines, notes }) => [
    { cells: [title] },
    ...lines.map((line) => ({ cells: [line] })),
    ...(notes && withNotes ? [{ cells: [notes], anywhere: true }] : []),
  ]);
  return { units, optional: [] };
}
