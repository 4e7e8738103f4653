// Collects what is wrong (problems) and what looks odd (warnings), each at its line; turns zod's issues into the former.
import type { z } from "zod";
import { type Expectation, type ExpectationName, examples, expectations } from "./expected.ts";
import { type Problem, shown, type Words } from "./problem.ts";
import { keysAt } from "./schema.ts";
import type { Path, Source } from "./source.ts";

export interface Finding {
  path: Path;
  found: unknown;
  expected: Words;
  write?: string | null;
}

export interface Report {
  problems: Problem[];
  warnings: Problem[];
  problem(finding: Finding): void;
  warning(finding: Finding): void;
}

export function reportOn(source: Source): Report {
  const problems = [...source.problems];
  const warnings: Problem[] = [];
  const problemOf = ({ path, found, expected, write = null }: Finding): Problem => ({
    file: source.file,
    line: source.lineOf(path),
    key: keyOf(path),
    found: shown(found),
    expected,
    write,
  });
  return {
    problems,
    warnings,
    problem: (finding) => problems.push(problemOf(finding)),
    warning: (finding) => warnings.push(problemOf(finding)),
  };
}

/** "units[3].kind" */
export function keyOf(path: Path): string {
  return path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`))
    .join("")
    .slice(1);
}

export function reportIssue(report: Report, issue: z.core.$ZodIssue, written: unknown): void {
  if (issue.code === "unrecognized_keys") {
    for (const key of issue.keys) report.problem(unknownKey([...issue.path, key]));
    return;
  }
  const found = valueAt(written, issue.path);
  const expectation: Expectation = expectations[issue.message as ExpectationName];
  const key = issue.path.at(-1);
  const value =
    (found === undefined ? null : expectation.mend?.(found)) ??
    examples[keyOf(issue.path).replace(/\[\d+\]/g, "[]")] ??
    expectation.example;
  const write = typeof key === "number" ? `- ${value}` : `${String(key ?? "campaign")}: ${value}`;
  report.problem({ path: issue.path, found, expected: expectation, write });
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce((holder, step) => (holder as Record<PropertyKey, unknown> | undefined)?.[step], value);
}

function unknownKey(path: Path): Finding {
  const key = String(path.at(-1));
  const known = keysAt(path.slice(0, -1));
  if (/^pass|password|secret|授权码|密码/i.test(key)) {
    const name = path[0] === "smtp" ? "JINBOX_SMTP_PASSWORD" : "JINBOX_IMAP_PASSWORD";
    const expected = {
      zh: `密码和授权码不写进文件；删去这一行，改用环境变量 ${name}`,
      en: `no secret in this file: delete the line and set ${name} in the environment`,
    };
    return { path, found: `${key}: …`, expected };
  }
  const likely = nearest(key, known);
  const expected = {
    zh: `已知的键：${known.join("、")}${likely ? `；您是不是要写 ${likely}？` : ""}`,
    en: `a known key${likely ? `; did you mean ${likely}?` : ` (${known.join(", ")})`}`,
  };
  return { path, found: key, expected, write: likely ? `${likely}: …` : null };
}

/** The known word a mistyped one was probably meant to be: at most a third of its letters wrong. */
export function nearest(word: string, known: readonly string[]): string | null {
  const ranked = known
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= Math.max(1, Math.floor(best.candidate.length / 3)) ? best.candidate : null;
}

/** Damerau's distance (optimal string alignment): two neighbours swapped count as one slip of the finger. */
function editDistance(a: string, b: string): number {
  const at = (rows: number[][], row: number, column: number) => rows[row]?.[column] ?? 0;
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= a.length; row++) {
    rows.push([row]);
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(
        at(rows, row - 1, column) + 1,
        at(rows, row, column - 1) + 1,
        at(rows, row - 1, column - 1) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        cost = Math.min(cost, at(rows, row - 2, column - 2) + 1);
      }
      (rows[row] as number[])[column] = cost;
    }
  }
  return at(rows, a.length, b.length);
}
