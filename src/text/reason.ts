// The closed list of reason codes, with the words a sender and the office read. One list, so that acknowledgement,
// console, digest and `explain` say the same thing.

export type ReasonCode =
  // a mail that waits for the office
  | "unparseable"
  | "sender-unclear"
  | "unit-unknown"
  | "unit-unsure"
  | "type-unsure"
  | "nothing-found"
  | "question"
  | "correction-unclear"
  | "correction-unauthorised"
  | "same-id-different-content"
  | "mail-loop"
  | "processing-failed"
  | "oversize"
  // a mail that needs nothing
  | "duplicate"
  | "thanks"
  | "spam"
  | "own-mail"
  | "auto-reply"
  | "bounce"
  | "receipt"
  | "mailing-list"
  | "office-dismissed"
  // an attachment that could not be read
  | "empty-file"
  | "corrupt"
  | "password-protected"
  | "format-unsupported"
  | "no-text"
  | "executable"
  | "media"
  | "too-large"
  | "too-slow"
  | "too-much-memory"
  | "reader-failed"
  // an attachment that need not be read
  | "decoration"
  | "machine-part";

export interface ReasonWords {
  /** A short label for lists. */
  label: string;
  /** What happened and what to do, said to the sender; empty when the sender is never told. */
  sender: string;
}
