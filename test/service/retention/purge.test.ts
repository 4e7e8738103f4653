// What is past its time is gone from every table and file, is on record, and leaves the books as they were.
import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { zipSync } from "fflate";
import { afterAll, beforeEach, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { balanceOf, tallyMails } from "../../../src/digest/books.ts";
import { plannedRemovals, purge, reclaim } from "../../../src/service/retention/purge.ts";
import { kinds } from "../../../src/service/retention/records.ts";
import { openLong } from "../../../src/store/backup/connection.ts";
import { BlobMissing, putBlobs, readBlob, sha256Of } from "../../../src/store/blobs.ts";
import { endAllProcesses, root, startProcess } from "../../support/jinbox.ts";
import { arrivedAt, mailedOffice } from "../../support/mailed-office.ts";
import { filesHolding, tablesHolding } from "../../support/markers.ts";

const { office, deliver, mailbox, rows } = await mailedOffice();
const { database } = office;
const { db, pool } = database;

afterAll(endAllProcesses);
beforeEach(() => pool.query("truncate removal, blob cascade"));

const marks = {
  name: "MarkNameQ",
  address: "mark-address@lib.culture.example",
  subject: "MarkSubjectQ",
  text: "MarkTextQ",
  file: "MarkFileQ",
  filename: "MarkFilenameQ",
  member: "MarkMemberQ",
  automatic: "MarkAutomaticQ",
};
const words = Object.values(marks);
const idea = `我是市图书馆的${marks.name}。建议在一楼大厅增设自助借还机，周末延长开放时间两小时，方便上班的读者。${marks.text}`;

async function fill(): Promise<void> {
  const from = `${marks.name} <${marks.address}>`;
  const zip = Buffer.from(zipSync({ "说明.txt": Buffer.from(`建议的说明：${marks.member}`) }));
  await deliver(
    {
      from,
      subject: `金点子：${marks.subject}`,
      text: idea,
      attachments: [
        { filename: `${marks.filename}.txt`, content: `附：详细说明 ${marks.file}` },
        { filename: "包.zip", content: zip },
      ],
    },
    // Alike, so that fingerprints and hints of likeness exist.
    { from, subject: `金点子：${marks.subject}再提一次`, text: `${idea}谢谢。` },
    {
      from,
      subject: `Automatic reply ${marks.automatic}`,
      text: marks.automatic,
      headers: { "Auto-Submitted": "auto-replied" },
    },
  );
  await pool.query(
    `insert into correction (campaign, message_id, field, before, after, made_by, made_at, way)
     select campaign, id, 'people', $1, $1, $2, now(), 'sender' from message order by id limit 1`,
    [marks.name, marks.address],
  );
}

const closed = {
  ...office.campaign,
  closes: "2026-11-23",
  retention: { ...office.campaign.retention, ...Object.fromEntries(kinds.map((kind) => [kind, 0])) },
};
const now = new Date("2026-12-24T00:00:00Z");
const nothing = () => undefined;

async function purgeAll(): Promise<void> {
  for (const kind of kinds) await purge(db, closed, { kind, by: "管理员", now }, nothing);
}

test("afterwards no marker is in any table or file, every removal is on record, and the books balance", async () => {
  await fill();
  const before = {
    tally: await tallyMails(db, closed.code),
    messages: await rows("select id, state from message order by id"),
  };
  const submissions = await rows(
    "select id, reference, unit, type, state, arrived_at from submission order by id",
  );
  const orphan = Buffer.from(`${marks.text}, and the process died`);
  await db
    .transaction()
    .execute((trx) => putBlobs(trx, [{ sha256: sha256Of(orphan), bytes: orphan }], arrivedAt));
  expect((await tablesHolding(pool, words)).length).toBeGreaterThan(10);
  expect(await filesHolding(pool, [marks.subject, marks.address])).not.toEqual([]);

  await purgeAll();
  const { client, end } = await openLong(database.url);
  await reclaim(db, client, now).finally(end);

  expect(await tablesHolding(pool, words)).toEqual([]);
  expect(await filesHolding(pool, words)).toEqual([]);
  expect(await rows("select id, state from message order by id")).toEqual(before.messages);
  expect(
    await rows("select id, reference, unit, type, state, arrived_at from submission order by id"),
  ).toEqual(submissions);
  const tally = await tallyMails(db, closed.code);
  expect(tally).toEqual(before.tally);
  expect((await balanceOf(db, closed.code, tally)).balances).toBe(true);
  const removals = await rows(
    "select kind, count, made_by, octet_length(sha256) as hash from removal order by kind",
  );
  expect(removals.map(({ kind }) => kind)).toEqual([
    "attachments",
    "automatic",
    "mail",
    "notices",
    "people",
    "submissions",
  ]);
  for (const one of removals)
    expect(one).toMatchObject({ made_by: "管理员", hash: 32, count: expect.any(Number) });
  expect(await plannedRemovals(db, closed, [], now)).toEqual([]);
});

test("a record of a removal cannot be changed", async () => {
  await fill();
  await purgeAll();
  await expect(pool.query("update removal set count = 0")).rejects.toThrow("stays on record");
  await expect(pool.query("delete from removal")).rejects.toThrow("stays on record");
});

test("what the mailbox still has is recognised and not stored again; a new mail with the same file is", async () => {
  await fill();
  await purgeAll();
  await office.pass({ ...mailbox(), uidValidity: 2 });
  expect(await tablesHolding(pool, words)).toEqual([]);
  expect(await rows("select count(*)::int as n from message")).toEqual([{ n: 3 }]);
  await deliver({
    subject: "金点子：另一条建议",
    text: "我是市图书馆职工。建议把报刊阅览室的灯换亮一些，详见附件。",
    attachments: [{ filename: "说明.txt", content: `附：详细说明 ${marks.file}` }],
  });
  const [kept] = await rows("select sha256 from attachment where filename = '说明.txt'");
  expect((await readBlob(db, kept?.sha256 as Buffer)).toString()).toContain(marks.file);
});

test("bytes two mails share stay until the last of them goes", async () => {
  const shared = { filename: "共用.txt", content: "两封来信都带着的同一份说明" };
  const text = "我是市图书馆职工。建议增设自助借还机，说明见附件。";
  await deliver({ subject: "金点子：自助借还", text, attachments: [shared] });
  await deliver({
    subject: "Automatic reply",
    text: "out of office",
    headers: { "Auto-Submitted": "auto-replied" },
    attachments: [shared],
  });
  const [{ sha256 } = { sha256: null }] = await rows("select sha256 from attachment limit 1");
  await purge(db, closed, { kind: "automatic", by: "x", now }, nothing);
  expect((await readBlob(db, sha256 as Buffer)).toString()).toBe(shared.content);
  await purge(db, closed, { kind: "attachments", by: "x", now }, nothing);
  await expect(readBlob(db, sha256 as Buffer)).rejects.toThrow(BlobMissing);
});

test("nothing is due while the campaign runs, nor before its days are over, nor what is kept for ever", async () => {
  await fill();
  const at = (day: string) => new Date(`${day}T12:00:00+08:00`);
  const mail = (retention: number | null) => ({
    ...closed,
    retention: { ...closed.retention, mail: retention },
  });
  expect(await plannedRemovals(db, closed, ["mail"], at("2026-11-23"))).toEqual([]);
  expect(await plannedRemovals(db, mail(30), ["mail"], at("2026-12-22"))).toEqual([]);
  expect(await plannedRemovals(db, mail(null), ["mail"], at("2099-01-01"))).toEqual([]);
  expect(await plannedRemovals(db, mail(30), ["mail"], at("2026-12-25"))).toMatchObject([
    { kind: "mail", count: 2 },
  ]);
});

test("killed in the middle it has removed nothing half, and goes on", async () => {
  await fill();
  const config = resolve(office.folder, "closed.yaml");
  const file = parse(await readFile(office.configFile, "utf8"));
  Object.assign(file.campaign, { opens: "2012-11-12", closes: "2012-12-20" });
  file.retention = Object.fromEntries(kinds.map((kind) => [kind, 0]));
  await writeFile(config, stringify(file));
  await pool.query(
    "update message set arrived_at = '2013-01-02'; update notice set intended_at = '2013-01-02'",
  );
  await pool.query("update submission set arrived_at = '2013-01-02'");
  const arm = ["--import", resolve(root, "test/torture/armed.ts"), resolve(root, "src/main.ts")];
  const environment = { DATABASE_URL: database.url, JINBOX_CONFIG: config };
  const killed = startProcess(process.execPath, [...arm, "purge"], {
    ...environment,
    JINBOX_CRASH: "removing:2",
  });
  expect(await killed.ended).toBe(null);
  expect(await rows("select kind from removal")).toEqual([{ kind: "automatic" }]);
  const again = startProcess(
    process.execPath,
    [resolve(root, "src/main.ts"), "purge", "--json"],
    environment,
  );
  expect(await again.ended, again.stderr()).toBe(0);
  expect(await tablesHolding(pool, words)).toEqual([]);
  expect(await rows("select kind from removal where kind = 'automatic'")).toHaveLength(1);
});
