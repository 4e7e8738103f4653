// What the office rules on what is owed: with a time of day, the way it reached us, its scans, and never taken back but by another.
import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table ruling drop constraint ruling_kind_check`.execute(db);
  await sql`
    alter table ruling
      add column due_time text check (due_time ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
      add column received_by text check (received_by in ('paper', 'phone', 'other')),
      add column way text not null default 'command' check (way in ('mail', 'command')),
      add column asked_in bigint references message,
      add constraint ruling_kind_check check (kind in ('waiver', 'extension', 'receipt',
        'waiver-revoked', 'extension-revoked', 'receipt-revoked', 'go-ahead'))`.execute(db);
  await sql`alter table ruling alter column way drop default`.execute(db);
  // A ruling is history like a correction: another one follows it.
  await sql`
    create trigger ruling_append_only before update or delete on ruling
      for each row execute function refuse_change()`.execute(db);
  await sql`
    create table ruling_scan (
      ruling_id bigint not null references ruling,
      ordinal integer not null,
      sha256 bytea not null references blob,
      filename text not null,
      media_type text not null,
      primary key (ruling_id, ordinal)
    )`.execute(db);
  await sql`create index ruling_scan_content on ruling_scan (sha256)`.execute(db);
}
