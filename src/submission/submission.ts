// A submission: the business fact filed from a message.
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
