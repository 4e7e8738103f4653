// SQL of forgetting: whose mails they are, what hangs on them, and whom a restored database must forget again.
import { createHmac } from "node:crypto";
import { sql } from "kysely";
import { dropAgain } from "../../store/blobs.ts";
import type { Trx } from "../../store/database.ts";
import { installationSecret } from "../../store/secret.ts";

export interface Person {
  addresses: string[];
  /** All that were given; without an address, what was sent under one of them is the person's. */
  names: string[];
}

export const FORGOTTEN = "forgotten";

/** Numbers of the mails the person wrote, up to `until`: who writes again later wants to be read. */
export async function mailsOf(trx: Trx, { addresses, names }: Person, until: Date): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from message where arrived_at <= ${until} and state <> 'received' and (
      lower(from_address) = any(${addresses})
      or (${addresses.length === 0} and from_name = any(${names}))) order by id`.execute(trx);
  return rows.map(({ id }) => id);
}

/** What stands with the names or addresses given, and may be the same person, also by a signature: whoever asks decides. */
export async function alsoKnownAs(trx: Trx, { addresses, names }: Person): Promise<string[]> {
  const { rows } = await sql<{ word: string }>`
    select distinct word from message, lateral (values (from_name), (lower(from_address))) as w (word)
    where (lower(from_address) = any(${addresses}) or from_name = any(${names})
      or exists (select from submission s where s.message_id = message.id
        and cardinality(s.people) = 1 and s.people[1] = any(${names})))
      and coalesce(word, '') <> '' and word <> all(${[...addresses, ...names]}) order by 1`.execute(trx);
  return rows.map(({ word }) => word);
}

/** Of these mails those that hold a unit's paper: a unit's obligation is not met less because a person is forgotten. */
export async function withPapers(trx: Trx, mails: number[], personal: string[]): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select distinct message_id as id from submission
    where message_id = any(${mails}) and type <> all(${personal})`.execute(trx);
  return rows.map(({ id }) => id);
}

/** A person's own ideas: of the mails he wrote, and those others sent in for him alone. */
export async function ideasOf(
  trx: Trx,
  mails: number[],
  names: string[],
  personal: string[],
): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from submission where type = any(${personal})
      and (message_id = any(${mails}) or (cardinality(people) = 1 and people[1] = any(${names})))`.execute(
    trx,
  );
  return rows.map(({ id }) => id);
}

/** Mails of others and papers of units that name the person, in the words or in an attachment's. */
export async function mailsNaming(trx: Trx, pattern: string, until: Date): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from message where arrived_at <= ${until} and (
      concat_ws(chr(10), subject, new_text, from_name, from_address, understanding::text) ~* ${pattern}
      or exists (select from attachment a left join document d on d.sha256 = a.sha256 where a.message_id = message.id
        and concat_ws(chr(10), a.filename, d.text, d.title, d.author, d.properties::text) ~* ${pattern})
      or exists (select from submission s where s.message_id = message.id
        and concat_ws(chr(10), s.title, s.text, array_to_string(s.people, chr(10))) ~* ${pattern}))`.execute(
    trx,
  );
  return rows.map(({ id }) => id);
}

/** Bytes cannot be reworded: the originals go, what was read from them stays under the pseudonym. */
export async function dropOriginals(trx: Trx, mails: number[], pattern: string, now: Date): Promise<void> {
  const files = await sql<{ sha256: Buffer }>`
    update attachment a set removed_at = ${now}
    where message_id = any(${mails}) and removed_at is null and (a.filename ~* ${pattern} or exists (
      select from document d where d.sha256 = a.sha256
        and concat_ws(chr(10), d.text, d.title, d.author, d.properties::text) ~* ${pattern}))
    returning sha256`.execute(trx);
  const originals = await sql<{ sha256: Buffer }>`
    update message set original_removed_at = ${now} where id = any(${mails}) returning sha256`.execute(trx);
  await dropAgain(
    trx,
    [...originals.rows, ...files.rows].map(({ sha256 }) => sha256),
    now,
  );
}

/** Notices to the person, and files enclosed to the office since the first of his mails: each holds the ledger of its day. */
export async function noticesTo(
  trx: Trx,
  { addresses }: Person,
  { mails, until }: { mails: number[]; until: Date },
): Promise<{ answers: number[]; enclosing: number[] }> {
  const { rows } = await sql<{ id: number; answer: boolean }>`
    select id, is_answer as answer from notice, lateral (select
      cause_message_id = any(${mails}) or exists (
        select from jsonb_array_elements(to_contacts) as one where lower(one ->> 'email') = any(${addresses})) as is_answer) as a
    where state in ('accepted', 'rejected', 'ambiguous', 'dropped', 'bounced')
      and not exists (select from message m where m.id = notice.cause_message_id and m.arrived_at > ${until})
      and (is_answer or (
      kind = 'digest' and attachments <> '[]' and intended_at >= (
        select min(arrived_at) from message where id = any(${mails}))))`.execute(trx);
  return {
    answers: rows.filter(({ answer }) => answer).map(({ id }) => id),
    enclosing: rows.filter(({ answer }) => !answer).map(({ id }) => id),
  };
}

