// Configured units where a text names them: not a sister's of another place, not a part of a longer name.
import { unitOf } from "../campaign/campaign.ts";
import { soundsLike } from "../text/sound.ts";
import type { Evidence, Place } from "./evidence.ts";
import { type Knowledge, levelIn } from "./knowledge.ts";
import { plainOf } from "./letter.ts";
import { type Mention, mentionsIn } from "./names.ts";
import { organisationAt } from "./organisation.ts";
import { isChineseName } from "./people.ts";

/** A division named behind a unit: "|采编部", "|急诊科护士站". */
export const WHOLE_DIVISION = /^(?:\p{Script=Han}{1,5}(?:部|科|室|组|队|处|中心|车间|班)){1,2}$/u;

/** An organisation that has departments; a department named behind it is its own. */
const INSTITUTION =
  /(?:中心|公司|馆|院|学校|中学|小学|集团|协会|支队|大队|[剧歌]团|研究所|出版社|电视台|电台|车站|工厂|医院|大学|学院|银行|农商行|信用社|供销社|物业|厂|政府|妇联|总工会|法院|检察院|公安局)$/;
/** What a unit that is part of an organisation is called. */
export const DEPARTMENT = /[科室部处股组]$|办公室$|工会$|团委$|党委$|^.{2,4}中心$|病区$|门诊$|药房$|班$/;
/** Longest typed line that is searched for typos everywhere; in longer ones only where a name must stand. */
const TYPOS_WITHIN = 120;

export function reason(where: Place, mention: Mention, weight: number): Evidence {
  const sure = mention.strength * (mention.typo ? 0.85 : 1);
  const seen =
    mention.learned === undefined
      ? { where, words: mention.words }
      : { where: "office" as const, words: mention.learned };
  return { ...seen, speaksFor: mention.value!, weight: weight * sure };
}

/** Configured units in a text; a unit's own sub-office ("市图书馆办公室") is that unit's. */
export function unitMentions(plain: string, knowledge: Knowledge, raw = ""): Mention[] {
  const kept: Mention[] = [];
  let endOfNothing = -1;
  for (const mention of mentionsIn(knowledge.units, plain, { typos: plain.length <= TYPOS_WITHIN })) {
    if (raw !== "" && isOnlyWord(mention.words, raw)) continue;
    if (mention.value === null) {
      endOfNothing = mention.end;
      continue;
    }
    if (endOfNothing === mention.start && mention.strength < 1) continue;
    if (mention.typo && (isLongerWord(plain, mention, knowledge) || isLongerName(plain, mention))) continue;
    const before = kept.at(-1);
    const attached = before !== undefined && before.end === mention.start;
    const kind = unitOf(knowledge.campaign, mention.value)?.kind;
    if (attached && kind === "office" && kindOf(before, knowledge) === "grassroots") continue;
    const share = attached ? 1 : ownShare(plain, mention, knowledge);
    if (share === 0) continue;
    // "文化局图书馆" is the library; of "东院区检验科" either may be meant.
    if (attached && kindOf(before, knowledge) === "grassroots") {
      kept[kept.length - 1] = { ...before, strength: before.strength * 0.8 };
      kept.push({ ...mention, strength: mention.strength * 0.8 });
      continue;
    }
    if (attached) kept.pop();
    kept.push(share === 1 ? mention : { ...mention, strength: mention.strength * share });
  }
  return kept;
}

/** 文物保护修|复部 is no 文物保护处 mistyped: its last character goes on, and sounds otherwise. */
function isLongerWord(plain: string, { words, value, end }: Mention, knowledge: Knowledge): boolean {
  if (!/^\p{Script=Han}/u.test(plain.slice(end))) return false;
  const unit = unitOf(knowledge.campaign, value);
  const names = [unit?.name ?? "", ...(unit?.aliases ?? [])].map(plainOf);
  const meant = names.find(
    (name) => name.length === words.length && name.slice(0, -1) === words.slice(0, -1),
  );
  return meant !== undefined && !soundsLike(words, meant);
}

/** 南湖社区|卫生服务中心 is a house of its own and no 南园社区 mistyped. */
function isLongerName(plain: string, { start, words }: Mention): boolean {
  const name = organisationAt(plain.slice(start, start + 24));
  return name !== null && name.length > words.length + 1 && LONGER.test(name.slice(words.length));
}
const LONGER = /(?:服务中心|卫生院|服务站|中心|公司|医院|学校|幼儿园|小学|中学|派出所)$/;

