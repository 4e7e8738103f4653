// A backup taken from a living database and put into another: everything comes back, whole or not at all.
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { byCommand, recordAudit, verifyAudit } from "../../../src/store/audit.ts";
import { openLong } from "../../../src/store/backup/connection.ts";
import { dump } from "../../../src/store/backup/dump.ts";
import { readBackupFile, writeBackupFile } from "../../../src/store/backup/file.ts";
import { jsonRecord } from "../../../src/store/backup/format.ts";
import { restore } from "../../../src/store/backup/restore.ts";
import { putBlobs, readBlob, sha256Of } from "../../../src/store/blobs.ts";
import { migrate, migrateTo, pendingMigrations } from "../../../src/store/migrate.ts";
import { openRestoration } from "../../../src/store/quiet.ts";
import { emptyDatabase, type TestDatabase, testDatabase } from "../../support/database.ts";

const madeAt = new Date("2012-12-01T00:00:00Z");
const now = new Date("2012-12-02T00:00:00Z");
const quietly = () => undefined;

let folder: string;
let source: TestDatabase;
let file: string;
/** More than a chunk row and more than a piece of the seal, and nothing that compresses. */
const bytes = createHash("shake256", { outputLength: 700_000 }).update("a mail").digest();

async function backUp(url: string, to: string, passphrase: string | null = null): Promise<void> {
  const { client, end } = await openLong(url);
  try {
    await writeBackupFile(dump(client, madeAt, quietly), passphrase, createWriteStream(to));
  } finally {
    await end();
  }
}

async function putBack(url: string, from: string, options: { passphrase?: string; replace?: boolean } = {}) {
  const connection = await openLong(url);
  try {
    const { passphrase = null, replace = false } = options;
    return await restore(connection, { file: from, passphrase, replace, now, onProgress: quietly });
  } finally {
    await connection.end();
  }
}

