// The answer that completes a held mail: the unit it lacked, or the file that was not there or could not be had.
import { type Campaign, deliverableOf, isRegistered } from "../../campaign/campaign.ts";
import { isBelieved, senderOf } from "../../message/sender.ts";
import type { Trx } from "../../store/database.ts";
import type { ReasonCode } from "../../text/reason.ts";
import type { CorrectionRequest } from "../../understand/evidence.ts";
import { fileHeldMessage, hasHeldAttachment, insertSubmissions } from "../records.ts";
import { lacksText, type NewSubmission, submissionFrom } from "../submission.ts";
import { numberSubmissions } from "../supersede.ts";
import type { UnderstoodMail } from "../understood.ts";
import { isVerified } from "./authority.ts";
import { type HeldMail, heldMails, lockHeld } from "./records.ts";

const LACKS_UNIT: ReasonCode[] = ["unit-unknown", "unit-unsure"];
const LACKS_CONTENT: ReasonCode[] = ["attachment-missing", "nothing-found", "large-file-link"];

export interface Completed {
  submissions: NewSubmission[];
  /** The mail that waited; its files belong to what is filed. */
  first: HeldMail;
}

/** The unit was all that a held mail lacked: the sender's answer files it, with the first mail's arrival. */
export async function completeUnit(
  trx: Trx,
  campaign: Campaign,
  understood: UnderstoodMail,
  requests: CorrectionRequest[],
  now: Date,
): Promise<NewSubmission[]> {
  const unit = requests.find((request) => request.action === "unit")?.unit;
  const named = requests.find((request) => request.action === "people")?.people ?? [];
  const held = unit ? await waitingOf(trx, campaign, understood, LACKS_UNIT) : null;
  if (!unit || !held || !(await lockHeld(trx, held.id))) return [];
  const verified =
    isRegistered(campaign, held.fromAddress ?? "", unit) && isBelieved(understood.mail, campaign.mailbox);
  const source = {
    messageId: held.id,
    arrivedAt: held.arrivedAt,
    verified,
    provisional: await hasHeldAttachment(trx, held.id),
  };
  const completed = held.understanding.submissions.map((draft, index) => {
    const people = draft.people.length > 0 ? draft.people : named;
    return submissionFrom(campaign, source, { ...draft, unit, people }, index);
  });
  if (completed.length > 0) await fileHeldMessage(trx, held.id, "sender", now);
  return completed;
}

/**
 * The content was what the first mail lacked. An idea is filed as of the first mail's arrival; of a unit's paper the
 * first mail stands as a version that could not be read, so that the same days hold for what follows it.
 */
export async function completeContent(
  trx: Trx,
  campaign: Campaign,
  understood: UnderstoodMail,
  now: Date,
): Promise<Completed | null> {
  const { understanding, parts, messageId, arrivedAt } = understood;
  const brings = understanding.outcome === "filed" && understanding.submissions.length > 0;
  const held = brings ? await waitingOf(trx, campaign, understood, [...LACKS_CONTENT, ...LACKS_UNIT]) : null;
  if (!held || !answersIt(understood, held) || !(await lockHeld(trx, held.id))) return null;
  const verified = isVerified(campaign, understood);
  const provisional = lacksText(parts, understanding.submissions);
  const isOwed = ({ type }: { type: string }) => deliverableOf(campaign, type)?.from === "unit";
  const submissions = understanding.submissions.map((draft, index) => {
    const at = isOwed(draft) ? arrivedAt : held.arrivedAt;
    return submissionFrom(campaign, { messageId, arrivedAt: at, verified, provisional }, draft, index);
  });
  const announced = understanding.submissions.filter(isOwed).map((draft, index) => {
    const source = { messageId: held.id, arrivedAt: held.arrivedAt, verified, provisional: true };
    return submissionFrom(campaign, source, { ...draft, text: "" }, index);
  });
  await numberSubmissions(trx, campaign, announced);
  await insertSubmissions(trx, announced, now, "sender");
  await fileHeldMessage(trx, held.id, "sender", now);
  return { submissions, first: held };
}

/** In the thread; else, of a mail that says what it brings was left out, the sender's only one that waits for it. */
async function waitingOf(
  trx: Trx,
  campaign: Campaign,
  { thread, mail, understanding, messageId, arrivedAt }: UnderstoodMail,
  reasons: ReasonCode[],
): Promise<HeldMail | null> {
  const sender = senderOf(mail)?.address ?? "";
  if (sender === "" || !isBelieved(mail, campaign.mailbox)) return null;
  const inThread = await heldMails(trx, campaign.code, { ids: thread?.heldMessageIds ?? [] });
  // One that is looked at again is no answer to itself, nor to what came later.
  const isEarlier = (one: HeldMail) => one.id !== messageId && one.arrivedAt.getTime() <= arrivedAt.getTime();
  const [first] = inThread.filter(
    (one) => one.fromAddress === sender && reasons.includes(one.reason) && isEarlier(one),
  );
  if (first) return first;
  const says = understanding.corrections.some(
    ({ action }) => action === "supplement" || action === "replace",
  );
  if (!says || (thread !== null && thread.submissions.length > 0)) return null;
  const own = (await heldMails(trx, campaign.code, { sender, reasons: LACKS_CONTENT })).filter(isEarlier);
  return own.length === 1 ? (own[0] ?? null) : null;
}

/** A mail that lacked its unit only is completed by content where it is the same thing once more. */
function answersIt({ understanding }: UnderstoodMail, { reason, understanding: before }: HeldMail): boolean {
  if (LACKS_CONTENT.includes(reason)) return true;
  const says =
    understanding.intent === "replace" ||
    understanding.intent === "supplement" ||
    understanding.intent === "answer";
  return (
    says ||
    before.submissions.some(({ title }) => understanding.submissions.some((one) => one.title === title))
  );
}
