// SQL of deadlines: the facts obligations are derived from, and those the interlock asks for. One query each.
import { sql } from "kysely";
import type { Campaign } from "../campaign/campaign.ts";
import type { Trx } from "../store/database.ts";
import type { Understanding } from "../understand/evidence.ts";
import { type ArrivedThing, guessedUnits, likelyThings } from "./arrived.ts";
import type { Calendar } from "./calendar.ts";
import type { FactChange, Ruling, SubmissionFact } from "./facts.ts";
import { type Obligation, obligationsAt } from "./obligation.ts";

/**
 * Every version of what units owe, with what became of it since it was filed. What was decided together with the filing
 * is how it was filed; what once was of a type that is owed, and is not any more, is part of the history.
 */
export async function submissionFacts(trx: Trx, campaign: Campaign): Promise<SubmissionFact[]> {
  const owed = campaign.deliverables.filter(({ from }) => from === "unit").map(({ code }) => code);
  if (owed.length === 0) return [];
  const { rows } = await sql<FactRow>`
    select s.id, s.reference, s.type, s.item, s.unit, s.state, s.verified, s.provisional,
      s.arrived_at as "arrivedAt", s.filed_at as "filedAt", s.readable_at as "readableAt",
      m.from_address as sender, older.reference as supersedes
    from submission s join message m on m.id = s.message_id left join submission older on older.id = s.supersedes
    where s.campaign = ${campaign.code} and (s.type = any(${owed}) or s.id in (
      select submission_id from correction
      where campaign = ${campaign.code} and field = 'type' and before = any(${owed})))
    order by s.arrived_at, s.id`.execute(trx);
  if (rows.length === 0) return [];
  const changes = Map.groupBy(await changesOf(trx, campaign, rows), ({ id }) => id);
  return rows.map(({ id, readableAt, ...fact }) => {
    const made = (changes.get(id) ?? []).map(({ id: _, ...change }) => change);
    const byOffice = made.some(({ field, at }) => field === "confirm" && +at === +(readableAt ?? 0));
    const readable = { field: "readable" as const, before: null, after: null, who: "", byOffice };
    const all = readableAt === null ? made : [...made, { ...readable, at: readableAt }];
    return { ...fact, changes: all.sort((a, b) => +a.at - +b.at) };
  });
}

type FactRow = Omit<SubmissionFact, "changes"> & { id: number; readableAt: Date | null };

async function changesOf(
  trx: Trx,
  campaign: Campaign,
  rows: FactRow[],
): Promise<(FactChange & { id: number })[]> {
  const { rows: changes } = await sql<FactChange & { id: number }>`
    select c.submission_id as id, c.made_at as at, c.field, c.before, c.after, c.made_by as who,
      c.way <> 'sender' as "byOffice"
    from correction c join submission s on s.id = c.submission_id
    where c.campaign = ${campaign.code} and c.submission_id = any(${rows.map(({ id }) => id)})
      and c.field in ('unit', 'type', 'item', 'withdraw', 'restore', 'confirm') and c.made_at > s.filed_at
    order by c.made_at, c.id`.execute(trx);
  return changes;
}

/** Waivers, extensions and receipts; a go-ahead for waiting answers is not about an obligation. */
export async function rulingsOf(trx: Trx, campaign: Campaign): Promise<Ruling[]> {
  const rows = await trx
    .selectFrom("ruling")
    .selectAll()
    .where("campaign", "=", campaign.code)
    .where("kind", "<>", "go-ahead")
    .orderBy("made_at")
    .orderBy("id")
    .execute();
  return rows.flatMap(({ kind, deliverable, unit, item, ...row }) =>
    kind === "go-ahead" || deliverable === null || unit === null
      ? []
      : [
          {
            kind,
            deliverable,
            unit,
            item,
            dueOn: row.due_on,
            dueTime: row.due_time,
            receivedAt: row.received_at,
            madeBy: row.made_by,
            madeAt: row.made_at,
            why: row.why,
          },
        ],
  );
}

/** Who owes what at an instant, now or long past: the ledger and the office's rulings, put to the pure rule. */
export async function currentObligations(
  trx: Trx,
  campaign: Campaign,
  calendar: Calendar,
  at: Date,
): Promise<Obligation[]> {
  const submissions = await submissionFacts(trx, campaign);
  return obligationsAt(campaign, calendar, submissions, await rulingsOf(trx, campaign), at);
}

