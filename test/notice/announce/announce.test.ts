// Announcing on a real PostgreSQL and a real SMTP server: each person once, whatever is run again, ended or refused.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Campaign, Person } from "../../../src/campaign/campaign.ts";
import { silentLogger } from "../../../src/log.ts";
import { announce, beginAnnouncement } from "../../../src/notice/announce/announce.ts";
import { type Plan, planOf } from "../../../src/notice/announce/announcement.ts";
import { audienceOf, unnamedByUnit } from "../../../src/notice/announce/audience.ts";
import { announcementsOf, stopAnnouncement } from "../../../src/notice/announce/records.ts";
import { standings } from "../../../src/notice/announce/standing.ts";
import { recordBounce } from "../../../src/notice/bounced.ts";
import * as outbox from "../../../src/notice/outbox.ts";
import { sendDue } from "../../../src/notice/send.ts";
import { createTransport } from "../../../src/notice/smtp.ts";
import type { SmtpTransport } from "../../../src/notice/transport.ts";
import { at, campaign as build, unit } from "../../deadline/campaign.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { type SmtpSink, startSmtp } from "../../support/smtp.ts";
import { intent, sender } from "../office.ts";

const morning = at("2012-11-12", "09:00");
const minutes = (n: number) => new Date(morning.getTime() + n * 60_000);
const bare = { liaison: null, head: null, supervisor: null };
const person = (name: string, email: string | null, of = "library"): Person => ({ name, email, unit: of });

let database: TestDatabase;
let sink: SmtpSink;
let transport: SmtpTransport;

beforeAll(async () => {
  database = await testDatabase();
  sink = await startSmtp();
  const smtp = { host: sink.host, port: sink.port, secure: false, user: null, perHour: 200, connections: 5 };
  transport = createTransport(smtp, null, silentLogger);
});
afterAll(async () => {
  await transport.close();
  await sink.stop();
  await database.drop();
});
beforeEach(async () => {
  const { db } = database;
  await db.deleteFrom("announced").execute();
  await db.deleteFrom("announcement").execute();
  await db.deleteFrom("notice").execute();
  sink.mails.length = 0;
});

function campaignOf(roster: Person[], change: Partial<Campaign> = {}): Campaign {
  const units = [
    unit("library", { ...bare, name: "市图书馆" }),
    unit("museum", { ...bare, name: "市博物馆" }),
  ];
  const ideas = build().deliverables.filter(({ from }) => from === "person");
  return build({ units, roster, deliverables: ideas, ...change });
}

const text = "关于开展大讨论活动的通知\n\n各单位：\n请参加。\n";
const plan = (change: { name?: string; text?: string; path?: string; bytes?: Buffer } = {}): Plan =>
  planOf({
    ...{ name: "1", path: "/tmp/announcement.txt", text, subject: null, locale: "zh-CN" },
    ...{ bytes: Buffer.from(change.text ?? text), ...change },
  });

async function run(campaign: Campaign, now = morning, what = plan()) {
  const office = { db: database.db, campaign };
  const { announcement } = await beginAnnouncement(office, what, now);
  return announce(office, announcement, audienceOf(campaign), now);
}

const send = (campaign: Campaign, now = morning) => sendDue(sender(database.db, campaign, transport, now));
const receivers = () => sink.mails.flatMap(({ to }) => to).sort();

async function standing(campaign: Campaign, name = "1") {
  const found: string[] = [];
  for await (const one of standings(database.db, campaign, name, audienceOf(campaign), true))
    found.push([one.name, one.state, one.address, one.toldBy].filter((part) => part !== null).join(" "));
  return found;
}

