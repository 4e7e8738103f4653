// A person asks to be forgotten: gone from every table and file, while what others rely on stays true.
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { calendarOf } from "../../../src/deadline/calendar.ts";
import { currentObligations } from "../../../src/deadline/records.ts";
import { tallyMails } from "../../../src/digest/books.ts";
import {
  forget,
  forgetAgain,
  newPseudonym,
  personOf,
  whatIsHeld,
} from "../../../src/service/forget/forget.ts";
import { listOf, takeList } from "../../../src/service/forget/list.ts";
import { places } from "../../../src/service/forget/places.ts";
import { reclaim } from "../../../src/service/retention/purge.ts";
import { openLong } from "../../../src/store/backup/connection.ts";
import { endAllProcesses, startJinbox } from "../../support/jinbox.ts";
import { mailedOffice } from "../../support/mailed-office.ts";
import { filesHolding, tablesHolding } from "../../support/markers.ts";

const { office, deliver, mailbox, rows } = await mailedOffice();
const { db, pool } = office.database;
const { campaign } = office;

afterAll(endAllProcesses);
beforeEach(() => pool.query("truncate removal, blob, forgotten cascade"));

const name = "欧阳若冰Q";
const address = "ruobing-q@lib.culture.example";
const words = [name, address];
const from = `${name} <${address}>`;
const now = new Date("2026-12-01T00:00:00Z");

async function fill(): Promise<void> {
  await deliver(
    {
      from,
      subject: `金点子：延长开放时间（${name}）`,
      text: `我是市图书馆的${name}。建议周末延长开放时间两小时，方便上班的读者借书还书。联系：${address}`,
      attachments: [{ filename: `${name}的说明.txt`, content: `${name}：详细说明` }],
    },
    {
      from: "联络员 <liaison@lib.culture.example>",
      subject: "市图书馆书面总结",
      text: "附上市图书馆书面总结，请查收。",
      attachments: [
        {
          filename: "市图书馆总结.txt",
          content: `市图书馆“大讨论”活动书面总结\n一、活动情况。${name}同志提出了好建议。\n市图书馆`,
        },
      ],
    },
    {
      from,
      subject: "市图书馆书面总结（修改稿）",
      text: `市图书馆书面总结\n一、活动情况。共收到建议六十条。\n二、主要做法。由${name}整理。\n市图书馆`,
    },
  );
  await pool.query(
    `insert into correction (campaign, message_id, field, before, after, made_by, made_at, way)
     select campaign, id, 'people', $1, $1, $2, now(), 'sender' from message order by id limit 1`,
    words,
  );
  await pool.query(
    `insert into ruling (campaign, kind, made_by, made_at, why, way) values ('C', 'waiver', $1, now(), $2, 'command')`,
    words,
  );
}

/** Columns in which no words of people stand: codes, states, reasons, numbers of ours, the operator's own words. */
const impersonal = `
  announced.campaign announced.announcement announced.unit attachment.declared_type attachment.media_type attachment.status
  attachment.reason correction.campaign correction.field correction.way document.status document.reason
  document.media_type fetch_failure.mailbox forgotten.pseudonym further_message.role heartbeat.process heartbeat.role
  installation_secret.purpose likeness.kind mail_record.mailbox mailbox.name mailbox.campaign mailbox.last_error
  message.campaign message.state message.reason message.origin message.rfc_message_id notice.campaign
  notice.key notice.kind notice.attachments notice.rfc_message_id notice.in_reply_to notice.reference_ids notice.unit
  notice.state notice.claimed_by notice.decision reference_counter.campaign removal.campaign removal.kind removal.made_by
  restoration.finished_by resumed_address.campaign ruling.campaign ruling.kind ruling.deliverable ruling.item ruling.unit
  ruling.due_time ruling.received_by ruling.way ruling_scan.media_type sent_folder.campaign sent_folder.folder
  sent_folder.error submission.reference submission.campaign submission.type submission.item submission.unit
  submission.state submission.timeliness`;
