// Time a document: jinbox with its reader warm, each second reader started per file, in turn on the same files.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger } from "../../src/log.ts";
import { createReader } from "../../src/reading/reader.ts";
import { readBytesWith } from "./reading.ts";
import type { Format, Sample } from "./sample.ts";
import { TOOLS, textBy, textBySoffice } from "./second.ts";

/** Those whose time is held against the fastest tool. */
const MEASURED = ["docx", "doc", "pdf"] as const satisfies readonly Format[];
/** LibreOffice needs seconds a file: a few files say it as well as many. */
const MOST_FILES = 8;
/** Until compiled code runs; page cache and programs are warm for all alike by then. */
const WARMING = 5;

export interface TimeFigures {
  format: Format;
  documents: number;
  jinboxMs: number;
  tools: Record<string, number>;
}

export async function measureTime(
  folder: string,
  samples: Sample[],
  rounds: number,
  say: (line: string) => void,
): Promise<TimeFigures[]> {
  const scratch = await mkdtemp(join(tmpdir(), "jinbox-time-"));
  const reader = createReader({ children: 1, log: silentLogger });
  const results: TimeFigures[] = [];
  try {
    for (const format of MEASURED) {
      const files = spread(samples.filter((sample) => sample.format === format)).map(({ file }) =>
        join(folder, file),
      );
      if (files.length === 0) continue;
      const ours: number[] = [];
      const theirs: Record<string, number[]> = {};
      // A service reads the same kinds of files for weeks: what it does cold is not what it costs.
      for (let pass = 0; pass < WARMING; pass++)
        for (const file of files) await readBytesWith(reader, await readFile(file), file);
      for (let round = 0; round < rounds; round++) {
        for (const file of files) {
          ours.push(await timed(async () => readBytesWith(reader, await readFile(file), file)));
          for (const tool of TOOLS[format] ?? []) {
            // Once round is enough for one that takes seconds.
            if (tool === "soffice" && (format !== "docx" || round > 0)) continue;
            const read = () =>
              tool === "soffice" ? textBySoffice(scratch, file, format) : textBy(tool, file);
            theirs[tool] = [...(theirs[tool] ?? []), await timed(read)];
          }
        }
        say(`time ${format}: round ${round + 1} of ${rounds}`);
      }
      const tools = Object.fromEntries(Object.entries(theirs).map(([tool, all]) => [tool, median(all)]));
      results.push({ format, documents: files.length, jinboxMs: median(ours), tools });
    }
  } finally {
    await reader.close();
    await rm(scratch, { recursive: true, force: true });
  }
  return results;
}

/** A few of many, taken from all of them alike. */
function spread(samples: Sample[]): Sample[] {
  const step = Math.max(1, samples.length / MOST_FILES);
  return Array.from(
    { length: Math.min(MOST_FILES, samples.length) },
    (_, at) => samples[Math.floor(at * step)] as Sample,
  );
}

export function timeMisses(rows: TimeFigures[]): string[] {
  return rows.flatMap(({ format, jinboxMs, tools }) => {
    const [fastest, ms] = Object.entries(tools).toSorted(([, a], [, b]) => a - b)[0] ?? [];
    return fastest !== undefined && ms !== undefined && jinboxMs > ms
      ? [`${format}: ${jinboxMs.toFixed(1)} ms a document, ${fastest} takes ${ms.toFixed(1)} ms`]
      : [];
  });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

export function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const [below, above] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]] as [number, number];
  return (below + above) / 2;
}
