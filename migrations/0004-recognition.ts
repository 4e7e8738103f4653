// Recognition (OCR): what it did and has still to do for a document, what is to be recognised, and which mails wait for it.
import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table document
      add column unrecognised integer not null default 0,
      add column confidence real,
      add column pages_read integer,
      add column recognised_at timestamptz`.execute(db);
  // A row a content, however many mails bring it; gone when it is recognised.
  await sql`
    create table recognition (
      sha256 bytea primary key references blob,
      filename text not null,
      inline boolean not null,
      pages_done integer not null default 0,
      pages_total integer not null,
      attempts integer not null default 0,
      requested_at timestamptz not null
    )`.execute(db);
  await sql`create index recognition_requested on recognition (requested_at)`.execute(db);
  await sql`
    create table awaited_recognition (
      message_id bigint not null references message on delete cascade,
      sha256 bytea not null references recognition on delete cascade,
      primary key (message_id, sha256)
    )`.execute(db);
  await sql`create index awaited_recognition_sha256 on awaited_recognition (sha256)`.execute(db);
}
