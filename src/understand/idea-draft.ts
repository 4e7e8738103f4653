// The ideas of one piece as submissions: each with its people, its unit and its title.
import { unitOf } from "../campaign/campaign.ts";
import { behalfInFull } from "./dictated.ts";
import type { Evidence, SubmissionDraft } from "./evidence.ts";
import type { Idea } from "./idea.ts";
import { contentLines } from "./idea-blocks.ts";
import { ideasIn } from "./ideas.ts";
import { ownStrength } from "./kind.ts";
import type { Knowledge } from "./knowledge.ts";
import { plainOf, segmentsOf } from "./letter.ts";
import { type Drafted, isContact, type Mailwide } from "./mailwide.ts";
import { isChineseName, namesIn } from "./people.ts";
import type { Typed } from "./piece-kind.ts";
import { pieceUnits } from "./piece-unit.ts";
import type { Piece } from "./pieces.ts";
import { closingNames, onBehalf, proposersIn, senderNames, signatureNames } from "./proposers.ts";
import { closingOfOwn, completed, openingNames, togetherWith } from "./self-named.ts";
import { bareSubject, firstSentence, headingOf, meaningOf, stemOf, tidy } from "./title.ts";
import { unitMentions } from "./unit-mention.ts";
import { isLeft } from "./unit-moved.ts";
import { knownPeople } from "./unit-sender.ts";
import { unitsNamed } from "./unit-slot.ts";
import { asDivisions, BODY, DOCUMENT } from "./unit-text.ts";
import { leftover } from "./unit-title.ts";
import { weighUnits } from "./unit-verdict.ts";

export function ideaDrafts(typed: Typed, papers: number, mail: Mailwide, knowledge: Knowledge): Drafted[] {
  const { piece, verdict, own } = typed;
  // Of several files together the subject and the covering words say how many there are, not of each.
  const cover = mail.cover.map((line) => line.raw).join("\n");
  const round = papers > 1 ? "" : ` ${mail.subject} ${cover.slice(0, 200)}`;
  const ideas = ideasIn(piece, plainOf(stemOf(piece.filename) + round), knowledge);
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
    const known = peopleEvidence(named, piece, mail, knowledge);
    const units = [...common, ...known.filter((one) => !isLeft(mail.moved, one.speaksFor)), ...beside];
    const unit = weighUnits(asDivisions(units, knowledge));
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
  const units = unitsNamed(plainOf(idea.unitWords).slice(0, 40), knowledge);
  const where = piece.source === "body" ? BODY.closing : DOCUMENT.closing;
  return units.map(({ words, value, strength }) => ({
    where,
    words,
    speaksFor: value!,
    weight: 7 * strength,
  }));
}

function proposers(piece: Piece, papers: number, mail: Mailwide, knowledge: Knowledge): string[] {
  const found = proposersWritten(piece, papers, mail, knowledge);
  const writer = mail.forwardedFrom ?? mail.sender;
  const named = piece.source === "body" ? completed(found, writer, knowledge) : found;
  const also = piece.source === "body" && named.length === 1 ? togetherWith(piece.lines) : [];
  return [...new Set([...named, ...also])];
}

function proposersWritten(piece: Piece, papers: number, mail: Mailwide, knowledge: Knowledge): string[] {
  const isBody = piece.source === "body";
  const behind =
    isBody && !mail.isReply ? onBehalf([{ raw: mail.subject, plain: plainOf(mail.subject) }], knowledge) : [];
  const inFull = isBody && !mail.isReply ? behalfInFull(mail.subject, piece.lines) : null;
  if (inFull) return [inFull];
  if (behind.length > 0) return behind;
  const written = proposersIn(piece.lines, piece.labels, knowledge);
  if (written.length > 0) return written;
  if (isBody) {
    const writer = mail.forwardedFrom ?? mail.sender;
    const own = closingOfOwn(piece.lines, writer, knowledge);
    if (own.length > 0) return own;
    const opening = openingNames(piece.lines, knowledge);
    if (opening.length > 0) return opening;
  }
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

/** A name that the mail does not write is known by its sender's address. */
function peopleEvidence(names: string[], piece: Piece, mail: Mailwide, knowledge: Knowledge): Evidence[] {
  const address = mail.sender?.address ?? "";
  const own = new Set(knowledge.addresses.get(address)?.map((known) => known.name));
  const isWritten = (name: string) =>
    [piece.text, piece.filename, mail.subject, mail.signature].some((text) => text.includes(name));
  return knownPeople(names, knowledge).map((one) =>
    own.has(one.words) && !isWritten(one.words) ? { ...one, words: address } : one,
  );
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
    else if (mention && isChineseName(SAYS.exec(rest)?.groups?.name ?? ""))
      found.push(SAYS.exec(rest)!.groups!.name!);
    else found.push(...namesIn(segment).filter((name) => name.length + 2 >= segment.length));
  }
  return [...new Set(found)];
}

/** "出租公司姜海涛说说夜班交接". */
const SAYS = /^(?<name>\p{Script=Han}{2,3}?)(?:说|谈|聊|提|献|报|交|来)/u;

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
