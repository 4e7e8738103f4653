// SQL of likeness: the numbers a text is found by, candidates by them, and the hints kept for the office.
import { sql } from "kysely";
import type { Trx } from "../../store/database.ts";
import type { LikenessKind } from "../../store/tables.ts";
import type { Fingerprint } from "../../text/fingerprint.ts";

/** A submission to be compared. */
export interface ToCompare {
  id: number;
  messageId: number;
  supersedes: number | null;
  title: string;
  text: string;
}

/** Submissions that were never compared, oldest first: filed before this was done, or by a way that does not do it. */
export async function notCompared(trx: Trx, campaign: string, limit: number): Promise<ToCompare[]> {
  return trx
    .selectFrom("submission as s")
    .leftJoin("compared as c", "c.submission_id", "s.id")
    .select(["s.id", "s.message_id as messageId", "s.supersedes", "s.title", "s.text"])
    .where("s.campaign", "=", campaign)
    .where("c.submission_id", "is", null)
    .orderBy("s.id")
    .limit(limit)
    .execute();
}

/** Keeps the fingerprints of those nobody has compared yet; returns which these are. */
export async function keepFingerprints(
  trx: Trx,
  prints: { id: number; print: Fingerprint }[],
): Promise<Set<number>> {
  const { rows } = await sql<{ submission_id: number }>`
    insert into compared (submission_id, whole, winnowed)
    select * from unnest(
      ${prints.map(({ id }) => id)}::bigint[],
      ${prints.map(({ print }) => print.whole)}::bigint[],
      ${prints.map(({ print }) => print.winnowed)}::integer[])
    on conflict (submission_id) do nothing
    returning submission_id`.execute(trx);
  const mine = new Set(rows.map((row) => row.submission_id));
  const keys = prints.filter(({ id }) => mine.has(id));
  await sql`
    insert into fingerprint (hash, submission_id)
    select * from unnest(
      ${keys.flatMap(({ print }) => print.keys)}::integer[],
      ${keys.flatMap(({ id, print }) => print.keys.map(() => id))}::integer[])`.execute(trx);
  return mine;
}

export interface Pair {
  id: number;
  other: number;
}

/** For each, the first submission that says the very same. */
export async function sameWhole(trx: Trx, campaign: string, ids: number[]): Promise<Pair[]> {
  const { rows } = await sql<Pair>`
    select mine.submission_id as id, min(other.submission_id) as other
    from compared mine
    join compared other on other.whole = mine.whole and other.submission_id < mine.submission_id
    join submission s on s.id = other.submission_id
    where mine.submission_id = any(${ids}::bigint[]) and mine.winnowed > 0
      and s.campaign = ${campaign} and s.state = 'current'
    group by 1`.execute(trx);
  return rows;
}

/** A number that many texts have says little: only its first few are looked at. */
const OWNERS = 16;
/** So many candidates a text are compared in full: those with most in common, and those with most of themselves. */
const CANDIDATES = 8;
/** A candidate with a smaller share of the shorter one's numbers is none. */
const SHARE = 0.15;

export async function candidates(
  trx: Trx,
  campaign: string,
  prints: { id: number; print: Fingerprint }[],
): Promise<Pair[]> {
  const { rows } = await sql<Pair>`
    with hit as (
      select q.id, owner.submission_id as other, count(*)::integer as hits
      from unnest(
        ${prints.flatMap(({ id, print }) => print.keys.map(() => id))}::integer[],
        ${prints.flatMap(({ print }) => print.keys)}::integer[]) as q (id, hash)
      cross join lateral (
        select f.submission_id from fingerprint f where f.hash = q.hash
        order by f.submission_id limit ${OWNERS}
      ) owner
      where owner.submission_id <> q.id
      group by 1, 2
    ), weighed as (
      select hit.*, least(1, hits::real / greatest(1, least(mine.winnowed, theirs.winnowed))) as share
      from hit
      join unnest(
        ${prints.map(({ id }) => id)}::integer[],
        ${prints.map(({ print }) => print.winnowed)}::integer[]) as mine (id, winnowed) on mine.id = hit.id
      join compared theirs on theirs.submission_id = hit.other
    ), ranked as (
      select id, other, row_number() over (partition by id order by hits desc, other) as by_hits,
        row_number() over (partition by id order by share desc, hits desc, other) as by_share
      from weighed where share >= ${SHARE}
    )
    select ranked.id, ranked.other
    from ranked join submission s on s.id = ranked.other
    where (by_hits <= ${CANDIDATES} or by_share <= ${CANDIDATES})
      and s.campaign = ${campaign} and s.state = 'current'
    order by ranked.id, ranked.other`.execute(trx);
  return rows;
}