function kindOf({ value }: Mention, knowledge: Knowledge): string | undefined {
  return unitOf(knowledge.campaign, value)?.kind;
}

/** "it" in an English sentence is not the department called IT. */
function isOnlyWord(words: string, raw: string): boolean {
  if (!/^[a-z]{2,3}$/.test(words)) return false;
  // 我是icu的护士: among Chinese characters it is no English word.
  return !new RegExp(
    `\\b${words.toUpperCase()}\\b|\\p{Script=Han} ?${words}|${words} ?\\p{Script=Han}`,
    "u",
  ).test(raw);
}

/** Another organisation named after this one, or a place beside it. */
const ANOTHER =
  /^(?:附属|附小|附中|附幼|附校|学会|协会|基金会|家属|门口|门前|门外|对面|旁边?|附近|隔壁|后面|前面|楼下|周边|之友)/;
const BRANCH =
  /^([东西南北中新老一二三四五六七八九十\p{Script=Han}]{1,3})(校区|分校|院区|分院|分馆|厂区|园区|分部|分公司|病区)/u;

/** A house's word behind a name that does not end in one: 社会文化|站 is no 社会文化处. */
const HOUSE_BEHIND =
  /^(?:[馆院校局所厂站社](?![长员友里内外门会区])|学校|中学|小学|大学|学院|幼儿园|医院|公司|支队|大队|协会)/;
const ENDS_NAME = /[馆院校局所厂站社处科室部股组队园区司团行店村镇乡会委办班]$|中心$/;

function isOtherHouse({ words, value }: Mention, after: string, { campaign }: Knowledge): boolean {
  const house = HOUSE_BEHIND.exec(after)?.[0];
  if (!house || ENDS_NAME.test(words)) return false;
  const unit = unitOf(campaign, value);
  return ![unit?.name ?? "", ...(unit?.aliases ?? [])].some((name) => plainOf(name).includes(words + house));
}

/** How surely the words are this unit's name and not part of another's: 0, 1 or between. */
function ownShare(plain: string, mention: Mention, knowledge: Knowledge): number {
  const after = plain.slice(mention.end, mention.end + 8);
  if (ANOTHER.test(after) || isOtherHouse(mention, after, knowledge)) return 0;
  if (isOtherEnglish(plain.slice(Math.max(0, mention.start - 24), mention.start), mention)) return 0;
  const placed = placedShare(plain.slice(Math.max(0, mention.start - 14), mention.start), mention, knowledge);
  const branch = BRANCH.exec(after);
  // 第一小学东校区 is configured: then its 西校区 is neither that nor surely 第一小学.
  const sister = branch && hasSister(mention.words, branch[2]!, knowledge);
  return sister ? placed * 0.5 : placed;
}

function hasSister(words: string, branch: string, knowledge: Knowledge): boolean {
  return knowledge.campaign.units.some(({ name }) => name.includes(words) && name.endsWith(branch));
}

/** What may stand before a short English name without being of it. */
const ENGLISH_BEFORE =
  /^(?:the|a|an|our|your|my|this|that|in|at|of|from|for|to|with|by|about|and|or|dear|i|we|regards|thanks|sincerely|faithfully|truly|yours|wishes|cheers|re|fw|fwd|is|are|main|central)$/;

