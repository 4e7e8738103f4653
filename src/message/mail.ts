// A mail as parsed: what later stages may know of it. Parsing never fails; what went wrong is in `problems`.
import type { ReasonCode } from "../text/reason.ts";

export interface MailAddress {
  /** Display name, decoded; "" when absent. */
  name: string;
  /** Lower case; "" when the header names none. */
  address: string;
}

/** One leaf part that is not the chosen body, or an attached message (one entry, not entered here). */
export interface MailPart {
  /** Decoded and made safe: last path component, no control or bidi characters. */
  filename: string;
  /** As declared by the sender; the real type is found by content. */
  declaredType: string;
  bytes: number;
  /** Hex SHA-256 of the decoded content. */
  sha256: string;
  /** Shown inside the body (Content-ID referenced, or Content-Disposition inline). */
  inline: boolean;
  content: Uint8Array;
}

export interface MailProblem {
  reason: ReasonCode;
  /** For the office and the log: what was met, in English. */
  detail: string;
}

/** A delivery report (RFC 3464) or a bounce in prose, reduced to what matches it to a notice. */
export interface BounceReport {
  /** `delayed` is a warning, not a failure. */
  action: "failed" | "delayed" | "delivered";
  recipients: string[];
  /** Enhanced status (RFC 3463), "5.1.1"; null when the report has none. */
  status: string | null;
  diagnostic: string;
  /** Message-ID of the mail that came back, when the report shows it. */
  originalMessageId: string | null;
  /** Why it failed; absent: nothing says. */
  cause?: BounceCause;
  /** The address that reports; "" where it names none. */
  reporter?: string;
  /** What it says and cites: the returned mail's subject stands somewhere in it. */
  words?: string;
}

/** `no-mailbox`: there is nobody at that address; `mailbox-full`: there is, and may be again; `refused`: not from us. */
export type BounceCause = "no-mailbox" | "mailbox-full" | "refused";

/** One field that a server on the way wrote. */
export interface TraceField {
  name: "received" | "authentication-results";
  value: string;
}

/** What a server, or we ourselves, found out about who sent a mail: one result of RFC 8601. */
export interface SenderResult {
  method: string;
  verdict: string;
  /** "header.d" → value, names in lower case. */
  properties: Record<string, string>;
}

export interface Mail {
  /** With angle brackets, at most 998 characters; null when absent. */
  messageId: string | null;
  inReplyTo: string[];
  references: string[];
  /** All mailboxes of all From headers: anything but exactly one is `sender-unclear` (R28). */
  from: MailAddress[];
  replyTo: MailAddress[];
  to: MailAddress[];
  cc: MailAddress[];
  /** Return-Path; "" for the null sender, null when the header is absent. */
  returnPath: string | null;
  subject: string;
  /** The sender's claim (Date header); null when absent or unreadable (R29). */
  claimedAt: Date | null;
  /** Lower-case name → decoded values in order. */
  headers: Record<string, string[]>;
  /** From the top down: each server writes above what it was given. */
  trace: TraceField[];
  /** What we verified ourselves (DKIM, SPF, DMARC); null: nothing was verified. */
  checked: SenderResult[] | null;
  /** The chosen body as plain text (quoted history included); "" when there is none. */
  text: string;
  /** The HTML body, bounded; null when there is none. Never rendered. */
  html: string | null;
  parts: MailPart[];
  bounce: BounceReport | null;
  problems: MailProblem[];
}

export type Origin = "person" | "auto-reply" | "bounce" | "receipt" | "list" | "own";
