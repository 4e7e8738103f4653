// From pieces to submissions: each piece weighed for itself, papers of one kind joined, ideas taken apart.
import { OTHER } from "./evidence.ts";
import { ideaDrafts } from "./idea-draft.ts";
import { ownStrength } from "./kind.ts";
import type { Knowledge } from "./knowledge.ts";
import type { Drafted, Mailwide } from "./mailwide.ts";
import { paperDraft } from "./paper.ts";
import { SPEAKS, type Typed, typeOf } from "./piece-kind.ts";
import { pieceUnits } from "./piece-unit.ts";
import { type Piece, sameText } from "./pieces.ts";
import { stemOf } from "./title.ts";
import { weighUnits } from "./unit-verdict.ts";

export function draftsOf(pieces: Piece[], mail: Mailwide, knowledge: Knowledge): Drafted[] {
  const doubt = mail.unit.value !== null && mail.unit.confidence >= 0.85 ? 0.2 : 1;
  const typed = pieces.map((piece) => typeOf(piece, pieces.length, mail, doubt, knowledge));
  const speaking = typed.filter((one) => one.verdict.value !== null && ownStrength(one.own) >= SPEAKS);
  const papers = typed.filter((one) => counts(one, typed, speaking, knowledge));
  const drafts = groupsOf(papers, knowledge).map((group) =>
    knowledge.personal.has(group[0]!.verdict.value!)
      ? ideaDrafts(group[0]!, papers.length, mail, knowledge)
      : paperDraft(group, mail, knowledge),
  );
  return withoutTwins(drafts);
}

/** Annexes and covering notes beside a paper that says what it is are not submissions of their own. */
function counts(one: Typed, all: Typed[], speaking: Typed[], knowledge: Knowledge): boolean {
  if (one.verdict.value === null || one.verdict.value === OTHER) return false;
  // A paper that a unit owes is longer than a line about it.
  const { piece } = one;
  if (piece.source === "body" && !knowledge.personal.has(one.verdict.value) && piece.text.length < 60)
    return false;
  const papers = speaking.filter(({ piece }) => piece.source === "document" && !isAnnex(piece));
  if (isAnnex(piece) && papers.length > 0) return false;
  if (speaking.includes(one)) return true;
  if (speaking.length > 0) {
    if (piece.source !== "document" || !piece.readable) return false;
    // Beside a file that says 金点子, a file like it is one of them; beside a paper it is an annex.
    const sibling = papers.some((other) => other.verdict.value === one.verdict.value);
    return papers.length === 0 || (sibling && knowledge.personal.has(one.verdict.value));
  }
  const documents = all.filter((other) => other.piece.source === "document");
  return documents.length === 0 || one.piece.source === "document";
}

const ANNEX =
  /^(?:[\d０-９]+[ .、_-]*)?(?:附[表图录]|附件\d*$|清单|台账|统计|照片|名单|花名册|签到|明细|证明|appendix|annex)|(?:统计表?|台账|清单|名单|照片|签到表|明细表?|汇总表|统计数据|目录)$|^[^.]{0,8}(?:照片|图片|影像)/i;

/** By its name, or by what stands above its text. */
function isAnnex(piece: Piece): boolean {
  if (piece.source === "body") return false;
  const above = piece.lines[0]?.plain ?? "";
  return ANNEX.test(stemOf(piece.filename)) || (above.length <= 24 && /^附[表图录]/.test(above));
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
    const own = weighUnits(pieceUnits(one.piece, true, knowledge));
    const unit = own.value !== null && own.confidence > 0.85 ? own.value : "";
    const item = one.item?.item ?? null;
    const key = `${type}/${item}/${unit}`;
    const same = groups.get(key) ?? groups.get(`${type}/${item}/`);
    if (same) same.push(one);
    else groups.set(key, [one]);
  });
  return [...groups.values()];
}

/** The same idea in the body and in a document; within one text only what is listed twice, word for word. */
function withoutTwins(pieces: Drafted[][]): Drafted[] {
  const kept: Drafted[] = [];
  for (const drafts of pieces) {
    const before = kept.slice(0, 40);
    const texts = new Set<string>();
    for (const one of drafts) {
      const key = `${one.draft.type}/${one.draft.unit}/${one.draft.text}`;
      const listed = one.draft.text !== "" && texts.has(key);
      texts.add(key);
      if (!listed && !before.some((other) => isTwin(one, other))) kept.push(one);
    }
  }
  return kept;
}

function isTwin({ draft: one }: Drafted, { draft: other }: Drafted): boolean {
  return (
    other.type === one.type && other.unit === one.unit && other.text !== "" && sameText(other.text, one.text)
  );
}
