// PostgreSQL killed at once, again and again, while mail comes in and answers go out: it goes on by itself, and nothing is lost.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stopwatch, systemClock } from "../../src/clock.ts";
import { silentLogger } from "../../src/log.ts";
import { type EmbeddedServer, startEmbedded } from "../../src/store/embedded.ts";
import { writeCampaign } from "../support/campaign.ts";
import { type Dovecot, startDovecot } from "../support/dovecot.ts";
import { endAllProcesses, startJinbox } from "../support/jinbox.ts";
import { mail } from "../support/mails.ts";
import { type SmtpSink, startSmtp } from "../support/smtp.ts";
import { until } from "../support/until.ts";

/** `npm run torture:wire` asks for 20. */
const KILLS = Number(process.env.JINBOX_KILLS ?? 3);
/** The goal is half a minute; where the whole suite runs beside it, the machine decides. */
const RECOVERED_WITHIN_S = process.env.JINBOX_KILLS ? 30 : 60;
const MAILS_A_KILL = 10;
let dovecot: Dovecot;
let sink: SmtpSink;
let server: EmbeddedServer;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "jinbox-killed-"));
  [dovecot, sink] = await Promise.all([startDovecot({ users: ["ideas"] }), startSmtp()]);
  server = await startEmbedded(join(folder, "data"), silentLogger);
});
afterAll(async () => {
  await endAllProcesses();
  await server?.stop();
  await Promise.all([sink?.stop(), dovecot?.stop()]);
  await rm(folder, { recursive: true, force: true });
});

/** Each question by a connection of its own: whatever was open is gone. */
async function number(query: string): Promise<number> {
  const client = new pg.Client(server.url);
  client.on("error", () => undefined);
  try {
    await client.connect();
    return Number((await client.query(query)).rows[0].n);
  } catch {
    return Number.NaN;
  } finally {
    await client.end().catch(() => undefined);
  }
}

const recorded = () => number("select count(*) n from message");
const idea = (at: number) =>
  mail({
    from: `职工${at} <staff${at}@lib.culture.example>`,
    subject: `金点子：第${at}号建议`,
    text: `我是市图书馆职工${at}。建议在第${at}号阅览室增设一处自助借还点。\n\n市图书馆 职工${at}`,
  });

test("PostgreSQL killed at once under load: recovered each time, nothing lost, nothing twice", {
  timeout: 60_000 + KILLS * 60_000,
}, async () => {
  const configFile = await writeCampaign(folder, {
    ...{ imapPort: dovecot.imapPort, imapUser: "ideas", smtpPort: sink.port, timeless: true },
  });
  const run = startJinbox(["run", "--roles", "intake,worker,sender,scheduler", "--config", configFile], {
    DATABASE_URL: server.url,
    JINBOX_IMAP_PASSWORD: dovecot.password,
    JINBOX_DATA: folder,
  });
  await run.logs("reading the mailbox", 60_000);
  let delivered = 0;
  const recoveries: number[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    const raws = await Promise.all(Array.from({ length: MAILS_A_KILL }, (_, at) => idea(delivered + at)));
    const before = delivered;
    await dovecot.deliver("ideas", ...raws);
    delivered += raws.length;
    // In the middle of the work on them: some are recorded, few are filed and answered.
    await until("some are recorded", async () => (await recorded()) > before, 60_000);
    const lock = await readFile(join(folder, "data/postgres/postmaster.pid"), "utf8");
    process.kill(Number(lock.split("\n")[0]), "SIGQUIT");
    const elapsed = stopwatch();
    await dovecot.deliver("ideas", await idea(delivered));
    delivered += 1;
    await until("what came after the kill is recorded", async () => (await recorded()) === delivered, 60_000);
    recoveries.push(elapsed() / 1_000);
    // A server that has just begun again is killed sometimes, one long at work at others.
    await systemClock.sleep(kill % 2 === 0 ? 0 : 1_500);
  }
  const settled = "select count(*) n from notice where state in ('accepted', 'ambiguous')";
  await until("every mail answered", async () => (await number(settled)) >= delivered, 180_000);
  run.signal("SIGTERM");
  expect(await run.ended).toBe(0);
  const worst = Math.max(...recoveries);
  process.stderr.write(
    `${JSON.stringify({ kills: KILLS, mails: delivered, worstRecoverySeconds: worst })}\n`,
  );

  expect(worst).toBeLessThan(RECOVERED_WITHIN_S);
  expect(await number("select count(*) n from message where state = 'filed'")).toBe(delivered);
  expect(await number("select count(*) n from submission")).toBe(delivered);
  expect(await number("select count(*) n from notice")).toBe(delivered);
  const ambiguous = await number("select count(*) n from notice where state = 'ambiguous'");
  const ids = sink.mails.map(({ messageId }) => messageId);
  expect(new Set(ids).size).toBeGreaterThanOrEqual(delivered - ambiguous);
  expect(ids.length - new Set(ids).size).toBeLessThanOrEqual(ambiguous);
});
