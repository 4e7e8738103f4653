// The outbox on a real PostgreSQL and sending on a real SMTP server: nothing twice, nothing lost, whatever ends when.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { silentLogger } from "../../src/log.ts";
import { NOTICES_PER_ADDRESS } from "../../src/notice/caps.ts";
import { noticeMessageId } from "../../src/notice/identity.ts";
import * as outbox from "../../src/notice/outbox.ts";
import { type Sender, sendDue } from "../../src/notice/send.ts";
import { claim, markDataSent } from "../../src/notice/sending/records.ts";
import { createTransport } from "../../src/notice/smtp.ts";
import { captureTransport, type SmtpTransport } from "../../src/notice/transport.ts";
import { at, campaign as build } from "../deadline/campaign.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type SmtpSink, startSmtp } from "../support/smtp.ts";
import { clear, intent, sender, states } from "./office.ts";

const campaign = build();
const morning = at("2012-11-26", "09:00");
const minutes = (n: number) => new Date(morning.getTime() + n * 60_000);

let database: TestDatabase;
let sink: SmtpSink;
let transport: SmtpTransport;

beforeAll(async () => {
  database = await testDatabase();
  sink = await startSmtp();
  const smtp = { host: sink.host, port: sink.port, secure: false, user: null, perHour: 200, connections: 5 };
  transport = createTransport(smtp, null, silentLogger, {
    connectionMs: 2_000,
    greetingMs: 2_000,
    socketMs: 1_000,
  });
});
afterAll(async () => {
  await transport.close();
  await sink.stop();
  await database.drop();
});
beforeEach(async () => {
  await clear(database.db);
  sink.mails.length = 0;
});

const to = (email: string) => [{ name: "", email }];
const intend = (...intents: ReturnType<typeof intent>[]) =>
  outbox.intend(database.db, campaign, intents, morning);
const office = (change: Partial<Sender> = {}) => sender(database.db, campaign, transport, morning, change);
const timesReceived = (key: string) =>
  sink.mails.filter(({ messageId }) => messageId === noticeMessageId(campaign, key)).length;

test("a cause seen twice has one notice, with one Message-ID on the mailbox's domain", async () => {
  expect(await intend(intent("answer/1"))).toBe(1);
  expect(await intend(intent("answer/1", { text: "other" }), intent("answer/2"))).toBe(1);
  const rows = await database.db.selectFrom("notice").selectAll().orderBy("id").execute();
  expect(rows.map(({ key, text }) => [key, text])).toEqual([
    ["answer/1", "已收到。\n"],
    ["answer/2", "已收到。\n"],
  ]);
  expect(rows[0]?.rfc_message_id).toMatch(/^<jinbox\.[0-9a-f]{32}@bureau\.example>$/);
});

test("machines that write the same notices in the same moment write each once, and none of them fails", async () => {
  for (let round = 0; round < 40; round++) {
    const same = Array.from({ length: 3 }, (_, n) => intent(`answer/${round}-${n}`));
    const written = await Promise.all(Array.from({ length: 6 }, () => intend(...same)));
    expect(written.reduce((sum, one) => sum + one)).toBe(3);
  }
});

test("each outcome of the server ends in its own state", async () => {
  await intend(
    intent("answer/1"),
    intent("answer/2", { to: to("permerror@unit.example") }),
    intent("answer/3", { to: to("temperror@unit.example") }),
    intent("answer/4", { to: to("drop-after-data@unit.example") }),
  );
  expect(await sendDue(office())).toEqual({ accepted: 1, rejected: 1, ambiguous: 1, dropped: 0, left: 0 });
  expect(await states(database.db)).toEqual({
    "answer/1": "accepted",
    "answer/2": "rejected",
    "answer/3": "intended",
    "answer/4": "ambiguous",
  });
});

test("a deferred notice is tried again, ever later, and given up after five days", async () => {
  await intend(intent("answer/1", { to: to("temperror@unit.example") }));
  const one = office();
  const tries: number[] = [];
  for (;;) {
    const row = await database.db.selectFrom("notice").selectAll().executeTakeFirstOrThrow();
    if (row.state !== "intended") break;
    tries.push((row.not_before.getTime() - morning.getTime()) / 60_000);
    one.clock.moveTo(row.not_before);
    await sendDue(one);
  }
  expect(tries.slice(0, 8)).toEqual([0, 1, 3, 7, 15, 31, 63, 123]);
  expect(tries.at(-1)).toBeGreaterThan(5 * 24 * 60);
  expect(await states(database.db)).toEqual({ "answer/1": "rejected" });
});

test.each<[string, number[]]>([
  ["full", [0, 60, 240, 600, 960]],
  ["grey", [0, 6, 12, 18, 26]],
])("%s@: tried again at its own pace, and told when five days are over", async (local, first) => {
  await intend(intent("answer/1", { to: to(`${local}@unit.example`) }));
  const one = office();
  const tries: number[] = [];
  for (;;) {
    const row = await database.db.selectFrom("notice").selectAll().executeTakeFirstOrThrow();
    if (row.state !== "intended") break;
    tries.push((row.not_before.getTime() - morning.getTime()) / 60_000);
    one.clock.moveTo(row.not_before);
    await sendDue(one);
  }
  expect(tries.slice(0, 5)).toEqual(first);
  expect(tries.at(-1)).toBeGreaterThan(5 * 24 * 60);
  expect(await states(database.db)).toEqual({ "answer/1": "rejected" });
});

