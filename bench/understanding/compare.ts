// What a change of rules did: letter by letter against an earlier run, whatever the sums say.
import type { Aspect } from "./judge.ts";
import type { Result } from "./run.ts";

/** Of what --json writes. */
export interface Before {
  letters: string[];
  wrong: { id: string; wrong: { aspect: Aspect }[] }[];
}

export function compared(before: Before, results: Pick<Result, "labelled" | "judged">[]): string {
  const known = new Set(before.letters);
  const wrongBefore = new Map(before.wrong.map(({ id, wrong }) => [id, aspectsOf(wrong)]));
  const better: string[] = [];
  const worse: string[] = [];
  for (const { labelled, judged } of results) {
    const { id } = labelled;
    if (!known.has(id)) continue;
    const was = wrongBefore.get(id) ?? new Set();
    const is = aspectsOf(judged.wrong);
    const mended = [...was].filter((aspect) => !is.has(aspect));
    const broken = [...is].filter((aspect) => !was.has(aspect));
    if (mended.length > 0) better.push(`  right now  ${id}: ${mended.join(", ")}`);
    if (broken.length > 0) worse.push(`  now wrong  ${id}: ${broken.join(", ")}`);
  }
  const fresh = results.filter(({ labelled }) => !known.has(labelled.id)).length;
  return [
    `Since then ${better.length} better, ${worse.length} worse${fresh > 0 ? `, ${fresh} new` : ""}`,
    ...better,
    ...worse,
  ].join("\n");
}

function aspectsOf(wrong: { aspect: Aspect }[]): Set<Aspect> {
  return new Set(wrong.map(({ aspect }) => aspect));
}
