// SQL of the console's lists and single records. Lists go by keyset, so that page 400 costs what page 1 does.
import { type SqlBool, sql } from "kysely";
import type { NoticeState } from "../notice/notice.ts";
import { dbText, type Trx } from "../store/database.ts";
import type { MessageState } from "../store/tables.ts";

export const PAGE = 50;

/** Where a list goes on: the instant and id of its last row. */
export interface Cursor {
  at: Date;
  id: number;
}

export interface Listed<Row> {
  rows: Row[];
  next: string | null;
}

export function readCursor(text: string | undefined): Cursor | null {
  const [, ms, id] = text?.match(/^(\d{1,15})\.(\d{1,15})$/) ?? [];
  return ms && id ? { at: new Date(Number(ms)), id: Number(id) } : null;
}

function listed<Row>(rows: Row[], cursorOf: (row: Row) => Cursor): Listed<Row> {
  const shown = rows.slice(0, PAGE);
  const last = shown.at(-1);
  if (rows.length <= PAGE || !last) return { rows: shown, next: null };
  const { at, id } = cursorOf(last);
  return { rows: shown, next: `${at.getTime()}.${id}` };
}

/** Changes whenever anything a page shows may have changed; a handful of index lookups. */
export async function pulseOf(db: Trx, code: string): Promise<string> {
  const { rows } = await sql<{ pulse: string }>`
    select concat_ws('.',
      (select max(id) from message),
      (select extract(epoch from max(handled_at)) from message where campaign = ${code}),
      (select max(id) from submission),
      (select max(id) from notice),
      (select extract(epoch from max(settled_at)) from notice where campaign = ${code}),
      (select max(id) from ruling),
      (select concat(count(*), '/', sum(pages_done)) from recognition),
      (select string_agg(extract(epoch from last_read_at)::text, ',') from mailbox where campaign = ${code})
    ) as pulse`.execute(db);
  return rows[0]?.pulse ?? "";
}

export async function countHeld(db: Trx, code: string): Promise<number> {
  const row = await db
    .selectFrom("message")
    .select(sql<number>`count(*)::int`.as("n"))
    .where("campaign", "=", code)
    .where("state", "in", ["held", "oversize"])
    .executeTakeFirstOrThrow();
  return row.n;
}

export async function listMails(db: Trx, code: string, state: MessageState | null, after: Cursor | null) {
  let query = db
    .selectFrom("message as m")
    .select(["m.id", "m.arrived_at", "m.from_name", "m.from_address", "m.subject", "m.state", "m.reason"])
    .select((eb) =>
      eb
        .selectFrom("submission as s")
        .select(sql<string[]>`array_agg(s.reference order by s.ordinal)`.as("references"))
        .whereRef("s.message_id", "=", "m.id")
        .as("references"),
    )
    .select(sql<boolean>`exists (select from awaited_recognition a where a.message_id = m.id)`.as("awaits"))
    .where("m.campaign", "=", code);
  if (state) query = query.where("m.state", "=", state);
  if (after) query = query.where(sql<SqlBool>`(m.arrived_at, m.id) < (${after.at}, ${after.id})`);
  const rows = await query
    .orderBy("m.arrived_at", "desc")
    .orderBy("m.id", "desc")
    .limit(PAGE + 1)
    .execute();
  return listed(rows, (row) => ({ at: row.arrived_at, id: row.id }));
}

export interface SubmissionFilter {
  type: string;
  unit: string;
  words: string;
}

/** Words are looked for literally, wherever they stand. */
export async function listSubmissions(db: Trx, code: string, filter: SubmissionFilter, after: Cursor | null) {
  let query = db
    .selectFrom("submission")
    .select(["id", "reference", "type", "item", "unit", "people", "title", "state", "arrived_at"])
    .select(["timeliness", "verified", "provisional"])
    .where("campaign", "=", code);
  if (filter.type) query = query.where("type", "=", filter.type);
  if (filter.unit) query = query.where("unit", "=", filter.unit);
  for (const word of dbText(filter.words).split(/\s+/u).filter(Boolean).slice(0, 5)) {
    const pattern = `%${word.replace(/[\\%_]/g, "\\$&")}%`;
    query = query.where(
      sql<SqlBool>`((title || ' ' || text) ilike ${pattern} or reference ilike ${pattern}
        or array_to_string(people, ' ') ilike ${pattern})`,
    );
  }
  if (after) query = query.where(sql<SqlBool>`(arrived_at, id) < (${after.at}, ${after.id})`);
  const rows = await query
    .orderBy("arrived_at", "desc")
    .orderBy("id", "desc")
    .limit(PAGE + 1)
    .execute();
  return listed(rows, (row) => ({ at: row.arrived_at, id: row.id }));
}

export async function submissionBy(db: Trx, code: string, reference: string) {
  return db
    .selectFrom("submission as s")
    .innerJoin("message as m", "m.id", "s.message_id")
    .leftJoin("submission as older", "older.id", "s.supersedes")
    .leftJoin("submission as newer", "newer.supersedes", "s.id")
    .selectAll("s")
    .select(["m.understanding", "m.subject", "m.from_name", "m.from_address"])
    .select(["older.reference as supersedes_reference", "newer.reference as newer_reference"])
    .where("s.campaign", "=", code)
    .where("s.reference", "=", dbText(reference))
    .orderBy("newer.id", "desc")
    .executeTakeFirst();
}

