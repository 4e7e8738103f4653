// What is removed for good: the marks of it on what stays, and the record that proves it.
import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table blob add column removed_at timestamptz`.execute(db);
  await sql`alter table message add column removed_at timestamptz, add column anonymous_at timestamptz`.execute(
    db,
  );
  await sql`alter table attachment add column removed_at timestamptz`.execute(db);
  await sql`alter table submission add column removed_at timestamptz`.execute(db);
  await sql`alter table notice add column removed_at timestamptz`.execute(db);
  await sql`
    create table removal (
      id bigint generated always as identity primary key,
      campaign text not null,
      kind text not null,
      at timestamptz not null,
      made_by text not null,
      count integer not null,
      bytes bigint not null,
      from_at timestamptz,
      to_at timestamptz,
      sha256 bytea not null
    )`.execute(db);
  await sql`
    create function removal_stays() returns trigger language plpgsql as
      $$ begin raise exception 'a removal stays on record'; end $$`.execute(db);
  await sql`
    create trigger removal_stays before update or delete on removal
      for each row execute function removal_stays()`.execute(db);
}
