// `npm run torture -- --kills N [--seed S]`: kills, cuts, pauses, fills and restarts at random, and looks at everything after.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { stopwatch } from "../../src/clock.ts";
import { endOf, startProgram } from "./life.ts";
import { startPostgres } from "./postgres.ts";
import { buildProgram } from "./program.ts";
import { type SeasonResult, season, total } from "./storm.ts";

const help = `npm run torture -- [--kills N] [--seed S] [--slots P]

  --kills N   how often a jinbox process is ended by kill -9 (default 300)
  --seed S    decides every choice of the storm (default: a random one, printed)
  --slots P   jinbox processes alive at a time (default 4)`;

/** So many kills make a campaign; the next ones another, with the next seed. */
const KILLS_PER_SEASON = 300;

export interface Totals {
  seed: number;
  kills: number;
  mails: number;
  lost: number;
  filedTwice: number;
  noticesLost: number;
  noticesTwice: number;
  ambiguous: number;
  falseOverdue: number;
}

/** Season after season. Season n of seed S is season 0 of seed S + n: a failing one is replayed by itself. */
export async function torture(
  { kills, seed, slots }: { kills: number; seed: number; slots: number },
  say: (words: string) => void,
): Promise<{ totals: Totals; sound: boolean }> {
  const folder = await mkdtemp(join(tmpdir(), "jinbox-torture-"));
  const postgres = await startPostgres(folder);
  const totals = {
    seed,
    kills: 0,
    mails: 0,
    lost: 0,
    filedTwice: 0,
    noticesLost: 0,
    noticesTwice: 0,
    ambiguous: 0,
    falseOverdue: 0,
  };
  let sound = true;
  const elapsed = stopwatch();
  try {
    const program = await buildProgram(join(folder, "jinbox"));
    await warm(program);
    for (let at = 0; totals.kills < kills; at += 1) {
      const options = {
        seed: seed + at,
        kills: Math.min(KILLS_PER_SEASON, kills - totals.kills),
        slots,
        folder,
        postgres,
        say,
      };
      const result = await season({ ...options, program });
      add(totals, result);
      if (total(result.findings) > 0) {
        sound = false;
        say(`replay: npm run torture -- --kills ${options.kills} --seed ${options.seed} --slots ${slots}`);
      }
      say(
        `${totals.kills} kills in ${Math.round(elapsed() / 1000)} s (${(elapsed() / totals.kills).toFixed(0)} ms each); of this season ` +
          `${result.atPoint} at crash points, ${result.childrenKilled} reading children besides, ${result.ended} ended by themselves, ${result.notices} notices`,
      );
      say(
        Object.entries(result.counts)
          .sort()
          .map(([what, count]) => `${what} ${count}`)
          .join("; "),
      );
    }
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
  return { totals, sound };
}

/** What is killed leaves nothing in the cache of compiled files: one that ends by itself must fill it. */
async function warm(program: string): Promise<void> {
  const environment = {
    PATH: process.env.PATH ?? "",
    NODE_COMPILE_CACHE: join(dirname(program), "compiled"),
  };
  for (const command of ["migrate", "run"])
    await endOf(startProgram(program, [command, "--help"], environment).child);
}

function add(totals: Totals, { kills, mails, ambiguous, findings }: SeasonResult): void {
  totals.kills += kills;
  totals.mails += mails;
  totals.ambiguous += ambiguous;
  totals.lost += findings.lost.length;
  totals.filedTwice += findings.filedTwice.length;
  totals.noticesLost += findings.noticesLost.length;
  totals.noticesTwice += findings.noticesTwice.length;
  totals.falseOverdue += findings.falseOverdue.length;
}

if (import.meta.main) {
  const options = {
    kills: { type: "string", default: "300" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
    slots: { type: "string", default: "4" },
    help: { type: "boolean", default: false },
  } as const;
  const { values } = parseArgs({ options });
  if (values.help) console.log(help);
  else {
    // Told to stop, it takes its servers along.
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => process.exit(130));
    const asked = { kills: Number(values.kills), seed: Number(values.seed), slots: Number(values.slots) };
    console.error(`seed ${asked.seed}`);
    const { totals, sound } = await torture(asked, (words) => console.error(words));
    console.log(JSON.stringify(totals));
    if (!sound) process.exitCode = 1;
  }
}
