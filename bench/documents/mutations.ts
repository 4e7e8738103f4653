// 2,000 damaged documents through the reader: nobody falls, nobody waits, everybody is told why.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { ReadPart } from "../../src/document/document.ts";
import type { Logger } from "../../src/log.ts";
import { silentLogger } from "../../src/log.ts";
import { createReader } from "../../src/reading/reader.ts";
import { REASON_CODES } from "../../src/text/reason.ts";
import { seeded } from "../../test/support/random.ts";
import { mutated } from "./mutate.ts";
import { readBytesWith } from "./reading.ts";
import type { Sample } from "./sample.ts";

/** Twenty formats, each by a few documents to begin with. Pictures are small: recognition takes its time by area. */
const KINDS: Record<string, string[]> = {
  docx: ["summary.docx", "noted.npm.docx", "revised.docx"],
  doc: ["summary.doc", "idea.doc", "numbered.doc"],
  rtf: ["summary.rtf", "codepage.rtf", "unicode.doc"],
  odt: ["summary.odt", "numbered.odt", "summary.fodt"],
  xlsx: ["many.xlsx", "one.exceljs.xlsx"],
  xls: ["many.xls", "one.xls"],
  ods: ["many.ods"],
  pptx: ["talk.pptx", "power.pptx"],
  ppt: ["talk.ppt"],
  odp: ["talk.odp"],
  pdf: ["idea.pdf", "short.reportlab.pdf", "idea.chromium.pdf", "upright.pdf", "locked-256.pdf"],
  ofd: ["summary.ofd"],
  html: ["summary.html", "page-gb2312.doc"],
  mht: ["archive.mht", "archive.doc"],
  xml: ["summary.2003.xml", "flat-package.xml"],
  txt: ["gb18030.txt", "utf16le.txt", "ideas.gb18030.csv"],
  zip: ["gbk-names.zip"],
  packed: ["packed.7z", "nested.tar.gz"],
  eml: ["forwarded.eml"],
  picture: ["small.png", "small.jpg", "small.tif", "small.bmp", "small.webp"],
};

const WALL_MS = 60_000;
const LOOP_P99_MS = 200;
const AHEAD = 4;

export interface MutationFigures {
  seed: number;
  documents: number;
  formats: Record<string, number>;
  outcomes: Record<string, number>;
  seconds: number;
  slowestMs: number;
  slowest: string;
  /** Children killed or fallen on the way: the wall at work. */
  lost: number;
  loopP99Ms: number;
  loopMaxMs: number;
  faults: string[];
}

