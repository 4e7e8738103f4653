// Corrections and rulings are only ever added to; words of people in them can be taken out where the law asks for it.
import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of ["correction", "ruling"]) {
    const trigger = sql.ref(`${table}_append_only`);
    await sql`drop trigger ${trigger} on ${sql.table(table)}`.execute(db);
    // Only a purge or a forgetting says so, for its own transaction (src/service/retention/erase.ts).
    await sql`
      create trigger ${trigger} before update or delete on ${sql.table(table)} for each row
        when (current_setting('jinbox.erasing', true) is distinct from 'on') execute function refuse_change()`.execute(
      db,
    );
  }
}
