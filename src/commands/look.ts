// How words look at a terminal: colours where there are any, otherwise marks that survive copying.
import { styleText } from "node:util";
import type { Question } from "../understand/highlight.ts";

export type Style = Question | "strong" | "faint" | "good" | "warn";

/** A stretch of a line; what people wrote comes in here and nowhere else, so that it cannot steer the terminal. */
export type Part = string | { text: string; style: Style };

export type Look = (...parts: Part[]) => string;

type Format = Parameters<typeof styleText>[0];

const FORMATS: Record<Style, Format> = {
  type: ["black", "bgYellow"],
  unit: ["black", "bgCyan"],
  origin: ["black", "bgMagenta"],
  strong: "bold",
  faint: "dim",
  good: "green",
  warn: "yellow",
};

/** Brackets that hardly any mail uses and every Chinese font has; 【】 stands in half of all subjects. */
export const MARKS: Record<Question, readonly [open: string, close: string]> = {
  type: ["〖", "〗"],
  unit: ["〔", "〕"],
  origin: ["〘", "〙"],
};

export const marksOnly: Look = (...parts) =>
  parts
    .map((part) => {
      if (typeof part === "string") return printable(part);
      const [open, close] = part.style in MARKS ? MARKS[part.style as Question] : ["", ""];
      return `${open}${printable(part.text)}${close}`;
    })
    .join("");

const colours: Look = (...parts) =>
  parts
    .map((part) =>
      typeof part === "string"
        ? printable(part)
        : styleText(FORMATS[part.style], printable(part.text), { validateStream: false }),
    )
    .join("");

/** `auto` asks the terminal, NO_COLOR and FORCE_COLOR, as Node does. */
export function lookFor(when: "auto" | "always" | "never", stream: NodeJS.WriteStream): Look {
  const isColoured = when === "always" || (when === "auto" && styleText("bold", "x", { stream }) !== "x");
  return isColoured ? colours : marksOnly;
}

/** A mail's words must not move the cursor or colour the terminal. */
function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, " ");
}

/** Columns of a terminal: a Chinese sign takes two. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const sign of text) columns += (sign.codePointAt(0) ?? 0) >= 0x1100 ? 2 : 1;
  return columns;
}

export function padded(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - columnsOf(text)));
}
