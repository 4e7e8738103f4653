// A submission's title: what is evidently its title, without what every title here carries; else its first sentence.

import { oneLine } from "../text/signs.ts";
import type { Knowledge } from "./knowledge.ts";
import { isDate, isFarewell, isGreeting, type Line, labelOf, plainOf, segmentsOf } from "./letter.ts";
import { withoutLinks } from "./links.ts";
import { unitMentions, WHOLE_DIVISION } from "./unit-mention.ts";
import { leftover } from "./unit-title.ts";

const LONGEST = 60;
const SENTENCE = 30;
const PREFIX = /^\s*(?:(?:re|fw|fwd|回复|答复|转发|转|回覆|轉寄|答覆)(?:\[\d+\])?\s*[:：]\s*)+/i;
/** Our own number, which an answer carries along: （JYS24-0050）. */
const REFERENCE = /\s*[（([【][A-Z]{2,8}\d{0,4}-\d{3,6}[)）\]】]\s*$/;
/** Subjects that say that something comes, not what. */
const EMPTY_WORDS =
  /^(?:请查收|见附件|附件|您好|你好|无主题|无标题|未命名|新建文档|新建|文档\d*|投稿|来稿|转交|代交|代发|转发|提交|报送|邮件|活动|个人|我的?|我有?一?个?|一点|几点|一些|小小?的?|自己的?|一[条则份件]|浅见|拙见|刍议|交?作业|合理化|征集|参赛|作品|上交|材料|winmail|效果图|微信图片|照片|图片|扫描件?|image|photo|(?:no subject)|untitled|document\d*|submission|my|a|an|some|word|sheet\d*|scan\d*|img[\d_]*|\d+)+$/i;

/** Subject without Re:, 转发： and the like. */
export function bareSubject(subject: string): string {
  return subject.replace(PREFIX, "").replace(REFERENCE, "").trim();
}

/**
 * A subject, file name or heading without its boilerplate at both ends: "【金点子】市图书馆-张某：延长开放时间" is
 * 延长开放时间. Null when nothing is left: then it is no title.
 */
export function meaningOf(words: string, knowledge: Knowledge): string | null {
  const bare = bareSubject(words).normalize("NFKC");
  const parts = segmentsOf(bare);
  const tells = parts.map((part) => {
    const rest = leftover(plainOf(part), knowledge);
    return (
      rest.length >= 2 &&
      !/[吗呢吧]$/.test(part) &&
      !EMPTY_WORDS.test(rest) &&
      !isOnlyUnit(part, knowledge) &&
      !isCampaign(rest, knowledge)
    );
  });
  const first = tells.indexOf(true);
  const last = tells.lastIndexOf(true);
  if (first < 0) return null;
  const start = bare.indexOf(parts[first]!);
  const end = bare.indexOf(parts[last]!, start + (last > first ? 1 : 0)) + parts[last]!.length;
  const title = tidy(original(words, withItsMarks(bare, start, end)));
  return title.length < 2 ? null : title;
}

/** Pairs of marks; of the straight ones both are the same. */
const MARKS = ["“”", "‘’", "「」", "『』", "《》", "()", "（）", "【】", "[]", '""'];

/** A mark that only one side of the cut-out words has is taken along when its partner stands beside them. */
function withItsMarks(words: string, from: number, to: number): string {
  let [start, end] = [from, to];
  for (const [open = "", close = ""] of MARKS) {
    const missing = unpaired(words.slice(start, end), open, close);
    if (missing.open && words[end] === close) end += 1;
    if (missing.close && words[start - 1] === open) start -= 1;
  }
  return words.slice(start, end);
}

/** Which side of a pair stands alone. */
function unpaired(words: string, open: string, close: string): { open: boolean; close: boolean } {
  if (open === close) {
    const odd = words.split(open).length % 2 === 0;
    return { open: odd, close: odd };
  }
  let depth = 0;
  let closeAlone = false;
  for (const character of words) {
    if (character === open) depth += 1;
    else if (character === close && depth > 0) depth -= 1;
    else if (character === close) closeAlone = true;
  }
  return { open: depth > 0, close: closeAlone };
}

/** A mark at either end whose partner was cut off. */
function withoutLoneMarks(words: string): string {
  let title = words;
  for (const [open = "", close = ""] of MARKS) {
    const lone = unpaired(title, open, close);
    if (lone.open && title.startsWith(open)) title = title.slice(1);
    else if (lone.open && title.endsWith(open)) title = title.slice(0, -1);
    if (lone.close && title.endsWith(close)) title = title.slice(0, -1);
    else if (lone.close && title.startsWith(close)) title = title.slice(1);
  }
  return title.trim();
}

/** A piece of the campaign's or a deliverable's own name: every mail here carries it. */
function isCampaign(rest: string, knowledge: Knowledge): boolean {
  const { title, deliverables } = knowledge.campaign;
  return [title, ...deliverables.map((one) => one.name)].some((name) => plainOf(name).includes(rest));
}

function isOnlyUnit(part: string, knowledge: Knowledge): boolean {
  const plain = plainOf(part);
  const unit = unitMentions(plain, knowledge)[0];
  if (!unit) return false;
  const after = plain.slice(unit.end).replace(WHOLE_DIVISION, "");
  return leftover(plain.slice(0, unit.start) + after, knowledge) === "";
}

