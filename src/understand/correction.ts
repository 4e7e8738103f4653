// Changes asked for in plain words: another unit, type, name or title, a new version, a withdrawal.
import type { CorrectionRequest } from "./evidence.ts";
import { itemsIn, PROPOSES } from "./kind.ts";
import { HINT, type Knowledge } from "./knowledge.ts";
import { type Line, plainOf } from "./letter.ts";
import { mentionsIn, resolveName } from "./names.ts";
import { namesIn } from "./people.ts";
import { tidy } from "./title.ts";

export interface Correction {
  requests: CorrectionRequest[];
  /** The words that ask for it. */
  words: string[];
  /** Something is to be changed, but not to what. */
  unclear: boolean;
}

const LONGEST = 220;
const WRONG =
  "(?:写|填|弄|搞|标|登记|识别|归|分|署|报)?(?:错(?!峰|位|落|综|过|开|时|层|杂)了?|有误|不对|不正确|反了)";
const SHOULD =
  "(?:[,，。;；、!！]?\\s*(?:请|麻烦|烦请|需要?|帮忙?)*(?:您|你们?|给)*(?:把[^,，。]{0,8})?(?:应该?[是为]|应当[是为]|正确的?(?:应该?)?[是为]|改[为成到]|更正[为成]|更改[为成]|修改[为成]|修正为|换成|调整[为到]|变更为|实际[上]?[是为]|其实是|是|为)\\s*[:：]?)";
const ABOUT = {
  unit: "(?:所属|所在|提交|报送|我的|我们的|登记的)?(?:单位|部门|处室|学校|科室)(?:名称)?",
  type: "(?:类型|类别|种类|分类|材料类型)",
  people: "(?:作者|姓名|名字|人名|建议人|提出人|提案人|署名|申报人)",
  title: "(?:标题|题目|名称|主题)",
};
/** What stands in the ledger and is wrong: "你们写成第一中学了", "不是护理部". */
const MISTAKEN =
  /(?:不是|并非|而非|不在|误|错|写成|登记[成为]|登成|当成|当作|弄成|搞成|归[到为成]|算[成到]|填成|分[到成]|标成|改成了|原来[是在]?|以前[是在]?|instead of|not (?:the )?)(?:了|的是)?$/;
/** "我是附小的", "我现在调到急诊科了". */
const MINE =
  /(?:我们?|本人|我校|我科)(?:单位|部门)?[^,，。;；]{0,6}?(?:是|在|属于|调到|调入|转到|来自)(?:的是)?$/;
type Fact = keyof typeof ABOUT;

const TAKEN_FOR =
  /(?:单位|部门|处室|学校|科室)[^,，。;；!！\n]{0,6}?(?:写|登记|登|当|弄|搞|归|算|填|分|标)(?:成|作|为|到)/;

const chinese = (fact: Fact) =>
  new RegExp(
    `${ABOUT[fact]}(?:不是[^,，。;；\\n]{1,20}|[^,，。;；!！\\n]{0,10}?${WRONG}了?|[^,，。;；!！\\n]{0,6})?${SHOULD}(?<value>[^\\n。;；!！]{1,60})`,
  );
const wrongOnly = (fact: Fact) => new RegExp(`${ABOUT[fact]}[^,，。;；!！\\n]{0,10}?${WRONG}`);
const FACTS = ["unit", "type", "people", "title"] as const;
const once = (made: (fact: Fact) => RegExp) =>
  Object.fromEntries(FACTS.map((fact) => [fact, made(fact)])) as Record<Fact, RegExp>;
const CHINESE = once(chinese);
const WRONG_ONLY = once(wrongOnly);
const ENGLISH: Record<Fact, RegExp> = {
  unit: /(?:wrong (?:unit|department|school|office)|(?:unit|department|school|office) (?:is|was) (?:wrong|incorrect)|(?:unit|department|school|office))\b.{0,40}?(?:should be|should read|must be|change(?:d)? (?:it )?to|is actually|->)\s*(?:the )?(?<value>[^.\n;]{2,60})/,
  type: /\b(?:type|category)\b.{0,30}?(?:should be|change(?:d)? (?:it )?to|is actually)\s*(?:an? |the )?(?<value>[^.\n;]{2,60})/,
  people:
    /\b(?:author|name|proposer)\b.{0,40}?(?:should be|should read|change(?:d)? (?:it )?to|is actually)\s*(?<value>[^.\n;]{2,60})/,
  title: /\btitle\b.{0,30}?(?:should be|should read|change(?:d)? (?:it )?to)\s*(?<value>[^\n;]{2,80})/,
};
const NOT_BUT =
  /(?:我们?|本人)(?:单位)?(?:不是|并非)(?<wrong>[^,，。;；]{2,20})的?[,，]?\s*(?:而?(?:我们?)?是|应该?[是为])(?<value>[^,，。;；]{2,20})/;
