// A restored database says nothing until the office lets it speak again; every restore stays on record.
import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  // A restore of an older backup makes it ahead of this migration (src/store/quiet.ts).
  await sql`
    create table if not exists restoration (
      id bigint generated always as identity primary key,
      backup_at timestamptz not null,
      restored_at timestamptz not null,
      finished_at timestamptz,
      finished_by text,
      dropped integer
    )`.execute(db);
}
