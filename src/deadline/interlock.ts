// When silence is the safer notice: nobody is told "overdue" while their submission may be lying in the mailbox; pure.
import type { DutyKind } from "./ladder.ts";

export interface InterlockFacts {
  /** When the mailbox was last read successfully; null: never. */
  lastReadAt: Date | null;
  /** Units that a mail waiting for a person may belong to. */
  heldGuesses: string[];
  /** Mails read from the server and not yet understood: they may be anybody's. */
  waitingMails: number;
  now: Date;
}

export type WithheldReason = "mailbox-unread" | "mail-waiting" | "held-mail";

/** A mailbox not read for this long may hold what we would call overdue. */
const UNREAD_LIMIT_MS = 30 * 60_000;
/** So far the clocks of two machines may differ; a reading further ahead is of a clock that was wrong, and says nothing. */
const CLOCKS_DIFFER_MS = 5 * 60_000;

/** Answers why a notice must be held back; null: it may go. Reminders accuse nobody and always may. */
export function interlock(facts: InterlockFacts): (unit: string, kind: DutyKind) => WithheldReason | null {
  const { lastReadAt, now } = facts;
  const readAgoMs = lastReadAt === null ? Number.POSITIVE_INFINITY : now.getTime() - lastReadAt.getTime();
  const isUnread = readAgoMs > UNREAD_LIMIT_MS || readAgoMs < -CLOCKS_DIFFER_MS;
  const guessed = new Set(facts.heldGuesses);
  return (unit, kind) => {
    if (kind === "reminder") return null;
    if (isUnread) return "mailbox-unread";
    if (facts.waitingMails > 0) return "mail-waiting";
    return guessed.has(unit) ? "held-mail" : null;
  };
}
