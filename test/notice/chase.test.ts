// From the ledger to the outbox and out: one notice a unit a day, silent where a submission came or may have come.
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { calendarOf } from "../../src/deadline/calendar.ts";
import { bouncedAddresses } from "../../src/deadline/records.ts";
import { silentLogger } from "../../src/log.ts";
import type { BounceReport } from "../../src/message/mail.ts";
import { recordBounce } from "../../src/notice/bounced.ts";
import { chase, dutyCheck } from "../../src/notice/chase.ts";
import type { OutgoingNotice } from "../../src/notice/compose.ts";
import { noticeMessageId } from "../../src/notice/identity.ts";
import { intend } from "../../src/notice/outbox.ts";
import { sendDue } from "../../src/notice/send.ts";
import { captureTransport } from "../../src/notice/transport.ts";
import { at, campaign as build } from "../deadline/campaign.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { until } from "../support/until.ts";
import { clear, intent, mailboxReadAt, message, sender, states, submission } from "./office.ts";

const campaign = build();
const calendar = calendarOf(campaign);
let database: TestDatabase;
let sent: OutgoingNotice[] = [];

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  await clear(database.db);
  sent = [];
});

const facts = () => ({ db: database.db, campaign, calendar, log: silentLogger });
const office = (now: Date) =>
  sender(
    database.db,
    campaign,
    captureTransport((notice) => void sent.push(notice)),
    now,
    {
      stillTrue: dutyCheck(facts()),
    },
  );

/** Reads the mailbox, writes what is due, sends it. */
async function tick(now: Date) {
  await mailboxReadAt(database.db, campaign, now);
  const outlook = await chase(facts(), now);
  const report = await sendDue(office(now));
  return { outlook, report };
}

/** Somebody files the mail that waits while the question is being asked: between its first and its last statement. */
async function filedMeanwhile<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  const { db, pool } = database;
  const client = await pool.connect();
  try {
    await client.query("begin");
    await client.query("lock table ruling in access exclusive mode");
    const answer = ask();
    await until("the question waits", async () => {
      const { rows } = await sql<{ waiting: number }>`
        select count(*)::int as waiting from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`.execute(db);
      return rows[0]?.waiting === 1;
    });
    const arrivedAt = at("2012-12-25", "16:00");
    await submission(db, campaign, { type: "summary", unit: "library", arrivedAt });
    await db.updateTable("message").set({ state: "filed" }).execute();
    await client.query("commit");
    return await answer;
  } finally {
    client.release();
  }
}

test("a mail that is filed while it is asked who owes what accuses nobody", async () => {
  const now = at("2012-12-26");
  await mailboxReadAt(database.db, campaign, now);
  await message(database.db, campaign, at("2012-12-25", "16:00"), { state: "received" });
  const outlook = await filedMeanwhile(() => chase(facts(), now));
  expect(outlook.due).toEqual([]);
  expect((await chase(facts(), now)).due.map(({ unit }) => unit)).not.toContain("library");
});

const addressees = () => sent.map(({ to }) => to.map(({ email }) => email).join("+")).sort();

test("asked a hundred times and by four at once, a unit gets one notice that day", async () => {
  const now = at("2012-12-26");
  await mailboxReadAt(database.db, campaign, now);
  await Promise.all(Array.from({ length: 4 }, () => chase(facts(), now)));
  for (let n = 0; n < 96; n++) await chase(facts(), now);
  await sendDue(office(now));
  await tick(at("2012-12-26", "09:00"));
  expect(addressees()).toEqual([
    "liaison@heritage.example",
    "liaison@library.example",
    "liaison@museum.example",
  ]);
});

test("days of downtime bring today's notice and none in arrears", async () => {
  await tick(at("2012-12-14"));
  expect(sent).toHaveLength(3);
  sent = [];
  await tick(at("2012-12-28", "14:00"));
  expect(sent.map(({ kind }) => kind)).toEqual(["escalation", "escalation", "escalation"]);
});

test("a submission that arrives between intent and sending silences the notice", async () => {
  const now = at("2012-12-26");
  await mailboxReadAt(database.db, campaign, now);
  await chase(facts(), now);
  await submission(database.db, campaign, {
    type: "summary",
    unit: "library",
    arrivedAt: at("2012-12-25", "20:00"),
  });
  await sendDue(office(now));
  expect(addressees()).not.toContain("liaison@library.example");
  expect((await states(database.db))["duty/library/2012-12-26"]).toBe("dropped");
});

