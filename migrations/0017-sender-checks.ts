// Whether a mail really came from the address it names: the verdict, and every result it rests on.
import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table message add column sender_check jsonb`.execute(db);
}
