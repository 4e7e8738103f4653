// Whose the sender's address, domain, display name and person are.

import type { MailAddress } from "../message/mail.ts";
import { latinOf } from "../text/sound.ts";
import { abbreviationsOf } from "./abbreviation.ts";
import type { Evidence, Place, ThreadContext } from "./evidence.ts";
import type { Knowledge, KnownAddress } from "./knowledge.ts";
import { learnedOfSender } from "./learned.ts";
import { plainOf } from "./letter.ts";
import { isChineseName } from "./people.ts";
import { reason, unitMentions } from "./unit-mention.ts";

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
  if (evidence.length === 0) evidence.push(...spelledEvidence(sender.address, knowledge));
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
function unitsOfDomain(domain: string, knowledge: Knowledge): string[] {
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
  if (mentions.length > 0 || evidence.length > 0) return evidence;
  // "二公司 老王", "内镜中心-小李", "常图小张".
  for (const part of plain.split(/[\s()（）\-_—·|/]+/)) {
    const bare = part.replace(/[小老阿]\p{Script=Han}$/u, "");
    if (bare.length < 2 || bare.length > 8 || isChineseName(bare)) continue;
    const short = abbreviationsOf(knowledge.units, bare);
    evidence.push(...short.map((mention) => reason("sender-name", mention, 4.5)));
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

/** Others have the same sounds: a hint for the office, never enough to file by. */
const SPELLED = 2.4;

/** matengfei_88@qq.example is most likely the roster's 马腾飞. */
function spelledEvidence(address: string, knowledge: Knowledge): Evidence[] {
  const spelled = /^[a-z]{6,}/.exec(address.slice(0, address.lastIndexOf("@")).toLowerCase())?.[0];
  if (!spelled) return [];
  const names = spelledNames(knowledge).get(spelled) ?? [];
  const units = new Set(names.flatMap((name) => knowledge.people.get(name) ?? []));
  if (units.size !== 1) return [];
  const [unit] = units;
  return [{ where: "sender-address", words: address, speaksFor: unit!, weight: SPELLED }];
}

function spelledNames(knowledge: Knowledge): Map<string, string[]> {
  const known = spelt.get(knowledge);
  if (known) return known;
  const made = Map.groupBy(knowledge.people.keys(), (name) => (isChineseName(name) ? latinOf(name) : ""));
  spelt.set(knowledge, made);
  return made;
}

/** A large roster takes a fifth of a second to spell: on first need. */
const spelt = new WeakMap<Knowledge, Map<string, string[]>>();

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
