// What the role that runs the service may do in the database: exactly what it needs, and never undo what is history.
import { sql } from "kysely";
import { byCommand, recordAudit } from "./audit.ts";
import type { Database, Trx } from "./database.ts";
import { QUEUE_SCHEMA } from "./jobs.ts";
import type { Tables } from "./tables.ts";

/** Nothing may be made, altered or dropped, and nothing deleted but what is only noted in passing. */
const reads = ["select"];
const adds = ["select", "insert"];
const changes = ["select", "insert", "update"];
const passing = ["select", "insert", "update", "delete"];

const rights: Record<keyof Tables | "kysely_migration", readonly string[]> = {
  kysely_migration: reads,
  ...{ audit_chain: reads, restoration: reads, removal: reads, forgotten: reads },
  ...{ audit: adds, ruling: adds, ruling_scan: adds, correction: adds, installation_secret: adds },
  ...{ mail_record: adds, announcement: adds, announced: adds, further_message: adds },
  ...{ fingerprint: adds, compared: adds, likeness: adds },
  // Content comes in under a draft's key; `policies` hold the rest of it fast.
  blob: [...adds, "update (removed_at)", "delete"],
  blob_chunk: passing,
  // A mail's own facts stay what they were when it came.
  message: [...adds, "update"],
  ...{ mailbox: changes, document: changes, attachment: changes, reference_counter: changes },
  ...{ submission: changes, notice: changes, sent_folder: changes, resumed_address: changes },
  ...{ fetch_failure: passing, recognition: passing, awaited_recognition: passing, heartbeat: passing },
};

const unchanging = [
  ...["id", "campaign", "sha256", "bytes", "arrived_at", "recorded_at", "backlog"],
  // Who could say that a mail was removed could remove it.
  ...["removed_at", "original_removed_at"],
];

const policies: [name: string, table: string, rule: string][] = [
  ["everything_read", "blob", "for select to $ROLE using (true)"],
  ["everything_added", "blob", "for insert to $ROLE with check (true)"],
  ["everything_marked", "blob", "for update to $ROLE using (true)"],
  ["drafts_deleted", "blob", "for delete to $ROLE using (bytes = 0)"],
  ["chunks_read", "blob_chunk", "for select to $ROLE using (true)"],
  ["chunks_added", "blob_chunk", "for insert to $ROLE with check (true)"],
  [
    "drafts_named",
    "blob_chunk",
    "for update to $ROLE using (sha256 in (select sha256 from blob where bytes = 0)) with check (true)",
  ],
  // Content of a mail that was removed before and listed again is dropped again.
  [
    "removed_dropped",
    "blob_chunk",
    "for delete to $ROLE using (sha256 in (select sha256 from message where coalesce(removed_at, original_removed_at) is not null))",
  ],
];

/** The role cannot do what it must; the message says who grants it. */
class RightsMissing extends Error {}

/** Whether whoever is connected may not alter the tables; false as well where there are none yet. */
export async function isLesserRole(db: Trx): Promise<boolean> {
  const { rows } = await sql<{ lesser: boolean | null }>`
    select not pg_has_role(current_user, relowner, 'usage') as lesser from pg_class
    where oid = to_regclass('message')`.execute(db);
  return rows[0]?.lesser ?? false;
}

/** "notice: update" for each right the connected role should have and has not. */
export async function missingRights(db: Trx): Promise<string[]> {
  const wanted = Object.entries(rights).flatMap(([table, all]) =>
    all.map((right) => ({ table, right: right.split(" ")[0] ?? "" })),
  );
  const { rows } = await sql<{ missing: string }>`
    select w.name || ': ' || w.need as missing
    from unnest(${wanted.map(({ table }) => table)}::text[], ${wanted.map(({ right }) => right)}::text[]) as w (name, need)
    where case when to_regclass(quote_ident(w.name)) is null then true
      when w.need in ('select', 'insert', 'update') then not has_any_column_privilege(quote_ident(w.name), w.need)
      else not has_table_privilege(quote_ident(w.name), w.need) end`.execute(db);
  const queue = await sql<{ usable: boolean }>`
    select coalesce((select has_schema_privilege(oid, 'usage') from pg_namespace where nspname = ${QUEUE_SCHEMA}), false)
      as usable`.execute(db);
  const missing = rows.map((row) => row.missing);
  return queue.rows[0]?.usable ? missing : [...missing, `${QUEUE_SCHEMA}: usage`];
}

export async function refuseMissingRights(db: Trx): Promise<void> {
  const [missing, ...more] = await missingRights(db);
  if (missing === undefined) return;
  const { rows } = await sql<{ role: string }>`select current_user as role`.execute(db);
  const role = rows[0]?.role ?? "";
  const count = more.length > 0 ? ` (+${more.length})` : "";
  throw new RightsMissing(
    `数据库用户 ${role} 缺少权限（${missing}${count}）：请用建表的用户运行 jinbox migrate --grant ${role}\n` +
      `the database role ${role} lacks rights (${missing}${count}): run jinbox migrate --grant ${role} as the tables' owner`,
  );
}

/** Null: done. What it had before is taken first, so that it has this and nothing else. */
export async function grantTo(
  db: Database,
  role: string,
  now: Date,
): Promise<"no-such-role" | "owns" | null> {
  const { rows } = await sql<{ owns: boolean }>`
    select rolsuper or pg_has_role(oid, (select relowner from pg_class where oid = to_regclass('message')), 'usage') as owns
    from pg_roles where rolname = ${role}`.execute(db);
  if (!rows[0]) return "no-such-role";
  if (rows[0].owns) return "owns";
  const to = sql.ref(role);
  const queue = sql.ref(QUEUE_SCHEMA);
  await db.transaction().execute(async (trx) => {
    await sql`revoke all on all tables in schema public from ${to}`.execute(trx);
    await sql`grant usage on schema public to ${to}`.execute(trx);
    for (const [table, all] of Object.entries(rights)) {
      for (const right of all) {
        const columns = table === "message" && right === "update" ? await changingColumns(trx) : null;
        const granted = columns
          ? sql`update (${sql.join(columns.map((name) => sql.ref(name)))})`
          : sql.raw(right);
        await sql`grant ${granted} on ${sql.table(table)} to ${to}`.execute(trx);
      }
    }
    await sql`grant usage on schema ${queue} to ${to}`.execute(trx);
    await sql`grant select, insert, update, delete on all tables in schema ${queue} to ${to}`.execute(trx);
    await sql`grant usage on all sequences in schema ${queue} to ${to}`.execute(trx);
    for (const table of ["blob", "blob_chunk"])
      await sql`alter table ${sql.table(table)} enable row level security`.execute(trx);
    for (const [name, table, rule] of policies) {
      const policy = sql.ref(`${name}/${role}`);
      const [before = "", after = ""] = rule.split("$ROLE");
      await sql`drop policy if exists ${policy} on ${sql.table(table)}`.execute(trx);
      await sql`create policy ${policy} on ${sql.table(table)} ${sql.raw(before)} ${to} ${sql.raw(after)}`.execute(
        trx,
      );
    }
    await recordAudit(trx, null, byCommand(now), [{ action: "grant", about: "database", after: role }]);
  });
  return null;
}

async function changingColumns(trx: Trx): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select attname as name from pg_attribute where attrelid = 'message'::regclass and attnum > 0 and not attisdropped`.execute(
    trx,
  );
  return rows.map(({ name }) => name).filter((name) => !unchanging.includes(name));
}
