// What was filed, and what the office decided about what is owed.
import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table reference_counter (
      campaign text primary key,
      last integer not null
    )`.execute(db);
  await sql`
    create table submission (
      id bigint generated always as identity primary key,
      reference text not null unique,
      campaign text not null,
      message_id bigint not null references message,
      ordinal integer not null,
      type text not null,
      item text,
      unit text,
      people text[] not null,
      title text not null,
      text text not null,
      state text not null default 'current' check (state in ('current', 'superseded', 'withdrawn')),
      arrived_at timestamptz not null,
      filed_at timestamptz not null,
      verified boolean not null,
      timeliness text not null check (timeliness in ('in-time', 'early', 'late')),
      provisional boolean not null,
      supersedes bigint references submission,
      decided_by text not null,
      unique (message_id, ordinal)
    )`.execute(db);
  await sql`create index submission_owed on submission (campaign, type, unit, item) where state <> 'withdrawn'`.execute(
    db,
  );
  await sql`create index submission_arrived on submission (campaign, arrived_at)`.execute(db);
  await sql`create index submission_words on submission using gin ((title || ' ' || text) gin_trgm_ops)`.execute(
    db,
  );
  // State is a row, not a flag: who waived, extended or received what on paper, when and why.
  await sql`
    create table ruling (
      id bigint generated always as identity primary key,
      campaign text not null,
      kind text not null check (kind in ('waiver', 'extension', 'receipt', 'go-ahead')),
      deliverable text,
      item text,
      unit text,
      due_on date,
      received_at timestamptz,
      made_by text not null,
      made_at timestamptz not null,
      why text not null
    )`.execute(db);
  await sql`create index ruling_campaign on ruling (campaign, kind)`.execute(db);
}
