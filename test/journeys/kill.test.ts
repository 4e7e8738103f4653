// Kill -9 of `jinbox run` at ten random moments while 300 mails come in: nothing lost, nothing filed twice, nothing
// unanswered, and the books of mailbox and ledger agree. The seed is printed; JINBOX_SEED replays it.
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { captureTransport } from "../../src/notice/transport.ts";
import { type Dovecot, startDovecot } from "../support/dovecot.ts";
import { endAllProcesses, type Jinbox, startJinbox } from "../support/jinbox.ts";
import { mail } from "../support/mails.ts";
import { openOffice, type TestOffice } from "../support/office.ts";
import { seeded } from "../support/random.ts";
import { type SmtpSink, startSmtp } from "../support/smtp.ts";
import { until } from "../support/until.ts";

const MAILS = 300;
const KILLS = 10;
let dovecot: Dovecot;
let sink: SmtpSink;
let office: TestOffice;

beforeAll(async () => {
  dovecot = await startDovecot({ users: ["ideas"] });
  sink = await startSmtp();
  office = await openOffice({
    transport: captureTransport(() => undefined),
    imapPort: dovecot.imapPort,
    smtpPort: sink.port,
  });
});

afterAll(async () => {
  await endAllProcesses();
  await office?.end();
  await sink?.stop();
  await dovecot?.stop();
});

function start(...args: string[]): Jinbox {
  return startJinbox([...args, "--config", office.configFile], {
    DATABASE_URL: office.database.url,
    JINBOX_IMAP_PASSWORD: dovecot.password,
    JINBOX_DATA: office.folder,
  });
}

async function number(query: string): Promise<number> {
  const { rows } = await office.database.pool.query(query);
  return Number(rows[0].n);
}

test("ten kills during 300 mails lose nothing and repeat nothing", { timeout: 300_000 }, async () => {
  const seed = Number(process.env.JINBOX_SEED ?? Math.floor(Math.random() * 2 ** 31));
  console.info(`seed ${seed}`);
  const random = seeded(seed);
  const mails = await Promise.all(
    Array.from({ length: MAILS }, (_, index) =>
      mail({
        from: `职工${index} <staff${index}@lib.culture.example>`,
        subject: `金点子：第${index}号建议`,
        text: `我是市图书馆职工${index}。建议在第${index}号阅览室增设一处自助借还点。\n\n市图书馆 职工${index}`,
      }),
    ),
  );
  const perRun = Math.ceil(MAILS / KILLS);
  for (let kill = 0; kill < KILLS; kill += 1) {
    const handledBefore = await number("select count(*) n from message where state <> 'received'");
    const child = start("run", "--roles", "intake,worker,sender");
    await dovecot.deliver("ideas", ...mails.slice(kill * perRun, (kill + 1) * perRun));
    // A moment between the first thing done in this run and the last: that is where it hurts.
    await until(
      "some work",
      async () => (await number("select count(*) n from message")) > handledBefore,
      60_000,
    );
    await systemClock.sleep(random.below(250));
    child.signal("SIGKILL");
    await child.ended;
  }
  const last = start("run", "--roles", "intake,worker,sender,scheduler");
  await until(
    "every mail answered",
    async () =>
      (await number(
        "select count(*) n from notice where kind = 'acknowledgement' and state in ('accepted', 'ambiguous')",
      )) >= MAILS,
    180_000,
  );
  last.signal("SIGTERM");
  expect(await last.ended).toBe(0);

  expect(await number("select count(*) n from message")).toBe(MAILS);
  expect(await number("select count(*) n from message where state = 'filed'")).toBe(MAILS);
  expect(await number("select count(*) n from submission")).toBe(MAILS);
  expect(await number("select count(distinct message_id) n from submission")).toBe(MAILS);
  // Gapless: what a kill rolled back gave its numbers back.
  expect(await number("select last n from reference_counter")).toBe(MAILS);
  expect(await number("select count(*) n from notice where kind = 'acknowledgement'")).toBe(MAILS);
  // Each mail left once, except where a kill fell between the final dot and its record: those are known as ambiguous.
  const ambiguous = await number("select count(*) n from notice where state = 'ambiguous'");
  const ids = sink.mails.map(({ messageId }) => messageId);
  expect(new Set(ids).size).toBeGreaterThanOrEqual(MAILS - ambiguous);
  expect(ids.length - new Set(ids).size).toBeLessThanOrEqual(ambiguous);
  expect(await start("reconcile").ended).toBe(0);
});
