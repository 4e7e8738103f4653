// Returned notices against the outbox: which one is meant, who may say so, and what stops until somebody is there again.
import { Buffer } from "node:buffer";
import { expect, test } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { booksAt } from "../../src/digest/books.ts";
import { dailyDigest } from "../../src/digest/daily.ts";
import { noticeMessageId } from "../../src/notice/identity.ts";
import { intend } from "../../src/notice/outbox.ts";
import { pausedAddresses, resumeAddress } from "../../src/notice/paused/records.ts";
import { sendPass } from "../../src/service/passes.ts";
import { dateOf, instantOf } from "../../src/text/dates.ts";
import { arrivedAt, mailedOffice } from "../support/mailed-office.ts";
import { intent } from "./office.ts";

const { office, sent, mailbox, deliver, rows } = await mailedOffice();
const { campaign } = office;
const wang = "wang@lib.example";
const encoded = (words: string) => `=?utf-8?B?${Buffer.from(words).toString("base64")}?=`;
const now = () => systemClock.now();

async function say(
  key: string,
  subject: string,
  kind: "announcement" | "acknowledgement" = "announcement",
  to = wang,
) {
  await intend(
    office.app.db,
    campaign,
    [intent(key, { kind, subject, to: [{ name: "", email: to }] })],
    now(),
  );
  await sendPass(office.app);
}

interface Returned {
  from?: string;
  about?: string;
  why?: string;
  of?: string;
  citing?: string;
}

/** As mail systems write them that send no report part. */
async function comesBack({
  from = "MAILER-DAEMON@mx.lib.example",
  about = wang,
  why = "550 5.1.1 User unknown",
  of,
  citing = "",
}: Returned) {
  const head = ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Return-Path: <>"];
  const fields = [
    `From: ${from}`,
    `Subject: ${encoded("系统退信")}`,
    ...(of ? [`In-Reply-To: ${of}`] : []),
    ...head,
  ];
  const text = `您的邮件无法投递到以下收件人：\n${about}\n${why}\n${citing}\n${Math.random()}`;
  mailbox().deliver(Buffer.from([...fields, "", text].join("\r\n")), arrivedAt);
  await office.pass(mailbox());
}

async function digest(): Promise<string> {
  const on = office.app.calendar.addWorkingDays(dateOf(now(), campaign.timezone), 1);
  await dailyDigest({ ...office.app, now: instantOf(on, "18:00", campaign.timezone) });
  return String((await rows("select text from notice where kind = 'digest'"))[0]?.text);
}

const states = async () =>
  Object.fromEntries(
    (await rows("select key, state from notice order by id")).map(({ key, state }) => [key, state]),
  );
const paused = async () => (await pausedAddresses(office.app.db, campaign)).map(({ address }) => address);

test("its Message-ID finds it, whatever else has been sent since", async () => {
  await say("a", "第一次动员会的通知");
  await say("b", "第二次动员会的通知");
  await comesBack({ of: noticeMessageId(campaign, "a") });
  expect(await states()).toEqual({ a: "bounced", b: "accepted" });
});

test("without one, the subject it cites does", async () => {
  await say("a", "第一次动员会的通知");
  await say("b", "第二次动员会的通知");
  await comesBack({ from: "postmaster@relay.example", citing: "主 题：第一次动员会 的通知" });
  expect(await states()).toEqual({ a: "bounced", b: "accepted" });
});

test("with neither, the latest to that address, where the server is of that house or of ours", async () => {
  await say("a", "第一次动员会的通知");
  await say("b", "第二次动员会的通知");
  await comesBack({});
  expect(await states()).toEqual({ a: "accepted", b: "bounced" });
  expect(await paused()).toEqual([]);
});

test("a stranger who knows the address and nothing else marks nothing, and the office hears of it in one line", async () => {
  await say("a", "第一次动员会的通知");
  for (let at = 0; at < 3; at++) await comesBack({ from: "mailer-daemon@evil.example" });
  expect(await states()).toEqual({ a: "accepted" });
  expect(await paused()).toEqual([]);
  const books = await booksAt(office.app.db, campaign, { from: new Date(0), to: now() });
  expect(books.unmatchedReturns).toBe(3);
});

test("who had a notice himself cannot pause anybody else", async () => {
  await say("a", "第一次动员会的通知", "announcement", "evil@x.example");
  await say("b", "第二次动员会的通知");
  await comesBack({ of: noticeMessageId(campaign, "a"), about: wang });
  expect(await paused()).toEqual([]);
  expect((await states()).b).toBe("accepted");
});

test("an address at which nobody is gets no more mail to many, until it writes", async () => {
  await say("a", "第一次动员会的通知");
  await comesBack({ of: noticeMessageId(campaign, "a") });
  expect(await paused()).toEqual([wang]);
  await say("b", "第二次动员会的通知");
  expect((await states()).b).toBe("rejected");
  expect(await digest()).toMatch(/wang@lib\.example.*--resume/);
  await deliver({ from: wang, subject: "金点子：雨伞", text: "建议门口备些雨伞。" });
  expect(sent.at(-1)?.to).toMatchObject([{ email: wang }]);
  await say("c", "第三次动员会的通知");
  expect((await states()).c).toBe("accepted");
});

test("the office's word ends the pause as well; what comes back later begins it anew", async () => {
  await say("a", "第一次动员会的通知");
  await comesBack({ of: noticeMessageId(campaign, "a") });
  const actor = { by: "办公室", way: "command" as const, askedIn: null, at: now() };
  const resume = () =>
    office.app.db.transaction().execute((trx) => resumeAddress(trx, campaign, wang, actor));
  expect([await resume(), await resume()]).toEqual([true, false]);
  await say("b", "第二次动员会的通知");
  await comesBack({ of: noticeMessageId(campaign, "b") });
  expect(await paused()).toEqual([wang]);
});

test("a full mailbox is somebody's, and pauses nothing", async () => {
  await say("a", "第一次动员会的通知");
  await comesBack({ of: noticeMessageId(campaign, "a"), why: "552 5.2.2 Mailbox full / 邮箱已满" });
  expect(await states()).toEqual({ a: "bounced" });
  expect(await paused()).toEqual([]);
});

test("hundreds of absence notes to an announcement are handled, answered by nobody, and one number to the office", async () => {
  const people = Array.from({ length: 200 }, (_, at) => `p${at}@lib.culture.example`);
  for (const [at, from] of people.entries()) {
    const head = ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", `From: ${from}`];
    const fields = [
      ...head,
      `Subject: ${encoded("自动回复: 动员会的通知")}`,
      `In-Reply-To: <jinbox.${"0f".repeat(16)}@culture.example>`,
    ];
    mailbox().deliver(Buffer.from([...fields, "", `您好，我正在休假，第${at}天。`].join("\r\n")), arrivedAt);
  }
  await office.pass(mailbox());
  expect(sent).toEqual([]);
  expect(await rows("select state, count(*)::int as mails from message group by 1")).toEqual([
    { state: "automatic", mails: 200 },
  ]);
  const text = await digest();
  expect(text.length).toBeLessThan(6_000);
  expect(text).toContain("200");
  expect(text).not.toContain("p17@");
});
