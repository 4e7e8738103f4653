// Once each working day, whatever ticks: the digest's days, its window, its attachment, two processes at once.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { calendarOf } from "../../src/deadline/calendar.ts";
import { dailyDigest } from "../../src/digest/daily.ts";
import { silentLogger } from "../../src/log.ts";
import { readBlob } from "../../src/store/blobs.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { addMail, addSubmission, at, openMailbox, sampleCampaign } from "./office.ts";

const campaign = sampleCampaign();
const calendar = calendarOf(campaign);
let store: TestDatabase;

beforeAll(async () => {
  store = await testDatabase();
});
afterAll(() => store.drop());
beforeEach(async () => {
  for (const table of ["notice", "submission", "mail_record", "message", "mailbox"] as const)
    await store.db.deleteFrom(table).execute();
  await openMailbox(store.db, { lastReadAt: at("2012-12-05 17:29") });
});

const tick = (now: string) =>
  dailyDigest({ db: store.db, campaign, calendar, now: at(now), log: silentLogger });
const digests = () =>
  store.db.selectFrom("notice").selectAll().where("kind", "=", "digest").orderBy("id").execute();

test("it goes on a working day from its hour on, once", async () => {
  expect(await tick("2012-12-05 17:29")).toBe("not-due");
  expect(await tick("2012-12-05 17:30")).toBe("sent");
  expect(await tick("2012-12-05 17:30")).toBe("already");
  expect(await tick("2012-12-05 23:59")).toBe("already");
  expect((await digests()).map(({ key }) => key)).toEqual(["digest/2012-12-05"]);
});

test("it rests on Saturdays, Sundays and holidays", async () => {
  expect(await tick("2012-12-08 18:00")).toBe("not-due");
  expect(await tick("2012-12-09 18:00")).toBe("not-due");
  expect(await tick("2013-01-01 18:00")).toBe("not-due");
});

test("a make-up day is a working day", async () => {
  expect(await tick("2013-01-05 17:30")).toBe("sent");
});

test("two processes at the same instant write one", async () => {
  const outcomes = await Promise.all(Array.from({ length: 6 }, () => tick("2012-12-05 17:30")));
  expect(outcomes.filter((outcome) => outcome === "sent")).toHaveLength(1);
  expect(await digests()).toHaveLength(1);
});

test("after days of standstill the latest goes, covering everything since the one before", async () => {
  await addMail(store.db, { arrived: "2012-12-03 10:00", state: "filed" });
  expect(await tick("2012-12-03 17:30")).toBe("sent");
  await addMail(store.db, { arrived: "2012-12-04 10:00", state: "filed", subject: "停机第一天" });
  await addMail(store.db, { arrived: "2012-12-05 10:00", state: "filed", subject: "停机第二天" });
  // Back on Thursday morning: Wednesday's is made up for, Tuesday's is not.
  expect(await tick("2012-12-06 09:00")).toBe("sent");
  expect(await tick("2012-12-06 09:01")).toBe("not-due");
  const [, late] = await digests();
  expect(late?.key).toBe("digest/2012-12-05");
  expect(late?.text).toContain("来信 2 封");
  expect(late?.text).toContain("含此前 2 天");
  expect(await tick("2012-12-06 17:30")).toBe("sent");
});

test("a fresh installation does not report on the day before it began", async () => {
  expect(await tick("2012-12-06 09:00")).toBe("not-due");
});

test("no mail is in two digests or in none", async () => {
  const arrivals = ["2012-12-03 17:30", "2012-12-03 17:31", "2012-12-04 17:30", "2012-12-05 08:00"];
  let seen = 0;
  for (const on of ["2012-12-03", "2012-12-04", "2012-12-05"]) {
    for (const arrived of arrivals.filter((one) => one.startsWith(on) && one <= `${on} 17:30`))
      await addMail(store.db, { arrived, state: "ignored", reason: "thanks" });
    await tick(`${on} 17:30`);
    for (const arrived of arrivals.filter((one) => one.startsWith(on) && one > `${on} 17:30`))
      await addMail(store.db, { arrived, state: "ignored", reason: "thanks" });
  }
  for (const { text } of await digests()) seen += Number(/来信 (\d+) 封/.exec(text)?.[1] ?? 0);
  expect(seen).toBe(arrivals.length);
});

test("the ledger goes with it, stored under its hash in the same transaction", async () => {
  const messageId = await addMail(store.db, { arrived: "2012-12-05 10:00", state: "filed" });
  await addSubmission(store.db, { messageId, reference: "WHXDH-0001", arrived: "2012-12-05 10:00" });
  await tick("2012-12-05 17:30");
  const [digest] = await digests();
  expect(digest?.to_contacts).toEqual(campaign.office.members);
  expect(digest?.attachments[0]?.filename).toBe("WHXDH-2012-12-05.xlsx");
  const bytes = await readBlob(store.db, Buffer.from(digest?.attachments[0]?.sha256 ?? "", "hex"));
  expect(bytes.subarray(0, 2).toString()).toBe("PK");
});

test("a silent day says so in one line", async () => {
  await store.db
    .updateTable("mailbox")
    .set({ last_read_at: at("2012-12-05 17:30") })
    .execute();
  await tick("2012-12-05 17:30");
  const [digest] = await digests();
  expect(digest?.subject).toBe("简报 12月5日：今日无新邮件，无待办");
  expect(digest?.text).toContain("今日没有新邮件，没有待人工的邮件。");
  expect(digest?.text.split("\n").filter(Boolean).length).toBeLessThan(9);
});
