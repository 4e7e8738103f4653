// A text cut to what understanding looks at: its lines as written and as compared, labels, opening and closing.
import { normalize } from "../text/normalize.ts";
import { withoutLinks } from "./links.ts";

export interface Line {
  /** As written, trimmed. */
  raw: string;
  /** As compared: simplified, half width, no spacing between characters, lower case. */
  plain: string;
}

const HEAD_CHARACTERS = 8_000;
const TAIL_CHARACTERS = 2_000;
/** Ten thousand characters in lines of one are five thousand lines. */
const HEAD_LINES = 600;
const TAIL_LINES = 200;

export function plainOf(text: string): string {
  const known = compared.get(text);
  if (known !== undefined) return known;
  const plain = normalize(text).toLowerCase().trim();
  if (compared.size >= 500) compared.clear();
  if (text.length <= 80) compared.set(text, plain);
  return plain;
}

/** Subject, names and short lines are compared again and again while one mail is understood. */
const compared = new Map<string, string>();

/**
 * The non-empty lines of a text without its links; of a long one the beginning and the end, where people say who they
 * are.
 */
export function linesOf(text: string): Line[] {
  const long = text.length > HEAD_CHARACTERS + TAIL_CHARACTERS;
  const looked = long ? `${text.slice(0, HEAD_CHARACTERS)}\n${text.slice(-TAIL_CHARACTERS)}` : text;
  const written = withoutLinks(looked)
    .split(/\r\n|[\n\r\u2028\f\v]/)
    .map((line) => line.replace(/\u00a0|\u3000/g, " ").trim())
    .filter((line) => line !== "");
  const kept =
    written.length > HEAD_LINES + TAIL_LINES
      ? [...written.slice(0, HEAD_LINES), ...written.slice(-TAIL_LINES)]
      : written;
  return withClosingApart(kept.map((raw) => ({ raw, plain: plainOf(raw) })));
}

/** "…效果不错。恒远建设 范某": who signs behind the last stop, on the same line. */
const SIGNED_BEHIND = /^(.{12,}[。！!？?])\s*([\p{Script=Han}A-Z][^。！!？?,，;；:：]{1,19})$/su;

function withClosingApart(lines: Line[]): Line[] {
  const last = lines.at(-1);
  const parts = last ? SIGNED_BEHIND.exec(last.raw) : null;
  if (!parts) return lines;
  const apart = parts.slice(1).map((raw) => ({ raw, plain: plainOf(raw) }));
  return [...lines.slice(0, -1), ...apart];
}

/** Good wishes, thanks and dates that stand at the end without saying who writes. */
const FAREWELL =
  /^(?:此致|敬礼|敬上|谨上|祝|顺祝|谢谢|感谢|致礼|以上|妥否|请批示|特此|best|kind|regards|thanks|thank you|yours|sincerely|cheers|sent from|发自我的|来自)/;
