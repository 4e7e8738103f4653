// Whose a document is by what it says itself: its name, headings, properties and text.
import type { Evidence } from "./evidence.ts";
import { titleLines } from "./heading.ts";
import type { Knowledge } from "./knowledge.ts";
import type { Piece } from "./pieces.ts";
import { stemOf } from "./title.ts";
import { displayEvidence } from "./unit-sender.ts";
import { DOCUMENT, textEvidence } from "./unit-text.ts";
import { titleEvidence } from "./unit-title.ts";

export function pieceUnits(piece: Piece, owed: boolean, knowledge: Knowledge): Evidence[] {
  if (piece.source === "body") return [];
  const evidence = titleEvidence(stemOf(piece.filename), "filename", owed, knowledge);
  for (const line of titleLines(piece))
    evidence.push(...titleEvidence(line.raw, "document-title", owed, knowledge));
  if (piece.title) {
    const properties = titleEvidence(piece.title, "document-properties", owed, knowledge);
    evidence.push(...properties.map((one) => ({ ...one, weight: one.weight * 0.4 })));
  }
  if (piece.author) {
    const author = displayEvidence(piece.author, knowledge);
    evidence.push(
      ...author.map((one) => ({ ...one, where: "document-properties" as const, weight: one.weight * 0.4 })),
    );
  }
  return [...evidence, ...textEvidence(piece.lines, piece.labels, DOCUMENT, knowledge)];
}
