// The commands as a person runs them: their words, and the exit code a script relies on.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadCampaign } from "../../src/campaign/load.ts";
import { systemClock } from "../../src/clock.ts";
import { openImap } from "../../src/intake/imap.ts";
import { takeIn } from "../../src/intake/intake.ts";
import { silentLogger } from "../../src/log.ts";
import { emptyDatabase, type TestDatabase } from "../support/database.ts";
import { type Dovecot, startDovecot } from "../support/dovecot.ts";
import { mail } from "../support/mails.ts";

const user = "ideas@culture.example";
const program = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
let dovecot: Dovecot;
let database: TestDatabase;
let folder: string;
let config: string;

beforeAll(async () => {
  dovecot = await startDovecot({ users: [user] });
  database = await emptyDatabase();
  folder = await mkdtemp(join(tmpdir(), "jinbox-reconcile-"));
  config = await sampleFor(dovecot.imapPort);
});
afterAll(async () => {
  await dovecot.stop();
  await database.drop();
  await rm(folder, { recursive: true });
});

/** The sample campaign, its mailbox moved to the server of this test. */
async function sampleFor(port: number): Promise<string> {
  const sample = fileURLToPath(new URL("../../config/campaign.yaml", import.meta.url));
  const text = (await readFile(sample, "utf8"))
    .replace(
      /imap:\s*\{[^}]*\}/,
      `imap: { host: 127.0.0.1, port: ${port}, secure: false, user: ${user}, folder: INBOX }`,
    )
    .replace(/^(roster|announcement):.*$/gm, "");
  const file = join(folder, `campaign-${port}.yaml`);
  await writeFile(file, text);
  return file;
}

interface Run {
  code: number;
  stdout: string;
  stderr: string;
}

function jinbox(...words: string[]): Promise<Run> {
  const env = {
    PATH: process.env.PATH,
    DATABASE_URL: database.url,
    JINBOX_IMAP_PASSWORD: dovecot.password,
    JINBOX_LOG: "warn",
  };
  return new Promise((done) => {
    execFile(process.execPath, [program, ...words], { env, timeout: 60_000 }, (error, stdout, stderr) => {
      done({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

test("migrate names what it applied, and has nothing to do the second time", async () => {
  const first = await jinbox("migrate");
  expect(first).toMatchObject({ code: 0 });
  expect(first.stdout).toContain("0001-messages");
  expect(await jinbox("migrate")).toMatchObject({ code: 0, stdout: "" });
});

test("reconcile exits 1 and names the mails without a record, and 0 once they have one", async () => {
  await dovecot.deliver(user, await mail(), await mail());
  const before = await jinbox("reconcile", "--config", config);
  expect(before.code).toBe(1);
  expect(before.stdout).toMatch(/missing +2/);
  expect(before.stdout).toContain("uid 2");

  const { campaign } = loadCampaign(config);
  const settings = {
    host: dovecot.host,
    port: dovecot.imapPort,
    secure: false,
    user,
    password: dovecot.password,
  };
  const mailbox = await openImap(
    { ...settings, folder: "INBOX", maxBytes: 1_000_000 },
    systemClock,
    silentLogger,
  );
  await takeIn(mailbox, {
    db: database.db,
    campaign,
    clock: systemClock,
    log: silentLogger,
    enqueue: async () => {},
  });
  await mailbox.close();

  const after = await jinbox("reconcile", "--config", config, "--json");
  expect(after.code).toBe(0);
  expect(JSON.parse(after.stdout)).toEqual({
    mailbox: `imap://${user}@127.0.0.1/INBOX`,
    onServer: 2,
    missing: [],
  });
});

test("reconcile says in both languages why the mailbox cannot be read", async () => {
  const elsewhere = await sampleFor(1);
  const run = await jinbox("reconcile", "--config", elsewhere);
  expect(run.code).toBe(1);
  expect(run.stderr).toContain("连不上");
  expect(run.stderr).toContain("cannot be reached");
});