/** "应该是重症医学科，不是护理部", "不是护理部，是重症医学科", "should be X, not Y". */
const SHORT_NOT_BUT =
  /^(?:您好|你好)?[,，!！]?(?:我们?)?(?:应该?[是为]|应为|改[为成]|是)(?<right>[^,，。;；]{2,20})[,，]\s*(?:而)?不是(?<wrong>[^,，。;；]{2,20})|^(?:您好|你好)?[,，!！]?不是(?<wrong2>[^,，。;；]{2,20})[,，]\s*(?:而?是|应该?[是为]|应为)(?<right2>[^,，。;；]{2,20})|should be (?:the )?(?<right3>[a-z &]{3,40}), not (?:the )?(?<wrong3>[a-z &]{3,40})/;
const TYPE_NOT_BUT =
  /(?:这|该|本|那|上次|它)[^,，。;；]{0,10}?(?:是|应为|应该?[是为]|属于)(?<a>[^,，。;；]{2,20})[,，]?\s*(?:而?不是|并非|而非)(?<b>[^,，。;；]{2,20})|(?:这|该|本|那|它)[^,，。;；]{0,10}?(?:不是|并非)(?<c>[^,，。;；]{2,20})[,，]?\s*(?:而?是|应为|应该?[是为])(?<d>[^,，。;；]{2,20})|(?:it|this) is (?:an? |the )?(?<e>[a-z ]{3,30}), not (?:an? |the )?(?<f>[a-z ]{3,30})/;
/** What is withdrawn: not the paper cups of an idea, "一次性纸杯不要了". */
const SUBMITTED =
  /我的|我那|[这那该][条个份篇封]|上次|之前|刚才|前面|昨天|编号|[a-z]{2,}-\d{2,}|投稿|稿件|征文|建议|点子|提案|总结|报告|方案|参评|申报|\b(?:my|our|idea|suggestion|submission|proposal)\b/;
const PLAIN_WITHDRAWAL = /撤回|撤稿|撤下来|\bwithdraw|\bretract/;
const WITHDRAW =
  /撤回|撤稿|撤销|撤下|取消(?:提交|申报|这|该|我)|作废|收回(?:我|该|这|上)|不(?:再)?(?:参加|参评|提交)了|不要了|请(?:予以?)?删除|\bwithdraw|\bretract|\bcancel my|please (?:delete|disregard|ignore) (?:my|the|our)/;
const NOT_WITHDRAWN =
  /(?:不|无需|没有?|不要|勿)(?:想|能|必|要)?撤|建议(?:取消|撤销)|如(?:果|若|您?不|无)[^。;；]{0,14}请(?:予以?)?删除|打扰|do not withdraw|don't withdraw/;
export const REPLACE =
  /修改稿|修订稿|更新稿|更新版|修改版|修订版|修正版|新版本?|最新版|定稿|终稿|第二版|第[二三四五]稿|以此(?:次|稿|份|版|件)?为准|以(?:这|本)[^,，。]{0,6}为准|以附件为准|(?:请|来|用[^,，。]{0,6})替换|替换(?:掉)?(?:之前|原来|上次|前面|旧|原)|更换(?:附件|文件)|重新(?:提交|发送|上传|报送|发)|重发|补发|补交|补报|补充附件|忘(?:了|记)?[^,，。]{0,4}附件|漏(?:了|发)[^,，。]{0,4}附件|\bv[2-9]\b|revised|updated version|new version|supersedes?|replaces?|re-?send|corrected version|use this (?:one|version)|final version|forgot (?:the|to) attach/;

export function correctionIn(lines: Line[], knowledge: Knowledge): Correction {
  const text = lines.map((line) => line.raw.normalize("NFKC")).join("\n");
  const plain = lines.map((line) => line.plain).join("\n");
  const found: Correction = { requests: [], words: [], unclear: false };
  if (plain.length > LONGEST * 3) return found;
  for (const fact of FACTS) readFact(fact, text, plain, knowledge, found);
  readNotBut(plain, knowledge, found);
  if (plain.length <= LONGEST && withdraws(plain)) {
    found.requests.push({ action: "withdraw" });
    found.words.push(WITHDRAW.exec(plain)![0]);
  }
  if (plain.length <= LONGEST && REPLACE.test(plain)) {
    found.requests.push({ action: "replace" });
    found.words.push(REPLACE.exec(plain)![0]);
  }
  return found;
}

function withdraws(plain: string): boolean {
  if (!WITHDRAW.test(plain) || NOT_WITHDRAWN.test(plain)) return false;
  return PLAIN_WITHDRAWAL.test(plain) || (SUBMITTED.test(plain) && !PROPOSES.test(plain));
}

