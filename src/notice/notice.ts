// A notice: one outbound mail with a logical key, and the states it can be in (R32–R38).
import type { Contact } from "../campaign/campaign.ts";

export type NoticeKind =
  | "acknowledgement"
  | "clarification"
  /** To a unit's contact: what others did in the unit's name. */
  | "contact"
  | "reminder"
  | "overdue"
  | "escalation"
  | "digest"
  | "announcement"
  | "ballot"
  | "result"
  | "sign-in"
  | "alert"
  | "heartbeat";

export type NoticeState =
  | "intended"
  | "claimed"
  | "data-sent"
  | "accepted"
  | "rejected"
  | "ambiguous"
  | "dropped"
  | "bounced";

export interface NoticeAttachment {
  filename: string;
  mediaType: string;
  /** Hex SHA-256 of the content in the blob store. */
  sha256: string;
  /** Set for pictures shown inside the HTML. */
  contentId?: string;
}

/** A notice to be written to the outbox, in the transaction of its cause (R32). */
export interface NoticeIntent {
  /** kind + subject + period + recipient: written once, however often its cause is seen. */
  key: string;
  kind: NoticeKind;
  to: Contact[];
  cc: Contact[];
  subject: string;
  text: string;
  html: string | null;
  attachments: NoticeAttachment[];
  /** Message-ID of the mail it answers, and that mail's References (R39). */
  inReplyTo: string | null;
  references: string[];
  /** The message that caused it, where one did. */
  causeMessageId: number | null;
  unit: string | null;
  /** What must still be true when it is sent: obligation keys still owed (R37); empty: always true. */
  stillOwed: string[];
  /** Not to leave before this instant. */
  notBefore: Date | null;
  /** What is wrong with the office's own template, where the built-in words were taken instead. */
  wordingFault?: string;
  /** Of an answer: whether its mail brought anything, or only echoed us; absent: neither can be said. */
  brought?: boolean;
  /** Why it never leaves: it is kept for the record and shown. */
  withheld?: string;
}
