// The service runs under a role that may add and go on, and never undo: what is history stays, whoever has its password (R69).
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readEnvironment } from "../../src/campaign/environment.ts";
import { systemClock } from "../../src/clock.ts";
import { checkDatabase } from "../../src/commands/doctor/database.ts";
import { silentLogger } from "../../src/log.ts";
import { captureTransport } from "../../src/notice/transport.ts";
import { putBlobStream } from "../../src/store/blobs.ts";
import { type OpenDatabase, openDatabase } from "../../src/store/database.ts";
import { migrate } from "../../src/store/migrate.ts";
import { grantTo } from "../../src/store/rights.ts";
import { type Dovecot, startDovecot } from "../support/dovecot.ts";
import { endAllProcesses, startJinbox } from "../support/jinbox.ts";
import { mail } from "../support/mails.ts";
import { openOffice, type TestOffice } from "../support/office.ts";
import { type SmtpSink, startSmtp } from "../support/smtp.ts";
import { until } from "../support/until.ts";

const role = `runner_${randomBytes(4).toString("hex")}`;
let dovecot: Dovecot;
let sink: SmtpSink;
let office: TestOffice;
let url = "";
let lesser: OpenDatabase;

beforeAll(async () => {
  [dovecot, sink] = await Promise.all([startDovecot({ users: ["ideas"] }), startSmtp()]);
  const servers = { imapPort: dovecot.imapPort, imapUser: "ideas", smtpPort: sink.port };
  office = await openOffice({ transport: captureTransport(() => undefined), ...servers });
  await office.database.pool.query(`create role ${role} login password 'runs'`);
  const named = new URL(office.database.url);
  [named.username, named.password] = [role, "runs"];
  url = named.href;
  lesser = openDatabase(url, silentLogger);
});
afterAll(async () => {
  await endAllProcesses();
  await Promise.all([sink?.stop(), dovecot?.stop()]);
  await lesser?.close();
  await office.database.pool.query(`drop owned by ${role}; drop role ${role}`);
  await office?.end();
});

const findings = async () => (await checkDatabase(readEnvironment({ DATABASE_URL: url }))).findings;

test("before it is granted anything, everybody is told who grants it", async () => {
  await expect(migrate(lesser.db)).rejects.toThrow(`jinbox migrate --grant ${role}`);
  expect((await findings()).filter(({ health }) => health !== "ok").map(({ check }) => check)).toContain(
    "database-rights",
  );
  expect(await grantTo(office.app.db, "nobody_is_called_that", systemClock.now())).toBe("no-such-role");
});

test("granted, twice if need be, it runs the whole service: reads, files, answers, stops", {
  timeout: 120_000,
}, async () => {
  for (const _ of [1, 2]) expect(await grantTo(office.app.db, role, systemClock.now())).toBeNull();
  expect(await migrate(lesser.db)).toEqual([]);
  expect((await findings()).map(({ check, health }) => [check, health])).toContainEqual([
    "database-rights",
    "ok",
  ]);
  const text = "我是市图书馆的阿远。建议每周五晚上延长开放到九点，方便上班族来借书。";
  await dovecot.deliver(
    "ideas",
    await mail({ from: "阿远 <ayuan@qq.example>", subject: "金点子：夜间开放", text }),
  );
  const run = startJinbox(["run", "--config", office.configFile], {
    ...{ DATABASE_URL: url, JINBOX_DATA: join(office.folder, "data"), JINBOX_PORT: "0" },
    JINBOX_IMAP_PASSWORD: dovecot.password,
  });
  await until("the answer", () => sink.mails.length > 0, 60_000);
  await dovecot.deliver(
    "ideas",
    await mail({
      from: "阿远 <ayuan@qq.example>",
      subject: "撤回",
      text: "昨天我交的那条金点子请撤回，谢谢。",
    }),
  );
  await until("the withdrawal", async () => {
    const { rows } = await office.database.pool.query("select state from submission");
    return rows[0]?.state === "withdrawn";
  });
  run.signal("SIGTERM");
  expect(await run.ended).toBe(0);
  expect(run.stderr()).not.toMatch(/permission denied|row-level security|"level":50/);
  // A large mail comes in under a draft's key; the same again leaves no draft.
  for (const _ of [1, 2])
    await putBlobStream(lesser.db, Readable.from([Buffer.from("大".repeat(1_000_000))]), systemClock.now());
  const { rows } = await office.database.pool.query(
    "select count(*)::int as drafts from blob where bytes = 0",
  );
  expect(rows).toEqual([{ drafts: 0 }]);
});

const refused = [
  ...["delete from message", "update message set sha256 = ''", "update message set arrived_at = now()"],
  ...["update message set original_removed_at = now()", "delete from submission", "delete from notice"],
  ...[
    "update ruling set why = ''",
    "delete from ruling",
    "update correction set after = ''",
    "delete from correction",
  ],
  ...["update audit set after = ''", "delete from audit", "insert into audit_chain values (99, 1, '')"],
  ...[
    "truncate audit",
    "truncate message cascade",
    "update mail_record set uid = 1",
    "delete from mail_record",
  ],
  ...[
    "update blob set bytes = 0",
    "drop table audit",
    "alter table audit disable trigger all",
    "create table x ()",
  ],
  ...[
    "drop trigger audit_unchanged on audit",
    "set session_replication_role = replica",
    "delete from removal",
  ],
  ...[
    "alter table blob disable row level security",
    "create function x() returns int language sql as 'select 1'",
  ],
];
test("what is history it can neither change nor delete, nor the guards of it", async () => {
  for (const statement of refused)
    await expect(lesser.pool.query(statement), statement).rejects.toThrow(/permission denied|must be owner/);
  // Row by row: nothing but drafts is there for it to delete or change.
  for (const statement of ["delete from blob", "delete from blob_chunk", "update blob_chunk set data = ''"])
    expect([statement, (await lesser.pool.query(statement)).rowCount]).toEqual([statement, 0]);
});
