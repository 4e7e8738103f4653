// What a person decided about a notice of which nobody knows whether it arrived, and who.
import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table notice
      add column decision text check (decision in ('resend', 'settle')),
      add column decided_by text,
      add column decided_at timestamptz,
      add constraint notice_decided check ((decision is null) = (decided_at is null))`.execute(db);
}
