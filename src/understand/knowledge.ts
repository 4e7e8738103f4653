// What the campaign's configuration tells us beforehand, indexed once: names, words for deliverables, addresses, people.
import type { Campaign, Deliverable } from "../campaign/campaign.ts";
import { OTHER } from "./evidence.ts";
import { type Learned, nothingLearned } from "./learned.ts";
import { plainOf } from "./letter.ts";
import { indexNames, type Name, type NameIndex } from "./names.ts";
import { formsOf } from "./shortforms.ts";

export type Role = "liaison" | "head" | "supervisor" | "roster";

export interface KnownAddress {
  unit: string;
  role: Role;
  /** The person's name as configured; "" when it is a function ("联络员"). */
  name: string;
}

/** Kinds of writing that offices have words for; a deliverable belongs to those its configured names show. */
export type Genre = "idea" | "summary" | "plan";

export interface Knowledge {
  campaign: Campaign;
  units: NameIndex;
  /** Places that units' names begin with, longest first: 江城市, 江城. */
  places: string[];
  /** The organisation itself, as title, office and units name it: 仁和医院. */
  hosts: string[];
  /** What units' names say of their level: 市, 县. */
  levels: Set<string>;
  /** Words for deliverables; the value is a code. */
  kinds: NameIndex;
  /** Names of items; the value is "deliverable/item". */
  items: NameIndex;
  addresses: Map<string, KnownAddress[]>;
  domains: Map<string, string[]>;
  /** Compared name → unit codes. */
  people: Map<string, string[]>;
  /** Address → items that person leads, as "deliverable/item". */
  leads: Map<string, string[]>;
  genres: Map<Genre, string[]>;
  personal: Set<string>;
  itemUnit: Map<string, string>;
  /** What the office's corrections taught; says nothing about who is registered. */
  learned: Learned;
}

/** Words from which it is only a hint, never the head of a title ("学期" of 学期总结). */
export const HINT = 0.35;

/** Strength of a general word, which no configured name or alias is below. */
export const GENERAL_WORD = 0.75;

/** General office words, the same for every organisation; strength below a configured name's. */
const GENERAL: Record<string, string[]> = {
  idea: "建议 合理化建议 意见建议 点子 好点子 提案 意见 创意 设想 想法 献策 献计 建言 提议 suggestion suggestions idea ideas proposal proposals".split(
    " ",
  ),
  summary: "总结 小结 工作总结 活动总结 总结报告 summary summaries wrap-up wrapup recap".split(" "),
  briefing: "汇报 情况汇报 工作汇报 汇报材料 月报 周报 季报 年报 briefing".split(" "),
  report: "报告 工作报告 report reports".split(" "),
  plan: "方案 实施方案 工作方案 实施计划 工作计划 计划 规划 实施意见 plan plans implementation action-plan roadmap scheme".split(
    " ",
  ),
  reflection: "心得 心得体会 体会 感想 感悟 读后感 reflection reflections".split(" "),
  paper: "论文 paper papers thesis".split(" "),
  essay: "征文 文章 作文 essay essays article".split(" "),
  survey: "调研报告 调查报告 调研 调研材料 survey".split(" "),
  check: "自查报告 自查 自评报告 自评 自查表 self-assessment self-check checklist".split(" "),
  case: "案例 典型案例 case cases".split(" "),
  form: "报名表 登记表 申报表 名单 registration enrolment nomination".split(" "),
  lesson: "教案 课件 教学设计 lesson".split(" "),
  budget: "预算 预算表 budget".split(" "),
  news: "简报 信息 通讯稿 新闻稿 newsletter bulletin".split(" "),
};
/** What offices also mail and no campaign asks for. */
const ELSE =
  "通知 公告 通讯录 发票 邀请函 招聘 请假条 会议纪要 报价单 订单 广告 invoice invitation agenda minutes newsletter unsubscribe quotation".split(
    " ",
  );

