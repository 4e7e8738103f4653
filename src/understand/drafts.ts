// From pieces to submissions: each piece weighed for itself, papers of one kind joined, ideas taken apart.
import { deliverableOf, unitOf } from "../campaign/campaign.ts";
import type { MailAddress } from "../message/mail.ts";
import { type Evidence, OTHER, type SubmissionDraft, type Verdict } from "./evidence.ts";
import { contentLines, type Idea, ideasIn } from "./ideas.ts";
import { chaptersIn, itemsIn, ownStrength, shapeKinds, titleKinds } from "./kind.ts";
import type { Knowledge } from "./knowledge.ts";
import { isDate, isGreeting, type Line, plainOf, segmentsOf } from "./letter.ts";
import { resolveName } from "./names.ts";
import { isChineseName, namesIn } from "./people.ts";
import { type Piece, sameText } from "./pieces.ts";
import { closingNames, onBehalf, proposersIn, senderNames, signatureNames } from "./proposers.ts";
import { bareSubject, firstSentence, headingOf, meaningOf, stemOf, tidy } from "./title.ts";
import {
  asDivisions,
  BODY,
  DOCUMENT,
  displayEvidence,
  itemEvidence,
  knownPeople,
  leftover,
  textEvidence,
  titleEvidence,
  unitMentions,
} from "./unit.ts";
import { weigh } from "./weigh.ts";

/** What holds for the whole mail. */
export interface Mailwide {
  subject: string;
  sender: MailAddress | null;
  signature: string;
  cover: Line[];
  /** Answers an earlier mail: then the subject is that mail's. */
  isReply: boolean;
  kinds: Evidence[];
  units: Evidence[];
  /** What they come to. */
  unit: Verdict;
  forwardedFrom: MailAddress | null;
}

export interface Drafted {
  draft: SubmissionDraft;
  type: Verdict;
  unit: Verdict;
  /** The strongest reason for its type that the piece itself gives. */
  ownKinds: number;
}

interface Typed {
  piece: Piece;
  own: Evidence[];
  verdict: Verdict;
  item: string | null;
}

/** Doubt that it is any configured unit, in log-odds: not every writer is from one. */
export const UNIT_LIMITS = { doubt: 1, atLeast: 0.9 };
/** From here a document says by itself what it is; below it is an annex of one that does. */
const SPEAKS = 1.5;

export function draftsOf(pieces: Piece[], mail: Mailwide, knowledge: Knowledge): Drafted[] {
  const doubt = mail.unit.value !== null && mail.unit.confidence >= 0.85 ? 0.2 : 1;
  const typed = pieces.map((piece) => typeOf(piece, pieces.length, mail, doubt, knowledge));
  const speaking = typed.filter((one) => one.verdict.value !== null && ownStrength(one.own) >= SPEAKS);
  const papers = typed.filter((one) => counts(one, typed, speaking, knowledge));
  const drafts: Drafted[] = [];
  for (const group of groupsOf(papers, knowledge)) {
    const personal = knowledge.personal.has(group[0]!.verdict.value!);
    if (personal) drafts.push(...ideaDrafts(group[0]!, papers.length, mail, knowledge));
    else drafts.push(...paperDraft(group, mail, knowledge));
  }
  return withoutTwins(drafts);
}

/** Annexes and covering notes beside a paper that says what it is are not submissions of their own. */
function counts(one: Typed, all: Typed[], speaking: Typed[], knowledge: Knowledge): boolean {
  if (one.verdict.value === null || one.verdict.value === OTHER) return false;
  // A paper that a unit owes is longer than a line about it.
  const { piece } = one;
  if (piece.source === "body" && !knowledge.personal.has(one.verdict.value) && piece.text.length < 60)
    return false;
  if (speaking.includes(one)) return true;
  if (speaking.length > 0)
    return (
      piece.source === "document" &&
      piece.readable &&
      speaking.every((other) => other.piece.source === "body")
    );
  const documents = all.filter((other) => other.piece.source === "document");
  return documents.length === 0 || one.piece.source === "document";
}

