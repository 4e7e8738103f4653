// SQL of deadlines: the facts obligations are derived from, and those the interlock asks for. One query each.
import { sql } from "kysely";
import { type Campaign, deliverableOf, isRegistered } from "../campaign/campaign.ts";
import type { Trx } from "../store/database.ts";
import type { Understanding } from "../understand/evidence.ts";
import type { Calendar } from "./calendar.ts";
import { type Obligation, obligationsAt, type Ruling, type SubmissionFact } from "./obligation.ts";

/** Every version not withdrawn of what units owe. */
export async function submissionFacts(trx: Trx, campaign: Campaign): Promise<SubmissionFact[]> {
  const owed = campaign.deliverables.filter(({ from }) => from === "unit").map(({ code }) => code);
  if (owed.length === 0) return [];
  const rows = await trx
    .selectFrom("submission")
    .select(["reference", "type", "item", "unit", "arrived_at", "state", "verified", "provisional"])
    .where("campaign", "=", campaign.code)
    .where("type", "in", owed)
    .where("state", "<>", "withdrawn")
    .execute();
  return rows.map(({ arrived_at, ...row }) => ({ ...row, arrivedAt: arrived_at }));
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
    (kind !== "waiver" && kind !== "extension" && kind !== "receipt") || deliverable === null || unit === null
      ? []
      : [
          {
            kind,
            deliverable,
            unit,
            item,
            dueOn: row.due_on,
            receivedAt: row.received_at,
            madeBy: row.made_by,
            madeAt: row.made_at,
            why: row.why,
          },
        ],
  );
}

/** Who owes what at an instant: the ledger and the office's rulings, put to the pure rule. */
export async function currentObligations(
  trx: Trx,
  campaign: Campaign,
  calendar: Calendar,
  now: Date,
): Promise<Obligation[]> {
  const submissions = await submissionFacts(trx, campaign);
  return obligationsAt(campaign, calendar, submissions, await rulingsOf(trx, campaign), now);
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

/** Units that mails waiting for a human may belong to, and how many mails nobody has looked at yet. */
export async function undecidedMails(
  trx: Trx,
  campaign: Campaign,
): Promise<{ heldGuesses: string[]; waitingMails: number }> {
  const rows = await trx
    .selectFrom("message")
    .select(["state", "reason", "from_address", "understanding"])
    .where("campaign", "=", campaign.code)
    .where("state", "in", ["received", "held", "oversize"])
    .execute();
  const undecided = rows.filter(({ state }) => state !== "received");
  const guesses = undecided.flatMap((row) =>
    guessedUnits(row.reason, row.from_address, row.understanding as Understanding | null, campaign),
  );
  return { heldGuesses: [...new Set(guesses)].sort(), waitingMails: rows.length - undecided.length };
}

/**
 * The units a held mail may speak for: both guesses, its drafts, and every unit its sender is registered with. A
 * question, or what is surely an individual's idea, is nobody's owed document.
 */
export function guessedUnits(
  reason: string | null,
  fromAddress: string | null,
  understanding: Understanding | null,
  campaign: Campaign,
): string[] {
  const type = understanding?.type;
  const isPersons = deliverableOf(campaign, type?.value ?? null)?.from === "person";
  const isSure = (type?.confidence ?? 0) >= campaign.autoFileAt;
  const onlyIdeas = understanding?.submissions.every(
    (draft) => deliverableOf(campaign, draft.type)?.from === "person",
  );
  if (reason === "question" || (isPersons && isSure && onlyIdeas)) return [];
  const guesses = [
    understanding?.unit.value,
    understanding?.unit.runnerUp?.value,
    ...(understanding?.submissions.map((draft) => draft.unit) ?? []),
    ...campaign.units
      .filter((unit) => isRegistered(campaign, fromAddress ?? "", unit.code))
      .map(({ code }) => code),
  ];
  return guesses.filter((code): code is string => typeof code === "string");
}

/** Addresses whose latest notice came back or was refused for good; a mere delay is no failure. */
export async function bouncedAddresses(trx: Trx, campaign: Campaign): Promise<Set<string>> {
  const { rows } = await sql<{ address: string }>`
    select address from (
      select distinct on (address) address,
        bounce->>'action' = 'failed' and bounce->'recipients' ? address as returned
      from notice,
        lateral (select lower(contact->>'email') as address
          from jsonb_array_elements(to_contacts || cc_contacts) as contact) as addressed
      where campaign = ${campaign.code} and state in ('accepted', 'bounced', 'rejected') and settled_at is not null
      order by address, settled_at desc, id desc
    ) as latest
    where returned`.execute(trx);
  return new Set(rows.map(({ address }) => address));
}
