// SQL of the office's rulings on what is owed: those that stand, and a new one with its scans; only ever added to.
import { sql } from "kysely";
import type { Campaign } from "../../campaign/campaign.ts";
import { recordAudit } from "../../store/audit.ts";
import { dbText, type Trx } from "../../store/database.ts";
import type { RulingKind } from "../../understand/ruling-words.ts";
import type { KeptRuling, Scan } from "./ruled.ts";

/** Who ruled, when, and which way it reached us. */
export interface RulingDecider {
  by: string;
  way: "mail" | "command";
  /** The mail that asked for it. */
  askedIn: number | null;
  at: Date;
}

/** One at a time a campaign: the same thing said on two machines at once is one ruling. */
export async function lockRulings(trx: Trx, campaign: Campaign): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext(${`ruling/${campaign.code}`}))`.execute(trx);
}

/** All that was ruled on what is owed, oldest first. */
export async function keptRulings(trx: Trx, campaign: Campaign): Promise<KeptRuling[]> {
  const rows = await trx
    .selectFrom("ruling")
    .select(["id", "kind", "deliverable", "unit", "item", "why"])
    .select(["due_on", "due_time", "received_at", "received_by"])
    .where("campaign", "=", campaign.code)
    .orderBy("made_at")
    .orderBy("id")
    .execute();
  const scans = await trx
    .selectFrom("ruling_scan as s")
    .innerJoin("ruling as r", "r.id", "s.ruling_id")
    .select(["s.ruling_id", "s.sha256", "s.filename", "s.media_type"])
    .where("r.campaign", "=", campaign.code)
    .orderBy("s.ordinal")
    .execute();
  const scansOf = Map.groupBy(scans, ({ ruling_id }) => ruling_id);
  return rows.flatMap(({ id, kind, deliverable, unit, item, why, ...row }) => {
    if (kind === "go-ahead" || deliverable === null || unit === null) return [];
    const theirs = (scansOf.get(id) ?? []).map(
      ({ sha256, filename, media_type }): Scan => ({
        sha256: sha256.toString("hex"),
        filename,
        mediaType: media_type,
      }),
    );
    const due = { dueOn: row.due_on, dueTime: row.due_time };
    const receipt = { receivedAt: row.received_at, receivedBy: row.received_by };
    return [{ kind, deliverable, unit, item, why, ...due, ...receipt, scans: theirs }];
  });
}

export async function keepRuling(
  trx: Trx,
  campaign: Campaign,
  ruling: KeptRuling,
  decider: RulingDecider,
): Promise<void> {
  const { by, way, askedIn, at } = decider;
  const { kind, deliverable, item, unit, dueOn, dueTime, receivedAt, receivedBy, why } = ruling;
  const about = ["ruling", deliverable, item, unit].filter((part) => part !== null).join("/");
  const ruled = [dueOn, dueTime, receivedAt?.toISOString(), receivedBy, why].filter(Boolean).join(" ");
  await recordAudit(trx, campaign.code, decider, [{ action: kind, about, after: ruled }]);
  const { id } = await trx
    .insertInto("ruling")
    .values({
      campaign: campaign.code,
      kind: kind satisfies RulingKind | `${RulingKind}-revoked`,
      deliverable,
      unit,
      item,
      due_on: dueOn,
      due_time: dueTime,
      received_at: receivedAt,
      received_by: receivedBy,
      made_by: dbText(by, 500),
      made_at: at,
      why: dbText(why, 2_000),
      way,
      asked_in: askedIn,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  if (ruling.scans.length === 0) return;
  await trx
    .insertInto("ruling_scan")
    .values(
      ruling.scans.map(({ sha256, filename, mediaType }, ordinal) => ({
        ruling_id: id,
        ordinal,
        sha256: Buffer.from(sha256, "hex"),
        filename: dbText(filename, 500),
        media_type: dbText(mediaType, 200),
      })),
    )
    .execute();
}
