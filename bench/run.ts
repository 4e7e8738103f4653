// `npm run bench`: jinbox from mailbox to all acknowledged, beside a plain script of the same libraries, in one run.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { ImapFlow } from "imapflow";
import pg from "pg";
import { silentLogger } from "../src/log.ts";
import { openDatabase } from "../src/store/database.ts";
import { startEmbedded } from "../src/store/embedded.ts";
import { migrate } from "../src/store/migrate.ts";
import { writeCampaign } from "../test/support/campaign.ts";
import { startDovecot } from "../test/support/dovecot.ts";
import { benchMail, type Mix } from "./mails.ts";

const { values } = parseArgs({
  options: {
    mails: { type: "string", default: "2000" },
    rounds: { type: "string", default: "1" },
    only: { type: "string" },
    profile: { type: "string" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(
    "npm run bench -- [--mails N] [--rounds N] [--only plain|mix] [--profile DIR] [--json]\n" +
      "  从邮箱到全部回执：jinbox 与同库的直写脚本在同一次运行中比较\n" +
      "  mailbox to all acknowledged: jinbox beside a plain script of the same libraries, in one run; medians of rounds",
  );
  process.exit(0);
}
const mails = Number(values.mails);
const rounds = Number(values.rounds);
const root = resolve(import.meta.dirname, "..");
const address = "ideas@culture.example";
const say = (line: string) => (values.json ? console.error(line) : console.log(line));
/** A run that takes longer than this is broken, not slow. */
const LIMIT_MS = 60_000 + mails * 100;

interface Measured {
  mailsPerSecond: number;
  peakMegabytes: number;
}

/** The sink runs in a process of its own, so that its work is in nobody's figures. */
async function startSink(): Promise<{
  port: number;
  count(): number;
  reset(): void;
  reached(n: number): Promise<void>;
  stop(): void;
}> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "sink.ts")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let count = 0;
  let waiting: { n: number; resolve: () => void } | null = null;
  const port = await new Promise<number>((resolvePort) => {
    let rest = "";
    child.stdout.on("data", (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (line.startsWith("port ")) resolvePort(Number(line.slice(5)));
        else if (line.startsWith("got ")) count += Number(line.slice(4));
      }
      if (waiting && count >= waiting.n) waiting.resolve();
    });
  });
  return {
    port,
    count: () => count,
    reset: () => {
      count = 0;
    },
    reached: (n) =>
      new Promise((resolveReached) => {
        waiting = { n, resolve: resolveReached };
        if (count >= n) resolveReached();
      }),
    stop: () => void child.kill(),
  };
}

/** Resident memory of a process and all below it, sampled; the largest sum in megabytes. */
function watchMemory(pid: number): { peak(): number; stop(): void } {
  let peak = 0;
  const timer = setInterval(async () => {
    const bytes = await treeMemory(pid);
    if (bytes > peak) peak = bytes;
  }, 200);
  return { peak: () => Math.round(peak / 1_000_000), stop: () => clearInterval(timer) };
}

async function treeMemory(rootPid: number): Promise<number> {
  const parents = new Map<number, number>();
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, "utf8").catch(() => "");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[1]) parents.set(Number(name), Number(fields[1]));
  }
  const family = new Set([rootPid]);
  for (let grew = true; grew; ) {
    grew = false;
    for (const [pid, parent] of parents) {
      if (family.has(parent) && !family.has(pid)) {
        family.add(pid);
        grew = true;
      }
    }
  }
  let bytes = 0;
  for (const pid of family) {
    const statm = await readFile(`/proc/${pid}/statm`, "utf8").catch(() => "0 0");
    bytes += Number(statm.split(" ")[1]) * 4096;
  }
  return bytes;
}

