// Facts for the tests of sending: rows of the ledger written directly, and a sender on a virtual clock.
import { createHash } from "node:crypto";
import { sql } from "kysely";
import type { Campaign } from "../../src/campaign/campaign.ts";
import { type VirtualClock, virtualClock } from "../../src/clock.ts";
import { silentLogger } from "../../src/log.ts";
import type { NoticeIntent } from "../../src/notice/notice.ts";
import { intend } from "../../src/notice/outbox.ts";
import type { Sender } from "../../src/notice/send.ts";
import type { SmtpTransport } from "../../src/notice/transport.ts";
import type { Database } from "../../src/store/database.ts";
import type { TestOffice } from "../support/office.ts";

export function intent(key: string, change: Partial<NoticeIntent> = {}): NoticeIntent {
  return {
    key,
    kind: "acknowledgement",
    to: [{ name: "", email: `${key.replaceAll("/", "-")}@sender.example` }],
    cc: [],
    subject: `Re: ${key}`,
    text: "已收到。\n",
    html: null,
    attachments: [],
    inReplyTo: null,
    references: [],
    causeMessageId: null,
    unit: null,
    stillOwed: [],
    notBefore: null,
    ...change,
  };
}

/** A digest as the outbox holds it; returns its Message-ID, which only the office is told. */
export async function intendedDigest(
  { app, campaign }: Pick<TestOffice, "app" | "campaign">,
  on: string,
  text = "每日简报",
): Promise<string> {
  const key = `digest/${on}`;
  const digest = intent(key, { kind: "digest", to: campaign.office.members, subject: "每日简报", text });
  await intend(app.db, campaign, [digest], app.clock.now());
  const { id } = await app.db
    .selectFrom("notice")
    .select("rfc_message_id as id")
    .where("key", "=", key)
    .executeTakeFirstOrThrow();
  return id;
}

export function sender(
  db: Database,
  campaign: Campaign,
  transport: SmtpTransport,
  now: Date,
  change: Partial<Sender> = {},
): Sender & { clock: VirtualClock } {
  return {
    db,
    campaign,
    transport,
    log: silentLogger,
    worker: "test",
    stillTrue: async () => new Map(),
    sentEvidence: null,
    ...change,
    clock: virtualClock(now),
  };
}

export async function states(db: Database): Promise<Record<string, string>> {
  const rows = await db.selectFrom("notice").select(["key", "state"]).orderBy("id").execute();
  return Object.fromEntries(rows.map(({ key, state }) => [key, state]));
}

export async function clear(db: Database): Promise<void> {
  await sql`truncate notice, submission, ruling_scan, ruling, mail_record, mailbox, attachment, message, blob_chunk, blob cascade`.execute(
    db,
  );
}

export async function mailboxReadAt(db: Database, campaign: Campaign, at: Date): Promise<void> {
  await db
    .insertInto("mailbox")
    .values({
      name: "folder:test",
      campaign: campaign.code,
      uid_validity: 1,
      live_at: at,
      last_read_at: at,
      last_error: null,
      last_error_at: null,
    })
    .onConflict((conflict) => conflict.column("name").doUpdateSet({ last_read_at: at }))
    .execute();
}

export interface LedgerEntry {
  type: string;
  unit: string;
  item?: string | null;
  arrivedAt: Date;
  verified?: boolean;
}

/** A message as the intake leaves it; returns its id. */
export async function message(
  db: Database,
  campaign: Campaign,
  arrivedAt: Date,
  change: {
    state?: "received" | "filed" | "held";
    reason?: string;
    from?: string;
    understanding?: object;
  } = {},
): Promise<number> {
  const sha256 = createHash("sha256").update(`${Math.random()}`).digest();
  await db.insertInto("blob").values({ sha256, bytes: 0, created_at: arrivedAt }).execute();
  const row = await db
    .insertInto("message")
    .values({
      campaign: campaign.code,
      sha256,
      bytes: 0,
      arrived_at: arrivedAt,
      recorded_at: arrivedAt,
      backlog: false,
      state: change.state ?? "filed",
      reason: change.reason ?? null,
      detail: null,
      handled_at: null,
      decided_by: null,
      origin: "person",
      rfc_message_id: null,
      content_key: null,
      from_name: null,
      from_address: change.from ?? null,
      subject: null,
      claimed_at: null,
      new_text: null,
      understanding: change.understanding ? JSON.stringify(change.understanding) : null,
      duplicate_of: null,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return row.id;
}

export async function submission(db: Database, campaign: Campaign, entry: LedgerEntry): Promise<string> {
  const messageId = await message(db, campaign, entry.arrivedAt);
  const reference = `${campaign.code}-${messageId}`;
  await db
    .insertInto("submission")
    .values({
      reference,
      campaign: campaign.code,
      message_id: messageId,
      ordinal: 1,
      type: entry.type,
      item: entry.item ?? null,
      unit: entry.unit,
      people: [],
      title: "总结",
      text: "",
      arrived_at: entry.arrivedAt,
      filed_at: entry.arrivedAt,
      verified: entry.verified ?? true,
      timeliness: "in-time",
      provisional: false,
      supersedes: null,
      decided_by: "rules",
    })
    .execute();
  return reference;
}