/** Who wrote these mails is known under the pseudonym alone. */
export async function anonymise(
  trx: Trx,
  { mails, ideas, pseudonym, now }: { mails: number[]; ideas: number[]; pseudonym: string; now: Date },
): Promise<void> {
  await sql`
    update message set anonymous_at = coalesce(anonymous_at, ${now}), from_name = ${pseudonym}, from_address = null,
      sender_check = null where id = any(${mails})`.execute(trx);
  await sql`update submission set people = array[${pseudonym}] where id = any(${ideas})`.execute(trx);
}

/** That mail to these addresses is tried again is no longer worth knowing. */
export async function forgetAddresses(trx: Trx, { addresses }: Person): Promise<void> {
  await sql`delete from resumed_address where lower(address) = any(${addresses})`.execute(trx);
}

/** Answers that have not left yet do not leave. */
export async function silence(trx: Trx, mails: number[], now: Date): Promise<void> {
  await sql`
    update notice set state = 'dropped', settled_at = ${now}, response = 'the recipient asked to be forgotten'
    where state = 'intended' and cause_message_id = any(${mails})`.execute(trx);
}

export async function noteForgetting(
  trx: Trx,
  { mails, rows, by, now }: { mails: number[]; rows: number; by: string; now: Date },
): Promise<void> {
  await sql`
    insert into removal (campaign, kind, at, made_by, count, bytes, from_at, to_at, sha256)
    select coalesce(min(campaign), ''), 'forget', ${now}, ${by}, ${rows}, coalesce(sum(bytes), 0),
      min(arrived_at), max(arrived_at), sha256(coalesce(string_agg(sha256, ''::bytea order by id), ''::bytea))
    from message where id = any(${mails})`.execute(trx);
}

export interface ForgottenEntry {
  /** Hex. */
  hash: string;
  pseudonym: string;
  at: Date;
}

export async function remember(
  trx: Trx,
  words: string[],
  pseudonym: string,
  now: Date,
): Promise<ForgottenEntry[]> {
  const key = await installationSecret(trx, FORGOTTEN, now);
  const entries = words.map((word) => ({ hash: hashOf(key, word), pseudonym, at: now }));
  await addForgotten(trx, entries);
  return entries;
}

export async function addForgotten(trx: Trx, entries: ForgottenEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await trx
    .insertInto("forgotten")
    .values(entries.map(({ hash, ...rest }) => ({ ...rest, hash: Buffer.from(hash, "hex") })))
    .onConflict((conflict) => conflict.column("hash").doNothing())
    .execute();
}

export async function allForgotten(trx: Trx): Promise<ForgottenEntry[]> {
  const rows = await trx.selectFrom("forgotten").selectAll().orderBy("at").execute();
  return rows.map(({ hash, ...rest }) => ({ ...rest, hash: hash.toString("hex") }));
}

const hashOf = (key: Buffer, word: string) =>
  createHmac("sha256", key).update(word.toLowerCase()).digest("hex");

/** The forgotten whose words stand here again, from a backup or from the mailbox. */
export async function returned(
  trx: Trx,
  now: Date,
): Promise<{ words: string[]; pseudonym: string; at: Date }[]> {
  const forgotten = new Map((await allForgotten(trx)).map((entry) => [entry.hash, entry]));
  if (forgotten.size === 0) return [];
  const key = await installationSecret(trx, FORGOTTEN, now);
  const { rows } = await sql<{ word: string }>`
    select from_address as word from message where from_address is not null
    union select from_name from message where from_name is not null
    union select unnest(people) from submission
    union select one ->> 'email' from notice, jsonb_array_elements(to_contacts || cc_contacts) as one
    union select name from announced`.execute(trx);
  const found = new Map<string, { words: string[]; pseudonym: string; at: Date }>();
  for (const { word } of rows) {
    const entry = word ? forgotten.get(hashOf(key, word)) : undefined;
    if (!entry) continue;
    const { pseudonym, at } = entry;
    const person = found.get(pseudonym) ?? { words: [], pseudonym, at };
    person.words.push(word);
    found.set(pseudonym, person);
  }
  return [...found.values()];
}
