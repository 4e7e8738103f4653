// What obligations are derived from, as kept: submissions with what became of them, and the office's rulings; pure.
// Asked about an earlier instant, a fact is what it was then: nothing that happened later counts.
import type { PlainDate, TimeOfDay } from "../text/dates.ts";

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
  /** When it was written into the ledger. */
  filedAt?: Date;
  sender?: string | null;
  /** Reference of the older version it replaced. */
  supersedes?: string | null;
  /** What became of it since it was filed, oldest first. */
  changes?: FactChange[];
}

export interface FactChange {
  at: Date;
  /** "readable": what could not be read at first could be from then on. */
  field: "unit" | "type" | "item" | "confirm" | "withdraw" | "restore" | "readable";
  before: string | null;
  after: string | null;
  who: string;
  byOffice: boolean;
}

export type RulingKind =
  | "waiver"
  | "extension"
  | "receipt"
  | "waiver-revoked"
  | "extension-revoked"
  | "receipt-revoked";

/** What the office ruled: waiver, extension, receipt on paper or by phone, and the taking back of any of them. */
export interface Ruling {
  kind: RulingKind;
  deliverable: string;
  item: string | null;
  unit: string;
  dueOn: PlainDate | null;
  /** With `dueOn`: until that hour; null or left out, until the end of the day. */
  dueTime?: TimeOfDay | null;
  receivedAt: Date | null;
  madeBy: string;
  madeAt: Date;
  why: string;
}

/**
 * From when on a submission counts: from its arrival. A mail server whose clock is ahead of ours must not make what we
 * have already filed look as if it had not come.
 */
export function knownFrom({ arrivedAt, filedAt }: SubmissionFact): Date {
  return filedAt && filedAt < arrivedAt ? filedAt : arrivedAt;
}

/** What the office received counts from then on, though written down later. */
export function receivedFrom({ receivedAt, madeAt }: Ruling): Date {
  return receivedAt !== null && receivedAt < madeAt ? receivedAt : madeAt;
}

/** A submission as it stood at an instant; null before it came. */
export function asOf(fact: SubmissionFact, at: Date): SubmissionFact | null {
  if (knownFrom(fact) > at) return null;
  const undone = (fact.changes ?? []).filter((change) => change.at > at);
  if (undone.length === 0) return fact;
  const then = { ...fact };
  for (const { field, before } of undone.reverse()) {
    switch (field) {
      case "unit":
      case "item":
        then[field] = before;
        break;
      case "type":
        then.type = before ?? then.type;
        break;
      case "confirm":
        then.verified = before === "true";
        break;
      case "withdraw":
        then.state = "current";
        break;
      case "restore":
        then.state = before === "withdrawn" ? "withdrawn" : "superseded";
        break;
      case "readable":
        then.provisional = true;
        break;
      default:
        field satisfies never;
    }
  }
  return then;
}

/** What the office's rulings about one thing amount to at an instant; the last word of each sort counts. */
export interface Ruled {
  waiver: Ruling | null;
  extension: Ruling | null;
  receipts: Ruling[];
}

/** `rulings`: about one thing, in the order they were made. An extension after a waiver says that it is owed again. */
export function ruledAt(rulings: Ruling[], at: Date): Ruled {
  const ruled: Ruled = { waiver: null, extension: null, receipts: [] };
  for (const ruling of rulings) {
    if (ruling.kind === "receipt") {
      if (receivedFrom(ruling) <= at) ruled.receipts.push(ruling);
      continue;
    }
    if (ruling.madeAt > at) continue;
    switch (ruling.kind) {
      case "waiver":
        ruled.waiver = ruling;
        break;
      case "waiver-revoked":
        ruled.waiver = null;
        break;
      case "extension":
        ruled.extension = ruling.dueOn === null ? null : ruling;
        ruled.waiver = null;
        break;
      case "extension-revoked":
        ruled.extension = null;
        break;
      case "receipt-revoked":
        ruled.receipts = ruled.receipts.filter(({ madeAt }) => madeAt > ruling.madeAt);
        break;
      default:
        ruling.kind satisfies never;
    }
  }
  return ruled;
}