test("everyone gets one mail with the plan in it and attached, run as often as you like", async () => {
  const campaign = campaignOf([
    person("黎小禾", "li@x.example"),
    person("黎小禾", "li@home.example"),
    person("桑田野", "sang@x.example", "museum"),
  ]);
  expect(await run(campaign)).toEqual({ written: 2, before: 0 });
  expect(await run(campaign)).toEqual({ written: 0, before: 2 });
  expect(await send(campaign)).toMatchObject({ accepted: 2, left: 0 });
  expect(await run(campaign, minutes(60))).toEqual({ written: 0, before: 2 });
  await send(campaign, minutes(61));
  expect(receivers()).toEqual(["li@x.example", "sang@x.example"]);
  const [mail] = sink.mails;
  expect(mail?.raw).toMatch(/^Auto-Submitted: auto-generated\r$/m);
  expect(mail?.raw).toMatch(/^Precedence: bulk\r$/m);
  expect(mail?.raw).not.toMatch(/^In-Reply-To/m);
  const name = encodeURIComponent("关于开展大讨论活动的通知.txt");
  expect(mail?.raw.replace(/\r\n\s+|filename\*\d+\*=(?:utf-8'')?|;/g, "")).toContain(name.slice(0, 40));
  expect(await database.db.selectFrom("blob").select("sha256").execute()).toHaveLength(1);
});

test("a new colleague on the roster gets it when it is run again, and only he", async () => {
  await run(campaignOf([person("甲", "a@x.example")]));
  const grown = campaignOf([
    person("甲", "a2@x.example"),
    person("乙", "b@x.example"),
    person("甲", "a@x.example", "museum"),
  ]);
  expect(await run(grown)).toEqual({ written: 1, before: 2 });
  await send(grown);
  expect(receivers()).toEqual(["a@x.example", "b@x.example"]);
});

test("the next address is written to after a refusal or a bounce, when it is run again, and no other time", async () => {
  const roster = [
    person("甲", "permerror@x.example"),
    person("甲", "a2@x.example"),
    person("乙", "b1@x.example"),
    person("乙", "b2@x.example"),
    person("丙", "drop-after-data@x.example"),
    person("丙", "c2@x.example"),
    person("丁", "temperror@x.example"),
    person("丁", "d2@x.example"),
    person("戊", null),
  ];
  const liaison = { name: "梅听雪", email: "mei@x.example" };
  const campaign = campaignOf(roster, {
    units: [unit("library", { ...bare, liaison }), unit("museum", bare)],
  });
  await run(campaign);
  await send(campaign);
  expect(await standing(campaign)).toEqual([
    "甲 next-address permerror@x.example",
    "乙 sent b1@x.example",
    "丙 unclear drop-after-data@x.example",
    "丁 waiting temperror@x.example",
    "戊 no-address 梅听雪",
    "梅听雪 sent mei@x.example",
  ]);
  const report = {
    action: "failed" as const,
    status: "5.1.1",
    diagnostic: "no such user",
    ...{ recipients: ["b1@x.example"], originalMessageId: null },
  };
  await recordBounce(database.db, campaign, { ...report, originalMessageId: null }, minutes(30));
  expect(await run(campaign, minutes(60))).toEqual({ written: 2, before: 3 });
  await send(campaign, minutes(60));
  expect(receivers().filter((address) => /^[abcd]\d@/.test(address))).toEqual([
    "a2@x.example",
    "b1@x.example",
    "b2@x.example",
  ]);
  await recordBounce(database.db, campaign, { ...report, recipients: ["b2@x.example"] }, minutes(61));
  expect(await run(campaign, minutes(62))).toEqual({ written: 0, before: 4 });
  expect((await standing(campaign)).filter((line) => /^[甲乙]/.test(line))).toEqual([
    "甲 sent a2@x.example",
    "乙 failed b2@x.example 梅听雪",
  ]);
});