export async function messageBy(db: Trx, code: string, id: number) {
  return db
    .selectFrom("message")
    .selectAll()
    .where("campaign", "=", code)
    .where("id", "=", id)
    .executeTakeFirst();
}

/** The header block as it was sent: at most 64 kB of the first chunk. */
export async function rawHeader(db: Trx, sha256: Buffer): Promise<Buffer> {
  const row = await db
    .selectFrom("blob_chunk")
    .select(sql<Buffer>`substring(data for 65536)`.as("head"))
    .where("sha256", "=", sha256)
    .where("sequence", "=", 0)
    .executeTakeFirst();
  return row?.head ?? Buffer.alloc(0);
}

/** What is being recognised, by content; of one message, or of all that wait in the campaign. */
export async function recognitions(db: Trx, code: string, messageId: number | null) {
  let query = db
    .selectFrom("recognition as r")
    .select(["r.filename", "r.pages_done", "r.pages_total", "r.attempts"])
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom("awaited_recognition as a")
          .innerJoin("message as m", "m.id", "a.message_id")
          .select("m.id")
          .whereRef("a.sha256", "=", "r.sha256")
          .where("m.campaign", "=", code)
          .$if(messageId !== null, (awaited) => awaited.where("m.id", "=", messageId as number)),
      ),
    );
  query = query.orderBy("r.requested_at").orderBy("r.sha256");
  return query.limit(1000).execute();
}

/** With what was read from each; long texts are cut, the download has them whole. */
export async function attachmentsOf(db: Trx, messageId: number) {
  return db
    .selectFrom("attachment as a")
    .leftJoin("document as d", "d.sha256", "a.sha256")
    .select([
      "a.id",
      "a.parent_id",
      "a.filename",
      "a.media_type",
      "a.bytes",
      "a.status",
      "a.reason",
      "a.inline",
    ])
    .select(["d.pages", "d.pages_read", "d.confidence", "d.warnings", "d.title"])
    .select(sql<string | null>`left(d.text, 20000)`.as("text"))
    .select(sql<number>`coalesce(length(regexp_replace(d.text, '\\s', '', 'g')), 0)`.as("characters"))
    .where(({ eb, or }) =>
      or([
        eb("a.message_id", "=", messageId),
        // What a later mail brought for a submission of this one, and the first mail's where this one completed it.
        eb(
          "a.message_id",
          "in",
          db
            .selectFrom("further_message as f")
            .innerJoin("submission as s", "s.id", "f.submission_id")
            .select("f.message_id")
            .where("s.message_id", "=", messageId),
        ),
      ]),
    )
    .orderBy(sql`a.message_id <> ${messageId}`)
    .orderBy("a.message_id")
    .orderBy("a.position")
    .orderBy("a.id")
    .limit(200)
    .execute();
}

export async function submissionsOf(db: Trx, messageId: number) {
  return db
    .selectFrom("submission")
    .select(["id", "reference", "title", "type"])
    .where(({ eb, or }) =>
      or([
        eb("message_id", "=", messageId),
        eb(
          "id",
          "in",
          db.selectFrom("further_message").select("submission_id").where("message_id", "=", messageId),
        ),
      ]),
    )
    .orderBy("ordinal")
    .limit(200)
    .execute();
}

export async function noticesOf(db: Trx, messageId: number) {
  return db
    .selectFrom("notice")
    .select(["id", "kind", "subject", "state"])
    .where("cause_message_id", "=", messageId)
    .orderBy("id")
    .limit(50)
    .execute();
}

export async function attachmentBy(db: Trx, code: string, id: number) {
  return db
    .selectFrom("attachment as a")
    .innerJoin("message as m", "m.id", "a.message_id")
    .innerJoin("blob as b", "b.sha256", "a.sha256")
    .select(["a.filename", "a.sha256", "b.bytes"])
    .where("m.campaign", "=", code)
    .where("a.id", "=", id)
    .executeTakeFirst();
}

export async function listNotices(
  db: Trx,
  code: string,
  filter: { kind: string; state: NoticeState | null },
  after: Cursor | null,
) {
  let query = db
    .selectFrom("notice")
    .select(["id", "kind", "to_contacts", "subject", "unit", "state", "intended_at", "settled_at"])
    .where("campaign", "=", code);
  if (filter.kind) query = query.where("kind", "=", filter.kind);
  if (filter.state) query = query.where("state", "=", filter.state);
  if (after) query = query.where("id", "<", after.id);
  const rows = await query
    .orderBy("id", "desc")
    .limit(PAGE + 1)
    .execute();
  return listed(rows, (row) => ({ at: row.intended_at, id: row.id }));
}

export async function noticeBy(db: Trx, code: string, id: number) {
  return db
    .selectFrom("notice")
    .selectAll()
    .where("campaign", "=", code)
    .where("id", "=", id)
    .executeTakeFirst();
}

/** A file that went out with a notice: only hashes the notice itself names are served. */
export async function blobBytes(db: Trx, sha256: Buffer): Promise<number | null> {
  const row = await db
    .selectFrom("blob")
    .select("bytes")
    .where("sha256", "=", sha256)
    .where("removed_at", "is", null)
    .executeTakeFirst();
  return row?.bytes ?? null;
}
