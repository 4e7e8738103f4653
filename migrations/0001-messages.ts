// Raw mail, the mailbox it was seen in, what was read from it. Bytes are chunk rows named by their SHA-256.
import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create extension if not exists pg_trgm`.execute(db);
  await sql`
    create table blob (
      sha256 bytea primary key check (octet_length(sha256) = 32),
      bytes bigint not null,
      created_at timestamptz not null
    )`.execute(db);
  await sql`
    create table blob_chunk (
      sha256 bytea not null references blob on delete cascade,
      sequence integer not null,
      data bytea not null,
      primary key (sha256, sequence)
    )`.execute(db);
  // Documents and mails are compressed by their senders or too small to gain: skip the CPU of a second try.
  await sql`alter table blob_chunk alter column data set storage external`.execute(db);
  await sql`
    create table mailbox (
      name text primary key,
      campaign text not null,
      uid_validity bigint,
      last_uid bigint not null default 0,
      live_at timestamptz not null,
      last_read_at timestamptz,
      last_error text,
      last_error_at timestamptz
    )`.execute(db);
  await sql`
    create table message (
      id bigint generated always as identity primary key,
      campaign text not null,
      sha256 bytea not null references blob,
      bytes bigint not null,
      arrived_at timestamptz not null,
      recorded_at timestamptz not null,
      backlog boolean not null,
      state text not null default 'received'
        check (state in ('received', 'filed', 'held', 'automatic', 'ignored', 'oversize')),
      reason text,
      detail text,
      attempts integer not null default 0,
      handled_at timestamptz,
      decided_by text,
      origin text,
      rfc_message_id text,
      content_key bytea,
      from_name text,
      from_address text,
      subject text,
      claimed_at timestamptz,
      new_text text,
      understanding jsonb,
      duplicate_of bigint references message,
      unique (campaign, sha256)
    )`.execute(db);
  await sql`create index message_state on message (campaign, state, arrived_at)`.execute(db);
  await sql`create index message_arrived on message (campaign, arrived_at)`.execute(db);
  await sql`create index message_handled on message (campaign, handled_at)`.execute(db);
  await sql`create index message_content on message (campaign, content_key)`.execute(db);
  // Message-IDs are the sender's and may be of any length: a hash index takes them all (R27).
  await sql`create index message_rfc_id on message using hash (rfc_message_id)`.execute(db);
  await sql`
    create table mail_record (
      mailbox text not null references mailbox,
      uid_validity bigint not null,
      uid bigint not null,
      message_id bigint not null references message,
      recorded_at timestamptz not null,
      primary key (mailbox, uid_validity, uid)
    )`.execute(db);
  // Mails a server lists and then does not hand out: asked for again, and after some tries shown to the office (R6).
  await sql`
    create table fetch_failure (
      mailbox text not null references mailbox,
      uid_validity bigint not null,
      uid bigint not null,
      tries integer not null,
      last_at timestamptz not null,
      primary key (mailbox, uid_validity, uid)
    )`.execute(db);
  await sql`create index mail_record_message on mail_record (message_id)`.execute(db);
  await sql`
    create table document (
      sha256 bytea primary key,
      reader_version integer not null,
      status text not null check (status in ('read', 'held', 'ignored')),
      reason text,
      media_type text not null,
      text text not null,
      title text,
      author text,
      pages integer,
      properties jsonb not null,
      warnings jsonb not null,
      read_at timestamptz not null
    )`.execute(db);
  await sql`
    create table attachment (
      id bigint generated always as identity primary key,
      message_id bigint not null references message on delete cascade,
      parent_id bigint references attachment on delete cascade,
      position integer not null,
      filename text not null,
      declared_type text not null,
      media_type text not null,
      bytes bigint not null,
      sha256 bytea not null,
      inline boolean not null,
      status text not null check (status in ('read', 'held', 'ignored')),
      reason text
    )`.execute(db);
  await sql`create index attachment_message on attachment (message_id)`.execute(db);
  await sql`create index attachment_sha256 on attachment (sha256)`.execute(db);
}
