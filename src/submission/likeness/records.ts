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

/** Until the transaction ends nobody else compares this campaign's submissions. */
export async function comparingAlone(trx: Trx, campaign: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext(${`likeness/${campaign}`}))`.execute(trx);
}

/** Submissions that were never compared, oldest first. */
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

/**
 * For each, the first submission that says the very same. Here and below each row looks up its own by an index: with a
 * plain join the planner, before it has figures of new tables, reads all of them for every batch.
 */
export async function sameWhole(trx: Trx, prints: { id: number; print: Fingerprint }[]): Promise<Pair[]> {
  const told = prints.filter(({ print }) => print.winnowed > 0);
  const { rows } = await sql<Pair>`
    select q.id, first.submission_id as other
    from unnest(
      ${told.map(({ id }) => id)}::bigint[], ${told.map(({ print }) => print.whole)}::bigint[]) as q (id, whole)
    cross join lateral (
      select c.submission_id from compared c
      where c.whole = q.whole and c.submission_id < q.id
        and (select state from submission s where s.id = c.submission_id) = 'current'
      order by c.submission_id limit 1
    ) first`.execute(trx);
  return rows;
}

/** A number that many texts have says little: only its first few are looked at, and each counts for less. */
const OWNERS = 12;
/** Divisible by all up to OWNERS: a sum of whole numbers is the same in whatever order the database adds. */
const SHARED = 27_720;
/** So many candidates a text are compared in full: those with most in common, and those with most of themselves. */
const CANDIDATES = 8;
const HEAVIEST = 60;

export async function candidates(trx: Trx, prints: { id: number; print: Fingerprint }[]): Promise<Pair[]> {
  if (prints.length === 0) return [];
  const { rows } = await sql<Pair>`
    with hit as (
      select q.id, owner.submission_id as other, count(*)::float8 as hits, sum(${sql.lit(SHARED)} / owner.owners)::float8 as weight
      from unnest(
        ${prints.flatMap(({ id, print }) => print.keys.map(() => id))}::integer[],
        ${prints.flatMap(({ print }) => print.keys)}::integer[]) as q (id, hash)
      cross join lateral (
        select first.submission_id, count(*) over () as owners
        from (
          select f.submission_id from fingerprint f where f.hash = q.hash order by f.submission_id limit ${OWNERS}
        ) first
      ) owner
      where owner.submission_id <> q.id
      group by 1, 2
    ), heaviest as (
      select *, row_number() over (partition by id order by weight desc, other) as by_weight from hit
    ), ranked as (
      select heaviest.id, other, by_weight, row_number() over (
          partition by heaviest.id
          order by least(1, hits / greatest(1, least(mine.winnowed, theirs.winnowed))) * sqrt(weight) desc, other
        ) as by_share
      from heaviest
      join unnest(
        ${prints.map(({ id }) => id)}::integer[],
        ${prints.map(({ print }) => print.winnowed)}::integer[]) as mine (id, winnowed) on mine.id = heaviest.id
      cross join lateral (select winnowed from compared where submission_id = other limit 1) theirs
      where by_weight <= ${HEAVIEST}
    )
    select id, other from ranked where by_weight <= ${CANDIDATES} or by_share <= ${CANDIDATES}
    order by id, other`.execute(trx);
  return rows;
}

/** A file that this many other mails bring is a form or the notice itself. */
const MAILS_WITH_FILE = 3;

/** For each, the first submission whose mail brought one of its files; what it was called there does not matter. */
export async function sameFile(
  trx: Trx,
  campaign: string,
  submissions: { id: number; messageId: number }[],
): Promise<Pair[]> {
  const { rows: twins } = await sql<{ id: number; messages: number[] }>`
    select q.id, array_agg(twin.message_id) as messages
    from unnest(
      ${submissions.map(({ id }) => id)}::bigint[],
      ${submissions.map(({ messageId }) => messageId)}::bigint[]) as q (id, message_id)
    cross join lateral (
      select sha256 from attachment
      where message_id = q.message_id and status <> 'ignored' and not inline limit 50
    ) file
    cross join lateral (
      select distinct message_id from attachment
      where sha256 = file.sha256 and message_id <> q.message_id limit ${MAILS_WITH_FILE}
    ) twin
    group by q.id, file.sha256 having count(*) < ${MAILS_WITH_FILE}`.execute(trx);
  if (twins.length === 0) return [];
  const { rows } = await sql<Pair>`
    select q.id, min(s.id) as other
    from unnest(
      ${twins.flatMap(({ id, messages }) => messages.map(() => id))}::bigint[],
      ${twins.flatMap(({ messages }) => messages)}::bigint[]) as q (id, message_id)
    join submission s on s.message_id = q.message_id and s.id < q.id
    where s.campaign = ${campaign} and s.state = 'current'
    group by q.id`.execute(trx);
  return rows;
}

/** Of those among them that stand. */
export async function textsOf(
  trx: Trx,
  campaign: string,
  ids: number[],
): Promise<Map<number, { title: string; text: string }>> {
  if (ids.length === 0) return new Map();
  const rows = await trx
    .selectFrom("submission")
    .select(["id", "title", "text"])
    .where("id", "in", ids)
    .where("campaign", "=", campaign)
    .where("state", "=", "current")
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
