// The last look before a claimed notice leaves: is it still true, has it changed, has its address had enough (R37, R41)?
import type { Campaign } from "../../campaign/campaign.ts";
import type { Clock } from "../../clock.ts";
import type { Logger } from "../../log.ts";
import type { Database } from "../../store/database.ts";
import { brokenCap, CAPPED } from "../caps.ts";
import type { NoticeIntent } from "../notice.ts";
import { type NoticeRow, reword } from "../outbox.ts";
import { pausedAddresses } from "../paused/records.ts";
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

/** To many at once; what is owed goes to a returned address and to the next level as well, and an answer is asked for. */
const bulkKinds = ["announcement", "ballot", "result"];

/** The notices of a claim that may go; the others are dropped or put back with the reason. */
export async function checked(
  { db, campaign, clock, log, stillTrue }: Checking,
  { rows, lately }: Claimed,
  token: string,
): Promise<{ sendable: NoticeRow[]; others: Settlement[] }> {
  const now = clock.now();
  const verdicts = await stillTrue(rows, now);
  const bulk = rows.filter(({ kind }) => bulkKinds.includes(kind));
  const paused = await pausedAmong(db, campaign, bulk);
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
    const nobody = paused.get(row.to_contacts[0]?.email.toLowerCase() ?? "");
    if (nobody !== undefined && bulk.includes(row)) {
      others.push({ id: row.id, state: "rejected", response: `paused: ${nobody}`, refused: [] });
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

/** By address, what its server said. */
async function pausedAmong(
  db: Database,
  campaign: Campaign,
  rows: NoticeRow[],
): Promise<Map<string, string>> {
  if (rows.length === 0) return new Map();
  const addresses = rows.flatMap(({ to_contacts: to }) => to.map(({ email }) => email.toLowerCase()));
  const paused = await pausedAddresses(db, campaign, addresses);
  return new Map(paused.map(({ address, diagnostic }) => [address, diagnostic]));
}
