// One owed thing: deliverable × unit (× item). A pure function of submissions, rulings and `now`; stored nowhere.
import type { PlainDate } from "../text/dates.ts";

export type ObligationState = "outstanding" | "met" | "met-late" | "overdue" | "waived" | "extended";

export interface Obligation {
  /** "summary-report/library" or "engineering-plan/heritage-office/heritage-city". */
  key: string;
  deliverable: string;
  item: string | null;
  unit: string;
  /** The date announced; null when the office has set none yet (then it is never overdue). */
  announcedOn: PlainDate | null;
  /** The date that counts: announced or extended. */
  dueOn: PlainDate | null;
  state: ObligationState;
  /** When and by what it was met: a submission's reference, or "paper" for a receipt. */
  metAt: Date | null;
  metBy: string | null;
  /** Met only if a readable version follows in time. */
  provisional: boolean;
  /** Who ruled and why, for waived and extended. */
  why: string | null;
}

/** What meets or may meet an obligation, as read from the ledger. */
export interface SubmissionFact {
  reference: string;
  type: string;
  item: string | null;
  unit: string | null;
  arrivedAt: Date;
  state: "current" | "superseded" | "withdrawn";
  verified: boolean;
  provisional: boolean;
}

/** What the office ruled: waiver, extension, or receipt on paper or by phone. */
export interface Ruling {
  kind: "waiver" | "extension" | "receipt";
  deliverable: string;
  item: string | null;
  unit: string;
  dueOn: PlainDate | null;
  receivedAt: Date | null;
  madeBy: string;
  madeAt: Date;
  why: string;
}
