// What the office's corrections teach: how a unit is also called, and which unit somebody writes from.
import { type Campaign, ownAddresses, unitOf } from "../campaign/campaign.ts";
import { codesByName } from "../campaign/naming.ts";
import type { Evidence } from "./evidence.ts";
import { plainOf } from "./letter.ts";
import type { Name } from "./names.ts";

/** A unit the office named for a mail or a submission; of several decisions about one, the latest. */
export interface Example {
  /** "WHXDH-0042". */
  reference: string;
  /** Null: nobody's. */
  unit: string | null;
  /** The unit's name as it stood in the mail where no configured one fitted; null where one did, or none stood there. */
  readAs: string | null;
  /** The address the mail came from. */
  sender: string | null;
}

export interface LearnedSender {
  unit: string;
  /** Where it was learned, in words. */
  words: string;
}

export interface Learned {
  /** Further names of units. */
  names: Name[];
  /** Address → unit. */
  senders: Map<string, LearnedSender>;
}

export const nothingLearned: Learned = { names: [], senders: new Map() };

/** Below an alias of the configuration: a person said it once, of one mail. */
const STRENGTH = 0.8;
/** As much as the thread that is answered: enough alone, never against a unit that the mail itself names. */
const SENDER = 3.6;

/** Of what was decided in two ways nothing is learned. */
export function learnedFrom(campaign: Campaign, examples: Example[]): Learned {
  const configured = new Set(codesByName(campaign.units).keys());
  const wanted = whatIsAskedFor(campaign);
  const known = knownAddresses(campaign);
  const called = new Map<string, Example[]>();
  const sent = new Map<string, Example[]>();
  for (const example of examples) {
    const words = plainOf(example.readAs ?? "");
    if (isOwnName(words, configured) && !wanted.some((one) => one.includes(words)))
      append(called, words, example);
    const address = (example.sender ?? "").toLowerCase();
    if (isOnePerson(address, known)) append(sent, address, example);
  }
  const names: Name[] = [];
  for (const [words, all] of called) {
    const agreed = agreedUnit(campaign, all);
    if (agreed === null) continue;
    const written = all.at(-1)?.readAs ?? words;
    names.push({
      words,
      value: agreed.unit,
      strength: STRENGTH,
      learned: because(campaign, written, agreed),
    });
  }
  const senders = new Map<string, LearnedSender>();
  for (const [address, all] of sent) {
    const agreed = agreedUnit(campaign, all);
    if (agreed) senders.set(address, { unit: agreed.unit, words: because(campaign, address, agreed) });
  }
  return { names, senders };
}

interface Agreed {
  unit: string;
  reference: string;
}

function agreedUnit(campaign: Campaign, examples: Example[]): Agreed | null {
  const [first] = examples;
  if (!first || examples.some(({ unit }) => unit !== first.unit)) return null;
  return first.unit !== null && unitOf(campaign, first.unit)
    ? { unit: first.unit, reference: first.reference }
    : null;
}

function because(campaign: Campaign, written: string, { unit, reference }: Agreed): string {
  const name = unitOf(campaign, unit)?.name ?? unit;
  const words = written.trim().slice(0, 60);
  return campaign.locale === "zh-CN"
    ? `${words}＝${name}（办公室更正 ${reference}）`
    : `${words} = ${name} (corrected by the office, ${reference})`;
}

/**
 * The name a mail was read under: one that no unit had, or one that was learned. Where the office says otherwise of such
 * a mail, it contradicts what was learned.
 */
export function nameRead(unitAsRead: string | null, officeWords: string[]): string | null {
  const learned = officeWords.map((words) => /^(.+?)(?:＝| = )/u.exec(words)?.[1]?.trim() ?? "");
  return unitAsRead ?? learned.find((name) => name !== "" && !name.includes("@")) ?? null;
}

