// `npm run bench:export`: how long the ledger of a hundred thousand submissions takes as a file, and in how much memory.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { Writable } from "node:stream";
import { parseArgs } from "node:util";
import { loadCampaign } from "../src/campaign/load.ts";
import { type LedgerFormat, writeLedger } from "../src/digest/ledger/ledger.ts";
import { EVERYTHING } from "../src/digest/ledger/selection.ts";
import { silentLogger } from "../src/log.ts";
import { inSnapshot, openDatabase } from "../src/store/database.ts";
import { startEmbedded } from "../src/store/embedded.ts";
import { migrate } from "../src/store/migrate.ts";
import { ideaMaker } from "./likeness/ideas.ts";

const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "100000" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(
    "npm run bench:export -- [--rows N] [--json]\n" +
      "  导出 N 条材料的台账：各种格式的用时、每秒行数、进程内存峰值、事件循环最长停顿\n" +
      "  the ledger of N submissions in every format: seconds, rows a second, peak memory of the process, longest stall",
  );
  process.exit(0);
}
const rows = Number(values.rows);
const LIMIT_MB = 400;
const say = (line: string) => (values.json ? console.error(line) : console.log(line));
const config = resolve(import.meta.dirname, "../config/campaign.yaml");
const { campaign } = loadCampaign(config);
const { idea } = ideaMaker(2012);
const now = new Date("2012-12-05T09:00:00Z");

/** `jinbox export` as an office starts it; its peak memory as the system counts it. */
async function exportIn(url: string, out: string): Promise<{ seconds: number; megabytes: number }> {
  const started = performance.now();
  const child = spawn(
    process.execPath,
    [resolve(import.meta.dirname, "../src/main.ts"), "export", "--out", out, "--config", config],
    {
      env: { ...process.env, DATABASE_URL: url, JINBOX_LOG: "warn" },
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
  let peak = 0;
  const watch = setInterval(() => {
    try {
      peak = Math.max(
        peak,
        Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1] ?? 0),
      );
    } catch {
      // It has just ended.
    }
  }, 20);
  const code = await new Promise((settle) => child.once("close", settle));
  clearInterval(watch);
  if (code !== 0) throw new Error(`jinbox export ended with ${code}`);
  return { seconds: (performance.now() - started) / 1000, megabytes: peak / 1024 };
}

const folder = await mkdtemp(join(tmpdir(), "jinbox-bench-"));
const server = await startEmbedded(folder, silentLogger);
const { db, pool, close } = openDatabase(server.url, silentLogger, 2);
let failed = false;
try {
  await migrate(db);
  await pool.query("insert into blob (sha256, bytes, created_at) values (sha256('x'), 1, $1)", [now]);
  const mail = await pool.query(
    `insert into message (campaign, sha256, bytes, arrived_at, recorded_at, backlog, state, from_name, from_address)
     values ($1, sha256('x'), 1, $2, $2, false, 'filed', '某人', 'a@library.example') returning id`,
    [campaign.code, now],
  );
  const units = campaign.units.map(({ code }) => code);
  let letters = 0;
  for (let from = 0; from < rows; from += 5000) {
    const texts = Array.from({ length: Math.min(5000, rows - from) }, () => `${idea()}\n${idea()}${idea()}`);
    letters += texts.join("").length;
    await pool.query(
      `insert into submission (reference, campaign, message_id, ordinal, type, unit, people, title, text, arrived_at, filed_at,
         verified, timeliness, provisional, decided_by)
       select $2 || '-' || n, $2, $6, n, 'golden-idea', ($5::text[])[1 + n % $7::integer], array['某人' || n % 5000], left(text, 20), text,
         $4::timestamptz + n * interval '7 seconds', $4, true, 'in-time', false, 'rules'
       from unnest($1::text[]) with ordinality as t (text, at), lateral (select $3::integer + at::integer as n) numbered`,
      [texts, campaign.code, from, now, units, mail.rows[0].id, units.length],
    );
  }
  await pool.query("vacuum analyze");
  say(`${rows} submissions of ${Math.round(letters / rows)} characters`);
  const results = [];
  for (const format of ["xlsx", "csv", "json", "jsonl"] as LedgerFormat[]) {
    const out = join(folder, `ledger.${format}`);
    const { seconds, megabytes } = await exportIn(server.url, out);
    const delay = monitorEventLoopDelay({ resolution: 1 });
    const nowhere = new Writable({ write: (_part, _encoding, done) => done() });
    delay.enable();
    await inSnapshot(db, (trx) =>
      writeLedger(trx, { campaign, obligations: [] }, nowhere, { format, selection: EVERYTHING }),
    );
    delay.disable();
    const result = {
      format,
      seconds: Number(seconds.toFixed(1)),
      rowsPerSecond: Math.round(rows / seconds),
      megabytes: Math.round(megabytes),
      stallMs: Math.round(delay.max / 1e6),
      fileMegabytes: Number(((await stat(out)).size / 1e6).toFixed(1)),
    };
    results.push(result);
    failed ||= result.megabytes >= LIMIT_MB;
    say(
      `${format}: ${result.seconds} s, ${result.rowsPerSecond} rows/s, peak ${result.megabytes} MB of the whole process, ` +
        `longest stall of the event loop ${result.stallMs} ms, file ${result.fileMegabytes} MB`,
    );
  }
  if (values.json) console.log(JSON.stringify({ rows, results }));
  say(failed ? `FAILED: ${LIMIT_MB} MB is the limit` : `all under ${LIMIT_MB} MB`);
} finally {
  await close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);
