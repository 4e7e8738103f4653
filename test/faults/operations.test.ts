// Reliability §2, rows 23 to 27: files are whole or not there, tables are migrated or as they were, and a stop is an end.
import fs, { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { sql } from "kysely";
import { FileMigrationProvider, Migrator } from "kysely/migration";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { silentLogger } from "../../src/log.ts";
import { type Database, openDatabase } from "../../src/store/database.ts";
import { migrate } from "../../src/store/migrate.ts";
import { writeCampaign } from "../support/campaign.ts";
import { emptyDatabase, type TestDatabase, testDatabase } from "../support/database.ts";
import { type Dovecot, startDovecot } from "../support/dovecot.ts";
import { endAllProcesses, root, startJinbox, startProcess } from "../support/jinbox.ts";
import { schemaOf } from "../support/schema.ts";
import { until } from "../support/until.ts";
import { startWire, type Wire, wiredUrl } from "../support/wire.ts";

const armed = ["--import", resolve(root, "test/torture/armed.ts"), resolve(root, "src/main.ts")];
let database: TestDatabase;
let store: Wire;
let folder: string;

beforeAll(async () => {
  database = await testDatabase();
  store = await startWire(wiredUrl(database.url).target);
  folder = await mkdtemp(join(tmpdir(), "jinbox-operations-"));
});
afterEach(async () => {
  await endAllProcesses();
  store.forget();
  store.restore();
});
afterAll(async () => {
  await store.stop();
  await database.drop();
  await rm(folder, { recursive: true });
});

const wired = () => wiredUrl(database.url).through(store.port);
const old = "what was there before";

/** Commands that write one file, each ended where it hurts: the file that was there is there still. */
async function keepsOld(file: string, write: () => Promise<number | null>): Promise<void> {
  const path = join(folder, file);
  await writeFile(path, old);
  expect(await write()).not.toBe(0);
  expect(await readFile(path, "utf8")).toBe(old);
}

const killed = (...args: string[]) =>
  startProcess(process.execPath, [...armed, ...args], {
    DATABASE_URL: database.url,
    JINBOX_CRASH: "file-drafted",
  }).ended;

/** As on a disk with two kilobytes left. */
function onFullDisk(...args: string[]): ReturnType<typeof startProcess> {
  const words = [
    "-c",
    'ulimit -f 2; exec "$0" "$@"',
    process.execPath,
    resolve(root, "src/main.ts"),
    ...args,
  ];
  return startProcess("bash", words, { DATABASE_URL: database.url });
}

describe("row 23: export", () => {
  test("row 23 K: killed when the file is written, the one that was there is untouched", () =>
    keepsOld("k.xlsx", () => killed("export", "--out", join(folder, "k.xlsx"))));

  test("row 23 D: the database goes away half-way: an error, and the old file", async () => {
    void store.strike({ said: /from "?submission"?/, fault: "reset", times: 9 });
    const run = startJinbox(["export", "--out", join(folder, "d.xlsx")], { DATABASE_URL: wired() });
    await keepsOld("d.xlsx", () => run.ended);
    expect(run.stderr()).toContain("jinbox export:");
  });

  test("row 23 F: no room for the file: an error, the old file, and no draft of the new one", async () => {
    const run = onFullDisk("export", "--out", join(folder, "f.xlsx"));
    await keepsOld("f.xlsx", () => run.ended);
    expect(run.stderr()).toContain("jinbox export:");
    expect((await readdir(folder)).filter((name) => name.startsWith(".f.xlsx"))).toEqual([]);
  });
});

describe("row 24: migration", () => {
  test("row 24 K: ended at any statement, the next run finishes", { timeout: 120_000 }, async () => {
    const empty = await emptyDatabase();
    const { target, through } = wiredUrl(empty.url);
    const wire = await startWire(target);
    try {
      for (const last of [5, 25, 60, 90]) {
        let said = 0;
        const count = (): void => {
          said += 1;
          if (said === last) wire.away();
        };
        void wire.strike({ said: /./, fault: count, times: 1_000 });
        const dying = openDatabase(through(wire.port), silentLogger, 1);
        await expect(migrate(dying.db)).rejects.toThrow();
        await dying.close();
        wire.forget();
        wire.restore();
      }
      await migrate(empty.db);
      expect(await schemaOf(empty.db)).toBe(await schemaOf(database.db));
    } finally {
      await wire.stop();
      await empty.drop();
    }
  });
});

/** What a table takes from a program that knows nothing of its newest columns. */
interface Column {
  name: string;
  type: string;
  isNullable: boolean;
  isFilled: boolean;
}

async function columnsOf(db: Database): Promise<Map<string, Column>> {
  const { rows } = await sql<Column>`
    select table_name || '.' || column_name as name, data_type as type, is_nullable = 'YES' as "isNullable",
      column_default is not null or is_identity = 'YES' as "isFilled"
    from information_schema.columns where table_schema = 'public' and table_name not like 'kysely%'`.execute(
    db,
  );
  return new Map(rows.map((column) => [column.name, column]));
}

/** What of one schema the program before it could not work with. */
function breaks(before: Map<string, Column>, after: Map<string, Column>): string[] {
  const tableOf = (name: string) => name.split(".")[0];
  const tables = new Set([...before.keys()].map(tableOf));
  const lost = [...before.values()].filter(({ name, type, isNullable }) => {
    const now = after.get(name);
    return !now || now.type !== type || (isNullable && !now.isNullable);
  });
  const demanded = [...after.values()].filter(
    ({ name, isNullable, isFilled }) =>
      !before.has(name) && tables.has(tableOf(name)) && !isNullable && !isFilled,
  );
  return [...lost, ...demanded].map(({ name }) => name);
}

/** From here on a service of the version before keeps running while the next one migrates under it. */
const KEPT_SINCE = "0014-rare-notices";

test("row 24 other: what the version before reads and writes is there after each migration of the next", async () => {
  const empty = await emptyDatabase();
  try {
    const provider = new FileMigrationProvider({
      ...{ fs, path: { join }, migrationFolder: resolve(root, "migrations") },
      import: (file) => import(pathToFileURL(file).href),
    });
    const migrator = new Migrator({ db: empty.db, provider });
    const names = Object.keys(await provider.getMigrations()).sort();
    await migrator.migrateTo(KEPT_SINCE);
    let before = await columnsOf(empty.db);
    expect(before.size).toBeGreaterThan(50);
    for (const name of names.slice(names.indexOf(KEPT_SINCE) + 1)) {
      const { error } = await migrator.migrateTo(name);
      expect(error).toBeUndefined();
      const after = await columnsOf(empty.db);
      expect([name, breaks(before, after)]).toEqual([name, []]);
      before = after;
    }
  } finally {
    await empty.drop();
  }
});

describe("row 25: backup", () => {
  test("row 25 K: killed when the new backup is written, the old one is untouched", () =>
    keepsOld("k.backup", () => killed("backup", "--out", join(folder, "k.backup"))));

  test("row 25 F: no room for the backup: it fails loudly, and the old one is untouched", async () => {
    const run = onFullDisk("backup", "--out", join(folder, "f.backup"));
    await keepsOld("f.backup", () => run.ended);
    expect(run.stderr()).toContain("jinbox backup:");
  });
});

describe("row 27: SIGTERM", () => {
  let dovecot: Dovecot;
  let imap: Wire;
  let config: string;

  beforeAll(async () => {
    dovecot = await startDovecot({ users: ["ideas"] });
    imap = await startWire({ host: dovecot.host, port: dovecot.imapPort });
    config = await writeCampaign(folder, {
      imapPort: imap.port,
      imapUser: "ideas",
      smtpPort: 1,
      timeless: true,
    });
  });
  afterAll(async () => {
    await imap?.stop();
    await dovecot?.stop();
  });

  const env = () => ({
    DATABASE_URL: database.url,
    JINBOX_IMAP_PASSWORD: dovecot.password,
    JINBOX_DATA: folder,
  });
  const run = ["run", "--roles", "intake,worker,sender", "--config"];

  test("row 27 K: killed while it stops, it left nothing half done", async () => {
    await dovecot.deliver(
      "ideas",
      Buffer.from("From: staff1@lib.culture.example\r\nSubject: x\r\n\r\nx\r\n"),
    );
    const process1 = startProcess(process.execPath, [...armed, ...run, config], {
      ...env(),
      JINBOX_CRASH: "stopping",
    });
    const recorded = async () => (await database.pool.query("select from message")).rowCount;
    await until("the mail", async () => (await recorded()) === 1);
    process1.signal("SIGTERM");
    expect(await process1.ended).toBe(null);
    const states = await database.pool.query("select state from message union all select state from notice");
    expect(["received", "held", "filed", "intended"]).toEqual(
      expect.arrayContaining(states.rows.map((row) => row.state)),
    );
    expect((await database.pool.query("select from mail_record")).rowCount).toBe(1);
  });

  test("row 27 other: a mail server that hangs does not keep it: it ends within ten seconds", async () => {
    const silent = imap.strike({ said: /UID FETCH 1:\*/, fault: "silent" });
    const hanging = startJinbox([...run, config], env());
    await silent;
    const askedAt = performance.now();
    hanging.signal("SIGTERM");
    expect(await hanging.ended).toBe(1);
    // The process ends itself after 9.5 s; what is more is the machine's.
    expect(performance.now() - askedAt).toBeLessThan(20_000);
  });
});
