// One idea cut out of a text, with the title, the people and the unit that stand beside it.
import { type Line, labelledIn, linesOf } from "./letter.ts";
import { withoutMarker } from "./numbering.ts";
import { isChineseName, namesIn } from "./people.ts";
import { tidy } from "./title.ts";

/** What the text says for all its ideas (unit, sender) is left to the caller. */
export interface Idea {
  title: string | null;
  text: string;
  lines: Line[];
  people: string[];
  /** The unit written beside it. */
  unitWords: string | null;
}

/** "司鼓徐阿大　乐队现在…", "七公司  阿依夏木·热合曼：…", "A. 段誉明（四数）：…": who says it stands before it. */
const SPEAKER = /^([^:：,，。；;！!？?]{2,30}?)\s*(?:[:：]|——|--)\s*(\S.+)$/su;
const SPACED_SPEAKER = /^([^:：,，。；;！!？?]{2,30}?)(?:\u3000+|\s{2,}|(?<=\p{Script=Han}{4}) )(\S.+)$/su;
/** "（市图书馆 张某）", "——张某", "提出人：张某" at the end. */
const CREDIT =
  /[(（[【]([^()（）[\]【】]{2,24})[)）\]】]\s*[。.]?$|(?:——|--|—)\s*(\S[^。]{1,20})$|(?:提出|建议|作者|by)\s*[:：]?\s*(\S[^。，,]{1,16})$/iu;

/** One entry with what follows until the next. */
export function entryIdea(block: Line[], heading: string | null): Idea {
  const first = (heading ?? withoutMarker(block[0]!.raw))
    .replace(/^(?:另外?|此外|还有)[,，、]\s*/, "")
    .trim();
  const labels = labelledIn(block);
  const spoken = [SPEAKER.exec(first), SPACED_SPEAKER.exec(first)];
  const named = spoken.find((one) => one !== null && speakersOf(one[1]!).length > 0) ?? null;
  const before = named ? speakersOf(named[1]!) : [];
  const last = block.length > 1 ? block.at(-1)!.raw.trim() : first;
  const trailing = CREDIT.exec(last);
  const credit = trailing ? (trailing[1] ?? trailing[2] ?? trailing[3]!) : null;
  const after = credit ? namesOfCredit(credit) : [];
  const people = labels.filter((label) => label.kind === "people").flatMap((label) => namesIn(label.value));
  const isCreditInFirst = after.length > 0 && block.length === 1;
  const own = before.length > 0 ? named![2]! : isCreditInFirst ? first.slice(0, trailing!.index) : first;
  const head = /^(.{3,30}?)[:：]\s*\S/.exec(own);
  const sentence = /^[^。！!？?；;]+/.exec(own)?.[0] ?? own;
  const short = head && !/[，,]/.test(head[1]!) ? head[1]! : [...sentence].length <= 30 ? sentence : null;
  const given = labels.find((label) => label.kind === "title")?.value ?? short;
  const rest = block.slice(1).map((line) => line.raw);
  const text = [own, ...rest].join("\n").trim();
  return {
    title: given === null ? null : tidy(given),
    text,
    lines: linesOf(text),
    people: people.length > 0 ? people : before.length > 0 ? before : after,
    unitWords:
      labels.find((label) => label.kind === "unit")?.value ??
      (after.length > 0 ? credit : null) ??
      (before.length > 0 ? named![1]! : null),
  };
}

/** Names before an idea: alone, behind a unit or a post, with a remark in brackets. */
function speakersOf(words: string): string[] {
  const bare = words.replace(/[(（].*$/, "").trim();
  const found = namesOfCredit(bare);
  if (found.length > 0) return found;
  const tail = [3, 2].map((n) => bare.slice(-n)).find((name) => isChineseName(name, { amidText: true }));
  const post = tail ? bare.slice(0, -tail.length) : "";
  return tail && POST.test(post) ? [tail] : [];
}

const POST =
  /(?:[员工师长任旦鼓倌生士医警手匠编导演剧记者]|老师|干部|主任|班组?|[部科室组队处站所馆校院厂店]|中心|公司)$/;

/** "（市图书馆 张某）", "（张某、李某）". */
export function namesOfCredit(words: string): string[] {
  return [...new Set(words.split(/[\s,，、:：]+/).flatMap((part) => namesIn(part)))];
}
