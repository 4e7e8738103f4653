// A writer who has changed his unit: what he says of now goes before what a list knew once.
import type { Evidence } from "./evidence.ts";
import type { Knowledge } from "./knowledge.ts";
import type { Line } from "./letter.ts";
import type { Mention } from "./names.ts";
import { unitMentions } from "./unit-mention.ts";
import { isCountedFor, NOT_ITS } from "./unit-standing.ts";

export interface Moved {
  /** Units he says he is at now. */
  to: Set<string>;
  /** Units he says he has left. */
  from: Set<string>;
  /** Says that something changed, but not to where. */
  hinted: boolean;
  /** For the units he is at now. */
  evidence: Evidence[];
}

const OPENING_LINES = 8;
/** Of a line; who says where he is now says it early. */
const LOOKED_AT = 300;
/** 上周正式调到|, 现在转去了|, 借调来|. */
const TO =
  /(?:调|转|借调|轮岗|轮转|跳槽|分|派|抽调|选调|竞聘|提拔|回)(?:动|岗|任|配)?(?:到|去|来|至|入|往|进|回|在)了?(?:咱们?|我们|街道|[集团公司局院校县市区厂总]{1,2}里?)?$|\b(?:moved|transferred|reassigned|seconded|posted)(?: \w+){0,2} to (?:the )?$/;
const NOW =
  /(?:现在?|如今|目前|眼下|今年起|这个月起)(?:已经?)?(?:是|在|到了?|为|任职于?|供职于?|就职于?|归|属于?)(?:了)?$|\bnow (?:at|with|in|working (?:at|in|for)|based (?:at|in)) (?:the )?$/;
const FROM =
  /(?:原(?:来|先|本|系|属)?(?:就)?(?:是|在|系|属于?|为)?|(?:以前|之前|过去|早先|先前|曾经?)(?:是|在|为|任职于?)|离开了?|不在|调离|调出)$|\b(?:formerly|previously|used to (?:be|work)|left)(?: (?:at|with|in|for))? (?:the )?$/;
/** What is wished for or proposed has not happened, and people move other things than themselves. */
const NOT_SELF =
  /怎么|为什么|给我|你们|系统|登记|被|把|将|建议|希望|想要?|申请|应该|可以|能不能|能否|要求|如果|若|让|请|打算|准备|可能/;
const HINTS =
  /换了?(?:个)?(?:单位|东家|部门|岗位|科室|学校)|(?:已经?|刚)(?:调走|调离|离职|跳槽)|不在(?:原来?|那个|老|原)?(?:单位|部门|科室|学校)了|(?:到|在|来)(?:了)?新(?:单位|部门|科室|学校)|\b(?:new (?:job|department|office|post)|changed (?:jobs|departments))\b/;

export function movedIn(lines: Line[], knowledge: Knowledge): Moved {
  const moved: Moved = { to: new Set(), from: new Set(), hinted: false, evidence: [] };
  for (const line of [...lines.slice(0, OPENING_LINES), ...lines.slice(OPENING_LINES).slice(-3)]) {
    const plain = line.plain.slice(0, LOOKED_AT);
    if (HINTS.test(plain)) moved.hinted = true;
    if (
      !/调|转|分|派|聘|提|回|现|按|算|记|归|挂|如今|目前|原|从|由|以前|之前|过去|曾|离|不在|moved|transferred|reassigned|seconded|posted|now|formerly|previously|used|left/.test(
        plain,
      )
    )
      continue;
    for (const mention of unitMentions(plain, knowledge)) {
      const before = plain.slice(0, mention.start);
      const clause = before.split(/[,，。;；!！?？]/).at(-1) ?? "";
      const said = before.split(/[。!！?？]/).at(-1) ?? "";
      const self = !NOT_SELF.test(clause);
      if (isCountedFor(before, plain.slice(mention.end)) || (self && isNow(before, said))) {
        moved.to.add(mention.value!);
        moved.evidence.push(reasonFor(mention, clause));
      } else if ((self && FROM.test(before)) || NOT_ITS.test(before)) moved.from.add(mention.value!);
    }
  }
  for (const unit of moved.to) moved.from.delete(unit);
  return moved;
}

function isNow(before: string, said: string): boolean {
  return TO.test(before) || (NOW.test(before) && FROM_SAID.test(said));
}

function reasonFor({ words, value, strength }: Mention, clause: string): Evidence {
  return { where: "body", words: `${clause.slice(-8)}${words}`, speaksFor: value!, weight: 7.5 * strength };
}

const FROM_SAID = /原|从|由|以前|之前|过去|曾|离开|调|formerly|previously|used to|left|moved/;

/** Whom a list, an address or a domain still counts among those he has left. */
export function isLeft(moved: Moved, unit: string): boolean {
  if (moved.to.size > 0) return !moved.to.has(unit);
  return moved.from.size > 0 ? moved.from.has(unit) : moved.hinted;
}
