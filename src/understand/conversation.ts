// Mails that bring nothing new to file: corrections, withdrawals, answers, questions, complaints, thanks, advertising.
import type { Mail } from "../message/mail.ts";
import { answeredType, answeredUnit } from "./answer.ts";
import { questionStrength } from "./asking.ts";
import { correctionIn } from "./correction.ts";
import {
  CORRECTION,
  type Intent,
  OTHER,
  type Place,
  QUESTION,
  type Understanding,
  type Verdict,
} from "./evidence.ts";
import { type Exchange, isReplySubject } from "./exchange.ts";
import { heardIn } from "./heard.ts";
import type { Knowledge } from "./knowledge.ts";
import { isFarewell, isGreeting, type Line, linesOf, plainOf, widthOf } from "./letter.ts";
import type { Drafted, Mailwide } from "./mailwide.ts";
import type { Pieces } from "./pieces.ts";
import { PROPOSES } from "./proposal.ts";
import { isAdvertising, isComplaint, isThanks, requestsNothing } from "./talk.ts";
import { aboutEarlier, type VersionTalk, versionTalkIn } from "./version.ts";
import { weigh } from "./weigh.ts";

export type Talk = Pick<Understanding, "outcome" | "reason" | "type" | "corrections"> & {
  intent: Intent | null;
};

export interface Conversation {
  mail: Mail;
  pieces: Pieces;
  drafts: Drafted[];
  all: Mailwide;
  exchange: Exchange;
}

interface Saying extends Conversation {
  lines: Line[];
  /** Of what is said, without greeting and good wishes. */
  length: number;
  plain: string;
  isOurs: boolean;
  versions: VersionTalk;
  /** The letter proposes something of its own. */
  proposes: boolean;
  knowledge: Knowledge;
}

/** Null where the mail brings something to file, or nothing that is known of. */
export function talkOf(conversation: Conversation, knowledge: Knowledge): Talk | null {
  const { mail, pieces, exchange, drafts, all } = conversation;
  if (
    pieces.pieces.some((piece) => piece.source === "document") ||
    (pieces.forwardedFrom && exchange.asked === null)
  )
    return null;
  const lines = pieces.newLines;
  const said = lines.filter((line) => !isGreeting(line.plain) && !isFarewell(line.plain));
  const letters = said.reduce((sum, line) => sum + line.plain.length, 0);
  const length =
    letters > 2 * LONGEST_TALK ? letters : said.reduce((sum, line) => sum + widthOf(line.plain), 0);
  // What is said in more words than this is no talk, whatever it says.
  const plain = length <= LONGEST_TALK ? lines.map((line) => line.plain).join("\n") : "";
  const isOurs = exchange.answers === "ours";
  const saying: Saying = {
    ...{ ...conversation, lines, length, plain, isOurs, knowledge },
    versions: versionTalkIn(plain, length <= SHORT && (isOurs || namesEarlier(mail, exchange))),
    proposes: drafts.some((one) => one.ownKinds >= 2.5) && !all.isReply,
  };
  const change = changed(saying);
  return (
    answer(saying) ??
    // "是总结，不另作点子申报" changes the kind; what is not understood beside a withdrawal takes nothing from it.
    (change?.intent === "correct" ? change : null) ??
    takenBack(saying) ??
    change ??
    announced(saying) ??
    (isOurs && !exchange.isOfRecord ? asked(saying) : null) ??
    complained(saying) ??
    thanked(saying) ??
    advertised(saying) ??
    asked(saying) ??
    heard(saying) ??
    puzzled(saying)
  );
}

const NUMBER = /\b[a-z]{2,}\d*-\d{3,}/i;

/** "撤回 ABC-0001" over "请撤回" says what is meant as well as a notice that is answered. */
function namesEarlier({ subject }: Mail, { recorded }: Exchange): boolean {
  return recorded.length > 0 || (!isReplySubject(subject) && NUMBER.test(subject));
}

/** What is dropped, replaced or complained of is said in a sentence or two. */
const SHORT = 160;
const LONGEST_WITHDRAWAL = 220;
const LONGEST_TALK = 600;

/** Gives what our clarification asked for, the unit, and nothing else. */
function answer({ isOurs, length, pieces, exchange, knowledge, drafts }: Saying): Talk | null {
  if (!isOurs || exchange.asked === "file" || length > SHORT) return null;
  if (exchange.asked === null && drafts.some((one) => one.ownKinds >= 1.5)) return null;
  if (exchange.asked === "type") return answeredKind(pieces.newLines, knowledge);
  const found = answeredUnit(pieces.newLines, linesOf(pieces.signature), exchange, knowledge);
  if (!found) return null;
  const type = said(CORRECTION, [found.words], 5);
  const people = found.people.length > 0 ? [{ action: "people" as const, people: found.people }] : [];
  const corrections = [{ action: "unit" as const, unit: found.unit }, ...people];
  return { outcome: "filed", reason: null, type, corrections, intent: "answer" };
}

