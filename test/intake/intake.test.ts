// Taking mail in: nothing lost, nothing twice, whatever happens in between.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Campaign } from "../../src/campaign/campaign.ts";
import { systemClock, virtualClock } from "../../src/clock.ts";
import { openFolder } from "../../src/intake/folder.ts";
import { openImap } from "../../src/intake/imap.ts";
import { type IntakeOptions, takeIn } from "../../src/intake/intake.ts";
import type { FetchedMail, ListedMail, Mailbox } from "../../src/intake/mailbox.ts";
import { reconcile } from "../../src/intake/reconcile.ts";
import { silentLogger } from "../../src/log.ts";
import { readBlob, sha256Of } from "../../src/store/blobs.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type Dovecot, startDovecot } from "../support/dovecot.ts";
import { mail } from "../support/mails.ts";

const users = ["steps", "rotate", "bulk", "flag"].map((name) => `${name}@culture.example`);
let dovecot: Dovecot;
let database: TestDatabase;
const open: Mailbox[] = [];
/** Ids handed to the queue, call by call. */
let enqueued: number[][] = [];

beforeAll(async () => {
  dovecot = await startDovecot({ users, quotaMegabytes: 100 });
});
beforeEach(async () => {
  database = await testDatabase();
  enqueued = [];
});
afterEach(async () => {
  for (const mailbox of open.splice(0)) await mailbox.close();
  await database.drop();
});
afterAll(() => dovecot.stop());

const now = new Date("2012-11-21T02:00:00Z");
const campaign = { code: "WHXDH", mailbox: { maxBytes: 1_000_000 } } as Campaign;

function options(changes: Partial<IntakeOptions> = {}): IntakeOptions {
  const enqueue: IntakeOptions["enqueue"] = async (_trx, ids) => {
    enqueued.push(ids);
  };
  return { db: database.db, campaign, clock: virtualClock(now), log: silentLogger, enqueue, ...changes };
}

async function imap(user: string, flag?: string): Promise<Mailbox> {
  const { host, imapPort: port, password } = dovecot;
  const settings = {
    host,
    port,
    password,
    secure: false,
    folder: "INBOX",
    maxBytes: 1_000_000,
    ...(flag ? { flag } : {}),
  };
  const mailbox = await openImap({ ...settings, user: `${user}@culture.example` }, systemClock, silentLogger);
  open.push(mailbox);
  return mailbox;
}

/** A mailbox in memory whose server can be made to misbehave. */
function scripted(
  mails: { uid: number; raw: Buffer; bytes?: number; arrivedAt?: Date }[],
  changes: Partial<Mailbox> = {},
): Mailbox {
  const listed = (after: number): ListedMail[] =>
    mails
      .filter((one) => one.uid > after)
      .map(({ uid, raw, bytes, arrivedAt }) => ({
        uid,
        bytes: bytes ?? raw.length,
        arrivedAt: arrivedAt ?? now,
      }));
  return {
    name: "memory://inbox",
    uidValidity: 1,
    list: async (after) => listed(after),
    listAll: async () => listed(0),
    fetch: async function* fetch(uids): AsyncGenerator<FetchedMail> {
      for (const one of listed(0)) {
        const raw = mails.find((other) => other.uid === one.uid)?.raw;
        if (uids.includes(one.uid) && raw && raw.length > 0) yield { ...one, raw };
      }
    },
    fetchHead: async (uid) => mails.find((one) => one.uid === uid)?.raw.subarray(0, 1_000) ?? null,
    close: async () => {},
    ...changes,
  };
}

const messages = () => database.db.selectFrom("message").selectAll().orderBy("id").execute();
const records = () => database.db.selectFrom("mail_record").selectAll().orderBy("uid").execute();
const mailboxRow = () => database.db.selectFrom("mailbox").selectAll().executeTakeFirstOrThrow();

test("a pass records what is new with its bytes and a job, and the next one finds nothing", async () => {
  const raws = [await mail(), await mail(), await mail()];
  await dovecot.deliver("steps@culture.example", ...raws.slice(0, 2));
  const mailbox = await imap("steps");
  expect(await takeIn(mailbox, options())).toEqual({ listed: 2, recorded: 2, duplicates: 0, oversize: 0 });
  expect(await takeIn(mailbox, options())).toEqual({ listed: 0, recorded: 0, duplicates: 0, oversize: 0 });
  await dovecot.deliver("steps@culture.example", raws[2] as Buffer);
  expect((await takeIn(mailbox, options())).recorded).toBe(1);
  const rows = await messages();
  expect(enqueued.flat()).toEqual(rows.map((row) => row.id));
  expect(
    (await readBlob(database.db, rows[0]?.sha256 as Buffer)).includes(raws[0]?.subarray(0, 40) as Buffer),
  ).toBe(true);
  expect(rows.every((row) => row.state === "received" && !row.backlog)).toBe(true);
  expect(await mailboxRow()).toMatchObject({ last_uid: 3, last_read_at: now, last_error: null });
  expect(await dovecot.flags("steps@culture.example")).toEqual(["", "", ""]);
  expect(await reconcile(mailbox, database.db)).toEqual({ onServer: 3, missing: [] });
});

