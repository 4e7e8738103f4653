// Where a text says who writes: labels, self-introduction, closing, signature; a unit elsewhere in the prose counts little.
import { unitOf } from "../campaign/campaign.ts";
import type { Evidence, Place } from "./evidence.ts";
import type { Knowledge } from "./knowledge.ts";
import { closingOf, isDate, type Labelled, type Line, plainOf } from "./letter.ts";
import type { Mention } from "./names.ts";
import { organisationAt } from "./organisation.ts";
import { isChineseName, namesIn } from "./people.ts";
import { DEPARTMENT, reason, unitMentions } from "./unit-mention.ts";
import { slottedIn, unitsNamed } from "./unit-slot.ts";
import { standing, withoutPlace } from "./unit-standing.ts";
import { leftover, TALKED_ABOUT } from "./unit-title.ts";

const OPENING_LINES = 8;

export interface TextPlaces {
  text: Place;
  closing: Place;
}
export const BODY: TextPlaces = { text: "body", closing: "closing" };
export const DOCUMENT: TextPlaces = { text: "document-text", closing: "document-closing" };

/** Where a text says who writes. */
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
    const units = unitsNamed(plainOf(label.value).slice(0, 40), knowledge);
    evidence.push(...units.map((unit) => reason(places.text, unit, several ? 4 : 6)));
  }
  const closing = new Set(closingOf(lines));
  lines.forEach((line, index) => {
    // "市文化馆：" at the top is written to, not from.
    const mentions = unitMentions(line.plain, knowledge, line.raw);
    if (index <= 2 && mentions.some((mention) => isAddressed(line.plain, mention))) return;
    const prominent = index < OPENING_LINES || closing.has(line);
    let said = false;
    for (const mention of mentions) {
      const weight = standing(line.plain, mention, prominent, knowledge);
      evidence.push(reason(places.text, mention, weight));
      const signed = closing.has(line)
        ? signs(line.plain, mention, knowledge) || standsAlone(line, mention)
        : index < OPENED_BY && opensAsSigned(line.plain, mention, knowledge);
      if (signed) evidence.push(reason(places.closing, mention, 5.2));
      said ||= signed || weight >= 3.4;
    }
    if (said || !prominent) return;
    const judged = new Set(mentions.map(({ value }) => value));
    const slotted = slottedIn(line.plain, knowledge).filter(({ mention }) => !judged.has(mention.value));
    evidence.push(...slotted.map(({ mention, weight }) => reason(places.text, mention, weight)));
    if (slotted.length === 0 && mentions.length === 0 && closing.has(line))
      evidence.push(...signedShort(line, places, knowledge));
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
      (one.weight >= 3.4 || (one.weight >= 2.5 && BY_SENDER.has(one.where))) &&
      isInstitution(one.speaksFor, knowledge),
  );
  if (!institution) return evidence;
  return evidence.map((one) =>
    EVERYWHERE.test(one.words) && unitOf(knowledge.campaign, one.speaksFor)?.kind === "office"
      ? { ...one, weight: one.weight * 0.08 }
      : one,
  );
}

function isInstitution(code: string, knowledge: Knowledge): boolean {
  const unit = unitOf(knowledge.campaign, code);
  return unit?.kind === "grassroots" && !DEPARTMENT.test(unit.name);
}

const BY_SENDER = new Set<Place>(["sender-domain", "sender-address", "roster"]);

function isAddressed(plain: string, mention: Mention): boolean {
  return (
    /^(?:致|尊敬的|敬爱的|to |dear )?(?:the )?$/.test(plain.slice(0, mention.start)) &&
    /^的?(?:各位)?(?:领导|负责(?:人|同志)|同志们?|同事们?|老师们?|办公室|team|colleagues)?(?:[您你]们?好)?[:：,，!！]$/.test(
      plain.slice(mention.end),
    )
  );
}