test("frequency limited: nothing leaves for ten minutes, an hour, then a day", async () => {
  await intend(intent("answer/1", { to: to("frequency@unit.example") }));
  const one = office({ transport: { ...transport, connections: 1 } });
  await sendDue(one);
  await intend(intent("answer/2"));
  one.clock.moveTo(minutes(9));
  expect(await sendDue(one)).toMatchObject({ accepted: 0, left: 1 });
  one.clock.moveTo(minutes(10));
  await sendDue(one);
  const waits = await database.db
    .selectFrom("notice")
    .select(["key", "not_before"])
    .where("key", "=", "answer/1")
    .execute();
  expect(waits[0]?.not_before).toEqual(minutes(70));
});

describe("a process that ended in the middle", () => {
  async function leave(
    key: string,
    state: "claimed" | "data-sent",
    kind: "acknowledgement" | "overdue",
  ): Promise<void> {
    await intend(intent(key, { kind }));
    const { rows } = await claim(database.db, {
      campaign,
      token: "gone",
      limit: 1,
      now: morning,
      leaseMs: 60_000,
    });
    if (state === "data-sent")
      await markDataSent(
        database.db,
        rows.map(({ id }) => id),
        "gone",
        morning,
        60_000,
      );
  }

  test("leaves a claimed notice to the next, once its lease is over", async () => {
    await leave("answer/1", "claimed", "acknowledgement");
    const one = office();
    await sendDue(one);
    expect(await states(database.db)).toEqual({ "answer/1": "claimed" });
    one.clock.moveTo(minutes(2));
    await sendDue(one);
    await sendDue(one);
    expect(await states(database.db)).toEqual({ "answer/1": "accepted" });
    expect(timesReceived("answer/1")).toBe(1);
  });

  test("leaves a notice whose data was going out ambiguous; an answer goes once more after half an hour", async () => {
    await leave("answer/1", "data-sent", "acknowledgement");
    const one = office();
    one.clock.moveTo(minutes(2));
    await sendDue(one);
    expect(await states(database.db)).toEqual({ "answer/1": "ambiguous" });
    one.clock.moveTo(minutes(31));
    await sendDue(one);
    expect(timesReceived("answer/1")).toBe(0);
    one.clock.moveTo(minutes(33));
    await sendDue(one);
    expect(await states(database.db)).toEqual({ "answer/1": "accepted" });
    expect(timesReceived("answer/1")).toBe(1);
  });

  test("leaves it so for a weekend; looked at again, the answer goes once more", async () => {
    await leave("answer/1", "data-sent", "acknowledgement");
    const one = office();
    for (const hour of [60, 61]) {
      one.clock.moveTo(minutes(hour * 60));
      await sendDue(one);
    }
    expect(await states(database.db)).toEqual({ "answer/1": "accepted" });
    expect(timesReceived("answer/1")).toBe(1);
  });

  test("leaves an overdue notice to the office", async () => {
    await leave("duty/library/2012-12-26", "data-sent", "overdue");
    const one = office();
    for (const minute of [2, 40, 400]) {
      one.clock.moveTo(minutes(minute));
      await sendDue(one);
    }
    expect(await states(database.db)).toEqual({ "duty/library/2012-12-26": "ambiguous" });
    expect(sink.mails).toHaveLength(0);
  });
});

test("an answer whose reply is lost every time is sent twice and no more", async () => {
  await intend(intent("answer/1", { to: to("drop-after-data@unit.example") }));
  const one = office();
  for (const minute of [0, 31, 62, 200, 2_000]) {
    one.clock.moveTo(minutes(minute));
    await sendDue(one);
  }
  expect(timesReceived("answer/1")).toBe(2);
  expect(await states(database.db)).toEqual({ "answer/1": "ambiguous" });
});

