// Mails that bring nothing new to file: corrections in plain words, thanks, advertising, questions to the office.
import type { Mail } from "../message/mail.ts";
import { correctionIn } from "./correction.ts";
import { type Drafted, type Mailwide, UNIT_LIMITS } from "./drafts.ts";
import { CORRECTION, OTHER, QUESTION, type Understanding, type Verdict } from "./evidence.ts";
import type { Knowledge } from "./knowledge.ts";
import { plainOf } from "./letter.ts";
import type { Pieces } from "./pieces.ts";
import { isAdvertising, isThanks, questionStrength } from "./talk.ts";
import { weigh } from "./weigh.ts";

export type Talk = Pick<Understanding, "outcome" | "reason" | "type" | "corrections">;

const MISTAKE = /错|有误|不对|更正|订正|撤|收回|wrong|incorrect|mistake|should (?:be|read)|withdraw|retract/;

/** Corrections, thanks and questions: mails that bring nothing new to file. */
export function talkOf(
  mail: Mail,
  pieces: Pieces,
  drafts: Drafted[],
  all: Mailwide,
  knowledge: Knowledge,
): Talk | null {
  const hasDocuments = pieces.pieces.some((piece) => piece.source === "document");
  if (hasDocuments || pieces.forwardedFrom) return null;
  const lines = pieces.newLines;
  const correction = correctionIn(lines, knowledge);
  const facts = correction.requests.filter((one) => one.action !== "replace");
  const length = lines.reduce((sum, line) => sum + line.plain.length, 0);
  const brief = length < 160 || facts.length > 1;
  // "牵头单位改为图书馆" is what an idea wants; a correction speaks of a mistake or answers a mail of ours.
  const proposes = drafts.some((one) => one.ownKinds >= 2.5) && !all.isReply;
  const mistaken = lines.some((line) => MISTAKE.test(line.plain));
  if (facts.length > 0 && brief && (mistaken || !proposes)) {
    return {
      outcome: "filed",
      reason: null,
      type: said(CORRECTION, correction.words, 5),
      corrections: correction.requests,
    };
  }
  const replaces = correction.requests.length > 0 && length < 60 && !proposes;
  if ((correction.unclear && length < 120 && (mistaken || !proposes)) || replaces) {
    const type = said(CORRECTION, correction.words, 3.5);
    return { outcome: "held", reason: "correction-unclear", type, corrections: correction.requests };
  }
  const subject = plainOf(all.subject);
  if (isThanks(lines)) {
    return {
      outcome: "ignored",
      reason: "thanks",
      type: said(OTHER, [lines[0]?.raw ?? ""], 5),
      corrections: [],
    };
  }
  const advertising = isAdvertising(subject, lines);
  const known = all.unit.value !== null || mail.inReplyTo.length > 0;
  if (advertising.length > 0 && !known && !drafts.some((one) => one.ownKinds >= 3)) {
    return { outcome: "ignored", reason: "spam", type: said(OTHER, advertising, 4), corrections: [] };
  }
  const asks = questionStrength(subject, lines);
  const brings = Math.max(0, ...drafts.map((one) => one.ownKinds));
  if (asks > 2.5 && asks > brings) {
    const words = lines.find((line) => /[?？]|请问|吗/.test(line.raw))?.raw ?? mail.subject;
    return {
      outcome: "held",
      reason: "question",
      type: said(QUESTION, [words.slice(0, 80)], asks),
      corrections: [],
    };
  }
  return null;
}

/** Who says "the unit should be X" says that X is theirs. */
export function unitOfTalk(talk: Talk, all: Mailwide): Verdict {
  const claimed = talk.corrections.find((one) => one.action === "unit");
  if (claimed?.action !== "unit") return all.unit;
  const words = talk.type.evidence[0]?.words ?? "";
  return weigh([...all.units, { where: "office", words, speaksFor: claimed.unit, weight: 3 }], UNIT_LIMITS);
}

export function said(value: string, words: string[], weight: number): Verdict {
  return weigh(
    words.slice(0, 4).map((one) => ({ where: "body" as const, words: one, speaksFor: value, weight })),
    { doubt: 0, atLeast: 0 },
  );
}