function typeOf(piece: Piece, count: number, mail: Mailwide, doubt: number, knowledge: Knowledge): Typed {
  const own = ownKinds(piece, knowledge);
  // Beside other pieces the subject may speak of any of them.
  const share = count > 1 && ownStrength(own) >= SPEAKS ? 0.5 : 1;
  // The subject of a reply is the earlier mail's: by itself it makes no new submission.
  const borrowed = mail.isReply && piece.source === "body" && ownStrength(own) < 1 ? 0.3 : 1;
  const shared = mail.kinds.map((one) => {
    // "答复: 活动通知" answers a notice and is none.
    const answered = mail.isReply && one.speaksFor === OTHER ? 0.3 : borrowed;
    if (one.where === "subject") return { ...one, weight: one.weight * share * answered };
    return one.where === "body" ? { ...one, weight: one.weight * share } : one;
  });
  const verdict = weigh([...own, ...shared, ...paperShape(piece, mail, knowledge)], { doubt, atLeast: 1.1 });
  return { piece, own, verdict, item: itemOf(piece, verdict.value, mail, knowledge) };
}

/** Chapters under a subject that names a paper: such is the paper, even in the body and from a private mailbox. */
function paperShape(piece: Piece, mail: Mailwide, knowledge: Knowledge): Evidence[] {
  if (piece.source !== "body" || chaptersIn(piece.lines) < 2) return [];
  const named = mail.kinds.filter(
    (one) => one.where === "subject" && one.weight >= 2.3 && one.speaksFor !== OTHER,
  );
  return [...new Set(named.map((one) => one.speaksFor))]
    .filter((code) => !knowledge.personal.has(code))
    .map((code) => ({ where: "body", words: "一、二、", speaksFor: code, weight: 1.2 }));
}

function ownKinds(piece: Piece, knowledge: Knowledge): Evidence[] {
  const place = piece.source === "body" ? "body" : "document-text";
  const evidence = shapeKinds(piece.lines, piece.text.length, place, knowledge);
  if (piece.filename) evidence.push(...titleKinds(stemOf(piece.filename), "filename", 3.5, knowledge));
  if (piece.title) evidence.push(...titleKinds(piece.title, "document-properties", 1.5, knowledge));
  const headings = titleLines(piece);
  for (const line of headings) {
    const weight = piece.source === "body" ? 3.4 : 3.8;
    evidence.push(
      ...titleKinds(line.raw, piece.source === "body" ? "body" : "document-title", weight, knowledge),
    );
  }
  if (piece.labels.some((label) => label.kind === "people")) {
    // Filled in like a form: a title and a person, each behind its label.
    const form = piece.labels.some((label) => label.kind === "title");
    const weight = (form ? 2 : 0.8) - Math.log(Math.max(knowledge.personal.size, 1));
    for (const code of knowledge.personal) {
      if (weight > 0) evidence.push({ where: place, words: "建议人", speaksFor: code, weight });
    }
  }
  for (const line of piece.lines.slice(0, 6)) {
    if (headings.includes(line)) continue;
    const opening = titleKinds(line.raw.slice(0, 60), place, 1.8, knowledge);
    // In a sentence 计划 and 方案 are common words; only what is asked of people is called so in passing.
    evidence.push(...opening.filter((one) => one.weight > 1.4 || knowledge.personal.has(one.speaksFor)));
  }
  return evidence;
}

/** Lines at the top that stand as headings: short, without a stop, before the text begins. */
function titleLines(piece: Piece): Line[] {
  const headings: Line[] = [];
  for (const line of piece.lines.slice(0, 5)) {
    if (/^(?:[一二三四五六七八九十]{1,3}[、.．]|\d{1,2}[、.．)])/.test(line.plain)) break;
    if (isGreeting(line.plain) || isDate(line.plain)) continue;
    if ([...line.raw].length > 50 || /[。！!；;]|[.,，?？:：]$/.test(line.raw) || line.raw.includes("\t"))
      break;
    headings.push(line);
  }
  return headings.length === piece.lines.length && piece.source === "body" ? [] : headings;
}

