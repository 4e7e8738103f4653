// How much a unit's name inside a line says about who writes: each way of saying it with its reason.
import type { Knowledge } from "./knowledge.ts";
import { type Mention, mentionsIn } from "./names.ts";
import { isChineseName, isFamiliarName } from "./people.ts";
import { ABOUT, startsWithName, TALKED_ABOUT } from "./unit-title.ts";

const I = "(?:我们?|咱们?|俺们?|本人|笔者|鄙人|在下|老朽|余|小可)";
/** "我是|图书馆的", "本人系|", "（张某，）来自|", "供职|". */
const SELF = new RegExp(
  `(?:${I}(?:叫|名叫|是)?[^,，。;；的是在]{0,5}[,，]?(?:就?是|系|乃|来自|隶属|任职于?|就职于?|供职于?|工作于|现任|属于?)|来自|(?:^|[,，。;；:：!！\\s])(?:是|系)|[任就供]职于?)(?:于|一[名个位]|咱们?|我们|本市|我市|(?:[我本咱]们?)?(?:医院|学校|集团|公司|系统|局里?|院)的?|[^,，。;；的]{2,4}[,，])?$`,
);
/** "我在|产科做助产士": only with work behind it; visitors are in places too. */
const SELF_AT = new RegExp(
  `(?:${I}|叫[^,，。]{2,4}|作为(?:一[名个位])?|^|[,，。;；:：!！?？\\s])[,，]?(?:现|目前|一直|也|就|人?都?)?在$`,
);
const AT_WORK =
  /^.{0,12}?(?:工作|上班|教书|教了|教[一二三四五六七八九数语英体音美物化生政历地]|[待呆]了|做了|任职|任教|从事|负责|就职|服务了|干了|干活|当[^,，。]{1,6}[员工师长兵士医]|做[^,，。了]{1,6}(?:士|员|工|师|医|长|的)|值班|坐诊|返聘|实习|烧锅炉|开[^,，。]{0,2}车|跑[^,，。]{0,3}车|[一二三四五六七八九十两几多\d]+(?:来)?年)/;
const SELF_ENGLISH =
  /(?:\b(?:i am|i'm|we are|we're|my name is|this is|writing|i work|we work|i teach|employed|on behalf)\b[^.!?]{0,50}?\b(?:from|at|in|of|for|with)|\bon behalf of|^from|\bhere(?:,| from| at| in)) (?:the )?$/;
/** Readers and patients say whose house they visit. */
export const VISITOR =
  /^的?(?:一[名个位])?(?:忠实|老|普通|热心|常来的?|学生的?|[一二三四五六七八九]年级)*(?:读者|观众|游客|常客|粉丝|邻居|家长|市民|听众|会员|参观者|爱好者|用户|患者|病人|病号|家属|乘客|顾客|visitor|reader|user|parent|patient|passenger)/;
const VISITOR_ENGLISH =
  /\b(?:reader|visitor|user|patient|parent|neighbou?r|fan|customer|passenger|guest|regular)s?\b[^.!?]{0,24}$/;
/** "作为实验小学的一名青年教师": one of its people, said by himself. */
const AS = /作为(?:一[名个位])?(?:来自)?$/;
const ONE_OF_ITS =
  /^的?(?:一[名个位员])?\p{Script=Han}{0,6}?(?:[职员医馆]工|教师|老师|护士|医生|药师|工作人员|[馆队店演讲]员|干部|工程师|技术员|司机|保安|一员)/u;
