// How many ideas a text holds: a table, repeated labels, a list or paragraphs of separate ones; else it is one.

import type { Idea } from "./idea.ts";
import { blocksOf, creditedOf, headedOf } from "./idea-blocks.ts";
import { numberedOf } from "./idea-list.ts";
import { paragraphsOf } from "./idea-paragraphs.ts";
import { tableOf } from "./idea-table.ts";
import type { Knowledge } from "./knowledge.ts";
import { type Line, plainOf } from "./letter.ts";
import { hasLink, withoutLinks } from "./links.ts";
import type { Piece } from "./pieces.ts";

const MOST_IDEAS = 200;
const MOST_CHARACTERS = 200_000;
const MOST_LINES = 2_000;

export function ideasIn(piece: Piece, surroundings: string, knowledge: Knowledge): Idea[] {
  const lines = linesOfAll(piece);
  const several =
    tableOf(lines, knowledge) ??
    blocksOf(lines) ??
    headedOf(lines, knowledge) ??
    numberedOf(lines, surroundings, knowledge) ??
    creditedOf(lines) ??
    paragraphsOf(lines, surroundings);
  if (several && several.length > 1) return several.slice(0, MOST_IDEAS);
  if (several && several.length === 1 && several[0]!.title) return several;
  return [{ title: null, text: piece.text.trim(), lines: piece.lines, people: [], unitWords: null }];
}

/** Lists may be long: all their lines, not only the beginning and the end; a link stays in the idea's text. */
function linesOfAll(piece: Piece): Line[] {
  if (piece.text.length <= 10_000 && !hasLink(piece.text)) return piece.lines;
  const chunks = piece.text.slice(0, MOST_CHARACTERS).split(/\r?\n/);
  return chunks
    .map((raw) => raw.trim())
    .filter((raw) => raw !== "")
    .slice(0, MOST_LINES)
    .map((raw) => ({ raw, plain: plainOf(withoutLinks(raw.slice(0, 400))) }));
}
