// Which state may follow which, kept by the database; and what is known of the folder the provider keeps sent mail in.
import { type Kysely, sql } from "kysely";

const steps = {
  notice: [
    ["intended", "claimed dropped"],
    ["claimed", "intended data-sent rejected dropped"],
    ["data-sent", "intended accepted rejected ambiguous dropped bounced"],
    ["ambiguous", "intended accepted bounced"],
    ["accepted", "bounced"],
    ["dropped", "intended"],
  ],
  message: [
    ["received", "filed held automatic ignored oversize"],
    ["held", "filed ignored"],
    ["oversize", "filed ignored"],
  ],
  submission: [
    ["current", "superseded withdrawn"],
    ["superseded", "current withdrawn"],
  ],
} satisfies Record<string, [from: string, to: string][]>;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function refuse_illegal_step() returns trigger language plpgsql as $$
      begin
        if not (old.state || '>' || new.state = any(tg_argv)) then
          raise exception '% %: no step leads from % to %', tg_table_name, old.id, old.state, new.state;
        end if;
        return new;
      end $$`.execute(db);
  for (const [table, legal] of Object.entries(steps)) {
    const pairs = legal.flatMap(([from, to]) => to.split(" ").map((one) => sql.lit(`${from}>${one}`)));
    await sql`
      create trigger ${sql.ref(`${table}_legal_steps`)} before update of state on ${sql.table(table)}
        for each row when (old.state is distinct from new.state)
        execute function refuse_illegal_step(${sql.join(pairs)})`.execute(db);
  }
  await sql`
    create table sent_folder (
      campaign text primary key,
      asked_at timestamptz not null,
      looked_at timestamptz,
      folder text,
      keeps_copies boolean,
      error text,
      error_at timestamptz
    )`.execute(db);
  await sql`
    alter table mailbox
      add column used_bytes bigint,
      add column limit_bytes bigint`.execute(db);
}
