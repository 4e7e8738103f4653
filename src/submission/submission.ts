// A submission: the business fact filed from a message, and the questions one asks of it.
import { type Campaign, type Deliverable, deliverableOf } from "../campaign/campaign.ts";
import type { ReadPart } from "../document/document.ts";
import { isIllustration } from "../document/kinds.ts";
import { dateOf, dueInstant, type PlainDate } from "../text/dates.ts";
import type { SubmissionDraft } from "../understand/evidence.ts";

export type SubmissionState = "current" | "superseded" | "withdrawn";

export interface Submission {
  id: number;
  /** "WHXDH-0042". */
  reference: string;
  campaign: string;
  messageId: number;
  type: string;
  item: string | null;
  unit: string | null;
  people: string[];
  title: string;
  text: string;
  state: SubmissionState;
  /** The mail's arrival at the server (INTERNALDATE): what timeliness is judged by (R29). */
  arrivedAt: Date;
  /** From an address registered for the unit; an unverified one never meets an obligation. */
  verified: boolean;
  /** Outside its window: filed all the same, and marked. */
  timeliness: "in-time" | "early" | "late";
  /** An attachment it depends on could not be read: provisional until `clarifyWithin` working days are over. */
  provisional: boolean;
  supersedes: number | null;
}

/** When a submission came, judged by its deliverable's window or due date. An idea outside is filed and marked, never refused. */
export function timelinessOf(campaign: Campaign, type: string, arrivedAt: Date): Submission["timeliness"] {
  const deliverable = deliverableOf(campaign, type);
  const on = dateOf(arrivedAt, campaign.timezone);
  if (deliverable && isPast(deliverable, arrivedAt, on, campaign.timezone)) return "late";
  const first = deliverable?.opens ?? null;
  return first !== null && on < first ? "early" : "in-time";
}

function isPast(deliverable: Deliverable, arrivedAt: Date, on: PlainDate, zone: string): boolean {
  const { from, closes, due, dueTime } = deliverable;
  if (from === "person") return closes !== null && on > closes;
  return due !== null && arrivedAt > dueInstant(due, dueTime, zone);
}

/**
 * Whether an attachment could not be read. A unit's document then counts only provisionally; a person's idea stands
 * by what could be read. Photographs of an event and recordings beside a paper with words of its own take nothing away.
 */
export function lacksText(parts: ReadPart[], drafts: readonly { text: string }[]): boolean {
  const isTold = drafts.some(({ text }) => text.trim() !== "");
  const lacks = ({ document }: ReadPart) =>
    document.status === "held" && !(isTold && isIllustration(document));
  return parts.some((part) => {
    if (part.children.length === 0) return lacks(part);
    return part.children.every((child) => child.document.status === "held") && part.children.some(lacks);
  });
}

/** A submission that has not been written yet; its reference is given when the batch is filed. */
export type NewSubmission = Omit<Submission, "id"> & { ordinal: number };

/** The mail a submission is filed from, as far as the submission depends on it. */
export interface SubmissionSource {
  messageId: number;
  arrivedAt: Date;
  verified: boolean;
  /** Whether a document it depends on could not be read. */
  provisional: boolean;
}

export function submissionFrom(
  campaign: Campaign,
  source: SubmissionSource,
  draft: SubmissionDraft,
  index: number,
): NewSubmission {
  return {
    ...draft,
    reference: "",
    campaign: campaign.code,
    messageId: source.messageId,
    ordinal: index + 1,
    state: "current",
    arrivedAt: source.arrivedAt,
    verified: source.verified,
    timeliness: timelinessOf(campaign, draft.type, source.arrivedAt),
    provisional: source.provisional && deliverableOf(campaign, draft.type)?.from === "unit",
    supersedes: null,
  };
}