const OURS = /(?:我们|咱们|俺们|我单位\(?)$/;
const HANDED_IN =
  /(?:现将|兹将|现把|附件[是为]?|附上|这是|这份是|报送|报上|呈上|送上|提交|上报|发上|发来|送审|please find|attached (?:is|are)|here is|enclosed is)(?:我们|一下|一份|the )?\s*$/;
const ON_BEHALF =
  /(?:代|替|帮|受|转发|转交|转呈|转报|转|代表|推荐|现将|兹将|现把|forwarding|behalf of)(?:我们|一下)?\s*$/;
const ITS_PEOPLE = /^的?(?:一[名个位]|几[名位])?(?:同事|职工|员工|同志|老师|教师|医生|护士|司机|师傅)/;
export const HE_IS =
  /(?:[他她]|[这那]位|作者|[老小]\p{Script=Han})(?:就?是|在|来自)(?:于|一[名个位]|我们?)?$/u;
/** "我师傅叫沙德福|修理厂钣金的", "我爸在|后勤烧锅炉": another's, who cannot write himself. */
const KIN =
  "(?:师傅|师父|徒弟|同事|爸|妈|父亲|母亲|爱人|老公|老婆|对象|女儿|儿子|闺女|[哥姐弟妹姑舅叔姨爷奶]{1,2}|老伴|室友|战友)";
const KINSMAN_AT = new RegExp(`${KIN}[^,，。;；]{0,8}?在[^,，。;；]{0,8}$`);
const KINSMAN_CALLED = new RegExp(
  `(?:${KIN}|[他她])[^,，。;；]{0,3}?叫(\\p{Script=Han}{2,4})[,，]?(?:是)?$`,
  "u",
);

/** Of a community its residents are. */
const LIVES_AT = new RegExp(`(?:${I}|叫[^,，。]{2,4}[,，]?)[^,，。;；]{0,4}(?:家?住|家在)在?$`);

/** Where a clause begins: what stands here first is its subject. */
const CLAUSE = /(?:^|[,，。!！?？…~～;；:：\s])$/;
/** "柳溪初中的，", "检验科窗口的，": who says no more than whose he is. */
const OF_IT = /^\p{Script=Han}{0,5}的[呀啊哦哈呢嘛]?(?:$|[,，。!！~～…;；\s])/u;
const THEN_NAME =
  /^(?:\p{Script=Han}{1,6}(?:部|科|室|组|队|处|库|房|班|窗口))?[,，、:：\s]+(\p{Script=Han}{2,4})(?=[,，、。;；:：\s]|$)/u;
const THEN_STATE =
  /^(?:\p{Script=Han}{1,6}(?:部|科|室|组|队|处|库|房|班|窗口))?[,，、\s]+(?:\p{Script=Han}{2,6}[部科室组队处库房班][,，、\s]+)?(?:已?退|返聘|职工|员工|教师|老师|护士|医生|司机)/u;
/** "按西院区算", "请记在电视台名下". */
const COUNT_FOR =
  /(?:[按算记归挂划计]|登记)(?:在|到|成|为|作|入)?(?:我们|[他她]们?和|\p{Script=Han}{2,3}和)?$/u;
const AS_ITS = /^(?:名下|头上|算|来算|统计|的|吧|哈|啊|呗|这边|里|$|[,，。!！;；~～])/;
/** "别记电台", "不是修理厂那个胡建国". */
export const NOT_ITS =
  /(?:别|不要|不是|并非|不再是|莫|勿)(?:再)?(?:[按算记归挂划计]|登记|写)?(?:在|到|成|为|作)?$/;

/** "登记为电台，|应为支队": what stands, and is wrong. */
const CORRECTED =
  /^[”"」』》）)]?[,，;；。:：\s]*(?:[^,，。;；]{0,6}(?:错|有误|不对|误))?[,，;；。:：\s]*(?:请|实|现)?(?:应该?[为是在属归当]|应当|改[为成到]|更正|实为|其实|正确)/;

/** He asks to be counted for it, whatever a list says. */
export function isCountedFor(before: string, after: string): boolean {
  return COUNT_FOR.test(before) && !NOT_ITS.test(before) && AS_ITS.test(after) && !CORRECTED.test(after);
}

/** How much a mention inside a line says about the sender; below nought it says that he is not of it. */
export function standing(plain: string, mention: Mention, prominent: boolean, knowledge: Knowledge): number {
  const before = withoutPlace(plain.slice(0, mention.start), knowledge)
    .slice(-40)
    .replace(/[[(【「“"]$/, "");
  const after = plain.slice(mention.end).replace(/^[\])】」”"]/, "");
  if (!prominent) return ABOUT;
  if (VISITOR.test(after)) return ABOUT;
  if (isCountedFor(before, after)) return 7;
  if (NOT_ITS.test(before)) return -2;
  if (SELF.test(before)) return 6;
  if (SELF_ENGLISH.test(before)) return VISITOR_ENGLISH.test(before) ? ABOUT : 6;
  if (SELF_AT.test(before) && AT_WORK.test(after)) return 6;
  if (LIVES_AT.test(before) && /(?:社区|村|小区|街道|苑|镇)$/.test(mention.words)) return 5;
  if (isSpokenFor(before, after)) return 5.2;
  if (/(?:^|[,.!?] )(?:here )?at (?:the )?$/.test(before) && /^,? (?:we|i)\b/.test(after)) return 5.2;
  if (/\b(?:we|us) (?:here )?(?:at|in|from) (?:the )?$/.test(before)) return 5.2;
  if (AS.test(before) && ONE_OF_ITS.test(after)) return 5.2;
  if (CLAUSE.test(before) && (OF_IT.test(after) || introduces(after))) return 5;
  if ((CLAUSE.test(before) || I_AM.test(before)) && presents(before, after)) return 5;
  // "我们县一中" is what everybody in the county says.
  if (OURS.test(before)) return /^[省市区县乡镇]/.test(mention.words) ? 3.4 : 4.2;
  if (HANDED_IN.test(before) && owedWords(after.slice(0, 30), knowledge)) return 4.4;
  if (startsWithName(after) && !TALKED_ABOUT.test(before)) return 3.4;
  return ABOUT;
}

/** "育英小学，佟谣，大队辅导员", "药学部，中药库房，已退三年". */
function introduces(after: string): boolean {
  const name = THEN_NAME.exec(after)?.[1];
  return (name !== undefined && isChineseName(name)) || THEN_STATE.test(after);
}

/** "我|锡剧院字幕员秦月": without a verb. */
const I_AM = /(?:^|[,，。;；!！\s])我$/;
const TITLED = /^\p{Script=Han}{1,3}(?:老师|医生|护士|大夫|师傅|主任|同志|队长|班长|护士长)$/u;
const ROLE = /^(?:一[名个位])?\p{Script=Han}{0,4}(?:[士师工员手医]|护士长|老师|司机|干部|民警|职工|员工)$/u;

/** "骨一的护士小王。", "出租公司的老姜，", "文艺处小苗，", at the beginning "第二修理厂的钳工。". */
function presents(before: string, after: string): boolean {
  const [clause = ""] = after.split(/(?=[,，。!！?？…~～;；:：\s])/);
  const parts = /^\p{Script=Han}{0,4}?的(\p{Script=Han}{1,9})$/u.exec(clause);
  const opens = before === "" || I_AM.test(before);
  if (!parts) return opens && clause !== after && (isFamiliarName(clause) || isRoleAndName(clause));
  const who = parts[1]!;
  if (TITLED.test(who)) return true;
  if (before === "" && after.startsWith(`${clause}。`) && ROLE.test(who)) return true;
  return [2, 3, 4].some((n) => {
    const [role, name] = [who.slice(0, -n), who.slice(-n)];
    return (isFamiliarName(name) || isChineseName(name)) && (role === "" || ROLE.test(role));
  });
}

/** "字幕员秦月". */
function isRoleAndName(clause: string): boolean {
  return [3, 2, 4].some((n) => isChineseName(clause.slice(-n)) && ROLE.test(clause.slice(0, -n)));
}

/** The unit of somebody else, whose the letter is. */
export function isSpokenFor(before: string, after: string): boolean {
  if (ON_BEHALF.test(before) && (startsWithName(after) || ITS_PEOPLE.test(after))) return true;
  if (HE_IS.test(before)) return true;
  if (KINSMAN_AT.test(before) && AT_WORK.test(after)) return true;
  const called = KINSMAN_CALLED.exec(before)?.[1];
  return called !== undefined && isChineseName(called);
}

/** "我是江州市|图书馆的": the place, or the house, before a short name belongs to the name. */
export function withoutPlace(before: string, knowledge: Knowledge): string {
  const known = [...knowledge.places, ...knowledge.hosts].find((words) => before.endsWith(words));
  return known ? before.slice(0, -known.length) : before.replace(/(?<=是|来自|在)\p{Script=Han}{2}市$/u, "");
}

function owedWords(words: string, knowledge: Knowledge): boolean {
  const mentions = mentionsIn(knowledge.kinds, words, { typos: false });
  return mentions.some((mention) => mention.value !== null && !knowledge.personal.has(mention.value));
}
