// An announcement by the real program: ended by kill -9, run twice at once, beside the service; and what comes back.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { systemClock } from "../../src/clock.ts";
import type { Mailbox } from "../../src/intake/mailbox.ts";
import { announce, beginAnnouncement } from "../../src/notice/announce/announce.ts";
import { planOf } from "../../src/notice/announce/announcement.ts";
import { audienceOf } from "../../src/notice/announce/audience.ts";
import type { OutgoingNotice } from "../../src/notice/compose.ts";
import { captureTransport } from "../../src/notice/transport.ts";
import { memoryMailbox } from "../../src/service/memory.ts";
import { sendPass } from "../../src/service/passes.ts";
import { endAllProcesses, type Jinbox, startJinbox } from "../support/jinbox.ts";
import { type MailToBuild, mail } from "../support/mails.ts";
import { openOffice, type TestOffice } from "../support/office.ts";
import { type SmtpSink, startSmtp } from "../support/smtp.ts";
import { until } from "../support/until.ts";

let office: TestOffice;
let sink: SmtpSink;
let sent: OutgoingNotice[] = [];
let boxes = 0;

beforeAll(async () => {
  sink = await startSmtp();
  office = await openOffice({
    transport: captureTransport((notice) => void sent.push(notice)),
    smtpPort: sink.port,
  });
});
afterAll(async () => {
  await endAllProcesses();
  await office?.end();
  await sink?.stop();
});
beforeEach(async () => {
  await office.empty();
  await office.database.pool.query("truncate announcement cascade");
  sent = [];
  sink.mails.length = 0;
});

const start = (...args: string[]): Jinbox =>
  startJinbox([...args], {
    DATABASE_URL: office.database.url,
    JINBOX_DATA: office.folder,
    JINBOX_LOG: "info",
  });

/** The office's campaign with so many people on its roster. */
async function campaignWith(people: number): Promise<string> {
  const config = parse(await readFile(office.configFile, "utf8"));
  config.roster = join(office.folder, "many.csv");
  config.mailbox.imap = undefined;
  const rows = Array.from({ length: people }, (_, at) => `职工${at},staff${at}@lib.culture.example,library`);
  await writeFile(config.roster, ["姓名,邮箱,单位", ...rows].join("\n"));
  const file = join(office.folder, "many.yaml");
  await writeFile(file, stringify(config));
  return file;
}

test("ended by kill -9, run again by two at once beside the service: everyone once", {
  timeout: 120_000,
}, async () => {
  const people = 250;
  const file = await campaignWith(people);
  const first = start("announce", "--to", "roster", "--config", file);
  await until("some mails sent", () => sink.mails.length > 20);
  first.signal("SIGKILL");
  await first.ended;
  const service = start("run", "--roles", "sender,scheduler", "--config", file);
  const again = [
    start("announce", "--to", "roster", "--config", file),
    start("announce", "--to", "roster", "--config", file),
  ];
  expect(await Promise.all(again.map(({ ended }) => ended))).toEqual([0, 0]);
  const counted = async () => {
    const { rows } = await office.database.pool.query(
      "select state, count(*)::integer as n from notice where kind = 'announcement' group by state",
    );
    return Object.fromEntries(rows.map(({ state, n }) => [state, n])) as Record<string, number>;
  };
  // What was claimed or half sent when it was killed is free again, or unclear, when its lease has run out.
  await until("all but what was on its way", async () => (await counted()).intended === undefined);
  service.signal("SIGTERM");
  await service.ended;
  const receivers = sink.mails.flatMap(({ to }) => to);
  expect(new Set(receivers).size).toBe(receivers.length);
  const states = await counted();
  const onItsWay = (states.claimed ?? 0) + (states["data-sent"] ?? 0);
  expect((states.accepted ?? 0) + onItsWay).toBe(people);
  const status = start("announce", "--status", "--to", "roster", "--json", "--config", file);
  expect(await status.ended).toBe(0);
  const lines = status
    .stdout()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines.at(-1).total).toMatchObject({ people, sent: states.accepted, waiting: onItsWay });
  expect(lines).toHaveLength(people + 2);
});

/** Announces the plan to everyone and hands back the mail one of them got. */
async function announced(to: string): Promise<OutgoingNotice> {
  const { campaign } = office;
  const { db } = office.app;
  const now = systemClock.now();
  const text = campaign.announcement ?? "";
  const facts = { name: "1", path: "announcement.txt", bytes: Buffer.from(text), text, subject: null };
  const { announcement } = await beginAnnouncement(
    { db, campaign },
    planOf({ ...facts, locale: campaign.locale }),
    now,
  );
  await announce({ db, campaign }, announcement, audienceOf(campaign), now);
  await sendPass(office.app);
  const mine = sent.find((notice) => notice.to.some(({ email }) => email === to));
  if (!mine) throw new Error(`${to} was not told`);
  sent = [];
  return mine;
}

const idea = "建议阅览室晚上延长开放到十点，方便白天上班的读者，先在中心馆试行三个月。";

test.each<{ reply: string; parts(notice: OutgoingNotice): MailToBuild; state: string; titles: RegExp[] }>([
  {
    reply: "an idea above the quoted announcement, as QQ quotes",
    parts: ({ text, subject }) => ({
      subject: `回复：${subject}`,
      text: `${idea}\n\n市图书馆 黎小禾\n\n------------------ 原始邮件 ------------------\n发件人: "活动办公室" <ideas@culture.example>;\n主题: ${subject}\n\n${text}`,
    }),
    state: "filed",
    titles: [/延长/],
  },
  {
    // Whose words they are cannot be told any more: a person looks, nothing is filed of it.
    reply: "an idea above an announcement quoted without any mark",
    parts: ({ text, subject }) => ({
      subject: `Re: ${subject}`,
      text: `${idea}\n\n市图书馆 黎小禾\n\n${text}`,
    }),
    state: "held",
    titles: [],
  },
  {
    reply: "thanks",
    parts: ({ text, subject }) => ({
      subject: `Re: ${subject}`,
      text: `收到，谢谢！\n\n> ${text.replaceAll("\n", "\n> ")}`,
    }),
    state: "ignored",
    titles: [],
  },
  {
    reply: "the announcement alone, passed on to us by hand",
    parts: ({ text, subject }) => ({ subject: `Fwd: ${subject}`, text }),
    state: "ignored",
    titles: [],
  },
])("$reply", async ({ parts, state, titles }) => {
  const notice = await announced("lixh@lib.culture.example");
  boxes += 1;
  const mailbox = memoryMailbox(`announced-${boxes}`);
  const thread = { inReplyTo: notice.messageId, references: [notice.messageId] };
  const from = "黎小禾 <lixh@lib.culture.example>";
  mailbox.deliver(await mail({ from, ...thread, ...parts(notice) }), systemClock.now());
  await office.pass(mailbox as Mailbox);
  const { rows } = await office.database.pool.query("select state, reason from message");
  expect(rows.map((row) => row.state)).toEqual([state]);
  const filed = await office.database.pool.query(
    "select type, unit, title, text from submission order by id",
  );
  expect(filed.rows).toHaveLength(titles.length);
  for (const [at, row] of filed.rows.entries()) {
    expect(row).toMatchObject({ type: "golden-idea", unit: "library" });
    expect(row.title).toMatch(titles[at] as RegExp);
    expect(row.text).not.toContain("为什么讨论");
  }
});
