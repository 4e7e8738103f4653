// Whether a mail really came from the address it names, with every result that rests on; and what was replaced or
// withdrawn in another's name can be put back.
import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table message add column sender_check jsonb`.execute(db);
  await sql`alter table correction drop constraint correction_field_check`.execute(db);
  await sql`
    alter table correction add constraint correction_field_check check (field in
      ('unit', 'type', 'item', 'people', 'title', 'confirm', 'withdraw', 'restore', 'dismiss'))`.execute(db);
  await sql`drop trigger submission_legal_steps on submission`.execute(db);
  await sql`
    create trigger submission_legal_steps before update of state on submission
      for each row when (old.state is distinct from new.state)
      execute function refuse_illegal_step('current>superseded', 'current>withdrawn', 'superseded>current',
        'superseded>withdrawn', 'withdrawn>current')`.execute(db);
}
