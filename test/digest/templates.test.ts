// A template of the office's own that breaks while the service runs: the mails go, and the digest says what is wrong.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { calendarOf } from "../../src/deadline/calendar.ts";
import { dailyDigest } from "../../src/digest/daily.ts";
import { silentLogger } from "../../src/log.ts";
import { intend } from "../../src/notice/outbox.ts";
import { announcementIntent } from "../../src/notice/wording/announcement.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { at, openMailbox, sampleCampaign } from "./office.ts";

let store: TestDatabase;

beforeAll(async () => {
  store = await testDatabase();
});
afterAll(() => store.drop());
beforeEach(async () => {
  for (const table of ["notice", "mailbox"] as const) await store.db.deleteFrom(table).execute();
  await openMailbox(store.db, { lastReadAt: at("2012-12-05 17:29") });
});

async function campaignWith(files: Record<string, string>) {
  const templates = await mkdtemp(join(tmpdir(), "jinbox-own-"));
  onTestFinished(() => rm(templates, { recursive: true, force: true }));
  await mkdir(join(templates, "zh-CN"));
  for (const [name, words] of Object.entries(files)) await writeFile(join(templates, "zh-CN", name), words);
  return { ...sampleCampaign(), templates };
}

async function digestOf(
  campaign: ReturnType<typeof sampleCampaign>,
): Promise<{ subject: string; text: string }> {
  const now = at("2012-12-05 17:30");
  const context = {
    db: store.db,
    campaign,
    calendar: calendarOf(campaign),
    now,
    log: silentLogger,
    draw: null,
  };
  expect(await dailyDigest(context)).toBe("sent");
  return store.db
    .selectFrom("notice")
    .select(["subject", "text"])
    .where("kind", "=", "digest")
    .executeTakeFirstOrThrow();
}

test("a notice whose template cannot be used goes in the built-in words, and the digest names file and line", async () => {
  const campaign = await campaignWith({ "announcement.text.liquid": "您好\n{{ adressee }}\n" });
  const announcement = {
    name: "1",
    subject: "通知",
    filename: "通知.pdf",
    mediaType: "",
    sha256: "00",
    text: "",
  };
  const facts = { announcement, address: "a@x.example", people: [{ name: "张某" }], unit: "library" };
  const now = at("2012-12-05 10:00");
  const intent = await announcementIntent({ ...facts, tells: new Map(), passesOn: [] }, campaign, now);
  await intend(store.db, campaign, [intent], now);
  const sent = await store.db.selectFrom("notice").select(["text"]).executeTakeFirstOrThrow();
  expect(sent.text).toContain("张某同志：");
  const { text } = await digestOf(campaign);
  expect(text).toMatch(
    /1 封邮件改用自带的措辞发出：.*announcement\.text\.liquid:2: undefined variable: adressee/,
  );
});

test("a digest whose own template cannot be used says so itself, the same day", async () => {
  const { subject, text } = await digestOf(
    await campaignWith({ "digest.text.liquid": "{% for x in held %}" }),
  );
  expect(subject).toMatch(/^简报 12月5日/);
  expect(text).toMatch(/1 封邮件改用自带的措辞发出：.*digest\.text\.liquid:1: tag .* not closed/);
});

test("templates that can be used are not spoken of", async () => {
  const { subject, text } = await digestOf(
    await campaignWith({ "digest.subject.liquid": "【我们的简报】{{ day }}" }),
  );
  expect(subject).toBe("【我们的简报】12月5日");
  expect(text).not.toContain("模板");
});
