// `npm run fuzz -- --mails N [--seed S]`: the last line of stdout is the report; exit 1 where anything failed.
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { systemClock } from "../../src/clock.ts";
import { createLogger } from "../../src/log.ts";
import { openScratch } from "../../src/store/scratch.ts";
import { fuzz } from "./fuzz.ts";

const { values } = parseArgs({
  options: {
    mails: { type: "string", default: "2000" },
    seed: { type: "string", default: process.env.JINBOX_SEED ?? `${systemClock.now().getTime() % 2 ** 31}` },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(
    "npm run fuzz -- --mails N [--seed S]\n" +
      "  畸形邮件走完整流程：不崩溃、不丢失、不超过 60 秒、不伤及他信；同一种子结果相同\n" +
      "  malformed mails all the way: no crash, none lost, none over 60 s, no other mail harmed; a seed plays again",
  );
  process.exit(0);
}
/** Longer, and whoever else the process serves would notice (reliability: event-loop delay). */
const LOOP_P99_MS = 200;
const [seed, mails] = [Number(values.seed), Number(values.mails)];
const folder = join(tmpdir(), `jinbox-fuzz-${seed}-${process.pid}`);
const log = createLogger({ level: "warn", readable: true });
const database = await openScratch(
  { databaseUrl: process.env.DATABASE_URL ?? null, dataDirectory: join(folder, "data") },
  log,
);
try {
  const report = await fuzz({ database, mails, seed, folder, say: (line) => console.error(line) });
  console.log(JSON.stringify(report));
  const isWell = report.failures.length === 0 && report.loopP99Ms < LOOP_P99_MS;
  process.exitCode = isWell ? 0 : 1;
} finally {
  await database.close();
}
