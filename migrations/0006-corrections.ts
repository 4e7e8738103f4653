// What people corrected, kept as examples for the rules; and what only this installation knows.
import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table correction (
      id bigint generated always as identity primary key,
      campaign text not null,
      message_id bigint not null references message,
      submission_id bigint references submission,
      field text not null check (field in
        ('unit', 'type', 'item', 'people', 'title', 'confirm', 'withdraw', 'dismiss')),
      before text,
      after text,
      made_by text not null,
      made_at timestamptz not null,
      way text not null check (way in ('mail', 'command', 'sender')),
      asked_in bigint references message
    )`.execute(db);
  await sql`create index correction_campaign on correction (campaign, id)`.execute(db);
  await sql`create index correction_message on correction (message_id)`.execute(db);
  // What somebody decided is history: it is followed by another decision, never changed.
  await sql`
    create function refuse_change() returns trigger language plpgsql as
      $$ begin raise exception 'table % is only ever added to', tg_table_name; end $$`.execute(db);
  await sql`
    create trigger correction_append_only before update or delete on correction
      for each row execute function refuse_change()`.execute(db);
  await sql`
    create table installation_secret (
      purpose text primary key,
      secret bytea not null,
      made_at timestamptz not null
    )`.execute(db);
}