/** The item a paper is about, from its titles first. */
function itemOf(piece: Piece, type: string | null, mail: Mailwide, knowledge: Knowledge): string | null {
  if (type === null || !deliverableOf(knowledge.campaign, type)?.items.length) return null;
  const places = [
    ...titleLines(piece).map((line) => line.plain),
    plainOf(stemOf(piece.filename)),
    plainOf(mail.subject),
    ...mail.cover.slice(0, 8).map((line) => line.plain),
    ...piece.lines.slice(0, 12).map((line) => line.plain),
  ];
  for (const text of places) {
    const items = itemsIn(text, knowledge).filter((item) => item.value?.startsWith(`${type}/`));
    const values = new Set(items.map((item) => item.value!));
    if (values.size === 1) return items[0]!.value!;
    if (values.size === 0) {
      const short = shortItem(text, type, knowledge);
      if (short) return short;
    }
  }
  return null;
}

/** "名城申报方案" for 国家历史文化名城建设申报工程: what is left of a title, its characters in order in one item's name. */
function shortItem(text: string, type: string, knowledge: Knowledge): string | null {
  if (text.length > 40) return null;
  for (const segment of segmentsOf(text)) {
    const bare = leftover(plainOf(segment), knowledge).replace(/(?:工程|项目|行动)$/, "");
    if (bare.length < 3 || bare.length > 14) continue;
    const values = new Set<string>();
    for (const name of knowledge.items.names) {
      if (name.value?.startsWith(`${type}/`) && inOrder(bare, name.words)) values.add(name.value);
    }
    if (values.size === 1) return [...values][0]!;
  }
  return null;
}