test("a mailbox counts as read when its listing began, however long the rest took", async () => {
  const clock = virtualClock(now);
  const mailbox = scripted([{ uid: 1, raw: await mail() }]);
  const slow = { ...mailbox, fetch: mailbox.fetch };
  slow.fetch = async function* fetch(uids) {
    await clock.sleep(40 * 60_000);
    yield* mailbox.fetch(uids);
  };
  await takeIn(slow, options({ clock }));
  expect(await mailboxRow()).toMatchObject({ last_uid: 1, last_read_at: now });
});

test("after a changed UIDVALIDITY every mail is recorded again and none is handled again", async () => {
  const raws = await Promise.all(Array.from({ length: 60 }, () => mail()));
  await dovecot.deliver("rotate@culture.example", ...raws);
  await takeIn(await imap("rotate"), options());
  expect(enqueued.flat()).toHaveLength(60);
  await dovecot.rotateUidValidity("rotate@culture.example");
  const mailbox = await imap("rotate");
  expect((await reconcile(mailbox, database.db)).missing).toHaveLength(60);
  expect(await takeIn(mailbox, options())).toEqual({ listed: 60, recorded: 0, duplicates: 60, oversize: 0 });
  expect(await messages()).toHaveLength(60);
  expect(enqueued.flat()).toHaveLength(60);
  expect((await reconcile(mailbox, database.db)).missing).toEqual([]);
});

test("five hundred mails are taken in once, by two readers at the same time", async () => {
  const raws = await Promise.all(Array.from({ length: 500 }, () => mail()));
  await dovecot.deliver("bulk@culture.example", ...raws);
  const [one, other] = [await imap("bulk"), await imap("bulk")];
  const passes = await Promise.all([takeIn(one, options()), takeIn(other, options())]);
  expect(passes[0].recorded + passes[1].recorded).toBe(500);
  expect(await messages()).toHaveLength(500);
  expect(new Set(enqueued.flat()).size).toBe(500);
  expect(enqueued.flat()).toHaveLength(500);
  expect(Math.max(...enqueued.map((ids) => ids.length))).toBeLessThanOrEqual(25);
  expect((await reconcile(one, database.db)).missing).toEqual([]);
});

test("how full the account is, is noted with the first pass of a connection", async () => {
  await takeIn(await imap("steps"), options());
  const { used_bytes, limit_bytes } = await mailboxRow();
  expect(limit_bytes).toBe(100 * 1024 ** 2);
  expect(used_bytes).toBeLessThan(1024 ** 2);
});

test("where flagging is asked for, the flag is set after the record is committed", async () => {
  await dovecot.deliver("flag@culture.example", await mail());
  const mailbox = await imap("flag", "\\Flagged");
  expect((await takeIn(mailbox, options())).recorded).toBe(1);
  expect(await dovecot.flags("flag@culture.example")).toEqual(["F"]);
});

test("a server that refuses to flag changes nothing", async () => {
  const acknowledge = async (): Promise<void> => {
    throw new Error("NO read-only");
  };
  const mailbox = scripted([{ uid: 1, raw: await mail() }], { acknowledge });
  expect((await takeIn(mailbox, options())).recorded).toBe(1);
});

test("when the job cannot be written the mail is not recorded either, and comes again", async () => {
  const mailbox = scripted([{ uid: 1, raw: await mail() }]);
  const enqueue = async (): Promise<void> => {
    throw new Error("queue is away");
  };
  await expect(takeIn(mailbox, options({ enqueue }))).rejects.toThrow("queue is away");
  expect(await messages()).toEqual([]);
  expect(await mailboxRow()).toMatchObject({ last_uid: 0, last_read_at: null, last_error: "queue is away" });
  expect((await takeIn(mailbox, options())).recorded).toBe(1);
  expect(await mailboxRow()).toMatchObject({ last_uid: 1, last_read_at: now, last_error: null });
});

test("the same bytes twice in one batch are one message with two records", async () => {
  const raw = await mail();
  const other = await mail();
  const mailbox = scripted([
    { uid: 1, raw },
    { uid: 2, raw: other },
    { uid: 3, raw },
  ]);
  expect(await takeIn(mailbox, options())).toEqual({ listed: 3, recorded: 2, duplicates: 1, oversize: 0 });
  const rows = await messages();
  expect((await records()).map((record) => record.message_id)).toEqual(
    [raw, other, raw].map((bytes) => rows.find((row) => row.sha256.equals(sha256Of(bytes)))?.id),
  );
});

