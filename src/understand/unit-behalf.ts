// Letters that are another's: sent for a colleague, handed on, forwarded. The author counts; who sends it says little.
import type { MailAddress } from "../message/mail.ts";
import { writtenIn } from "./asread.ts";
import type { Evidence } from "./evidence.ts";
import type { Knowledge } from "./knowledge.ts";
import { type Line, plainOf } from "./letter.ts";
import type { Pieces } from "./pieces.ts";
import { unitMentions } from "./unit-mention.ts";
import { displayEvidence, senderEvidence } from "./unit-sender.ts";
import { isSpokenFor } from "./unit-standing.ts";
import { BODY, textEvidence } from "./unit-text.ts";

/** What remains of the reasons for the unit of somebody who only hands on. */
const HANDS_ON = 0.3;
const OPENING_LINES = 6;
/** Of a line; for whom a letter is sent is said early. */
const LOOKED_AT = 300;
const FOR_ANOTHER = /[代替帮转受托]|推荐|反映|现将|兹将|[师徒]|爸|妈|父|母|爱人|老公|老婆|behalf|forward/;

/** The unit of a colleague for whom the letter is sent; "他是柳河小学的苗某，托我转交". */
function unitsSpokenFor(subject: string, lines: Line[], knowledge: Knowledge): Set<string> {
  const units = new Set<string>();
  const opening = [{ plain: plainOf(subject) }, ...lines.slice(0, OPENING_LINES)];
  if (!opening.some((line) => FOR_ANOTHER.test(line.plain))) return units;
  for (const line of opening) {
    const plain = line.plain.slice(0, LOOKED_AT);
    for (const mention of unitMentions(plain, knowledge)) {
      if (isSpokenFor(plain.slice(0, mention.start), plain.slice(mention.end))) units.add(mention.value!);
    }
  }
  return units;
}

/** Who sends a colleague's idea from another unit says little of whose it is. */
export function spokenFor(
  own: Evidence[],
  subject: string,
  pieces: Pieces,
  knowledge: Knowledge,
): Evidence[] {
  const units = unitsSpokenFor(subject, pieces.newLines, knowledge);
  if (units.size === 0) return own;
  return own.map((one) => (units.has(one.speaksFor) ? one : { ...one, weight: one.weight * HANDS_ON }));
}

/** A forwarded letter is its writer's: where it says whose it is, who forwards says little. */
export function forwardedUnits(
  own: Evidence[],
  from: MailAddress,
  subject: string,
  pieces: Pieces,
  knowledge: Knowledge,
): Evidence[] {
  const letter = [
    ...pieces.pieces.flatMap((piece) => textEvidence(piece.lines, piece.labels, BODY, knowledge)),
    ...forwardedEvidence(from, knowledge),
  ];
  const says =
    letter.some((one) => one.weight >= 2.5) ||
    pieces.pieces.some((piece) => namesAnother(piece.lines, knowledge));
  return [
    ...spokenFor(own, subject, pieces, knowledge).map((one) =>
      says && one.weight > 1 ? { ...one, weight: one.weight * HANDS_ON } : one,
    ),
    ...letter,
  ];
}

/** Signed by somebody of an organisation that is not configured: no reason to take it for the forwarder's. */
function namesAnother(lines: Line[], knowledge: Knowledge): boolean {
  return writtenIn(lines, knowledge) !== null;
}

function forwardedEvidence(from: MailAddress, knowledge: Knowledge): Evidence[] {
  const claimed = senderEvidence(from, knowledge).map((one) => ({ ...one, weight: one.weight * 0.7 }));
  return [...claimed, ...displayEvidence(from.name, knowledge).slice(0, 1)];
}
