// What holds for a whole mail, and one submission drafted from it.
import type { MailAddress } from "../message/mail.ts";
import type { Evidence, SubmissionDraft, Verdict } from "./evidence.ts";
import type { Knowledge } from "./knowledge.ts";
import type { Line } from "./letter.ts";
import type { Moved } from "./unit-moved.ts";

/** What holds for the whole mail. */
export interface Mailwide {
  subject: string;
  sender: MailAddress | null;
  signature: string;
  cover: Line[];
  /** Answers an earlier mail: then the subject is that mail's. */
  isReply: boolean;
  kinds: Evidence[];
  units: Evidence[];
  /** What they come to. */
  unit: Verdict;
  forwardedFrom: MailAddress | null;
  /** What the writer says of having changed his unit. */
  moved: Moved;
}

export interface Drafted {
  draft: SubmissionDraft;
  type: Verdict;
  unit: Verdict;
  /** The strongest reason for its type that the piece itself gives. */
  ownKinds: number;
}

export function isContact(sender: MailAddress | null, knowledge: Knowledge): boolean {
  const known = sender ? (knowledge.addresses.get(sender.address) ?? []) : [];
  return known.some((one) => one.role === "liaison" || one.role === "head");
}
