// What a new submission gets on its way into the ledger: its number, and the place of the older version it replaces.
import { type Campaign, deliverableOf } from "../campaign/campaign.ts";
import type { Trx } from "../store/database.ts";
import type { Understanding } from "../understand/evidence.ts";
import { currentOf, nextNumbers, setSubmissionStates } from "./records.ts";
import { referenceOf } from "./reference.ts";
import type { NewSubmission, Submission } from "./submission.ts";

export async function numberSubmissions(
  trx: Trx,
  campaign: Campaign,
  submissions: NewSubmission[],
): Promise<void> {
  const numbers = await nextNumbers(trx, campaign.code, submissions.length);
  for (const [index, submission] of submissions.entries()) {
    submission.reference = referenceOf(campaign, numbers[index] as number);
  }
}

/** A numbered submission with what its mail said about older versions. */
export interface Newer {
  submission: NewSubmission;
  /** The mail says in words that it replaces what came before. */
  saysSo: boolean;
  /** References of the submissions the mail answers. */
  answers: string[];
}

export function saysItReplaces({ corrections }: Understanding): boolean {
  return corrections.some(({ action }) => action === "replace");
}

/**
 * A unit's newer document replaces its older one when the mail says so, answers in its thread, or brings a readable
 * version of one that could not be read; only from an address of that unit (R60, R61). Otherwise both stand.
 * Returns reference → reference of the older version.
 */
export async function supersede(trx: Trx, campaign: Campaign, newer: Newer[]): Promise<Map<string, string>> {
  const superseded = new Map<string, string>();
  const candidates = newer.filter(
    ({ submission: { unit, type, verified } }) =>
      unit !== null && verified && deliverableOf(campaign, type)?.from === "unit",
  );
  if (candidates.length === 0) return superseded;
  const older = await currentOf(
    trx,
    campaign.code,
    candidates.map(({ submission: { type, unit, item } }) => ({ type, unit: unit as string, item })),
  );
  const replaced: number[] = [];
  for (const { submission, saysSo, answers } of candidates) {
    const previous = older.find(
      (each) =>
        // One that is moved among others is no older version of itself.
        each.reference !== submission.reference &&
        sameDuty(each, submission) &&
        cameBefore(each, submission) &&
        !replaced.includes(each.id),
    );
    if (!previous) continue;
    const repairs = previous.provisional && !submission.provisional;
    if (!saysSo && !answers.includes(previous.reference) && !repairs) continue;
    submission.supersedes = previous.id;
    superseded.set(submission.reference, previous.reference);
    replaced.push(previous.id);
  }
  await setSubmissionStates(trx, replaced, "superseded");
  return superseded;
}

/** A mail that waited for its scan is filed after mails that came later: it replaces none of theirs. */
function cameBefore(a: Submission, b: NewSubmission): boolean {
  return a.arrivedAt.getTime() <= b.arrivedAt.getTime();
}

function sameDuty(a: Submission, b: NewSubmission): boolean {
  return a.type === b.type && a.unit === b.unit && a.item === b.item;
}
