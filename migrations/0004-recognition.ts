// What recognition (OCR) did and has still to do for a document, and how much of it was read.
import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table document
      add column unrecognised integer not null default 0,
      add column confidence real,
      add column pages_read integer`.execute(db);
}
