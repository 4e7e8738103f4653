// A returned notice finds its row: by its Message-ID, by its subject, or by the failed address alone (R44).
//
// Anybody can write a bounce. Its Message-ID only who had the notice knows, so that alone stops further mail to an address;
// the subject, or a reporter of the failed address's organisation or ours, lets a notice count as returned, which writes to
// the next level as well and shows it to the office. A stranger who knows nothing but the address moves nothing.

import { sql } from "kysely";
import type { Campaign } from "../campaign/campaign.ts";
import { crashPoint } from "../crash-point.ts";
import type { BounceReport } from "../message/mail.ts";
import { isSameOrganisation } from "../message/sender.ts";
import { dbJson, type Trx } from "../store/database.ts";
import { statesBefore } from "./states.ts";

/**
 * Records a delivery report on the notice it is about. A failure makes it `bounced`, whatever we believed of it before; a
 * delay is only noted. Returns the notice's id, or null when no notice fits.
 */
export async function recordBounce(
  trx: Trx,
  campaign: Campaign,
  report: BounceReport,
  now: Date,
): Promise<number | null> {
  if (report.action === "delivered") return null;
  const recipients = report.recipients.map((address) => address.toLowerCase());
  const byId = await byMessageId(trx, campaign, report);
  const id = byId ?? (await byAddress(trx, campaign, report, recipients));
  if (id === null) return null;
  const failed = recipients.length > 0 ? recipients : await onlyRecipient(trx, id);
  const before = report.action === "failed" ? await failedBefore(trx, id) : [];
  const bounce = {
    action: report.action,
    recipients: [...new Set([...before, ...failed])],
    status: report.status,
    diagnostic: report.diagnostic.slice(0, 2_000),
    at: now.toISOString(),
    ...(byId !== null && report.cause === "no-mailbox" && { dead: await addressedAmong(trx, id, failed) }),
  };
  // A report may overtake our own record of the sending (row 17 of the fault matrix): any state after the data left will do.
  await trx
    .updateTable("notice")
    .set({ bounce: dbJson(bounce), ...(report.action === "failed" ? bouncedState(now) : {}) })
    .where("id", "=", id)
    // A late delay warning says nothing against the failure that is already known.
    .$if(report.action === "delayed", (query) => query.where("bounce", "is", null))
    .execute();
  crashPoint("bounce-recorded");
  return id;
}

/** A server may report each of several dead addresses of one notice by itself. */
async function failedBefore(trx: Trx, id: number): Promise<string[]> {
  const row = await trx.selectFrom("notice").select("bounce").where("id", "=", id).executeTakeFirstOrThrow();
  const { action, recipients = [] } = (row.bounce ?? {}) as { action?: string; recipients?: string[] };
  return action === "failed" ? recipients : [];
}

function bouncedState(now: Date) {
  return {
    state: "bounced" as const,
    settled_at: sql<Date>`coalesce(settled_at, ${now})`,
    claimed_by: null,
    lease_until: null,
  };
}

const sentStates = [...statesBefore("bounced"), "bounced"] as const;

async function byMessageId(trx: Trx, campaign: Campaign, report: BounceReport): Promise<number | null> {
  if (!report.originalMessageId) return null;
  const row = await trx
    .selectFrom("notice")
    .select("id")
    .where("campaign", "=", campaign.code)
    .where("rfc_message_id", "=", report.originalMessageId)
    .where("state", "in", sentStates)
    .executeTakeFirst();
  return row?.id ?? null;
}

/** Of the notices that went to a failed address, the one whose subject is cited; else the latest, if the reporter may know. */
async function byAddress(
  trx: Trx,
  campaign: Campaign,
  report: BounceReport,
  recipients: string[],
): Promise<number | null> {
  if (recipients.length === 0) return null;
  const { rows } = await sql<{ id: number; subject: string }>`
    select id, subject from notice
    where campaign = ${campaign.code} and state = any(${sentStates})
      and exists (
        select from jsonb_array_elements(to_contacts || cc_contacts) as contact
        where lower(contact->>'email') = any(${recipients}))
    order by coalesce(settled_at, data_sent_at) desc, id desc
    limit ${NOTICES_LOOKED_AT}`.execute(trx);
  const words = plain(report.words ?? "");
  const cited = rows.find(({ subject }) => {
    const letters = plain(subject);
    return letters.length >= TELLING && words.includes(letters);
  });
  const mayKnow = (reporter: string) =>
    [...recipients, campaign.mailbox.address].some((address) => isSameOrganisation(reporter, address));
  if (cited) return cited.id;
  return report.reporter === undefined || mayKnow(report.reporter) ? (rows[0]?.id ?? null) : null;
}

const NOTICES_LOOKED_AT = 20;
/** A shorter subject anybody may hit upon. */
const TELLING = 8;

/** Servers fold, cut and re-encode; the letters stay. */
const plain = (text: string) => text.normalize("NFKC").replace(/\s+/g, "").toLowerCase();

/** A report that names nobody can only mean the one we wrote to. */
async function onlyRecipient(trx: Trx, id: number): Promise<string[]> {
  const all = await addresseesOf(trx, id);
  return all.length === 1 ? all : [];
}

/** Who had one of our notices himself cannot say of anybody else's address that nobody is there. */
async function addressedAmong(trx: Trx, id: number, addresses: string[]): Promise<string[]> {
  const all = await addresseesOf(trx, id);
  return addresses.filter((address) => all.includes(address));
}

async function addresseesOf(trx: Trx, id: number): Promise<string[]> {
  const row = await trx
    .selectFrom("notice")
    .select(["to_contacts", "cc_contacts"])
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  return [...row.to_contacts, ...row.cc_contacts].map(({ email }) => email.toLowerCase());
}

/** What stands beside a returned mail that belongs to no notice of ours. */
export const UNMATCHED = "returned mail that belongs to no notice";

export async function noteUnmatched(trx: Trx, messageId: number): Promise<void> {
  await trx.updateTable("message").set({ detail: UNMATCHED }).where("id", "=", messageId).execute();
}
