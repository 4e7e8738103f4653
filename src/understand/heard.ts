// What a mail without files is for by its wording alone, where no rule hears it: thanks, a question, a change.
import { MOST_TOLD, type TextGenre } from "./genre.ts";
import type { Line } from "./letter.ts";
import { wordingOf } from "./wording.ts";

export type HeardGenre = "thanks" | "question" | "correction";

export interface Heard {
  genre: HeardGenre;
  words: string[];
  /** Log-odds, within what words may say. */
  weight: number;
}

export interface Saying {
  lines: Line[];
  /** Of what is said, without greeting and good wishes. */
  length: number;
  answersUs: boolean;
  aboutEarlier: boolean;
  /** The strongest reason that it brings something to file, leaving out what only its subject says. */
  brings: number;
}

const GENRES: HeardGenre[] = ["thanks", "question", "correction"];
/** Who answers our notice mostly talks; who speaks of what he sent before mostly changes it. */
const ANSWERING = 1;
const ABOUT_EARLIER = 0.7;
const ENOUGH = 1.2;
const LONGEST = { thanks: 300, question: 400, correction: 220 };
const SUBMITS: TextGenre[] = ["proposal", "report", "plan"];

export function heardIn(saying: Saying): Heard | null {
  const { lines, length, answersUs, aboutEarlier, brings } = saying;
  if (length === 0) return null;
  const reading = wordingOf(lines);
  const [first] = GENRES.map((genre) => {
    const leaning =
      (answersUs ? ANSWERING : 0) + (aboutEarlier && genre === "correction" ? ABOUT_EARLIER : 0);
    return { genre, weight: Math.min(reading.odds[genre] + leaning, MOST_TOLD) };
  }).sort((a, b) => b.weight - a.weight);
  if (first === undefined || first.weight < ENOUGH || length > LONGEST[first.genre]) return null;
  // Thanks are not answered: a mere impression of them is not enough.
  if (first.genre === "thanks" && (!answersUs || reading.best !== "thanks")) return null;
  const submits = Math.max(...SUBMITS.map((genre) => reading.odds[genre]));
  if (first.weight <= Math.max(brings, submits)) return null;
  return { ...first, words: reading.words(first.genre) };
}
