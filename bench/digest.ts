// `npm run bench:digest`: how long the digest of a large office takes, and in how much memory, its drawing process included.
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { calendarOf } from "../src/deadline/calendar.ts";
import { composeDigest } from "../src/digest/compose.ts";
import { draw } from "../src/digest/picture/draw.ts";
import { silentLogger } from "../src/log.ts";
import { openDatabase } from "../src/store/database.ts";
import { startEmbedded } from "../src/store/embedded.ts";
import { migrate } from "../src/store/migrate.ts";
import { crowdedCampaign, fillCrowd } from "../test/support/crowd.ts";

const { values } = parseArgs({
  options: {
    units: { type: "string", default: "200" },
    submissions: { type: "string", default: "5000" },
    rounds: { type: "string", default: "3" },
    database: { type: "string" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(
    "npm run bench:digest -- [--units N] [--submissions N] [--rounds N] [--json]\n" +
      "  一封简报（含台账和进度图）的用时和内存峰值\n" +
      "  one digest with its ledger and its picture: seconds and peak memory",
  );
  process.exit(0);
}
const crowd = { units: Number(values.units), submissions: Number(values.submissions) };
const on = "2012-12-27";
const limits = { seconds: 5, megabytes: 300 };

/** In a process of its own, so that nothing but the digest is measured. */
async function compose(url: string): Promise<void> {
  const { db, close } = openDatabase(url, silentLogger);
  const campaign = crowdedCampaign(crowd);
  const now = new Date(`${on}T17:30:00+08:00`);
  const started = performance.now();
  const { attachments, words } = await composeDigest(
    { db, campaign, calendar: calendarOf(campaign), now, draw },
    on,
  );
  const seconds = (performance.now() - started) / 1000;
  const bytes = attachments.reduce((sum, { content }) => sum + content.length, words.html?.length ?? 0);
  console.log(JSON.stringify({ seconds, bytes, attached: attachments.length }));
  await close();
}

/** The resident memory of a process and its children, in megabytes; 0 once they are gone. */
async function residentMegabytes(pid: number): Promise<number> {
  try {
    const pages = Number((await readFile(`/proc/${pid}/statm`, "latin1")).split(" ")[1]);
    const children = (await readFile(`/proc/${pid}/task/${pid}/children`, "latin1")).trim().split(" ");
    const theirs = await Promise.all(
      children.filter(Boolean).map((child) => residentMegabytes(Number(child))),
    );
    return theirs.reduce((sum, one) => sum + one, (pages * 4096) / 1e6);
  } catch {
    return 0;
  }
}

async function measured(url: string): Promise<{ seconds: number; bytes: number; megabytes: number }> {
  const own = ["--units", `${crowd.units}`, "--submissions", `${crowd.submissions}`, "--database", url];
  const child = spawn(process.execPath, [import.meta.filename, ...own], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let peak = 0;
  const watch = setInterval(async () => {
    peak = Math.max(peak, await residentMegabytes(child.pid ?? 0));
  }, 10);
  let said = "";
  for await (const part of child.stdout) said += part;
  clearInterval(watch);
  const { seconds, bytes, attached } = JSON.parse(said) as {
    seconds: number;
    bytes: number;
    attached: number;
  };
  if (attached !== 2) throw new Error("the digest has no ledger or no picture");
  return { seconds, bytes, megabytes: peak };
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "jinbox-bench-"));
  const server = await startEmbedded(folder, silentLogger);
  try {
    const { db, close } = openDatabase(server.url, silentLogger);
    await migrate(db);
    await fillCrowd(db, crowd, on);
    await close();
    const rounds = [];
    for (let round = 0; round < Number(values.rounds); round++) rounds.push(await measured(server.url));
    const seconds = Math.max(...rounds.map((one) => one.seconds));
    const megabytes = Math.max(...rounds.map((one) => one.megabytes));
    if (values.json) console.log(JSON.stringify({ ...crowd, rounds, seconds, megabytes, limits }));
    else
      console.log(
        `${crowd.units} units, ${crowd.submissions} submissions, worst of ${rounds.length}: ` +
          `${seconds.toFixed(2)} s (limit ${limits.seconds}), ${Math.round(megabytes)} MB (limit ${limits.megabytes}), ` +
          `mail of ${Math.round((rounds[0]?.bytes ?? 0) / 1000)} kB`,
      );
    if (seconds > limits.seconds || megabytes > limits.megabytes) process.exitCode = 1;
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

await (values.database ? compose(values.database) : main());
