// SQL of the book: what stands today, with its words. Superseded and withdrawn pieces are history and stay out.
import { sql } from "kysely";
import type { Trx } from "../../store/database.ts";

export interface Manuscript {
  reference: string;
  type: string;
  item: string | null;
  unit: string | null;
  people: string[];
  title: string;
  text: string;
  verified: boolean;
  provisional: boolean;
  arrivedAt: Date;
  /** Files its mail brought, by name. */
  attachments: string[];
}

export async function manuscriptsOf(trx: Trx, code: string, types: string[]): Promise<Manuscript[]> {
  if (types.length === 0) return [];
  return trx
    .selectFrom("submission as s")
    .select(["s.reference", "s.type", "s.item", "s.unit", "s.people", "s.title", "s.text"])
    .select(["s.verified", "s.provisional", "s.arrived_at as arrivedAt"])
    .select(
      sql<string[]>`array(select a.filename from attachment a
        where a.message_id = s.message_id and a.parent_id is null and not a.inline order by a.position)`.as(
        "attachments",
      ),
    )
    .where("s.campaign", "=", code)
    .where("s.state", "=", "current")
    .where("s.type", "in", types)
    .orderBy("s.arrived_at")
    .orderBy("s.id")
    .execute();
}
