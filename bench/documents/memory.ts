// What `jinbox extract` takes to read 500 documents of about 50 kB: the main process's own high-water mark.
import { spawn } from "node:child_process";
import { copyFile, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join, resolve } from "node:path";
import type { Sample } from "./sample.ts";
import { isGuessed } from "./sample.ts";

const DOCUMENTS = 500;
const MIDDLE_BYTES = 50_000;
/** Every so many documents one beside them, since most that are written are far smaller than 50 kB. */
const KINDS = 20;
const LIMIT_MEGABYTES = 400;

export interface MemoryFigures {
  documents: number;
  meanKilobytes: number;
  formats: string[];
  seconds: number;
  peakMegabytes: number;
  peakFamilyMegabytes: number;
  exitCode: number | null;
}

export async function measureMemory(
  folder: string,
  samples: Sample[],
  say: (line: string) => void,
): Promise<MemoryFigures> {
  const sized = await Promise.all(
    samples
      // Recognition is measured by its accuracy; here it would only take hours.
      .filter(({ format }) => !isGuessed(format))
      .map(async (sample) => ({ ...sample, bytes: (await stat(join(folder, sample.file))).size })),
  );
  const near = sized
    .toSorted(
      (a, b) => Math.abs(Math.log(a.bytes / MIDDLE_BYTES)) - Math.abs(Math.log(b.bytes / MIDDLE_BYTES)),
    )
    .slice(0, KINDS);
  const place = await mkdtemp(join(tmpdir(), "jinbox-memory-"));
  try {
    for (let at = 0; at < DOCUMENTS; at++) {
      const { file } = near[at % near.length] as Sample;
      await copyFile(join(folder, file), join(place, `${String(at).padStart(3, "0")}${extname(file)}`));
    }
    const bytes = near.reduce((sum, one) => sum + one.bytes, 0) / near.length;
    say(`memory: ${DOCUMENTS} documents, ${near.length} kinds, ${Math.round(bytes / 1000)} kB …`);
    return {
      documents: DOCUMENTS,
      meanKilobytes: Math.round(bytes / 1000),
      formats: [...new Set(near.map(({ format }) => format))],
      ...(await watchedExtract(place)),
    };
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

async function watchedExtract(
  place: string,
): Promise<Pick<MemoryFigures, "seconds" | "peakMegabytes" | "peakFamilyMegabytes" | "exitCode">> {
  const startedAt = performance.now();
  const main = resolve(import.meta.dirname, "../../src/main.ts");
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", main, "extract", "--json", place],
    {
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
  let own = 0;
  let family = 0;
  const timer = setInterval(async () => {
    own = Math.max(own, await kilobytes(child.pid as number, "VmHWM"));
    const pids = [child.pid as number, ...(await childrenOf(child.pid as number))];
    const sizes = await Promise.all(pids.map((pid) => kilobytes(pid, "VmRSS")));
    family = Math.max(
      family,
      sizes.reduce((sum, one) => sum + one, 0),
    );
  }, 100);
  const exitCode = await new Promise<number | null>((done) => child.once("exit", done));
  clearInterval(timer);
  return {
    seconds: (performance.now() - startedAt) / 1000,
    peakMegabytes: Math.round((own * 1024) / 1_000_000),
    peakFamilyMegabytes: Math.round((family * 1024) / 1_000_000),
    exitCode,
  };
}

async function kilobytes(pid: number, field: string): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(new RegExp(`^${field}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
}

async function childrenOf(pid: number): Promise<number[]> {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(
    tasks.map((task) => readFile(`/proc/${pid}/task/${task}/children`, "utf8").catch(() => "")),
  );
  return lists.join(" ").split(/\s+/).filter(Boolean).map(Number);
}

export function memoryMisses({ peakMegabytes, exitCode }: MemoryFigures): string[] {
  const misses: string[] = [];
  if (peakMegabytes === 0 || peakMegabytes >= LIMIT_MEGABYTES)
    misses.push(`memory: ${peakMegabytes} MB in the main process; the limit is ${LIMIT_MEGABYTES} MB`);
  if (exitCode !== 0)
    misses.push(`memory: jinbox extract ended with ${exitCode}: not every document was read`);
  return misses;
}
