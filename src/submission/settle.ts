// A held mail is never a dead end: the office files it for the unit and type it names, or puts it aside.
import { type Campaign, deliverableOf, unitOf } from "../campaign/campaign.ts";
import { recordAudit } from "../store/audit.ts";
import type { Trx } from "../store/database.ts";
import type { MessageState } from "../store/tables.ts";
import type { SubmissionDraft } from "../understand/evidence.ts";
import { auditActor, type Decider, type KeptCorrection, keepCorrections } from "./office/records.ts";
import {
  dismissMessage,
  fileHeldMessage,
  insertSubmissions,
  mailForOffice,
  type OfficeMail,
} from "./records.ts";
import { type NewSubmission, type Submission, submissionFrom } from "./submission.ts";
import { numberSubmissions, saysItReplaces, supersede } from "./supersede.ts";

const OFFICE = "office";

/** What the office says about the mail, in codes; what it leaves out stands as the mail was understood. */
export interface OfficeChoice {
  type?: string;
  /** Null: from no unit of the campaign, which only a person's submission may be. */
  unit?: string | null;
  item?: string;
  people?: string[];
  title?: string;
  /** What is not named is as guessed, however unsure the guess was. */
  asGuessed?: boolean;
}

/** Why nothing was changed. */
export type Refusal =
  | { why: "no-such-mail" }
  | { why: "not-held"; state: MessageState }
  | { why: "type-needed" }
  | { why: "unit-needed" }
  | { why: "item-needed"; type: string }
  /** The deliverable has no items, or not this one. */
  | { why: "item-unfit"; type: string }
  /** One title for so many submissions. */
  | { why: "several-inside"; count: number };

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
  decider: Decider,
): Promise<Settled | Refusal> {
  const now = decider.at;
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
  await fileHeldMessage(trx, mail.id, OFFICE, now);
  const after = submissions.map(({ reference }) => reference).join(" ");
  await recordAudit(trx, campaign.code, auditActor(decider), [
    { action: "file", about: `mail/${mail.id}`, before: mail.reason, after },
    ...[...superseded].map(([about, before]) => ({ action: "supersede" as const, about, before })),
  ]);
  await keepFiled(trx, campaign, mail, inserted, decider);
  return { submissions, superseded };
}

/** What the office filed beside what the rules had guessed: also where the two agree, it is an example. */
async function keepFiled(
  trx: Trx,
  campaign: Campaign,
  mail: OfficeMail,
  filed: Submission[],
  decider: Decider,
): Promise<void> {
  const { understanding } = mail;
  const kept = filed.flatMap((submission, index): KeptCorrection[] => {
    const guess = understanding?.submissions[index];
    const of = { messageId: mail.id, submissionId: submission.id };
    const { people, title, item } = submission;
    const names = (all: string[] | undefined) => all?.join("、") || null;
    return [
      {
        ...of,
        field: "unit",
        before: guess?.unit ?? understanding?.unit.value ?? null,
        after: submission.unit,
      },
      {
        ...of,
        field: "type",
        before: guess?.type ?? understanding?.type.value ?? null,
        after: submission.type,
      },
      ...(item === null ? [] : [{ ...of, field: "item" as const, before: guess?.item ?? null, after: item }]),
      ...(names(people) === names(guess?.people)
        ? []
        : [{ ...of, field: "people" as const, before: names(guess?.people), after: names(people) }]),
      ...(guess === undefined || title === guess.title
        ? []
        : [{ ...of, field: "title" as const, before: guess.title, after: title }]),
    ];
  });
  await keepCorrections(trx, campaign.code, kept, decider);
}

/** Puts a held mail aside as needing nothing; it stays readable. Null: done. */
export async function dismissForOffice(
  trx: Trx,
  campaign: Campaign,
  id: number,
  why: string | null,
  decider: Decider,
): Promise<Refusal | null> {
  const mail = await mailForOffice(trx, campaign.code, id);
  const refusal = refusalOf(mail);
  if (refusal !== null) return refusal;
  await dismissMessage(trx, id, why, decider.at);
  const of = { messageId: id, submissionId: null, field: "dismiss" as const };
  await keepCorrections(trx, campaign.code, [{ ...of, before: mail?.reason ?? null, after: why }], decider);
  return null;
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
  const isGiven = (what: "type" | "unit") => choice.asGuessed === true || isSure(campaign, mail, what);
  for (const draft of understoodDrafts(campaign, mail)) {
    const type = choice.type ?? (isGiven("type") ? draft.type : null);
    const deliverable = deliverableOf(campaign, type);
    if (!deliverable) return { why: "type-needed" };
    const item = choice.item ?? (type === draft.type ? draft.item : null);
    const fits = deliverable.items.some(({ code }) => code === item);
    if (item === null ? deliverable.items.length > 0 : !fits)
      return { why: item === null ? "item-needed" : "item-unfit", type: deliverable.code };
    const unit = choice.unit ?? (isGiven("unit") ? draft.unit : null);
    const mayBeNobodys = choice.unit === null && deliverable.from === "person";
    if (!mayBeNobodys && unitOf(campaign, unit) === null) return { why: "unit-needed" };
    chosen.push({ ...draft, type: deliverable.code, item, unit: mayBeNobodys ? null : unit });
  }
  const [first] = chosen;
  const isOneDocument = choice.type !== undefined && deliverableOf(campaign, choice.type)?.from === "unit";
  // What was taken for several ideas is, as a unit's document, one document.
  const drafts =
    first && isOneDocument && chosen.length > 1
      ? [{ ...first, title: mail.subject || first.title, text: chosen.map(({ text }) => text).join("\n\n") }]
      : chosen;
  if (choice.title !== undefined && drafts.length > 1) return { why: "several-inside", count: drafts.length };
  const { people, title } = choice;
  return drafts.map((draft) => ({
    ...draft,
    ...(people && { people }),
    ...(title !== undefined && { title }),
  }));
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