test("those who share a mailbox get one mail, in the name of all; one who joins them later none", async () => {
  const first = [person("甲", "room@x.example"), person("乙", "room@x.example", "museum")];
  await run(campaignOf(first));
  await send(campaignOf(first));
  expect(sink.mails).toHaveLength(1);
  const notice = await database.db.selectFrom("notice").select(["text"]).executeTakeFirstOrThrow();
  expect(notice.text).toMatch(/^甲、乙同志：/);
  const joined = campaignOf([...first, person("丙", "room@x.example")]);
  expect(await run(joined)).toEqual({ written: 0, before: 3 });
  expect(await standing(joined)).toEqual([
    "甲 sent room@x.example",
    "乙 sent room@x.example",
    "丙 sent room@x.example",
  ]);
});

test("the liaison's letter says whom to tell, and to pass it on where the roster has not everyone", async () => {
  const liaison = (name: string, email: string) => ({ ...bare, liaison: { name, email } });
  const roster = [
    person("胥明月", null),
    person("黎小禾", "li@x.example"),
    person("桑田野", "sang@x.example", "archive"),
    person("计怀远", "ji@x.example", "archive"),
  ];
  const units = [
    unit("library", { ...liaison("梅听雪", "mei@x.example"), name: "市图书馆", staff: null }),
    unit("museum", { ...liaison("梅听雪", "mei@x.example"), name: "市博物馆", staff: null }),
    unit("archive", { ...liaison("桑田野", "sang@x.example"), name: "档案馆", staff: 30 }),
  ];
  const campaign = campaignOf(roster, { units });
  await run(campaign);
  const letters = await database.db
    .selectFrom("notice")
    .select(["to_contacts", "text"])
    .orderBy("id")
    .execute();
  const asks = letters.map(({ to_contacts, text }) => [
    to_contacts[0]?.name,
    /^- .*$/m.exec(text)?.[0] ?? "",
    /转发给.*$/m.exec(text)?.[0] ?? "",
  ]);
  expect(asks).toEqual([
    ["黎小禾", "", ""],
    ["桑田野", "", "转发给档案馆每一位干部职工。"],
    ["计怀远", "", ""],
    ["梅听雪", "- 市图书馆：胥明月", "转发给市博物馆每一位干部职工。"],
  ]);
  expect([...unnamedByUnit(campaign)]).toEqual([
    ["museum", 1],
    ["archive", 28],
  ]);
});

test("ended between two parts, and two machines at once: nobody twice, nobody missing", async () => {
  const roster = Array.from({ length: 1_200 }, (_, at) => person(`人${at}`, `p${at}@x.example`));
  const campaign = campaignOf(roster, { smtp: null });
  const office = { db: database.db, campaign };
  const { announcement } = await beginAnnouncement(office, plan(), morning);
  const dying = announce(office, announcement, audienceOf(campaign), morning, {
    onProgress: (done) => {
      if (done === 500) throw new Error("killed");
    },
  });
  await expect(dying).rejects.toThrow("killed");
  expect(await database.db.selectFrom("notice").select("id").execute()).toHaveLength(500);
  const machines = await Promise.all([run(campaign), run(campaign), run(campaign)]);
  expect(machines.reduce((sum, { written }) => sum + written, 0)).toBe(700);
  const rows = await database.db.selectFrom("notice").select("to_contacts").execute();
  expect(new Set(rows.map(({ to_contacts }) => to_contacts[0]?.email)).size).toBe(1_200);
  expect(rows).toHaveLength(1_200);
});

test("other content under the same name is refused; under its own it goes to everyone again", async () => {
  const campaign = campaignOf([person("甲", "a@x.example")]);
  await run(campaign);
  const office = { db: database.db, campaign };
  const other = plan({ text: "关于延长大讨论活动的通知\n" });
  expect((await beginAnnouncement(office, other, morning)).differs).toBe("file");
  const second = { ...other, announcement: { ...other.announcement, name: "补充通知" } };
  expect(await run(campaign, minutes(1), second)).toEqual({ written: 1, before: 0 });
  expect(
    (await announcementsOf(database.db, campaign)).map(({ name, subject }) => `${name} ${subject}`),
  ).toEqual(["1 关于开展大讨论活动的通知", "补充通知 关于延长大讨论活动的通知"]);
});

