// What reads like an organisation's name, whether it is configured or not: how far it reaches, where it stops.
import { isChineseName } from "./people.ts";

/** What names of organisations end in; the longer first, since 服务中心 is more of a name than 中心. */
const HEADS =
  "公司|集团|银行|支行|分行|学校|学院|大学|中学|小学|初中|高中|幼儿园|附小|附中|职高|职校|党校|医院|卫生院|卫生室|诊所|门诊|病区|病房|药房|护士站|社区|街道|居委会|村委会|委员会|管委会|组委会|协会|学会|商会|联合会|基金会|工会|团委|中心|图书馆|派出所|事务所|研究所|研究院|服务站|车站|工区|工段|车间|车队|班组|项目部|俱乐部|出版社|报社|电视台|电台|剧团|剧院|乐团|校区|院区|园区|厂区|矿区|分校|分院|分馆|分局|分公司|支队|大队|中队|物业|超市|酒店|书店|办公室|局办|院办|校办|党办|[一二三四五六七八九十\\d](?:小|中|院|厂|所|队)|[局处科室部院所馆站厂村镇乡委会队团店库园台社厅]";
const NAME = new RegExp(`^[\\p{Script=Han}\\d()a-z·]{1,28}?(?:${HEADS})$`, "u");
/** A head is none before these: 馆长, 科员, 站里, 院门口, 部门, 室内. */
const NOT_AFTER = /^(?:[长员友里内外门]|一般|办的?$)/;
/** Words in front of a name that are not of it: 我们, 咱, 现任, 原. */
const BEFORE =
  /^(?:[我本咱贵]们?[院校局司馆厂所站](?=\p{Script=Han}{3})|我们?|咱们?|俺们?|本|敝|贵|现|原|在|是|来自|系|于|为|由|[就任供]职于|一[名个位]|你们?|这个?|那个?)+/u;
/** No organisation is called so by itself. */
const COMMON =
  /^(?:[各我贵本该全贱敝某每这那哪两几多]*(?:单位|部门|科室|处室|学校|公司|医院|集团|中心|办公室|委员会|社区|街道|车间|班组|馆|校|院|局|厂|站|所|室|村|镇|乡|市|县|区|省|家|会|部|科|处|队|组|班|园)|.*(?:机会|聚会|社会|开会|会议室|体会|大会|全部|内部|外部|干部|一部|局部|俱乐部活动|集团?队|仓库|题库|书店|商店|教室|卧室|浴室|晚会|班会|家长会|年会|例会|座谈会|不会|只会|才会|也会|就会|公园|校园|乐园|舞台|平台|柜台|后台|阳台|电梯间|公交站|地铁站|网站|本科|全科|百科|到处|好处|坏处|用处|难处|长处|短处|何处|别处|深处|住处|益处|之处))$/;

/** Where an organisation's name stops even without a mark. */
const STOPS =
  /的|工作|上班|任职|就职|供职|任教|从事|负责|做[^饭]|当[^地]|干[了过活]|教[了过书]|待[了过]|住院|退休|借调|[,，。;；:：!！?？、~～"'“”]|(?:[就都也还又]是)|了|吗|呢|吧|啊|呀/;

/**
 * The organisation a run of words begins with: the longest beginning that reads like a name, cut before titles, people's
 * names and verbs. Null where nothing does.
 */
export function organisationAt(words: string): string | null {
  const lead = BEFORE.exec(words)?.[0] ?? "";
  const run = words.slice(lead.length);
  const stop = STOPS.exec(run);
  const piece = run.slice(0, Math.min(stop?.index ?? run.length, 28));
  for (let end = piece.length; end >= 3; end -= 1) {
    const name = piece.slice(0, end);
    if (!NAME.test(name) || COMMON.test(name) || NOT_AFTER.test(run.slice(end))) continue;
    // 陈晓室, 王海团: three characters that are a person's.
    if (isChineseName(name) && name.length <= 3 && !/[一二三四五六七八九十小中]/.test(name)) continue;
    return name;
  }
  return null;
}

/** English: "Riverside Branch Library", "the Conservation Department". */
const ENGLISH =
  /\b(?:(?:Department|Office|Bureau|Institute|College|School|Museum|Faculty|Ministry) of (?:[A-Z][\p{L}'’-]*)(?: (?:and|&|of|for) [A-Z][\p{L}'’-]*| [A-Z][\p{L}'’-]*)*|(?:[A-Z][\p{L}'’&.-]*|of|the|and|for|at|St\.?)(?: (?:[A-Z][\p{L}'’&.-]*|of|the|and|for|&))* (?:Library|Libraries|Museum|Gallery|Theatre|Theater|School|College|University|Academy|Department|Office|Bureau|Cent(?:re|er)|Clinic|Hospital|Surgery|Station|Branch|Division|Section|Unit|Team|Ward|Faculty|Institute|Committee|Council|Trust|Society|Association|Company|Ltd|Inc|Group|Workshop|Depot|Garage|Laboratory|Lab|Archive|Archives|Studio|Kindergarten|Nursery)\b(?: (?:of|for) (?:[A-Z][\p{L}'’-]*)(?: (?:and|&|of) [A-Z][\p{L}'’-]*| [A-Z][\p{L}'’-]*)*)?)/u;

export function englishOrganisationIn(raw: string): string | null {
  const found = ENGLISH.exec(raw)?.[0].replace(/^(?:(?:of|the|and|for|at|from|our|my) )+/i, "");
  return found?.includes(" ") ? found : null;
}
