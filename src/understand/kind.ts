// Which deliverable it is: the head word of titles, the shape of the text, the sender, the thread, the calendar.
import { dateOf } from "../text/dates.ts";
import { type Evidence, OTHER, type Place, type ThreadContext } from "./evidence.ts";
import { GENERAL_WORD, type Genre, HINT, type Knowledge } from "./knowledge.ts";
import { type Line, plainOf, segmentsOf } from "./letter.ts";
import { type Mention, mentionsIn } from "./names.ts";
import { proposalIn } from "./proposal.ts";
import { wordingKinds } from "./wording.ts";

/** In a Chinese title the last word is the thing itself: "金点子征集活动总结" is a 总结. */
const NOT_HEAD = 0.2;
/** At most this much may follow the head: "总结(定稿)", "建议书", "实施方案修改稿". */
const TAIL =
  /^(?:书|稿|材料|报告|表|汇总|文本|一[份则条]|[二三两四五六七八九十几若干\d]+[则条个份]|的?(?:修改|修订|定|初|终|最终|更新|新|补充|送审)稿?版?|[\d.\-_v\s]*|of .*|from .*|by .*|for .*)$/;

/** What such a word only describes: 总结制度 is a rule, 报告模板 a form. */
const OTHER_HEAD =
  /^(?:的?(?:制度|流程|机制|模板|样式|格式|要求|时间|周期|次数|份数|频次|栏目?|墙|窗口|系统|平台|规定|考核|检查|负担|会|比赛|活动|工作|方法|问题|质量|渠道))/;

/** Reasons in a title. English puts the head first ("Summary of …"), which TAIL allows for. */
export function titleKinds(title: string, where: Place, weight: number, knowledge: Knowledge): Evidence[] {
  const evidence: Evidence[] = [];
  const segments = segmentsOf(title).map(plainOf);
  const tagged = segments.some((segment) => isTag(segment, knowledge));
  const topical = isTopical(title, segments, knowledge);
  for (const segment of segments) {
    const mentions = mentionsIn(knowledge.kinds, segment, { typos: false });
    const heads = mentions.filter((mention) => mention.strength > HINT);
    const last = heads.at(-1);
    const hinted = new Set(mentions.filter((one) => one.strength <= HINT).map((one) => one.value));
    for (const mention of mentions) {
      const isHead = last !== undefined && mention.start === last.start;
      const isHint = mention.strength <= HINT;
      const supported = heads.some((head) => head.value === mention.value);
      if (isHint && !supported) continue;
      const after = segment.slice(mention.end);
      const factor = isHint ? 1 : isHead ? headFactor(after) : NOT_HEAD;
      // "第一季度工作小结": the general word with what tells the deliverable apart is as good as its name.
      const strength =
        isHead && hinted.has(mention.value) ? Math.max(mention.strength, 0.95) : mention.strength;
      // "【金点子】导览员培养计划": the sender has said what it is; a general word elsewhere is part of the name.
      const named = tagged && mention.strength <= GENERAL_WORD && !isTag(segment, knowledge) ? 0.3 : 1;
      const about = topical && !knowledge.personal.has(mention.value!) ? 0.25 : 1;
      evidence.push({
        where,
        words: mention.words,
        speaksFor: mention.value!,
        weight: weight * strength * factor * named * about,
      });
    }
    for (const item of mentionsIn(knowledge.items, segment, { typos: true })) {
      const deliverable = item.value!.split("/")[0]!;
      if (last && !heads.some((head) => head.start === last.start && head.value === deliverable)) continue;
      const rest = segment.length - (item.end - item.start);
      evidence.push({
        where,
        words: item.words,
        speaksFor: deliverable,
        weight: weight * item.strength * (last || rest <= 4 ? 0.9 : 0.4),
      });
    }
  }
  return evidence;
}

