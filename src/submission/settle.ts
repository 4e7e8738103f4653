// A held mail is never a dead end: the office files it for the unit and type it names, or puts it aside.
import { type Campaign, deliverableOf, unitOf } from "../campaign/campaign.ts";
import type { Trx } from "../store/database.ts";
import type { MessageState } from "../store/tables.ts";
import type { SubmissionDraft } from "../understand/evidence.ts";
import { pointOutLikenesses } from "./likeness/likeness.ts";
import {
  dismissMessage,
  fileHeldMessage,
  insertSubmissions,
  mailForOffice,
  type OfficeMail,
} from "./records.ts";
import { type NewSubmission, submissionFrom } from "./submission.ts";
import { numberSubmissions, saysItReplaces, supersede } from "./supersede.ts";

const OFFICE = "office";

/** What the office says about the mail, in codes; what it leaves out stands as the mail was understood. */
export interface OfficeChoice {
  type?: string;
  /** Null: from no unit of the campaign, which only a person's submission may be. */
  unit?: string | null;
  item?: string;
}

/** Why nothing was changed. */
export type Refusal =
  | { why: "no-such-mail" }
  | { why: "not-held"; state: MessageState }
  | { why: "type-needed" }
  | { why: "unit-needed" }
  | { why: "item-needed"; type: string }
  /** The deliverable has no items, or not this one. */
  | { why: "item-unfit"; type: string };

export interface Settled {
  submissions: NewSubmission[];
  /** Reference → reference of the older version it supersedes. */
  superseded: Map<string, string>;
}

/**
 * Files a held mail as the office says: with the mail's own arrival, and verified, for somebody who knows has looked.
 * Nothing is answered: whoever decides knows better than a template what the sender should hear.
 */
export async function fileForOffice(
  trx: Trx,
  campaign: Campaign,
  id: number,
  choice: OfficeChoice,
  now: Date,
): Promise<Settled | Refusal> {
  const mail = await mailForOffice(trx, campaign.code, id);
  const refusal = refusalOf(mail);
  if (!mail || refusal) return refusal ?? { why: "no-such-mail" };
  const drafts = chosenDrafts(campaign, mail, choice);
  if ("why" in drafts) return drafts;
  // A document the machine could not read counts all the same: the office has opened it.
  const source = { messageId: mail.id, arrivedAt: mail.arrivedAt, verified: true, provisional: false };
  const submissions = drafts.map((draft, index) => submissionFrom(campaign, source, draft, index));
  await numberSubmissions(trx, campaign, submissions);
  const saysSo = mail.understanding !== null && saysItReplaces(mail.understanding);
  const superseded = await supersede(
    trx,
    campaign,
    submissions.map((submission) => ({ submission, saysSo, answers: [] })),
  );
  const inserted = await insertSubmissions(trx, submissions, now, OFFICE);
  await pointOutLikenesses(trx, campaign, inserted, now);
  await fileHeldMessage(trx, mail.id, OFFICE, now);
  return { submissions, superseded };
}

/** Puts a held mail aside as needing nothing; it stays readable. Null: done. */
export async function dismissForOffice(
  trx: Trx,
  campaign: Campaign,
  id: number,
  why: string | null,
  now: Date,
): Promise<Refusal | null> {
  const refusal = refusalOf(await mailForOffice(trx, campaign.code, id));
  if (refusal === null) await dismissMessage(trx, id, why, now);
  return refusal;
}

/** A mail too large to fetch waits for a person like a held one, and is settled like one. */
function refusalOf(mail: OfficeMail | null): Refusal | null {
  if (!mail) return { why: "no-such-mail" };
  return mail.state === "held" || mail.state === "oversize" ? null : { why: "not-held", state: mail.state };
}

function chosenDrafts(
  campaign: Campaign,
  mail: OfficeMail,
  choice: OfficeChoice,
): SubmissionDraft[] | Refusal {
  const chosen: SubmissionDraft[] = [];
  for (const draft of understoodDrafts(campaign, mail)) {
    const type = choice.type ?? (isSure(campaign, mail, "type") ? draft.type : null);
    const deliverable = deliverableOf(campaign, type);
    if (!deliverable) return { why: "type-needed" };
    const item = choice.item ?? (type === draft.type ? draft.item : null);
    const fits = deliverable.items.some(({ code }) => code === item);
    if (item === null ? deliverable.items.length > 0 : !fits)
      return { why: item === null ? "item-needed" : "item-unfit", type: deliverable.code };
    const unit = choice.unit ?? (isSure(campaign, mail, "unit") ? draft.unit : null);
    const mayBeNobodys = choice.unit === null && deliverable.from === "person";
    if (!mayBeNobodys && unitOf(campaign, unit) === null) return { why: "unit-needed" };
    chosen.push({ ...draft, type: deliverable.code, item, unit: mayBeNobodys ? null : unit });
  }
  const [first] = chosen;
  const isOneDocument = choice.type !== undefined && deliverableOf(campaign, choice.type)?.from === "unit";
  // What was taken for several ideas is, as a unit's document, one document.
  return first && isOneDocument && chosen.length > 1
    ? [{ ...first, title: mail.subject || first.title, text: chosen.map(({ text }) => text).join("\n\n") }]
    : chosen;
}

/** A guess that was not good enough to file by is none: the office names it, or the mail stays. */
function isSure(campaign: Campaign, { understanding, reason }: OfficeMail, what: "type" | "unit"): boolean {
  const doubts = what === "type" ? ["type-unsure"] : ["unit-unsure", "unit-unknown"];
  return (understanding?.[what].confidence ?? 0) >= campaign.autoFileAt && !doubts.includes(reason ?? "");
}

/** As the mail was understood; one submission of the sender's words where nothing was found in it. */
function understoodDrafts(campaign: Campaign, mail: OfficeMail): SubmissionDraft[] {
  const { understanding, subject, newText: text } = mail;
  if (understanding && understanding.submissions.length > 0) return understanding.submissions;
  const title = subject.trim() || (campaign.locale === "zh-CN" ? "（无主题）" : "(no subject)");
  const type = understanding?.type.value ?? "";
  return [{ type, unit: understanding?.unit.value ?? null, people: [], title, text, item: null }];
}