function readFact(fact: Fact, text: string, plain: string, knowledge: Knowledge, found: Correction): void {
  const source = fact === "people" || fact === "title" ? text : plain;
  const match =
    CHINESE[fact].exec(source) ?? ENGLISH[fact].exec(fact === "unit" || fact === "type" ? plain : text);
  const value = match?.groups?.value?.trim();
  if (!match || !value) {
    const wrong = WRONG_ONLY[fact].exec(plain) ?? (fact === "unit" ? TAKEN_FOR.exec(plain) : null);
    if (wrong && plain.length <= LONGEST) {
      const meant =
        fact === "unit" ? meantUnit(plain, knowledge) : fact === "people" ? meantPeople(text) : null;
      if (meant) {
        found.requests.push(meant);
        found.words.push(wrong[0]);
        return;
      }
      found.unclear = true;
      found.words.push(wrong[0]);
    }
    return;
  }
  const request = requestOf(fact, value, knowledge);
  if (request) {
    found.requests.push(request);
    found.words.push(match[0].slice(0, 60));
    return;
  }
  // "单位是…" without a configured name is only a sentence; with 错 or 改 it is a wish we do not understand.
  if (/错|有误|不对|改|更正|变更|调整|应该?[是为]|wrong|incorrect|should|change/.test(match[0])) {
    found.unclear = true;
    found.words.push(match[0].slice(0, 60));
  }
}

/** "单位登记错了，我现在调到急诊科了": the one unit the writer calls his own. */
function meantUnit(plain: string, knowledge: Knowledge): CorrectionRequest | null {
  const named = mentionsIn(knowledge.units, plain, { typos: true }).filter(
    (one) =>
      one.value !== null && MINE.test(plain.slice(0, one.start)) && !MISTAKEN.test(plain.slice(0, one.start)),
  );
  const [unit] = new Set(named.map((one) => one.value!));
  return unit && named.every((one) => one.value === unit) ? { action: "unit", unit } : null;
}

/** "姓名错了，我叫郝大永，不是郝大勇". */
function meantPeople(text: string): CorrectionRequest | null {
  const said = /(?:我|本人|作者|名字)(?:叫|是)(?<name>\p{Script=Han}{2,4}?)(?=$|[,，。;；!！\s])/u.exec(text);
  const people = said ? namesIn(said.groups!.name!) : [];
  return people.length > 0 ? { action: "people", people } : null;
}

function requestOf(fact: Fact, value: string, knowledge: Knowledge): CorrectionRequest | null {
  const clause = value.split(/[,，]/)[0]!;
  switch (fact) {
    case "unit": {
      const unit = resolveName(knowledge.units, plainOf(clause).replace(/^["“'「]|["”'」]$|的$/g, ""));
      return unit?.value ? { action: "unit", unit: unit.value } : null;
    }
    case "type":
      return typeRequest(clause, knowledge);
    case "people": {
      const people = namesIn(clause.replace(/[,，]?(?:不是|而非|not ).*$/, ""));
      return people.length > 0 ? { action: "people", people } : null;
    }
    case "title": {
      const quoted = /[《“"「](.+?)[》”"」]/.exec(value);
      const title = tidy(quoted?.[1] ?? clause);
      return title.length >= 2 && !/^(?:错|对)/.test(title) ? { action: "title", title } : null;
    }
    default:
      return fact satisfies never;
  }
}

function typeRequest(words: string, knowledge: Knowledge): CorrectionRequest | null {
  const plain = plainOf(words);
  const item = itemsIn(plain, knowledge)[0]?.value?.split("/");
  const named = mentionsIn(knowledge.kinds, plain, { typos: false }).filter((m) => m.strength > HINT);
  const last = named.at(-1)?.value ?? item?.[0];
  return last ? { action: "type", type: last, item: item?.[0] === last ? (item[1] ?? null) : null } : null;
}

function readNotBut(plain: string, knowledge: Knowledge, found: Correction): void {
  if (plain.length > LONGEST || found.requests.length > 0) return;
  const unit = NOT_BUT.exec(plain) ?? SHORT_NOT_BUT.exec(plain);
  const said = unit?.groups ?? {};
  const named = (words: string | undefined) =>
    words ? resolveName(knowledge.units, words.replace(/的$/, "")) : null;
  const wrong = named(said.wrong ?? said.wrong2 ?? said.wrong3);
  const right = named(said.value ?? said.right ?? said.right2 ?? said.right3);
  if (unit && wrong?.value && right?.value) {
    found.requests.push({ action: "unit", unit: right.value });
    found.words.push(unit[0]);
  }
  const kind = TYPE_NOT_BUT.exec(plain);
  if (!kind) return;
  const { a, b, c, d, e, f } = kind.groups!;
  const is = typeRequest(a ?? d ?? e ?? "", knowledge);
  const isNot = typeRequest(b ?? c ?? f ?? "", knowledge);
  if (is && isNot && is.action === "type" && isNot.action === "type" && is.type !== isNot.type) {
    found.requests.push(is);
    found.words.push(kind[0]);
  }
}
