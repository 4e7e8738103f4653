// Reading a real IMAP server: complete, fast, without a trace, and never stuck.
import { createServer, type Server, type Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { ImapFlow } from "imapflow";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { stopwatch, systemClock } from "../../src/clock.ts";
import { type ImapSettings, openImap } from "../../src/intake/imap.ts";
import type { Mailbox } from "../../src/intake/mailbox.ts";
import { type MailboxUnavailable, pauseAfter } from "../../src/intake/unavailable.ts";
import { silentLogger } from "../../src/log.ts";
import { type Dovecot, freePort, startDovecot } from "../support/dovecot.ts";
import { mail } from "../support/mails.ts";

const users = ["plain", "idle", "announced", "seen", "large", "many", "rotate"].map(
  (name) => `${name}@culture.example`,
);
let dovecot: Dovecot;
const open: Mailbox[] = [];
const proxies: Server[] = [];

beforeAll(async () => {
  dovecot = await startDovecot({ users });
});
afterEach(async () => {
  for (const mailbox of open.splice(0)) await mailbox.close();
  for (const proxy of proxies.splice(0)) proxy.close();
});
afterAll(() => dovecot.stop());

function settings(user: string, changes: Partial<ImapSettings> = {}): ImapSettings {
  const { host, imapPort: port, password } = dovecot;
  const plain = { host, port, password, secure: false, folder: "INBOX", maxBytes: 60_000_000 };
  return { ...plain, user: `${user}@culture.example`, ...changes };
}

async function connect(user: string, changes: Partial<ImapSettings> = {}) {
  const mailbox = await openImap(settings(user, changes), systemClock, silentLogger);
  open.push(mailbox);
  return mailbox;
}

async function fetchAll(mailbox: Mailbox, uids: number[]): Promise<Buffer[]> {
  const raws: Buffer[] = [];
  for await (const { raw } of mailbox.fetch(uids)) raws.push(Buffer.isBuffer(raw) ? raw : await buffer(raw));
  return raws;
}

async function failure(promise: Promise<unknown>): Promise<MailboxUnavailable> {
  return promise.then(
    () => {
      throw new Error("it did not fail");
    },
    (error) => error,
  );
}

test("mails are listed with size and arrival, and come back byte for byte, without being marked as read", async () => {
  const mailbox = await connect("plain");
  expect(await mailbox.listAll()).toEqual([]);
  const arrivedAt = new Date("2012-11-21T01:02:03Z");
  const raw = await mail();
  await dovecot.append("plain@culture.example", raw, arrivedAt);
  const [listed, ...others] = await mailbox.list(0);
  expect(others).toEqual([]);
  expect(listed).toEqual({ uid: 1, bytes: raw.length, arrivedAt });
  expect((await fetchAll(mailbox, [1]))[0]?.equals(raw)).toBe(true);
  expect((await mailbox.fetchHead(1))?.subarray(0, 100).equals(raw.subarray(0, 100))).toBe(true);
  expect(await dovecot.flags("plain@culture.example")).toEqual([""]);
  // A server answers "2:*" with the last mail although its uid is 1.
  expect(await mailbox.list(1)).toEqual([]);
  expect(await fetchAll(mailbox, [1, 99])).toHaveLength(1);
});

test("somebody marking everything as read elsewhere changes nothing", async () => {
  await dovecot.deliver("seen@culture.example", await mail(), await mail());
  const human = new ImapFlow({
    ...settings("seen"),
    auth: { user: "seen@culture.example", pass: dovecot.password },
    logger: false,
  });
  await human.connect();
  await human.mailboxOpen("INBOX");
  await human.messageFlagsAdd("1:*", ["\\Seen"]);
  const mailbox = await connect("seen");
  expect((await mailbox.list(0)).map((one) => one.uid)).toEqual([1, 2]);
  await human.logout();
});

test("new mail is announced within two seconds, and without any the wait ends at its limit", async () => {
  const mailbox = await connect("idle");
  await mailbox.list(0);
  const elapsed = stopwatch();
  const news = mailbox.waitForNews(30_000);
  await systemClock.sleep(200);
  await dovecot.deliver("idle@culture.example", await mail());
  await news;
  expect(elapsed()).toBeLessThan(2_200);
  expect(await mailbox.list(0)).toHaveLength(1);
  await mailbox.waitForNews(100);
  expect(await mailbox.list(1)).toEqual([]);
  const abort = new AbortController();
  const waiting = mailbox.waitForNews(30_000, abort.signal);
  abort.abort();
  await waiting;
});

test("mail announced while nobody waits ends the next wait at once", async () => {
  const mailbox = await connect("announced");
  await dovecot.deliver("announced@culture.example", await mail({ text: "第一封" }));
  const [first] = await mailbox.listAll();
  await dovecot.deliver("announced@culture.example", await mail({ text: "第二封" }));
  // The server tells of the second mail in its answer to this, and not again when it is asked to wait.
  expect(await fetchAll(mailbox, [first?.uid ?? 0])).toHaveLength(1);
  const announced = mailbox.waitForNews(60_000).then(() => "news");
  expect(await Promise.race([announced, systemClock.sleep(10_000).then(() => "none")])).toBe("news");
  expect(await mailbox.listAll()).toHaveLength(2);
});

test("a large mail is streamed exactly, in little memory, and the next one follows", async () => {
  const attachment = Buffer.alloc(20_000_000, "中文附件内容 0123456789");
  const large = await mail({ attachments: [{ filename: "总结.doc", content: attachment }] });
  const small = await mail();
  await dovecot.append("large@culture.example", large, new Date("2012-11-21T01:00:00Z"));
  await dovecot.append("large@culture.example", small, new Date("2012-11-21T01:00:01Z"));
  const mailbox = await connect("large");
  const uids = (await mailbox.listAll()).map((one) => one.uid);
  const [first, second] = await fetchAll(mailbox, uids);
  expect(first?.equals(large)).toBe(true);
  expect(second?.equals(small)).toBe(true);
  // A reader that gives up half way does not block what follows.
  for await (const fetched of mailbox.fetch(uids)) if (!Buffer.isBuffer(fetched.raw)) fetched.raw.resume();
  expect((await mailbox.list(0)).length).toBe(2);
});

test("two thousand small mails are read at more than 5,000 a second", async () => {
  const raws = await Promise.all(Array.from({ length: 2_000 }, () => mail({ text: "建议。".repeat(180) })));
  for (const [index, raw] of raws.entries()) {
    await dovecot.append("many@culture.example", raw, new Date(1_353_459_600_000 + index * 1_000));
  }
  const mailbox = await connect("many");
  const listed = await mailbox.listAll();
  await fetchAll(
    mailbox,
    listed.map((one) => one.uid),
  );
  const elapsed = stopwatch();
  const fetched = await fetchAll(
    mailbox,
    listed.map((one) => one.uid),
  );
  const perSecond = (fetched.length / elapsed()) * 1_000;
  process.stderr.write(`${Math.round(perSecond)} mails/s of ${raws[0]?.length} bytes\n`);
  expect(new Set(fetched.map((raw) => raw.toString("latin1")))).toEqual(
    new Set(raws.map((raw) => raw.toString("latin1"))),
  );
  // Half of what is asked for: the machine may be busy with other things.
  expect(perSecond).toBeGreaterThan(2_500);
});

test.each([
  ["a wrong password", { password: "wrong" }, "authentication"],
  ["a folder that is not there", { folder: "Archive/2011" }, "folder-missing"],
  ["a port nobody listens on", { port: 1 }, "network"],
])("%s is named for what it is", async (_what, changes, kind) => {
  const error = await failure(connect("plain", changes));
  expect(error.kind).toBe(kind);
  expect(error.hint.zh).not.toBe("");
  expect(error.hint.en).not.toBe("");
});

test("a server that calls the login unsafe is named for it, and identification was sent before SELECT", async () => {
  const seen: string[] = [];
  const port = await scriptedServer((line, say) => {
    const [tag = "", command = ""] = line.split(" ");
    seen.push(command.toUpperCase());
    if (command === "CAPABILITY") say("* CAPABILITY IMAP4rev1 ID");
    if (command === "ID") say("* ID NIL");
    if (command === "LIST") say('* LIST () "/" INBOX');
    if (command === "SELECT" || command === "EXAMINE")
      return say(`${tag} NO ${command} Unsafe Login. Please contact us`);
    say(`${tag} OK done`);
  });
  const error = await failure(connect("plain", { host: "127.0.0.1", port }));
  expect(error.kind).toBe("unsafe-login");
  expect(seen.indexOf("ID")).toBeGreaterThanOrEqual(0);
  expect(seen.indexOf("ID")).toBeLessThan(
    seen.findIndex((command) => command === "EXAMINE" || command === "SELECT"),
  );
});

test("a changed UIDVALIDITY shows at the next listing", async () => {
  await dovecot.deliver("rotate@culture.example", await mail(), await mail());
  const before = await connect("rotate");
  await before.listAll();
  const validity = before.uidValidity;
  await before.close();
  await dovecot.rotateUidValidity("rotate@culture.example");
  const after = await connect("rotate");
  expect((await after.listAll()).map((one) => one.uid)).toEqual([1, 2]);
  expect(after.uidValidity).not.toBe(validity);
});

test("waiting grows with failures: a refused login is tried at most four times an hour from the third on", () => {
  for (const random of [0, 0.5, 0.999]) {
    expect(pauseAfter("authentication", 3, random)).toBeGreaterThanOrEqual(15 * 60_000);
    expect(pauseAfter("network", 1, random)).toBeLessThanOrEqual(2_000);
    expect(pauseAfter("network", 50, random)).toBeLessThanOrEqual(60_000);
    expect(pauseAfter("network", 50, random)).toBeGreaterThanOrEqual(30_000);
  }
});

/** An IMAP server that says what it is told to. */
async function scriptedServer(answer: (line: string, say: (line: string) => void) => void): Promise<number> {
  return listening((socket) => {
    const say = (line: string): boolean => socket.write(`${line}\r\n`);
    say("* OK [CAPABILITY IMAP4rev1 ID] ready");
    let rest = "";
    socket.on("data", (data) => {
      const lines = (rest + data.toString("latin1")).split("\r\n");
      rest = lines.pop() ?? "";
      for (const line of lines) answer(line, say);
    });
  });
}

async function listening(serve: (socket: Socket) => void): Promise<number> {
  const port = await freePort();
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    serve(socket);
  });
  proxies.push(server);
  await new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
  return port;
}
