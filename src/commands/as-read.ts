// A text of a mail for the terminal: the lines that decided something and how it begins, the rest left out.

import type { Mail } from "../message/mail.ts";
import { newTextOf } from "../message/reply.ts";
import { occurrencesIn } from "../text/occurrence.ts";
import type { Place, Understanding } from "../understand/evidence.ts";
import { highlighted, type Stretch } from "../understand/highlight.ts";
import type { Part } from "./look.ts";

export interface Room {
  /** Lines shown though nothing in them decided. */
  opening: number;
  most: number;
}

/** Of a paragraph this much stands before and after a gap. */
const AROUND = 60;

/** Each line as parts; `omitted` words a gap of so many lines. */
export function asRead(
  text: string,
  places: Place[],
  understanding: Understanding,
  room: Room,
  omitted: (lines: number) => string,
): Part[][] {
  const lines = linesOf(highlighted(text, places, understanding)).filter((line) =>
    line.some((one) => one.text.trim() !== ""),
  );
  const telling = lines.flatMap((line, at) => (line.some((one) => one.decides !== null) ? [at] : []));
  const opening = lines.slice(0, room.opening).map((_, at) => at);
  const shown = [...new Set([...telling.slice(0, room.most), ...opening])]
    .sort((a, b) => a - b)
    .slice(0, Math.max(room.most, room.opening));
  const rows: Part[][] = [];
  let next = 0;
  const skip = (to: number) => {
    if (to > next) rows.push([{ text: omitted(to - next), style: "faint" }]);
  };
  for (const at of shown) {
    skip(at);
    rows.push(lines[at]!.map(toPart));
    next = at + 1;
  }
  if (rows.length > 0) skip(lines.length);
  return rows;
}

/** Words that a client broke over two lines are marked on both. */
function linesOf(stretches: Stretch[]): Stretch[][] {
  const lines: Stretch[][] = [[]];
  for (const { text, decides } of stretches) {
    text.split(/\r\n?|\n/).forEach((part, at) => {
      if (at > 0) lines.push([]);
      if (part !== "") lines.at(-1)!.push({ text: part, decides });
    });
  }
  return lines;
}

export function toPart({ text, decides }: Stretch): Part {
  if (decides !== null) return { text, style: decides };
  const signs = [...text];
  return signs.length <= 3 * AROUND
    ? text
    : `${signs.slice(0, AROUND).join("")} …… ${signs.slice(-AROUND).join("")}`;
}

/** The sender's own words; the whole mail where what decided stands in what he forwards or answers. */
export function letterOf(mail: Mail, understanding: Understanding): { text: string; quoted: boolean } {
  const { text, quoted, signature } = newTextOf(mail.text);
  const own = [text, signature].filter(Boolean).join("\n");
  const bodily = [...understanding.type.evidence, ...understanding.unit.evidence].filter(
    (one) => one.where === "body" || one.where === "closing" || one.where === "signature",
  );
  const find = occurrencesIn(own);
  const isAllThere = bodily.every((one) => find(one.words).length > 0);
  return quoted === "" || !isAllThere ? { text: mail.text, quoted: false } : { text: own, quoted: true };
}