/** "出院小结能不能别等到下午？", "小结、方案、台账，一年17份": papers are what such a title speaks of. */
const SPEAKS_OF =
  /^(?:撤[销掉]|取消|停[止掉]|减少|精简|压减|合并|简化|少[一交写报开发])|能不能|能否|可否|可不可以|是不是|为(?:什么|何|啥)|何必|别(?:再|等|让|总|老|交|写|要)|不要|少[一交写报]|太多|不再|[?？]|^(?:建议|提议|希望|呼吁|请)(?!方案|的|书|稿|报告|总结|汇总|表|[:：\s]|$)|\bwhy\b|\bcan we\b/;

function isTopical(title: string, segments: string[], knowledge: Knowledge): boolean {
  if (SPEAKS_OF.test(plainOf(title))) return true;
  const bare = segments.flatMap((segment) => {
    const named = mentionsIn(knowledge.kinds, segment, { typos: false });
    const whole = named.filter((one) => one.words === segment && one.strength > HINT);
    return whole.length > 0 ? [whole.map((one) => one.value).join()] : [];
  });
  return new Set(bare).size >= 2;
}

function headFactor(after: string): number {
  if (TAIL.test(after)) return 1;
  if (OTHER_HEAD.test(after)) return 0.3;
  return after.length <= 4 ? 0.8 : 0.5;
}

/** "金点子", "我的金点子", "合理化建议2篇": nothing but the kind. */
function isTag(segment: string, knowledge: Knowledge): boolean {
  const kinds = mentionsIn(knowledge.kinds, segment, { typos: false }).filter(
    (one) => one.strength > GENERAL_WORD,
  );
  const words = new Set(kinds.map((one) => `${one.start}/${one.words}`));
  if (words.size !== 1) return false;
  const rest = segment
    .replace(kinds[0]?.words ?? "", "")
    .replace(/我们?的?|[一两二三四五六七八九十几\d]+[条个篇份则]?|my|our|征集|提交|报送|\s/g, "");
  return rest === "";
}

/** Items named in a text, the most telling first. */
export function itemsIn(text: string, knowledge: Knowledge): readonly Mention[] {
  return mentionsIn(knowledge.items, text, { typos: text.length <= 200 });
}

/** The covering words: "附件是我馆的总结，请查收". */
export function coverKinds(lines: Line[], knowledge: Knowledge): Evidence[] {
  const evidence: Evidence[] = [];
  for (const line of lines.slice(0, 12)) {
    for (const mention of mentionsIn(knowledge.kinds, line.plain, { typos: false })) {
      if (mention.strength <= HINT) continue;
      const words = mention.words;
      evidence.push({ where: "body", words, speaksFor: mention.value!, weight: 2.4 * mention.strength });
    }
    for (const item of itemsIn(line.plain, knowledge)) {
      const deliverable = item.value!.split("/")[0]!;
      evidence.push({
        where: "body",
        words: item.words,
        speaksFor: deliverable,
        weight: 1.5 * item.strength,
      });
    }
  }
  return evidence;
}

const SHAPES: Record<Exclude<Genre, "idea">, RegExp> = {
  summary:
    /开展了|召开了?|开展以来|如下报告|(?:总结|汇报|报告)如下|特此(?:报告|汇报|总结)|今后打算|下一步打算|组织发动|动员|查找(?:差距|不足|问题)|组织了|取得了?|完成了|参加了|举办了|落实了|深入学习|认真组织|广泛发动|收到了|征集到?|下一步|存在的?(?:问题|不足)|主要做法|工作情况|活动情况|we (?:held|organi[sz]ed|completed|carried out|collected)|was held|were held|took part|lessons learned|next steps/g,
  plan: /指导思想|工作目标|总体目标|实施步骤|组织领导|保障措施|责任分工|任务分解|时间安排|进度安排|目标任务|主要任务|重点任务|责任单位|牵头|objectives?|milestones?|timeline|responsibilit|deliverables/g,
};
const HEADING =
  /^(?:[一二三四五六七八九十\d]{1,3}[、.．](?!\d)|\([一二三四五六七八九十]{1,2}\)|第[一二三四五六七八九十][章部条])/;

export function chaptersIn(lines: Line[]): Line[] {
  return lines.filter((line) => HEADING.test(line.plain));
}

