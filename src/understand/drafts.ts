// From pieces to submissions: each piece weighed for itself, papers of one kind joined, ideas taken apart.
import { OTHER } from "./evidence.ts";
import { ideaDrafts } from "./idea-draft.ts";
import { ownStrength } from "./kind.ts";
import type { Knowledge } from "./knowledge.ts";
import { type Drafted, type Mailwide, UNIT_LIMITS } from "./mailwide.ts";
import { paperDraft } from "./paper.ts";
import { SPEAKS, type Typed, typeOf } from "./piece-kind.ts";
import { pieceUnits } from "./piece-unit.ts";
import { type Piece, sameText } from "./pieces.ts";
import { weigh } from "./weigh.ts";

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
    const item = one.item?.item ?? null;
    const key = `${type}/${item}/${unit}`;
    const same = groups.get(key) ?? groups.get(`${type}/${item}/`);
    if (same) same.push(one);
    else groups.set(key, [one]);
  });
  return [...groups.values()];
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
