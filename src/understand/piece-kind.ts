// What each piece of a mail is by itself and beside the mail's own words: its titles, its shape, its labels.
import { type Evidence, OTHER, type Verdict } from "./evidence.ts";
import { titleLines } from "./heading.ts";
import { itemOf } from "./item.ts";
import { chaptersIn, ownStrength, shapeKinds, titleKinds } from "./kind.ts";
import type { Knowledge } from "./knowledge.ts";
import { isDate, isFarewell, isGreeting, plainOf, widthOf } from "./letter.ts";
import type { Mailwide } from "./mailwide.ts";
import { nothingSent } from "./nothing-sent.ts";
import type { Piece } from "./pieces.ts";
import { stemOf } from "./title.ts";
import type { NamedItem } from "./unit-sender.ts";
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
  const own = withItsName(ownKinds(piece, plainOf(mail.subject), knowledge), mail, knowledge);
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
  const chapters = chaptered(piece, own, mail, knowledge);
  // What a paper proposes in its last chapter, or is called in passing, makes it no idea.
  const titled = own.some(
    (one) => one.where === "document-title" && isOwed(one, knowledge) && one.weight >= 3.2,
  );
  const known = [...own, ...shared].map((one) =>
    (chapters.length > 0 || titled) && knowledge.personal.has(one.speaksFor)
      ? { ...one, weight: one.weight * 0.35 }
      : one,
  );
  const all = [...known, ...chapters, ...byElimination(piece, known, mail, knowledge)];
  const verdict = weigh(all, { doubt, atLeast: 1.1 });
  return { piece, own, verdict, item: itemOf(piece, verdict.value, mail, knowledge) };
}

/** A paper named so tells what was done and what is to come; only a letter without such a name is an idea by its shape. */
function withItsName(own: Evidence[], mail: Mailwide, knowledge: Knowledge): Evidence[] {
  const named = [...own, ...mail.kinds].some((one) => isOwed(one, knowledge) && one.weight >= 2.8);
  if (!named) return own;
  const isShape = (one: Evidence) => knowledge.personal.has(one.speaksFor) && one.weight < PLAINLY;
  return own.filter((one) => !isShape(one));
}

/** A shape below this proposes without saying so. */
const PLAINLY = 2.5;

function isOwed(one: Evidence, knowledge: Knowledge): boolean {
  return one.speaksFor !== OTHER && !knowledge.personal.has(one.speaksFor);
}

/** The papers that chapters under their name, or under an item's name in the subject, are; even in the body. */
function chaptered(piece: Piece, own: Evidence[], mail: Mailwide, knowledge: Knowledge): Evidence[] {
  const [words, ...also] = piece.source === "body" ? chaptersIn(piece.lines).map((line) => line.raw) : [];
  if (words === undefined || also.length === 0) return [];
  const owed = (one: Evidence) => isOwed(one, knowledge);
  const headed = own.filter((one) => owed(one) && one.weight >= 2.8);
  const subject = mail.kinds.filter((one) => one.where === "subject" && owed(one) && one.weight >= 1.2);
  const codes = new Set([...headed, ...subject].map((one) => one.speaksFor));
  return [...codes].map((speaksFor) => ({
    where: "body",
    words,
    also: also.slice(0, 3),
    speaksFor,
    weight: 1.4,
  }));
}

/** Fewer letters than these say nothing that could be entered. */
const LEAST = 14;

/** The mailbox is there for ideas: a letter of its own that is nothing else is one, the surer where it proposes. */
function byElimination(piece: Piece, known: Evidence[], mail: Mailwide, knowledge: Knowledge): Evidence[] {
  const codes = knowledge.genres.get("idea") ?? [];
  const isElse = known.some((one) => !codes.includes(one.speaksFor) && one.weight >= 1.2);
  if (codes.length === 0 || isElse || mail.isReply || contentLength(piece) < LEAST) return [];
  const proposes = known.some(
    (one) => codes.includes(one.speaksFor) && one.where !== "subject" && one.weight >= 0.9,
  );
  // A stranger's words that want nothing may be about anything.
  if (!proposes && mail.unit.value === null) return [];
  return codes.map((code) => ({
    // What the mailbox is there for the campaign knows; many a mail reaches it without naming it.
    where: "office" as const,
    words: knowledge.campaign.mailbox.address,
    speaksFor: code,
    weight: (proposes ? 1.9 : 1.6) - Math.log(codes.length),
  }));
}

function contentLength(piece: Piece): number {
  const said = piece.lines.filter((line) => !isFarewell(line.plain) && !isDate(line.plain));
  return said.reduce(
    (sum, line) => sum + (line.plain.length > 16 || !isGreeting(line.plain) ? widthOf(line.plain) : 0),
    0,
  );
}

function ownKinds(piece: Piece, subject: string, knowledge: Knowledge): Evidence[] {
  const place = piece.source === "body" ? "body" : "document-text";
  const evidence = shapeKinds(piece.lines, piece.text.length, place, knowledge);
  if (piece.source === "body") evidence.push(...nothingSent(subject, piece.lines));
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
