// Takes content out for good: words, names and bytes go, the row with its number, times and verdict stays.
import { type RawBuilder, sql } from "kysely";
import type { Trx } from "../../store/database.ts";

/** Until this transaction ends, what is only ever added to may lose the words of people. */
export async function allowErasing(trx: Trx): Promise<void> {
  await sql`set local jinbox.erasing = 'on'`.execute(trx);
}

/** Originals, subjects, texts and what was understood of mails. */
export async function eraseWords(trx: Trx, messages: number[], now: Date): Promise<void> {
  await sql`
    update message set removed_at = coalesce(removed_at, ${now}), subject = null, new_text = null,
      understanding = null, detail = null, rfc_message_id = null
    where id = any(${messages})`.execute(trx);
}

/** Names and addresses of who wrote these mails, wherever they were taken over from there. */
export async function eraseSenders(trx: Trx, messages: number[], now: Date): Promise<void> {
  await sql`
    update message set anonymous_at = coalesce(anonymous_at, ${now}), from_name = null, from_address = null,
      sender_check = null
    where id = any(${messages})`.execute(trx);
  await sql`update submission set people = '{}' where message_id = any(${messages})`.execute(trx);
  await sql`
    delete from resumed_address r where not exists (
      select from message m where lower(m.from_address) = lower(r.address))`.execute(trx);
  await sql`
    update correction set made_by = case when way = 'sender' then '' else made_by end,
      before = case when field = 'people' then null else before end,
      after = case when field = 'people' then null else after end
    where message_id = any(${messages}) or asked_in = any(${messages})`.execute(trx);
}

/** File names and what was read; a document read from the same bytes stays while another mail's attachment has them. */
export async function eraseAttachments(trx: Trx, messages: number[], now: Date): Promise<void> {
  const { rows } = await sql<{ sha256: Buffer }>`
    update attachment set removed_at = coalesce(removed_at, ${now}), filename = ''
    where message_id = any(${messages}) returning sha256`.execute(trx);
  const hashes = rows.map(({ sha256 }) => sha256);
  await sql`delete from awaited_recognition where message_id = any(${messages})`.execute(trx);
  await sql`
    delete from recognition where sha256 = any(${hashes})
      and not exists (select from awaited_recognition w where w.sha256 = recognition.sha256)`.execute(trx);
  await sql`
    delete from document where sha256 = any(${hashes}) and not exists (
      select from attachment a where a.sha256 = document.sha256 and a.removed_at is null)`.execute(trx);
  await sweep(trx, hashes, now);
}

/** The bytes of the mails themselves. */
export async function eraseOriginals(trx: Trx, messages: number[], now: Date): Promise<void> {
  const { rows } = await sql<{ sha256: Buffer }>`
    select sha256 from message where id = any(${messages})`.execute(trx);
  await sweep(
    trx,
    rows.map(({ sha256 }) => sha256),
    now,
  );
}

/** Titles and texts of the ledger, and the numbers by which they are found alike. */
export async function eraseSubmissions(trx: Trx, submissions: number[], now: Date): Promise<void> {
  await sql`
    update submission set removed_at = coalesce(removed_at, ${now}), title = '', text = ''
    where id = any(${submissions})`.execute(trx);
  await sql`update further_message set text = '' where submission_id = any(${submissions})`.execute(trx);
  await sql`
    update correction set before = null, after = null
    where field = 'title' and submission_id = any(${submissions})`.execute(trx);
  await sql`delete from fingerprint where submission_id = any(${submissions}::integer[])`.execute(trx);
  await sql`update compared set whole = 0, winnowed = 0 where submission_id = any(${submissions})`.execute(
    trx,
  );
}

/** To whom, about what and in which words; that it went, when and of which kind stays. */
export async function eraseNotices(trx: Trx, notices: number[], now: Date): Promise<void> {
  await eraseEnclosed(trx, notices, now);
  await sql`
    update notice set removed_at = coalesce(removed_at, ${now}), to_contacts = '[]', cc_contacts = '[]',
      subject = '', text = '', html = null, in_reply_to = null, reference_ids = '[]',
      response = null, wording_fault = null, decided_by = case when decided_by is null then null else '' end,
      bounce = bounce || '{"recipients": [], "diagnostic": ""}'
    where id = any(${notices})`.execute(trx);
  await sql`
    update announced set name = '', person = notice_id::text || '/' || md5(person)
    where notice_id = any(${notices})`.execute(trx);
}

/** Files that went with notices; what the notices say stays. */
export async function eraseEnclosed(trx: Trx, notices: number[], now: Date): Promise<void> {
  const { rows } = await sql<{ sha256: string }>`
    select distinct enclosed ->> 'sha256' as sha256 from notice, jsonb_array_elements(attachments) as enclosed
    where id = any(${notices})`.execute(trx);
  await sql`update notice set attachments = '[]' where id = any(${notices})`.execute(trx);
  await sweep(
    trx,
    rows.map(({ sha256 }) => Buffer.from(sha256, "hex")),
    now,
  );
}

async function sweep(trx: Trx, hashes: Buffer[], now: Date): Promise<void> {
  if (hashes.length > 0) await sweepAmong(trx, sql`b.sha256 = any(${hashes})`, now);
}

/** Bytes nobody came to use: a process died between storing a large mail and recording it. */
export async function eraseOrphans(trx: Trx, olderThan: Date, now: Date): Promise<void> {
  await sweepAmong(trx, sql`b.created_at < ${olderThan}`, now);
}

/** Removes the bytes of those contents that nobody uses any more; the hash stays, for what comes again is known by it. */
async function sweepAmong(trx: Trx, among: RawBuilder<unknown>, now: Date): Promise<void> {
  await sql`
    with enclosed as materialized (
      select distinct decode(one ->> 'sha256', 'hex') as sha256
      from notice, jsonb_array_elements(attachments) as one where removed_at is null),
    unused as (
      select b.sha256 from blob b where ${among} and b.removed_at is null
        and not exists (select from message m where m.sha256 = b.sha256 and m.removed_at is null)
        and not exists (select from attachment a where a.sha256 = b.sha256 and a.removed_at is null)
        and not exists (select from announcement n where n.sha256 = b.sha256)
        and not exists (select from ruling_scan s where s.sha256 = b.sha256)
        and not exists (select from recognition r where r.sha256 = b.sha256)
        and not exists (select from enclosed e where e.sha256 = b.sha256)),
    chunks as (delete from blob_chunk c using unused u where c.sha256 = u.sha256)
    update blob set removed_at = ${now} from unused where blob.sha256 = unused.sha256`.execute(trx);
}
