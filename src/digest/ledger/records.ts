// SQL of the ledger's rows, read in batches behind one another: how many there are is no matter for memory.

import { sql } from "kysely";
import type { Campaign } from "../../campaign/campaign.ts";
import type { Trx } from "../../store/database.ts";
import type { RulingTable } from "../../store/tables.ts";
import { type LikenessFact, likenessesOf } from "../../submission/likeness/records.ts";
import { type HeldMail, heldMails } from "../books.ts";
import { type Selection, submissionStates } from "./selection.ts";

const BATCH = 500;

export interface LedgerSubmission {
  reference: string;
  type: string;
  item: string | null;
  unit: string | null;
  people: string[];
  title: string;
  text: string;
  /** Names of the files its mail brought. */
  attachments: string[];
  arrivedAt: Date;
  timeliness: "in-time" | "early" | "late";
  state: "current" | "superseded" | "withdrawn";
  verified: boolean;
  fromAddress: string | null;
  supersedes: string | null;
  like: LikenessFact[];
}

export async function* submissionsIn(
  trx: Trx,
  code: string,
  selection: Selection,
): AsyncGenerator<LedgerSubmission> {
  const { from, to, types, units } = selection;
  const states = submissionStates(selection);
  for (let after = 0; ; ) {
    let query = trx
      .selectFrom("submission as s")
      .innerJoin("message as m", "m.id", "s.message_id")
      .leftJoin("submission as older", "older.id", "s.supersedes")
      .select(["s.id", "s.reference", "s.type", "s.item", "s.unit", "s.people", "s.title", "s.text"])
      .select(["s.arrived_at as arrivedAt", "s.timeliness", "s.state", "s.verified"])
      .select(["m.from_address as fromAddress", "older.reference as supersedes"])
      .select(
        sql<string[]>`array(select a.filename from attachment a
          where a.message_id = s.message_id and a.parent_id is null and not a.inline order by a.position)`.as(
          "attachments",
        ),
      )
      .where("s.campaign", "=", code)
      .where("s.id", ">", after);
    if (types.length > 0) query = query.where("s.type", "in", types);
    if (units.length > 0) query = query.where("s.unit", "in", units);
    if (states.length > 0) query = query.where("s.state", "in", states);
    if (from) query = query.where("s.arrived_at", ">=", from);
    if (to) query = query.where("s.arrived_at", "<=", to);
    const rows = await query.orderBy("s.id").limit(BATCH).execute();
    const alike = Map.groupBy(
      await likenessesOf(
        trx,
        rows.map(({ id }) => id),
      ),
      ({ id }) => id,
    );
    yield* rows.map(({ id, ...row }) => ({ ...row, like: alike.get(id) ?? [] }));
    const last = rows.at(-1);
    if (!last || rows.length < BATCH) return;
    after = last.id;
  }
}

export async function* heldIn(trx: Trx, code: string): AsyncGenerator<HeldMail> {
  let after: { arrivedAt: Date; id: number } | undefined;
  for (;;) {
    const mails = await heldMails(trx, code, { limit: BATCH, ...(after ? { after } : {}) });
    yield* mails;
    const last = mails.at(-1);
    if (!last || mails.length < BATCH) return;
    after = last;
  }
}

export interface LedgerRuling {
  kind: RulingTable["kind"];
  unit: string | null;
  deliverable: string | null;
  item: string | null;
  dueOn: string | null;
  dueTime: string | null;
  receivedAt: Date | null;
  receivedBy: RulingTable["received_by"];
  why: string;
  madeBy: string;
  madeAt: Date;
  way: RulingTable["way"];
  /** Names of the scans kept with it. */
  scans: string[];
}

/** What the office ruled, in the order it did: people write them by hand, so they are few. */
export async function rulingsIn(trx: Trx, campaign: Campaign): Promise<LedgerRuling[]> {
  return trx
    .selectFrom("ruling as r")
    .select(["r.kind", "r.unit", "r.deliverable", "r.item", "r.due_on as dueOn", "r.due_time as dueTime"])
    .select(["r.received_at as receivedAt", "r.received_by as receivedBy", "r.why"])
    .select(["r.made_by as madeBy", "r.made_at as madeAt", "r.way"])
    .select(
      sql<
        string[]
      >`array(select s.filename from ruling_scan s where s.ruling_id = r.id order by s.ordinal)`.as("scans"),
    )
    .where("r.campaign", "=", campaign.code)
    .orderBy("r.made_at")
    .orderBy("r.id")
    .execute();
}
