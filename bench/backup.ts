// `npm run bench:backup`: a mailbox of N megabytes backed up, verified and restored: megabytes a second, peak memory.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { silentLogger } from "../src/log.ts";
import { putBlobs, sha256Of } from "../src/store/blobs.ts";
import { openDatabase } from "../src/store/database.ts";
import { startEmbedded } from "../src/store/embedded.ts";
import { migrate } from "../src/store/migrate.ts";

const { values } = parseArgs({
  options: { megabytes: { type: "string", default: "1000" }, help: { type: "boolean", default: false } },
});
if (values.help) {
  console.log(
    "npm run bench:backup -- [--megabytes N]\n" +
      "  N 兆字节的邮件：备份（明文、加密）、核对、恢复各要多久，进程内存峰值\n" +
      "  N megabytes of mail: backup (plain and sealed), verify and restore: MB a second and peak memory, one JSON line each",
  );
  process.exit(0);
}
const megabytes = Number(values.megabytes);
const folder = await mkdtemp(join(tmpdir(), "jinbox-bench-backup-"));

/** The command as an operator starts it; its peak memory as the system counts it. */
async function measured(what: string, args: string[], environment: Record<string, string>): Promise<void> {
  const started = performance.now();
  const child = spawn(process.execPath, [resolve(import.meta.dirname, "../src/main.ts"), ...args], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "ignore", "inherit"],
  });
  let peak = 0;
  const watch = setInterval(() => {
    try {
      const line = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"));
      peak = Math.max(peak, Number(line?.[1] ?? 0));
    } catch {
      // It has ended.
    }
  }, 50);
  const code = await new Promise<number | null>((done) => child.once("exit", done));
  clearInterval(watch);
  if (code !== 0) throw new Error(`${what} ended with ${code}`);
  const seconds = (performance.now() - started) / 1000;
  const rate = Math.round(megabytes / seconds);
  console.log(
    JSON.stringify({
      what,
      seconds: +seconds.toFixed(1),
      megabytesPerSecond: rate,
      peakMB: Math.round(peak / 1024),
    }),
  );
}

/** Like mail: three quarters are base64 of something packed, the rest is text. */
function mailLike(bytes: number): Buffer {
  const packed = randomBytes(Math.floor((bytes * 9) / 16)).toString("base64");
  return Buffer.from(
    `${"建议延长开放时间，方便上班的读者。\r\n".repeat(Math.floor(bytes / 4 / 53))}${packed}`,
  );
}

const server = await startEmbedded(join(folder, "from"), silentLogger);
try {
  const { db, close } = openDatabase(server.url, silentLogger);
  await migrate(db);
  for (let written = 0; written < megabytes; written += 8) {
    const contents = Array.from({ length: 8 }, () => mailLike(1_000_000)).map((bytes) => ({
      sha256: sha256Of(bytes),
      bytes,
    }));
    await db.transaction().execute((trx) => putBlobs(trx, contents, new Date()));
  }
  await close();
  const file = join(folder, "plain.backup");
  const sealed = join(folder, "sealed.backup");
  const passphrase = join(folder, "passphrase");
  await writeFile(passphrase, "bench of backups\n");
  const from = { DATABASE_URL: server.url };
  await measured("backup", ["backup", "--out", file], from);
  console.log(JSON.stringify({ what: "file", megabytes: Math.round((await stat(file)).size / 1e6) }));
  await measured("backup, sealed", ["backup", "--out", sealed, "--passphrase", passphrase], from);
  await measured("verify", ["backup", "verify", file], from);
  await measured("restore", ["restore", file], { JINBOX_DATA: join(folder, "to"), DATABASE_URL: "" });
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