export async function measureMutations(
  folder: string,
  samples: Sample[],
  count: number,
  seed: number,
  only: string[] | undefined,
  say: (line: string) => void,
): Promise<MutationFigures> {
  const here = new Set(samples.map(({ file }) => file));
  const kinds = Object.entries(KINDS)
    .filter(([kind]) => !only || only.includes(kind))
    .map(
      ([kind, files]) => [kind, files.filter((file) => here.has(file) || file.startsWith("small."))] as const,
    )
    .filter(([, files]) => files.length > 0);
  if (kinds.length === 0) throw new Error(`no documents of ${only?.join(", ")} to damage`);
  let lost = 0;
  const reader = createReader({ children: 2, log: countingLog(() => lost++) });
  const originals = new Map<string, Uint8Array>();
  for (const [, files] of kinds)
    for (const file of files) originals.set(file, await readFile(join(folder, file)));
  const found: MutationFigures = {
    seed,
    documents: 0,
    formats: {},
    outcomes: {},
    seconds: 0,
    slowestMs: 0,
    slowest: "",
    lost: 0,
    loopP99Ms: 0,
    loopMaxMs: 0,
    faults: [],
  };
  say(`mutations: ${count}, seed ${seed}`);
  const stray = (error: unknown) =>
    found.faults.push(`an error nobody caught: ${String(error).slice(0, 200)}`);
  process.on("uncaughtException", stray).on("unhandledRejection", stray);
  const loop = monitorEventLoopDelay({ resolution: 10 });
  const startedAt = performance.now();
  loop.enable();
  let next = 0;
  let hung = 0;
  const worker = async () => {
    while (next < count) {
      const at = next++;
      await one(at);
      if ((at + 1) % 200 === 0) say(`mutations: ${at + 1} of ${count}, ${lost} children lost`);
    }
  };
  const one = async (at: number) => {
    const [kind, files] = kinds[at % kinds.length] as (typeof kinds)[number];
    // Each has its own numbers, so that any one can be made again alone.
    const random = seeded(seed * 1_000_003 + at);
    const file = random.pick(files);
    const { bytes, damage } = mutated(originals.get(file) as Uint8Array, random);
    const name = `${file} ${damage} #${at}`;
    const begun = performance.now();
    const hungBefore = hung;
    const read = await readBytesWith(reader, bytes, file);
    const ms = performance.now() - begun;
    found.documents++;
    found.formats[kind] = (found.formats[kind] ?? 0) + 1;
    const { status, reason } = read.document;
    const outcome = status === "read" ? "read" : `${status} (${reason})`;
    found.outcomes[outcome] = (found.outcomes[outcome] ?? 0) + 1;
    for (const fault of faultsOf(read)) found.faults.push(`${name}: ${fault}`);
    // Whoever waits behind one that hangs is not at fault.
    if (isTooSlow(read)) {
      hung++;
      found.faults.push(`${name}: hung, and was ended; ${(ms / 1000).toFixed(0)} s`);
    } else if (ms > WALL_MS && hung === hungBefore) {
      found.faults.push(`${name}: took ${(ms / 1000).toFixed(0)} s`);
    }
    if (ms > found.slowestMs) Object.assign(found, { slowestMs: ms, slowest: name });
  };
  try {
    await Promise.all(Array.from({ length: AHEAD }, worker));
  } finally {
    loop.disable();
    await reader.close();
    process.off("uncaughtException", stray).off("unhandledRejection", stray);
  }
  found.seconds = (performance.now() - startedAt) / 1000;
  found.lost = lost;
  found.loopP99Ms = loop.percentile(99) / 1e6;
  found.loopMaxMs = loop.max / 1e6;
  return found;
}

function isTooSlow({ document, children }: ReadPart): boolean {
  return document.reason === "too-slow" || children.some(isTooSlow);
}

/** What no answer may be, in a document and in all it holds. */
function faultsOf({ document, children }: ReadPart): string[] {
  const faults: string[] = [];
  const { status, reason, text } = document;
  if (!["read", "held", "ignored"].includes(status)) faults.push(`status ${status}`);
  if (status === "read" && reason !== null) faults.push(`read, with the reason ${reason}`);
  if (status !== "read" && !REASON_CODES.includes(reason as never)) faults.push(`no known reason: ${reason}`);
  // A child that fell is caught, but it fell over a bug of ours.
  if (reason === "reader-failed") faults.push("the reading child fell");
  if (!text.isWellFormed() || text.includes("\0")) faults.push("text no database takes");
  return [...faults, ...children.flatMap(faultsOf)];
}

/** Counts what is said in warning: a lost child is. */
function countingLog(lost: () => void): Logger {
  return new Proxy(silentLogger, {
    get: (log, name) => {
      if (name === "warn")
        return (_: unknown, words?: string) => (words?.includes("lost") ? lost() : undefined);
      return Reflect.get(log, name);
    },
  });
}

export function mutationMisses(found: MutationFigures): string[] {
  const misses = found.faults.slice(0, 20).map((fault) => `mutations (seed ${found.seed}): ${fault}`);
  if (found.faults.length > 20) misses.push(`mutations: ${found.faults.length - 20} more faults`);
  if (found.loopP99Ms >= LOOP_P99_MS)
    misses.push(
      `mutations: event-loop delay p99 ${found.loopP99Ms.toFixed(0)} ms; the limit is ${LOOP_P99_MS} ms`,
    );
  return misses;
}
