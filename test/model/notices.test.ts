// Thousands of random campaigns: the duty notices that leave are those a plain model says must leave, no fewer, no others,
// none twice. The seed is printed; JINBOX_SEED replays it, JINBOX_CAMPAIGNS plays another number of them.
import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { silentLogger } from "../../src/log.ts";
import { type OpenDatabase, openDatabase } from "../../src/store/database.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type Drive, drives } from "./drive.ts";
import { examples } from "./examples.ts";
import { naiveNotices } from "./naive.ts";
import { play, wordsOfNaive } from "./play.ts";

const CAMPAIGNS = Number(process.env.JINBOX_CAMPAIGNS ?? 1_000);
/** Played side by side in one database, each with a seed of its own. */
const LANES = 6;

let database: TestDatabase;
/** The other machine's connections. */
let other: OpenDatabase;

beforeAll(async () => {
  database = await testDatabase();
  const name = sql.id(new URL(database.url).pathname.slice(1));
  // Nothing here asks what a power cut leaves; and tables that grow from nothing have no statistics to plan by.
  await sql`alter database ${name} set synchronous_commit = off`.execute(database.db);
  await sql`alter database ${name} set enable_seqscan = off`.execute(database.db);
  other = openDatabase(database.url, silentLogger);
});
afterAll(async () => {
  await other?.close();
  await database?.drop();
});

const expected = (drive: Drive) => naiveNotices(drive.campaign, drive.happenings).map(wordsOfNaive).sort();
const sent = (drive: Drive) => play([database.db, other.db], drive);

test.each(examples)("$name", async ({ drive, sent: known }) => {
  const model = expected(drive);
  expect(model.map((words) => words.replace(/^(\S+) \S+ (\S+) to (\S+) .*$/, "$1 $2 $3"))).toEqual(known);
  expect(await sent(drive)).toEqual(model);
});

test("random campaigns send what the plain model says", { timeout: 3_600_000 }, async () => {
  const seed = Number(process.env.JINBOX_SEED ?? Math.floor(Math.random() * 2 ** 31));
  console.info(`seed ${seed}`);
  const counts = { campaigns: 0, passes: 0, reminder: 0, overdue: 0, escalation: 0, false: 0, missing: 0 };

  async function agrees(drive: Drive): Promise<void> {
    const [said, model] = [await sent(drive), expected(drive)];
    const wrong = said.filter((words, n) => !model.includes(words) || said.indexOf(words) !== n);
    const missing = model.filter((words) => !said.includes(words));
    counts.campaigns++;
    counts.passes += drive.happenings.filter(({ what }) => what === "ask" || what === "send").length;
    counts.false += wrong.length;
    counts.missing += missing.length;
    for (const kind of ["reminder", "overdue", "escalation"] as const) {
      counts[kind] += said.filter((words) => words.includes(` ${kind} to `)).length;
    }
    expect({ wrong, missing }).toEqual({ wrong: [], missing: [] });
  }

  const lanes = await Promise.all(
    Array.from({ length: LANES }, (_, lane) =>
      fc.check(fc.asyncProperty(drives, agrees), {
        seed: seed + lane,
        numRuns: Math.ceil(CAMPAIGNS / LANES),
      }),
    ),
  );
  console.info(JSON.stringify(counts));
  const failed = lanes.find((lane) => lane.failed);
  if (failed) throw new Error(toldOf(failed));
  // Drives in which nothing falls due would agree about nothing.
  expect(counts.reminder).toBeGreaterThan(CAMPAIGNS / 3);
  expect(counts.overdue + counts.escalation).toBeGreaterThan(CAMPAIGNS / 5);
});

/** The smallest campaign found, in lines one can read. */
function toldOf({ seed, counterexample, errorInstance }: fc.RunDetails<[Drive]>): string {
  const [drive] = counterexample ?? [];
  if (!drive) return String(errorInstance);
  const { off: _, worked: __, ...campaign } = drive.campaign;
  return [
    `JINBOX_SEED=${seed} plays it again`,
    JSON.stringify({ zone: drive.zone.name, ...drive.holidays, ...campaign }),
    ...drive.happenings.map((happening) => JSON.stringify(happening)),
    errorInstance instanceof Error ? errorInstance.message : String(errorInstance),
  ].join("\n");
}