test("jobs follow the order of arrival", async () => {
  const raws = await Promise.all(Array.from({ length: 40 }, () => mail()));
  await takeIn(scripted(raws.map((raw, index) => ({ uid: index + 1, raw }))), options());
  const rows = await messages();
  const hashes = enqueued.flat().map((id) => rows.find((row) => row.id === id)?.sha256.toString("hex"));
  expect(hashes).toEqual(raws.map((raw) => sha256Of(raw).toString("hex")));
});

test("mail that arrived before the mailbox went live is backlog", async () => {
  const early = new Date("2012-11-20T23:59:59Z");
  const mailbox = scripted([
    { uid: 1, raw: await mail(), arrivedAt: early },
    { uid: 2, raw: await mail(), arrivedAt: now },
  ]);
  await takeIn(mailbox, options());
  expect((await messages()).map((row) => row.backlog)).toEqual([true, false]);
});

test("a mail of the very second of the first contact is not backlog: a server counts in whole seconds", async () => {
  const clock = virtualClock(new Date("2012-11-21T02:00:00.700Z"));
  const mailbox = scripted([{ uid: 1, raw: await mail(), arrivedAt: new Date("2012-11-21T02:00:00Z") }]);
  await takeIn(mailbox, options({ clock }));
  expect((await messages()).map((row) => row.backlog)).toEqual([false]);
});

test("a mail above the limit is not fetched: its head is kept and handled like any mail", async () => {
  const raw = await mail();
  const mailbox = scripted([
    { uid: 1, raw, bytes: 2_000_000_000 },
    { uid: 2, raw: await mail() },
  ]);
  expect(await takeIn(mailbox, options())).toEqual({ listed: 2, recorded: 2, duplicates: 0, oversize: 1 });
  const [row] = (await messages()).filter((message) => message.reason === "oversize");
  expect(row).toMatchObject({ state: "received", bytes: 2_000_000_000, handled_at: null });
  expect((await readBlob(database.db, row?.sha256 as Buffer)).toString()).toContain(
    raw.subarray(0, 60).toString(),
  );
  expect((await takeIn(mailbox, options())).listed).toBe(0);
});

test("a mail larger than its server announced is too large all the same, and the others are taken in", async () => {
  const raw = Buffer.concat([await mail(), Buffer.alloc(1_100_000, "x")]);
  const mailbox = scripted([
    { uid: 1, raw, bytes: 1_000 },
    { uid: 2, raw: await mail() },
  ]);
  expect(await takeIn(mailbox, options())).toEqual({ listed: 2, recorded: 2, duplicates: 0, oversize: 1 });
  expect((await messages()).map(({ reason }) => reason)).toEqual([null, "oversize"]);
});

test("a mail the server lists and does not hand out is asked for three times, then put before the office", async () => {
  const mails = [
    { uid: 1, raw: await mail() },
    { uid: 2, raw: Buffer.alloc(0), bytes: 5_000 },
    { uid: 3, raw: await mail() },
  ];
  const mailbox = scripted(mails);
  expect(await takeIn(mailbox, options())).toMatchObject({ listed: 3, recorded: 2 });
  expect((await mailboxRow()).last_uid).toBe(1);
  expect(await takeIn(mailbox, options())).toMatchObject({ listed: 1, recorded: 0 });
  expect((await reconcile(mailbox, database.db)).missing.map((one) => one.uid)).toEqual([2]);
  expect(await takeIn(mailbox, options())).toMatchObject({ listed: 1, recorded: 1 });
  expect((await messages()).at(-1)).toMatchObject({
    state: "held",
    reason: "processing-failed",
    bytes: 5_000,
  });
  expect((await reconcile(mailbox, database.db)).missing).toEqual([]);
  expect((await mailboxRow()).last_uid).toBe(3);
});

test("a mail put back under an old uid is found by the comparison of all uids", async () => {
  const mails = [{ uid: 5, raw: await mail() }];
  const mailbox = scripted(mails);
  await takeIn(mailbox, options());
  mails.unshift({ uid: 2, raw: await mail() });
  let passes = 0;
  while ((await messages()).length < 2 && passes < 30) {
    await takeIn(mailbox, options());
    passes += 1;
  }
  expect(passes).toBeLessThanOrEqual(20);
});

test("a folder of files is a mailbox: in the order of names, once, whatever is added later", async () => {
  const folder = await mkdtemp(join(tmpdir(), "jinbox-folder-"));
  await writeFile(
    join(folder, "002.eml"),
    await mail({ headers: { "X-Jinbox-Arrived": "2012-11-22T09:00:00+08:00" } }),
  );
  await writeFile(join(folder, "001.eml"), await mail());
  expect(await takeIn(await openFolder(folder), options())).toMatchObject({ recorded: 2 });
  await writeFile(join(folder, "000.eml"), await mail());
  expect(await takeIn(await openFolder(folder), options())).toMatchObject({ listed: 1, recorded: 1 });
  const arrived = (await messages()).map((row) => row.arrived_at.toISOString());
  expect(arrived).toContain("2012-11-22T01:00:00.000Z");
  await rm(folder, { recursive: true });
});