test("four senders at once send each notice once", async () => {
  await intend(...Array.from({ length: 120 }, (_, n) => intent(`answer/${n}`)));
  const reports = await Promise.all(["a", "b", "c", "d"].map((worker) => sendDue(office({ worker }))));
  expect(reports.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(120);
  expect(sink.mails).toHaveLength(120);
  expect(new Set(sink.mails.map(({ to: [first] }) => first)).size).toBe(120);
});

test("four senders at once keep to one quota and to one cap of an address", async () => {
  const smtp = { host: "", port: 0, secure: false, user: null, perHour: 50, connections: 2 };
  const slow = build({ smtp });
  const one = to("many@unit.example");
  await intend(
    ...Array.from({ length: 40 }, (_, n) => intent(`answer/${n}`, { to: one })),
    ...Array.from({ length: 200 }, (_, n) => intent(`duty/${n}`, { kind: "reminder" })),
  );
  const left: string[] = [];
  const slowly = captureTransport(async ({ to: [first] }) => {
    await systemClock.sleep(5);
    left.push(first?.email ?? "");
  });
  await Promise.all(
    ["a", "b", "c", "d"].map(async (worker) => {
      for (let pass = 0; pass < 10; pass++)
        await sendDue(sender(database.db, slow, slowly, morning, { worker }));
    }),
  );
  expect(left.filter((email) => email === "many@unit.example")).toHaveLength(NOTICES_PER_ADDRESS);
  expect(left.length).toBeLessThanOrEqual(50);
  expect(left.length - NOTICES_PER_ADDRESS).toBe(40);
});

test("300 units due at once and 50 an hour: an acknowledgement that comes then still leaves at once", async () => {
  const slow = build({ smtp: { host: "", port: 0, secure: false, user: null, perHour: 50, connections: 1 } });
  const kinds: string[] = [];
  const capture = captureTransport(({ kind }) => void kinds.push(kind));
  const one = sender(database.db, slow, capture, morning);
  await intend(
    ...Array.from({ length: 300 }, (_, n) => intent(`duty/${n}`, { kind: "reminder" })),
    intent("answer/1"),
  );
  expect(await sendDue(one)).toMatchObject({ accepted: 41, left: 260 });
  expect(kinds[0]).toBe("acknowledgement");
  await intend(intent("answer/2"));
  one.clock.moveTo(minutes(5));
  expect(await sendDue(one)).toMatchObject({ accepted: 1 });
  expect(kinds.at(-1)).toBe("acknowledgement");
  one.clock.moveTo(minutes(61));
  expect(await sendDue(one)).toMatchObject({ accepted: 40 });
});

test("a responder that strips every mark gets three answers to one subject; the rest is dropped and says why", async () => {
  const one = office();
  for (const n of [1, 2, 3, 4, 5]) {
    const subject = `${"Re: ".repeat(n)}在吗（DTL-000${n}）`;
    await intend(intent(`answer/${n}`, { to: to("robot@loop.example"), subject }));
    one.clock.moveTo(minutes(n));
    await sendDue(one);
  }
  expect(sink.mails).toHaveLength(3);
  const last = await database.db
    .selectFrom("notice")
    .select(["state", "response"])
    .where("key", "=", "answer/5")
    .execute();
  expect(last).toEqual([{ state: "dropped", response: "cap: answers-per-subject" }]);
});

test("no address gets more than ten notices a day", async () => {
  await intend(
    ...Array.from({ length: 12 }, (_, n) => intent(`answer/${n}`, { to: to("many@unit.example") })),
  );
  expect(await sendDue(office())).toMatchObject({ accepted: 10, dropped: 2 });
  const next = office();
  next.clock.moveTo(minutes(24 * 60 + 5));
  await intend(intent("answer/next", { to: to("many@unit.example") }));
  expect(await sendDue(next)).toMatchObject({ accepted: 1 });
});

test("a server that is away costs a few connections, not one a notice; all leave when it is back", async () => {
  await intend(...Array.from({ length: 50 }, (_, n) => intent(`answer/${n}`)));
  let tried = 0;
  const away: SmtpTransport = {
    connections: 5,
    deliver: async () => {
      tried++;
      return { outcome: "unreached", response: "ECONNREFUSED" };
    },
    close: async () => {},
  };
  expect(await sendDue(office({ transport: away }))).toMatchObject({ accepted: 0 });
  // Each connection may have begun its next notice before the last of them found nobody there.
  expect(tried).toBeLessThan(2 * away.connections);
  const back = office();
  back.clock.moveTo(minutes(2));
  expect(await sendDue(back)).toMatchObject({ accepted: 50, left: 0 });
});

test("what is no longer true when it comes to be sent is dropped; what changed is said anew", async () => {
  await intend(
    intent("duty/a", { kind: "reminder" }),
    intent("duty/b", { kind: "reminder" }),
    intent("duty/c"),
  );
  const one = office({
    stillTrue: async (rows) =>
      new Map(
        rows.map(({ id, key }) => [
          id,
          key === "duty/a"
            ? { still: "false" as const, why: "submitted meanwhile" }
            : key === "duty/b"
              ? {
                  still: "changed" as const,
                  intent: intent("duty/b", { kind: "overdue", text: "now overdue\n" }),
                }
              : { still: "not-yet" as const, why: "mailbox-unread", until: minutes(5) },
        ]),
      ),
  });
  expect(await sendDue(one)).toEqual({ accepted: 1, rejected: 0, ambiguous: 0, dropped: 1, left: 0 });
  expect(sink.mails.map(({ raw }) => raw.includes("now overdue"))).toEqual([true]);
  expect(await states(database.db)).toEqual({
    "duty/a": "dropped",
    "duty/b": "accepted",
    "duty/c": "intended",
  });
});

test("answers to mail from before wait until the office lets them go", async () => {
  await intend(intent("answer/1", { notBefore: outbox.UNTIL_THE_OFFICE_SAYS_SO }));
  expect(await sendDue(office())).toMatchObject({ accepted: 0 });
  expect(await outbox.letWaitingGo(database.db, campaign, morning)).toBe(1);
  expect(await sendDue(office())).toMatchObject({ accepted: 1 });
});
