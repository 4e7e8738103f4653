// Names of sheets: Excel allows 31 characters, none of []:*?/\ nor an apostrophe at either end, and no name twice.
import { plainText } from "./cell.ts";

/** `wanted` as a sheet can be called, numbered where `taken` has it; the name is added to `taken`. */
export function takenName(wanted: string, taken: Set<string>): string {
  const base =
    plainText(wanted)
      .replace(/[[\]:*?/\\\s]+/g, " ")
      .replace(/^[' ]+|[' ]+$/g, "")
      .slice(0, 27)
      .toWellFormed()
      .replace(/[' ]+$/, "") || "Sheet";
  let name = base;
  for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${base} ${n}`;
  taken.add(name.toLowerCase());
  return name;
}
