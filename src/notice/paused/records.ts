// SQL of paused addresses: a notice proved that nobody is there (R44). Mail from one, or the office's word, ends the pause.
import { type SqlBool, sql } from "kysely";
import type { Campaign } from "../../campaign/campaign.ts";
import { type AuditActor, recordAudit } from "../../store/audit.ts";
import type { Trx } from "../../store/database.ts";

export interface PausedAddress {
  address: string;
  since: Date;
  /** What its server said. */
  diagnostic: string;
}

/** Those among these addresses; all there are, where none are named. */
export async function pausedAddresses(
  trx: Trx,
  campaign: Campaign,
  among: string[] | null = null,
): Promise<PausedAddress[]> {
  const asked = among === null ? sql<SqlBool>`true` : sql<SqlBool>`dead.address = any(${among})`;
  const { rows } = await sql<PausedAddress>`
    with dead as materialized (
      select distinct on (address) address, (bounce ->> 'at')::timestamptz as since,
        coalesce(bounce ->> 'diagnostic', '') as diagnostic
      from notice, lateral jsonb_array_elements_text(bounce -> 'dead') as address
      where campaign = ${campaign.code} and bounce is not null and jsonb_typeof(bounce -> 'dead') = 'array'
      order by address, since desc)
    select dead.* from dead
    where ${asked}
      and not exists (
        select from resumed_address as resumed
        where resumed.campaign = ${campaign.code} and resumed.address = dead.address and resumed_at >= since)
      and not exists (
        select from message
        where campaign = ${campaign.code} and from_address = dead.address and recorded_at >= since
          and origin <> 'bounce')
    order by since, address`.execute(trx);
  return rows;
}

/** The office knows better; what comes back afterwards pauses it anew. False: it is not paused. */
export async function resumeAddress(
  trx: Trx,
  campaign: Campaign,
  address: string,
  actor: AuditActor & { by: string },
): Promise<boolean> {
  const [paused] = await pausedAddresses(trx, campaign, [address]);
  if (!paused) return false;
  const row = { campaign: campaign.code, address, resumed_at: actor.at, resumed_by: actor.by };
  await trx
    .insertInto("resumed_address")
    .values(row)
    .onConflict((conflict) => conflict.columns(["campaign", "address"]).doUpdateSet(row))
    .execute();
  await recordAudit(trx, campaign.code, actor, [
    { action: "resume-address", about: "address", after: address },
  ]);
  return true;
}
