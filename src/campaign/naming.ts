// What people may write for a unit, a deliverable or an item: its code, its name or an alias of it.
import { folded } from "./check.ts";

export interface Named {
  code: string;
  name: string;
  aliases: string[];
}

/** Every way to name one → its codes; a code or full name beats another one's alias. */
export function codesByName(all: readonly Named[]): Map<string, Set<string>> {
  const codes = new Map<string, Set<string>>();
  for (const { code, aliases } of all) {
    for (const alias of aliases) codes.set(folded(alias), (codes.get(folded(alias)) ?? new Set()).add(code));
  }
  for (const { code, name } of all) codes.set(folded(name), new Set([code]));
  for (const { code } of all) codes.set(folded(code), new Set([code]));
  return codes;
}

/** The codes somebody may mean by what was written: none, one, or several that share an alias. */
export function codesNamed(all: readonly Named[], written: string): string[] {
  return [...(codesByName(all).get(folded(written)) ?? [])];
}