/** Words that are attached to a name without being of it. */
const DIVISION = /^(?:的|\p{Script=Han}{1,5}(?:部|科|室|组|队|处|中心|车间|班)的?)?/u;

/** A closing line is the unit, perhaps with a division, a name, a date: nothing that makes a sentence. */
function signs(plain: string, mention: Mention, knowledge: Knowledge): boolean {
  const before = withoutPlace(plain.slice(0, mention.start), knowledge);
  const after = plain.slice(mention.end);
  if (/[。!！?？]/.test(plain) || TALKED_ABOUT.test(before)) return false;
  if (/[a-z]{2} .*[.!?] *[a-z]/.test(plain)) return false;
  const room = (words: string) =>
    leftover(words, knowledge)
      .replace(DIVISION, "")
      .replace(/[a-z&' ]/g, "").length;
  return room(before) <= 4 && room(withoutName(after)) <= 6;
}

/** Who signs at the top does so in the first lines. */
const OPENED_BY = 2;

/** "北园社区 邬光裕 七十一岁" above the letter; without a person it is a heading. */
function opensAsSigned(plain: string, mention: Mention, knowledge: Knowledge): boolean {
  const after = plain.slice(mention.end);
  const rest = withoutName(after);
  return mention.start === 0 && plain.length <= 24 && rest !== after && signs(plain, mention, knowledge);
}

/** Without a person's name before or behind what else stands there: |舞台监督熊大勇. */
function withoutName(words: string): string {
  for (const n of [3, 2, 4]) {
    if (isChineseName(words.slice(0, n))) return words.slice(n);
    if (words.length > n && isChineseName(words.slice(-n))) return words.slice(0, -n);
  }
  return words;
}

/** "文物保护修复部 / 市博物馆  Municipal Museum": between blanks nothing but the name. */
function standsAlone({ raw, plain }: Line, mention: Mention): boolean {
  if (/[。!！?？;；]/.test(plain)) return false;
  return partsOf(raw).includes(mention.words);
}

function partsOf(raw: string): string[] {
  return raw
    .normalize("NFKC")
    .split(/[\s,，、|/·]+|[-—–─]{1,2}/)
    .map(plainOf);
}

function resolvesTo(part: string, knowledge: Knowledge): boolean {
  return unitsNamed(part, knowledge).length > 0;
}

/** "——文保处", "二公司 王某": an abbreviation under a letter. */
function signedShort(line: Line, places: TextPlaces, knowledge: Knowledge): Evidence[] {
  if (/[。!！?？;；]/.test(line.plain) || isDate(line.plain)) return [];
  const parts = partsOf(line.raw);
  // "演艺中心 办公室 冒小军": the office of an organisation that is not ours.
  const foreign = parts.some((part) => organisationAt(part) === part && !resolvesTo(part, knowledge));
  for (const part of line.plain.length <= 8 ? [...parts, line.plain] : parts) {
    if (part.length < 2 || part.length > 8 || isDate(part) || !/\p{Script=Han}/u.test(part)) continue;
    if (isChineseName(part) || namesIn(part).length > 0 || (foreign && EVERYWHERE.test(part))) continue;
    const units = unitsNamed(part, knowledge);
    if (units.length > 0) return units.map((unit) => reason(places.closing, unit, 4.5));
  }
  return [];
}

export function signatureEvidence(signature: string, knowledge: Knowledge): Evidence[] {
  const written = signature.slice(0, 600);
  const mentions = unitMentions(plainOf(written), knowledge, written);
  if (mentions.length > 0) return mentions.slice(0, 3).map((mention) => reason("signature", mention, 5));
  const lines = written.split("\n").map((raw) => ({ raw: raw.trim(), plain: plainOf(raw) }));
  const places = { text: "signature", closing: "signature" } as const;
  return lines
    .slice(0, 6)
    .flatMap((line) => signedShort(line, places, knowledge))
    .slice(0, 3);
}
