// Reliability §2, rows 1 to 6: whatever breaks between the mail server and the record, each mail is there once.
import { buffer } from "node:stream/consumers";
import { ImapFlow } from "imapflow";
import { describe, expect, test } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { MailboxUnavailable } from "../../src/intake/unavailable.ts";
import { silentLogger } from "../../src/log.ts";
import { intakeRole } from "../../src/service/intake-role.ts";
import { handleAll, sendPass } from "../../src/service/passes.ts";
import { until } from "../support/until.ts";
import type { Fault } from "../support/wire.ts";
import { eachOnce, impatient, world } from "./world.ts";

const it = world();
/** What stands in a flag on the server once a mail is recorded: where that fails, nothing must stand there. */
const flag = "\\Flagged";

/** One pass that breaks where it is told to, and the next one, which finds what is left to do. */
async function afterThat(): Promise<void> {
  await it.pass();
  expect(await it.books()).toEqual(eachOnce(3));
}

/** The words of each step, as the client says them. */
const steps = {
  connect: /^\S+ /,
  login: /^\S+ (AUTHENTICATE|LOGIN)/m,
  identify: /^\S+ ID /m,
  select: /^\S+ EXAMINE/m,
  list: /UID FETCH 1:\*/,
};
const listing = /"uid" from "mail_record"/;
const storing = /insert into "message"/;
const committing = /commit\0/;

describe("row 1: connect, login, ID, SELECT", () => {
  test("row 1 K: killed while it opens the mailbox, it left nothing; the next start takes all in", async () => {
    await it.deliver(3);
    const struck = it.imap.strike({ said: steps.select, fault: () => poll.signal("SIGKILL") });
    const poll = await it.poll();
    await struck;
    expect(await poll.ended).toBe(null);
    await afterThat();
  });

  test.each<[string, RegExp]>([
    ["row 1 N: reset at the first word", steps.connect],
    ["row 1 N: reset at the login", steps.login],
    ["row 1 N: reset at ID", steps.identify],
    ["row 1 N: reset at SELECT", steps.select],
  ])("%s it is an error with a name, and the next connection goes on", async (_name, said) => {
    await it.deliver(3);
    void it.imap.strike({ said, fault: "reset" });
    await expect(it.takeIn()).rejects.toMatchObject({ kind: "network" });
    await afterThat();
  });

  test("row 1 N: the server is away for a while: asked again within a minute each time, and all is taken in", async () => {
    await it.deliver(3);
    it.imap.away();
    const pauses: number[] = [];
    const stop = new AbortController();
    const clock = {
      now: systemClock.now,
      sleep: (ms: number, signal?: AbortSignal) => {
        pauses.push(ms);
        if (pauses.length === 12) it.imap.restore();
        return systemClock.sleep(Math.min(ms, 5), signal);
      },
    };
    const jobs = { enqueue: async () => undefined } as never;
    const role = intakeRole({
      app: { ...it.app, clock },
      jobs,
      connect: () => it.openMailbox(),
      signal: stop.signal,
    });
    await until("the mails", async () => (await it.books()).messages === 3);
    stop.abort();
    await role;
    expect(Math.max(...pauses.slice(0, 12))).toBeLessThanOrEqual(60_000);
    await afterThat();
  });

  test.each<[string, RegExp]>([
    ["row 1 H: silent at the login", steps.login],
    ["row 1 H: silent at SELECT", steps.select],
  ])("%s it is given up in time, and the next connection goes on", async (_name, said) => {
    await it.deliver(3);
    void it.imap.strike({ said, fault: "silent" });
    await expect(it.takeIn({ limits: impatient })).rejects.toMatchObject({ kind: "timeout" });
    await afterThat();
  });

  test("row 1 H: a connection that dies while nothing happens is noticed by asking, with IDLE and without", async () => {
    for (const idle of [true, false]) {
      const mailbox = await it.openMailbox({ idle, limits: impatient });
      const struck = it.imap.strike({ said: /DONE|NOOP/, fault: "silent" });
      const waiting = mailbox.waitForNews(60_000);
      await expect(waiting).rejects.toBeInstanceOf(MailboxUnavailable);
      await struck;
      await mailbox.close();
    }
  });

  test("row 1 D: without its database intake stops before anything is marked, and goes on by itself", async () => {
    await it.deliver(3);
    it.store.away();
    await expect(it.takeIn({ flag })).rejects.toThrow();
    expect(new Set(await it.dovecot.flags(it.user))).toEqual(new Set([""]));
    it.store.restore();
    await afterThat();
  });

  test("row 1 F: a database without room stops intake before anything is marked", async () => {
    await it.deliver(3);
    await it.full(() => expect(it.takeIn({ flag })).rejects.toThrow("No space left"));
    expect(new Set(await it.dovecot.flags(it.user))).toEqual(new Set([""]));
    await afterThat();
  });

  test("row 1 other: a refused password is tried at most four times an hour, and its cause is named", async () => {
    const start = new Date("2026-11-23T02:00:00Z");
    const tries: { at: number; logins: number }[] = [];
    const said: string[] = [];
    const stop = new AbortController();
    let now = start.getTime();
    const log = { ...silentLogger, error: (facts: object) => said.push(JSON.stringify(facts)) };
    const clock = {
      now: () => new Date(now),
      sleep: async (ms: number) => {
        now += ms;
        if (now - start.getTime() > 2.5 * 3_600_000) stop.abort();
      },
    };
    const connect = () => {
      const before = it.imap.connections();
      const opened = it.openMailbox({ password: "of last year" });
      return opened.finally(() => tries.push({ at: now, logins: it.imap.connections() - before }));
    };
    await intakeRole({
      app: { ...it.app, clock, log: log as never },
      jobs: {} as never,
      connect,
      signal: stop.signal,
    });
    expect(tries.every(({ logins }) => logins === 1)).toBe(true);
    for (const { at } of tries.slice(2)) {
      expect(tries.filter((one) => one.at >= at && one.at < at + 3_600_000).length).toBeLessThanOrEqual(4);
    }
    expect(said[0]).toContain("授权码");
    expect(said[0]).toContain('"kind":"authentication"');
  });
});

