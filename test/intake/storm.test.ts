// Killed again and again at any moment, a reader loses no mail and takes none in twice.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { openImap } from "../../src/intake/imap.ts";
import { reconcile } from "../../src/intake/reconcile.ts";
import { silentLogger } from "../../src/log.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type Dovecot, startDovecot } from "../support/dovecot.ts";
import { mail } from "../support/mails.ts";
import { seeded } from "../support/random.ts";

const user = "storm@culture.example";
const ROUNDS = 8;
const MAILS_PER_ROUND = 60;
let dovecot: Dovecot;
let database: TestDatabase;

beforeAll(async () => {
  dovecot = await startDovecot({ users: [user] });
  database = await testDatabase();
});
afterAll(async () => {
  await dovecot.stop();
  await database.drop();
});

function startReader(): ChildProcess {
  const program = fileURLToPath(new URL("../support/reader.ts", import.meta.url));
  const words = [program, database.url, String(dovecot.imapPort), user, dovecot.password];
  return spawn(process.execPath, words, { stdio: ["ignore", "pipe", "ignore"] });
}

test("every mail has one record, one message and one job after a storm of kill -9", {
  timeout: 240_000,
}, async () => {
  const seed = process.pid;
  process.stderr.write(`storm seed ${seed}\n`);
  const random = seeded(seed);
  for (let round = 0; round < ROUNDS; round += 1) {
    const raws = await Promise.all(Array.from({ length: MAILS_PER_ROUND }, () => mail()));
    const arrivedAt = new Date(1_353_459_600_000 + round * 60_000);
    for (const raw of raws) await dovecot.append(user, raw, arrivedAt);
    if (round === ROUNDS / 2) await dovecot.rotateUidValidity(user);
    const reader = startReader();
    // Some are killed while they connect, most in the middle of a pass, some after it.
    if (random.next() < 0.8) await vi.waitUntil(readerIsAtWork, { timeout: 30_000, interval: 5 });
    await systemClock.sleep(random.below(150));
    reader.kill("SIGKILL");
    await once(reader, "exit");
  }
  const last = startReader();
  const total = ROUNDS * MAILS_PER_ROUND;
  await vi.waitUntil(async () => (await countOf("message")) >= total, { timeout: 60_000, interval: 100 });
  const { host, imapPort: port, password } = dovecot;
  const settings = { host, port, password, user, secure: false, folder: "INBOX", maxBytes: 60_000_000 };
  const mailbox = await openImap(settings, systemClock, silentLogger);
  await vi.waitUntil(async () => (await reconcile(mailbox, database.db)).missing.length === 0, {
    timeout: 60_000,
  });
  last.kill("SIGKILL");
  await mailbox.close();

  expect(await countOf("message")).toBe(total);
  const jobs = await sql<{ id: number }>`
    select jsonb_array_elements_text(data -> 'messages')::int as id from jobs.job where name = 'handle'`.execute(
    database.db,
  );
  const ids = jobs.rows.map((job) => job.id);
  expect(ids).toHaveLength(total);
  expect(new Set(ids).size).toBe(total);
  expect(new Set(await dovecot.flags(user))).toEqual(new Set([""]));
});

/** Whether a reader is at work: it has a connection to the database beyond our own. */
async function readerIsAtWork(): Promise<boolean> {
  const { rows } = await sql<{ readers: number }>`
    select count(*)::int as readers from pg_stat_activity
    where datname = current_database() and application_name = 'jinbox' and query like '%mail_record%'
      and pid <> pg_backend_pid()`.execute(database.db);
  return (rows[0]?.readers ?? 0) > 0;
}

async function countOf(table: "message" | "mail_record"): Promise<number> {
  const row = await database.db
    .selectFrom(table)
    .select((of) => of.fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return row.count;
}