/** "Riverside Branch |Library": a longer name that ends in our short one. */
function isOtherEnglish(before: string, { words, strength }: Mention): boolean {
  if (strength === 1 || !/^[a-z]+$/.test(words)) return false;
  const word = /([a-z'’&-]+) $/.exec(before)?.[1];
  return word !== undefined && !ENGLISH_BEFORE.test(word);
}

/** Words of the sentence before a name; what stands behind the last of them belongs to the name. */
const GRAMMAR =
  /[的是在于为给到自和与及跟同向对由从把被让请去来说看写叫系乃归属,，.。;；:：!！?？、\s()（）【】[\]|/—–\-"“”'‘’]|我们?|咱们?|你们?|本(?=[省市区县镇乡])|现任|建议|希望|转发|转交|代表|推荐/;
const DISTRICT = /([^社院校厂园小景病片库矿])([区县镇乡州旗])$/u;

/** Houses that stand for themselves: what is attached before one makes it another. */
const HOUSE =
  /(?:馆|医院|卫生院|学校|中学|小学|大学|学院|剧院|剧团|幼儿园|社区|派出所|供电所|书店|电视台|电台|报社)$/;
/** What people put before a unit of their own house. */
const OWN_HOUSE =
  /^(?:集团|总?公司|总厂|总部|本部|机关|直属|[市县区局院校]直|[我本全]?[局院校厂馆司县市区])$/;
const UNEXPLAINED = 0.35;

/** "演艺中心 |办公室", "师范学院 |图书馆": a space keeps a department from no house. */
const BESIDE =
  /(?:^|[\s:：,，。;；|(（])(?<house>\p{Script=Han}{2,12}(?:中心|公司|学校|中学|小学|大学|学院|医院|银行|集团|政府|妇联|物业))\s$/u;

/**
 * "东城区|图书馆", "县|图书馆", "师范大学|图书馆": the one configured is another, 0. "金陵|图书馆": it may be, between.
 */
function placedShare(before: string, mention: Mention, knowledge: Knowledge): number {
  const run = BESIDE.exec(before)?.groups?.house ?? before.split(GRAMMAR).at(-1) ?? "";
  if (run === "" || !/^\p{Script=Han}+$/u.test(run)) return 1;
  if ([...knowledge.places, ...knowledge.hosts].some((known) => run.endsWith(known))) return 1;
  if (/^(?:全|外|邻|兄弟|其他|别的|隔壁)(?:[省市区县镇乡])?$/.test(run)) return 0;
  if (run.length === 1) return isOtherLevel(run, mention, knowledge) ? 0 : 1;
  if (/省$/.test(run)) return 0;
  // A short form that opens with its level has its town before it: 江州|市图书馆.
  if (/^[省市区县州镇乡]/.test(mention.words)) return 1;
  if (DISTRICT.test(run)) return 0;
  if (/市$/.test(run)) return knowledge.places.length > 0 ? 0 : 1;
  const name = unitOf(knowledge.campaign, mention.value)?.name ?? "";
  // "演艺中心办公室" is the office of an organisation that is not ours; "仁和医院急诊科" may be said of our own.
  if (INSTITUTION.test(run) && kindOf(mention, knowledge) === "office" && !ownsDepartments(run, knowledge))
    return 0;
  if (!HOUSE.test(name) || OWN_HOUSE.test(run)) return 1;
  if (INSTITUTION.test(run)) return 0;
  return /^[\p{Script=Han}]{2,4}$/u.test(run) && !isChineseName(run) ? UNEXPLAINED : 1;
}

/** 市 before a name that is the county's. */
function isOtherLevel(run: string, mention: Mention, knowledge: Knowledge): boolean {
  if (!/[省市区县州镇乡校局院厂]/.test(run)) return false;
  const levels = levelsOf(mention.value!, knowledge);
  return levels.size > 0 ? !levels.has(run) : knowledge.levels.size > 0 && !knowledge.levels.has(run);
}

const BUSINESS = /(?:公司|集团|银行|物业)$/;

/** Where nearly all units are departments, the organisation before one is the campaign's own. */
function ownsDepartments(run: string, knowledge: Knowledge): boolean {
  const { units } = knowledge.campaign;
  const departments = units.filter(({ name }) => DEPARTMENT.test(name)).length;
  if (departments < units.length * 0.6) return false;
  const business = BUSINESS.exec(run)?.[0];
  if (business === undefined) return /(?:医院|学校|大学|学院|局|厂|院)$/.test(run);
  // A hospital's people write their hospital's name, never a company's.
  const { campaign } = knowledge;
  const own = [
    campaign.title,
    campaign.office.name,
    ...units.flatMap(({ name, aliases }) => [name, ...aliases]),
  ];
  return own.some((name) => name.includes(business));
}

function levelsOf(code: string, knowledge: Knowledge): Set<string> {
  const unit = unitOf(knowledge.campaign, code);
  return new Set([unit?.name ?? "", ...(unit?.aliases ?? [])].flatMap((name) => levelIn(name) ?? []));
}
