// After a restore nothing leaves: what the backup remembers as unsent may have been sent since it was made (R58).
import { type Selectable, sql } from "kysely";
import type { Trx } from "./database.ts";
import type { RestorationTable } from "./tables.ts";

export type Restoration = Selectable<RestorationTable>;

/** Makes the note in the transaction of the restore; the tables may be of a version that did not have it yet. */
export async function beginQuiet(trx: Trx, backupAt: Date, now: Date): Promise<void> {
  await sql`
    create table if not exists restoration (
      id bigint generated always as identity primary key,
      backup_at timestamptz not null,
      restored_at timestamptz not null,
      finished_at timestamptz,
      finished_by text,
      dropped integer
    )`.execute(trx);
  await sql`insert into restoration (backup_at, restored_at) values (${backupAt}, ${now})`.execute(trx);
}

/** The restore the office has not yet finished; null: jinbox may speak. */
export async function openRestoration(trx: Trx): Promise<Restoration | null> {
  const row = await trx
    .selectFrom("restoration")
    .selectAll()
    .where("finished_at", "is", null)
    .orderBy("id", "desc")
    .executeTakeFirst();
  return row ?? null;
}

/** In a statement of somebody else: whether nothing may leave. */
export const isQuiet = sql<boolean>`exists (select from restoration where finished_at is null)`;

export async function endQuiet(trx: Trx, by: string, dropped: number, now: Date): Promise<void> {
  await trx
    .updateTable("restoration")
    .set({ finished_at: now, finished_by: by, dropped })
    .where("finished_at", "is", null)
    .execute();
}
