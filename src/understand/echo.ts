// A reply whose mail program marks no quote repeats our notice line for line: what it repeats is not what it says.
import { normalize } from "../text/normalize.ts";

const LEAST = 3;

/**
 * The text without the runs of lines that stand in what was said before. Single lines stay: a line of a digest is there to
 * be copied. `isOwn` are lines that count as the writer's even inside a run.
 */
export function withoutEchoes(text: string, said: string[], isOwn: (line: string) => boolean): string {
  const isSaid = repeating(said);
  const lines = text.split("\n");
  const echoes = lines.map((line) => line.trim() === "" || isSaid(line));
  const kept: string[] = [];
  for (let at = 0; at < lines.length; ) {
    let end = at;
    while (end < lines.length && echoes[end]) end += 1;
    const run = lines.slice(at, end).filter((line) => line.trim() !== "");
    const isEcho = run.length >= LEAST && run.filter((line) => !isOwn(line)).length >= LEAST - 1;
    if (!isEcho) kept.push(...lines.slice(at, end));
    if (end < lines.length) kept.push(lines[end] as string);
    at = end + 1;
  }
  return kept.join("\n");
}

/** Whether a line stands in what was said before. */
export function repeating(said: string[]): (line: string) => boolean {
  const before = said.map(bare).join("");
  return (line) => before.includes(bare(line));
}

/** Mail programs break lines elsewhere and set other spaces. */
function bare(text: string): string {
  return normalize(text)
    .replace(/[\s>|*_]+/gu, "")
    .toLowerCase();
}
