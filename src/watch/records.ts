// SQL of the watch: heartbeats of every role, and what shows whether the work moves.
import { sql } from "kysely";
import type { Campaign } from "../campaign/campaign.ts";
import type { Trx } from "../store/database.ts";
import { isQuiet } from "../store/quiet.ts";

/** One that died without a word is spoken of for so long. */
const REMEMBERED_MS = 86_400_000;

export interface Beating {
  process: string;
  roles: string[];
  startedAt: Date;
}

export async function beat(trx: Trx, { process, roles, startedAt }: Beating, now: Date): Promise<void> {
  await trx
    .insertInto("heartbeat")
    .values(roles.map((role) => ({ process, role, started_at: startedAt, beat_at: now })))
    .onConflict((conflict) => conflict.columns(["process", "role"]).doUpdateSet({ beat_at: now }))
    .execute();
  const forgotten = new Date(now.getTime() - REMEMBERED_MS);
  await trx.deleteFrom("heartbeat").where("beat_at", "<", forgotten).execute();
}

/** One that was told to stop is not missed. */
export async function endBeating(trx: Trx, { process }: Beating): Promise<void> {
  await trx.deleteFrom("heartbeat").where("process", "=", process).execute();
}

export interface WorkFacts {
  /** Null: never. */
  mailboxes: { name: string; lastReadAt: Date | null; error: string | null }[];
  /** The newest sign of life of each role. */
  roles: { role: string; process: string; beatAt: Date }[];
  /** Notices that may leave and have not, and when one last left or failed. */
  outbox: { due: number; oldestAt: Date | null; movedAt: Date | null };
  /** Mails recorded and not yet handled, those that wait for their scans aside. */
  queue: { open: number; oldestAt: Date | null };
  lastDigestAt: Date | null;
}

export async function workFacts(trx: Trx, { code, mailbox }: Campaign, now: Date): Promise<WorkFacts> {
  const mailboxes = await trx
    .selectFrom("mailbox")
    .select(["name", "last_read_at as lastReadAt", "last_error as error"])
    .where("campaign", "=", code)
    .execute();
  const { rows: roles } = await sql<WorkFacts["roles"][number]>`
    select distinct on (role) role, process, beat_at as "beatAt" from heartbeat
    order by role, beat_at desc`.execute(trx);
  const { rows } = await sql<
    WorkFacts["outbox"] & { open: number; receivedAt: Date | null; digestAt: Date | null }
  >`
    select
      (select count(*)::int from notice where campaign = ${code} and state = 'intended' and not_before <= ${now}
        and not ${isQuiet}) as due,
      (select min(not_before) from notice where campaign = ${code} and state = 'intended' and not_before <= ${now}
        and not ${isQuiet}) as "oldestAt",
      (select max(settled_at) from notice where campaign = ${code}) as "movedAt",
      (select count(*)::int from message m where campaign = ${code} and state = 'received'
        and not exists (select from awaited_recognition a where a.message_id = m.id)) as open,
      (select min(recorded_at) from message m where campaign = ${code} and state = 'received'
        and not exists (select from awaited_recognition a where a.message_id = m.id)) as "receivedAt",
      (select max(intended_at) from notice where campaign = ${code} and kind = 'digest') as "digestAt"`.execute(
    trx,
  );
  const {
    due = 0,
    oldestAt = null,
    movedAt = null,
    open = 0,
    receivedAt = null,
    digestAt = null,
  } = rows[0] ?? {};
  return {
    mailboxes: mailboxes.length > 0 ? mailboxes : [{ name: mailbox.address, lastReadAt: null, error: null }],
    roles,
    outbox: { due, oldestAt, movedAt },
    queue: { open, oldestAt: receivedAt },
    lastDigestAt: digestAt,
  };
}
