// Of several names in a sentence, which is said to be wrong and which right: "不是…是…", "写成…了", "应为…".
import type { Mention, NameIndex } from "./names.ts";
import { mentionsIn } from "./names.ts";

export type Side = "right" | "wrong" | "neutral";

/** Something is wrong, in the many ways offices say it; 错峰 and 错位 are no mistakes. */
export const WRONG =
  /(?:写|填|弄|搞|标|登记?|识别|归|分|署|报|记|录|打|看|认|张冠李戴)?(?:错(?!峰|位|落|综|过|开|时|层|杂|题)|有误|误矣|笔误|误[写登记认为作]|不对(?!应|等|称)|不正确|不准确?(?!时|备)|反了|张冠李戴)|\b(?:wrong|incorrect|mistaken?|not right)\b/;
/** It is to be otherwise. */
export const SHOULD =
  /应为|应该?[是在算归属写叫]|应当[是为]|本?该[是为]|改[为成到作过一]|(?:更正|更改|修改|修正|订正|纠正|调整|变更)|换成|改正|请改|实[为是]|其实是|正确的?[是为]|改一下|重新(?:归|登|分|算|列)|should (?:be|read)|must be|change(?:d)? (?:it |the \w+ |my \w+ )?to|is actually|correct(?:ed)? to/;

/** "请登记为…", "改归…": the same verbs that say how it was taken wrongly, as a wish. */
const WISHED =
  /(?:请|应该?|应当|要|改|重新|麻烦|帮忙?|按)[^,，。;；!！\n不错误成]{0,8}?(?:写|登记?|归|算|填|记|列|署|改|调|划)(?:成|作|为|到|在|入|进)?[“"「『《]?$/;
/** How it stands in the ledger, wrongly: "写成…", "不是…", "原来在…". */
const STANDS =
  /(?:不是|并非|而非|非|不在|不属于?|(?:误|错)?(?:写|登|登记|记|录|填|标|归|分|算|当|当作|看|认|搞|弄|列|识别|判|署|印|打|划|放|显示)错?(?:成|作|为|到|在|入|进|的是)|报错?[成为作]|怎么(?:就|又|变|给)*成|误[为作]|错[成为]|(?:原[来先本]?|以前|之前|从前|过去|曾经?)[是在]?|instead of|rather than|\bnot(?: at| in| with)?|\b(?:put|have|got) (?:me|us|it) (?:down )?(?:as|under|at)|\bwas|\btaken as|\brecorded as)(?:了|的是|我们?|它|个人的?|什么|一[份个条篇]|所谓的?|这[个份条篇])*\s*(?:the |an? )?[“"「『《（(]?$/;
const SAID_WRONG =
  /^[”"」』》）)]?(?:的|这[个一]?|一[栏项处])?[^,，。;；!！\n(原]{0,6}?(?:是错|错了?|有误|误矣|误|不对|不正确|是笔误|不是我|已不在|素无|无关|(?:is|was) (?:wrong|incorrect|a mistake))/;
/** "把图书馆改成文化馆", "从图书馆调到文化馆": what stands first is left. */
const MOVED_FROM = /(?:把|将|由|从|自|from)[“"「『《]?(?:the )?$/;
const MOVED = /^[”"」』》]?[^,，。;；\n]{0,5}(?:改|换|调|更正|转|移|to\b)/;
const SAID_RIGHT =
  /(?:应为|应该?[是在算归属写叫]|应当[是为]|本?该[是为在]|改[为成到作]|改(?:一下|过来|正)?[:：,，]|(?:更正|更改|修改|修正|订正|纠正|换|调整|变更|转|划)[为成到]|实[为是]|实际[上]?[是在]?|其实[是在]?|正确的?(?:应该?)?[是为]?|真正[是在]?|才?是|而是|[,，。 ]即|乃|系|在|属于?|供职于|就职于|任职于|来自|调[到入去]|转[到入]|归|算|为|按|=|→|>|[:：]|should (?:be|read)|is(?: actually)?|\bto|\bfrom|\bat|\bwith)(?:我们|咱们|了|本)?\s*(?:the |an? )?[“"「『《]?$/;

export function sideOf(text: string, { start, end }: Pick<Mention, "start" | "end">): Side {
  const before = text.slice(Math.max(0, start - 24), start);
  const after = text.slice(end, end + 16);
  if (WISHED.test(before)) return "right";
  if (STANDS.test(before) || (MOVED_FROM.test(before) && MOVED.test(after))) return "wrong";
  if (SAID_WRONG.test(after)) return "wrong";
  return SAID_RIGHT.test(before) ? "right" : "neutral";
}

export interface Contrast {
  /** What the sentence says it is; by its side, else the only one left. */
  right: Mention | null;
  /** Values said to be wrong. */
  wrong: Set<string>;
  /** Whether the one that is right is said to be, and not merely left over. */
  isSaid: boolean;
}

/** `stands`: what is recorded now, which nobody asks to be changed into. */
export function contrastIn(index: NameIndex, text: string, stands: Set<string>, typos: boolean): Contrast {
  const named = mentionsIn(index, text, { typos }).filter((one) => one.value !== null && one.strength > 0.4);
  const sided = named.map((one) => ({ one, side: sideOf(text, one) }));
  const wrong = new Set(sided.filter(({ side }) => side === "wrong").map(({ one }) => one.value!));
  const open = sided.filter(({ one }) => !wrong.has(one.value!));
  const others = open.filter(({ one }) => !stands.has(one.value!));
  const said = onlyOne(others.filter(({ side }) => side === "right")) ?? null;
  const left = said ?? onlyOne(others.filter(({ side }) => side === "neutral"));
  const kept = left ?? (stands.size === 0 ? null : onlyOne(open.filter(({ side }) => side === "right")));
  return { right: kept, wrong, isSaid: said !== null || (left === null && kept !== null) };
}

function onlyOne(sided: { one: Mention }[]): Mention | null {
  const [first] = sided;
  return first && sided.every(({ one }) => one.value === first.one.value) ? first.one : null;
}
