// Which notice of ours a mail answers: the record of urging shows what came back.
import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table message add column answers_notice bigint references notice`.execute(db);
  await sql`create index message_answers on message (answers_notice) where answers_notice is not null`.execute(
    db,
  );
}
