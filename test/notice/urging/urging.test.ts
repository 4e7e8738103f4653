// The record of urging: each step with whom it reached, what came back and what came of it; and the steps that did not go.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strFromU8, unzipSync } from "fflate";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { stringify } from "yaml";
import { command, urgingLines } from "../../../src/commands/urging.ts";
import { calendarOf } from "../../../src/deadline/calendar.ts";
import { silentLogger } from "../../../src/log.ts";
import { recordBounce } from "../../../src/notice/bounced.ts";
import { chase, dutyCheck } from "../../../src/notice/chase.ts";
import { sendDue } from "../../../src/notice/send.ts";
import { captureTransport } from "../../../src/notice/transport.ts";
import { type Urging, urgings } from "../../../src/notice/urging/urging.ts";
import { at, campaign as build, unit } from "../../deadline/campaign.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { clear, mailboxReadAt, message, sender, submission } from "../office.ts";

const nobody = { liaison: null, head: null, supervisor: null };
const campaign = build({
  units: [
    unit("library", { name: "市图书馆" }),
    unit("museum", { name: "市博物馆" }),
    unit("theatre", { name: "市剧院", ...nobody }),
  ],
  deliverables: build().deliverables.filter(({ code }) => code === "summary"),
});
const calendar = calendarOf(campaign);
const folder = mkdtempSync(join(tmpdir(), "jinbox-urging-"));
const configFile = join(folder, "campaign.yaml");
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  const { code, title, opens, closes, mailbox, units } = campaign;
  const contacts = units.slice(0, 1).map((one) => ({ ...one, aliases: ["市图"] }));
  const file = {
    campaign: { code, title, opens, closes },
    mailbox: { address: mailbox.address },
    units: contacts,
    deliverables: [{ code: "summary", name: "书面总结", from: "unit", due: "2012-12-25" }],
  };
  writeFileSync(configFile, stringify(file));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await database.drop();
});

/** The words of an Office file, whatever their marks. */
function textOf(bytes: Buffer): string {
  const parts = Object.entries(unzipSync(bytes)).filter(([name]) => name.endsWith(".xml"));
  return parts.map(([, part]) => strFromU8(part).replace(/<[^>]*>/g, "")).join("\n");
}
beforeEach(async () => {
  await clear(database.db);
  await mailboxReadAt(database.db, campaign, at("2012-12-14"));
});

async function tick(day: string, time = "08:30") {
  const facts = { db: database.db, campaign, calendar, log: silentLogger };
  const now = at(day, time);
  await mailboxReadAt(database.db, campaign, now);
  await chase(facts, now);
  const transport = captureTransport(() => undefined);
  await sendDue(sender(database.db, campaign, transport, now, { stillTrue: dutyCheck(facts) }));
}

const record = (now: Date, span: { from?: string; to?: string; unit?: string | null } = {}) =>
  urgings(
    database.db,
    campaign,
    calendar,
    { from: "2012-12-14", to: "2013-01-31", unit: null, ...span },
    now,
  );

const brief = ({ on, unit: code, kind, level, outcome }: Urging) =>
  [on, code, kind, level, outcome].join(" ");

