// How a delivery leaves its notice: settled, put back for later, or given up after days of trying (R37); pure.
import type { NoticeRow } from "../outbox.ts";
import { backoffMs, GIVE_UP_AFTER_MS } from "../replies.ts";
import type { Delivery } from "../transport.ts";

/** How one claimed notice ended, or where it goes back to. */
export type Settlement =
  | { id: number; state: "accepted"; response: string; refused: string[] }
  | { id: number; state: "rejected"; response: string; refused: string[] }
  | { id: number; state: "ambiguous"; response: string }
  | { id: number; state: "dropped"; response: string }
  | { id: number; state: "intended"; response: string; notBefore: Date; attempted: boolean };

/** Marks a notice whose refusal was about our account: until its `not_before`, nothing leaves. */
export const ACCOUNT_PAUSED = "account paused: ";

/** An ambiguous notice has this long for a copy, a bounce or an answer to show what became of it (R35). */
export const AMBIGUOUS_WAIT_MS = 30 * 60_000;

/** Spread over more than three hours: what greylisting and a short outage of the server need. */
const TRIED_AT_LEAST = 8;

type Tried = Pick<NoticeRow, "id" | "intended_at" | "attempts">;

export function settlementOf(row: Tried, delivery: Delivery, now: Date): Settlement {
  const { id } = row;
  const { outcome, response } = delivery;
  if (outcome === "accepted") return { id, state: "accepted", response, refused: delivery.refused };
  if (outcome === "ambiguous") return { id, state: "ambiguous", response };
  if (outcome === "rejected" && delivery.permanent)
    return { id, state: "rejected", response, refused: delivery.refused };
  if (isGivenUp(row, now))
    return { id, state: "rejected", response: `given up after five days: ${response}`, refused: [] };
  const isAccount = outcome === "rejected" && delivery.scope === "account";
  const waitMs = (outcome === "rejected" ? delivery.retryAfterMs : null) ?? backoffMs(row.attempts);
  return {
    id,
    state: "intended",
    response: isAccount ? `${ACCOUNT_PAUSED}${response}` : response,
    notBefore: new Date(now.getTime() + waitMs),
    attempted: true,
  };
}

/** Put back as it was: it was this one's turn, and not its fault that it did not leave. */
export function untried(row: Pick<NoticeRow, "id" | "response" | "not_before">): Settlement {
  return {
    id: row.id,
    state: "intended",
    response: row.response ?? "",
    notBefore: row.not_before,
    attempted: false,
  };
}

/** What waited its turn behind thousands of others for five days has not been tried for five days. */
const isGivenUp = (row: Tried, now: Date) =>
  now.getTime() - row.intended_at.getTime() > GIVE_UP_AFTER_MS && row.attempts > TRIED_AT_LEAST;
