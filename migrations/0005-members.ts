// How many files a document holds: a known one is opened again for them, whatever its format.
import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table document add column members integer not null default 0`.execute(db);
}
