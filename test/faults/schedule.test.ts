// Reliability §2, rows 18 to 20: whatever breaks at a tick, what is due is said once, and what is no longer true is not said.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { calendarOf } from "../../src/deadline/calendar.ts";
import { dailyDigest } from "../../src/digest/daily.ts";
import { silentLogger } from "../../src/log.ts";
import { chase, dutyCheck } from "../../src/notice/chase.ts";
import type { OutgoingNotice } from "../../src/notice/compose.ts";
import { sendDue } from "../../src/notice/send.ts";
import { createTransport } from "../../src/notice/smtp.ts";
import { captureTransport } from "../../src/notice/transport.ts";
import { type Database, type OpenDatabase, openDatabase } from "../../src/store/database.ts";
import { at, campaign as build } from "../deadline/campaign.ts";
import { clear, mailboxReadAt, sender, states, submission } from "../notice/office.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type SmtpSink, startSmtp } from "../support/smtp.ts";
import { startWire, type Wire, wiredUrl } from "../support/wire.ts";

const campaign = build();
const calendar = calendarOf(campaign);
const committing = /commit\0/;
let database: TestDatabase;
let store: Wire;
let wired: OpenDatabase;
let sent: OutgoingNotice[] = [];

beforeAll(async () => {
  database = await testDatabase();
  const { target, through } = wiredUrl(database.url);
  store = await startWire(target);
  wired = openDatabase(through(store.port), silentLogger, 4);
});
beforeEach(async () => {
  await clear(database.db);
  sent = [];
});
afterEach(() => {
  store.forget();
  store.restore();
});
afterAll(async () => {
  await wired.close();
  await store.stop();
  await database.drop();
});

const facts = (db: Database = wired.db) => ({ db, campaign, calendar, log: silentLogger });
const capture = captureTransport((notice) => void sent.push(notice));
const send = (now: Date) =>
  sendDue(sender(database.db, campaign, capture, now, { stillTrue: dutyCheck(facts(database.db)) }));
const keys = async () => Object.keys(await states(database.db)).sort();

/** The day after the due day of three units. */
const overdue = at("2012-12-26");
const three = ["heritage", "library", "museum"].map((unit) => `duty/${unit}/2012-12-26`);

describe("row 18: a tick", () => {
  test.each([
    ["row 18 K: ended before the commit, it wrote nothing", false, [] as string[]],
    ["row 18 K: ended after the commit, it wrote all", true, three],
  ])("%s; the next tick makes each one intent", async (_name, arrives, there) => {
    await mailboxReadAt(database.db, campaign, overdue);
    const whenWritten = (): void => void store.strike({ said: committing, fault: "reset", arrives });
    void store.strike({ said: /insert into "notice"/, fault: whenWritten });
    await expect(chase(facts(), overdue)).rejects.toThrow();
    expect(await keys()).toEqual(there);
    await chase(facts(), overdue);
    expect(await keys()).toEqual(three);
  });

  test("row 18 D: the database is away at the tick; the next one asks again", async () => {
    await mailboxReadAt(database.db, campaign, overdue);
    store.away();
    await expect(chase(facts(), overdue)).rejects.toThrow();
    store.restore();
    await chase(facts(), overdue);
    expect(await keys()).toEqual(three);
  });

  test("row 18 F: the database only reads at the tick; the next one asks again", async () => {
    await mailboxReadAt(database.db, campaign, overdue);
    const url = new URL(database.url);
    url.searchParams.set("options", "-c default_transaction_read_only=on");
    const readOnly = openDatabase(url.href, silentLogger, 1);
    await expect(chase(facts(readOnly.db), overdue)).rejects.toThrow("read-only");
    await readOnly.close();
    await chase(facts(), overdue);
    expect(await keys()).toEqual(three);
  });

  test("row 18 T: other zones of the machine and steps of its clock by an hour change nothing", async () => {
    const zone = process.env.TZ;
    const said: string[][] = [];
    try {
      for (const [tz, stepsMs] of [
        ["Asia/Shanghai", [0]],
        ["Pacific/Apia", [0, 3_600_000, -3_600_000]],
        ["America/New_York", [3_600_000, -3_600_000, 0]],
      ] as const) {
        process.env.TZ = tz;
        await clear(database.db);
        for (const day of ["2012-12-14", "2012-12-15", "2012-12-26"]) {
          for (const time of ["00:10", "08:29", "10:00", "17:30", "23:40"]) {
            for (const step of stepsMs) {
              const now = new Date(at(day, time).getTime() + step);
              await mailboxReadAt(database.db, campaign, now);
              await chase(facts(), now);
            }
          }
        }
        said.push(await keys());
      }
    } finally {
      process.env.TZ = zone;
    }
    expect(said[0]?.length).toBeGreaterThan(3);
    expect(said[1]).toEqual(said[0]);
    expect(said[2]).toEqual(said[0]);
  });

  test("row 18 T: a mailbox read by a clock that was ahead has not been read: nobody is called overdue for it", async () => {
    await mailboxReadAt(database.db, campaign, new Date(overdue.getTime() + 3_600_000));
    const outlook = await chase(facts(), overdue);
    expect(outlook.withheld.map(({ why }) => why)).toEqual(Array(3).fill("mailbox-unread"));
    await mailboxReadAt(database.db, campaign, new Date(overdue.getTime() + 60_000));
    await chase(facts(), overdue);
    expect(await keys()).toEqual(three);
  });

  test("row 18 2: eight tickers at once, 160 ticks, one intent a unit", async () => {
    await mailboxReadAt(database.db, campaign, overdue);
    const pools = Array.from({ length: 8 }, () => openDatabase(database.url, silentLogger, 2));
    const ticking = pools.map(async ({ db }) => {
      for (let tick = 0; tick < 20; tick += 1) await chase(facts(db), overdue);
    });
    await Promise.all(ticking);
    await Promise.all(pools.map((pool) => pool.close()));
    expect(await keys()).toEqual(three);
    await send(overdue);
    expect(sent).toHaveLength(3);
  });
});

