// What each piece of a mail is by itself and beside the mail's own words: its titles, its shape, its labels.
import { type Evidence, OTHER, type Verdict } from "./evidence.ts";
import { titleLines } from "./heading.ts";
import { itemOf } from "./item.ts";
import { chaptersIn, ownStrength, shapeKinds, titleKinds } from "./kind.ts";
import type { Knowledge } from "./knowledge.ts";
import type { Mailwide } from "./mailwide.ts";
import type { Piece } from "./pieces.ts";
import { stemOf } from "./title.ts";
import type { NamedItem } from "./unit.ts";
import { weigh } from "./weigh.ts";

export interface Typed {
  piece: Piece;
  own: Evidence[];
  verdict: Verdict;
  item: NamedItem | null;
}

/** From here a document says by itself what it is; below it is an annex of one that does. */
export const SPEAKS = 1.5;

export function typeOf(
  piece: Piece,
  count: number,
  mail: Mailwide,
  doubt: number,
  knowledge: Knowledge,
): Typed {
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
  const [words, ...also] = piece.source === "body" ? chaptersIn(piece.lines).map((line) => line.raw) : [];
  if (words === undefined || also.length === 0) return [];
  const named = mail.kinds.filter(
    (one) => one.where === "subject" && one.weight >= 2.3 && one.speaksFor !== OTHER,
  );
  return [...new Set(named.map((one) => one.speaksFor))]
    .filter((code) => !knowledge.personal.has(code))
    .map((code) => ({ where: "body", words, also: also.slice(0, 3), speaksFor: code, weight: 1.2 }));
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
  const label = piece.labels.find((one) => one.kind === "people");
  if (label) {
    // Filled in like a form: a title and a person, each behind its label.
    const form = piece.labels.find((one) => one.kind === "title");
    const weight = (form ? 2 : 0.8) - Math.log(Math.max(knowledge.personal.size, 1));
    for (const code of knowledge.personal) {
      if (weight > 0)
        evidence.push({
          ...{ where: place, words: label.words, speaksFor: code, weight },
          ...(form && { also: [form.words] }),
        });
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