test.each([
  ["2012-12-24", "reminder"],
  ["2012-12-26", "overdue"],
  ["2012-12-28", "escalation"],
])(
  "what is queued on %s (%s) is not sent once the thing came, nor once it may have come",
  async (day, kind) => {
    await mailboxReadAt(database.db, campaign, at(day));
    await chase(facts(), at(day));
    const queued = await database.db.selectFrom("notice").select(["unit", "kind"]).orderBy("unit").execute();
    expect(queued).toEqual(
      ["heritage", "library", "museum"].map((unit) => ({
        unit,
        kind: unit === "heritage" ? expect.any(String) : kind,
      })),
    );
    await submission(database.db, campaign, { type: "summary", unit: "library", arrivedAt: at(day) });
    await submission(database.db, campaign, {
      type: "summary",
      unit: "museum",
      arrivedAt: at(day),
      verified: false,
    });
    const guess = { value: "heritage", confidence: 0.6, evidence: [], runnerUp: null };
    const type = { value: "summary", confidence: 0.9, evidence: [], runnerUp: null };
    const understanding = { unit: guess, type, submissions: [] };
    await message(database.db, campaign, at(day), { state: "held", reason: "unit-unsure", understanding });
    await sendDue(office(at(day)));
    expect(sent).toEqual([]);
    expect(await states(database.db)).toEqual({
      [`duty/library/${day}`]: "dropped",
      [`duty/museum/${day}`]: "intended",
      [`duty/heritage/${day}`]: "intended",
    });
    const { outlook } = await tick(at(day, "08:31"));
    expect(outlook.withheld.map(({ notice, why }) => [notice.unit, why])).toEqual([
      ["museum", "held-mail"],
      ["heritage", "held-mail"],
    ]);
    // The office settles neither that day: the next morning yesterday's words are not sent.
    await database.db.updateTable("message").set({ state: "ignored" }).where("state", "=", "held").execute();
    await database.db
      .updateTable("submission")
      .set({ state: "withdrawn" })
      .where("verified", "=", false)
      .execute();
    await sendDue(office(at("2012-12-31")));
    expect(sent).toEqual([]);
    expect(new Set(Object.values(await states(database.db)))).toEqual(new Set(["dropped"]));
  },
);

test("of a mail that waits for its scans the sender is enough: his unit is not reminded", async () => {
  await message(database.db, campaign, at("2012-12-24", "08:00"), {
    state: "received",
    from: "liaison@library.example",
  });
  const { outlook } = await tick(at("2012-12-24"));
  expect(outlook.withheld.map(({ notice, why }) => [notice.unit, why])).toEqual([["library", "held-mail"]]);
  expect(addressees()).toEqual(["liaison@heritage.example", "liaison@museum.example"]);
});

test("what is held back or reaches nobody is told in the evening too, when quiet hours have begun", async () => {
  await message(database.db, campaign, at("2012-12-24", "08:00"), {
    state: "held",
    from: "liaison@library.example",
  });
  const { outlook } = await tick(at("2012-12-24", "19:00"));
  expect(outlook.withheld.map(({ notice }) => notice.unit)).toEqual(["library"]);
  expect([outlook.due, sent]).toEqual([[], []]);
});

test("where one of two things arrives in between, the notice names only the other", async () => {
  const now = at("2012-12-27");
  await mailboxReadAt(database.db, campaign, now);
  await chase(facts(), now);
  await submission(database.db, campaign, {
    type: "summary",
    unit: "heritage",
    arrivedAt: at("2012-12-24", "20:00"),
  });
  const row = await database.db.selectFrom("notice").select("text").where("unit", "=", "heritage").execute();
  expect(row[0]?.text).toContain("书面总结");
  await sendDue(office(now));
  const [notice] = sent.filter(({ key }) => key.startsWith("duty/heritage"));
  expect(notice?.text).toContain("名城申报工程");
  expect(notice?.text).not.toContain("书面总结");
});

test("an intended notice whose day is over is dropped, not sent the next morning", async () => {
  const now = at("2012-12-26");
  await mailboxReadAt(database.db, campaign, now);
  await chase(facts(), now);
  await sendDue(office(at("2012-12-26", "18:00")));
  expect(sent).toEqual([]);
  expect(new Set(Object.values(await states(database.db)))).toEqual(new Set(["dropped"]));
});

test("a notice dropped because the paper came is written again when it is withdrawn the same day", async () => {
  const now = at("2012-12-26");
  await mailboxReadAt(database.db, campaign, now);
  await chase(facts(), now);
  await submission(database.db, campaign, { type: "summary", unit: "library", arrivedAt: now });
  await sendDue(office(now));
  expect(addressees()).not.toContain("liaison@library.example");
  await database.db.updateTable("submission").set({ state: "withdrawn" }).execute();
  await tick(at("2012-12-26", "10:00"));
  expect(addressees().filter((address) => address === "liaison@library.example")).toHaveLength(1);
});

