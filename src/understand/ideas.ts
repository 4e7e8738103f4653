// How many ideas a text holds: a table, repeated labels or a numbered list of separate ones; else it is one.
import { HINT, type Knowledge } from "./knowledge.ts";
import {
  isFarewell,
  isGreeting,
  type Line,
  labelledIn,
  labelOf,
  linesOf,
  plainOf,
  segmentsOf,
} from "./letter.ts";
import { hasLink, withoutLinks } from "./links.ts";
import { mentionsIn } from "./names.ts";
import { namesIn } from "./people.ts";
import type { Piece } from "./pieces.ts";
import { tidy } from "./title.ts";

/** One idea cut out of a text; what the text says for all its ideas (unit, sender) is left to the caller. */
export interface Idea {
  title: string | null;
  text: string;
  lines: Line[];
  people: string[];
  /** The unit written beside it. */
  unitWords: string | null;
}

const MOST_IDEAS = 200;
const MOST_CHARACTERS = 200_000;
const MOST_LINES = 2_000;

export function ideasIn(piece: Piece, surroundings: string, knowledge: Knowledge): Idea[] {
  const lines = linesOfAll(piece);
  const several =
    tableOf(lines) ??
    blocksOf(lines) ??
    headedOf(lines, knowledge) ??
    numberedOf(lines, surroundings, knowledge) ??
    creditedOf(lines);
  if (several && several.length > 1) return several.slice(0, MOST_IDEAS);
  if (several && several.length === 1 && several[0]!.title) return several;
  return [{ title: null, text: piece.text.trim(), lines: piece.lines, people: [], unitWords: null }];
}

/** Lists may be long: all their lines, not only the beginning and the end; a link stays in the idea's text. */
function linesOfAll(piece: Piece): Line[] {
  if (piece.text.length <= 10_000 && !hasLink(piece.text)) return piece.lines;
  const chunks = piece.text.slice(0, MOST_CHARACTERS).split(/\r?\n/);
  return chunks
    .map((raw) => raw.trim())
    .filter((raw) => raw !== "")
    .slice(0, MOST_LINES)
    .map((raw) => ({ raw, plain: plainOf(withoutLinks(raw.slice(0, 400))) }));
}

type Column = "people" | "unit" | "title" | "text" | "other";
const COLUMNS: [Column, RegExp][] = [
  [
    "other",
    /^(?:序号|编号|号|no\.?|#|电话|手机|联系|备注|时间|日期|职务|职称|部门?电话|邮箱|phone|e-?mail|remarks?|date|position)/,
  ],
  [
    "people",
    /姓名|建议人|作者|提出人|提案人|申报人|提交人|员工|^人员?$|name|author|proposer|submitted by|^by$|proposed/,
  ],
  ["unit", /单位|部门|处室|科室|学校|unit|department|school|office|organi[sz]ation/],
  ["title", /标题|题目|名称|主题|title|subject|topic|headline/],
  [
    "text",
    /内容|建议|点子|说明|描述|提案|想法|理由|措施|idea|suggestion|proposal|detail|description|content/,
  ],
];

/** Rows under a header that names people or units and what is proposed. */
function tableOf(lines: Line[]): Idea[] | null {
  const rows = lines.map((line) => line.raw.split(/\t|\s\|\s|^\|\s*|\s*\|$/).map((cell) => cell.trim()));
  for (let at = 0; at < Math.min(rows.length, 12); at += 1) {
    const columns = rows[at]!.map(columnOf);
    const useful = columns.filter((column) => column !== null && column !== "other");
    const proposes = columns.some((column) => column === "title" || column === "text");
    if (useful.length < 2 || !proposes || rows[at]!.some((cell) => cell.length > 16)) continue;
    const ideas = rows.slice(at + 1).flatMap((row, i) => ideaOfRow(row, columns, lines[at + 1 + i]!));
    if (ideas.length > 0) return ideas;
  }
  return null;
}

function columnOf(cell: string): Column | null {
  const plain = plainOf(cell);
  if (plain === "" || plain.length > 16) return null;
  return COLUMNS.find(([, words]) => words.test(plain))?.[0] ?? null;
}

function ideaOfRow(row: string[], columns: (Column | null)[], line: Line): Idea[] {
  const cells: Record<Column, string[]> = { people: [], unit: [], title: [], text: [], other: [] };
  row.forEach((cell, i) => {
    if (cell !== "") cells[columns[i] ?? "other"].push(cell);
  });
  const content = [...cells.title, ...cells.text];
  if (content.length === 0 || content.join("").length < 4 || /^(?:合计|总计|小计|total)/i.test(line.plain))
    return [];
  const text = content.join("\n");
  const title =
    cells.title[0] ?? (cells.text.length > 1 && [...cells.text[0]!].length <= 30 ? cells.text[0]! : null);
  return [
    {
      title: title === null ? null : tidy(title),
      text,
      lines: linesOf(cells.text.join("\n") || text),
      people: namesIn(cells.people.join("、"), { labelled: true }),
      unitWords: cells.unit[0] ?? null,
    },
  ];
}

/** Blocks that each begin with the same label: 姓名 … 标题 … 内容, 姓名 … */
function blocksOf(lines: Line[]): Idea[] | null {
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
function headedOf(lines: Line[], knowledge: Knowledge): Idea[] | null {
  const head = headOf(knowledge);
  if (head === null) return null;
  const starts = lines.flatMap((line, i) => {
    const found = head.exec(line.plain);
    return found && COUNTED.test(found[0]) ? [i] : [];
  });
  if (starts.length < 2) return null;
  return starts.map((start, i) => {
    const block = lines.slice(start, starts[i + 1] ?? lines.length);
    const heading = block[0]!.raw.normalize("NFKC").replace(/^.{0,14}?[:、.\]】)]\s*/, "");
    return entryIdea(block, heading);
  });
}

