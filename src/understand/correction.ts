// Changes of facts asked for in plain words: another unit, type, name or title.
import { annotationsIn } from "./annotated.ts";
import type { CorrectionRequest } from "./evidence.ts";
import type { Exchange } from "./exchange.ts";
import type { Knowledge } from "./knowledge.ts";
import { type Line, plainOf } from "./letter.ts";
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
  if (text.length > LONGEST) return found;
  const plain = written.map(plainOf).join("\n");
  collect(unitChange(plain, exchange, knowledge), found);
  collect(typeChange(plain, exchange, knowledge), found);
  collect(peopleChange(text, exchange, told.sender), found);
  collect(titleChange(text, exchange), found);
  return { ...found, words: found.words.map((words) => asWritten(words, text)) };
}

/** With the quotation marks that were passed over: evidence is what the mail says, letter for letter. */
function asWritten(words: string, text: string): string {
  if (text.includes(words)) return words;
  const signs = [...words].map((sign) => sign.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&"));
  return new RegExp(signs.join('[“”"「」『』]*')).exec(text)?.[0] ?? words;
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