describe("what came and waits for the office", () => {
  const guess = (value: string) => ({ value, confidence: 0.6, evidence: [], runnerUp: null });
  const hold = (type: string) =>
    message(database.db, campaign, at("2012-12-20"), {
      state: "held",
      reason: "unit-unsure",
      from: "someone@qq.example",
      understanding: { unit: guess("library"), type: guess(type), submissions: [] },
    });

  test("is not asked for in a reminder either: the office is told", async () => {
    await hold("summary");
    const { outlook } = await tick(at("2012-12-24"));
    expect(addressees()).toEqual(["liaison@heritage.example", "liaison@museum.example"]);
    expect(outlook.withheld.map(({ notice, why }) => [notice.unit, why])).toEqual([["library", "held-mail"]]);
  });

  test("is not named beside what is asked for", async () => {
    await hold("summary");
    await database.db
      .updateTable("message")
      .set({ understanding: held("heritage", "summary") })
      .execute();
    await tick(at("2012-12-14"));
    const [notice] = sent.filter(({ key }) => key.startsWith("duty/heritage"));
    expect(notice?.text).toContain("名城申报工程");
    expect(notice?.text).not.toContain("书面总结");
  });

  test("may be the second guess's too, where the first is unsure", async () => {
    const unit = { ...guess("heritage"), runnerUp: { value: "library", confidence: 0.3 } };
    const type = { ...guess("plan"), runnerUp: { value: "summary", confidence: 0.3 } };
    const understanding = { unit, type, submissions: [] };
    await message(database.db, campaign, at("2012-12-20"), {
      state: "held",
      reason: "unit-unsure",
      understanding,
    });
    await tick(at("2012-12-24"));
    expect(addressees()).toEqual(["liaison@museum.example"]);
  });

  test("may be anything its sender's unit owes, where nobody could read it", async () => {
    const from = "liaison@library.example";
    await message(database.db, campaign, at("2012-12-20"), { state: "held", reason: "unparseable", from });
    await tick(at("2012-12-24"));
    expect(addressees()).toEqual(["liaison@heritage.example", "liaison@museum.example"]);
  });

  test("but a mail of which nobody knows what it brings lets reminders go", async () => {
    await hold("other");
    await tick(at("2012-12-24"));
    expect(addressees()).toContain("liaison@library.example");
  });

  test("may have been filed already, from an address nobody knows", async () => {
    await submission(database.db, campaign, {
      type: "summary",
      unit: "library",
      arrivedAt: at("2012-12-20"),
    });
    await database.db.updateTable("submission").set({ verified: false }).execute();
    const { outlook } = await tick(at("2012-12-26"));
    expect(addressees()).toEqual(["liaison@heritage.example", "liaison@museum.example"]);
    expect(outlook.withheld.map(({ notice }) => notice.unit)).toEqual(["library"]);
  });

  const held = (unit: string, type: string) =>
    JSON.stringify({ unit: guess(unit), type: guess(type), submissions: [] });
});

describe("the interlock", () => {
  test("nobody is called overdue while the mailbox has not been read; the notice leaves when it is", async () => {
    const now = at("2012-12-26");
    await mailboxReadAt(database.db, campaign, new Date(now.getTime() - 31 * 60_000));
    const outlook = await chase(facts(), now);
    expect(outlook.intended).toBe(0);
    expect(outlook.withheld.map(({ why }) => why)).toEqual([
      "mailbox-unread",
      "mailbox-unread",
      "mailbox-unread",
    ]);
    const later = await tick(at("2012-12-26", "10:00"));
    expect(later.report.accepted).toBe(3);
  });

  test("the mailbox goes away between intent and sending: the notice waits and is asked about again", async () => {
    const now = at("2012-12-26");
    await mailboxReadAt(database.db, campaign, now);
    await chase(facts(), now);
    const one = office(at("2012-12-26", "09:30"));
    expect(await sendDue(one)).toMatchObject({ accepted: 0, dropped: 0 });
    await mailboxReadAt(database.db, campaign, at("2012-12-26", "09:34"));
    one.clock.moveTo(at("2012-12-26", "09:35"));
    expect(await sendDue(one)).toMatchObject({ accepted: 3 });
  });

  test("a held mail keeps its unit from being called overdue, and no other", async () => {
    const guess = { value: "library", confidence: 0.6, evidence: [], runnerUp: null };
    const type = { value: "summary", confidence: 0.9, evidence: [], runnerUp: null };
    await message(database.db, campaign, at("2012-12-24"), {
      state: "held",
      reason: "unit-unsure",
      from: "someone@qq.example",
      understanding: { unit: guess, type, submissions: [] },
    });
    const { outlook } = await tick(at("2012-12-26"));
    expect(outlook.withheld.map(({ notice, why }) => [notice.unit, why])).toEqual([["library", "held-mail"]]);
    expect(addressees()).toEqual(["liaison@heritage.example", "liaison@museum.example"]);
  });

  test("a mail just taken in and not understood yet may be anybody's", async () => {
    await message(database.db, campaign, at("2012-12-26", "08:29"), { state: "received" });
    expect((await tick(at("2012-12-26"))).outlook.due).toEqual([]);
  });
});

