// The states of a notice and the steps between them: complete, and kept by the database as well (R34); pure.
import type { NoticeState } from "./notice.ts";

/** Where a notice can stand, and where it may go from there. Nothing is ever in another state or takes another step. */
export const noticeSteps: Readonly<Record<NoticeState, readonly NoticeState[]>> = {
  /** Written with its cause; it leaves when its time has come. */
  intended: ["claimed", "dropped"],
  /** One sender has it, for as long as its lease lasts; nothing of it has left. */
  claimed: ["intended", "data-sent", "rejected", "dropped"],
  /** The server may have its last byte. Back to `intended` only by a reply that refuses it for now; dropped by a restore. */
  "data-sent": ["intended", "accepted", "rejected", "ambiguous", "dropped", "bounced"],
  /** Whether the server took it is not known: proof settles it, else it goes out once more or a person decides. */
  ambiguous: ["intended", "accepted", "bounced"],
  accepted: ["bounced"],
  /** Refused for good, or given up. */
  rejected: [],
  /** No longer true, or too much for its address; taken up again when it is true after all. */
  dropped: ["intended"],
  bounced: [],
};

/** The states from which a notice may come into this one. */
export function statesBefore(state: NoticeState): NoticeState[] {
  return (Object.keys(noticeSteps) as NoticeState[]).filter((from) => noticeSteps[from].includes(state));
}
