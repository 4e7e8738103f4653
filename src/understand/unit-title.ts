// A unit in a subject, a file's name or a heading: the sender where it stands alone, the topic inside a phrase.
import { abbreviationsOf } from "./abbreviation.ts";
import type { Evidence, Place } from "./evidence.ts";
import type { Knowledge } from "./knowledge.ts";
import { plainOf, segmentsOf } from "./letter.ts";
import { mentionsIn } from "./names.ts";
import { isChineseName } from "./people.ts";
import { reason, unitMentions, WHOLE_DIVISION } from "./unit-mention.ts";

/** A unit that is spoken about, not speaking. */
export const ABOUT = 0.4;

/** Behind these words stands what is spoken about or written to. */
export const TALKED_ABOUT =
  /(?:关于|对于?|给|为|向|针对|建议|希望|在|到|去|让|请|把|将|与|和|跟|about|for|to|at|in)\s*(?:the )?$/;

/** "Idea for the |Library": filler, but for what it says of the library. */
const FOR_ENGLISH = /\b(?:for|about|on|to|at|in) (?:the |our )?$/;

/** What is longer is no title; every unit in it is weighed against the rest of its phrase. */
const LONGEST_TITLE = 400;

/** A subject, file name or heading: alone or beside a person's name a unit is the sender, inside a phrase the topic. */
export function titleEvidence(
  title: string,
  where: Place,
  owedByUnits: boolean,
  knowledge: Knowledge,
): Evidence[] {
  const evidence: Evidence[] = [];
  for (const segment of segmentsOf(title.slice(0, LONGEST_TITLE)).map(plainOf)) {
    const mentions = unitMentions(segment, knowledge, title);
    for (const mention of mentions) {
      const before = segment.slice(0, mention.start);
      const after = segment.slice(mention.end).replace(WHOLE_DIVISION, "");
      const rest = leftover(`${before}|${after}`, knowledge);
      const typed = mentionsIn(knowledge.kinds, before + after, { typos: false }).some(
        (m) => m.strength > 0.35,
      );
      let weight = ABOUT;
      if (rest === "" && !owedByUnits && FOR_ENGLISH.test(before)) weight = ABOUT;
      else if (rest === "")
        weight = typed && !owedByUnits && !endsWithName(after) && !/^的/.test(after) ? 2.6 : 4.6;
      else if (owedByUnits && !TALKED_ABOUT.test(before) && leftover(before, knowledge) === "") weight = 4.4;
      else if (!TALKED_ABOUT.test(before) && startsWithName(after)) weight = 3.6;
      evidence.push(reason(where, mention, weight));
    }
    if (mentions.length > 0) continue;
    const bare = leftover(segment, knowledge);
    if (bare.length < 2 || bare.length > 6 || isChineseName(bare)) continue;
    const short = abbreviationsOf(knowledge.units, bare);
    const weight = owedByUnits || bare === segment ? 4.6 : 2.6;
    evidence.push(...short.map((mention) => reason(where, mention, weight)));
  }
  return evidence;
}

/** What remains of a title without words for deliverables, dates, people and office filler. */
export function leftover(words: string, knowledge: Knowledge): string {
  let rest = words;
  for (const mention of mentionsIn(knowledge.kinds, rest, { typos: false }).toReversed()) {
    rest = `${rest.slice(0, mention.start)}|${rest.slice(mention.end)}`;
  }
  rest = rest
    .replace(
      /\d{2,4}年度?|\d{1,2}月(?:份|\d{1,2}日)?|\d{4}[-.]?\d{0,2}[-.]?\d{0,2}|第[一二三四五六七八九十\d]+[稿版期次]/g,
      "|",
    )
    .replace(
      /大讨论|活动|书面|材料|最终|终稿|定稿|修改稿?|修订|初稿|新版|更新|附件|[一两三]枚|报送|提交|上报|全体|个人|职工|员工|同志|老师|关于|一[条个份]|几[条个点]|[两三四五六七八九十\d][条个点份]|final|draft|revised|version|v\d+|from|by|the|of|for|our|re|fw|fwd/g,
      "|",
    )
    .replace(/[的之\d\s|.,，、:：()（）\-_—+]+/g, "|");
  return rest
    .split("|")
    .filter((part) => part !== "" && !isChineseName(part))
    .join("");
}

/** What follows a person's name where it is one: an end, or what he does: 姜海涛|说说夜班交接. */
const NAME_ENDS =
  /^(?:$|[,，。;；:：\s()（）的提等、]|同志|老师|师傅|医生|护士|大夫|先生|女士|主任|共同|联合|一起|说|谈|聊|报|献|投|想|建议|反映|来信|汇报|[发写上托让口])/;
const DIVISION = /^(?:的|\p{Script=Han}{1,5}(?:部|科|室|组|队|处|中心|车间|班)的?)?/u;

export function startsWithName(after: string): boolean {
  const rest = after.replace(DIVISION, "");
  return (
    [4, 3, 2].some(
      (n) => isChineseName(rest.slice(0, n), { amidText: true }) && NAME_ENDS.test(rest.slice(n)),
    ) ||
    [4, 3, 2].some(
      (n) => isChineseName(after.slice(0, n), { amidText: true }) && NAME_ENDS.test(after.slice(n)),
    )
  );
}

function endsWithName(after: string): boolean {
  return [4, 3, 2].some((n) => isChineseName(after.slice(0, n)));
}