/** What the text looks like, whatever it is called. */
export function shapeKinds(lines: Line[], length: number, where: Place, knowledge: Knowledge): Evidence[] {
  const text = lines.map((line) => line.plain).join("\n");
  const headings = chaptersIn(lines).length;
  const evidence: Evidence[] = [];
  const offer = (genre: Genre, strength: number, words: string[]) => {
    const codes = knowledge.genres.get(genre) ?? [];
    const [first = "", ...also] = words.slice(0, 4);
    for (const code of codes) {
      const weight = strength - Math.log(codes.length);
      evidence.push({ where, words: first, ...(also.length > 0 && { also }), speaksFor: code, weight });
    }
  };
  let isPaper = false;
  for (const genre of Object.keys(SHAPES) as (keyof typeof SHAPES)[]) {
    const found = [...new Set(text.match(SHAPES[genre]) ?? [])];
    if (found.length < 2 || (headings < 2 && length < 300 && found.length < 4)) continue;
    isPaper ||= found.length >= 3;
    offer(genre, Math.min(0.5 + 0.4 * found.length, 2.2), found);
  }
  const { strength, words } = proposalIn(lines);
  // A paper of several chapters proposes, too: what is to be done next.
  const formula = openingFormula(text, where, knowledge);
  const share = (isPaper && headings >= 3 && length > 200) || formula.length > 0 ? 0.4 : 1;
  if (strength > 0) offer("idea", strength * share, words);
  return [...evidence, ...formula, ...wordingKinds(lines, where, knowledge)];
}

/** "现将自查情况报告如下": what follows is that paper, in whatever letter it stands. */
const FORMULA =
  /(?:现将?|谨将|兹将)([^,，。:：;；\n]{0,30}(?:报告|汇报|总结|小结|报送|呈报)[^,，。:：;；\n]{0,4})(?:如下|于后)/;

function openingFormula(text: string, where: Place, knowledge: Knowledge): Evidence[] {
  const said = FORMULA.exec(text)?.[1];
  if (!said) return [];
  const kinds = mentionsIn(knowledge.kinds, said, { typos: false }).filter((one) => one.strength > HINT);
  return kinds
    .filter((one) => one.value !== null && one.value !== OTHER && !knowledge.personal.has(one.value))
    .slice(0, 1)
    .map((one) => ({ where, words: said, speaksFor: one.value!, weight: 3.4 }));
}

/**
 * A unit's contact mostly sends what units owe; other people we know mostly what people send. Where that leaves several,
 * and of a stranger, it says nothing.
 */
export function senderKinds(
  role: "contact" | "person" | "unknown",
  words: string,
  knowledge: Knowledge,
): Evidence[] {
  if (role === "unknown") return [];
  const fitting = knowledge.campaign.deliverables.filter(
    (one) => (one.from === "unit") === (role === "contact"),
  );
  const [only] = fitting;
  return only && fitting.length === 1
    ? [{ where: "sender-address", words, speaksFor: only.code, weight: 0.5 }]
    : [];
}

export function threadKinds(thread: ThreadContext | null): Evidence[] {
  if (!thread?.type) return [];
  return [{ where: "thread", words: thread.references[0] ?? "", speaksFor: thread.type, weight: 2.6 }];
}

/** A little for what alone is being collected at the time of arrival; a late one is still what it is. */
export function calendarKinds(arrivedAt: Date, knowledge: Knowledge): Evidence[] {
  const on = dateOf(arrivedAt, knowledge.campaign.timezone);
  const open = knowledge.campaign.deliverables.filter(
    (one) => one.opens !== null && one.opens <= on && (one.closes ?? one.due ?? on) >= on,
  );
  const [only] = open;
  return only && open.length === 1
    ? [{ where: "calendar", words: on, speaksFor: only.code, weight: 0.3 }]
    : [];
}

/** How much speaks for any deliverable at all in these reasons. */
export function ownStrength(evidence: Evidence[]): number {
  return Math.max(0, ...evidence.filter((one) => one.speaksFor !== OTHER).map((one) => one.weight));
}
