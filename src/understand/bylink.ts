// A mail that brings its paper only as a link to a large file: held for a reason of its own (R31).
import { draftsOf } from "./drafts.ts";
import { OTHER, type Understanding } from "./evidence.ts";
import { chaptersIn, coverKinds, ownStrength, shapeKinds } from "./kind.ts";
import type { Knowledge } from "./knowledge.ts";
import { type Line, linesOf } from "./letter.ts";
import { type LinkedFiles, withoutLinkedFiles } from "./links.ts";
import type { Mailwide } from "./mailwide.ts";
import { type Piece, type Pieces, pieceOf } from "./pieces.ts";
import { verdictOf } from "./verdict.ts";
import { weigh } from "./weigh.ts";

type ByLink = Pick<Understanding, "outcome" | "reason" | "type" | "unit" | "submissions">;

/** What a mail brings only as a link to a large file is known by its name; its text is not here to be filed. */
export function fileByLink(
  pieces: Pieces,
  linked: LinkedFiles,
  all: Mailwide,
  knowledge: Knowledge,
): ByLink | null {
  const words = pieces.pieces.flatMap((piece) => linesOf(withoutLinkedFiles(piece.text)));
  if (saysSomething(words, knowledge)) return null;
  const named = linked.filenames.map(
    (filename): Piece => ({
      ...pieceOf({ source: "document", filename, text: "" }),
      readable: false,
    }),
  );
  const drafts = draftsOf(named, { ...all, cover: words }, knowledge);
  const held = { outcome: "held", reason: "large-file-link" } as const;
  if (drafts.length > 0) {
    const { type, unit } = verdictOf(drafts, knowledge);
    return { ...held, type, unit, submissions: drafts.map((one) => one.draft) };
  }
  const type = weigh([...all.kinds, ...coverKinds(words, knowledge)], { doubt: 1, atLeast: 1 });
  const known = type.value === null ? { ...type, value: OTHER, confidence: 0.5, runnerUp: null } : type;
  return { ...held, type: known, unit: all.unit, submissions: [] };
}

/** The letter proposes or reports by itself, and the link only adds to it. */
function saysSomething(lines: Line[], knowledge: Knowledge): boolean {
  const length = lines.reduce((sum, line) => sum + line.plain.length, 0);
  const shown = ownStrength(shapeKinds(lines, length, "body", knowledge));
  const headings = chaptersIn(lines).length;
  return (shown >= 2 && length >= 30) || (headings >= 2 && shown > 0) || (shown > 1 && length >= 300);
}
