// Which mails are read and filed together: few enough for memory, and none that depends on another of its group.
import type { Mail } from "../message/mail.ts";
import type { WaitingMessage } from "./records.ts";

/** Read and filed together is at most this much, so that memory stays flat. */
const SLICE = { mails: 25, bytes: 16_000_000 };
/** Tried this often in company and never finished: whatever ends the process must show itself, or prove innocent, alone. */
const TRIED_TOGETHER_MAX = 3;

/** Cuts waiting messages into slices, in their order; a mail larger than a slice, or often tried in vain, has one of its own. */
export function slices<Waiting extends Pick<WaitingMessage, "bytes" | "attempts">>(
  waiting: Waiting[],
): Waiting[][] {
  const all: Waiting[][] = [];
  let bytes = 0;
  for (const message of waiting) {
    const last = all.at(-1);
    const isAlone = [message, last?.[0]].some((one) => one && one.attempts >= TRIED_TOGETHER_MAX);
    if (last && !isAlone && last.length < SLICE.mails && bytes + message.bytes <= SLICE.bytes) {
      last.push(message);
      bytes += message.bytes;
    } else {
      all.push([message]);
      bytes = message.bytes;
    }
  }
  return all;
}

/**
 * Splits a slice where a mail may depend on an earlier one of it: it answers it, or comes from the same address. Within
 * a group every mail is understood from what was filed before the group.
 */
export function independentGroups<
  Read extends { mail: Pick<Mail, "from" | "messageId" | "inReplyTo" | "references"> },
>(read: Read[]): Read[][] {
  const groups: Read[][] = [];
  let ids = new Set<string>();
  let senders = new Set<string>();
  for (const one of read) {
    const { mail } = one;
    const sender = mail.from[0]?.address ?? "";
    const answers = [...mail.inReplyTo, ...mail.references].some((id) => ids.has(id));
    const last = groups.at(-1);
    if (!last || answers || senders.has(sender)) {
      groups.push([one]);
      ids = new Set();
      senders = new Set();
    } else last.push(one);
    if (mail.messageId) ids.add(mail.messageId);
    senders.add(sender);
  }
  return groups;
}

/** Cuts a group behind each mail after which something else may be known. */
export function splitBehind<One>(group: One[], teaches: (one: One) => boolean): One[][] {
  const parts: One[][] = [[]];
  for (const [index, one] of group.entries()) {
    parts.at(-1)?.push(one);
    if (teaches(one) && index + 1 < group.length) parts.push([]);
  }
  return parts;
}
