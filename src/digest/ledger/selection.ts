// What of the ledger is asked for: a period, types, units, states. Everything unless told otherwise.
import type { ObligationState } from "../../deadline/obligation.ts";

export type SubmissionState = "current" | "superseded" | "withdrawn";
export type SheetKind = "submissions" | "owed" | "held" | "rulings";
export const SHEET_KINDS: SheetKind[] = ["submissions", "owed", "held", "rulings"];

export interface Selection {
  /** Arrived (or ruled) at or after this instant. What is owed is a state and has no arrival: it stays. */
  from: Date | null;
  /** Arrived (or ruled) at or before this instant. */
  to: Date | null;
  /** Codes of deliverables; empty: all. */
  types: string[];
  /** Codes of units; empty: all. */
  units: string[];
  /** Of submissions and of what is owed; empty: all. A sheet none of them can stand in is left out. */
  states: (SubmissionState | ObligationState)[];
  sheets: SheetKind[];
}

export const EVERYTHING: Selection = {
  ...{ from: null, to: null, types: [], units: [], states: [] },
  sheets: SHEET_KINDS,
};

const SUBMISSION_STATES = ["current", "superseded", "withdrawn"] as const;

export function submissionStates({ states }: Selection): SubmissionState[] {
  return SUBMISSION_STATES.filter((state) => states.includes(state));
}

export function obligationStates({ states }: Selection): ObligationState[] {
  return states.filter(
    (state): state is ObligationState => !(SUBMISSION_STATES as readonly string[]).includes(state),
  );
}

/** Whether a sheet of this kind can have a row: asked for the overdue, nobody wants a sheet of proposals. */
export function wants(selection: Selection, kind: SheetKind): boolean {
  if (!selection.sheets.includes(kind)) return false;
  if (selection.states.length === 0) return true;
  if (kind === "submissions") return submissionStates(selection).length > 0;
  return kind === "owed" && obligationStates(selection).length > 0;
}

/** True where `code` is one of those asked for, or none is. */
export function isAmong(code: string | null, wanted: string[]): boolean {
  return wanted.length === 0 || (code !== null && wanted.includes(code));
}

export function isWithin(at: Date, { from, to }: Selection): boolean {
  return (from === null || at >= from) && (to === null || at <= to);
}