/** A file that more mails than this bring is a form or the notice itself. */
const MAILS_WITH_FILE = 3;

/** For each, the first submission whose mail brought one of its files; what it was called there does not matter. */
export async function sameFile(trx: Trx, campaign: string, ids: number[]): Promise<Pair[]> {
  const { rows } = await sql<Pair>`
    select s.id, min(o.id) as other
    from submission s
    join attachment a on a.message_id = s.message_id and a.status <> 'ignored' and not a.inline
    join attachment b on b.sha256 = a.sha256 and b.message_id <> a.message_id
    join submission o on o.message_id = b.message_id and o.id < s.id
    where s.id = any(${ids}::bigint[]) and o.campaign = ${campaign} and o.state = 'current'
      and (select count(distinct every.message_id) from attachment every where every.sha256 = a.sha256)
        <= ${MAILS_WITH_FILE}
    group by 1`.execute(trx);
  return rows;
}

export async function textsOf(
  trx: Trx,
  ids: number[],
): Promise<Map<number, { title: string; text: string }>> {
  if (ids.length === 0) return new Map();
  const rows = await trx
    .selectFrom("submission")
    .select(["id", "title", "text"])
    .where("id", "in", ids)
    .execute();
  return new Map(rows.map(({ id, ...text }) => [id, text]));
}

export interface LikenessRow {
  id: number;
  other: number | null;
  kind: LikenessKind;
  score: number;
}

export async function keepLikenesses(trx: Trx, rows: LikenessRow[], now: Date): Promise<void> {
  if (rows.length === 0) return;
  await trx
    .insertInto("likeness")
    .values(
      rows.map(({ id, other, kind, score }) => ({
        submission_id: id,
        other_id: other,
        kind,
        score,
        found_at: now,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** What a submission is like, as the office is shown it. */
export interface LikenessFact {
  id: number;
  /** Reference number; null: the campaign's own notice. */
  other: string | null;
  otherUnit: string | null;
  kind: LikenessKind;
  score: number;
}

/**
 * What these submissions are like, the most alike first; one that was withdrawn or replaced since is nobody's like. With
 * `later` also those filed after them, seen from this side.
 */
export async function likenessesOf(db: Trx, ids: number[], later = false): Promise<LikenessFact[]> {
  if (ids.length === 0) return [];
  const turned = sql<LikenessKind>`case l.kind when 'contained' then 'contains' when 'contains' then 'contained' else l.kind end`;
  const columns = ["o.reference as other", "o.unit as otherUnit", "l.score"] as const;
  const before = db
    .selectFrom("likeness as l")
    .leftJoin("submission as o", "o.id", "l.other_id")
    .select(["l.submission_id as id", "l.kind", ...columns])
    .where("l.submission_id", "in", ids)
    .where((eb) => eb.or([eb("l.other_id", "is", null), eb("o.state", "=", "current")]));
  const after = db
    .selectFrom("likeness as l")
    .innerJoin("submission as o", "o.id", "l.submission_id")
    .select(["l.other_id as id", turned.as("kind"), ...columns])
    .where("l.other_id", "in", later ? ids : [])
    .where("o.state", "=", "current");
  const earlier = await before.orderBy("l.score", "desc").orderBy("other").execute();
  const newer = later ? await after.orderBy("l.score", "desc").orderBy("other").limit(OWNERS).execute() : [];
  return [...earlier, ...newer].map((row) => ({ ...row, id: Number(row.id) }));
}

/** Current submissions filed between two instants that are like another, or like the notice; a common model is no matter. */
export async function alikeFiledBetween(
  db: Trx,
  campaign: string,
  { from, to }: { from: Date; to: Date },
  limit: number,
): Promise<{ id: number; reference: string; title: string; unit: string | null; alike: number }[]> {
  const { rows } = await sql<{
    id: number;
    reference: string;
    title: string;
    unit: string | null;
    alike: number;
  }>`
    select s.id, s.reference, s.title, s.unit, count(*) over ()::integer as alike
    from submission s
    where s.campaign = ${campaign} and s.filed_at > ${from} and s.filed_at <= ${to} and s.state = 'current'
      and exists (
        select from likeness l left join submission o on o.id = l.other_id
        where l.submission_id = s.id and l.kind <> 'boilerplate' and (o.id is null or o.state = 'current'))
    order by s.id limit ${limit}`.execute(db);
  return rows;
}