/** Every row of every table as text, by which two databases are the same or not. */
async function contentOf({ pool }: TestDatabase): Promise<Record<string, string>> {
  const tables = await pool.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
       and relname not like 'kysely%' and relname <> 'restoration' order by 1`,
  );
  const found: Record<string, string> = {};
  for (const { name } of tables.rows) {
    const { rows } = await pool.query(
      `select md5(string_agg(t::text, '|' order by t::text)) as sum from ${name} t`,
    );
    found[name] = rows[0].sum;
  }
  return found;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "jinbox-backup-"));
  file = join(folder, "whole.backup");
  source = await testDatabase();
  await source.db.transaction().execute((trx) => putBlobs(trx, [{ sha256: sha256Of(bytes), bytes }], madeAt));
  const sha256 = sha256Of(bytes).toString("hex");
  // What refers to each other in a circle, and every kind of value there is.
  await source.pool.query(`
    insert into mailbox (name, campaign, live_at) values ('imap://在', 'C', now());
    insert into message (campaign, sha256, bytes, arrived_at, recorded_at, backlog, subject, understanding)
      values ('C', '\\x${sha256}', 700000, now(), now(), false, E'主题\\t"\\\\ 龘', '{"kind": "golden-idea", "p": 0.98}');
    insert into notice (campaign, key, kind, to_contacts, cc_contacts, subject, text, attachments, rfc_message_id,
      reference_ids, still_owed, intended_at, not_before, cause_message_id)
      values ('C', 'answer/1', 'acknowledgement', '[]', '[]', 's', 't', '[]', '<1@x.example>', '[]', '[]',
        '2012-11-30', '2012-11-30', 1);
    insert into message (campaign, sha256, bytes, arrived_at, recorded_at, backlog, answers_notice, duplicate_of)
      select 'D', sha256, bytes, now(), now(), true, 1, 1 from message;
    insert into submission (reference, campaign, message_id, ordinal, type, people, title, text, arrived_at, filed_at,
      verified, timeliness, provisional, decided_by)
      values ('C-0001', 'C', 1, 1, 'golden-idea', '{张某,"a,b",NULL}', '题', '文', now(), now(), true, 'in-time', false, 'rules');
    insert into ruling (campaign, kind, due_on, made_by, made_at, why, way)
      values ('C', 'extension', '2012-12-28', 'o', '2012-11-30 00:00:00.123456+00', 'w', 'command');
    insert into reference_counter values ('C', 1);
    insert into installation_secret values ('office-notices', '\\x00ff', now());`);
  await recordAudit(source.db, "C", byCommand(madeAt), [{ action: "export", about: "x", after: "y" }]);
  await backUp(source.url, file);
});

afterAll(async () => {
  await source?.drop();
  await rm(folder, { recursive: true, force: true });
});

async function inEmpty(work: (target: TestDatabase) => Promise<void>): Promise<void> {
  const target = await emptyDatabase();
  // Ours would count as somebody who uses the database.
  await target.pool.query("select set_config('application_name', 'test', false)");
  try {
    await work(target);
  } finally {
    await target.drop();
  }
}

test("into an empty database everything comes back, byte for byte, and it is quiet", async () => {
  await inEmpty(async (target) => {
    const { manifest } = await putBack(target.url, file);
    expect(await contentOf(target)).toEqual({
      ...(await contentOf(source)),
      // Numbers told to people after the backup are not given out again.
      reference_counter: expect.any(String),
    });
    expect(await readBlob(target.db, sha256Of(bytes))).toEqual(bytes);
    expect(manifest.madeAt).toBe(madeAt.toISOString());
    expect(await openRestoration(target.db)).toMatchObject({ backup_at: madeAt, restored_at: now });
    expect(await migrate(target.db)).toEqual([]);
    expect(await verifyAudit(target.db)).toMatchObject({ head: { number: 1 }, fault: null });
    const next = await target.pool.query(
      "insert into ruling (campaign, kind, made_by, made_at, why, way) values ('C','waiver','o',now(),'w','command') returning id",
    );
    expect(next.rows[0].id).toBeGreaterThan(10_000);
    const keys = "select count(*)::int as n from pg_constraint where contype = 'f'";
    expect((await target.pool.query(keys)).rows).toEqual((await source.pool.query(keys)).rows);
  });
});

test("what is committed while the backup runs is in none of its tables", async () => {
  const { client, end } = await openLong(source.url);
  const late = join(folder, "late.backup");
  let told = false;
  try {
    const records = dump(client, madeAt, quietly);
    const slowed = async function* () {
      for await (const record of records) {
        yield record;
        if (told) continue;
        told = true;
        await source.pool.query(
          "insert into mailbox (name, campaign, live_at) values ('late', 'C', now()); insert into reference_counter values ('late', 1)",
        );
      }
    };
    await writeBackupFile(slowed(), null, createWriteStream(late));
  } finally {
    await end();
    await source.pool.query(
      "delete from mailbox where name = 'late'; delete from reference_counter where campaign = 'late'",
    );
  }
  await inEmpty(async (target) => {
    await putBack(target.url, late);
    const { rows } = await target.pool.query(
      "select name from mailbox union all select campaign from reference_counter",
    );
    expect(rows.map(({ name }) => name)).toEqual(["imap://在", "C"]);
  });
});

test("a full database is refused, and replaced only when asked; what is refused stays as it is", async () => {
  await inEmpty(async (target) => {
    await migrate(target.db);
    await target.pool.query("insert into reference_counter values ('mine', 7)");
    const before = await contentOf(target);
    await expect(putBack(target.url, file)).rejects.toThrow("--replace");
    const cut = join(folder, "cut.backup");
    await writeFile(cut, await readFile(file));
    await truncate(cut, 300_000);
    await expect(putBack(target.url, cut, { replace: true })).rejects.toThrow();
    expect(await contentOf(target)).toEqual(before);
    await putBack(target.url, file, { replace: true });
    const { rows } = await target.pool.query("select campaign from reference_counter");
    expect(rows).toEqual([{ campaign: "C" }]);
  });
});

test("a database that somebody uses, or that is not ours, is left alone", async () => {
  await inEmpty(async (target) => {
    await target.pool.query("create table bookkeeping (id integer)");
    await expect(putBack(target.url, file, { replace: true })).rejects.toThrow("something else");
    const service = await openLong(target.url);
    await expect(putBack(target.url, file)).rejects.toThrow("stop it first");
    await service.end();
  });
});

test("a backup of an earlier version goes into its tables and is migrated afterwards", async () => {
  const old = join(folder, "old.backup");
  const names = (await readMigrations(source)).slice(0, 12);
  await inEmpty(async (earlier) => {
    await earlier.db.transaction().execute((trx) => migrateTo(trx, names));
    await earlier.pool.query("insert into reference_counter values ('old', 3)");
    await backUp(earlier.url, old);
  });
  await inEmpty(async (target) => {
    await putBack(target.url, old);
    expect(await openRestoration(target.db)).not.toBeNull();
    expect(await pendingMigrations(target.db)).not.toEqual([]);
    await migrate(target.db);
    expect(await openRestoration(target.db)).not.toBeNull();
    expect((await target.pool.query("select campaign from reference_counter")).rows).toEqual([
      { campaign: "old" },
    ]);
  });
});

test("a backup of a newer version is refused by name", async () => {
  const newer = join(folder, "newer.backup");
  await source.pool.query("insert into kysely_migration values ('9999-newer', now()::text)");
  try {
    await backUp(source.url, newer);
  } finally {
    await source.pool.query("delete from kysely_migration where name = '9999-newer'");
  }
  await inEmpty(async (target) => {
    await expect(putBack(target.url, newer)).rejects.toThrow("9999-newer");
    expect(await contentOf(target)).toEqual({});
  });
});

test.each(["pg_authid", "pg_proc", 'message"; drop table message; --'])(
  "a backup made up to write into %s is refused",
  async (table) => {
    const made = join(folder, "made.backup");
    const migrations = await readMigrations(source);
    await writeBackupFile(
      (async function* () {
        yield jsonRecord("M", {
          madeAt: madeAt.toISOString(),
          jinbox: "",
          postgres: "",
          migrations,
          tables: [table],
        });
        yield jsonRecord("T", { table, columns: ["oid"] });
      })(),
      null,
      createWriteStream(made),
    );
    await inEmpty(async (target) => {
      await expect(putBack(target.url, made)).rejects.toThrow("no table of jinbox");
      expect(await contentOf(target)).toEqual({});
    });
  },
);

describe("a file that is not as it was written", () => {
  const passphrase = "城市文化 correct horse";
  const read = (path: string, phrase: string | null) =>
    readBackupFile(path, phrase, {
      begin: async () => undefined,
      table: async (_head, rows) => {
        for await (const _chunk of rows);
      },
    });
  let sealed: string;

  beforeAll(async () => {
    sealed = join(folder, "sealed.backup");
    await backUp(source.url, sealed, passphrase);
  });

  test("sealed, it opens with its passphrase only, and shows nothing without", async () => {
    expect((await read(sealed, passphrase)).tables.length).toBeGreaterThan(20);
    await expect(read(sealed, "another passphrase")).rejects.toThrow("wrong passphrase");
    await expect(read(sealed, null)).rejects.toThrow("encrypted");
    const content = await readFile(sealed);
    for (const marker of ["imap://在", "golden-idea", "office-notices", "message"])
      expect(content.includes(marker)).toBe(false);
  });

  test.each([
    { kind: "plain", of: () => file, phrase: null, places: [0, 20, 60, 400, 65_000, 200_000, -200, -1] },
    // Each try costs a key.
    { kind: "sealed", of: () => sealed, phrase: passphrase, places: [130, 200_000, -1] },
  ])("cut at any place or changed by one bit, $kind, it is refused", async ({ of, phrase, places }) => {
    const whole = await readFile(of());
    const broken = join(folder, "broken.backup");
    for (const place of places) {
      const at = place < 0 ? whole.length + place : place;
      await writeFile(broken, whole.subarray(0, at));
      await expect(read(broken, phrase), `cut at ${at}`).rejects.toThrow();
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] as number) ^ 0x10;
      await writeFile(broken, changed);
      await expect(read(broken, phrase), `changed at ${at}`).rejects.toThrow();
    }
  });
});

async function readMigrations({ pool }: TestDatabase): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>("select name from kysely_migration order by name");
  return rows.map(({ name }) => name);
}