describe("row 2: UID listing", () => {
  test("row 2 K: killed while it lists, it left nothing; the next start takes all in", async () => {
    await it.deliver(3);
    expect(await (await it.poll("listed")).ended).toBe(null);
    expect(await it.books()).toMatchObject({ messages: 0, records: 0 });
    await afterThat();
  });

  test.each<[string, Fault, string]>([
    ["row 2 N: reset while it lists", "reset", "network"],
    ["row 2 H: silent while it lists", "silent", "timeout"],
    ["row 2 H: dripping while it lists", "drip", "timeout"],
  ])("%s nothing is recorded, and the next pass lists anew", async (_name, fault, kind) => {
    await it.deliver(3);
    void it.imap.strike({ said: steps.list, fault });
    await expect(it.takeIn({ limits: impatient })).rejects.toMatchObject({ kind });
    expect(await it.books()).toMatchObject({ messages: 0, records: 0 });
    await afterThat();
  });

  test("row 2 D: the database goes away between the list and what of it is known", async () => {
    await it.deliver(3);
    void it.store.strike({ said: listing, fault: "reset" });
    await expect(it.takeIn()).rejects.toThrow();
    await afterThat();
  });

  test("row 2 F: a full database lets the list be read, and nothing of it is lost", async () => {
    await it.deliver(3);
    await it.full(() => expect(it.takeIn()).rejects.toThrow("No space left"));
    expect(await it.books()).toMatchObject({ messages: 0, records: 0 });
    await afterThat();
  });

  // `npm run torture:wire` asks for 10,000.
  const rotated = Number(process.env.JINBOX_ROTATED ?? 500);
  test(
    "row 2 other: UIDVALIDITY changed under 500 mails: all recorded again, none filed or answered again",
    {
      timeout: 60_000 + rotated * 60,
    },
    () => rotate(rotated),
  );
});

