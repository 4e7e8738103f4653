// A numbered list: ideas of their own, or the measures, chapters and reasons of one.

import { entryIdea, type Idea } from "./idea.ts";
import { endOf } from "./idea-blocks.ts";
import type { Knowledge } from "./knowledge.ts";
import { isGreeting, type Line, labelOf, plainOf, segmentsOf, widthOf } from "./letter.ts";
import { mentionsIn } from "./names.ts";
import { entriesOf, hanValue, withoutMarker } from "./numbering.ts";
import { proposalIn } from "./proposal.ts";
import { meaningOf } from "./title.ts";

/** Parts of one paper, not ideas of their own. */
const SECTION =
  /背景|现状|问题|原因|目的|目标|意义|必要性|可行性|理由|依据|措施|做法|办法|步骤|实施|预期|效果|效益|保障|组织|预算|经费|分析|概述|说明|总体|思路|内容|方案|具体建议|对策|创新点|前言|结语|附件|缘起|所望|起因|怎么[做玩办]|会怎样|好处|花销|background|problem|objective|goal|measure|step|benefit|cost|budget|conclusion|introduction|implementation|expected/;
/** The lead says that what follows belongs to one idea. */
const MEASURES =
  /(?:具体|主要|几[项条点]|[两二三四五六]?[项条点个]?)?(?:措施|做法|办法|步骤|方式|理由|原因|好处|方面|做起|入手|实施|内容)(?:如下|有|包括|是|为|:|：)|具体(?:来说|如下|为|是|做法|措施|包括)|可以?(?:这样|从|采取|分)|(?:措施|步骤|方面|理由|好处|办法|做法)[:：]?$|有个(?:法子|办法|主意|招)|(?:法子|一招)[^,，。]{0,8}[:：]?$|分(?:为)?[两三四五六几\d](?:步|块|期|阶段)|as follows: ?steps|steps:|measures:|following (?:steps|measures|ways)|how:|reasons:/;
/** What is, what should be, what it saves: one idea told by numbers. */
const TOLD =
  /^(?:现在|目前|现状|原来|改[为成用]|预计|年节|每年|全年|成本|效果|投入|建议改|now|currently|cost|saving)/;
const IDEA_WORDS = "建议|点子|想法|意见|提案|创意|设想|妙招|主意";
const MANY = new RegExp(
  `(?:[几两二三四五六七八九十多些若干]|[2-9]|1\\d)\\s*(?:[条个点项则份件]|方面的?)?(?:小?的?)(?:合理化|不成熟的?|个人|工作|好|金)?(?:${IDEA_WORDS}|金点子)|(?:以下|下列|这些|如下|下面)[^,，。]{0,6}(?:${IDEA_WORDS})|(?:${IDEA_WORDS})[^,，。]{0,8}(?:如下|有以下|汇总|清单|汇编|合集)|\\b(?:two|three|four|five|six|seven|several|some|few|following|my|our|[2-9]|1\\d)\\s+(?:\\w+\\s+)?(?:ideas|suggestions|proposals)\\b|^(?:ideas|suggestions|proposals)\\b`,
);
/** "三条，不成熟", "乡村四策", "两件不相干的事", "得了三条", "柳小3条": how many there are. */
const DECLARED =
  /(?:^|[^第\d年月.])([一二两三四五六七八九十俩仨]|\d{1,2})\s*(?:[策招得](?=$|[\s,，。:：、;；/)）])|(?:[条个点项则份件桩篇]|方面)(?=$|[\s,，。:：、;；/)）!！~]|[^,，。:：;；\n]{0,6}(?:建议|点子|想法|意见|提案|创意|设想|妙招|主意|事(?![业故务件])|献策|改善)))/g;
/** The writer says that they have nothing to do with each other. */
const APART =
  /分别登记|各是各|不相干|(?:没|无)(?:什么)?关系|分开(?:看|登|算)|互不|逐条|一人一[条个]|各自?登记|unrelated|separate(?:ly)?/;