/** Handled by a statement of their own, or published by the office itself. */
const otherwise = /^(audit|announcement|kysely_\w+)\.|^(submission\.people|resumed_address\.address)$/;

test("every column with words in it is known as one that may name people, or as one that cannot", async () => {
  const columns = await rows(
    `select table_name || '.' || column_name as name from information_schema.columns
     where table_schema = 'public' and data_type in ('text', 'jsonb', 'ARRAY', 'character varying') order by 1`,
  );
  const known = new Set([
    ...impersonal.trim().split(/\s+/),
    ...Object.entries(places).flatMap(([table, { text, json }]) =>
      [...text, ...json].map((one) => `${table}.${one}`),
    ),
  ]);
  const names = columns.map(({ name }) => String(name));
  expect(names.filter((one) => !known.has(one) && !otherwise.test(one))).toEqual([]);
  expect([...known].filter((one) => !names.includes(one))).toEqual([]);
});

const person = personOf(words);
const asked = () => ({ person, pseudonym: newPseudonym(), by: "办公室", until: now, now });
const states = () => currentObligations(db, campaign, calendarOf(campaign), now);

test("no name and no address is left in any table or file; counts, obligations and others' words stay", async () => {
  await fill();
  const tally = await tallyMails(db, campaign.code);
  const owed = (await states()).map(({ unit, deliverable, state }) => ({ unit, deliverable, state }));
  const references = await rows("select reference, unit, type, state from submission order by id");
  const held = await whatIsHeld(db, campaign, person, now);
  expect(held).toMatchObject({ mails: 2 });
  expect(new Set(held.rows.map(({ place }) => place))).toEqual(
    new Set(["message", "attachment", "document", "submission", "notice", "correction", "ruling"]),
  );

  const request = asked();
  await forget(db, campaign, request);
  const { client, end } = await openLong(office.database.url);
  await reclaim(db, client, now).finally(end);

  expect(await tablesHolding(pool, words)).toEqual([]);
  expect(await filesHolding(pool, words)).toEqual([]);
  expect(await tallyMails(db, campaign.code)).toEqual(tally);
  expect((await states()).map(({ unit, deliverable, state }) => ({ unit, deliverable, state }))).toEqual(
    owed,
  );
  expect(await rows("select reference, unit, type, state from submission order by id")).toEqual(references);
  const papers = await rows("select text from submission where type = 'summary-report' order by id");
  expect(papers.length).toBeGreaterThan(0);
  expect(papers.map(({ text }) => text).join()).toContain(request.pseudonym);
  expect(await rows("select kind, made_by from removal")).toEqual([{ kind: "forget", made_by: "办公室" }]);
  expect(await rows(`select action from audit where about = 'person/${request.pseudonym}'`)).toEqual([
    { action: "forget" },
  ]);
});

test("who is known by a signature only is found by his address, too", async () => {
  await deliver({
    from: "90331276@qq.example",
    subject: "金点子：儿童座椅",
    text: "建议在少儿阅览室增加儿童座椅，方便小读者自己取书、坐着看书。\n市图书馆 王小满",
  });
  const held = await whatIsHeld(db, campaign, personOf(["王小满"]), now);
  expect(held.alsoKnownAs).toEqual(["90331276@qq.example"]);
});

test("somebody whose name begins alike, at another address, keeps what is his", async () => {
  await fill();
  await deliver({
    from: "王某 <wang@lib.culture.example>",
    subject: "金点子：夜间开放",
    text: "我是市图书馆的王某。建议每周五夜间开放到九点，增加讲座。",
  });
  await forget(db, campaign, asked());
  const [kept] = await rows(
    "select from_name, subject, new_text from message where from_address = 'wang@lib.culture.example'",
  );
  expect(kept).toMatchObject({ from_name: "王某", subject: "金点子：夜间开放" });
  const [mail] = await rows(
    "select octet_length(data) > 100 as kept from blob_chunk join message using (sha256) where from_name = '王某'",
  );
  expect(mail).toEqual({ kept: true });
});

