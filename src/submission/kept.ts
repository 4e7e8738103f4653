// A sender's corrections are kept like the office's, and stand against every later run; they teach nothing about others.
import type { Campaign } from "../campaign/campaign.ts";
import { senderOf } from "../message/sender.ts";
import type { Trx } from "../store/database.ts";
import { type KeptCorrection, keepCorrections, standAs } from "./office/records.ts";
import { type SentSubmission, submissionsByReference } from "./records.ts";
import type { NewSubmission, Submission } from "./submission.ts";
import type { UnderstoodMail } from "./understood.ts";

interface Corrected {
  understood: UnderstoodMail;
  corrected: { reference: string; done: boolean; before: SentSubmission | null }[];
  submissions: NewSubmission[];
}

/** Called once the corrections are carried out: each says what stood in the ledger before it. */
export async function keepSendersWords(
  trx: Trx,
  campaign: Campaign,
  filed: Corrected[],
  inserted: Submission[],
  now: Date,
): Promise<void> {
  for (const { understood, corrected, submissions } of filed) {
    const completed = submissions.filter(({ messageId }) => messageId !== understood.messageId);
    const carriedOut = corrected.filter((one) => one.done);
    const done = new Set(carriedOut.map(({ reference }) => reference));
    if (done.size === 0 && completed.length === 0) continue;
    const before = new Set(carriedOut.flatMap((one) => one.before ?? []));
    const after = await submissionsByReference(trx, campaign.code, [...done]);
    const changed = [...before].flatMap((one) =>
      changesOf(
        one,
        after.find(({ id }) => id === one.id),
      ),
    );
    const named = completed.flatMap(({ reference, unit }): KeptCorrection[] => {
      const made = inserted.find((one) => one.reference === reference);
      return made
        ? [{ messageId: made.messageId, submissionId: made.id, field: "unit", before: null, after: unit }]
        : [];
    });
    const kept = [...changed, ...named];
    const by = senderOf(understood.mail)?.address ?? "";
    const decider = { by, way: "sender" as const, askedIn: understood.messageId, at: now };
    await keepCorrections(trx, campaign.code, kept, decider);
    const ids = kept.flatMap(({ submissionId }) => (submissionId === null ? [] : [submissionId]));
    await standAs(trx, ids, "sender");
  }
}

function changesOf(before: SentSubmission, after: SentSubmission | undefined): KeptCorrection[] {
  if (!after) return [];
  const of = { messageId: before.messageId, submissionId: before.id };
  const names = ({ people }: SentSubmission) => people.join("、");
  const all: KeptCorrection[] = [
    { ...of, field: "unit", before: before.unit, after: after.unit },
    { ...of, field: "type", before: before.type, after: after.type },
    { ...of, field: "item", before: before.item, after: after.item },
    { ...of, field: "people", before: names(before), after: names(after) },
    { ...of, field: "title", before: before.title, after: after.title },
  ];
  const changes = all.filter((one) => one.before !== one.after);
  const isWithdrawn = after.state === "withdrawn" && before.state !== "withdrawn";
  return isWithdrawn
    ? [...changes, { ...of, field: "withdraw", before: before.state, after: null }]
    : changes;
}
