// Nouns of understanding: evidence, a verdict weighed from it, and what a mail was understood to be.
import type { Origin } from "../message/mail.ts";
import type { ReasonCode } from "../text/reason.ts";

export type Place =
  | "header"
  | "sender-address"
  | "sender-domain"
  | "sender-name"
  | "roster"
  | "subject"
  | "body"
  | "signature"
  | "closing" // 落款: the closing lines with unit and date
  | "document-title"
  | "document-text"
  | "document-closing"
  | "document-properties"
  | "filename"
  | "thread"
  | "calendar"
  | "office";

/** One observed reason: where it was seen, the exact words, what it speaks for, how strongly (log-odds). */
export interface Evidence {
  where: Place;
  words: string;
  /** Further exact words of the same place that the weight counts too: what a text looks like shows in several. */
  also?: string[];
  speaksFor: string;
  weight: number;
}

export interface Guess {
  value: string;
  confidence: number;
}

export interface Verdict {
  /** The best value; null when nothing speaks for any. */
  value: string | null;
  /** 0…1, calibrated: of verdicts at 0.995, 99.5 % are right. */
  confidence: number;
  evidence: Evidence[];
  runnerUp: Guess | null;
  /** Where two are so near that the value is null: both, the likelier first. */
  guesses?: Guess[];
}

/** A submission as understood, before it is filed. */
export interface SubmissionDraft {
  /** A deliverable's code. */
  type: string;
  /** A unit's code; null when a person's unit is not known. */
  unit: string | null;
  /** The proposers' names, without titles. */
  people: string[];
  title: string;
  text: string;
  /** The item's code where the deliverable has items. */
  item: string | null;
}

/** A change a reply asks for in plain words. */
export type CorrectionRequest =
  | { action: "unit"; unit: string }
  | { action: "type"; type: string; item: string | null }
  | { action: "people"; people: string[] }
  | { action: "title"; title: string }
  | { action: "replace" }
  | { action: "supplement" }
  | { action: "withdraw" };

/** What a mail in a conversation is for; null for a mail that is part of none. */
export type Intent =
  | "correct"
  | "withdraw"
  | "replace"
  | "supplement"
  | "thanks"
  | "question"
  | "answer"
  | "submit"
  | "unclear";

/** What the ledger, or our notice as the sender quotes it, says of an earlier submission. */
export interface Recorded {
  type: string | null;
  unit: string | null;
  people: string[];
  title: string;
}

/** What the mail replied to is about; found by the caller from In-Reply-To, References or a reference number. */
export interface ThreadContext {
  /** Reference numbers of the submissions under discussion, newest first. */
  references: string[];
  type: string | null;
  unit: string | null;
  /** The thread began at one of our notices: true when our Message-ID is referenced. */
  repliesToNotice: boolean;
  /** The submissions under discussion, newest first; where the ledger was not asked, absent. */
  recorded?: Recorded[];
  /** Why the mail that is answered is still held: what we asked its sender for. */
  awaits?: ReasonCode | null;
  /** The units we named to choose from, in our notice's order. */
  choices?: string[];
}

/** Type values besides the deliverables' codes. */
export const CORRECTION = "correction";
export const QUESTION = "question";
export const OTHER = "other";

export interface Understanding {
  /** Version of the rules that decided, so that a later run can be compared (R30). */
  ruleVersion: number;
  origin: Origin;
  /** Why it is automatic, where it is: the header or the words. */
  originEvidence: Evidence[];
  outcome: "filed" | "held" | "automatic" | "ignored" | "oversize";
  reason: ReasonCode | null;
  type: Verdict;
  unit: Verdict;
  /** Where no configured unit is meant: the organisation's name as the sender writes it. */
  unitAsRead: string | null;
  submissions: SubmissionDraft[];
  corrections: CorrectionRequest[];
  /** Null for a mail that is part of no conversation. */
  intent: Intent | null;
  /** The sender's address belongs to the unit: contact, roster or domain (R60, first version). */
  senderRegistered: boolean;
  /** Body without quoted history and signature. */
  newText: string;
}

export const RULE_VERSION = 4;