function inOrder(short: string, long: string): boolean {
  let at = 0;
  for (const character of short) {
    at = long.indexOf(character, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

/** Papers of the same kind, item and unit are one submission (text and annex, two formats); each personal piece stands alone. */
function groupsOf(papers: Typed[], knowledge: Knowledge): Typed[][] {
  const groups = new Map<string, Typed[]>();
  papers.forEach((one, i) => {
    const type = one.verdict.value!;
    if (knowledge.personal.has(type)) {
      groups.set(`${i}`, [one]);
      return;
    }
    const own = weigh(pieceUnits(one.piece, true, knowledge), UNIT_LIMITS);
    const unit = own.confidence > 0.85 ? own.value : "";
    const key = `${type}/${one.item}/${unit}`;
    const same = groups.get(key) ?? groups.get(`${type}/${one.item}/`);
    if (same) same.push(one);
    else groups.set(key, [one]);
  });
  return [...groups.values()];
}

function pieceUnits(piece: Piece, owed: boolean, knowledge: Knowledge): Evidence[] {
  if (piece.source === "body") return [];
  const evidence = titleEvidence(stemOf(piece.filename), "filename", owed, knowledge);
  for (const line of titleLines(piece))
    evidence.push(...titleEvidence(line.raw, "document-title", owed, knowledge));
  if (piece.title) {
    const properties = titleEvidence(piece.title, "document-properties", owed, knowledge);
    evidence.push(...properties.map((one) => ({ ...one, weight: one.weight * 0.4 })));
  }
  if (piece.author) {
    const author = displayEvidence(piece.author, knowledge);
    evidence.push(
      ...author.map((one) => ({ ...one, where: "document-properties" as const, weight: one.weight * 0.4 })),
    );
  }
  return [...evidence, ...textEvidence(piece.lines, piece.labels, DOCUMENT, knowledge)];
}

function paperDraft(group: Typed[], mail: Mailwide, knowledge: Knowledge): Drafted[] {
  const first = group.reduce((a, b) => (b.piece.text.length > a.piece.text.length ? b : a));
  const item = group.find((one) => one.item !== null)?.item ?? null;
  const people = [
    ...new Set(
      group.flatMap(({ piece }) =>
        piece.labels.filter((label) => label.kind === "people").flatMap((label) => namesIn(label.value)),
      ),
    ),
  ].slice(0, 5);
  const units = [
    ...mail.units,
    ...group.flatMap(({ piece }) => pieceUnits(piece, true, knowledge)),
    ...itemEvidence(item ? [item] : [], mail.sender, knowledge),
  ];
  const unit = weigh(asDivisions(units, knowledge), UNIT_LIMITS);
  const draft: SubmissionDraft = {
    type: first.verdict.value!,
    unit: unit.value,
    people,
    title: paperTitle(first.piece, mail, knowledge),
    text: group
      .map(({ piece }) => piece.text.trim())
      .filter(Boolean)
      .join("\n\n"),
    item: item?.split("/")[1] ?? null,
  };
  return [{ draft, type: first.verdict, unit, ownKinds: ownStrength(first.own) }];
}

/** A paper's heading as it stands; its name and its kind belong to it. */
function paperTitle(piece: Piece, mail: Mailwide, knowledge: Knowledge): string {
  const headings = titleLines(piece).filter((line) => !/^附件\d*$/.test(line.plain));
  const named = headings.find((line) => titleKinds(line.raw, "document-title", 1, knowledge).length > 0);
  if (named) {
    const at = headings.indexOf(named);
    const above = headings[at - 1];
    const broken =
      above &&
      [...named.raw].length < 16 &&
      leftover(named.plain, knowledge).length < 4 &&
      above.raw.length > 4;
    return tidy(broken ? above.raw + named.raw : named.raw);
  }
  const title = headings[0]?.raw ?? (piece.filename ? stemOf(piece.filename) : "");
  if (title !== "") return tidy(title);
  return tidy(bareSubject(mail.subject)) || firstSentence(piece.lines, knowledge);
}

function ideaDrafts(typed: Typed, papers: number, mail: Mailwide, knowledge: Knowledge): Drafted[] {
  const { piece, verdict, own } = typed;
  const cover = mail.cover.map((line) => line.raw).join("\n");
  const ideas = ideasIn(
    piece,
    plainOf(`${mail.subject} ${piece.filename ? stemOf(piece.filename) : ""} ${cover.slice(0, 200)}`),
    knowledge,
  );
  const fallback = proposers(piece, papers, mail, knowledge);
  const shared = pieceUnits(piece, false, knowledge);
  return ideas.map((idea) => {
    // Several ideas of one letter are all its writer's.
    const named = idea.people.length > 0 ? idea.people : fallback;
    const beside = asDivisions([...mail.units, ...besideIdea(idea, piece, knowledge)], knowledge)
      .slice(mail.units.length)
      .filter((one) => one.weight >= 1);
    const common = [...mail.units, ...shared].map((reason) =>
      beside.length > 0
        ? { ...reason, weight: reason.weight * besideShare(reason, beside, mail, knowledge) }
        : reason,
    );
    const units = [...common, ...knownPeople(named, knowledge), ...beside];
    const unit = weigh(asDivisions(units, knowledge), UNIT_LIMITS);
    const draft: SubmissionDraft = {
      type: verdict.value!,
      unit: unit.value,
      people: named,
      title: ideaTitle(idea, piece, ideas.length === 1 && papers === 1, mail, knowledge),
      text: idea.text,
      item: null,
    };
    return { draft, type: verdict, unit, ownKinds: ownStrength(own) };
  });
}

/**
 * A unit written beside the idea is its own, and who collected them all says little then. But in what an institution's
 * liaison collects, "放射科" may be the institution's own or the configured one: somebody must look.
 */
function besideShare(reason: Evidence, beside: Evidence[], mail: Mailwide, knowledge: Knowledge): number {
  const own = reason.where === "sender-address";
  const collector = own ? unitOf(knowledge.campaign, reason.speaksFor) : null;
  const institution = collector?.kind === "grassroots" && !DEPARTMENT.test(collector.name);
  const department = beside.some((one) => DEPARTMENT.test(one.words) && one.speaksFor !== reason.speaksFor);
  return institution && department && isContact(mail.sender, knowledge) ? 1 : 0.25;
}
const DEPARTMENT = /[科室部处股组]$/;

function besideIdea(idea: Idea, piece: Piece, knowledge: Knowledge): Evidence[] {
  if (idea.unitWords === null) return [];
  const plain = plainOf(idea.unitWords).slice(0, 40);
  const unit =
    unitMentions(plain, knowledge)[0] ?? (isChineseName(plain) ? null : resolveName(knowledge.units, plain));
  if (!unit?.value) return [];
  const where = piece.source === "body" ? BODY.text : DOCUMENT.text;
  return [
    {
      where: where === "body" ? "closing" : "document-closing",
      words: unit.words,
      speaksFor: unit.value,
      weight: 7 * unit.strength,
    },
  ];
}

function proposers(piece: Piece, papers: number, mail: Mailwide, knowledge: Knowledge): string[] {
  const written = proposersIn(piece.lines, piece.labels, knowledge);
  if (written.length > 0) return written;
  const title = namesInTitle(stemOf(piece.filename), knowledge);
  if (title.length > 0) return title;
  if (piece.source === "document" || mail.forwardedFrom) {
    const behalf = onBehalf(mail.cover, knowledge);
    if (behalf.length > 0) return behalf;
  }
  if (mail.forwardedFrom) {
    const from = senderNames(mail.forwardedFrom, knowledge);
    if (from.length > 0) return from;
  }
  const subject = namesInTitle(mail.subject, knowledge);
  if (subject.length > 0) return subject;
  // A liaison who mails documents collects them; what is not signed stays without a name.
  const collects = piece.source === "document" && papers > 1 && isContact(mail.sender, knowledge);
  if (collects) return [];
  if (piece.source === "document") {
    const covering = proposersIn(mail.cover, [], knowledge);
    if (covering.length > 0) return covering;
  }
  const signed = [...closingNames(mail.cover, knowledge), ...signatureNames(mail.signature, knowledge)];
  return signed.length > 0 ? signed.slice(0, 1) : senderNames(mail.sender, knowledge);
}

function isContact(sender: MailAddress | null, knowledge: Knowledge): boolean {
  const known = sender ? (knowledge.addresses.get(sender.address) ?? []) : [];
  return known.some((one) => one.role === "liaison" || one.role === "head");
}

/** "金点子-市图书馆-张某.doc", "张某的建议", "（张某、李某）": names that stand alone in a title. */
function namesInTitle(title: string, knowledge: Knowledge): string[] {
  const found: string[] = [];
  for (const segment of segmentsOf(bareSubject(title))) {
    const plain = plainOf(segment);
    const mention = unitMentions(plain, knowledge)[0];
    const rest = (mention ? plain.slice(mention.end) : plain).replace(/^的/, "");
    const owner = /^(\p{Script=Han}{2,3}?)(?:同志|老师)?的/u.exec(rest)?.[1];
    const owns = owner && isChineseName(owner) && leftover(rest.slice(owner.length), knowledge) === "";
    if (isChineseName(rest)) found.push(rest);
    else if (owns) found.push(owner);
    else found.push(...namesIn(segment).filter((name) => name.length + 2 >= segment.length));
  }
  return [...new Set(found)];
}

/** What offices write above their own mails; under "Re:" it is not the answer's title. */
const OUR_SUBJECT =
  /已?收到|已登记|登记成功|回执|提醒|催[报交办]|通知|请于|acknowledg|received|reminder|notice|call for/i;

function ideaTitle(idea: Idea, piece: Piece, alone: boolean, mail: Mailwide, knowledge: Knowledge): string {
  if (idea.title) return idea.title;
  const labelled = piece.labels.find((label) => label.kind === "title");
  if (labelled && idea.text === piece.text.trim()) return tidy(labelled.value);
  const whole = idea.text === piece.text.trim();
  const answers = mail.isReply && OUR_SUBJECT.test(mail.subject);
  const subject = alone && !answers ? meaningOf(mail.subject, knowledge) : null;
  if (whole && piece.source === "document") {
    const given =
      headingOf(piece.lines, knowledge) ?? (piece.title ? meaningOf(piece.title, knowledge) : null);
    const title = given ?? meaningOf(stemOf(piece.filename), knowledge) ?? subject;
    if (title) return title;
  }
  if (whole && piece.source === "body") {
    const title = subject ?? headingOf(piece.lines, knowledge);
    if (title) return title;
  }
  return (
    firstSentence(whole ? contentLines(idea.lines) : idea.lines, knowledge) || tidy(bareSubject(mail.subject))
  );
}

/** The same idea in the body and in a document, or listed twice. */
function withoutTwins(drafts: Drafted[]): Drafted[] {
  const kept: Drafted[] = [];
  for (const one of drafts) {
    const twin =
      kept.length < 40 &&
      kept.some(
        (other) =>
          other.draft.type === one.draft.type &&
          other.draft.unit === one.draft.unit &&
          other.draft.text !== "" &&
          sameText(other.draft.text, one.draft.text),
      );
    if (!twin) kept.push(one);
  }
  return kept;
}
