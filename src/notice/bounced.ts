// A returned notice finds its row: by its Message-ID, else by the failed address and the latest notice sent there (R44).

import { sql } from "kysely";
import type { Campaign } from "../campaign/campaign.ts";
import { crashPoint } from "../crash-point.ts";
import type { BounceReport } from "../message/mail.ts";
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
  const id = (await byMessageId(trx, campaign, report)) ?? (await latestTo(trx, campaign, recipients));
  if (id === null) return null;
  const failed = recipients.length > 0 ? recipients : await onlyRecipient(trx, id);
  const before = report.action === "failed" ? await failedBefore(trx, id) : [];
  const bounce = {
    action: report.action,
    recipients: [...new Set([...before, ...failed])],
    status: report.status,
    diagnostic: report.diagnostic.slice(0, 2_000),
    at: now.toISOString(),
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

async function latestTo(trx: Trx, campaign: Campaign, recipients: string[]): Promise<number | null> {
  if (recipients.length === 0) return null;
  const { rows } = await sql<{ id: number }>`
    select id from notice
    where campaign = ${campaign.code} and state = any(${sentStates})
      and exists (
        select from jsonb_array_elements(to_contacts || cc_contacts) as contact
        where lower(contact->>'email') = any(${recipients}))
    order by coalesce(settled_at, data_sent_at) desc, id desc
    limit 1`.execute(trx);
  return rows[0]?.id ?? null;
}

/** A report that names nobody can only mean the one we wrote to. */
async function onlyRecipient(trx: Trx, id: number): Promise<string[]> {
  const row = await trx
    .selectFrom("notice")
    .select(["to_contacts", "cc_contacts"])
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  const all = [...row.to_contacts, ...row.cc_contacts].map(({ email }) => email.toLowerCase());
  return all.length === 1 ? all : [];
}
