// The audit is only ever added to, by any number of writers at once; whatever is done to it behind its back shows (R69).
import { afterAll, beforeEach, expect, test } from "vitest";
import {
  type AuditActor,
  auditHead,
  auditRows,
  forgetAudited,
  recordAudit,
  verifyAudit,
} from "../../src/store/audit.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";

let database: TestDatabase;
beforeEach(async () => {
  await database?.drop();
  database = await testDatabase();
});
afterAll(() => database.drop());

const at = new Date("2012-12-17T01:00:00.123Z");
const office: AuditActor = { by: "office@culture.example", way: "mail", askedIn: 17, at };

const record = (about: string, after: string | null = null) =>
  recordAudit(database.db, "WHXDH", office, [{ action: "correct", about, before: "市图书馆", after }]);

/** What somebody does who owns the database and knows his way around. */
async function tamper(statement: string): Promise<void> {
  const client = await database.pool.connect();
  try {
    await client.query("set session_replication_role = replica");
    await client.query(statement);
  } finally {
    client.release(true);
  }
}

async function five(): Promise<void> {
  for (const number of [1, 2, 3, 4, 5]) await record(`WHXDH-000${number}`, `第 ${number} 次，“改”`);
}

test("sixteen writers at once make one chain without gaps, and a transaction taken back leaves none", async () => {
  const writers = Array.from({ length: 16 }, (_, writer) =>
    database.db.transaction().execute(async (trx) => {
      const entries = [1, 2, 3].map((one) => ({ action: "file" as const, about: `mail/${writer}-${one}` }));
      await recordAudit(trx, "WHXDH", office, entries);
      if (writer % 4 === 3) throw new Error("taken back");
    }),
  );
  await Promise.allSettled(writers);
  const { head, fault } = await verifyAudit(database.db);
  expect({ fault, number: head?.number }).toEqual({ fault: null, number: 36 });
  expect(await auditHead(database.db)).toEqual(head);
});

test("changing, deleting and truncating is refused even to the owner of the tables", async () => {
  await record("WHXDH-0001");
  for (const statement of [
    ...["update audit set action = 'file'", "delete from audit", "truncate audit cascade"],
    ...["update audit_chain set number = 2", "delete from audit_chain", "truncate audit_chain"],
    "update audit set after = null",
  ])
    await expect(database.pool.query(statement), statement).rejects.toThrow(/is only ever added to/);
});

const restoredHead = "delete from audit_chain where number > 3; delete from audit where id > 3";
const tampering: [string, string, object][] = [
  ["a changed word", "update audit set after = '原样' where id = 3", { fault: "changed", number: 3 }],
  [
    "a changed time",
    "update audit set at = at - interval '1 day' where id = 2",
    { fault: "changed", number: 2 },
  ],
  ["another name for who did it", "update audit set who = 'x' where id = 4", { fault: "changed", number: 4 }],
  [
    "a removed entry",
    "delete from audit_chain where number = 2; delete from audit where id = 2",
    { fault: "missing", number: 2 },
  ],
  [
    "an added entry",
    "insert into audit (at, way, action, about, who, salt, sealed) select at, way, action, about, who, salt, sealed from audit where id = 1",
    { fault: "unchained", id: 6 },
  ],
  [
    "two in the other order",
    "update audit_chain set number = -number where number in (2, 3); update audit_chain set number = 5 + number where number < 0",
    { fault: "changed", number: 2 },
  ],
  [
    "words gone without a record",
    "update audit set who = null, before = null, after = null, salt = null, forgotten_at = now() where id = 3",
    { fault: "emptied", number: 3 },
  ],
];
for (const [name, statement, fault] of tampering) {
  test(`seen: ${name}`, async () => {
    await five();
    expect((await verifyAudit(database.db)).fault).toBeNull();
    await tamper(statement);
    expect((await verifyAudit(database.db)).fault).toMatchObject(fault);
  });
}

test("an end cut off, or a chain written anew, is seen only by a head that was noted outside", async () => {
  await five();
  const head = await auditHead(database.db);
  const noted = { number: 5, hash: head?.hash.slice(0, 16) ?? "" };
  expect((await verifyAudit(database.db, noted)).fault).toBeNull();
  await tamper(restoredHead);
  expect((await verifyAudit(database.db)).fault).toBeNull();
  expect((await verifyAudit(database.db, noted)).fault).toMatchObject({ fault: "head", found: null });
  await record("WHXDH-0004", "另一回事");
  await record("WHXDH-0005", "另一回事");
  expect((await verifyAudit(database.db)).fault).toBeNull();
  expect((await verifyAudit(database.db, noted)).fault).toMatchObject({ fault: "head", number: 5 });
});

test("who is forgotten leaves no word, the chain holds, and the forgetting is on record", async () => {
  await five();
  await recordAudit(database.db, "WHXDH", { ...office, by: "zhang@lib.culture.example" }, [
    { action: "sender-correct", about: "WHXDH-0007/people", before: "张晓岚", after: "李一舟" },
  ]);
  const keeper: AuditActor = { by: null, way: "command", askedIn: null, at };
  const forget = () =>
    database.db
      .transaction()
      .execute((trx) => forgetAudited(trx, "张晓岚|ZHANG@lib\\.culture\\.example", keeper));
  expect(await forget()).toBe(1);
  expect(await forget()).toBe(0);
  const { head, fault } = await verifyAudit(database.db);
  expect({ fault, number: head?.number }).toEqual({ fault: null, number: 7 });
  const rows = await Array.fromAsync(auditRows(database.db));
  expect(rows.map(({ action, about, who }) => [action, about, who === null])).toEqual([
    ...[1, 2, 3, 4, 5].map((number) => ["correct", `WHXDH-000${number}`, false]),
    ["sender-correct", "WHXDH-0007/people", true],
    ["forget", "audit/6", false],
  ]);
  expect(JSON.stringify(rows)).not.toMatch(/张晓岚|李一舟|zhang@/);
});

test("more entries than one batch are read to the end", async () => {
  const entries = Array.from({ length: 1_200 }, (_, at) => ({
    action: "file" as const,
    about: `mail/${at}`,
  }));
  await recordAudit(database.db, null, office, entries);
  await tamper(
    "insert into audit (at, way, action, about, who, salt, sealed) select at, way, action, about, who, salt, sealed from audit",
  );
  const rows = await Array.fromAsync(auditRows(database.db));
  expect(rows.length).toBe(2_400);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(2_400);
});
