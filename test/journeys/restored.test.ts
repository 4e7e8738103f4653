// A backup of yesterday is restored: nothing leaves, nothing is registered twice, and somebody lets it speak again (R58).
import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, stat, truncate, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { takeIn } from "../../src/intake/intake.ts";
import type { Mailbox } from "../../src/intake/mailbox.ts";
import { silentLogger } from "../../src/log.ts";
import type { OutgoingNotice } from "../../src/notice/compose.ts";
import { captureTransport } from "../../src/notice/transport.ts";
import { buildApp } from "../../src/service/app.ts";
import { memoryMailbox } from "../../src/service/memory.ts";
import { handleAll, sendPass } from "../../src/service/passes.ts";
import { liveAtOf } from "../../src/service/source.ts";
import { putBlobs, sha256Of } from "../../src/store/blobs.ts";
import { openDatabase } from "../../src/store/database.ts";
import { emptyDatabase } from "../support/database.ts";
import { endAllProcesses, root, startJinbox, startProcess } from "../support/jinbox.ts";
import { mailedOffice } from "../support/mailed-office.ts";
import { mail } from "../support/mails.ts";

const { office, sent, rows } = await mailedOffice();
const { campaign } = office;
const base = { JINBOX_CONFIG: office.configFile, JINBOX_DATA: office.folder };
const here = { ...base, DATABASE_URL: office.database.url };

afterAll(endAllProcesses);

/** Processes started one after another: a loaded machine takes long for each. */
const STARTS_MANY_MS = 300_000;

async function jinbox(args: string[], env: Record<string, string> = here) {
  const started = startJinbox(args, env);
  const code = await started.ended;
  return { code, out: started.stdout(), err: started.stderr() };
}

const idea = (at: number) =>
  mail({
    from: `职工${at} <staff${at}@lib.culture.example>`,
    subject: `金点子：第${at}号建议`,
    text: `我是市图书馆职工${at}。建议在第${at}号阅览室增设一处自助借还点，方便读者。`,
    messageId: `<restored-${at}@lib.culture.example>`,
  });

test(
  "restored to the day before: 0 notices, 0 duplicates, and what may have left is not sent again",
  async () => {
    const yesterday = new Date(Date.now() - 86_400_000);
    const box = memoryMailbox("imap://ideas");
    box.deliver(await idea(1), yesterday);
    await office.pass(box);
    expect(sent).toHaveLength(1);
    const file = join(office.folder, "yesterday.backup");
    expect(await jinbox(["backup", "--out", file])).toMatchObject({ code: 0 });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    // After the backup: another mail, taken in and answered.
    box.deliver(await idea(2), new Date(Date.now() - 3_600_000));
    await office.pass(box);
    expect(sent).toHaveLength(2);

    const target = await emptyDatabase();
    await target.close();
    const there = { ...base, DATABASE_URL: target.url };
    const restored = await jinbox(["restore", file], there);
    expect(restored.code, restored.err).toBe(0);
    const again: OutgoingNotice[] = [];
    const open = openDatabase(target.url, silentLogger);
    const transport = captureTransport((notice) => void again.push(notice));
    const app = buildApp({
      campaign,
      db: open.db,
      clock: systemClock,
      log: silentLogger,
      transport,
      children: 1,
    });
    const pass = async (mailbox: Mailbox) => {
      await takeIn(mailbox, { ...app, ...liveAtOf(campaign), enqueue: async () => undefined });
      await handleAll(app);
      await sendPass(app);
    };
    try {
      // The mailbox moved with the rest: everything in it has another number.
      await pass({ ...box, uidValidity: 7 });
      expect(again).toEqual([]);
      const count = async (what: string) =>
        (await open.pool.query(`select count(*)::int as n from ${what}`)).rows[0].n;
      expect(await count("message")).toBe(2);
      expect(await count("submission")).toBe(2);
      expect(await count("message where duplicate_of is not null")).toBe(0);
      const told = await Promise.all([jinbox(["status"], there), jinbox(["doctor"], there)]);
      for (const { out, err } of told) expect(out + err).toContain("restore --finish");
      const list = await jinbox(["restore", "--list", "--json"], there);
      expect(
        list.out
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line)),
      ).toMatchObject([{ kind: "acknowledgement", to: ["staff2@lib.culture.example"], mayHaveLeft: true }]);
      // A letter that came after the restore was surely not answered.
      box.deliver(await idea(3), new Date(Date.now() + 1_000));
      await pass({ ...box, uidValidity: 7 });
      expect(again).toEqual([]);
      const finished = await jinbox(
        ["restore", "--finish", "--drop-waiting", "--json", "--who", "王某"],
        there,
      );
      expect(finished, finished.err).toMatchObject({ code: 0 });
      expect(JSON.parse(finished.out)).toEqual({ dropped: 1 });
      await pass({ ...box, uidValidity: 7 });
      expect(again.map(({ to }) => to[0]?.email)).toEqual(["staff3@lib.culture.example"]);
      // Numbers told after the backup are not given to another.
      const references = await open.pool.query("select reference from submission order by id");
      expect(references.rows.map(({ reference }) => reference)).toEqual([
        "WHXDH-0001",
        "WHXDH-1002",
        "WHXDH-1003",
      ]);
    } finally {
      await app.close();
      await open.close();
      await target.drop();
    }
  },
  STARTS_MANY_MS,
);

