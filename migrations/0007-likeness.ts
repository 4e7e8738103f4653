// What each text is found by, and which submissions are alike: hints for the office.
import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  // No reference to the submission: a look-up a number would cost more than all else, and the rows can be made again.
  await sql`create table fingerprint (hash integer not null, submission_id integer not null)`.execute(db);
  await sql`create index fingerprint_hash on fingerprint (hash, submission_id)`.execute(db);
  await sql`
    create table compared (
      submission_id bigint primary key references submission on delete cascade,
      whole bigint not null,
      winnowed integer not null
    )`.execute(db);
  await sql`create index compared_whole on compared (whole, submission_id)`.execute(db);
  await sql`
    create table likeness (
      submission_id bigint not null references submission on delete cascade,
      other_id bigint references submission on delete cascade,
      kind text not null check (kind in
        ('same-text', 'near-identical', 'contained', 'contains', 'boilerplate', 'same-file', 'announcement')),
      score real not null check (score between 0 and 1),
      found_at timestamptz not null,
      check ((kind = 'announcement') = (other_id is null))
    )`.execute(db);
  await sql`create unique index likeness_pair on likeness (submission_id, coalesce(other_id, 0))`.execute(db);
  await sql`create index likeness_other on likeness (other_id)`.execute(db);
  // No query ever could use it (each asks for other columns with OR), and it cost more than the row itself.
  await sql`drop index if exists submission_words`.execute(db);
}
