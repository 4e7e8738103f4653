// SQL of announcements: what is announced under a name, and who was written to for it.
import { type Selectable, sql } from "kysely";
import type { Campaign } from "../../campaign/campaign.ts";
import { byCommand, recordAudit } from "../../store/audit.ts";
import { putBlobs } from "../../store/blobs.ts";
import { dbText, type Trx } from "../../store/database.ts";
import type { AnnouncementTable } from "../../store/tables.ts";
import type { NoticeState } from "../notice.ts";
import { pausedUntil } from "../quota/records.ts";
import { ACCOUNT_PAUSED } from "../sending/settlement.ts";
import type { Announcement, Plan } from "./announcement.ts";

/** One person told by one notice, or to be told. */
export interface Told {
  unit: string;
  /** As `personKey` makes it. */
  person: string;
  /** As written when the notice was. */
  name: string;
  noticeId: number;
  address: string;
  state: NoticeState;
  /** When it was sent or came back; null: not yet. */
  at: Date | null;
  /** What the server or the returned mail said. */
  response: string | null;
}

/** Serial for one announcement: two machines decide one after the other, the later one on what the earlier one wrote. */
export async function lockAnnouncement(trx: Trx, campaign: Campaign, name: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext(${`announcement/${campaign.code}/${name}`}))`.execute(trx);
}

export async function announcementNamed(
  trx: Trx,
  campaign: Campaign,
  name: string,
): Promise<Announcement | null> {
  const row = await trx
    .selectFrom("announcement")
    .selectAll()
    .where("campaign", "=", campaign.code)
    .where("name", "=", name)
    .executeTakeFirst();
  return row ? announcementOf(row) : null;
}

/** Oldest first. */
export async function announcementsOf(
  trx: Trx,
  campaign: Campaign,
): Promise<(Announcement & { madeAt: Date })[]> {
  const rows = await trx
    .selectFrom("announcement")
    .selectAll()
    .where("campaign", "=", campaign.code)
    .orderBy("made_at")
    .orderBy("name")
    .execute();
  return rows.map((row) => ({ ...announcementOf(row), madeAt: row.made_at }));
}

function announcementOf(row: Selectable<AnnouncementTable>): Announcement {
  const { name, subject, filename, media_type: mediaType, text } = row;
  return { name, subject, filename, mediaType, text, sha256: row.sha256.toString("hex") };
}

/** Writes what is announced, its bytes once however many it goes to; one that is there already stays. */
export async function keepPlan(trx: Trx, campaign: Campaign, plan: Plan, now: Date): Promise<void> {
  const { sha256, name, subject, filename, mediaType, text } = plan.announcement;
  const hash = Buffer.from(sha256, "hex");
  await putBlobs(trx, [{ sha256: hash, bytes: plan.bytes }], now);
  await trx
    .insertInto("announcement")
    .values({
      campaign: campaign.code,
      name: dbText(name, 100),
      subject: dbText(subject, 998),
      filename: dbText(filename, 255),
      media_type: mediaType,
      sha256: hash,
      text: dbText(text),
      made_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** What was written for these people or to these addresses, whoever stood there then. */
export async function toldAmong(
  trx: Trx,
  campaign: Campaign,
  name: string,
  among: { people: { unit: string; person: string }[]; addresses: string[] } | null,
): Promise<Told[]> {
  const { rows } = await sql<Told>`
    select a.unit, a.person, a.name, n.id as "noticeId", n.to_contacts -> 0 ->> 'email' as address, n.state,
      n.settled_at as at,
      case when n.state = 'bounced' then concat_ws(' ', n.bounce ->> 'status', n.bounce ->> 'diagnostic')
        else n.response end as response
    from announced a join notice n on n.id = a.notice_id
    where a.campaign = ${campaign.code} and a.announcement = ${name}
      ${
        among === null
          ? sql``
          : sql`and (
        (a.unit, a.person) in (select * from unnest(${among.people.map(({ unit }) => unit)}::text[],
          ${among.people.map(({ person }) => person)}::text[]))
        or n.key = any(${among.addresses.map((address) => `announcement/${name}/${address}`)}))`
      }
    order by n.id, a.unit, a.person`.execute(trx);
  return rows;
}

export async function noticeIdsByKey(
  trx: Trx,
  campaign: Campaign,
  keys: string[],
): Promise<Map<string, number>> {
  if (keys.length === 0) return new Map();
  const rows = await trx
    .selectFrom("notice")
    .select(["id", "key"])
    .where("campaign", "=", campaign.code)
    .where("key", "in", keys)
    .execute();
  return new Map(rows.map(({ id, key }) => [key, id]));
}

export interface ToldRow {
  unit: string;
  person: string;
  name: string;
  noticeId: number;
}

export async function insertTold(trx: Trx, campaign: Campaign, name: string, rows: ToldRow[]): Promise<void> {
  if (rows.length === 0) return;
  await trx
    .insertInto("announced")
    .values(
      rows.map((row) => ({
        campaign: campaign.code,
        announcement: name,
        unit: row.unit,
        person: dbText(row.person, 200),
        name: dbText(row.name, 200),
        notice_id: row.noticeId,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** What the office stopped goes on. */
export async function takeUpStopped(trx: Trx, ids: number[], now: Date): Promise<void> {
  if (ids.length === 0) return;
  await trx
    .updateTable("notice")
    .set({ state: "intended", settled_at: null, not_before: now, intended_at: now, response: null })
    .where("id", "in", ids)
    .where("state", "=", "dropped")
    .execute();
}

/** Takes back what has not left yet. Returns how many mails. */
export async function stopAnnouncement(
  trx: Trx,
  campaign: Campaign,
  name: string,
  now: Date,
): Promise<number> {
  const result = await trx
    .updateTable("notice")
    .set({ state: "dropped", settled_at: now, response: "the office stopped this announcement" })
    .where("campaign", "=", campaign.code)
    .where("kind", "=", "announcement")
    .where("key", "like", `announcement/${name.replace(/[\\%_]/g, "\\$&")}/%`)
    .where("state", "=", "intended")
    .executeTakeFirst();
  const mails = Number(result.numUpdatedRows);
  if (mails > 0) await noteAnnounced(trx, campaign, "announce-stop", { name, after: `${mails}` }, now);
  return mails;
}

/** `after`: what was announced, or how many mails it came to. */
export async function noteAnnounced(
  trx: Trx,
  campaign: Campaign,
  action: "announce" | "announce-stop",
  { name, after }: { name: string; after: string },
  at: Date,
): Promise<void> {
  await recordAudit(trx, campaign.code, byCommand(at), [{ action, about: `announcement/${name}`, after }]);
}

/** Mails of an announcement that are still to leave, and why the last one that was tried did not. */
export async function waitingOf(
  trx: Trx,
  campaign: Campaign,
  name: string,
  now: Date,
): Promise<{ mails: number; response: string | null; pausedUntil: Date | null }> {
  const { rows } = await sql<{ mails: number; response: string | null }>`
    select count(*)::integer as mails,
      (array_agg(response order by attempts desc, id) filter (where attempts > 0 and response <> ''))[1] as response
    from notice
    where campaign = ${campaign.code} and kind = 'announcement' and state in ('intended', 'claimed', 'data-sent')
      and key like ${`announcement/${name.replace(/[\\%_]/g, "\\$&")}/%`}`.execute(trx);
  const { mails = 0, response = null } = rows[0] ?? {};
  return {
    mails,
    response: response?.replace(ACCOUNT_PAUSED, "") ?? null,
    pausedUntil: await pausedUntil(trx, campaign, now),
  };
}