/** How many ideas a text says it brings: every number it gives. */
export function declaredIn(text: string): number[] {
  const bare = [...text.matchAll(/[^第]([俩仨])(?=事|建议|想法|点子|主意|意见)/g)];
  return [...text.matchAll(DECLARED), ...bare]
    .map((found) => hanValue(found[1]!))
    .filter((count) => count > 0);
}

/** Top-level numbered entries, when they are ideas of their own. */
export function numberedOf(lines: Line[], surroundings: string, knowledge: Knowledge): Idea[] | null {
  const { starts, style } = entriesOf(lines);
  if (starts.length < 2) return null;
  const last = starts.at(-1)!;
  const entries = starts.map((start, i) => lines.slice(start, starts[i + 1] ?? endOf(lines, last)));
  const ideas = entries.map((entry) => entryIdea(entry, null));
  if (ideas.filter((idea) => idea.people.length > 0).length * 2 > ideas.length) return ideas;
  const lead = lines.slice(0, starts[0]).filter((line) => !isGreeting(line.plain) || line.plain.length > 16);
  return standAlone({ lead, entries, style, surroundings }, knowledge) > 0 ? ideas : null;
}

interface List {
  lead: Line[];
  entries: Line[][];
  style: string;
  surroundings: string;
}

const SAYS_WHO = /^(?:我们?|本人)(?:是|叫|来自|在)|^(?:i am|i'm|my name)/;

/** How much speaks for ideas of their own, against the parts of one; an odd number of halves decides. */
function standAlone({ lead, entries, style, surroundings }: List, knowledge: Knowledge): number {
  const leadText = lead.map((line) => line.plain).join(" ");
  const heads = entries.map((entry) => plainOf(withoutMarker(entry[0]!.raw)).split(/[:：\s]/)[0]!);
  const chapters = heads.filter((head) => (head.length <= 14 && SECTION.test(head)) || labelOf(head)).length;
  const told = heads.filter((head) => TOLD.test(head)).length;
  if (chapters * 3 >= heads.length || told * 2 >= heads.length || MEASURES.test(leadText.slice(-60)))
    return -5;
  const count = entries.length;
  const said = lead.filter((line) => !SAYS_WHO.test(line.plain) && !/[:：]$/.test(line.plain));
  const substance = said.reduce((sum, line) => sum + line.plain.length, 0);
  const length = entries.flat().reduce((sum, line) => sum + line.plain.length, 0) / count;
  const proposing = entries.filter((entry) => proposalIn(entry).strength >= 0.9).length / count;
  const specific = isSpecific(surroundings, knowledge);
  const inSubject = declaredIn(surroundings);
  const inLead = declaredIn(leadText);
  let sum = -0.5;
  if (inSubject.includes(count) || MANY.test(surroundings)) sum += 5;
  else if (specific) sum -= 3.5;
  else if (saysOneThing(surroundings, knowledge)) sum -= 2;
  if (inLead.includes(count)) sum += 3;
  else if (MANY.test(leadText)) sum += specific ? 0 : 3;
  if (APART.test(`${leadText} ${surroundings}`)) sum += 4;
  if (isBareKind(leadText, knowledge)) sum += 2.5;
  if (substance < 25) sum += 1.5;
  else if (substance > 60) sum -= 1;
  if (length >= 60 && proposing >= 0.6) sum += 1.5;
  if (length < 25) sum -= 0.5;
  if (style === "bullet" || style === "circle") sum -= 1;
  return sum;
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
      typed.length <= 4
    );
  });
}

/** A subject of some length that is neither how many there are nor whose they are. */
function saysOneThing(surroundings: string, knowledge: Knowledge): boolean {
  const meaning = meaningOf(surroundings, knowledge);
  return (
    meaning !== null &&
    widthOf(plainOf(meaning)) >= 8 &&
    !/几|些|汇总|合集|收集|第.{1,2}批|suggestions|ideas/i.test(surroundings)
  );
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