describe("a returned notice", () => {
  const report = (change: Partial<BounceReport>): BounceReport => ({
    action: "failed",
    recipients: ["liaison@library.example"],
    status: "5.1.1",
    diagnostic: "no such user",
    originalMessageId: null,
    ...change,
  });
  const bounce = (change: Partial<BounceReport>, now = at("2012-12-24", "08:31")) =>
    recordBounce(database.db, campaign, report(change), now);

  test("is found by its Message-ID, and the next one goes to the next level as well", async () => {
    await tick(at("2012-12-24"));
    const originalMessageId = noticeMessageId(campaign, "duty/library/2012-12-24");
    expect(await bounce({ originalMessageId, recipients: [] })).not.toBeNull();
    expect((await states(database.db))["duty/library/2012-12-24"]).toBe("bounced");
    sent = [];
    await tick(at("2012-12-26"));
    expect(addressees()).toContain("liaison@library.example+head@library.example");
    expect(sent.find(({ key }) => key.startsWith("duty/library"))?.text).toContain("被退回");
  });

  test("without a Message-ID is the latest one sent to the failed address", async () => {
    await tick(at("2012-12-20"));
    await tick(at("2012-12-24"));
    await bounce({ recipients: ["Liaison@Library.example"] });
    const all = await states(database.db);
    expect(all["duty/library/2012-12-20"]).toBe("accepted");
    expect(all["duty/library/2012-12-24"]).toBe("bounced");
  });

  test("from each of its addressees, one report after the other, came back from them all", async () => {
    await tick(at("2012-12-28"));
    const originalMessageId = noticeMessageId(campaign, "duty/library/2012-12-28");
    await bounce({ originalMessageId, recipients: ["head@library.example"] });
    await bounce({ originalMessageId, recipients: ["liaison@library.example"] });
    sent = [];
    await tick(at("2013-01-04"));
    expect(addressees()).toContain("leader@bureau.example");
    const row = await database.db
      .selectFrom("notice")
      .select("bounce")
      .where("key", "=", "duty/library/2012-12-28")
      .executeTakeFirstOrThrow();
    expect(row.bounce).toMatchObject({ recipients: ["head@library.example", "liaison@library.example"] });
  });

  test("that is only delayed has not failed", async () => {
    await tick(at("2012-12-24"));
    expect(await bounce({ action: "delayed" })).not.toBeNull();
    expect((await states(database.db))["duty/library/2012-12-24"]).toBe("accepted");
    sent = [];
    await tick(at("2012-12-26"));
    expect(addressees()).toContain("liaison@library.example");
  });

  test("that we never sent is nobody's", async () => {
    await tick(at("2012-12-24"));
    expect(
      await bounce({ recipients: ["stranger@elsewhere.example"], originalMessageId: "<x@y.example>" }),
    ).toBeNull();
  });

  test("that overtakes our own record of the sending is bounced all the same", async () => {
    const now = at("2012-12-24");
    await intend(database.db, campaign, [intent("answer/1")], now);
    await database.db.updateTable("notice").set({ state: "claimed" }).execute();
    await database.db.updateTable("notice").set({ state: "data-sent", data_sent_at: now }).execute();
    await bounce({ recipients: [], originalMessageId: noticeMessageId(campaign, "answer/1") });
    expect(await states(database.db)).toEqual({ "answer/1": "bounced" });
  });

  test("stops counting once a later notice to that address was taken", async () => {
    await tick(at("2012-12-20"));
    await bounce({}, at("2012-12-20", "09:00"));
    await tick(at("2012-12-24"));
    sent = [];
    await tick(at("2012-12-26"));
    expect(addressees()).toContain("liaison@library.example");
  });

  test("counts only of those who are asked for something, not of everyone an announcement went to", async () => {
    const now = at("2012-12-24");
    const to = (email: string) => [{ name: "", email }];
    const intents = [
      intent("announcement/1/a", { kind: "announcement", to: to("nobody@roster.example") }),
      intent("announcement/1/b", { kind: "announcement", to: to("liaison@library.example") }),
    ];
    await intend(database.db, campaign, intents, now);
    await sendDue(office(now));
    for (const { to: contacts } of intents)
      await recordBounce(
        database.db,
        campaign,
        report({ recipients: contacts.map(({ email }) => email) }),
        now,
      );
    expect(await bouncedAddresses(database.db, campaign)).toEqual(new Set(["liaison@library.example"]));
  });
});
