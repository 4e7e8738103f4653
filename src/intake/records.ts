// SQL of taking mail in: the mailbox row, what was seen where, and the messages themselves.

import type { Selectable } from "kysely";
import { type Content, dropAgain, putBlobs } from "../store/blobs.ts";
import { dbText, type Trx } from "../store/database.ts";
import type { MailboxTable, MessageState } from "../store/tables.ts";
import type { ListedMail, Mailbox, Room } from "./mailbox.ts";

export type MailboxRow = Selectable<MailboxTable>;

/** One mail as it is to be recorded: its stored bytes, and what is known before anybody has read it. */
export interface Arrival {
  mail: ListedMail;
  sha256: Buffer;
  /** To be stored along with it; absent when a stream has stored it already. */
  content?: Content;
  state: MessageState;
  reason: string | null;
  detail: string | null;
}

export interface Recorded {
  /** Ids of messages that were not known before. */
  fresh: number[];
  /** Mails whose bytes were known: recorded again, not handled again. */
  duplicates: number;
}

/** The row of this mailbox; made at first contact, which is when the campaign goes live for it. */
export async function mailboxRow(
  trx: Trx,
  name: string,
  campaign: string,
  liveAt: Date,
): Promise<MailboxRow> {
  const known = trx.selectFrom("mailbox").selectAll().where("name", "=", name);
  const row = await known.executeTakeFirst();
  if (row) return row;
  await trx
    .insertInto("mailbox")
    .values({ name, campaign, uid_validity: null, live_at: liveAt })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return known.executeTakeFirstOrThrow();
}

export async function noteRoom(trx: Trx, { name }: Mailbox, room: Room): Promise<void> {
  const { usedBytes: used_bytes, limitBytes: limit_bytes } = room;
  await trx.updateTable("mailbox").set({ used_bytes, limit_bytes }).where("name", "=", name).execute();
}

/** Those of `listed` that have no record yet, in the order given. */
export async function withoutRecord(trx: Trx, mailbox: Mailbox, listed: ListedMail[]): Promise<ListedMail[]> {
  const known = new Set<number>();
  for (const part of inParts(listed, 10_000)) {
    const rows = await trx
      .selectFrom("mail_record")
      .select("uid")
      .where("mailbox", "=", mailbox.name)
      .where("uid_validity", "=", mailbox.uidValidity)
      .where(
        "uid",
        "in",
        part.map((mail) => mail.uid),
      )
      .execute();
    for (const row of rows) known.add(row.uid);
  }
  return listed.filter((mail) => !known.has(mail.uid));
}

/** Bytes, messages and records of one batch. Safe against a second reader doing the same: unique keys decide. */
export async function recordArrivals(
  trx: Trx,
  arrivals: Arrival[],
  facts: { mailbox: Mailbox; row: MailboxRow },
  now: Date,
): Promise<Recorded> {
  const { mailbox, row } = facts;
  if (arrivals.length === 0) return { fresh: [], duplicates: 0 };
  await putBlobs(
    trx,
    arrivals.flatMap((arrival) => arrival.content ?? []),
    now,
  );
  const distinct = new Map<string, Arrival>();
  for (const arrival of arrivals) {
    const hash = arrival.sha256.toString("hex");
    if (!distinct.has(hash)) distinct.set(hash, arrival);
  }
  // In the order of arrival, which the ids then have too. Two readers of one mailbox list it in the same order, so
  // that neither waits for the other in a circle.
  const inserted = await trx
    .insertInto("message")
    .values(
      [...distinct.values()].map(({ mail, sha256, state, reason, detail }) => ({
        campaign: row.campaign,
        sha256,
        bytes: mail.bytes,
        arrived_at: mail.arrivedAt,
        recorded_at: now,
        backlog: mail.arrivedAt < row.live_at,
        state,
        reason,
        detail: detail === null ? null : dbText(detail, 2_000),
        handled_at: state === "received" ? null : now,
        decided_by: state === "received" ? null : "rules",
        understanding: null,
      })),
    )
    .onConflict((conflict) => conflict.columns(["campaign", "sha256"]).doNothing())
    .returning("id")
    .execute();
  const stored = await trx
    .selectFrom("message")
    .select(["id", "sha256", "removed_at", "original_removed_at"])
    .where("campaign", "=", row.campaign)
    .where(
      "sha256",
      "in",
      [...distinct.values()].map((arrival) => arrival.sha256),
    )
    .execute();
  // Still on the server, and removed here: it stays removed.
  const purged = stored
    .filter((message) => message.removed_at !== null || message.original_removed_at !== null)
    .map(({ sha256 }) => sha256);
  await dropAgain(trx, purged, now);
  const idOf = new Map(stored.map((message) => [message.sha256.toString("hex"), message.id]));
  const records = await trx
    .insertInto("mail_record")
    .values(
      arrivals.map(({ mail, sha256 }) => ({
        mailbox: mailbox.name,
        uid_validity: mailbox.uidValidity,
        uid: mail.uid,
        message_id: idOf.get(sha256.toString("hex")) as number,
        recorded_at: now,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .returning("uid")
    .execute();
  const fresh = inserted.map((message) => message.id).sort((one, other) => one - other);
  return { fresh, duplicates: Math.max(0, records.length - fresh.length) };
}

/** Notes that these were not handed out once more; returns those that were not for the `limit`-th time. */
export async function countFetchFailures(
  trx: Trx,
  mailbox: Mailbox,
  mails: ListedMail[],
  limit: number,
  now: Date,
): Promise<ListedMail[]> {
  if (mails.length === 0) return [];
  const rows = await trx
    .insertInto("fetch_failure")
    .values(
      mails.map(({ uid }) => ({
        mailbox: mailbox.name,
        uid_validity: mailbox.uidValidity,
        uid,
        tries: 1,
        last_at: now,
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(["mailbox", "uid_validity", "uid"])
        .doUpdateSet((of) => ({ tries: of("fetch_failure.tries", "+", 1), last_at: now })),
    )
    .returning(["uid", "tries"])
    .execute();
  const given = new Set(rows.filter((row) => row.tries >= limit).map((row) => row.uid));
  return mails.filter((mail) => given.has(mail.uid));
}

/** After a whole pass: the overdue notices' interlock believes nothing else (all that was there at `readAt` is recorded). */
export async function notePass(trx: Trx, mailbox: Mailbox, lastUid: number, readAt: Date): Promise<void> {
  await trx
    .updateTable("mailbox")
    .set({
      uid_validity: mailbox.uidValidity,
      last_uid: lastUid,
      last_read_at: readAt,
      last_error: null,
      last_error_at: null,
    })
    .where("name", "=", mailbox.name)
    .execute();
}

export async function noteFailure(trx: Trx, name: string, error: Error, now: Date): Promise<void> {
  await trx
    .updateTable("mailbox")
    .set({ last_error: dbText(error.message, 2_000), last_error_at: now })
    .where("name", "=", name)
    .execute();
}

export function inParts<T>(items: T[], size: number): T[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, part) => items.slice(part * size, (part + 1) * size));
}