test("every step: sent, returned, answered, met; not sent for want of an address, or while it was held back", async () => {
  const { db } = database;
  // 20 December: a reminder. 24: the museum's is held back, for a held mail that may be theirs. 26: overdue.
  await tick("2012-12-20");
  const report = {
    action: "failed" as const,
    recipients: ["liaison@library.example"],
    status: "5.1.1",
    originalMessageId: null,
  };
  await recordBounce(db, campaign, { ...report, diagnostic: "550 no such user" }, at("2012-12-20", "08:40"));
  const guess = (value: string) => ({ value, confidence: 0.95, evidence: [], runnerUp: null });
  const understanding = { unit: guess("museum"), type: guess("summary"), submissions: [] };
  await message(db, campaign, at("2012-12-21"), { state: "held", reason: "unit-unsure", understanding });
  await tick("2012-12-24");
  await db.updateTable("message").set({ state: "ignored" }).execute();
  await tick("2012-12-26");
  const notice = await db
    .selectFrom("notice")
    .select("id")
    .where("key", "=", "duty/library/2012-12-26")
    .executeTakeFirstOrThrow();
  const answer = await message(db, campaign, at("2012-12-26", "10:00"), { from: "head@library.example" });
  await db
    .updateTable("message")
    .set({ answers_notice: notice.id, new_text: "明天报送。", subject: "回复：催办" })
    .where("id", "=", answer)
    .execute();
  const reference = await submission(db, campaign, {
    type: "summary",
    unit: "library",
    arrivedAt: at("2012-12-27", "09:05"),
  });

  const all = await record(at("2012-12-27", "10:00"), { from: "2012-12-20" });
  expect(all.map(brief)).toEqual([
    "2012-12-20 library reminder liaison returned",
    "2012-12-20 museum reminder liaison sent",
    "2012-12-20 theatre reminder  unreachable",
    "2012-12-24 library reminder head sent",
    "2012-12-24 museum reminder liaison held-back",
    "2012-12-24 theatre reminder  unreachable",
    "2012-12-26 library overdue liaison sent",
    "2012-12-26 museum overdue liaison sent",
    "2012-12-26 theatre overdue  unreachable",
  ]);
  const [first] = all;
  expect(first?.returned).toMatchObject({
    recipients: ["liaison@library.example"],
    words: "5.1.1 550 no such user",
  });
  const library = all.filter(({ unit: code }) => code === "library");
  for (const { things } of library)
    expect(things).toMatchObject([{ metBy: reference, metAt: at("2012-12-27", "09:05"), isLate: true }]);
  expect(library.map(({ things }) => things[0]?.wasOverdue)).toEqual([false, false, true]);
  expect(urgingLines(library.slice(-1), campaign)).toEqual([
    "2012-12-26 08:30  市图书馆  逾期催办  联络员",
    "  主送：联络员 <liaison@library.example>",
    "  催办事项：书面总结（2012年12月25日截止，逾期）",
    expect.stringMatching(/^ {2}送达情况：已发出/),
    "  回信：2012-12-26 10:00 head@library.example “明天报送。”",
    `  报送情况：书面总结 2012-12-27 09:05 ${reference}，逾期`,
    "",
    "共 1 次：逾期催办 1；已发出 1",
  ]);
});

test.each(["xlsx", "csv", "json", "docx"])("written as .%s it says the same", async (ending) => {
  await tick("2012-12-26");
  const out = join(folder, `催办记录.${ending}`);
  process.env.DATABASE_URL = database.url;
  try {
    const values = { out, config: configFile, unit: "市图" };
    expect(await command.run({ values, positionals: [] })).toBe(0);
  } finally {
    delete process.env.DATABASE_URL;
  }
  const bytes = readFileSync(out);
  const text = /xlsx|docx/.test(ending) ? textOf(bytes) : bytes.toString();
  const words =
    ending === "json"
      ? ["overdue", "2012-12-25", "sent"]
      : ["逾期催办", "联络员", "2012年12月25日截止，逾期", "已发出"];
  // A workbook holds days as numbers, so that they sort and filter.
  const day = ending === "xlsx" ? "41269" : "2012-12-26";
  for (const each of [day, "liaison@library.example", ...words]) expect(text).toContain(each);
});

test("one unit, a span, and today's reason for what is held back", async () => {
  await message(database.db, campaign, at("2012-12-24", "08:00"), {
    from: "liaison@museum.example",
    state: "held",
  });
  await tick("2012-12-24");
  const all = await record(at("2012-12-24", "12:00"), { from: "2012-12-24", unit: "museum" });
  expect(all.map(brief)).toEqual(["2012-12-24 museum reminder liaison held-back"]);
  expect(all[0]?.response).toBe("held-mail");
  expect(urgingLines(all, campaign)).toContain(
    "  送达情况：未发，暂缓或系统未运行（待人工的来信可能是该单位的）",
  );
  expect(await record(at("2012-12-24", "12:00"), { from: "2012-12-21", to: "2012-12-23" })).toEqual([]);
});

test("what was due before anybody watched the mailbox is no step of ours", async () => {
  await clear(database.db);
  expect(await record(at("2012-12-27"))).toEqual([]);
  await mailboxReadAt(database.db, campaign, at("2012-12-24", "09:00"));
  expect(new Set((await record(at("2012-12-26", "12:00"))).map(({ on }) => on))).toEqual(
    new Set(["2012-12-26"]),
  );
});
