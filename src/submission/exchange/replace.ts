// A person's newer version of an idea: which of the earlier ones it replaces. A unit's papers are told by what is owed.
import { type Campaign, deliverableOf } from "../../campaign/campaign.ts";
import type { Trx } from "../../store/database.ts";
import type { ReasonCode } from "../../text/reason.ts";
import type { SubmissionDraft } from "../../understand/evidence.ts";
import type { SentSubmission } from "../records.ts";
import { saysItReplaces } from "../supersede.ts";
import type { UnderstoodMail } from "../understood.ts";
import { mayChange } from "./authority.ts";
import { isNearTitle, targetsOf } from "./targets.ts";

export interface Replaced {
  /** For each draft of the mail the older version it replaces. */
  older: (SentSubmission | null)[];
  /** Why the mail must wait for a person instead. */
  why: ReasonCode | null;
}

const nothing: Replaced = { older: [], why: null };

/**
 * The mail says so, or brings what could not be read before. Several earlier ones that fit, or another's that is
 * answered, leave it to a person; none leaves it a submission like any other.
 */
export async function replacedBy(
  trx: Trx,
  campaign: Campaign,
  understood: UnderstoodMail,
): Promise<Replaced> {
  const drafts = understood.understanding.submissions;
  const isPersons = (type: string) => deliverableOf(campaign, type)?.from === "person";
  const saysSo = saysItReplaces(understood.understanding);
  if (drafts.length === 0 || !(saysSo || repairs(understood))) return nothing;
  const targets = await targetsOf(trx, campaign, understood, drafts);
  const named = targets.submissions.filter(({ type }) => drafts.some((draft) => draft.type === type));
  if (saysSo && named.some((target) => !mayChange(campaign, understood, target)))
    return { older: [], why: "correction-unauthorised" };
  if (!drafts.some(({ type }) => isPersons(type))) return nothing;
  if (targets.isUnclear) return saysSo ? { older: [], why: "correction-unclear" } : nothing;
  // A mail that waited and is filed late replaces nothing that came after it.
  const isEarlier = (target: SentSubmission) => target.arrivedAt.getTime() <= understood.arrivedAt.getTime();
  const open = named.filter(
    (target) =>
      isPersons(target.type) &&
      isEarlier(target) &&
      mayChange(campaign, understood, target) &&
      (saysSo || target.text.trim() === ""),
  );
  return paired(drafts, open, saysSo || understood.thread !== null);
}

/** We asked for a file that opens: what comes in its place need not say so, nor come as an answer. */
function repairs({ thread, parts, understanding }: UnderstoodMail): boolean {
  if (thread) return thread.submissions.some(({ state, text }) => state === "current" && text.trim() === "");
  const bringsText = understanding.submissions.some(({ text }) => text.trim() !== "");
  return bringsText && parts.some(({ document }) => document.status === "read");
}

/** `isMeant`: the mail is about the earlier one by its words or its thread; else only the title can tell. */
function paired(drafts: SubmissionDraft[], open: SentSubmission[], isMeant: boolean): Replaced {
  const left = [...open];
  const older = drafts.map((draft) => {
    const same = left.filter(({ type }) => type === draft.type);
    const near = same.filter(({ title }) => isNearTitle(title, draft.title));
    const only = isMeant && same.length === 1 && drafts.length === 1 ? same[0] : undefined;
    const chosen = near.length === 1 ? near[0] : only;
    if (chosen) left.splice(left.indexOf(chosen), 1);
    return chosen ?? null;
  });
  const isLost = isMeant && drafts.length === 1 && open.length > 1 && older[0] === null;
  return { older, why: isLost ? "correction-unclear" : null };
}