const NUMBER =
  /^(?:(?<han>[一二三四五六七八九十]{1,3})\s*[、.．:：]|第(?<ordinal>[一二三四五六七八九十]{1,3})[条个点项]?[、,，:：]?|[(（](?<bracket>[一二三四五六七八九十]{1,3}|\d{1,2})[)）]|(?<digit>\d{1,2})\s*(?:[、．)）:：]|\.(?!\d))|(?<circle>[①②③④⑤⑥⑦⑧⑨⑩]))\s*/u;
type Style = "han" | "ordinal" | "bracket" | "digit" | "circle";

/** Parts of one paper, not ideas of their own. */
const SECTION =
  /背景|现状|问题|原因|目的|目标|意义|必要性|可行性|理由|依据|措施|做法|办法|步骤|实施|预期|效果|效益|保障|组织|预算|经费|分析|概述|说明|总体|思路|内容|方案|具体建议|对策|创新点|前言|结语|附件|background|problem|objective|goal|measure|step|benefit|cost|budget|conclusion|introduction|implementation|expected/;
/** The lead says that what follows belongs to one idea. */
const MEASURES =
  /(?:具体|主要|几[项条点]|[两二三四五六]?[项条点个]?)?(?:措施|做法|办法|步骤|方式|理由|原因|好处|方面|做起|入手|实施|内容)(?:如下|有|包括|是|为|:|：)|具体(?:来说|如下|为|是|做法|措施|包括)|可以(?:这样|从|采取)|(?:措施|步骤|方面|理由)[:：]?$|as follows: ?steps|steps:|measures:|following (?:steps|measures|ways)|how:|reasons:/;
const MANY =
  /(?:[几两二三四五六七八九十多些若干]|[2-9]|1\d)\s*(?:[条个点项则份]|方面的?)?(?:小?的?)(?:合理化|不成熟的?|个人|工作|好|金)?(?:建议|点子|想法|意见|金点子|提案|创意|设想)|(?:以下|下列|这些|如下|下面)[^,，。]{0,6}(?:建议|点子|想法|意见|提案)|(?:建议|点子|想法|意见|提案)[^,，。]{0,8}(?:如下|有以下|汇总|清单|汇编|合集)|\b(?:two|three|four|five|six|seven|several|some|few|following|my|our|[2-9]|1\d)\s+(?:\w+\s+)?(?:ideas|suggestions|proposals)\b|^(?:ideas|suggestions|proposals)\b/;