/** Measures from the moment a process says it is ready to begin until the sink holds one answer for every mail. */
async function measure(
  child: ChildProcess,
  ready: RegExp,
  sink: Awaited<ReturnType<typeof startSink>>,
): Promise<Measured> {
  const memory = watchMemory(child.pid as number);
  const tail: string[] = [];
  const startedAt = await new Promise<number>((resolveReady, reject) => {
    const read = (chunk: Buffer) => {
      tail.push(chunk.toString());
      if (tail.length > 50) tail.shift();
      if (ready.test(chunk.toString())) resolveReady(performance.now());
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.on("exit", (code) =>
      reject(new Error(`ended with ${code} before it was ready:\n${tail.join("")}`)),
    );
  });
  const broken = new Promise<never>((_, reject) => {
    const giveUp = (what: string) =>
      reject(new Error(`${what}; ${sink.count()} of ${mails} answered:\n${tail.join("")}`));
    child.once("exit", (code) => giveUp(`ended with ${code}`));
    setTimeout(() => giveUp(`took longer than ${LIMIT_MS / 1000} s`), LIMIT_MS).unref();
  });
  // A process that ends by itself has its last answers still on the way.
  await Promise.race([
    sink.reached(mails),
    broken.catch((error) => Promise.race([sink.reached(mails), later(error)])),
  ]);
  const seconds = (performance.now() - startedAt) / 1000;
  memory.stop();
  child.kill("SIGTERM");
  if (child.exitCode === null) await new Promise((done) => child.once("exit", done));
  return { mailsPerSecond: mails / seconds, peakMegabytes: memory.peak() };
}

async function later(error: unknown): Promise<never> {
  await new Promise((done) => setTimeout(done, 1000));
  throw error;
}

const folder = await mkdtemp(join(tmpdir(), "jinbox-bench-"));
const database = await startEmbedded(folder, silentLogger);
const dovecot = await startDovecot({ users: ["plain", "mix"] });
const sink = await startSink();

async function freshDatabase(name: string): Promise<string> {
  const client = new pg.Client(database.url);
  await client.connect();
  await client.query(`drop database if exists ${name} with (force)`);
  await client.query(`create database ${name} template template0 encoding 'UTF8'`);
  await client.end();
  const url = new URL(database.url);
  url.pathname = `/${name}`;
  return url.href;
}

async function configFor(mix: Mix): Promise<string> {
  const place = join(folder, mix);
  await mkdir(place, { recursive: true });
  return writeCampaign(place, {
    imapPort: dovecot.imapPort,
    imapUser: mix,
    smtpPort: sink.port,
    timeless: true,
  });
}

async function runJinbox(mix: Mix): Promise<Measured> {
  const url = await freshDatabase(`jinbox_${mix}`);
  const open = openDatabase(url, silentLogger, 2);
  await migrate(open.db);
  await open.close();
  sink.reset();
  const child = spawn(
    process.execPath,
    [
      ...profiling(),
      join(root, "src/main.ts"),
      "run",
      "--roles",
      "intake,worker,sender",
      "--config",
      await configFor(mix),
    ],
    {
      env: {
        PATH: process.env.PATH,
        DATABASE_URL: url,
        JINBOX_IMAP_PASSWORD: dovecot.password,
        JINBOX_DATA: folder,
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  return measure(child, /"msg":"ready"/, sink);
}

/** Node's own sampling profile of jinbox's main process, for `--profile DIR`. */
function profiling(): string[] {
  return values.profile ? ["--cpu-prof", `--cpu-prof-dir=${resolve(values.profile)}`] : [];
}

async function runScript(mix: Mix): Promise<Measured> {
  const url = await freshDatabase(`script_${mix}`);
  sink.reset();
  const child = spawn(
    process.execPath,
    [
      join(import.meta.dirname, "script.ts"),
      String(dovecot.imapPort),
      mix,
      dovecot.password,
      String(sink.port),
      url,
      address,
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  return measure(child, /^ready/m, sink);
}

/** The script finds its work by \\Seen: another round wants the flags gone. */
async function clearSeen(mix: Mix): Promise<void> {
  const client = new ImapFlow({
    host: dovecot.host,
    port: dovecot.imapPort,
    secure: false,
    auth: { user: mix, pass: dovecot.password },
    logger: false,
  });
  await client.connect();
  await client.mailboxOpen("INBOX");
  await client.messageFlagsRemove("1:*", ["\\Seen"]);
  await client.logout();
}

function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const [below, above] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]] as [number, number];
  return (below + above) / 2;
}

const results: Record<
  string,
  { jinbox: number; script: number; ratio: number; peakMegabytes: { jinbox: number; script: number } }
> = {};
try {
  for (const mix of (["plain", "mix"] as const).filter(
    (one) => values.only === undefined || one === values.only,
  )) {
    say(`${mix}: putting ${mails} mails in the mailbox …`);
    for (let index = 0; index < mails; index += 1)
      await dovecot.deliver(mix, await benchMail(index, mix, address));
    const jinbox: Measured[] = [];
    const script: Measured[] = [];
    for (let round = 0; round < rounds; round += 1) {
      jinbox.push(await runJinbox(mix));
      script.push(await runScript(mix));
      if (round < rounds - 1) await clearSeen(mix);
      const [ours, theirs] = [jinbox.at(-1) as Measured, script.at(-1) as Measured];
      say(
        `${mix} ${round + 1}/${rounds}: jinbox ${ours.mailsPerSecond.toFixed(0)} mails/s (${ours.peakMegabytes} MB) · ` +
          `script ${theirs.mailsPerSecond.toFixed(0)} mails/s (${theirs.peakMegabytes} MB) · ` +
          `ratio ${(ours.mailsPerSecond / theirs.mailsPerSecond).toFixed(2)}`,
      );
    }
    results[mix] = {
      jinbox: Math.round(median(jinbox.map((one) => one.mailsPerSecond))),
      script: Math.round(median(script.map((one) => one.mailsPerSecond))),
      ratio: Number(
        median(jinbox.map((one, i) => one.mailsPerSecond / (script[i] as Measured).mailsPerSecond)).toFixed(
          2,
        ),
      ),
      peakMegabytes: {
        jinbox: Math.max(...jinbox.map((one) => one.peakMegabytes)),
        script: Math.max(...script.map((one) => one.peakMegabytes)),
      },
    };
  }
  if (values.json) console.log(JSON.stringify(results));
} finally {
  sink.stop();
  await dovecot.stop();
  await database.stop();
  await rm(folder, { recursive: true, force: true });
}