test("stopped, nothing more leaves; run again, it goes on with the rest", async () => {
  const campaign = campaignOf([person("甲", "a@x.example"), person("乙", "b@x.example")]);
  await run(campaign);
  const slow = { ...campaign, smtp: { ...(campaign.smtp as object), perHour: 1 } } as Campaign;
  expect(await send(slow)).toMatchObject({ accepted: 1 });
  expect(await stopAnnouncement(database.db, campaign, "1", morning)).toBe(1);
  expect(await send(campaign, minutes(70))).toMatchObject({ accepted: 0 });
  expect(await standing(campaign)).toEqual(["甲 sent a@x.example", "乙 stopped b@x.example"]);
  expect(await run(campaign, minutes(80))).toEqual({ written: 1, before: 1 });
  await send(campaign, minutes(81));
  expect(receivers()).toEqual(["a@x.example", "b@x.example"]);
});

test("whoever has left the roster still stands among those told", async () => {
  await run(campaignOf([person("甲", "a@x.example"), person("乙", "b@x.example")]));
  expect(await standing(campaignOf([person("乙", "b@x.example")]))).toEqual([
    "乙 waiting b@x.example",
    "甲 waiting a@x.example",
  ]);
});

test("an announcement leaves room: answers and what has a date go first, and find quota left", async () => {
  const roster = Array.from({ length: 80 }, (_, at) => person(`人${at}`, `p${at}@x.example`));
  const smtp = { host: "", port: 0, secure: false, user: null, perHour: 50, connections: 1 };
  const campaign = campaignOf(roster, { smtp });
  await run(campaign);
  expect(await send(campaign)).toMatchObject({ accepted: 30, left: 50 });
  const reminders = Array.from({ length: 20 }, (_, at) =>
    intent(`duty/u${at}/2012-11-12`, { kind: "reminder" }),
  );
  const answers = Array.from({ length: 20 }, (_, at) => intent(`answer/${at}`));
  await outbox.intend(
    database.db,
    campaign,
    [...reminders, intent("digest/2012-11-12", { kind: "digest" }), ...answers],
    minutes(1),
  );
  sink.mails.length = 0;
  await send(campaign, minutes(1));
  expect(sink.mails).toHaveLength(20);
  expect(receivers().filter((address) => address.startsWith("answer"))).toHaveLength(20);
  sink.mails.length = 0;
  await send(campaign, minutes(60));
  const kinds = sink.mails.map(({ to }) => to[0]?.replace(/[-@].*|\d/g, ""));
  // 20 of the last hour were answers: 30 are left, and the announcement gets what reminders and digest leave.
  expect(
    Object.entries(Object.groupBy(kinds, (kind) => kind ?? "")).map(([kind, all]) => [kind, all?.length]),
  ).toEqual([
    ["duty", 20],
    ["digest", 1],
    ["p", 9],
  ]);
});

test("what waited its turn for six days is not given up at its first delay", async () => {
  const campaign = campaignOf([person("甲", "temperror@x.example")]);
  await run(campaign);
  await send(campaign, minutes(6 * 24 * 60));
  expect(await standing(campaign)).toEqual(["甲 waiting temperror@x.example"]);
});

test("a plan keeps its Chinese name; one called in letters only is called as it is titled", () => {
  const named = (path: string, words: string | null = null) =>
    planOf({ name: "1", path, bytes: Buffer.from("x"), text: words, subject: null, locale: "zh-CN" })
      .announcement;
  expect(named("/x/关于印发实施方案的通知.docx")).toMatchObject({
    subject: "关于印发实施方案的通知",
    filename: "关于印发实施方案的通知.docx",
    text: "",
  });
  expect(named("/x/plan.pdf", "# 实施方案\n\n一、目的。")).toMatchObject({
    subject: "实施方案",
    filename: "实施方案.pdf",
  });
  expect(named("/x/plan.txt", "各单位：请于年底前报送。\n")).toMatchObject({ subject: "plan" });
});