describe("row 3: FETCH in the middle of a literal", () => {
  test("row 3 K: killed in the middle of a mail, no part of one is recorded", async () => {
    await it.deliver(3);
    expect(await (await it.poll("mid-fetch")).ended).toBe(null);
    expect(await it.books()).toMatchObject({ messages: 0, records: 0 });
    await afterThat();
  });

  test.each<[string, Fault, string]>([
    ["row 3 N: cut in the middle of a mail", "cut", "network"],
    ["row 3 N: reset in the middle of a mail", "reset", "network"],
    ["row 3 H: silent in the middle of a mail", "silent", "timeout"],
    ["row 3 H: dripping in the middle of a mail", "drip", "timeout"],
  ])("%s its part is thrown away, and the next pass has all of it", async (_name, fault, kind) => {
    await it.deliver(3);
    void it.imap.strike({ heard: /BODY\[\]/, fault });
    await expect(it.takeIn({ limits: impatient })).rejects.toMatchObject({ kind });
    expect(await it.books()).toMatchObject({ messages: 0, records: 0 });
    await afterThat();
  });

  test.each<[string, Fault]>([
    ["row 3 N: reset in the middle of a streamed mail", "reset"],
    ["row 3 H: dripping in the middle of a streamed mail", "drip"],
  ])("%s nothing of it is kept, and it is streamed again", async (_name, fault) => {
    const large = Buffer.concat([
      Buffer.from("From: staff1@lib.culture.example\r\nSubject: large\r\n\r\n"),
      Buffer.alloc(3_500_000, "0123456789\r\n"),
    ]);
    await it.dovecot.append(it.user, large, new Date("2026-11-23T02:00:00Z"));
    const stored = async () => (await it.rows("select count(*)::int as n from blob_chunk"))[0];
    const before = await stored();
    void it.imap.strike({ heard: /BODY\[\]<1048576>/, fault });
    const limits = { socketTimeoutMs: 5_000, quietMs: 200, commandMs: 300, bytesPerSecond: 1_000_000 };
    await expect(it.takeIn({ maxBytes: 60_000_000, limits })).rejects.toBeInstanceOf(MailboxUnavailable);
    expect(await stored()).toEqual(before);
    await it.takeIn({ maxBytes: 60_000_000 });
    expect(await it.rows("select bytes from message")).toEqual([{ bytes: large.length }]);
  });

  test.each<[string, number, number]>([
    ["row 3 other: of a mail larger than announced", 100_000, 1_001],
    ["row 3 other: of a streamed mail larger than announced", 3_500_000, 1_048_576],
  ])("%s no more is received than the limit, and the next mail follows", async (_name, bytes, received) => {
    await it.dovecot.append(it.user, Buffer.alloc(bytes, "0123456789\r\n"), new Date("2026-11-23T02:00:00Z"));
    await it.deliver(1);
    const mailbox = await it.openMailbox({ maxBytes: 1_000 });
    const uids = (await mailbox.listAll()).map(({ uid }) => uid);
    const lengths: number[] = [];
    for await (const { raw } of mailbox.fetch(uids))
      lengths.push(Buffer.isBuffer(raw) ? raw.length : (await buffer(raw)).length);
    await mailbox.close();
    expect(lengths).toHaveLength(2);
    expect(Math.max(...lengths)).toBe(received);
  });

  test("row 3 D: the database goes away while a mail arrives", async () => {
    await it.deliver(3);
    void it.imap.strike({ heard: /BODY\[\]/, fault: () => it.store.away() });
    await expect(it.takeIn({ flag })).rejects.toThrow();
    it.store.restore();
    expect(new Set(await it.dovecot.flags(it.user))).toEqual(new Set([""]));
    await afterThat();
  });

  test("row 3 F: the database is full when a mail arrives", async () => {
    await it.deliver(3);
    await it.full(() => expect(it.takeIn({ flag })).rejects.toThrow("No space left"));
    expect(new Set(await it.dovecot.flags(it.user))).toEqual(new Set([""]));
    await afterThat();
  });
});

