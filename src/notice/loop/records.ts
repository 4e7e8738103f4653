// SQL for the correspondence with an address: what was answered, what left for it, and what was held back.
import { type SqlBool, sql } from "kysely";
import type { Campaign } from "../../campaign/campaign.ts";
import type { Trx } from "../../store/database.ts";
import { CAPPED } from "../caps.ts";
import { type EarlierAnswer, QUICK_MS, SKEW_MS } from "./turn.ts";

/** More than a loop can have; a person's long correspondence is not read whole. */
const ANSWERS_LOOKED_AT = 12;

/** As the index has it: an answer goes to one address. */
const addressee = sql<string>`lower(to_contacts -> 0 ->> 'email')`;
const isAnswer = sql<SqlBool>`kind in ('acknowledgement', 'clarification')`;
const left = sql<SqlBool>`state not in ('dropped', 'rejected')`;

/** The latest answers to each of these addresses, newest first. */
export async function answersTo(
  trx: Trx,
  campaign: Campaign,
  addresses: string[],
): Promise<Map<string, EarlierAnswer[]>> {
  const { rows } = await sql<{ address: string; brought: boolean | null; at: Date; text: string | null }>`
    select asked.address, answer.brought, answer.intended_at as at, message.new_text as text
    from unnest(${addresses}::text[]) as asked(address)
    cross join lateral (
      select id, brought, intended_at, cause_message_id from notice
      where campaign = ${campaign.code} and ${isAnswer} and ${addressee} = asked.address and ${left}
      order by id desc limit ${ANSWERS_LOOKED_AT}) as answer
    left join message on message.id = answer.cause_message_id
    order by answer.id desc`.execute(trx);
  const answers = new Map<string, EarlierAnswer[]>();
  for (const { address, brought, at, text } of rows) {
    const turn = brought === null ? "fresh" : brought ? "brought" : "echo";
    const list = answers.get(address) ?? [];
    answers.set(address, [...list, { turn, intendedAt: at, text: text ?? "" }]);
  }
  return answers;
}

/** What left for an address and its organisation just before a mail came from it, and what was said in its thread. */
export async function saidBefore(
  trx: Trx,
  campaign: Campaign,
  mail: { address: string; organisation: string | null; arrivedAt: Date; ancestors: string[] },
): Promise<{ sentAt: Date | null; echoesInThread: number; emptyNearby: number }> {
  const until = new Date(mail.arrivedAt.getTime() + SKEW_MS);
  const since = new Date(mail.arrivedAt.getTime() - QUICK_MS);
  const { rows } = await sql<{ sentAt: Date | null; echoesInThread: number; emptyNearby: number }>`
    select
      (select max(settled_at) from notice
        where campaign = ${campaign.code} and settled_at between ${since} and ${until}
          and state in ('accepted', 'ambiguous', 'bounced')
          and exists (
            select from jsonb_array_elements(to_contacts || cc_contacts) as contact
            where lower(contact ->> 'email') = ${mail.address}
              or split_part(lower(contact ->> 'email'), '@', 2) = ${mail.organisation})) as "sentAt",
      (select count(*)::int from notice
        where campaign = ${campaign.code} and rfc_message_id = any(${mail.ancestors})
          and brought = false) as "echoesInThread",
      (select count(*)::int from notice
        where campaign = ${campaign.code} and settled_at between ${since} and ${until} and ${left}
          and ${isAnswer} and brought is not true and ${addressee} <> ${mail.address}
          and split_part(${addressee}, '@', 2) = ${mail.organisation}) as "emptyNearby"`.execute(trx);
  return rows[0] ?? { sentAt: null, echoesInThread: 0, emptyNearby: 0 };
}

/** Of the notices a mail names none went to its address. */
export async function answersAnothers(
  trx: Trx,
  campaign: Campaign,
  mail: { address: string; ancestors: string[] },
): Promise<boolean> {
  const { rows } = await sql<{ count: number; mine: number }>`
    select count(*)::int as count,
      (count(*) filter (where exists (
        select from jsonb_array_elements(to_contacts || cc_contacts) as contact
        where lower(contact ->> 'email') = ${mail.address})))::int as mine
    from notice where campaign = ${campaign.code} and rfc_message_id = any(${mail.ancestors})`.execute(trx);
  const { count = 0, mine = 0 } = rows[0] ?? {};
  return count > 0 && mine === 0;
}

/** Answers to echoes from anybody of an organisation since somebody there last brought anything. */
export async function echoesOf(trx: Trx, campaign: Campaign, organisation: string): Promise<number> {
  const theirs = sql`campaign = ${campaign.code} and ${isAnswer} and split_part(${addressee}, '@', 2) = ${organisation}`;
  const { rows } = await sql<{ echoes: number }>`
    select count(*)::int as echoes from notice where ${theirs} and ${left} and brought = false
      and id > coalesce((select max(id) from notice where ${theirs} and brought), 0)`.execute(trx);
  return rows[0]?.echoes ?? 0;
}

/** What was filed for these addresses since they were last answered, where a cap kept the answer back. */
export async function filedUnanswered(
  trx: Trx,
  campaign: Campaign,
  addresses: string[],
): Promise<Map<string, string[]>> {
  const { rows } = await sql<{ address: string; references: string[] }>`
    select asked.address, array_agg(submission.reference order by submission.id) as references
    from unnest(${addresses}::text[]) as asked(address)
    join notice on campaign = ${campaign.code} and ${isAnswer} and ${addressee} = asked.address
      and notice.state = 'dropped' and response like ${`${CAPPED}%`}
      and notice.id > coalesce((
        select max(id) from notice
        where campaign = ${campaign.code} and ${isAnswer} and ${addressee} = asked.address and ${left}), 0)
    join submission on submission.message_id = notice.cause_message_id and submission.state = 'current'
    group by asked.address`.execute(trx);
  return new Map(rows.map(({ address, references }) => [address, references]));
}