describe("row 19: a reminder waits, and the submission comes", () => {
  test("row 19 K: claimed by a sender that ended; when it is taken up again it is no longer true", async () => {
    const reminder = at("2012-12-14");
    await mailboxReadAt(database.db, campaign, reminder);
    await chase(facts(), reminder);
    const whenClaimed = (): void => void store.strike({ said: committing, fault: "reset", arrives: true });
    void store.strike({ said: /state = 'claimed'/, fault: whenClaimed });
    const dying = sender(wired.db, campaign, capture, reminder, { stillTrue: dutyCheck(facts()) });
    await expect(sendDue(dying)).rejects.toThrow();
    expect(new Set(Object.values(await states(database.db)))).toEqual(new Set(["claimed"]));
    const all = (await keys()).length;
    for (const { code: type, items = [] } of campaign.deliverables.filter(({ from }) => from === "unit")) {
      for (const item of items.length > 0 ? items.map(({ code }) => code) : [null]) {
        for (const { code: unit } of campaign.units) {
          await submission(database.db, campaign, { type, unit, item, arrivedAt: at("2012-12-14", "08:31") });
        }
      }
    }
    await send(at("2012-12-14", "08:35"));
    expect(Object.values(await states(database.db))).toEqual(Array(all).fill("dropped"));
    expect(sent).toEqual([]);
  });
});

describe("row 20: the digest", () => {
  const evening = at("2012-12-26", "18:00");
  const digest = (now: Date, db = wired.db) =>
    dailyDigest({ db, campaign, calendar, now, log: silentLogger, draw: null });
  const digests = async () => (await keys()).filter((key) => key.startsWith("digest/"));

  test.each([
    ["row 20 K: ended before the commit, there is none", false, 0],
    ["row 20 K: ended after the commit, there is one", true, 1],
  ])("%s; the next tick leaves one a day", async (_name, arrives, there) => {
    const whenWritten = (): void => void store.strike({ said: committing, fault: "reset", arrives });
    void store.strike({ said: /insert into "notice"/, fault: whenWritten });
    await expect(digest(evening)).rejects.toThrow();
    expect(await digests()).toHaveLength(there);
    await digest(evening);
    await digest(at("2012-12-26", "19:00"));
    expect(await digests()).toEqual(["digest/2012-12-26"]);
  });

  describe("on its way", () => {
    let sink: SmtpSink;
    let smtp: Wire;
    beforeAll(async () => {
      sink = await startSmtp();
      smtp = await startWire({ host: sink.host, port: sink.port });
    });
    afterAll(async () => {
      await smtp.stop();
      await sink.stop();
    });

    test.each([
      ["row 20 N: the way out is reset", "reset" as const],
      ["row 20 H: the server is silent", "silent" as const],
    ])("%s: it is tried again, and comes once", async (_name, fault) => {
      const before = sink.mails.length;
      const settings = {
        host: "127.0.0.1",
        port: smtp.port,
        secure: false,
        user: null,
        perHour: 100,
        connections: 1,
      };
      const limits = { connectionMs: 3_000, greetingMs: 3_000, socketMs: 2_000 };
      const transport = createTransport(settings, null, silentLogger, limits);
      await digest(evening);
      void smtp.strike({ said: /^RCPT/m, fault, times: 5 });
      const one = sender(database.db, campaign, transport, evening);
      await sendDue(one);
      expect(sink.mails.length).toBe(before);
      smtp.forget();
      one.clock.moveTo(at("2012-12-26", "18:05"));
      await sendDue(one);
      await sendDue(one);
      await transport.close();
      expect(sink.mails.length).toBe(before + 1);
    });
  });

  test("row 20 D: the database is away all evening: it goes the next morning, for the day it is of", async () => {
    await digest(at("2012-12-25", "18:00"));
    store.away();
    await expect(digest(evening)).rejects.toThrow();
    store.restore();
    expect(await digest(at("2012-12-27", "09:00"))).toBe("sent");
    expect(await digests()).toEqual(["digest/2012-12-25", "digest/2012-12-26"]);
  });

  test("row 20 F: the database only reads all evening: it goes the next morning", async () => {
    await digest(at("2012-12-25", "18:00"));
    const url = new URL(database.url);
    url.searchParams.set("options", "-c default_transaction_read_only=on");
    const readOnly = openDatabase(url.href, silentLogger, 1);
    await expect(digest(evening, readOnly.db)).rejects.toThrow("read-only");
    await readOnly.close();
    expect(await digest(at("2012-12-27", "09:00"))).toBe("sent");
    expect(await digests()).toEqual(["digest/2012-12-25", "digest/2012-12-26"]);
  });
});