test("a folder keeps the newest; a full disk is loud and leaves the old backup as it was", async () => {
  const folder = join(office.folder, "backups");
  await mkdir(folder);
  for (const day of ["01", "02", "03"])
    await writeFile(join(folder, `jinbox-201212${day}-000000.backup`), "old");
  await writeFile(join(folder, "mine.txt"), "not a backup");
  expect(await jinbox(["backup", "--dir", folder, "--keep", "2"])).toMatchObject({ code: 0 });
  const kept = (await readdir(folder)).toSorted();
  expect(kept).toHaveLength(3);
  expect(kept).toContain("jinbox-20121203-000000.backup");
  expect(kept).toContain("mine.txt");
  const newest = kept.find((name) => name.startsWith("jinbox-20") && !name.includes("2012")) as string;
  expect(await jinbox(["backup", "verify", join(folder, newest)])).toMatchObject({ code: 0 });
  await truncate(join(folder, newest), 2_000);
  expect(await jinbox(["backup", "verify", join(folder, newest)])).toMatchObject({ code: 1 });

  const bytes = randomBytes(200_000);
  await office.database.db
    .transaction()
    .execute((trx) => putBlobs(trx, [{ sha256: sha256Of(bytes), bytes }], new Date()));
  // A limit of the file's size is a disk that is full at that byte.
  const full = join(folder, "full.backup");
  await writeFile(full, "the old one");
  const main = resolve(root, "src/main.ts");
  const limited = `trap '' XFSZ; ulimit -f 4; exec ${process.execPath} ${main} backup --out ${full}`;
  const started = startProcess("bash", ["-c", limited], here);
  expect(await started.ended).toBe(1);
  expect(started.stderr()).toMatch(/EFBIG|ENOSPC/);
  expect(await readFile(full, "utf8")).toBe("the old one");
  expect((await readdir(folder)).filter((name) => name.startsWith("."))).toEqual([]);
});

test(
  "what a tired keeper gets wrong is told in both languages, and no backup is on record that was not made",
  async () => {
    const nowhere = join(office.folder, "nowhere");
    const made = () => rows("select id from audit where action = 'backup'");
    const before = await made();
    expect(await jinbox(["backup", "--dir", nowhere])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/不能在此写入.*cannot write there/),
    });
    expect(await made()).toEqual(before);
    const other = join(office.folder, "letter.txt");
    await writeFile(other, "Dear office");
    const cases: [args: string[], code: number, words: RegExp][] = [
      [["backup", "verify", other, nowhere], 1, /不是 jinbox 的备份.*nowhere does not exist/s],
      [["notice", "--resume"], 2, /请写邮箱地址/],
      [["forget", "从未来信"], 0, /什么也没找到/],
    ];
    for (const [args, code, words] of cases) {
      const done = await jinbox(args);
      expect({ args, code: done.code, words: `${done.out}${done.err}` }).toEqual({
        ...{ args, code, words: expect.stringMatching(words) },
      });
    }
  },
  STARTS_MANY_MS,
);

test(
  "killed half-way a backup leaves the old one, and a restore leaves nothing and is simply done again",
  async () => {
    const arm = ["--import", resolve(root, "test/torture/armed.ts"), resolve(root, "src/main.ts")];
    const file = join(office.folder, "killed.backup");
    await writeFile(file, "the old one");
    const dies = startProcess(process.execPath, [...arm, "backup", "--out", file], {
      ...here,
      JINBOX_CRASH: "file-drafted",
    });
    expect(await dies.ended).toBe(null);
    expect(await readFile(file, "utf8")).toBe("the old one");
    expect(await jinbox(["backup", "--out", file])).toMatchObject({ code: 0 });
    const target = await emptyDatabase();
    await target.close();
    const there = { ...base, DATABASE_URL: target.url };
    try {
      const killed = startProcess(process.execPath, [...arm, "restore", file], {
        ...there,
        JINBOX_CRASH: "restoring",
      });
      expect(await killed.ended).toBe(null);
      const { rows: tables } = await openOnce(
        target.url,
        "select tablename from pg_tables where schemaname = 'public'",
      );
      expect(tables).toEqual([]);
      const again = await jinbox(["restore", file], there);
      expect(again.code, again.err).toBe(0);
      const { rows: acts } = await openOnce(target.url, "select action from audit order by id");
      expect(acts.map(({ action }) => action)).toEqual(expect.arrayContaining(["backup", "restore"]));
    } finally {
      await target.drop();
    }
    expect(await rows("select 1")).toHaveLength(1);
  },
  STARTS_MANY_MS,
);

async function openOnce(url: string, query: string) {
  const { pool } = openDatabase(url, silentLogger, 1);
  try {
    return await pool.query(query);
  } finally {
    await pool.end();
  }
}