/** "我报的是金点子": the kind that our clarification asked for. */
function answeredKind(lines: Line[], knowledge: Knowledge): Talk | null {
  const kind = answeredType(lines, knowledge);
  if (kind === null) return null;
  const corrections = [{ action: "type" as const, type: kind.value, item: null }];
  const type = said(CORRECTION, [kind.words], 5);
  return { outcome: "filed", reason: null, type, corrections, intent: "answer" };
}

function takenBack({ versions, plain, length, isOurs, drafts, exchange }: Saying): Talk | null {
  const words = versions.withdraw;
  if (words === null || length > LONGEST_WITHDRAWAL) return null;
  // "前稿作废，以此为准" with the new version below it replaces; so does a proposal to withdraw something else propose.
  if (versions.replace !== null && drafts.length > 0 && length > SHORT / 2) return null;
  const isNamed = aboutEarlier(plain) || exchange.isOfRecord;
  const isMine = isOurs ? !PROPOSES.test(plain) || isNamed : isNamed;
  if (!isMine && !(exchange.answers === "other" && length <= SHORT / 4)) return null;
  const type = said(CORRECTION, [words], 5);
  return { outcome: "filed", reason: null, type, corrections: [{ action: "withdraw" }], intent: "withdraw" };
}

const MISTAKE = /错|误|不对|更正|订正|改|不是|漏|加上|wrong|incorrect|mistake|should (?:be|read)|correct/;

/** Of a first letter: what it proposes stands behind the word, however it is punctuated. */
const PROPOSING = /建议(?:[:：]|[在把将每由给设增从对])/;
/** Beside a question, the wish that it be done. */
const WANTED =
  /(?:请(?!问|教)|麻烦|烦请|帮[我忙])[^,，。?？\n]{0,12}(?:改|更正|换|登|补|加)|should (?:be|read)|please/;

function changed({
  mail,
  pieces,
  exchange,
  proposes,
  length,
  plain,
  isOurs,
  knowledge,
  all,
  versions,
  drafts,
}: Saying): Talk | null {
  const told = { lines: pieces.newLines, text: mail.text, sender: all.sender?.name ?? "" };
  const correction = correctionIn(told, exchange, knowledge);
  const facts = correction.requests.length;
  if (facts === 0 && !correction.unclear) return null;
  const isBrief = length < (isOurs || facts > 1 ? 2 * SHORT : SHORT);
  const isAsked = questionStrength(plainOf(all.subject), pieces.newLines) > 3.5 && !WANTED.test(plain);
  const brings = Math.max(0, ...drafts.map((one) => one.ownKinds));
  // A new version below its announcement says more than whose it is.
  const isVersion = versions.replace !== null && drafts.length > 0 && pieces.newLines.length > 3;
  // A whole paper sent again may name other units and titles; it changes none of them.
  const isPaper = brings >= 2.5 && length >= SHORT && pieces.newLines.length > 3;
  // A reminder records nothing that could be wrong.
  const isRemindersQuestion = isOurs && !exchange.isOfRecord && /[?？]/.test(plain);
  if (isAsked || isVersion || isPaper || isRemindersQuestion) return null;
  // "牵头单位改为图书馆" is what an idea wants; a correction speaks of a mistake or answers a mail of ours.
  const isMeant =
    isOurs ||
    exchange.answers === "other" ||
    (MISTAKE.test(plain) &&
      !PROPOSES.test(plain) &&
      !PROPOSING.test(plain) &&
      brings < (aboutEarlier(plain) ? 2.5 : 1.5));
  if (facts > 0 && isBrief && isMeant) {
    const type = said(CORRECTION, correction.words, 5);
    return { outcome: "filed", reason: null, type, corrections: correction.requests, intent: "correct" };
  }
  return correction.unclear && length < SHORT && isMeant && !proposes ? unclear(correction.words) : null;
}

function unclear(
  words: string[],
  corrections: Talk["corrections"] = [],
  intent: Intent = "unclear",
  weight = 3.5,
): Talk {
  const type = said(CORRECTION, words, weight);
  return { outcome: "held", reason: "correction-unclear", type, corrections, intent };
}

