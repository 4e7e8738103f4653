// Which later or earlier mails belong to a submission besides its own: what was forgotten, and what it completed.
import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table further_message (
      submission_id bigint not null references submission on delete cascade,
      message_id bigint not null references message,
      role text not null check (role in ('supplement', 'first')),
      text text not null,
      added_at timestamptz not null,
      primary key (submission_id, message_id)
    )`.execute(db);
  await sql`create index further_message_message on further_message (message_id)`.execute(db);
}
