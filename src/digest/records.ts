// SQL of what a digest tells beside the books: what the office ruled, what became of our mail by kind, digests before it.
import { type SqlBool, sql } from "kysely";
import type { Campaign } from "../campaign/campaign.ts";
import type { NoticeState } from "../notice/notice.ts";
import type { Trx } from "../store/database.ts";
import type { RulingTable } from "../store/tables.ts";
import { filedByType, type MailTally, tallyMails, type Window } from "./books.ts";

export interface RulingFact {
  kind: RulingTable["kind"];
  deliverable: string | null;
  item: string | null;
  unit: string | null;
  dueOn: string | null;
  dueTime: string | null;
  madeBy: string;
  madeAt: Date;
  why: string;
}

/** Notices that were worded without the office's own template, and what was wrong with it. */
export async function wordingFaultsIn(
  db: Trx,
  code: string,
  window: Window,
): Promise<{ notices: number; mistakes: string[] }> {
  const rows = await db
    .selectFrom("notice")
    .select(["wording_fault as fault", sql<number>`count(*)::int`.as("notices")])
    .where("campaign", "=", code)
    .where("wording_fault", "is not", null)
    .where("intended_at", ">", window.from)
    .where("intended_at", "<=", window.to)
    .groupBy("wording_fault")
    .orderBy("notices", "desc")
    .limit(50)
    .execute();
  return {
    notices: rows.reduce((sum, row) => sum + row.notices, 0),
    mistakes: [...new Set(rows.flatMap(({ fault }) => fault?.split("\n") ?? []))],
  };
}

/** What became of our notices of one kind. */
export interface KindTally {
  kind: string;
  notices: Partial<Record<NoticeState, number>>;
}

export interface WeekFacts {
  window: Window;
  mails: MailTally;
  filedByType: { type: string; inWindow: number; current: number }[];
  sent: KindTally[];
}

const countAll = sql<number>`count(*)::int`;

/** Waivers, extensions, receipts and what took them back, newest last; a go-ahead for old mail is about no unit. */
export async function rulingsIn(db: Trx, code: string, window: Window): Promise<RulingFact[]> {
  const rows = await db
    .selectFrom("ruling")
    .select(["kind", "deliverable", "item", "unit", "due_on", "due_time", "made_by", "made_at", "why"])
    .where("campaign", "=", code)
    .where("kind", "<>", "go-ahead")
    .where("made_at", ">", window.from)
    .where("made_at", "<=", window.to)
    .orderBy("made_at")
    .orderBy("id")
    .execute();
  return rows.map((row) => ({
    ...{ kind: row.kind, deliverable: row.deliverable, item: row.item, unit: row.unit },
    ...{ dueOn: row.due_on, dueTime: row.due_time, madeBy: row.made_by, madeAt: row.made_at, why: row.why },
  }));
}

/** Every announcement by what became of it, while one was written or still moved in the window. */
export async function announcementIn(db: Trx, code: string, window: Window): Promise<KindTally | null> {
  const moved = sql<SqlBool>`coalesce(settled_at, intended_at) > ${window.from} or state in ('intended', 'claimed', 'data-sent')`;
  const rows = await db
    .selectFrom("notice")
    .select(["state", countAll.as("notices"), sql<boolean>`bool_or(${moved})`.as("moved")])
    .where("campaign", "=", code)
    .where("kind", "=", "announcement")
    .where("intended_at", "<=", window.to)
    .groupBy("state")
    .execute();
  if (!rows.some((row) => row.moved)) return null;
  return {
    kind: "announcement",
    notices: Object.fromEntries(rows.map(({ state, notices }) => [state, notices])),
  };
}

/** The sums of a week. */
export async function weekIn(db: Trx, code: string, window: Window): Promise<WeekFacts> {
  const rows = await db
    .selectFrom("notice")
    .select(["kind", "state", countAll.as("notices")])
    .where("campaign", "=", code)
    .where("settled_at", ">", window.from)
    .where("settled_at", "<=", window.to)
    .groupBy(["kind", "state"])
    .orderBy("kind")
    .execute();
  const byKind = [...Map.groupBy(rows, ({ kind }) => kind)];
  return {
    window,
    mails: await tallyMails(db, code, window),
    filedByType: await filedByType(db, code, window),
    sent: byKind.map(([kind, own]) => ({
      kind,
      notices: Object.fromEntries(own.map(({ state, notices }) => [state, notices])),
    })),
  };
}

/** When the newest digest before `before` was written: where the next one's window begins. */
export async function previousDigestAt(db: Trx, code: string, before: Date): Promise<Date | null> {
  const row = await digests(db, code)
    .select("intended_at")
    .where("intended_at", "<", before)
    .orderBy("intended_at", "desc")
    .limit(1)
    .executeTakeFirst();
  return row?.intended_at ?? null;
}

/** Whether a day has its digest, of whatever edition. */
export async function hasDigestOf(db: Trx, code: string, on: string): Promise<boolean> {
  const day = `digest/${on}`;
  const own = sql<SqlBool>`(key = ${day} or key like ${`${day}/%`})`;
  return (await digests(db, code).select("id").where(own).executeTakeFirst()) !== undefined;
}

/** Whether the edition that closes the campaign was written before a day. */
export async function hasFinalBefore(db: Trx, code: string, on: string): Promise<boolean> {
  const query = digests(db, code)
    .select("id")
    .where("key", "like", "digest/%/final")
    .where(sql<SqlBool>`substr(key, 8, 10) < ${on}`);
  return (await query.executeTakeFirst()) !== undefined;
}

/** Until the end of the transaction nobody else writes a digest of this campaign: a day has one, whatever its edition. */
export async function lockDigests(trx: Trx, campaign: Campaign): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext(${`digest/${campaign.code}`}))`.execute(trx);
}

function digests(db: Trx, code: string) {
  return db.selectFrom("notice").where("campaign", "=", code).where("kind", "=", "digest");
}
