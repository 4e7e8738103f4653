// `jinbox run` as an operator runs it: a process of its own between a real mailbox, a real database and a real server.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ImapFlow } from "imapflow";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { captureTransport } from "../../src/notice/transport.ts";
import { type Dovecot, startDovecot } from "../support/dovecot.ts";
import { endAllProcesses, type Jinbox, startJinbox } from "../support/jinbox.ts";
import { mail } from "../support/mails.ts";
import { openOffice, type TestOffice } from "../support/office.ts";
import { type SmtpSink, startSmtp } from "../support/smtp.ts";
import { until } from "../support/until.ts";

/** A mailbox for each office, so that none sees the mails of another. */
const users = Array.from({ length: 12 }, (_, at) => `ideas${at + 1}`);
let dovecot: Dovecot;
let sink: SmtpSink;
let office: TestOffice;
let user = "";

beforeAll(async () => {
  [dovecot, sink] = await Promise.all([startDovecot({ users }), startSmtp()]);
});

beforeEach(() => openFor({}));

async function openFor(parts: { answerFrom?: string | null }): Promise<void> {
  user = users.shift() ?? "";
  office = await openOffice({
    transport: captureTransport(() => undefined),
    imapPort: dovecot.imapPort,
    imapUser: user,
    smtpPort: sink.port,
    ...parts,
  });
  sink.mails.length = 0;
}

afterEach(async () => {
  await endAllProcesses();
  await office?.end();
});

afterAll(async () => {
  await endAllProcesses();
  await sink?.stop();
  await dovecot?.stop();
});

function jinbox(args: string[], env: Record<string, string> = {}): Jinbox {
  return startJinbox([...args, "--config", office.configFile], {
    DATABASE_URL: office.database.url,
    JINBOX_IMAP_PASSWORD: dovecot.password,
    JINBOX_DATA: join(office.folder, "data"),
    JINBOX_PORT: "0",
    ...env,
  });
}

/** Started, connected to the mailbox and waiting. */
async function running(...args: string[]): Promise<Jinbox> {
  const run = jinbox(["run", ...args]);
  await run.logs("reading the mailbox");
  return run;
}

async function stop(...runs: Jinbox[]): Promise<void> {
  for (const run of runs) run.signal("SIGTERM");
  const startedAt = performance.now();
  for (const run of runs) expect(await run.ended).toBe(0);
  expect(performance.now() - startedAt).toBeLessThan(10_000);
}

const staff = (at: number) =>
  mail({
    from: `职工${at} <staff${at}@lib.culture.example>`,
    subject: `金点子：第${at}号建议`,
    text: `我是市图书馆职工${at}。建议在第${at}号阅览室增设一处自助借还点。`,
  });
const mails = (from: number, to: number) =>
  Promise.all(Array.from({ length: to - from + 1 }, (_, at) => staff(from + at)));

/** Who was answered, each as often as they were. */
const answered = () =>
  sink.mails
    .flatMap(({ to }) => to)
    .filter((to) => to.startsWith("staff"))
    .sort((a, b) => Number(/\d+/.exec(a)) - Number(/\d+/.exec(b)));
const staffFrom = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => `staff${from + at}@lib.culture.example`);

async function count(query: string): Promise<number> {
  const { rows } = await office.database.pool.query(`select count(*)::integer as n from ${query}`);
  return rows[0].n;
}

const filed = () => count("message where state = 'filed'");

test("a mail is answered within five seconds; SIGTERM ends cleanly, and a restart goes on where it was", async () => {
  const first = await running();
  // A first mail warms up the reading child; the second is measured.
  await dovecot.deliver(user, await staff(1));
  await until("the first answer", () => answered().length === 1);
  const deliveredAt = performance.now();
  await dovecot.deliver(user, await staff(2));
  await until("the second answer", () => answered().length === 2, 5_000);
  expect(performance.now() - deliveredAt).toBeLessThan(5_000);
  await stop(first);

  await dovecot.deliver(user, await staff(3));
  const second = await running();
  await dovecot.deliver(user, await staff(4));
  await until("the answers after the restart", () => answered().length >= 4);
  await stop(second);
  expect(answered()).toEqual(staffFrom(1, 4));
  expect(await filed()).toBe(4);
});

test("mail from before going live is filed and answered only when the office says so", async () => {
  await office.end();
  await openFor({ answerFrom: null });
  const lastMonth = new Date(Date.now() - 30 * 86_400_000);
  for (const raw of await mails(1, 5)) await dovecot.append(user, raw, lastMonth);
  const run = await running();
  await until("all filed", async () => (await filed()) === 5);
  await dovecot.deliver(user, await staff(6));
  await until("the new one answered", () => answered().length > 0);
  expect(answered()).toEqual(staffFrom(6, 6));

  const counted = jinbox(["backlog"]);
  expect(await counted.ended).toBe(0);
  expect(counted.stdout()).toContain("5 封回执在等办公室决定");
  const released = jinbox(["backlog", "--answer"]);
  expect(await released.ended).toBe(0);
  expect(released.stdout()).toContain("5 封回执将由 jinbox run 发出");
  await stop(run);
  const poll = jinbox(["poll", "--once"]);
  expect(await poll.ended).toBe(0);
  expect(answered()).toEqual(staffFrom(1, 6));
  const none = jinbox(["backlog"]);
  expect(await none.ended).toBe(0);
  expect(none.stdout()).toContain("0 封回执在等办公室决定");
});

