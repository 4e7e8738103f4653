// Each role of each process says that it lives, so that the others notice one that does not (R52).
import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table heartbeat (
      process text not null,
      role text not null,
      started_at timestamptz not null,
      beat_at timestamptz not null,
      primary key (process, role)
    )`.execute(db);
}
