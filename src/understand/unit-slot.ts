// Places in a line where nothing but the writer's unit can stand: there an abbreviation or a mistyped name is one too.
import { abbreviationsOf } from "./abbreviation.ts";
import type { Knowledge } from "./knowledge.ts";
import type { Mention } from "./names.ts";
import { organisationAt } from "./organisation.ts";
import { isChineseName, isFamiliarName } from "./people.ts";
import { unitMentions } from "./unit-mention.ts";
import { VISITOR } from "./unit-standing.ts";

/** What ends such a place. */
const END =
  "(?=的|工作|上班|任职|教书|从事|负责|做|当|干|[待呆]了|职工|员工|[,，。;；:：!！?？、~～\\s]|一[名个位]|$)";
const I = "(?:我们?|咱们?|俺们?|本人|笔者|鄙人|在下|老朽|余)";
const WORDS = `(?<unit>[\\p{Script=Han}\\d()a-z]{2,16}?)`;
const SLOTS: { pattern: RegExp; weight: number }[] = [
  // 我是市图的小李, 本人系二公司职工
  {
    pattern: new RegExp(
      `${I}(?:现在|目前|就|也|都)?(?:是|系|乃|来自|隶属|属于?|[任就供]职于?)(?:一[名个位])?${WORDS}${END}`,
      "u",
    ),
    weight: 6.5,
  },
  // 我在内境中心上班
  {
    pattern: new RegExp(
      `${I}[^,，。;；]{0,6}?在${WORDS}(?=工作|上班|任职|教书|从事|负责|做[^了]|当[^地]|干|[待呆]了|返聘|值班|[一二三四五六七八九十\\d]+年)`,
      "u",
    ),
    weight: 6.5,
  },
  // 来自城东所
  { pattern: new RegExp(`(?:^|[,，。;；!！\\s])(?:来自|[就任供]职于)${WORDS}${END}`, "u"), weight: 6 },
  // 叫胡建国，气公司的
  {
    pattern: new RegExp(
      `(?:^|[,，。;；!！~～…\\s])${WORDS}(?:\\p{Script=Han}{0,3})的[呀啊哦哈呢嘛]?(?=$|[,，。!！~～…\\s])`,
      "u",
    ),
    weight: 4.5,
  },
];

/** Who introduces himself does so before he has said this much. */
const LOOKED_AT = 300;

export interface Slotted {
  mention: Mention;
  weight: number;
}

/** Units that an opening or closing line names in such a place in a way no plain search finds. */
export function slottedIn(line: string, knowledge: Knowledge): Slotted[] {
  const plain = line.slice(0, LOOKED_AT);
  for (const { pattern, weight } of SLOTS) {
    const slot = pattern.exec(plain);
    const words = slot?.groups?.unit;
    if (!words || !/\p{Script=Han}/u.test(words)) continue;
    if (VISITOR.test(plain.slice(plain.indexOf(words, slot.index) + words.length))) continue;
    const found = unitsNamed(words, knowledge);
    if (found.length > 0) return found.map((mention) => ({ mention, weight }));
  }
  return [];
}

/** What a place that must hold a unit says; several where the words fit several. */
export function unitsNamed(words: string, knowledge: Knowledge): Mention[] {
  const named = unitMentions(words, knowledge);
  if (named.length > 0) {
    const widest = named.reduce((a, b) => (b.end - b.start > a.end - a.start ? b : a));
    return named.filter((one) => one.start === widest.start || one.strength >= widest.strength);
  }
  const short = withoutHost(words, knowledge);
  for (const part of new Set([words, short, organisationAt(words) ?? "", short.replace(DIVISION, "")])) {
    if (part.length < 2 || isChineseName(part) || isFamiliarName(part)) continue;
    const found = abbreviationsOf(knowledge.units, part);
    if (found.length > 0) return found;
  }
  return [];
}

/** 心内|二区护士站: the part of a department that he sits in. */
const DIVISION =
  /(?:[一二三四五六七八九十东西南北\d]+(?:病?区|楼|层|组|队|班))?(?:护士站|病房|病区|门诊|窗口|办公室|值班室|班组)?$/;

function withoutHost(words: string, knowledge: Knowledge): string {
  const host = [...knowledge.hosts, ...knowledge.places].find((one) => words.startsWith(one));
  return host ? words.slice(host.length) : words;
}
