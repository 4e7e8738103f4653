// What became of notices whose last reply was lost: proof first, by mail or in the Sent folder, then once more (R35).
import type { Campaign } from "../../campaign/campaign.ts";
import type { Clock } from "../../clock.ts";
import type { SentCopies } from "../../intake/sent-folder.ts";
import type { Logger } from "../../log.ts";
import type { Database } from "../../store/database.ts";
import { failureText } from "../../text/failure.ts";
import type { Doubtful } from "./records.ts";
import * as records from "./records.ts";

/** What the provider keeps of what was sent since then; null: there is no mailbox to look into. */
export type SentEvidence = (since: Date) => Promise<SentCopies>;

export interface Settling {
  db: Database;
  campaign: Campaign;
  clock: Clock;
  log: Logger;
  sentEvidence: SentEvidence | null;
}

export async function settleAmbiguous(settling: Settling): Promise<void> {
  const { db, campaign, clock, log, sentEvidence } = settling;
  await records.acceptProvenByMail(db, campaign);
  const doubtful = await records.ambiguousNotices(db, campaign, clock.now());
  if (sentEvidence && doubtful.length > 0 && (await records.beginLook(db, campaign, clock.now())))
    await lookForCopies(settling, sentEvidence, doubtful);
  const resent = await records.resendAmbiguous(db, campaign, clock.now(), sentEvidence !== null);
  if (resent > 0)
    log.warn({ resent }, "notices are sent once more: the server never said whether it took them");
}

async function lookForCopies(
  { db, campaign, clock, log }: Settling,
  sentEvidence: SentEvidence,
  doubtful: Doubtful[],
): Promise<void> {
  const certain = await records.witnesses(db, campaign, clock.now());
  const since = new Date(Math.min(...[...doubtful, ...certain].map(({ sentAt }) => sentAt.getTime())));
  try {
    const { folder, ids } = await sentEvidence(since);
    const found = doubtful.filter(({ messageId }) => ids.has(messageId));
    await records.acceptAmbiguous(
      db,
      found.map(({ id }) => id),
      `the Sent folder (${folder})`,
    );
    const isKept = found.length > 0 || certain.some(({ messageId }) => ids.has(messageId));
    const keepsCopies = isKept || (certain.length >= ENOUGH_WITNESSES ? false : null);
    await records.recordLook(db, campaign, { folder, keepsCopies }, clock.now());
    log.info(
      { folder, keepsCopies, doubtful: doubtful.length, found: found.length },
      "looked for sent copies",
    );
  } catch (error) {
    log.warn({ err: error as Error }, "the Sent folder could not be looked at; what is in doubt waits");
    await records.recordFailedLook(db, campaign, failureText(error), clock.now());
  }
}

/** Of so many notices that were certainly taken none is there: this server keeps no copies. */
const ENOUGH_WITNESSES = 3;
