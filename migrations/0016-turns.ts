// What each answer answers in the correspondence with its address, and finding that correspondence.
import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table notice add column brought boolean`.execute(db);
  await sql`
    create index notice_answer on notice (campaign, lower(to_contacts -> 0 ->> 'email'), id)
      where kind in ('acknowledgement', 'clarification')`.execute(db);
}
