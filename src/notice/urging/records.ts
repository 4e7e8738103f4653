// SQL of the record of urging: duty notices as they left, what answered them, and since when there is anything to tell.
import { type Selectable, sql } from "kysely";
import type { Campaign } from "../../campaign/campaign.ts";
import type { DutyKind } from "../../deadline/ladder.ts";
import type { Trx } from "../../store/database.ts";
import type { NoticeTable } from "../../store/tables.ts";
import type { PlainDate } from "../../text/dates.ts";

export type UrgedRow = Pick<
  Selectable<NoticeTable>,
  | "id"
  | "to_contacts"
  | "cc_contacts"
  | "subject"
  | "still_owed"
  | "state"
  | "data_sent_at"
  | "settled_at"
  | "response"
  | "bounce"
> & { kind: DutyKind; unit: string; on: PlainDate };

export interface Span {
  /** Both inclusive. */
  from: PlainDate;
  to: PlainDate;
  /** Unit code; null: all. */
  unit: string | null;
}

/** A duty notice is of the day its key names, whenever it was written or sent. */
export async function urgedNotices(
  trx: Trx,
  campaign: Campaign,
  { from, to, unit }: Span,
): Promise<UrgedRow[]> {
  const { rows } = await sql<UrgedRow>`
    select id, kind, unit, right(key, 10) as "on", to_contacts, cc_contacts, subject, still_owed, state,
      data_sent_at, settled_at, response, bounce
    from notice
    where campaign = ${campaign.code} and kind in ('reminder', 'overdue', 'escalation') and key like 'duty/%'
      and right(key, 10) between ${from} and ${to} and (${unit}::text is null or unit = ${unit})
    order by right(key, 10), unit`.execute(trx);
  return rows;
}

/** A mail that answers one of them, a machine's "out of office" as well as a person's. */
export interface AnswerRow {
  noticeId: number;
  arrivedAt: Date;
  from: string | null;
  subject: string | null;
  words: string;
  origin: string | null;
  state: string;
  references: string[];
}

const WORDS_SHOWN = 200;

export async function answersTo(trx: Trx, noticeIds: number[]): Promise<AnswerRow[]> {
  if (noticeIds.length === 0) return [];
  const { rows } = await sql<AnswerRow>`
    select m.answers_notice as "noticeId", m.arrived_at as "arrivedAt", m.from_address as "from", m.subject,
      left(coalesce(m.new_text, ''), ${WORDS_SHOWN}) as words, m.origin, m.state,
      array(select s.reference from submission s where s.message_id = m.id order by s.id) as "references"
    from message m
    where m.answers_notice = any(${noticeIds}) and m.origin is distinct from 'bounce'
    order by m.arrived_at, m.id`.execute(trx);
  return rows;
}

/** When this campaign's mailbox was first watched; null: never. */
export async function watchedSince(trx: Trx, campaign: Campaign): Promise<Date | null> {
  const row = await trx
    .selectFrom("mailbox")
    .select((table) => table.fn.min("live_at").as("at"))
    .where("campaign", "=", campaign.code)
    .executeTakeFirst();
  return row?.at ?? null;
}
