// Addresses the office lets have mail again, after a notice came back because nobody was there.
import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table resumed_address (
      campaign text not null,
      address text not null,
      resumed_at timestamptz not null,
      resumed_by text not null,
      primary key (campaign, address)
    )`.execute(db);
}
