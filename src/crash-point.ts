// The named places where the torture test ends the process. Here they do nothing, and cost nothing.

/** One for each step at which a death of the process could lose something or do it twice, in the order of a mail's way. */
export type CrashPoint =
  /** The mailbox is listed; nothing is fetched. */
  | "listed"
  /** A mail's bytes have begun to arrive; others of its batch are still on the server. */
  | "mid-fetch"
  /** Raw bytes, record and job are written and not committed. */
  | "raw-written"
  /** They are committed; the server is not flagged, and the mark of how far we read is not moved. */
  | "recorded"
  /** Messages are taken up: the attempt counts, nothing is read. */
  | "taken-up"
  /** The mail is parsed; its attachments are not read. */
  | "parsed"
  /** An attachment is read; what was read is kept by nobody yet. */
  | "attachment-read"
  /** Mails are put aside until their scans are recognised; not committed. */
  | "put-aside"
  /** The mail is understood; nothing of it is written. */
  | "understood"
  /** An older version is marked as superseded; the newer one is not written. */
  | "superseded"
  /** What a sender asked to be changed is changed; not committed. */
  | "corrected"
  /** A returned notice is marked as bounced; not committed. */
  | "bounce-recorded"
  /** Submissions, verdicts and answers are written; not committed. */
  | "filing"
  /** They are committed; the sender is not woken. */
  | "filed"
  /** Notices are claimed; nothing of them has left. */
  | "claimed"
  /** A notice is about to be given to the server: no EHLO, MAIL or RCPT yet. */
  | "delivering"
  /** The server has answered DATA with 354; `data-sent` is not committed. */
  | "data-asked"
  /** `data-sent` is committed; no byte of the message has left. */
  | "data-sent"
  /** The server's last word is heard; it is not recorded. */
  | "answered"
  /** How the notices ended is recorded. */
  | "settled"
  /** Duty notices are written; not committed. */
  | "chasing"
  /** They are committed. */
  | "chased"
  /** The digest is written; not committed. */
  | "digesting"
  /** It is committed. */
  | "digested"
  /** A recognised scan's words and the jobs of the mails that waited for it are written; not committed. */
  | "recognised"
  /** A file somebody asked for is written beside its place; it is not there yet. */
  | "file-drafted"
  /** A migration has run; those after it have not, and nothing is committed. */
  | "migrating"
  /** The tables are committed; the job queue's are not made. */
  | "migrated"
  /** Some of what is past its time is removed and recorded; not committed. */
  | "removing"
  /** A backup's rows are in their tables; not committed. */
  | "restoring"
  /** A person is removed from every place; not committed. */
  | "forgetting"
  /** Told to stop; the work in hand is not ended. */
  | "stopping";

/** Does nothing. A torture test starts jinbox with another in its place, which ends the process (test/torture/armed.ts). */
export function crashPoint(_name: CrashPoint): void {}