test.each([["Tim"], ["li@lib.culture.example"], ["unit_%"], ["de"]])(
  "forgetting %s touches no longer word, no longer address and no key of ours",
  async (short) => {
    await deliver({
      from: "王力 <wangli@lib.culture.example>",
      subject: "金点子：timetable",
      text: "我是市图书馆的王力。建议周末延长开放时间，设 timetable。联系 wangli@lib.culture.example",
    });
    const all =
      "select m.subject, m.from_address, m.new_text, m.understanding::text, s.title from message m join submission s on s.message_id = m.id";
    const before = await rows(all);
    const person = personOf([short]);
    const forgotten = await forget(db, campaign, { ...asked(), person });
    expect(before).toHaveLength(1);
    expect(await rows(all)).toEqual(before);
    expect(forgotten).toBe(0);
  },
);

test("a Latin name goes wherever it stands as a word, also first in a line of JSON", async () => {
  await deliver({
    from: "王力 <wangli@lib.culture.example>",
    subject: "金点子：开放",
    text: "我是市图书馆的王力。建议周末延长开放时间。\nTim同意，见Tim_1。\nTim.",
  });
  await forget(db, campaign, { ...asked(), person: personOf(["tim"]) });
  const [mail] = await rows("select new_text, understanding::text as understanding from message");
  expect(JSON.stringify(mail)).not.toMatch(/\bTim|nTim/);
});

test("listed again by the mailbox it stays away; restored from before, it is forgotten again", async () => {
  await fill();
  await forget(db, campaign, asked());
  await office.pass({ ...mailbox(), uidValidity: 2 });
  expect(await tablesHolding(pool, words)).toEqual([]);
  const list = await listOf(db);
  for (const word of words) expect(list).not.toContain(word);
  // As a backup from before would leave it: the mails are here, nobody remembers that they were to go.
  await writeFile(join(office.folder, "forgotten.json"), list);
  await office.empty();
  await pool.query(
    "truncate forgotten, blob cascade; delete from installation_secret where purpose = 'forgotten'",
  );
  await fill();
  expect(await tablesHolding(pool, words)).not.toEqual([]);
  expect(await takeList(db, office.folder, now)).toBe(true);
  expect(await forgetAgain(db, campaign, now)).toBe(1);
  expect(await tablesHolding(pool, words)).toEqual([]);
  // A letter of later is a new one.
  mailbox().deliver(
    Buffer.from(`From: <${address}>\r\nSubject: =?utf-8?B?5paw55qE5bu66K6u?=\r\n\r\nhello`),
    new Date("2026-12-02T00:00:00Z"),
  );
  await office.pass(mailbox());
  await forgetAgain(db, campaign, now);
  expect(await rows(`select state from message where from_address = '${address}'`)).toHaveLength(1);
});

test("as a command it lists, hands out a copy, and removes only when told so", async () => {
  await fill();
  const environment = {
    DATABASE_URL: office.database.url,
    JINBOX_CONFIG: office.configFile,
    JINBOX_DATA: office.folder,
  };
  const copy = join(office.folder, "copy.json");
  const asks = startJinbox(["forget", name, address, "--export", copy], environment);
  expect(await asks.ended, asks.stderr()).toBe(0);
  expect(asks.stdout()).toContain("本人来信 2 封");
  const rowsGiven = JSON.parse(await readFile(copy, "utf8")) as { place: string; text: string }[];
  expect(rowsGiven.some(({ text }) => text.includes("延长开放时间"))).toBe(true);
  expect((await stat(copy)).mode & 0o777).toBe(0o600);
  expect(await tablesHolding(pool, words)).not.toEqual([]);
  const does = startJinbox(["forget", name, address, "--yes"], environment);
  expect(await does.ended, does.stderr()).toBe(0);
  expect(await tablesHolding(pool, words)).toEqual([]);
  expect(does.stdout()).toContain("邮件服务器");
  expect(JSON.parse(await readFile(join(office.folder, "forgotten.json"), "utf8")).entries).toHaveLength(2);
});