export function prepare(campaign: Campaign, learned: Learned = nothingLearned): Knowledge {
  const knowledge: Knowledge = {
    campaign,
    units: unitNames(campaign, learned),
    learned,
    places: placesOf(campaign),
    hosts: hostsOf(campaign),
    levels: new Set(campaign.units.flatMap(({ name }) => levelIn(plainOf(name)) ?? [])),
    ...deliverableWords(campaign.deliverables),
    addresses: new Map(),
    domains: new Map(),
    people: new Map(),
    leads: new Map(),
    personal: new Set(campaign.deliverables.filter((one) => one.from === "person").map((one) => one.code)),
    itemUnit: new Map(),
  };
  const addAddress = (email: string | null | undefined, known: KnownAddress) => {
    if (email) append(knowledge.addresses, email.toLowerCase(), known);
  };
  for (const unit of campaign.units) {
    addAddress(unit.liaison?.email, { unit: unit.code, role: "liaison", name: unit.liaison?.name ?? "" });
    addAddress(unit.head?.email, { unit: unit.code, role: "head", name: unit.head?.name ?? "" });
    addAddress(unit.supervisor?.email, {
      unit: unit.code,
      role: "supervisor",
      name: unit.supervisor?.name ?? "",
    });
    for (const domain of unit.domains) append(knowledge.domains, domain.toLowerCase(), unit.code);
  }
  for (const person of campaign.roster) {
    addAddress(person.email, { unit: person.unit, role: "roster", name: person.name });
    const name = plainOf(person.name);
    if (!knowledge.people.get(name)?.includes(person.unit)) append(knowledge.people, name, person.unit);
  }
  for (const deliverable of campaign.deliverables) {
    for (const item of deliverable.items) {
      const key = `${deliverable.code}/${item.code}`;
      knowledge.itemUnit.set(key, item.unit);
      if (item.lead?.email) append(knowledge.leads, item.lead.email.toLowerCase(), key);
    }
  }
  return knowledge;
}

function placesOf(campaign: Campaign): string[] {
  const places = new Set<string>();
  for (const unit of campaign.units) {
    const place = /^(\p{Script=Han}{2,3})([省市区县])/u.exec(plainOf(unit.name));
    if (place) places.add(place[0]).add(place[1]!);
  }
  return [...places].sort((a, b) => b.length - a.length);
}

function hostsOf(campaign: Campaign): string[] {
  const written = [
    campaign.title,
    campaign.office.name,
    ...campaign.units.flatMap((one) => [one.name, ...one.aliases]),
  ];
  const hosts = new Set<string>();
  for (const words of written) {
    const host = HOST.exec(plainOf(words))?.[0];
    if (host) hosts.add(host);
  }
  return [...hosts];
}
const HOST =
  /^[“"《]?\p{Script=Han}{2,10}?(?:医院|公司|集团|大学|学院|学校|[^部]局|厂)(?=\p{Script=Han}|[”"》])/u;

/** 市 of 市图书馆 and of 江州市图书馆. */
export function levelIn(name: string): string | null {
  return /^(?:\p{Script=Han}{2,3})?([省市区县州镇乡])(?=\p{Script=Han}{2})/u.exec(name)?.[1] ?? null;
}

/** A short form that fits more units than this tells none of them. */
const MOST_ALIKE = 3;

function unitNames(campaign: Campaign, learned: Learned): NameIndex {
  const names: Name[] = [];
  const derived = new Map<string, Set<string>>();
  for (const unit of campaign.units) {
    names.push({ words: plainOf(unit.name), value: unit.code, strength: 1 });
    for (const alias of unit.aliases) names.push({ words: plainOf(alias), value: unit.code, strength: 0.95 });
    names.push(...codeName(unit.code));
    for (const written of [unit.name, ...unit.aliases]) {
      for (const form of formsOf(plainOf(unit.name), plainOf(written))) {
        derived.set(form, (derived.get(form) ?? new Set()).add(unit.code));
      }
    }
  }
  const configured = new Set(names.map((name) => name.words));
  for (const [words, units] of derived) {
    // What fits several is said of each: other reasons decide, or a person does.
    if (configured.has(words) || units.size > MOST_ALIKE) continue;
    const strength = units.size === 1 ? 0.8 : 0.6;
    for (const value of units) names.push({ words, value, strength });
  }
  // The office that is written to, and the campaign's own title, are nobody's unit.
  const addressed = [
    campaign.office.name,
    campaign.title,
    "领导小组办公室",
    "活动办公室",
    "领导小组",
    "组委会办公室",
  ];
  // 社会文化环境巩固优化工程 is an item's name, not a word from 社会文化处.
  const items = campaign.deliverables.flatMap((one) =>
    one.items.flatMap((item) => [item.name, ...item.aliases]),
  );
  for (const words of [...addressed, ...items].map(plainOf)) {
    if (!configured.has(words)) names.push({ words, value: null, strength: 1 });
  }
  const known = new Set(names.map((name) => name.words));
  return indexNames([...names, ...learned.names.filter(({ words }) => !known.has(words))]);
}

