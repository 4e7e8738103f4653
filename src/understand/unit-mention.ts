// Configured units where a text names them: not a sister's of another place, not a part of a longer name.
import { unitOf } from "../campaign/campaign.ts";
import type { Evidence, Place } from "./evidence.ts";
import { type Knowledge, levelIn } from "./knowledge.ts";
import { type Mention, mentionsIn } from "./names.ts";

/** A division named behind a unit: "|采编部", "|急诊科护士站". */
export const WHOLE_DIVISION = /^(?:\p{Script=Han}{1,5}(?:部|科|室|组|队|处|中心|车间|班)){1,2}$/u;

/** An organisation that has departments; a department named behind it is its own. */
const INSTITUTION =
  /(?:中心|公司|馆|院|学校|中学|小学|集团|协会|支队|大队|[剧歌]团|研究所|出版社|电视台|电台|车站|工厂|医院|大学|银行|厂)$/;
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

function kindOf({ value }: Mention, knowledge: Knowledge): string | undefined {
  return unitOf(knowledge.campaign, value)?.kind;
}

/** "it" in an English sentence is not the department called IT. */
function isOnlyWord(words: string, raw: string): boolean {
  return /^[a-z]{2,3}$/.test(words) && !new RegExp(`\\b${words.toUpperCase()}\\b`).test(raw);
}

/** Another organisation named after this one, or a place beside it. */
const ANOTHER =
  /^(?:附属|附小|附中|附幼|附校|学会|协会|基金会|家属|门口|门前|门外|对面|旁边?|附近|隔壁|后面|前面|楼下|周边|之友)/;
const BRANCH =
  /^([东西南北中新老一二三四五六七八九十\p{Script=Han}]{1,3})(校区|分校|院区|分院|分馆|厂区|园区|分部|分公司|病区)/u;

/** How surely the words are this unit's name and not part of another's: 0, 1 or between. */
function ownShare(plain: string, mention: Mention, knowledge: Knowledge): number {
  const after = plain.slice(mention.end, mention.end + 8);
  if (ANOTHER.test(after)) return 0;
  if (isElsewhere(plain.slice(Math.max(0, mention.start - 14), mention.start), mention, knowledge)) return 0;
  const branch = BRANCH.exec(after);
  // 第一小学东校区 is configured: then its 西校区 is neither that nor surely 第一小学.
  const sister = branch && hasSister(mention.words, branch[2]!, knowledge);
  return sister ? 0.5 : 1;
}

function hasSister(words: string, branch: string, knowledge: Knowledge): boolean {
  return knowledge.campaign.units.some(({ name }) => name.includes(words) && name.endsWith(branch));
}

/** Words of the sentence before a name; what stands behind the last of them belongs to the name. */
const GRAMMAR =
  /[的是在于为给到自和与及跟同向对由从把被让请去来说看写叫系乃归属,，.。;；:：!！?？、\s()（）【】[\]|/—–\-"“”'‘’]|我们?|咱们?|你们?|本(?=[省市区县镇乡])|现任|建议|希望|转发|转交|代表|推荐/;
const DISTRICT = /([^社院校厂园小景病片库矿])([区县镇乡州旗])$/u;

/** "东城区|图书馆", "县|图书馆", "师范大学|图书馆": the one configured is another. */
function isElsewhere(before: string, mention: Mention, knowledge: Knowledge): boolean {
  const run = before.split(GRAMMAR).at(-1) ?? "";
  if (run === "" || !/^\p{Script=Han}+$/u.test(run)) return false;
  if (
    knowledge.places.some((place) => run.endsWith(place)) ||
    knowledge.hosts.some((host) => run.endsWith(host))
  )
    return false;
  if (/^(?:全|外|邻|兄弟|其他|别的|隔壁)(?:[省市区县镇乡])?$/.test(run)) return true;
  const level = /[省市区县州镇乡校局院厂]$/.exec(run)?.[0];
  if (run.length === 1) {
    if (!level) return false;
    const levels = levelsOf(mention.value!, knowledge);
    return levels.size > 0 ? !levels.has(level) : knowledge.levels.size > 0 && !knowledge.levels.has(level);
  }
  if (/省$/.test(run)) return true;
  // A short form that opens with its level has its town before it: 江州|市图书馆.
  if (/^[省市区县州镇乡]/.test(mention.words)) return false;
  if (DISTRICT.test(run)) return true;
  if (/市$/.test(run)) return knowledge.places.length > 0;
  const name = unitOf(knowledge.campaign, mention.value)?.name ?? "";
  if (!INSTITUTION.test(run)) return false;
  // "演艺中心办公室" is the office of an organisation that is not ours; "仁和医院急诊科" may be said of our own.
  return kindOf(mention, knowledge) === "office" || !DEPARTMENT.test(name)
    ? !ownsDepartments(run, knowledge)
    : false;
}

/** Where nearly all units are departments, the organisation before one is the campaign's own. */
function ownsDepartments(run: string, knowledge: Knowledge): boolean {
  const { units } = knowledge.campaign;
  const departments = units.filter(({ name }) => DEPARTMENT.test(name)).length;
  return departments >= units.length * 0.6 && /(?:医院|学校|大学|学院|公司|集团|局|厂|院)$/.test(run);
}

function levelsOf(code: string, knowledge: Knowledge): Set<string> {
  const unit = unitOf(knowledge.campaign, code);
  return new Set([unit?.name ?? "", ...(unit?.aliases ?? [])].flatMap((name) => levelIn(name) ?? []));
}
