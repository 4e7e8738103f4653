// Mails that bring nothing new to file: corrections, withdrawals, answers, questions, complaints, thanks, advertising.
import type { Mail } from "../message/mail.ts";
import { answeredUnit } from "./answer.ts";
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
import type { Knowledge } from "./knowledge.ts";
import { isFarewell, isGreeting, type Line, linesOf, plainOf, widthOf } from "./letter.ts";
import type { Drafted, Mailwide } from "./mailwide.ts";
import type { Pieces } from "./pieces.ts";
import { PROPOSES } from "./proposal.ts";
import { isAdvertising, isComplaint, isThanks } from "./talk.ts";
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
  if (pieces.pieces.some((piece) => piece.source === "document") || pieces.forwardedFrom) return null;
  const lines = pieces.newLines;
  const said = lines.filter((line) => !isGreeting(line.plain) && !isFarewell(line.plain));
  const length = said.reduce((sum, line) => sum + widthOf(line.plain), 0);
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
    complained(saying) ??
    thanked(saying) ??
    advertised(saying) ??
    asked(saying) ??
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
  const found = answeredUnit(pieces.newLines, linesOf(pieces.signature), exchange, knowledge);
  if (!found) return null;
  const type = said(CORRECTION, [found.words], 5);
  const people = found.people.length > 0 ? [{ action: "people" as const, people: found.people }] : [];
  const corrections = [{ action: "unit" as const, unit: found.unit }, ...people];
  return { outcome: "filed", reason: null, type, corrections, intent: "answer" };
}

function takenBack({ versions, plain, length, isOurs, drafts, exchange }: Saying): Talk | null {
  const words = versions.withdraw;
  if (words === null || length > LONGEST_WITHDRAWAL) return null;
  // "前稿作废，以此为准" with the new version below it replaces; so does a proposal to withdraw something else propose.
  if (versions.replace !== null && drafts.length > 0 && length > SHORT / 2) return null;
  const isMine = isOurs ? !PROPOSES.test(plain) || aboutEarlier(plain) : aboutEarlier(plain);
  if (!isMine && !(exchange.answers === "other" && length <= SHORT / 4)) return null;
  const type = said(CORRECTION, [words], 5);
  return { outcome: "filed", reason: null, type, corrections: [{ action: "withdraw" }], intent: "withdraw" };
}

const MISTAKE = /错|误|不对|更正|订正|改|不是|漏|加上|wrong|incorrect|mistake|should (?:be|read)|correct/;

/** Beside a question, the wish that it be done. */
const WANTED = /(?:请|麻烦|烦|帮|想|要)[^,，。?？\n]{0,12}(?:改|更正|换|登|补|加)|should (?:be|read)|please/;

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
  const isBrief = length < (isOurs ? 2 * SHORT : SHORT) || facts > 1;
  const isAsked = questionStrength(plainOf(all.subject), pieces.newLines) > 3.5 && !WANTED.test(plain);
  // A new version below its announcement says more than whose it is.
  const isVersion = versions.replace !== null && drafts.length > 0 && pieces.newLines.length > 3;
  if (isAsked || isVersion) return null;
  // "牵头单位改为图书馆" is what an idea wants; a correction speaks of a mistake or answers a mail of ours.
  const isMeant =
    isOurs ||
    exchange.answers === "other" ||
    (MISTAKE.test(plain) && !PROPOSES.test(plain) && (!proposes || aboutEarlier(plain)));
  if (facts > 0 && isBrief && isMeant) {
    const type = said(CORRECTION, correction.words, 5);
    return { outcome: "filed", reason: null, type, corrections: correction.requests, intent: "correct" };
  }
  return correction.unclear && length < SHORT && isMeant && !proposes ? unclear(correction.words) : null;
}

function unclear(words: string[], corrections: Talk["corrections"] = [], intent: Intent = "unclear"): Talk {
  const type = said(CORRECTION, words, 3.5);
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

function asked({ mail, all, lines, drafts }: Saying): Talk | null {
  const asks = questionStrength(plainOf(all.subject), lines);
  const brings = Math.max(0, ...drafts.map((one) => one.ownKinds));
  if (asks <= 2.5 || asks <= brings) return null;
  const line = lines.find(({ raw }) => /[?？]|请问|吗/.test(raw));
  const words = line?.raw ?? mail.subject;
  const type = said(QUESTION, [words.slice(0, 80)], asks, () => (line ? "body" : "subject"));
  return { outcome: "held", reason: "question", type, corrections: [], intent: "question" };
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