/** What every organisation has or calls itself: it names nobody. */
const ANYBODYS =
  /^(?:[本我贵该某各]们?)?(?:单位|部门|处室|科室|学校|公司|集团|机关|总?局|中心|医院|支部|党支部|社区|小区|个人|市民|群众|职工|员工|教师|老师|学生|读者|居民|村民|家长|退休.{0,4}|离退休.{0,4}|无|不详|未知|同上|本人|the .{0,20}|our .{0,20}|my .{0,20}|unit|department|office|school|company|none|n\/a)$/;
const OFFICES =
  /^(?:局?办公室|院办|校办|党办|综合办|行政办|工会|团委|党委|(?:组织)?(?:人事|财务|总务|后勤|保卫|宣传|教务|信息)(?:教育)?[处科部股组]?)$/;

/** A piece of a sentence that was mistaken for a name. */
const SENTENCE =
  /[的了把被让使我你您他她们。，,；;？?！!]|^(?:避免|建议|希望|可以|应当?|需要?|进行|开展|增加|加强|设立|建立|成立|组织|安排|由|在|对|向|与|和|为|从|给)/u;

/** In a mail's subject such words stand for what is handed in: as somebody's name they would take every mail. */
function whatIsAskedFor({ title, deliverables }: Campaign): string[] {
  const named = deliverables.flatMap((one) => [one, ...one.items]);
  return [title, ...named.flatMap(({ name, aliases }) => [name, ...aliases])].map(plainOf);
}

/** Greetings and closings, numbers of enclosures; and signs no name has, which the report of what was learned needs. */
const NO_NAME = /^(?:此致.*|敬礼|祝好|附件.{0,3}|附表.{0,3}|先生女士|您好.*|你好.*)$|[=＝@:：/\\#<>\p{C}]/u;

/** Long enough to be somebody's name, nobody else's already, and no word that everybody uses. */
function isOwnName(words: string, configured: Set<string>): boolean {
  const isHan = /\p{Script=Han}/u.test(words);
  if (words.length < (isHan ? 3 : 4) || words.length > 40) return false;
  if (!/\p{L}{2}/u.test(words) || [ANYBODYS, OFFICES, SENTENCE, NO_NAME].some((each) => each.test(words)))
    return false;
  return !configured.has(words.replace(/\s+/g, ""));
}

/** Addresses that a function answers, or a machine: today's writer is not tomorrow's. */
const FUNCTION =
  /^(?:office|info|admin|administrator|service|support|contact|mail|webmaster|postmaster|hr|team|staff|help|feedback|secretary|reception|enquiries|bangongshi|bgs|zonghe|dangban|dangwei|xiaoban|yuanban|xinxi|ren?shi|gonghui|no-?reply|do-?not-?reply|mailer-daemon|scanner?|printer|fax|copier)(?:[-_.+\d].*)?@/;

function isOnePerson(address: string, known: Set<string>): boolean {
  return /^[^\s@]+@[^\s@]+$/.test(address) && !FUNCTION.test(address) && !known.has(address);
}

/** Ours, the office's, who passes on what others hand in, and the units' contacts, who are configured already. */
function knownAddresses(campaign: Campaign): Set<string> {
  const contacts = campaign.units.flatMap(({ liaison, head, supervisor }) => [liaison, head, supervisor]);
  const all = [...campaign.office.members, ...contacts].flatMap(
    (contact) => contact?.email.toLowerCase() ?? [],
  );
  return new Set([...ownAddresses(campaign), ...all]);
}

function append(map: Map<string, Example[]>, key: string, example: Example): void {
  const before = map.get(key);
  if (before) before.push(example);
  else map.set(key, [example]);
}

/** Why the office's word about an address is a reason; it makes nobody registered (R60). */
export function learnedOfSender(address: string, { learned }: { learned: Learned }): Evidence[] {
  const known = learned.senders.get(address);
  return known ? [{ where: "office", words: known.words, speaksFor: known.unit, weight: SENDER }] : [];
}
