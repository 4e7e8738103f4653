// `npm run bench:documents`: accuracy, time, memory and toughness of the document readers, beside second readers.
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { silentLogger } from "../src/log.ts";
import { createReader } from "../src/reading/reader.ts";
import { accuracyMisses, byFormat, measureAccuracy, percent } from "./documents/accuracy.ts";
import { documents } from "./documents/make.ts";
import { measureMemory, memoryMisses } from "./documents/memory.ts";
import { measureMutations, mutationMisses } from "./documents/mutations.ts";
import { measureTime, timeMisses } from "./documents/time.ts";

const PARTS = ["accuracy", "time", "memory", "mutations"] as const;

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    format: { type: "string" },
    rounds: { type: "string", default: "7" },
    mutations: { type: "string", default: "2000" },
    seed: { type: "string" },
    folder: { type: "string", default: join(tmpdir(), "jinbox-bench-documents") },
    fresh: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(
    "npm run bench:documents -- [--only accuracy|time|memory|mutations] [--format docx,pdf…] [--rounds N]\n" +
      "  [--mutations N] [--seed N] [--folder DIR] [--fresh] [--json]\n" +
      "  文档读取的准确率、速度、内存与坚固程度，同一次运行中与 LibreOffice、antiword、catdoc、pdftotext 比较\n" +
      "  how much of known texts is read, how fast, in how much memory, and 2,000 damaged documents; exit 1 below a bar\n" +
      "  --fresh makes the documents again; --seed repeats a run of damaged documents",
  );
  process.exit(0);
}
if (values.only !== undefined && !PARTS.includes(values.only as never)) {
  console.error(`--only: one of ${PARTS.join(", ")}`);
  process.exit(2);
}
const wanted = PARTS.filter((part) => values.only === undefined || values.only === part);
const say = (line: string) => console.error(line);
const print = (line: string) => (values.json ? undefined : console.log(line));
const { folder } = values;
const all = await documents(folder, values.fresh, say);
const formats = values.format?.split(",");
const samples = formats ? all.filter(({ format }) => formats.includes(format)) : all;
if (samples.length === 0) {
  console.error(`--format: no document of ${values.format}`);
  process.exit(2);
}
const results: Record<string, unknown> = {};
const misses: string[] = [];

if (wanted.includes("accuracy")) {
  // Two at once, as `jinbox extract` would on two cores; their order does not matter here.
  const reader = createReader({ children: 1, log: silentLogger });
  const figures = await measureAccuracy(folder, samples, reader, say).finally(() => reader.close());
  const rows = byFormat(figures);
  print(
    `\nAccuracy, ${figures.length} documents; the worst document of each format (recovered / known of what was read / order)`,
  );
  for (const { format, documents: count, bar, recall, precision, order, second } of rows) {
    const others = Object.entries(second).map(
      ([tool, one]) =>
        `${tool} ${percent(one.recall)} (mean ${percent(one.meanRecall)}, order ${percent(one.order)})`,
    );
    print(
      `  ${format.padEnd(8)} ${String(count).padStart(3)}  bar ${percent(bar).padStart(8)}  jinbox ${percent(recall)} / ${percent(precision)} / ${percent(order)}${others.length > 0 ? `  ·  ${others.join(", ")}` : ""}`,
    );
  }
  results.accuracy = { formats: rows, files: figures };
  misses.push(...accuracyMisses(figures));
}
if (wanted.includes("time")) {
  const rows = await measureTime(folder, samples, Number(values.rounds), say);
  print(
    `\nTime, median of ${values.rounds} rounds, ms a document (a tool is started per file; jinbox is not)`,
  );
  for (const { format, documents: count, jinboxMs, tools } of rows) {
    const others = Object.entries(tools).map(
      ([tool, ms]) => `${tool} ${ms.toFixed(1)} (${(ms / jinboxMs).toFixed(2)}×)`,
    );
    print(
      `  ${format.padEnd(8)} ${String(count).padStart(3)}  jinbox ${jinboxMs.toFixed(1)}  ·  ${others.join(", ")}`,
    );
  }
  results.time = rows;
  misses.push(...timeMisses(rows));
}
if (wanted.includes("memory")) {
  const memory = await measureMemory(folder, all, say);
  print(
    `\nMemory: ${memory.documents} documents of ${memory.meanKilobytes} kB in one run, ${memory.seconds.toFixed(1)} s; ` +
      `main process at most ${memory.peakMegabytes} MB, with its children ${memory.peakFamilyMegabytes} MB`,
  );
  results.memory = memory;
  misses.push(...memoryMisses(memory));
}
if (wanted.includes("mutations")) {
  const seed =
    values.seed === undefined ? Math.floor(performance.timeOrigin) % 1_000_000 : Number(values.seed);
  const found = await measureMutations(folder, all, Number(values.mutations), seed, formats, say);
  print(
    `\nMutations: ${found.documents} documents of ${Object.keys(found.formats).length} formats, seed ${seed}, ${found.seconds.toFixed(0)} s: ` +
      `${Object.entries(found.outcomes)
        .map(([outcome, count]) => `${count} ${outcome}`)
        .join(", ")}; ` +
      `slowest ${found.slowestMs.toFixed(0)} ms (${found.slowest}); children lost ${found.lost}; ` +
      `event loop p99 ${found.loopP99Ms.toFixed(1)} ms, at most ${found.loopMaxMs.toFixed(0)} ms`,
  );
  results.mutations = found;
  misses.push(...mutationMisses(found));
}

if (values.json) console.log(JSON.stringify({ ...results, misses }));
if (misses.length > 0) {
  print(`\n${misses.length} below the bar:`);
  for (const miss of misses) print(`  ${miss}`);
  process.exitCode = 1;
} else print("\nEvery bar is met.");
