// What is sent to everyone: each announcement's content, who was written to for it; and notices worded without their template.
import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table announcement (
      campaign text not null,
      name text not null,
      subject text not null,
      filename text not null,
      media_type text not null,
      sha256 bytea not null references blob,
      text text not null,
      made_at timestamptz not null,
      primary key (campaign, name)
    )`.execute(db);
  // One row for each person a notice speaks to: a mailbox that several share is written to once.
  await sql`
    create table announced (
      campaign text not null,
      announcement text not null,
      unit text not null,
      person text not null,
      name text not null,
      notice_id bigint not null references notice,
      primary key (campaign, announcement, unit, person, notice_id),
      foreign key (campaign, announcement) references announcement
    )`.execute(db);
  await sql`create index announced_notice on announced (notice_id)`.execute(db);
  await sql`alter table notice add column wording_fault text`.execute(db);
}