describe("row 4: raw bytes written, the record not committed", () => {
  test("row 4 K: killed before the commit, nothing is left of it", async () => {
    await it.deliver(3);
    expect(await (await it.poll("raw-written")).ended).toBe(null);
    expect(await it.books()).toMatchObject({ messages: 0, records: 0 });
    await afterThat();
  });

  test("row 4 D: the reply to COMMIT is lost: what is there is known by its key and not recorded again", async () => {
    await it.deliver(3);
    void it.store.strike({ said: storing, fault: () => undefined });
    const struck = it.store.strike({ said: committing, fault: "reset", arrives: true });
    await expect(it.takeIn({ flag })).rejects.toThrow();
    await struck;
    expect(await it.books()).toMatchObject({ messages: 3, records: 3 });
    expect(new Set(await it.dovecot.flags(it.user))).toEqual(new Set([""]));
    await afterThat();
  });

  test("row 4 F: the disk is full at the first byte: nothing is recorded, nothing marked", async () => {
    await it.deliver(3);
    await it.full(() => expect(it.takeIn({ flag })).rejects.toThrow("No space left"));
    expect(await it.books()).toMatchObject({ messages: 0, records: 0 });
    await afterThat();
  });

  test("row 4 2: two readers write the same mails at once: one of them wins each", async () => {
    await it.deliver(3);
    const taken = await Promise.all([it.takeIn(), it.takeIn()]);
    expect(taken[0].recorded + taken[1].recorded).toBe(3);
    await afterThat();
  });

  test("row 4 2: a process stopped with the mails in its hands finds them taken when it goes on", async () => {
    await it.deliver(3);
    const struck = it.imap.strike({ heard: /BODY\[\]/, fault: () => stopped.signal("SIGSTOP") });
    const stopped = await it.poll();
    await struck;
    await afterThat();
    stopped.signal("SIGCONT");
    expect(await stopped.ended).toBe(0);
    expect(await it.books()).toEqual(eachOnce(3));
  });

  test("row 4 2: a process stopped with its records half written makes the other wait, and has them alone", async () => {
    await it.deliver(3);
    const struck = it.store.strike({ said: storing, fault: () => stopped.signal("SIGSTOP") });
    const stopped = await it.poll();
    await struck;
    const other = it.pass();
    await until("the other waits", async () => {
      const waiting = await it.rows(
        "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      );
      return waiting.length > 0;
    });
    stopped.signal("SIGCONT");
    expect(await stopped.ended).toBe(0);
    await other;
    await afterThat();
  });
});

describe("row 5: recorded, the server not told", () => {
  test("row 5 K: killed after the commit, the next pass knows the uids and does nothing", async () => {
    await it.deliver(3);
    expect(await (await it.poll("recorded")).ended).toBe(null);
    expect(await it.books()).toMatchObject({ messages: 3, records: 3 });
    expect(await it.takeIn()).toMatchObject({ listed: 0, recorded: 0 });
    await afterThat();
  });

  test.each<[string, Fault]>([
    ["row 5 N: reset when it is to be flagged", "reset"],
    ["row 5 H: silent when it is to be flagged", "silent"],
  ])("%s the mail is recorded all the same", async (_name, fault) => {
    await it.deliver(3);
    const struck = it.imap.strike({ said: /UID STORE/, fault });
    expect(await it.takeIn({ flag, limits: impatient })).toMatchObject({ recorded: 3 });
    await struck;
    await afterThat();
  });

  test("row 5 other: a person deletes the mail on the server meanwhile: it is filed from what was kept", async () => {
    await it.deliver(3);
    await it.takeIn();
    await person(async (client) => {
      await client.messageDelete("1:*", { uid: true });
    });
    expect(await it.dovecot.flags(it.user)).toEqual([]);
    await handleAll(it.app);
    await sendPass(it.app);
    expect(await it.books()).toEqual(eachOnce(3));
  });
});

describe("row 6: a MOVE half done, by whoever moves: jinbox never does", () => {
  test.each<[string, (client: ImapFlow) => void]>([
    ["row 6 K: the mover dies between COPY and EXPUNGE", (client) => client.close()],
    ["row 6 N: its connection is reset between COPY and EXPUNGE", () => it.imap.away()],
    ["row 6 H: it never says EXPUNGE", () => undefined],
  ])("%s the copy is known by its bytes and files nothing", async (_name, ends) => {
    await it.deliver(3);
    await it.pass();
    await person(async (client) => {
      await client.messageCopy("1:*", "INBOX", { uid: true });
      ends(client);
    });
    it.imap.restore();
    expect(await it.takeIn()).toMatchObject({ listed: 3, recorded: 0, duplicates: 3 });
    await handleAll(it.app);
    await sendPass(it.app);
    expect(await it.books()).toEqual({ ...eachOnce(3), records: 6 });
  });
});

/** Takes in, files and answers; then every uid is another one. */
async function rotate(count: number): Promise<void> {
  for (let at = 0; at < count; at += 1) {
    const raw = Buffer.from(
      `From: staff${at}@lib.culture.example\r\nSubject: ${at}\r\n\r\nNumber ${at}.\r\n`,
    );
    await it.dovecot.append(it.user, raw, new Date(1_795_000_000_000 + at * 1_000));
  }
  expect(await it.takeIn()).toMatchObject({ recorded: count });
  await it.rows("update message set state = 'filed', handled_at = now()");
  await it.dovecot.rotateUidValidity(it.user);
  expect(await it.takeIn()).toMatchObject({ listed: count, recorded: 0, duplicates: count });
  await handleAll(it.app);
  await sendPass(it.app);
  expect(await it.books()).toEqual({ messages: count, records: 2 * count, submissions: 0, answered: {} });
}

/** Somebody else at the same mailbox. */
async function person(act: (client: ImapFlow) => Promise<void>): Promise<void> {
  const client = new ImapFlow({
    ...{ host: "127.0.0.1", port: it.imap.port, secure: false, logger: false },
    auth: { user: it.user, pass: it.dovecot.password },
  });
  client.on("error", () => undefined);
  await client.connect();
  await client.mailboxOpen("INBOX");
  await act(client);
  client.close();
}