/** When a mailbox of the campaign was last read to its end without an error. */
export async function lastReadAt(trx: Trx, campaign: Campaign): Promise<Date | null> {
  const row = await trx
    .selectFrom("mailbox")
    .select((table) => table.fn.max("last_read_at").as("at"))
    .where("campaign", "=", campaign.code)
    .executeTakeFirst();
  return row?.at ?? null;
}

/**
 * Differs whenever something may have made a thing owed or safe to say that was not, the hour aside: a ruling, a change
 * or withdrawal, a returned notice, a mail no longer waiting. What is newly filed can only silence.
 */
export async function reopeningMark(trx: Trx, campaign: Campaign): Promise<string> {
  const { rows } = await sql<{ mark: string }>`
    select concat_ws('/',
      (select count(*) from ruling where campaign = ${campaign.code}),
      (select count(*) from correction where campaign = ${campaign.code}),
      (select count(*) from notice where campaign = ${campaign.code} and bounce is not null),
      (select concat_ws(',', count(*), sum(id)) from message
        where campaign = ${campaign.code} and state in ('received', 'held', 'oversize'))) as mark`.execute(
    trx,
  );
  return rows[0]?.mark ?? "";
}

/**
 * Units that mails waiting for a human may belong to, how many mails nobody has looked at yet, and what came and waits
 * for a word of the office or the unit's own address: held, or filed as unverified.
 */
export async function undecidedMails(
  trx: Trx,
  campaign: Campaign,
): Promise<{ heldGuesses: string[]; waitingMails: number; arrived: ArrivedThing[] }> {
  const rows = await trx
    .selectFrom("message")
    .select(["state", "reason", "from_address", "understanding"])
    .where("campaign", "=", campaign.code)
    .where("state", "in", ["received", "held", "oversize"])
    .execute();
  const waitingMails = rows.filter(({ state }) => state === "received").length;
  // Of a mail put aside for its scans only the sender is known: that may be enough to know whose it is.
  const guesses = rows.flatMap((row) =>
    guessedUnits(row.reason, row.from_address, row.understanding as Understanding | null, campaign),
  );
  const arrived = rows.flatMap((row) =>
    likelyThings(row.reason, row.from_address, row.understanding as Understanding | null, campaign),
  );
  return {
    heldGuesses: [...new Set(guesses)].sort(),
    waitingMails,
    arrived: [...arrived, ...(await unverifiedThings(trx, campaign))],
  };
}

async function unverifiedThings(trx: Trx, campaign: Campaign): Promise<ArrivedThing[]> {
  const rows = await trx
    .selectFrom("submission")
    .select(["type", "unit", "item"])
    .where("campaign", "=", campaign.code)
    .where("state", "<>", "withdrawn")
    .where("verified", "=", false)
    .execute();
  return rows.flatMap(({ type, unit, item }) => (unit === null ? [] : [{ deliverable: type, unit, item }]));
}

/** Contacts whose latest notice came back or was refused for good; a mere delay is no failure. */
export async function bouncedAddresses(trx: Trx, campaign: Campaign): Promise<Set<string>> {
  // Few contacts ever return anything: only of these is the latest notice looked for. An announcement to thousands of the
  // roster may come back by the hundred, and this is asked every minute.
  const contacts = contactAddresses(campaign);
  const { rows } = await sql<{ address: string }>`
    with failing as materialized (
      select distinct recipient as address
      from notice, lateral jsonb_array_elements_text(bounce->'recipients') as recipient
      where campaign = ${campaign.code} and bounce is not null and bounce->>'action' = 'failed'
        and jsonb_typeof(bounce->'recipients') = 'array' and recipient = any(${contacts})
    ), sent as (
      select lower(contact->>'email') as address, bounce, settled_at, id
      from notice, lateral jsonb_array_elements(to_contacts || cc_contacts) as contact
      where exists (select from failing) and campaign = ${campaign.code}
        and state in ('accepted', 'bounced', 'rejected') and settled_at is not null
    )
    select address from (
      select distinct on (address) address,
        bounce->>'action' = 'failed' and bounce->'recipients' ? address as returned
      from sent where address in (select address from failing)
      order by address, settled_at desc, id desc
    ) as latest
    where returned`.execute(trx);
  return new Set(rows.map(({ address }) => address));
}

function contactAddresses({ units, deliverables }: Campaign): string[] {
  const contacts = units.flatMap(({ liaison, head, supervisor }) => [liaison, head, supervisor]);
  const leads = deliverables.flatMap(({ items }) => items.map(({ lead }) => lead));
  return [...new Set([...contacts, ...leads].flatMap((one) => (one ? [one.email.toLowerCase()] : [])))];
}