test("the office may decide that mail from before going live needs no answer", async () => {
  await office.end();
  await openFor({ answerFrom: null });
  for (const raw of await mails(1, 2)) await dovecot.append(user, raw, new Date(Date.now() - 86_400_000));
  expect(await jinbox(["poll", "--once"]).ended).toBe(0);
  const dismissed = jinbox(["backlog", "--dismiss"]);
  expect(await dismissed.ended).toBe(0);
  expect(dismissed.stdout()).toContain("2 封回执不再发出");
  expect(await jinbox(["poll", "--once"]).ended).toBe(0);
  expect(answered()).toEqual([]);
});

test("a person who reads the mailbox elsewhere changes nothing, and leaves nothing unread by us", async () => {
  await dovecot.deliver(user, ...(await mails(1, 5)));
  await markAllSeen();
  const run = await running();
  await until("five answers", () => answered().length >= 5);
  await dovecot.deliver(user, ...(await mails(6, 10)));
  await markAllSeen();
  await until("ten answers", () => answered().length >= 10);
  // What we took in was flagged by the person alone.
  await dovecot.deliver(user, await staff(11));
  await until("eleven answers", () => answered().length >= 11);
  expect((await dovecot.flags(user)).filter((flags) => !flags.includes("S"))).toHaveLength(1);
  await stop(run);
  expect(answered()).toEqual(staffFrom(1, 11));
  expect(await filed()).toBe(11);
});

async function markAllSeen(): Promise<void> {
  const auth = { user, pass: dovecot.password };
  const client = new ImapFlow({
    host: "127.0.0.1",
    port: dovecot.imapPort,
    secure: false,
    auth,
    logger: false,
  });
  await client.connect();
  await client.mailboxOpen("INBOX");
  await client.messageFlagsAdd("1:*", ["\\Seen"]);
  await client.logout();
}

test("reconcile finds every mail recorded, and notices one whose record is gone", async () => {
  await dovecot.deliver(user, ...(await mails(1, 3)));
  expect(await jinbox(["poll", "--once"]).ended).toBe(0);
  const whole = jinbox(["reconcile"]);
  expect(await whole.ended).toBe(0);
  expect(whole.stdout()).toMatch(/缺记录 \/ missing\s+0/);
  await office.database.pool.query("delete from mail_record where uid = 2");
  const lacking = jinbox(["reconcile", "--json"]);
  expect(await lacking.ended).toBe(1);
  expect(JSON.parse(lacking.stdout())).toMatchObject({ onServer: 3, missing: [{ uid: 2 }] });
});

test("two services on one mailbox and one database file and answer every mail once", async () => {
  const runs = await Promise.all([running(), running()]);
  const all = await mails(1, 60);
  for (let from = 0; from < all.length; from += 20) {
    await dovecot.deliver(user, ...all.slice(from, from + 20));
    await until("these answered", () => answered().length >= from + 20);
  }
  await stop(...runs);
  expect(answered()).toEqual(staffFrom(1, 60));
  expect(await filed()).toBe(60);
  expect(await count("submission")).toBe(60);
});

test("the roles of one service may be split over two processes", async () => {
  const [reading, working] = [
    jinbox(["run", "--roles", "intake,scheduler"]),
    jinbox(["run", "--roles", "worker,sender"]),
  ];
  await Promise.all([reading.logs("reading the mailbox"), working.logs('"msg":"ready"')]);
  await dovecot.deliver(user, ...(await mails(1, 10)));
  await until("all answered", () => answered().length >= 10);
  expect(reading.stderr()).not.toContain('"msg":"handled"');
  expect(working.stderr()).not.toContain("took in mail");
  await stop(reading, working);
  expect(answered()).toEqual(staffFrom(1, 10));
});

test("without DATABASE_URL the service brings its own database, and leaves no process of it behind", async () => {
  const data = join(office.folder, "data");
  const run = jinbox(["run"], { DATABASE_URL: "", JINBOX_DATA: data });
  await run.logs("reading the mailbox", 60_000);
  expect(await postgresProcesses(data)).not.toEqual([]);
  await dovecot.deliver(user, await staff(1));
  await until("an answer", () => answered().length === 1);
  await stop(run);
  expect(answered()).toEqual(staffFrom(1, 1));
  expect(await postgresProcesses(data)).toEqual([]);
});

/** Process ids of database servers whose files are below this folder, from the system's own list. */
async function postgresProcesses(folder: string): Promise<number[]> {
  const found: number[] = [];
  for (const name of (await readdir("/proc")).filter((one) => /^\d+$/.test(one))) {
    const command = await readFile(`/proc/${name}/cmdline`, "latin1").catch(() => "");
    if (command.includes("postgres") && command.includes(folder)) found.push(Number(name));
  }
  return found;
}
