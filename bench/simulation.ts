// `npm run bench:simulation`: a year of a campaign of two hundred units played by `jinbox simulate`, twice, and compared.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { FROM, shapes, TO, writeYear } from "./simulation/campaign.ts";

const { values } = parseArgs({
  options: {
    units: { type: "string", default: "200" },
    mails: { type: "string", default: "1000" },
    shape: { type: "string", default: "campaign" },
    seed: { type: "string", default: "2012" },
    to: { type: "string", default: TO },
    rounds: { type: "string", default: "2" },
    profile: { type: "string" },
    keep: { type: "string" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(
    "npm run bench:simulation -- [--units N] [--mails N] [--shape campaign|monthly] [--seed N] [--rounds N] [--profile DIR] [--keep DIR] [--json]\n" +
      "  用虚拟时钟走完一年：秒数、每秒封数和天数、内存；每一遍的通知必须逐字节相同\n" +
      "  a year on the virtual clock: seconds, mails and days a second, memory; every round must say the very same\n" +
      "  exit 1: a round took more than 60 s, or two rounds differ",
  );
  process.exit(0);
}
const SECONDS_MAX = 60;
const shape = shapes.find((one) => one === values.shape);
if (!shape) throw new Error(`--shape ${values.shape}: ${shapes.join(", ")}`);
const say = (line: string) => (values.json ? console.error(line) : console.log(line));
const folder = values.keep ? resolve(values.keep) : await mkdtemp(join(tmpdir(), "jinbox-bench-"));

interface Round {
  seconds: number;
  mailsPerSecond: number;
  daysPerSecond: number;
  /** Of all processes together, PostgreSQL's among them: what the other work of the machine says little about. */
  cpuSeconds: number;
  peakMegabytes: number;
  notices: Record<string, number>;
  sha256: string;
}

try {
  const size = { units: Number(values.units), mails: Number(values.mails), seed: Number(values.seed), shape };
  const year = await writeYear(folder, size);
  say(`${size.units} units, ${size.mails} mails, ${shape}, ${FROM} … ${values.to}`);
  const rounds: Round[] = [];
  for (let round = 0; round < Number(values.rounds); round++) {
    const one = await play(year, size.mails);
    rounds.push(one);
    const kinds = Object.entries(one.notices).map(([kind, many]) => `${kind} ${many}`);
    say(
      `${round + 1}: ${one.seconds.toFixed(1)} s, ${one.mailsPerSecond.toFixed(0)} mails/s, ` +
        `${one.daysPerSecond.toFixed(1)} days/s, ${one.cpuSeconds.toFixed(1)} s of CPU, at most ${one.peakMegabytes} MB; ${kinds.join(", ")}; ${one.sha256.slice(0, 12)}`,
    );
  }
  if (values.json) console.log(JSON.stringify(rounds));
  const slow = rounds.some(({ seconds }) => seconds > SECONDS_MAX);
  const differ = new Set(rounds.map(({ sha256 }) => sha256)).size > 1;
  if (slow) say(`a round took more than ${SECONDS_MAX} s`);
  if (differ) say("two rounds said different things");
  if (slow || differ) process.exitCode = 1;
} finally {
  if (!values.keep) await rm(folder, { recursive: true, force: true });
}

async function play(year: { config: string; mails: string }, mails: number): Promise<Round> {
  const profiling = values.profile ? ["--cpu-prof", `--cpu-prof-dir=${resolve(values.profile)}`] : [];
  const main = resolve(import.meta.dirname, "../src/main.ts");
  const args = [
    "simulate",
    "--mail",
    year.mails,
    "--config",
    year.config,
    "--from",
    FROM,
    "--to",
    values.to,
    "--json",
  ];
  const started = performance.now();
  const child = spawn(process.execPath, [...profiling, main, ...args], {
    env: { PATH: process.env.PATH, JINBOX_DATA: join(folder, "data") },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const hash = createHash("sha256");
  let rest = "";
  const notices: Record<string, number> = {};
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    hash.update(part);
    const lines = `${rest}${part}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const { kind } = JSON.parse(line) as { kind: string };
      notices[kind] = (notices[kind] ?? 0) + 1;
    }
  });
  let peak = 0;
  let cpu = 0;
  const watching = setInterval(async () => {
    const used = await usedBy(child.pid as number);
    peak = Math.max(peak, used.kilobytes);
    cpu = Math.max(cpu, used.cpuSeconds);
  }, 500);
  const code = await new Promise<number | null>((ended) => child.once("close", ended));
  clearInterval(watching);
  if (code !== 0) throw new Error(`jinbox simulate ended with ${code}`);
  const seconds = (performance.now() - started) / 1000;
  const days = (Date.parse(values.to) - Date.parse(FROM)) / 86_400_000 + 1;
  return {
    seconds,
    mailsPerSecond: mails / seconds,
    daysPerSecond: days / seconds,
    cpuSeconds: cpu,
    peakMegabytes: Math.round(peak / 1024),
    notices,
    sha256: hash.digest("hex"),
  };
}

interface Used {
  kilobytes: number;
  cpuSeconds: number;
}

/** What `jinbox simulate` uses with all it started, and the database connections that work for it. */
async function usedBy(main: number): Promise<Used> {
  const total: Used = { kilobytes: 0, cpuSeconds: 0 };
  const processes = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const family = new Set([main]);
  for (const pid of processes.map(Number).sort((a, b) => a - b)) {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
    const [, parent, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (family.has(Number(parent))) family.add(pid);
    const words = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (!family.has(pid) && !words.includes(` scratch_${main}_`)) continue;
    // utime and stime, the 14th and 15th field, in hundredths; a connection shares its memory with the others.
    total.cpuSeconds += (Number(rest[9] ?? 0) + Number(rest[10] ?? 0)) / 100;
    if (!family.has(pid)) continue;
    const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
    total.kilobytes += Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  }
  return total;
}
