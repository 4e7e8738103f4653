// Who did what, when and which way, each entry bound to all before it, so that a changed, missing or added one shows.
import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  // What names or describes people (who, before, after) is bound only through `sealed`, a hash under the entry's own salt:
  // a person can be forgotten, salt and all, and the chain still holds.
  await sql`
    create table audit (
      id bigint generated always as identity primary key,
      campaign text,
      at timestamptz(3) not null,
      way text not null check (way in ('mail', 'command', 'console')),
      action text not null,
      about text not null,
      asked_in bigint,
      who text,
      before text,
      after text,
      salt bytea,
      sealed bytea not null,
      forgotten_at timestamptz,
      check (case when forgotten_at is null then salt is not null and who is not null
        else salt is null and who is null and before is null and after is null end)
    )`.execute(db);
  await sql`create index audit_at on audit (at)`.execute(db);
  await sql`
    create table audit_chain (
      number bigint primary key,
      audit_id bigint not null unique references audit,
      hash bytea not null
    )`.execute(db);
  // Every part with its length before it: no two entries are written alike.
  await sql`
    create function audit_part(value text) returns text language sql immutable as
      $$ select coalesce(octet_length(value) || ':' || value, '-') $$`.execute(db);
  // Deferred to the commit, so that nobody waits longer for the chain than a commit takes. With the rights of its
  // owner: whoever runs the program may add entries, and never write the chain.
  await sql`
    create function chain_audit() returns trigger language plpgsql
      security definer set search_path = public, pg_temp as $$
    declare
      last_number bigint;
      last_hash bytea;
    begin
      -- Restored together with its place in the chain.
      if exists (select from audit_chain where audit_id = new.id) then return null; end if;
      perform pg_advisory_xact_lock(7305200);
      select number, hash into last_number, last_hash from audit_chain order by number desc limit 1;
      last_number := coalesce(last_number, 0) + 1;
      insert into audit_chain values (last_number, new.id, sha256(convert_to(
        audit_part(last_number::text) || audit_part(encode(last_hash, 'hex')) || audit_part(new.campaign) ||
        audit_part(to_char(new.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) || audit_part(new.way) ||
        audit_part(new.action) || audit_part(new.about) || audit_part(new.asked_in::text) ||
        audit_part(encode(new.sealed, 'hex')), 'UTF8')));
      return null;
    end $$`.execute(db);
  await sql`
    create constraint trigger audit_chained after insert on audit deferrable initially deferred
      for each row execute function chain_audit()`.execute(db);
  await sql`
    create function refuse_audit_change() returns trigger language plpgsql as $$
    begin
      if old.salt is not null and new.forgotten_at is not null and
        to_jsonb(new) - '{who,before,after,salt,forgotten_at}'::text[] =
        to_jsonb(old) - '{who,before,after,salt,forgotten_at}'::text[] then return new; end if;
      raise exception 'table audit is only ever added to';
    end $$`.execute(db);
  await sql`
    create trigger audit_unchanged before update on audit
      for each row execute function refuse_audit_change()`.execute(db);
  await sql`
    create trigger audit_undeleted before delete on audit
      for each row execute function refuse_change()`.execute(db);
  await sql`
    create trigger audit_chain_append_only before update or delete on audit_chain
      for each row execute function refuse_change()`.execute(db);
  for (const table of ["audit", "audit_chain"]) {
    await sql`
      create trigger ${sql.ref(`${table}_untruncated`)} before truncate on ${sql.table(table)}
        execute function refuse_change()`.execute(db);
  }
}
