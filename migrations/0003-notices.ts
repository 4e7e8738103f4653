// The outbox: every mail jinbox ever means to send, written in the transaction of its cause.
import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table notice (
      id bigint generated always as identity primary key,
      campaign text not null,
      key text not null,
      kind text not null,
      to_contacts jsonb not null,
      cc_contacts jsonb not null,
      subject text not null,
      text text not null,
      html text,
      attachments jsonb not null,
      rfc_message_id text not null unique,
      in_reply_to text,
      reference_ids jsonb not null,
      cause_message_id bigint references message,
      unit text,
      still_owed jsonb not null,
      intended_at timestamptz not null,
      not_before timestamptz not null,
      state text not null default 'intended' check (state in
        ('intended', 'claimed', 'data-sent', 'accepted', 'rejected', 'ambiguous', 'dropped', 'bounced')),
      claimed_by text,
      lease_until timestamptz,
      attempts integer not null default 0,
      data_sent_at timestamptz,
      settled_at timestamptz,
      response text,
      bounce jsonb,
      unique (campaign, key)
    )`.execute(db);
  await sql`create index notice_due on notice (campaign, not_before) where state = 'intended'`.execute(db);
  await sql`create index notice_open on notice (lease_until) where state in ('claimed', 'data-sent')`.execute(
    db,
  );
  await sql`create index notice_kind on notice (campaign, kind, intended_at)`.execute(db);
  await sql`create index notice_settled on notice (campaign, settled_at)`.execute(db);
  await sql`create index notice_cause on notice (cause_message_id)`.execute(db);
}
