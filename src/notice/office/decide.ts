// The office decides about a notice that may not have arrived: once more, or never mind (R35).
import type { Campaign } from "../../campaign/campaign.ts";
import type { Trx } from "../../store/database.ts";
import type { NoticeOrder } from "../../understand/notice-order.ts";
import type { NoticeRow } from "../outbox.ts";
import { leaveBe, type NoticeDecider, noticeForOffice, sendAgain } from "./records.ts";

/** What the report names it by. */
export type DecidedNotice = Pick<NoticeRow, "id" | "kind" | "unit" | "subject"> & { to: string[] };

export interface Decided {
  line: string;
  at: number;
  result:
    | { did: "resend" | "settle"; notice: DecidedNotice; changed: boolean }
    | { why: "no-such-notice"; notice: number }
    | { why: "contradicts"; other: string }
    /** It arrived, failed for certain, or is on its way. */
    | { why: "not-ambiguous"; notice: DecidedNotice; state: NoticeRow["state"] };
}

export async function decideNotices(
  trx: Trx,
  campaign: Campaign,
  orders: NoticeOrder[],
  decider: NoticeDecider,
): Promise<Decided[]> {
  const decided: Decided[] = [];
  for (const order of orders) {
    const { line, at } = order;
    // Both ways in one mail, as where our two lines to choose from come back unchosen: nothing is done.
    const other = orders.find(({ notice, act }) => notice === order.notice && act !== order.act);
    const result = other
      ? { why: "contradicts" as const, other: other.line }
      : await decideOne(trx, campaign, order, decider);
    decided.push({ line, at, result });
  }
  return decided;
}

async function decideOne(
  trx: Trx,
  campaign: Campaign,
  { notice: id, act }: NoticeOrder,
  decider: NoticeDecider,
): Promise<Decided["result"]> {
  const row = await noticeForOffice(trx, campaign, id);
  if (!row) return { why: "no-such-notice", notice: id };
  const { kind, unit, subject, state, decision } = row;
  const notice = { id, kind, unit, subject, to: row.to_contacts.map(({ email }) => email) };
  const isUnderWay = state === "intended" || state === "claimed" || state === "data-sent";
  if (act === "resend" && decision === "resend" && isUnderWay) return { did: act, notice, changed: false };
  if (state !== "ambiguous") return { why: "not-ambiguous", notice, state };
  if (act === "settle" && decision === "settle") return { did: act, notice, changed: false };
  if (act === "resend") await sendAgain(trx, campaign, id, decider);
  else await leaveBe(trx, campaign, id, decider);
  return { did: act, notice, changed: true };
}
