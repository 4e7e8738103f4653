// Once each working day, whatever ticks: the digest's days, its window, its attachment, two processes at once.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { calendarOf } from "../../src/deadline/calendar.ts";
import { composeDigest } from "../../src/digest/compose.ts";
import { dailyDigest } from "../../src/digest/daily.ts";
import { type Draw, draw } from "../../src/digest/picture/draw.ts";
import { silentLogger } from "../../src/log.ts";
import { readBlob } from "../../src/store/blobs.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { addMail, addNotice, addSubmission, at, openMailbox, sampleCampaign } from "./office.ts";

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
  dailyDigest({ db: store.db, campaign, calendar, now: at(now), log: silentLogger, draw: null });
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

test("on the last working day of a week the day's digest is the weekly one, and there is no other", async () => {
  await addMail(store.db, { arrived: "2012-12-03 10:00", state: "filed" });
  await tick("2012-12-06 17:30");
  await addMail(store.db, { arrived: "2012-12-07 10:00", state: "filed" });
  expect(await tick("2012-12-07 17:30")).toBe("sent");
  expect(await tick("2012-12-07 17:31")).toBe("already");
  const [, weekly] = await digests();
  expect(weekly?.key).toBe("digest/2012-12-07/weekly");
  expect(weekly?.subject).toMatch(/^周报 12月7日：本周来信 2 封/);
  expect(weekly?.text).toContain("来信 1 封：");
});

test("another edition asked for the same day is not a second mail", async () => {
  expect(await tick("2012-12-05 17:30")).toBe("sent");
  const context = { db: store.db, campaign, calendar, log: silentLogger, draw: null };
  expect(await dailyDigest({ ...context, now: at("2012-12-05 18:00") }, "final")).toBe("already");
  expect(await digests()).toHaveLength(1);
});

test("two processes at once that disagree about the edition write one", async () => {
  const context = { db: store.db, campaign, calendar, log: silentLogger, draw: null };
  const editions = ["daily", "weekly", "final", "daily", "weekly", "final"] as const;
  const now = at("2012-12-05 17:30");
  const outcomes = await Promise.all(editions.map((edition) => dailyDigest({ ...context, now }, edition)));
  expect(outcomes.filter((outcome) => outcome === "sent")).toHaveLength(1);
  expect(await digests()).toHaveLength(1);
});

test("the campaign is closed once, when nobody is urged any more, and the days after have their digests", async () => {
  expect(await tick("2013-01-18 17:30")).toBe("sent");
  expect(await tick("2013-01-21 17:30")).toBe("sent");
  expect(await tick("2013-01-22 17:30")).toBe("sent");
  const [before, final, after] = await digests();
  expect(before?.subject).toMatch(/^周报/);
  expect(final?.key).toBe("digest/2013-01-21/final");
  expect(final?.subject).toMatch(/^终报 1月21日：应交 6 项，已交 0 项，始终未交 6 项/);
  expect(after?.key).toBe("digest/2013-01-22");
});

test("what the office ruled since the last digest is in the next, with who and why", async () => {
  // Nothing takes a ruling out of its table: no other test looks at these days.
  await tick("2012-12-17 17:30");
  await store.db
    .insertInto("ruling")
    .values({
      ...{ campaign: "WHXDH", kind: "extension", deliverable: "engineering-plan", item: "stage" },
      ...{ unit: "troupe", due_on: "2012-12-28", made_by: "office@culture.example", why: "排演\n期间" },
      ...{ made_at: at("2012-12-18 09:00"), received_at: null, way: "command" },
    })
    .execute();
  await tick("2012-12-18 17:30");
  await tick("2012-12-19 17:30");
  const [, told, after] = await digests();
  expect(told?.text).toContain(
    "锡剧院　精品生产和院团改革深化工程：延期至12月28日（office@culture.example：排演 期间）",
  );
  expect(after?.text).not.toContain("办公室的决定");
});

test("an announcement's delivery is summed while it goes on", async () => {
  for (const [n, state] of ["accepted", "accepted", "bounced", "intended"].entries())
    await addNotice(store.db, {
      key: `announcement/${n}`,
      kind: "announcement",
      written: "2012-12-05 09:00",
      state,
    } as never);
  await tick("2012-12-05 17:30");
  const [digest] = await digests();
  expect(digest?.text).toMatch(/通知的送达情况（累计）——通知：.*已发出 2/);
});

test("a picture goes inline, with words for whoever does not see it; what cannot be drawn is said", async () => {
  const messageId = await addMail(store.db, { arrived: "2012-12-05 10:00", state: "filed" });
  await addSubmission(store.db, { messageId, reference: "WHXDH-0001", arrived: "2012-12-05 10:00" });
  const context = { db: store.db, campaign, calendar, log: silentLogger, now: at("2012-12-05 17:30") };
  const { words, attachments } = await composeDigest({ ...context, draw }, "2012-12-05");
  const picture = attachments.find(({ mediaType }) => mediaType === "image/png");
  expect(words.html).toContain(`src="cid:${picture?.contentId}"`);
  expect(words.html).toMatch(/alt="各单位进度：书面总结已交 0\/4；.*市图书馆 1 条 1 人/);
  const broken: Draw = (facts) => draw({ ...facts, rows: null as never });
  const without = await composeDigest({ ...context, draw: broken }, "2012-12-05");
  expect(without.attachments.map(({ mediaType }) => mediaType)).not.toContain("image/png");
  expect(without.words.text).toContain("进度图未能画出");
  expect(without.words.html).not.toContain("<img");
  expect(without.words.html).toContain("市图书馆");
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
