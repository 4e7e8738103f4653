// Which unit sends it: reasons from the sender, the titles and the places in a text where people say who they are.
import { unitOf } from "../campaign/campaign.ts";
import type { MailAddress } from "../message/mail.ts";
import type { Evidence, Place, ThreadContext } from "./evidence.ts";
import type { Knowledge, KnownAddress } from "./knowledge.ts";
import { learnedOfSender } from "./learned.ts";
import { closingOf, isDate, type Labelled, type Line, plainOf, segmentsOf } from "./letter.ts";
import { type Mention, mentionsIn, resolveName } from "./names.ts";
import { isChineseName, namesIn } from "./people.ts";

/** A unit that is spoken about, not speaking. */
const ABOUT = 0.4;
const OPENING_LINES = 8;

const SELF =
  /(?:(?:我们?|本人|笔者)(?:叫|名叫|是)?[^,，。;；的是在]{0,5}[,，]?(?:就?是|系|来自|任职于|就职于|供职于|工作于|现任)|来自|(?:^|[,，。;；:\s])(?:是|系)|任职于|就职于|供职于)(?:于|一[名个位]|咱们?|我们|本市|我市|(?:[我本咱]们?)?(?:医院|学校|集团|公司|系统|局里?)的?|[^,，。;；的]{2,4}[,，])?$/;
const SELF_AT = /(?:我们?|本人|笔者|叫[^,，。]{2,4}|作为(?:一[名个位])?)[,，]?(?:现|目前|一直|也)?在$/;
const AT_WORK =
  /^.{0,12}?(?:工作|上班|教书|教了|教[一二三四五六七八九数语英体音美物化生政历地]|待了|做了|任职|任教|从事|负责|就职|服务了|干了|当[^,，。]{1,5}员)/;
const SELF_ENGLISH =
  /(?:\b(?:i am|i'm|we are|we're|my name is|this is|writing|i work|we work|i teach|employed|on behalf)\b[^.!?]{0,50}?\b(?:from|at|in|of|for|with)|\bon behalf of|^from|\bhere(?:,| from| at| in)) (?:the )?$/;
const VISITOR =
  /^的?(?:一[名个位])?(?:忠实|老|普通|热心|常来的?|学生的?|[一二三四五六七八九]年级)*(?:读者|观众|游客|常客|粉丝|邻居|家长|市民|听众|会员|参观者|爱好者|用户|visitor|reader|user|parent)/;
/** "作为实验小学的一名青年教师": one of its people, said by himself. */
const AS = /作为(?:一[名个位])?(?:来自)?$/;
const ONE_OF_ITS =
  /^的?(?:一[名个位员])?\p{Script=Han}{0,6}?(?:[职员医馆]工|教师|老师|护士|医生|药师|工作人员|[馆队店演讲]员|干部|工程师|技术员|司机|保安|一员)/u;
