// Ideas as blocks that each begin alike: the same label, the campaign's word with a number, the name of who says it.
import { entryIdea, type Idea, namesOfCredit } from "./idea.ts";
import { HINT, type Knowledge } from "./knowledge.ts";
import { isFarewell, type Line, labelledIn, labelOf, plainOf } from "./letter.ts";
import { namesIn } from "./people.ts";
import { tidy } from "./title.ts";

/** Blocks that each begin with the same label: 姓名 … 标题 … 内容, 姓名 … */
export function blocksOf(lines: Line[]): Idea[] | null {
  const labels = labelledIn(lines).filter(({ kind }) => kind === "people" || kind === "title");
  for (const kind of ["title", "people"] as const) {
    const count = labels.filter((label) => label.kind === kind).length;
    if (count < 2) continue;
    const opener = labels[0]!.kind;
    const starts = labels.filter((label) => label.kind === opener).map((label) => label.line);
    if (new Set(starts).size < 2) continue;
    return starts.map((start, i) => blockIdea(lines.slice(start, starts[i + 1] ?? lines.length)));
  }
  return null;
}

function blockIdea(lines: Line[]): Idea {
  const labels = labelledIn(lines);
  const title = labels.find((label) => label.kind === "title")?.value ?? null;
  return {
    title: title === null ? null : tidy(title),
    text: lines.map((line) => line.raw).join("\n"),
    lines: contentLines(lines),
    people: labels
      .filter((label) => label.kind === "people")
      .flatMap((label) => namesIn(label.value, { labelled: true })),
    unitWords: labels.find((label) => label.kind === "unit")?.value ?? null,
  };
}

/** Without lines that are only labels of person, unit, number. */
export function contentLines(lines: Line[]): Line[] {
  const labels = labelledIn(lines);
  const spoken = new Set(labels.filter((label) => label.kind !== "text").map((label) => label.line));
  const values = new Set(labels.filter((label) => label.kind !== "text").map((label) => label.value));
  const kept = lines.filter((line, i) => !spoken.has(i) && !values.has(line.raw) && !labelOf(line.raw));
  const bare = kept.map((line) => {
    const content = labels.find(
      (label) => label.kind === "text" && line.raw.normalize("NFKC").endsWith(label.value),
    );
    return content ? { raw: content.value, plain: plainOf(content.value) } : line;
  });
  return bare.length > 0 ? bare : lines;
}

const COUNT = "(?:[一二三四五六七八九十]{1,3}|\\d{1,2})";
const COUNTED = new RegExp(COUNT);

const heads = new WeakMap<Knowledge, RegExp | null>();

/** The words for what people send, with a number; the same for every mail of a campaign. */
function headOf(knowledge: Knowledge): RegExp | null {
  const known = heads.get(knowledge);
  if (known !== undefined) return known;
  const named = knowledge.kinds.names.filter(
    (name) => name.value !== null && knowledge.personal.has(name.value) && name.strength > HINT,
  );
  const words = [...new Set(named.map((name) => name.words))]
    .sort((a, b) => b.length - a.length)
    .map(escaped)
    .join("|");
  const head =
    words === ""
      ? null
      : new RegExp(
          `^[【\\[(]?(?:第${COUNT}[条个项]?)?(?:${words})\\s*(?:之|no\\.?|#)?\\s*${COUNT}?[】\\])]?\\s*(?:[:、.]|$|\\s)`,
        );
  heads.set(knowledge, head);
  return head;
}

/** "金点子一：…", "建议2 …", "Idea 3: …". */
export function headedOf(lines: Line[], knowledge: Knowledge): Idea[] | null {
  const head = headOf(knowledge);
  if (head === null) return null;
  const starts = lines.flatMap((line, i) => {
    const found = head.exec(line.plain);
    return found && COUNTED.test(found[0]) ? [i] : [];
  });
  if (starts.length < 2) return null;
  return starts.map((start, i) => {
    const block = lines.slice(start, starts[i + 1] ?? endOf(lines, starts.at(-1)!));
    const heading = block[0]!.raw.normalize("NFKC").replace(/^.{0,14}?[:、.\]】)]\s*/, "");
    // The head alone on its line: what it is called stands below.
    const alone =
      heading === "" || headOf(knowledge)?.exec(plainOf(heading))?.[0].trim() === plainOf(heading);
    return alone && block.length > 1 ? entryIdea(block.slice(1), block[1]!.raw) : entryIdea(block, heading);
  });
}

/** "春江苑 顾某：电梯广告补贴维保", paragraph after paragraph: each begins with who says it. */
export function creditedOf(lines: Line[]): Idea[] | null {
  const starts = lines.flatMap((line, i) => {
    const named = /^([^:：,，。；;！!？?]{2,24}?)\s*[:：]\s*\S.{5,}$/.exec(line.raw);
    return named && !labelOf(named[1]!) && namesOfCredit(named[1]!).length > 0 ? [i] : [];
  });
  if (starts.length < 2) return null;
  const last = starts.at(-1)!;
  return starts.map((start, i) => {
    const block = lines.slice(start, starts[i + 1] ?? endOf(lines, last));
    const [credit, ...said] = block[0]!.raw.split(/[:：]/);
    const idea = entryIdea(block, said.join("：").trim());
    return { ...idea, people: namesOfCredit(credit!), unitWords: credit! };
  });
}

/** What stands below a list and is no part of its last entry. */
const AFTERWORD =
  /^(?:以上|上述|当否|妥否|是否妥当|不当之处|诸公|拉杂|言语|就这[些样]|说完|完毕|不成熟|仅供参考|供.{0,4}参考|请(?:审|批|领导|予|酌)|据测算|先说这|拜托|求采纳|that's all|these are)/;

/** Where the last entry ends: before the farewell and the closing. */
export function endOf(lines: Line[], last: number): number {
  for (let i = last + 1; i < lines.length; i += 1) {
    const plain = lines[i]!.plain;
    if (isFarewell(plain) || AFTERWORD.test(plain)) return i;
    if (plain.length <= 14 && !/[。.;；]$/.test(plain) && i >= lines.length - 3) return i;
  }
  return lines.length;
}

function escaped(words: string): string {
  return words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
