// Finds the few notices that came back, or whose end nobody knows, without looking through all that were ever sent.
import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index notice_returned on notice (campaign) where bounce is not null`.execute(db);
  await sql`create index notice_ambiguous on notice (campaign, settled_at) where state = 'ambiguous'`.execute(
    db,
  );
}
