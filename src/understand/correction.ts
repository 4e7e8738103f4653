// Changes of facts asked for in plain words: another unit, type, name or title.
import { occurrencesIn } from "../text/occurrence.ts";
import { annotationsIn } from "./annotated.ts";
import type { CorrectionRequest } from "./evidence.ts";
import type { Exchange } from "./exchange.ts";
import type { Knowledge } from "./knowledge.ts";
import { type Line, plainOf, widthOf } from "./letter.ts";
import { peopleChange } from "./people-change.ts";
import { titleChange } from "./title-change.ts";
import { typeChange } from "./type-change.ts";
import { type Change, unitChange } from "./unit-change.ts";

export interface Correction {
  requests: CorrectionRequest[];
  /** The words that ask for it. */
  words: string[];
  /** Something is to be changed, but not to what. */
  unclear: boolean;
}

/** A change is a sentence or two; longer letters have other business and only mention a mistake. */
const LONGEST = 420;

export interface Told {
  /** What the sender newly wrote. */
  lines: Line[];
  /** The whole mail, in which notes may stand between our lines. */
  text: string;
  sender: string;
}

export function correctionIn(told: Told, exchange: Exchange, knowledge: Knowledge): Correction {
  const found: Correction = { requests: [], words: [], unclear: false };
  const notes = exchange.answers === "ours" ? annotationsIn(told.text, told.lines) : [];
  const written = [...told.lines.map((line) => line.raw.normalize("NFKC")), ...notes];
  const text = written.join("\n");
  if (text.length > 2 * LONGEST || widthOf(text) > LONGEST) return found;
  const plain = written.map(plainOf).join("\n");
  collect(unitChange(plain, exchange, knowledge), found);
  collect(typeChange(plain, exchange, knowledge), found);
  collect(peopleChange(text, exchange, told.sender), found);
  collect(titleChange(text, exchange), found);
  return { ...found, words: found.words.map((words) => asWritten(words, text, told.text)) };
}

/** A mail within a mail may be of any length; what is changed stands at its beginning. */
const LOOKED_THROUGH = 24_000;

/**
 * Evidence is what the mail says, letter for letter: with the quotation marks that were passed over, and without what
 * was put before a note between our lines to make a sentence of it.
 */
function asWritten(words: string, text: string, mail: string): string {
  const find = occurrencesIn(mail.slice(0, LOOKED_THROUGH));
  if (find(words).length > 0) return words;
  const signs = [...words].map((sign) => sign.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&"));
  const quoted = new RegExp(signs.join('[“”"「」『』]*')).exec(text)?.[0] ?? words;
  if (find(quoted).length > 0) return quoted;
  for (let length = words.length - 1; length > 1; length -= 1)
    for (let start = words.length - length; start >= 0; start -= 1) {
      const part = words.slice(start, start + length);
      if (find(part).length > 0) return part;
    }
  return words;
}

/** Where one fact is plain, what was not understood beside it is not asked about again. */
function collect(change: Change, found: Correction): void {
  if (change === null) return;
  if ("unclear" in change) {
    found.unclear = true;
    found.words.push(change.unclear);
    return;
  }
  found.requests.push(change.request);
  found.words.push(change.words);
}
