// A paper that a unit owes: its pieces joined into one submission, with its unit, its heading and its writers.
import type { SubmissionDraft } from "./evidence.ts";
import { titleLines } from "./heading.ts";
import { ownStrength, titleKinds } from "./kind.ts";
import type { Knowledge } from "./knowledge.ts";
import type { Drafted, Mailwide } from "./mailwide.ts";
import { namesIn } from "./people.ts";
import type { Typed } from "./piece-kind.ts";
import { pieceUnits } from "./piece-unit.ts";
import type { Piece } from "./pieces.ts";
import { bareSubject, firstSentence, stemOf, tidy } from "./title.ts";
import { itemEvidence } from "./unit-sender.ts";
import { asDivisions } from "./unit-text.ts";
import { leftover } from "./unit-title.ts";
import { weighUnits } from "./unit-verdict.ts";

export function paperDraft(group: Typed[], mail: Mailwide, knowledge: Knowledge): Drafted[] {
  const first = group.reduce((a, b) => (b.piece.text.length > a.piece.text.length ? b : a));
  const named = group.find((one) => one.item !== null)?.item ?? null;
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
    ...(named ? itemEvidence(named, mail.sender, knowledge) : []),
  ];
  const unit = weighUnits(asDivisions(units, knowledge));
  const draft: SubmissionDraft = {
    type: first.verdict.value!,
    unit: unit.value,
    people,
    title: paperTitle(first.piece, mail, knowledge),
    text: group
      .map(({ piece }) => piece.text.trim())
      .filter(Boolean)
      .join("\n\n"),
    item: named?.item.split("/")[1] ?? null,
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
