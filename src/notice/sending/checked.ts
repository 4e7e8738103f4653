// The last look before a claimed notice leaves: is it still true, has it changed, has its address had enough (R37, R41)?
import type { Campaign } from "../../campaign/campaign.ts";
import type { Clock } from "../../clock.ts";
import type { Logger } from "../../log.ts";
import type { Database } from "../../store/database.ts";
import { brokenCap, CAPPED } from "../caps.ts";
import type { NoticeIntent } from "../notice.ts";
import { type NoticeRow, reword } from "../outbox.ts";
import { type Claimed, settle } from "./records.ts";
import type { Settlement } from "./settlement.ts";

/** What the check at sending time found. A notice without an entry is true as it stands. */
export type Verdict =
  | { still: "true" }
  | { still: "changed"; intent: NoticeIntent }
  | { still: "false"; why: string }
  | { still: "not-yet"; why: string; until: Date };

export type StillTrue = (rows: NoticeRow[], now: Date) => Promise<Map<number, Verdict>>;

export interface Checking {
  db: Database;
  campaign: Campaign;
  clock: Clock;
  log: Logger;
  stillTrue: StillTrue;
}

/** The notices of a claim that may go; the others are dropped or put back with the reason. */
export async function checked(
  { db, campaign, clock, log, stillTrue }: Checking,
  { rows, lately }: Claimed,
  token: string,
): Promise<{ sendable: NoticeRow[]; others: Settlement[] }> {
  const now = clock.now();
  const verdicts = await stillTrue(rows, now);
  const sent = [...lately];
  const sendable: NoticeRow[] = [];
  const others: Settlement[] = [];
  for (const row of rows) {
    const verdict = verdicts.get(row.id) ?? { still: "true" };
    if (verdict.still === "false") {
      others.push({ id: row.id, state: "dropped", response: verdict.why });
      continue;
    }
    if (verdict.still === "not-yet") {
      const { why: response, until: notBefore } = verdict;
      others.push({ id: row.id, state: "intended", response, notBefore, attempted: false });
      continue;
    }
    const current = verdict.still === "changed" ? await reword(db, row.id, token, verdict.intent) : row;
    if (current === null) continue;
    const { key, kind, subject, brought, to_contacts: to } = current;
    const cap = brokenCap({ key, kind, subject, brought, to }, sent, campaign.code);
    if (cap !== null) {
      others.push({ id: row.id, state: "dropped", response: `${CAPPED}${cap}` });
      log.warn({ notice: row.key, cap }, "a notice is dropped: its address has had enough");
      continue;
    }
    for (const { email } of to) sent.push({ address: email.toLowerCase(), kind, subject, brought });
    sendable.push(current);
  }
  await settle(db, others, token, now);
  return { sendable, others };
}
