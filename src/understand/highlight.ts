// The mail as it was read: its texts with the words that decided something, each for the question it answers.
import { cutAt } from "../text/occurrence.ts";
import type { Evidence, Place, Understanding } from "./evidence.ts";

export type Question = "type" | "unit" | "origin";

export interface Stretch {
  text: string;
  /** What these words helped to decide; null for the rest. */
  decides: Question | null;
}

/** Of a longer text both ends are looked through, as understanding does. */
const LOOKED_THROUGH = { head: 60_000, tail: 20_000 };

/** A text of these places, cut where its evidence stands; what weighs most has the room where words overlap. */
export function highlighted(text: string, places: Place[], understanding: Understanding): Stretch[] {
  const reasons = reasonsAt(places, understanding);
  const words = reasons.map((one) => one.words);
  const { head, tail } = LOOKED_THROUGH;
  const parts =
    text.length <= head + tail ? [text] : [text.slice(0, head), text.slice(head, -tail), text.slice(-tail)];
  return parts.flatMap((part, at) =>
    (parts.length === 3 && at === 1 ? [{ text: part, words: null }] : cutAt(part, words)).map((piece) => ({
      text: piece.text,
      decides: piece.words === null ? null : reasons[piece.words]!.decides,
    })),
  );
}

interface Reason {
  words: string;
  decides: Question;
  weight: number;
}

function reasonsAt(places: Place[], { type, unit, originEvidence }: Understanding): Reason[] {
  const of = (evidence: Evidence[], decides: Question): Reason[] =>
    evidence
      .filter((one) => places.includes(one.where))
      .flatMap(({ words, also = [], weight }) =>
        [words, ...also].map((one) => ({ words: one, decides, weight: Math.abs(weight) })),
      );
  const all = [
    ...of(type.evidence, "type"),
    ...of(unit.evidence, "unit"),
    // A record of an older version has none.
    ...of(originEvidence ?? [], "origin"),
  ];
  return all.sort((a, b) => b.weight - a.weight);
}

/** The places that stand in each part of a mail. */
export const PLACES_OF = {
  subject: ["subject"],
  sender: ["sender-name", "sender-address", "sender-domain", "roster"],
  body: ["body", "closing", "signature", "roster", "office"],
  filename: ["filename", "roster"],
  document: ["document-title", "document-text", "document-closing", "roster", "office"],
} satisfies Record<string, Place[]>;
