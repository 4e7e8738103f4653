// The genre that a text's words speak for, as evidence: bounded, and less than a name, a label or a plain proposal.
import type { Evidence, Place } from "./evidence.ts";
import { type GenreReading, genreOf, type TextGenre } from "./genre.ts";
import type { Genre, Knowledge } from "./knowledge.ts";
import type { Line } from "./letter.ts";

/** The same lines are asked about as a piece and as talk. */
const read = new WeakMap<Line[], GenreReading>();

export function wordingOf(lines: Line[]): GenreReading {
  const known = read.get(lines);
  if (known !== undefined) return known;
  const reading = genreOf(lines.map((line) => line.raw).join("\n"));
  read.set(lines, reading);
  return reading;
}

const SPEAKS_FOR: Record<Genre, TextGenre> = { idea: "proposal", summary: "report", plan: "plan" };

/** A document is mostly named; its words are rarely all there is to go by. */
const IN_DOCUMENT = 0.5;
/** That words are not those of an idea says less than that they are, and of a line or two nothing. */
const AGAINST = 0.35;
const WORTH_SAYING = 0.2;
/** Letters for, known features against. */
const LEAST = { for: 8, against: 14 };

export function wordingKinds(lines: Line[], where: Place, knowledge: Knowledge): Evidence[] {
  const length = lines.reduce((sum, line) => sum + line.plain.length, 0);
  if (length < LEAST.for) return [];
  const reading = wordingOf(lines);
  const share = where === "body" ? 1 : IN_DOCUMENT;
  const evidence: Evidence[] = [];
  for (const genre of Object.keys(SPEAKS_FOR) as Genre[]) {
    const codes = knowledge.genres.get(genre) ?? [];
    const told = reading.odds[SPEAKS_FOR[genre]];
    const isAgainst = told < 0;
    if (isAgainst && (genre !== "idea" || where !== "body" || reading.known < LEAST.against)) continue;
    const weight = share * (isAgainst ? told * AGAINST : told - Math.log(Math.max(codes.length, 1)));
    const [words, ...also] = reading.words(isAgainst ? reading.best : SPEAKS_FOR[genre]);
    if (Math.abs(weight) < WORTH_SAYING || words === undefined) continue;
    for (const speaksFor of codes)
      evidence.push({ where, words, ...(also.length > 0 && { also }), speaksFor, weight });
  }
  return evidence;
}