/** A new version or a forgotten file spoken of, and not there. */
function announced({ versions, length, proposes, exchange, plain, drafts }: Saying): Talk | null {
  const isAbout = exchange.answers !== null || aboutEarlier(plain);
  const brings = proposes || drafts.some((one) => one.ownKinds >= 2.5);
  if (brings || length >= SHORT / 2 || !isAbout || /[?？]|吗/.test(plain)) return null;
  if (versions.supplement) return unclear([versions.supplement], [{ action: "supplement" }], "supplement");
  return versions.replace ? unclear([versions.replace], [{ action: "replace" }], "replace") : null;
}

/** Something is wrong, and nobody says what. */
function complained({ isOurs, length, lines, drafts }: Saying): Talk | null {
  if (!isOurs || length >= SHORT || drafts.some((one) => one.ownKinds >= 2.5)) return null;
  const words = isComplaint(lines);
  return words === null ? null : unclear([words]);
}

/** An answer to what we recorded that brings nothing and says nothing we understand wants something of us. */
function puzzled({ isOurs, exchange, length, drafts, plain }: Saying): Talk | null {
  const isShort = length > 0 && length < SHORT;
  if (!isOurs || exchange.recorded.length === 0 || !isShort || drafts.some((one) => one.ownKinds >= 1.5))
    return null;
  return unclear([plain.split("\n")[0]!.slice(0, 60)]);
}

function thanked({ lines, isOurs, drafts }: Saying): Talk | null {
  if (!isThanks(lines, isOurs) || drafts.some((one) => one.ownKinds >= 2.5)) return null;
  const type = said(OTHER, [lines[0]?.raw ?? ""], 5);
  return { outcome: "ignored", reason: "thanks", type, corrections: [], intent: "thanks" };
}

function advertised({ all, lines, plain, drafts, exchange }: Saying): Talk | null {
  const words = isAdvertising(plainOf(all.subject), lines);
  const known = all.unit.value !== null || exchange.answers !== null;
  if (words.length === 0 || known || drafts.some((one) => one.ownKinds >= 3)) return null;
  const type = said(OTHER, words, 4, (one) => (plain.includes(one) ? "body" : "subject"));
  return { outcome: "ignored", reason: "spam", type, corrections: [], intent: null };
}

const ASKS = /[?？]|吗|请问|请教/;

function asked({ mail, all, lines, drafts, isOurs, exchange, plain }: Saying): Talk | null {
  const asks = questionStrength(plainOf(all.subject), lines);
  // Who answers our call or reminder with a question has that call's words in his subject.
  const answersCall = isOurs && exchange.recorded.length === 0 && ASKS.test(plain) && !PROPOSES.test(plain);
  const brings = answersCall ? 0 : Math.max(0, ...drafts.map((one) => one.ownKinds));
  const isMany = (plain.match(/[?？]/g)?.length ?? 0) > 1;
  if (!(answersCall && (asks > 0 || isMany)) && (asks <= 2.5 || asks <= brings)) return null;
  const line = lines.find(({ raw }) => /[?？]|请问|吗/.test(raw));
  const words = line?.raw ?? mail.subject;
  const type = said(QUESTION, [words.slice(0, 80)], Math.max(asks, 2.5), () => (line ? "body" : "subject"));
  return { outcome: "held", reason: "question", type, corrections: [], intent: "question" };
}

/** What no rule hears, the wording may tell. */
function heard({ lines, length, plain, isOurs, drafts, pieces, all }: Saying): Talk | null {
  // A form that is filled in and a subject of its own say what it is.
  if (pieces.pieces.some((piece) => piece.labels.length >= 2)) return null;
  const subject = all.isReply ? [] : all.kinds.filter((one) => one.where === "subject");
  const named = subject.filter((one) => one.speaksFor !== OTHER).map((one) => one.weight);
  const brings = Math.max(0, ...drafts.map((one) => one.ownKinds), ...named);
  const told = heardIn({ lines, length, brings, answersUs: isOurs, aboutEarlier: aboutEarlier(plain) });
  if (told === null) return null;
  const words = told.words.length > 0 ? told.words : [lines[0]?.raw ?? ""];
  if (told.genre === "correction") return unclear(words, [], "unclear", told.weight);
  if (told.genre === "question") {
    const type = said(QUESTION, words, told.weight);
    return { outcome: "held", reason: "question", type, corrections: [], intent: "question" };
  }
  if (!requestsNothing(lines)) return null;
  const type = said(OTHER, words, told.weight);
  return { outcome: "ignored", reason: "thanks", type, corrections: [], intent: "thanks" };
}

export function said(
  value: string,
  words: string[],
  weight: number,
  placeOf: (words: string) => Place = () => "body",
): Verdict {
  return weigh(
    words.slice(0, 4).map((one) => ({ where: placeOf(one), words: one, speaksFor: value, weight })),
    { doubt: 0, atLeast: 0 },
  );
}