const OURS = /(?:我们|咱们|我单位\(?)$/;
const HANDED_IN =
  /(?:现将|兹将|现把|附件[是为]?|附上|这是|这份是|报送|报上|呈上|送上|提交|上报|发上|发来|送审|please find|attached (?:is|are)|here is|enclosed is)(?:我们|一下|一份|the )?\s*$/;
const ON_BEHALF = /(?:代|替|帮|受|转发|转交|转呈|转|代表|推荐|forwarding|behalf of)(?:我们|一下)?\s*$/;
export const WHOLE_DIVISION = /^(?:\p{Script=Han}{1,5}(?:部|科|室|组|队|处|中心|车间|班)){1,2}$/u;
const ITS_PEOPLE = /^的?(?:一[名个位]|几[名位])?(?:同事|职工|员工|同志|老师|教师|医生|护士)/;
const DIVISION = /^(?:的|\p{Script=Han}{1,5}(?:部|科|室|组|队|处|中心|车间|班)的?)?/u;
const TALKED_ABOUT =
  /(?:关于|对于?|给|为|向|针对|建议|希望|在|到|去|让|请|把|将|与|和|跟|about|for|to|at|in)\s*(?:the )?$/;

/** Who the sender's address, domain and display name belong to. */
export function senderEvidence(sender: MailAddress | null, knowledge: Knowledge): Evidence[] {
  if (!sender) return [];
  const evidence: Evidence[] = [];
  const known = knowledge.addresses.get(sender.address) ?? [];
  for (const { unit, role } of strongestRoles(known)) {
    const units = new Set(known.filter((other) => other.role !== "supervisor").map((other) => other.unit));
    const weight = role === "supervisor" ? (units.size > 0 ? 0.2 : 1) : 6 - Math.log(Math.max(units.size, 1));
    evidence.push({
      where: role === "roster" ? "roster" : "sender-address",
      words: sender.address,
      speaksFor: unit,
      weight,
    });
  }
  const domain = sender.address.slice(sender.address.lastIndexOf("@") + 1);
  const units = unitsOfDomain(domain, knowledge);
  for (const unit of units) {
    evidence.push({
      where: "sender-domain",
      words: domain,
      speaksFor: unit,
      weight: 4.5 - Math.log(units.length),
    });
  }
  evidence.push(...displayEvidence(sender.name, knowledge), ...learnedOfSender(sender.address, knowledge));
  return evidence;
}

/** The address's units, each once with its closest role. */
function strongestRoles(known: KnownAddress[]): KnownAddress[] {
  const roles = ["liaison", "head", "roster", "supervisor"];
  const closest = new Map<string, KnownAddress>();
  for (const one of [...known].sort((a, b) => roles.indexOf(a.role) - roles.indexOf(b.role))) {
    if (!closest.has(one.unit)) closest.set(one.unit, one);
  }
  return [...closest.values()];
}

/** "mail.lib.example" belongs to whom "lib.example" does. */
export function unitsOfDomain(domain: string, knowledge: Knowledge): string[] {
  for (let at = domain; at.includes("."); at = at.slice(at.indexOf(".") + 1)) {
    const units = knowledge.domains.get(at);
    if (units) return [...new Set(units)];
  }
  return [];
}

export function displayEvidence(name: string, knowledge: Knowledge): Evidence[] {
  const plain = plainOf(name);
  if (plain === "") return [];
  const evidence = knownPeople([plain], knowledge);
  const mentions = unitMentions(plain, knowledge, name);
  for (const mention of mentions) {
    evidence.push(reason("sender-name", mention, 4.8));
    const person = plain.replace(mention.words, "").replace(/[()（）\s\-_—·]/g, "");
    if (isChineseName(person)) evidence.push(...knownPeople([person], knowledge));
  }
  if (mentions.length === 0 && plain.length <= 6) {
    const short = resolveName(knowledge.units, plain);
    if (short) evidence.push(reason("sender-name", short, 4.5));
  }
  return evidence;
}

/** People of the roster named as writers; namesakes in several units share the weight. */
export function knownPeople(names: string[], knowledge: Knowledge): Evidence[] {
  return names.flatMap((name) => {
    const units = knowledge.people.get(plainOf(name)) ?? [];
    const weight = 3.9 - Math.log(Math.max(units.length, 1));
    return units.map((unit) => ({ where: "roster" as Place, words: name, speaksFor: unit, weight }));
  });
}

const FOREIGN_HEAD =
  /(?:中心|公司|馆|院|学校|中学|小学|集团|协会|支队|大队|[剧歌]团|研究所|出版社|电视台|电台|车站|工厂|医院)$/;

/** Configured units in a text; a unit's own sub-office ("市图书馆办公室") is that unit's. */
export function unitMentions(plain: string, knowledge: Knowledge, raw = ""): Mention[] {
  const kept: Mention[] = [];
  let endOfNothing = -1;
  for (const mention of mentionsIn(knowledge.units, plain, { typos: plain.length <= 120 })) {
    if (raw !== "" && isOnlyWord(mention.words, raw)) continue;
    if (mention.value === null) {
      endOfNothing = mention.end;
      continue;
    }
    const before = kept.at(-1);
    const attached = before !== undefined && before.end === mention.start;
    if (attached && unitOf(knowledge.campaign, mention.value)?.kind === "office") {
      if (unitOf(knowledge.campaign, before.value)?.kind === "grassroots") continue;
    }
    // "演艺中心办公室": the office of an organisation that is not ours.
    const office = unitOf(knowledge.campaign, mention.value)?.kind === "office";
    if (office && !attached && FOREIGN_HEAD.test(plain.slice(0, mention.start))) continue;
    if (attached) kept.pop();
    if (endOfNothing === mention.start && mention.strength < 1) continue;
    kept.push(mention);
  }
  return kept;
}

/** "it" in an English sentence is not the department called IT. */
function isOnlyWord(words: string, raw: string): boolean {
  return /^[a-z]{2,3}$/.test(words) && !new RegExp(`\\b${words.toUpperCase()}\\b`).test(raw);
}

function reason(where: Place, mention: Mention, weight: number): Evidence {
  const sure = mention.strength * (mention.typo ? 0.85 : 1);
  const seen =
    mention.learned === undefined
      ? { where, words: mention.words }
      : { where: "office" as const, words: mention.learned };
  return { ...seen, speaksFor: mention.value!, weight: weight * sure };
}

/** A subject, file name or heading: alone or beside a person's name a unit is the sender, inside a phrase the topic. */
export function titleEvidence(
  title: string,
  where: Place,
  owedByUnits: boolean,
  knowledge: Knowledge,
): Evidence[] {
  const evidence: Evidence[] = [];
  for (const segment of segmentsOf(title).map(plainOf)) {
    const mentions = unitMentions(segment, knowledge, title);
    for (const mention of mentions) {
      const before = segment.slice(0, mention.start);
      const after = segment.slice(mention.end).replace(WHOLE_DIVISION, "");
      const rest = leftover(`${before}|${after}`, knowledge);
      const typed = mentionsIn(knowledge.kinds, before + after, { typos: false }).some(
        (m) => m.strength > 0.35,
      );
      let weight = ABOUT;
      if (rest === "")
        weight = typed && !owedByUnits && !endsWithName(after) && !/^的/.test(after) ? 2.6 : 4.6;
      else if (owedByUnits && !TALKED_ABOUT.test(before) && leftover(before, knowledge) === "") weight = 4.4;
      else if (!TALKED_ABOUT.test(before) && startsWithName(after)) weight = 3.6;
      evidence.push(reason(where, mention, weight));
    }
    if (mentions.length > 0) continue;
    const bare = leftover(segment, knowledge);
    if (bare.length < 2 || bare.length > 6 || isChineseName(bare)) continue;
    const short = resolveName(knowledge.units, bare);
    if (short) evidence.push(reason(where, short, owedByUnits || bare === segment ? 4.6 : 2.6));
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

const NAME_ENDS = /^(?:$|[,，。;；:：\s()（）的提等、]|同志|老师|共同|联合|一起)/;

function startsWithName(after: string): boolean {
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

export interface TextPlaces {
  text: Place;
  closing: Place;
}
export const BODY: TextPlaces = { text: "body", closing: "closing" };
export const DOCUMENT: TextPlaces = { text: "document-text", closing: "document-closing" };

/** Where a text says who writes: labels, self-introduction, closing; a unit elsewhere in the prose counts little. */
export function textEvidence(
  lines: Line[],
  labels: Labelled[],
  places: TextPlaces,
  knowledge: Knowledge,
): Evidence[] {
  const evidence: Evidence[] = [];
  const several = labels.filter((label) => label.kind === "unit").length > 1;
  for (const label of labels) {
    if (label.kind !== "unit") continue;
    const unit = resolveName(knowledge.units, plainOf(label.value).slice(0, 40));
    if (unit) evidence.push(reason(places.text, unit, several ? 4 : 6));
  }
  const closing = new Set(closingOf(lines));
  lines.forEach((line, index) => {
    // "市文化馆：" at the top is written to, not from.
    const mentions = unitMentions(line.plain, knowledge, line.raw);
    if (index <= 2 && mentions.some((mention) => isAddressed(line.plain, mention))) return;
    for (const mention of mentions) {
      const weight = standing(line, mention, index < OPENING_LINES || closing.has(line), knowledge);
      evidence.push(reason(places.text, mention, weight));
      if (closing.has(line) && signs(line.plain, mention, knowledge))
        evidence.push(reason(places.closing, mention, 5.2));
    }
    if (mentions.length === 0) evidence.push(...abbreviated(line, places, closing.has(line), knowledge));
  });
  return withoutEchoes(evidence);
}

/** A list names its unit in every row; what is said more often than this adds nothing to the sum. */
const MOST_ECHOES = 8;

function withoutEchoes(evidence: Evidence[]): Evidence[] {
  const counts = new Map<string, number>();
  return evidence.filter((one) => {
    const key = `${one.where} ${one.speaksFor} ${one.weight}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count <= MOST_ECHOES;
  });
}

/** Departments that every institution has: inside one, they are its own. */
const EVERYWHERE =
  /^(?:局?办公室|局办|院办|校办|党办|综合办|行政办|工会|团委|信息中心|(?:组织)?(?:人事|财务|总务|后勤|保卫|宣传)(?:教育)?[处科部股])$/;

/** "办公室 李静" under a museum's letter is the museum's office. */
export function asDivisions(evidence: Evidence[], knowledge: Knowledge): Evidence[] {
  const institution = evidence.some(
    (one) =>
      (one.where === "sender-domain" || one.where === "sender-address" || one.where === "roster") &&
      one.weight >= 2.5 &&
      unitOf(knowledge.campaign, one.speaksFor)?.kind === "grassroots",
  );
  if (!institution) return evidence;
  return evidence.map((one) =>
    EVERYWHERE.test(one.words) && unitOf(knowledge.campaign, one.speaksFor)?.kind === "office"
      ? { ...one, weight: one.weight * 0.08 }
      : one,
  );
}

const HE_IS = /[他她](?:就?是|在|来自)(?:于|一[名个位]|我们?)?$/;
const FOR_ANOTHER = /[代替帮转受托]|推荐|behalf|forward/;

/** The unit of a colleague for whom the letter is sent; "他是柳河小学的苗某，托我转交". */
export function unitsSpokenFor(lines: Line[], knowledge: Knowledge): Set<string> {
  const units = new Set<string>();
  const opening = lines.slice(0, 6);
  if (!opening.some((line) => FOR_ANOTHER.test(line.plain))) return units;
  for (const { plain } of opening) {
    for (const mention of unitMentions(plain, knowledge)) {
      const before = plain.slice(0, mention.start);
      const after = plain.slice(mention.end);
      const another = ON_BEHALF.test(before) && (startsWithName(after) || ITS_PEOPLE.test(after));
      if (another || HE_IS.test(before)) units.add(mention.value!);
    }
  }
  return units;
}

function isAddressed(plain: string, mention: Mention): boolean {
  return (
    /^(?:致|尊敬的|敬爱的|to |dear )?(?:the )?$/.test(plain.slice(0, mention.start)) &&
    /^的?(?:各位)?(?:领导|负责(?:人|同志)|同志们?|同事们?|老师们?|办公室|team|colleagues)?(?:[您你]们?好)?[:：,，!！]$/.test(
      plain.slice(mention.end),
    )
  );
}

/** How much a mention inside a line says about the sender. */
function standing(line: Line, mention: Mention, prominent: boolean, knowledge: Knowledge): number {
  const before = withoutPlace(line.plain.slice(0, mention.start), knowledge).slice(-40);
  const after = line.plain.slice(mention.end);
  if (!prominent || VISITOR.test(after)) return ABOUT;
  if (SELF.test(before) || SELF_ENGLISH.test(before)) return 6;
  if (SELF_AT.test(before) && AT_WORK.test(after)) return 6;
  if (ON_BEHALF.test(before) && startsWithName(after)) return 5.2;
  if (/(?:^|[,.!?] )(?:here )?at (?:the )?$/.test(before) && /^,? (?:we|i)\b/.test(after)) return 5.2;
  if (AS.test(before) && ONE_OF_ITS.test(after)) return 5.2;
  if ((ON_BEHALF.test(before) && ITS_PEOPLE.test(after)) || HE_IS.test(before)) return 5.2;
  // "我们县一中" is what everybody in the county says.
  if (OURS.test(before)) return /^[省市区县乡镇]/.test(mention.words) ? 3.4 : 4.2;
  if (HANDED_IN.test(before) && owedWords(after.slice(0, 30), knowledge)) return 4.4;
  if (startsWithName(after) && !TALKED_ABOUT.test(before)) return 3.4;
  return ABOUT;
}

/** "我是江州市|图书馆的": the place before a short name belongs to the name. */
function withoutPlace(before: string, knowledge: Knowledge): string {
  const place = knowledge.places.find((words) => before.endsWith(words));
  return place ? before.slice(0, -place.length) : before.replace(/(?<=是|来自|在)\p{Script=Han}{2}市$/u, "");
}

function owedWords(words: string, knowledge: Knowledge): boolean {
  const mentions = mentionsIn(knowledge.kinds, words, { typos: false });
  return mentions.some((mention) => mention.value !== null && !knowledge.personal.has(mention.value));
}

/** A closing line is the unit, perhaps with a division, a name, a date: nothing that makes a sentence. */
function signs(plain: string, mention: Mention, knowledge: Knowledge): boolean {
  const before = plain.slice(0, mention.start);
  const after = plain.slice(mention.end);
  if (/[。!！?？]/.test(plain) || TALKED_ABOUT.test(before)) return false;
  if (/[a-z]{2} .*[.!?] *[a-z]/.test(plain)) return false;
  const room = (words: string) =>
    leftover(words, knowledge)
      .replace(DIVISION, "")
      .replace(/[a-z&' ]/g, "").length;
  return room(before) <= 4 && room(after) <= 6;
}

/** "我是市图的小李", "——文保处": an abbreviation, only where nothing but a unit can stand. */
function abbreviated(line: Line, places: TextPlaces, closing: boolean, knowledge: Knowledge): Evidence[] {
  const intro =
    /(?:我们?|本人)(?:就?是|系|来自|在)(?:一[名个位])?(\p{Script=Han}{2,12}?)(?:的(?:一[名个位]|\p{Script=Han}{2,4}(?:$|[,，。]))|工作|上班|职工|员工|\p{Script=Han}{1,6}部)/u.exec(
      line.plain,
    );
  const slot = intro?.[1] ?? (closing && line.plain.length <= 8 && !isDate(line.plain) ? line.plain : null);
  if (!slot || isChineseName(slot) || namesIn(slot).length > 0) return [];
  const unit = resolveName(knowledge.units, slot);
  if (!unit) return [];
  return [intro ? reason(places.text, unit, 6.5) : reason(places.closing, unit, 4.5)];
}

export function signatureEvidence(signature: string, knowledge: Knowledge): Evidence[] {
  const written = signature.slice(0, 600);
  const mentions = unitMentions(plainOf(written), knowledge, written);
  return mentions.slice(0, 3).map((mention) => reason("signature", mention, 5));
}

export function threadEvidence(thread: ThreadContext | null): Evidence[] {
  if (!thread?.unit) return [];
  return [{ where: "thread", words: thread.references[0] ?? "", speaksFor: thread.unit, weight: 3.6 }];
}

/** The drafting unit of the item speaks for itself; its leader, writing himself, speaks for it too. */
export function itemEvidence(
  { item, words }: NamedItem,
  sender: MailAddress | null,
  knowledge: Knowledge,
): Evidence[] {
  const unit = knowledge.itemUnit.get(item);
  if (!unit) return [];
  const led = sender !== null && (knowledge.leads.get(sender.address)?.includes(item) ?? false);
  return led
    ? [{ where: "sender-address", words: sender.address, speaksFor: unit, weight: 7 }]
    : [{ where: "office", words, speaksFor: unit, weight: 2 }];
}

/** An item as "deliverable/item", and the words that named it. */
export interface NamedItem {
  item: string;
  words: string;
}

/** The address belongs to the unit: contact, roster or domain. */
export function isRegistered(sender: MailAddress | null, unit: string | null, knowledge: Knowledge): boolean {
  if (!sender || unit === null) return false;
  if (knowledge.addresses.get(sender.address)?.some((known) => known.unit === unit)) return true;
  return unitsOfDomain(sender.address.slice(sender.address.lastIndexOf("@") + 1), knowledge).includes(unit);
}
