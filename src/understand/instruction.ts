// What the office writes back to us: "#0042 单位=文化馆 类型=总结", "#9 忽略".
import { normalize } from "../text/normalize.ts";
import {
  actAt,
  fieldAt,
  hasTarget,
  scannerOf,
  type Target,
  type Token,
  tokensOf,
} from "./instruction-line.ts";
import type { Act } from "./instruction-words.ts";
import type { Knowledge } from "./knowledge.ts";
import type { Changes, NotResolved } from "./named-values.ts";

export type InstructionProblem =
  | NotResolved
  | { what: "not-understood"; written: string }
  | { what: "said-twice"; written: string }
  /** Behind as many as are carried out of one mail. */
  | { what: "too-many"; most: number }
  | { what: "nothing-said" };

export interface Instruction {
  /** As the office wrote it, for the report. */
  line: string;
  /** Which line of the text it stands in. */
  at: number;
  target: Target;
  changes: Changes;
  act: Act | null;
  /** Anything here, and nothing is done: half an instruction is none. */
  problems: InstructionProblem[];
}

/** All of a mail are carried out in one transaction: more would keep the others waiting for minutes. */
const INSTRUCTIONS_MAX = 500;

export function officeLines(text: string): string[] {
  const lines = text.split(/\r\n|[\n\r\u2028]/);
  return lines.map((line) => line.replace(/[\u200b-\u200f\u2060\ufeff]/g, "").trim());
}

/** The instructions in a text that holds nothing but what its writer newly wrote. */
export function instructionsIn(text: string, knowledge: Knowledge): Instruction[] {
  const found: Instruction[] = [];
  /** The instructions a line without a number goes on with. */
  let open: Instruction[] = [];
  for (const [at, line] of officeLines(text).entries()) {
    if (line === "") {
      open = [];
      continue;
    }
    const scanner = scannerOf(line, knowledge);
    if (!hasTarget(scanner)) {
      const isMore = open.length > 0 && (fieldAt(scanner, 0) !== null || actAt(scanner, 0) !== null);
      if (isMore) for (const one of open) addTo(one, tokensOf(scanner));
      else open = [];
      continue;
    }
    const groups = grouped(tokensOf(scanner)).map((group) => instructionsOf(line, at, group));
    found.push(...groups.flat());
    open = groups.at(-1) ?? [];
    if (found.length > INSTRUCTIONS_MAX) {
      // The first of the rest stands for all of them, and says so.
      found.length = INSTRUCTIONS_MAX + 1;
      found[INSTRUCTIONS_MAX]!.problems = [{ what: "too-many", most: INSTRUCTIONS_MAX }];
      break;
    }
  }
  for (const one of found) {
    const isSilent = one.problems.length === 0 && one.act === null && Object.keys(one.changes).length === 0;
    if (isSilent) one.problems.push({ what: "nothing-said" });
  }
  return found;
}
interface Group {
  targets: Target[];
  parts: Exclude<Token, { is: "target" }>[];
}

/** "#9、#10 忽略" is said of both; what stands before the only number of a line is said of it, too. */
function grouped(tokens: Token[]): Group[] {
  const groups: Group[] = [];
  const before: Group["parts"] = [];
  for (const token of tokens) {
    const last = groups.at(-1);
    if (token.is === "target") {
      if (last && last.parts.length === 0) last.targets.push(token.target);
      else groups.push({ targets: [token.target], parts: [] });
    } else if (last) last.parts.push(token);
    else before.push(token);
  }
  groups[0]?.parts.unshift(...before);
  return groups;
}

function instructionsOf(line: string, at: number, { targets, parts }: Group): Instruction[] {
  return targets.map((target) => {
    const one: Instruction = { line: line.slice(0, 300), at, target, changes: {}, act: null, problems: [] };
    addTo(one, parts);
    return one;
  });
}

function addTo(instruction: Instruction, tokens: Token[]): void {
  for (const token of tokens) {
    switch (token.is) {
      case "field":
        if ("what" in token.value) instruction.problems.push(token.value);
        else if (
          Object.keys(token.value).some((key) => differs(instruction.changes, token.value as Changes, key))
        )
          instruction.problems.push({ what: "said-twice", written: token.written });
        else Object.assign(instruction.changes, token.value);
        break;
      case "act":
        if (instruction.act !== null && instruction.act !== token.act)
          instruction.problems.push({ what: "said-twice", written: token.written });
        else instruction.act = token.act;
        break;
      case "unknown":
        instruction.problems.push({ what: "not-understood", written: normalize(token.written).slice(0, 80) });
        break;
      case "target":
        break;
      default:
        token satisfies never;
    }
  }
}

/** Said before, and otherwise. */
function differs(known: Changes, more: Changes, key: string): boolean {
  const [before, after] = [known[key as keyof Changes], more[key as keyof Changes]];
  return before !== undefined && JSON.stringify(before) !== JSON.stringify(after);
}
