// When a notice of unknown fate was let go once more: told, not guessed from how long ago its data first left.
import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table notice add column sent_again_at timestamptz`.execute(db);
  // Those an older version sent again kept the instant their data first left, half an hour or more before they were settled.
  await sql`
    update notice set sent_again_at = settled_at
    where data_sent_at is not null and data_sent_at <= coalesce(settled_at, now()) - interval '30 minutes'`.execute(
    db,
  );
}
