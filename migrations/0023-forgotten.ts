// Who asked to be forgotten, as keyed hashes: a restored backup or a mail listed again must not bring them back.
import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table forgotten (
      hash bytea primary key,
      pseudonym text not null,
      at timestamptz not null
    )`.execute(db);
  await sql`alter table message add column original_removed_at timestamptz`.execute(db);
}