const DATE_LINE =
  /^(?:[\d〇○零一二三四五六七八九十]{2,4}年)?[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{0,3}[日号]?$|^\d{4}[-./]\d{1,2}[-./]\d{1,2}$/;

export function isFarewell(plain: string): boolean {
  return FAREWELL.test(plain) || DATE_LINE.test(plain);
}

export function isDate(plain: string): boolean {
  return DATE_LINE.test(plain);
}

const GREETING =
  /^(?:尊敬的|敬爱的|亲爱的|各位|致[:：]?|dear\b|hi\b|hello\b|to whom|good (?:morning|afternoon|evening)|你好|您好|大家好|领导好|老师好|.{0,20}(?:领导|老师|同志|办公室|小组|局长|主任|校长|书记)们?(?:您好|你好|好)?[:：,，!！]*$|.{0,14}(?:您好|你好)[:：,，!！.。]*$|.{2,24}[:：]$)/;

/** "尊敬的领导：", "Dear all,", "大讨论活动领导小组办公室：". */
export function isGreeting(plain: string): boolean {
  return plain.length <= 40 && GREETING.test(plain);
}

/** Two Latin letters take the room of one Han character. */
export function widthOf(plain: string): number {
  return plain.length - (plain.match(/[ -~]/g)?.length ?? 0) / 2;
}

/** The last lines that are short enough to be a 落款, nearest the end first. */
export function closingOf(lines: Line[]): Line[] {
  const closing: Line[] = [];
  for (const line of lines.slice(-7).reverse()) {
    if (widthOf(line.plain) > 36) break;
    closing.push(line);
  }
  return closing;
}

export type LabelKind = "unit" | "people" | "title" | "text" | "collector";

const LABEL_WORDS: Record<LabelKind, string> = {
  collector:
    "联\\s*系\\s*人|填报人|报送人|收集人|汇总人|整理人|审核人|录入人|经办人|转发人|负责人|contact|compiled by|collected by|forwarded by|contact person",
  unit: "(?:所在|工作|报送|填报|提交|建议人?|推荐|申报|选送|参评|提案|作者|学校)?单\\s*位(?:名称|（处室）|\\(处室\\)|/部门|/处室|、处室)?|(?:所在)?部\\s*门|(?:所在)?处\\s*室|(?:所在)?科\\s*室|所在学校|学校名称|unit|department|organi[sz]ation|school|office|affiliation",
  people:
    "姓\\s*名|作\\s*者|建议人|建议者|提出人|提出者|提议人|提案人|申报人|撰写人|撰稿人?|投稿人|执笔人?|献计人|献策人|创意人|报名人|推荐人选|建议提出人|\\p{Script=Han}{1,6}(?:提出|提供|申报)人|金?点子人|建议人姓名|作者姓名|提供人|起草人|full name|name|authors?|proposers?|proposed by|submitted by|suggested by|written by|by",
  title:
    "标\\s*题|题\\s*目|主\\s*题|(?:金?点子|建议|提案|项目|创意|方案|作品)(?:名称|题目|标题|主题)|\\p{Script=Han}{1,6}(?:名称|题目|标题)|名称|案由|title|subject of the idea|idea title|idea name",
  text: "(?:建议|具体|主要|点子|金点子|提案)?内\\s*容|正\\s*文|(?:具体|详细)(?:建议|说明|描述)|(?:金?点子|建议)|details?|description|content|idea|suggestion|proposal",
};
const KINDS = Object.keys(LABEL_WORDS) as LabelKind[];
const ANY_LABEL = KINDS.map((kind) => `(?<${kind}>${LABEL_WORDS[kind]})`).join("|");
const LABELLED = new RegExp(
  `(?:^|[\\s,，;；。、．.|(（【\\[])(?:${ANY_LABEL})\\s*[】\\]]?\\s*[:：]\\s*`,
  "giu",
);
const LABEL_ALONE = new RegExp(`^[【\\[（(]?(?:${ANY_LABEL})[】\\]）)]?[:：]?$`, "iu");

export interface Labelled {
  kind: LabelKind;
  /** The label itself, "建议人", "姓 名". */
  words: string;
  value: string;
  /** Index of the line it stands in. */
  line: number;
}

export function labelOf(cell: string): LabelKind | null {
  const found = LABEL_ALONE.exec(cell.trim());
  return found ? (KINDS.find((kind) => found.groups?.[kind] !== undefined) ?? null) : null;
}

/** Everything written after a label: "姓名：张某　单位：市图书馆", a table's two cells, or a label with its value below. */
export function labelledIn(lines: Line[]): Labelled[] {
  const known = labelled.get(lines);
  if (known) return known;
  const found = readLabels(lines);
  labelled.set(lines, found);
  return found;
}

/** The body's lines are asked about several times. */
const labelled = new WeakMap<Line[], Labelled[]>();

function readLabels(lines: Line[]): Labelled[] {
  const found: Labelled[] = [];
  lines.forEach((line, index) => {
    const text = line.raw.normalize("NFKC");
    const marks = text.includes(":") ? [...text.matchAll(LABELLED)] : [];
    marks.forEach((mark, i) => {
      const value = text.slice(mark.index + mark[0].length, marks[i + 1]?.index ?? text.length).trim();
      const kind = KINDS.find((one) => mark.groups?.[one] !== undefined);
      if (kind && value !== "") found.push({ kind, words: mark.groups![kind]!, value, line: index });
    });
    if (marks.length > 0) return;
    const cells = text.split(/\t|\s\|\s/).map((cell) => cell.trim());
    if (cells.length > 1 && cells.length <= 8) {
      for (let i = 0; i + 1 < cells.length; i += 1) {
        const kind = labelOf(cells[i]!);
        if (kind && cells[i + 1] !== "" && !labelOf(cells[i + 1]!))
          found.push({ kind, words: cells[i]!, value: cells[i + 1]!, line: index });
      }
      return;
    }
    const kind = labelOf(text);
    const next = lines[index + 1];
    if (
      kind &&
      kind !== "text" &&
      next &&
      next.raw.length <= 60 &&
      !labelOf(next.raw) &&
      !next.raw.includes("\t")
    ) {
      found.push({ kind, words: text, value: next.raw, line: index });
    }
  });
  return found.length > 0 ? found : spacedLabels(lines);
}

/** "姓名 林某", "单位 恒远物业": a form copied without its colons; one such line alone is no form. */
function spacedLabels(lines: Line[]): Labelled[] {
  const found = lines.flatMap((line, index): Labelled[] => {
    const cells = /^(\S{2,8})\s+(\S.*)$/.exec(line.raw);
    const kind = cells ? labelOf(cells[1]!) : null;
    return kind ? [{ kind, words: cells![1]!, value: cells![2]!.normalize("NFKC"), line: index }] : [];
  });
  return new Set(found.map((one) => one.kind)).size >= 2 ? found : [];
}

/** "合 理 化 建 议": single characters with one space between them are one word. */
const SPACED_OUT = /(?<!\p{Script=Han})\p{Script=Han}(?:[ \u3000]\p{Script=Han})+(?!\p{Script=Han})/gu;

/** A title cut where people put separators: 【金点子】市图书馆-张某：延长开放. */
export function segmentsOf(title: string): readonly string[] {
  const known = segmented.get(title);
  if (known) return known;
  if (segmented.size >= 200) segmented.clear();
  const segments = segmentsIn(title);
  segmented.set(title, segments);
  return segments;
}

/** A subject is cut for its kind, its unit, its names and its meaning. */
const segmented = new Map<string, readonly string[]>();

function segmentsIn(title: string): string[] {
  return title
    .replace(SPACED_OUT, (words) => words.replace(/\s/g, ""))
    .split(
      /[:：|/\\+＋~～【】[\]()（）《》<>“”"「」_、,，;；。!！?？\t]+|\s+[-–—]+\s+|(?<![a-z])[-–—]{1,3}|[-–—]{1,3}(?![a-z])|(?<=\p{Script=Han})\s+|\s+(?=\p{Script=Han})/u,
    )
    .map((segment) => segment.trim())
    .filter((segment) => segment !== "");
}