/** Top-level numbered entries, when they are ideas of their own and not the measures or chapters of one. */
function numberedOf(lines: Line[], surroundings: string, knowledge: Knowledge): Idea[] | null {
  const { starts, style } = entriesOf(lines);
  if (starts.length < 2) return null;
  const last = starts.at(-1)!;
  const entries = starts.map((start, i) => lines.slice(start, starts[i + 1] ?? endOf(lines, last)));
  const ideas = entries.map((entry) => entryIdea(entry, null));
  if (ideas.filter((idea) => idea.people.length > 0).length * 2 > ideas.length) return ideas;
  const heads = entries.map((entry) => entry[0]!.plain.replace(NUMBER, "").split(/[:：]/)[0]!);
  const chapters = heads.filter((head) => (head.length <= 14 && SECTION.test(head)) || labelOf(head)).length;
  const lead = lines.slice(0, starts[0]).filter((line) => !isGreeting(line.plain));
  const leadText = lead.map((line) => line.plain).join(" ");
  if (chapters * 3 >= heads.length || MEASURES.test(leadText.slice(-60))) return null;
  const plural = MANY.test(leadText) || MANY.test(surroundings) || isBareKind(leadText, knowledge);
  if (plural) return ideas;
  const substance = lead.reduce(
    (sum, line) =>
      sum +
      (/^(?:我们?|本人)(?:是|叫|来自|在)|^(?:i am|i'm|my name)/.test(line.plain) ? 0 : line.plain.length),
    0,
  );
  const evident = isSpecific(surroundings, knowledge);
  return substance < 25 && !evident && style !== "circle" ? ideas : null;
}

/** "春江苑 顾某：电梯广告补贴维保", paragraph after paragraph: each begins with who says it. */
function creditedOf(lines: Line[]): Idea[] | null {
  const starts = lines.flatMap((line, i) => {
    const named = /^([^:：，,。；;！!？?]{2,16}?)\s*[:：]\s*\S.{5,}$/.exec(line.raw);
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

/** Subject and covering words that name one definite thing. */
function isSpecific(surroundings: string, knowledge: Knowledge): boolean {
  return segmentsOf(surroundings).some((segment) => {
    const plain = plainOf(segment);
    const typed = mentionsIn(knowledge.kinds, plain, { typos: false });
    return (
      plain.length >= 8 &&
      /关于|提升|加强|建立|开展|推进|延长|增设|打造|创建|设立|完善|改进|优化|[a-z]{4,} [a-z]{3,} [a-z]{3,}/.test(
        plain,
      ) &&
      typed.length <= 2
    );
  });
}

/** "我的金点子：", "建议：": says what follows and nothing more. */
function isBareKind(lead: string, knowledge: Knowledge): boolean {
  const plain = lead.slice(-16);
  return (
    /[:：]$/.test(lead) &&
    mentionsIn(knowledge.kinds, plain, { typos: false }).some((m) => m.end >= plain.length - 4) &&
    !/一[个条点]/.test(plain)
  );
}

/** Lines that start the entries of the outermost numbering; counting must run 1, 2, 3. */
function entriesOf(lines: Line[]): { starts: number[]; style: Style } {
  let outer: Style | null = null;
  const starts: number[] = [];
  lines.forEach((line, i) => {
    const found = NUMBER.exec(line.plain);
    if (!found) return;
    const style = (Object.keys(found.groups!) as Style[]).find((one) => found.groups![one] !== undefined)!;
    const value = numberOf(found.groups![style]!);
    if (outer === null && value === 1) outer = style;
    if (style === outer && value === starts.length + 1) starts.push(i);
  });
  return { starts, style: outer ?? "digit" };
}

function numberOf(words: string): number {
  const digits = "一二三四五六七八九十";
  if (/^\d+$/.test(words)) return Number(words);
  const circled = "①②③④⑤⑥⑦⑧⑨⑩".indexOf(words);
  if (circled >= 0) return circled + 1;
  if (words.length === 1) return digits.indexOf(words) + 1;
  const [before, after] = words.split("十");
  return (before ? digits.indexOf(before) + 1 : 1) * 10 + (after ? digits.indexOf(after) + 1 : 0);
}

/** Where the last entry ends: before the farewell and the closing. */
function endOf(lines: Line[], last: number): number {
  for (let i = last + 1; i < lines.length; i += 1) {
    const plain = lines[i]!.plain;
    if (isFarewell(plain) || (plain.length <= 14 && !/[。.;；]$/.test(plain) && i >= lines.length - 3))
      return i;
  }
  return lines.length;
}

/** One entry: "1. 延长开放时间（张某）", "张某：夜间开放", with what follows until the next. */
function entryIdea(block: Line[], heading: string | null): Idea {
  const first = (heading ?? withoutNumber(block[0]!.raw)).trim();
  const labels = labelledIn(block);
  const named = /^([^:：]{2,12}?)\s*[:：]\s*(.+)$/.exec(first);
  const before = named ? namesIn(named[1]!.replace(/[(（].*$/, "")) : [];
  const trailing = /[(（[【]([^()（）[\]【】]{2,24})[)）\]】]\s*[。.]?$|(?:——|--|—)\s*(\S[^。]{1,20})$/.exec(
    first,
  );
  const after = trailing ? namesOfCredit(trailing[1] ?? trailing[2]!) : [];
  const people = labels.filter((label) => label.kind === "people").flatMap((label) => namesIn(label.value));
  const own = before.length > 0 ? named![2]! : after.length > 0 ? first.slice(0, trailing!.index) : first;
  const head = /^(.{3,30}?)[:：]\s*\S/.exec(own);
  const sentence = /^[^。！!？?；;]+/.exec(own)?.[0] ?? own;
  const heading1 = head && !/[，,]/.test(head[1]!) ? head[1]! : [...sentence].length <= 30 ? sentence : null;
  const given = labels.find((label) => label.kind === "title")?.value ?? heading1;
  const rest = block.slice(1).map((line) => line.raw);
  const text = [own, ...rest].join("\n").trim();
  return {
    title: given === null ? null : tidy(given),
    text,
    lines: linesOf(text),
    people: people.length > 0 ? people : before.length > 0 ? before : after,
    unitWords:
      labels.find((label) => label.kind === "unit")?.value ??
      trailing?.[1] ??
      trailing?.[2] ??
      (before.length > 0 ? named![1]! : null),
  };
}

/** As written; only the number may stand in full-width digits. */
function withoutNumber(raw: string): string {
  const number = NUMBER.exec(raw) ?? NUMBER.exec(raw.normalize("NFKC"));
  return number ? raw.slice(number[0].length) : raw;
}

/** "（市图书馆 张某）", "（张某、李某）". */
function namesOfCredit(words: string): string[] {
  return [...new Set(words.split(/[\s,，、:：]+/).flatMap((part) => namesIn(part)))];
}

function escaped(words: string): string {
  return words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
