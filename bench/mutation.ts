// `npm run mutation -- deadline`: changes the source one operator at a time and asks whether a test of its folder notices.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { seeded } from "../test/support/random.ts";

const root = resolve(import.meta.dirname, "..");
/** A sample is taken in pieces of this many lines: whole branches, not single lines. */
const PIECE_LINES = 12;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: "string" },
    seed: { type: "string", default: "2012" },
    concurrency: { type: "string", default: "2" },
    help: { type: "boolean", default: false },
  },
});
const [folder = "deadline"] = positionals;
if (values.help || !["deadline", "notice", "submission"].includes(folder)) {
  console.log(
    "npm run mutation -- deadline|notice|submission [--sample PERCENT] [--seed N] [--concurrency N]\n" +
      "  逐处改动源码，看测试能否发现（变异测试，Stryker）；--sample 只取百分之几的代码，由 --seed 决定\n" +
      "  mutation testing with Stryker: the share of changed operators that a test notices; below 85 % it ends with 1.\n" +
      "  --sample takes that share of the code only, chosen by --seed. A whole folder takes from 20 minutes to two hours.",
  );
  process.exit(values.help ? 0 : 2);
}

const files = readdirSync(join(root, "src", folder), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .sort()
  .map((name) => `src/${folder}/${name}`);
const mutate = values.sample ? pieces(Number(values.sample) / 100) : files;
console.error(`${mutate.length} ${values.sample ? "pieces" : "files"} of src/${folder}, seed ${values.seed}`);

const configuration = join(root, "stryker.config.json");
writeFileSync(configuration, JSON.stringify(settings()));
const stryker = spawn("stryker", ["run", configuration], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, JINBOX_MUTATED: folder },
});
stryker.on("exit", (code) => {
  rmSync(configuration, { force: true });
  process.exitCode = code ?? 1;
});

function pieces(share: number): string[] {
  const { next } = seeded(Number(values.seed));
  return files.flatMap((file) => {
    const lines = readFileSync(join(root, file), "utf8").split("\n").length;
    const starts = Array.from({ length: Math.ceil(lines / PIECE_LINES) }, (_, at) => at * PIECE_LINES + 1);
    return starts
      .filter(() => next() < share)
      .map((from) => `${file}:${from}-${Math.min(lines, from + PIECE_LINES - 1)}`);
  });
}

function settings() {
  return {
    packageManager: "npm",
    // TypeScript 7 has no programming interface to rewrite tsconfig.json with, and nothing here needs it rewritten.
    tsconfigFile: "none",
    testRunner: "vitest",
    plugins: ["@stryker-mutator/vitest-runner"],
    vitest: { configFile: "bench/mutation/vitest.config.ts", related: false },
    mutate,
    ignorePatterns: ["data", "docs", "reports"],
    coverageAnalysis: "perTest",
    concurrency: Number(values.concurrency),
    // A mutant that waits for ever counts as noticed; a loaded machine must not look like one.
    timeoutMS: 20_000,
    timeoutFactor: 3,
    reporters: ["clear-text", "progress-append-only", "json"],
    jsonReporter: { fileName: `reports/mutation-${folder}.json` },
    clearTextReporter: { allowColor: false, reportTests: false },
    thresholds: { high: 90, low: 85, break: 85 },
  };
}
