// A submission knows since when what could not be read at first can be: its timeliness depends on it.
import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table submission add column readable_at timestamptz`.execute(db);
}