function deliverableWords(deliverables: Deliverable[]): Pick<Knowledge, "kinds" | "items" | "genres"> {
  const kinds: Name[] = [];
  const items: Name[] = [];
  const genres = new Map<Genre, string[]>();
  for (const one of deliverables) {
    kinds.push({ words: plainOf(one.name), value: one.code, strength: 1 });
    for (const alias of one.aliases) kinds.push({ words: plainOf(alias), value: one.code, strength: 0.95 });
    kinds.push(...codeName(one.code));
    for (const item of one.items) {
      const value = `${one.code}/${item.code}`;
      items.push(...codeName(item.code).map((name) => ({ ...name, value })));
      for (const words of [item.name, ...item.aliases].map(plainOf)) {
        items.push({ words, value, strength: 1 });
        const core = words
          .replace(/^(?:国家|全国|全市|全省)/, "")
          .replace(/(?:工程|项目|行动|计划|方案)$/, "");
        if (core.length >= 4) items.push({ words: core, value, strength: 0.8 });
      }
    }
  }
  const claimed = new Set<string>();
  for (const [genre, words] of Object.entries(GENERAL)) {
    const owners = deliverables.filter((one) => writtenAs(one, words));
    const single = deliverables.filter((one) => one.from === "person");
    const unspoken = genre === "idea" && owners.length === 0 && single.length === 1 && genreless(single[0]!);
    const codes = (unspoken ? single : owners).map((one) => one.code);
    if (genre === "idea" || genre === "summary" || genre === "plan") genres.set(genre, codes);
    for (const code of codes) {
      for (const word of words) kinds.push({ words: word, value: code, strength: GENERAL_WORD });
    }
    if (codes.length > 0) for (const word of words) claimed.add(word);
  }
  for (const one of deliverables) {
    const modifier = modifierOf(one);
    if (modifier.length >= 2) kinds.push({ words: modifier, value: one.code, strength: HINT });
  }
  for (const word of ELSE) if (!claimed.has(word)) kinds.push({ words: word, value: OTHER, strength: 0.8 });
  return { kinds: indexNames(kinds), items: indexNames(items), genres };
}

/** Codes are mostly the English words: "golden-idea", "summary-report", which people also write. */
function codeName(code: string): Name[] {
  const words = code.toLowerCase().replace(/[-_]+/g, " ");
  if (!/^[a-z]{3,}[a-z ]*$/.test(words) || words.length < 5) return [];
  const written = new Set([words, words.replaceAll(" ", "-")]);
  return [...written].map((words) => ({ words, value: code, strength: 0.9 }));
}

/** Whether its name, or failing that an alias, ends in or holds one of the words. */
function writtenAs(deliverable: Deliverable, words: string[]): boolean {
  const names = [deliverable.name, ...deliverable.aliases].map(plainOf);
  return names.some((name) =>
    words.some((word) =>
      /^[a-z-]+$/.test(word) ? new RegExp(`\\b${word}\\b`).test(name) : name.includes(word),
    ),
  );
}

function genreless(deliverable: Deliverable): boolean {
  return !Object.values(GENERAL).some((words) => writtenAs(deliverable, words));
}

/** What is left of a deliverable's name without the general word: 学期 of 学期总结, safety of "safety plan". */
function modifierOf(deliverable: Deliverable): string {
  let rest = plainOf(deliverable.name);
  const words = Object.values(GENERAL)
    .flat()
    .sort((a, b) => b.length - a.length);
  for (const word of words) if (rest.endsWith(word)) rest = rest.slice(0, -word.length);
  return rest
    .replace(/(?:工作|书面|材料|活动|实施|情况|报告|report|written|final)\s*$/g, "")
    .replace(/^(?:书面|written)\s*/, "")
    .trim();
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}