/** As the sender wrote it (full-width punctuation and all), where it can be found again. */
function original(written: string, found: string): string {
  const folded = [...written].map((character) => character.normalize("NFKC"));
  if (folded.every((character) => character.length === 1)) {
    const at = folded.join("").indexOf(found);
    if (at >= 0) return [...written].slice(at, at + [...found].length).join("");
  }
  return found;
}

/** In one line, without enclosing marks, numbering and trailing stops. */
export function tidy(title: string): string {
  const cut = withoutLinks(oneLine(title))
    .replace(
      /^\s*(?:[一二三四五六七八九十]{1,3}[、.．]|[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}\s*[、.．)）]|[#*•●·-])\s*/,
      "",
    )
    .replace(/^[\s:：,，;；、\-—_|*]+|[\s:：,，;；、。.\-—_|*]+$/g, "")
    .trim();
  const quoted = /^[《“"「【](.+)[》”"」】]$/.exec(cut);
  const inner = quoted && !/[《》“”"「」【】]/.test(quoted[1]!) ? quoted[1]! : cut;
  return withoutLoneMarks([...inner].slice(0, LONGEST).join(""));
}

/** A first line that stands as a heading: short, no sentence, followed by text. */
export function headingOf(lines: Line[], knowledge: Knowledge): string | null {
  const candidates = lines.slice(0, 5).filter((line) => !isAttachmentMark(line.plain));
  for (const [index, line] of candidates.entries()) {
    if (isGreeting(line.plain) || isDate(line.plain) || labelOf(line.raw)) {
      if (index === 0 || isDate(line.plain)) continue;
      return null;
    }
    const short =
      [...line.raw].length <= 45 && !/[。！!；;，,]|[.?？]$/.test(line.raw) && !/[:：]$/.test(line.raw);
    if (!short || candidates.length + lines.length < 3 || isFarewell(line.plain)) return null;
    const meaning = meaningOf(line.raw, knowledge);
    if (meaning === null) continue;
    if (/^(?:我|本人|i\b|my\b)/i.test(line.plain)) return null;
    const second = candidates[index + 1];
    return second && continues(line, second) ? tidy(meaning + second.raw) : meaning;
  }
  return null;
}

function isAttachmentMark(plain: string): boolean {
  return /^附件\d*[:：]?$|^附[:：]?$/.test(plain);
}

/** Titles of official papers are broken over two lines; the second ends in the kind of paper. */
function continues(first: Line, second: Line): boolean {
  return (
    !/(?:总结|方案|报告|汇报|建议|计划|材料|意见)$/.test(first.plain) &&
    /^.{2,22}(?:总结|方案|报告|汇报|计划)$/.test(second.plain)
  );
}

/** The first sentence that says something: after the greeting and after who is speaking. */
export function firstSentence(lines: Line[], knowledge: Knowledge): string {
  for (const line of lines) {
    if (line.plain.length <= 20 && meaningOf(line.raw, knowledge) === null) continue;
    if (isGreeting(line.plain) || isDate(line.plain) || isAttachmentMark(line.plain)) continue;
    const sentences = line.raw.split(/(?<=[。！!？?；;])|(?<=[.!?])\s+/);
    for (const sentence of sentences) {
      const words = sentence
        .replace(/^\s*[^,，。:：]{0,16}(?:领导|老师|办公室|同志)们?[:：]\s*/, "")
        .replace(/^\s*(?:尊敬的|各位)?[^,，。:：]{0,16}(?:您好|你好|大家好|领导好)[,，!！。:：\s]*/, "")
        .replace(
          /^\s*(?:我们?是|我叫|我来自|本人(?:是|系)?)[^。，,]{2,30}[，,]\s*(?:叫[^，,]{2,4}[，,])?/,
          "",
        )
        .replace(/^\s*(?:hello|hi|dear)[^,.!]{0,30}[,.!]\s*/i, "")
        .replace(/^\s*(?:我的?)?(?:金点子|建议|想法|点子)(?:是|如下)?[:：]\s*/, "");
      const introduces =
        /^(?:我们?是|我?叫|名叫|也?代表|本人|[a-z]+ [a-z]+ here\b|i am|i'm|i work|my name|we are|we work)|^(?:现|目前|一直)?(?:在|来自).{2,24}(?:工作|上班|任职|任教)[。.]?$|^来自.{2,20}$/i.test(
          plainOf(words),
        );
      const leads = /(?:如下|以下)[:：。]?$|^(?:谢谢|感谢|打扰了)/.test(plainOf(words));
      const title = tidy(words);
      if ([...title].length < 4 || introduces || leads) continue;
      return [...title].length <= SENTENCE ? title : cutAt(title);
    }
  }
  const first = lines.find((line) => !isGreeting(line.plain)) ?? lines[0];
  return first ? cutAt(tidy(first.raw)) : "";
}

/** At most thirty characters, at a comma where there is one. */
function cutAt(sentence: string): string {
  const whole = [...sentence];
  if (whole.length <= SENTENCE) return sentence;
  return withoutLoneMarks(shortened(whole));
}

function shortened(whole: string[]): string {
  const head = whole.slice(0, SENTENCE).join("");
  if (/[a-z]/i.test(head) && !/\p{Script=Han}/u.test(head)) return head.replace(/\s+\S*$/, "");
  const comma = Math.max(head.lastIndexOf("，"), head.lastIndexOf(","), head.lastIndexOf("；"));
  return comma >= 10 ? head.slice(0, comma) : head;
}

export function stemOf(filename: string): string {
  return filename.replace(/\.[A-Za-z0-9]{1,5}$/, "").replace(/\s*[(（]\d+[)）]$/, "");
}
