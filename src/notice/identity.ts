// What identifies a notice to the world: its logical key, its Message-ID, and the thread it belongs to.
import { createHash, createHmac } from "node:crypto";
import type { Campaign, Contact } from "../campaign/campaign.ts";
import type { Mail } from "../message/mail.ts";
import { noticeId } from "../message/notice-id.ts";

/** The domain of every Message-ID we write: that of the published mailbox (R33). */
export function messageIdDomain(campaign: Pick<Campaign, "mailbox">): string {
  return campaign.mailbox.address.split("@").at(-1)?.toLowerCase() || "jinbox.invalid";
}

/** Fixed by campaign and key alone, so that every attempt and every machine writes the same one (R33). */
export function noticeMessageId(campaign: Pick<Campaign, "code" | "mailbox">, key: string): string {
  const digest = createHash("sha256").update(`${campaign.code}\n${key}`).digest("hex").slice(0, 32);
  return noticeId(digest, messageIdDomain(campaign));
}

/** Where the keys begin of what a unit's contact is told: his answer can confirm it or put it back. */
export const CONTACT = "contact/";

/** Whether an answer to the notice may tell us what to do: its Message-ID is known to its recipients and us alone. */
export function isAnswerable(notice: { kind: string; key: string }): boolean {
  return isToOffice(notice) || notice.key.startsWith(CONTACT);
}

/** Answering a notice to the office gives instructions: its Message-ID is a secret between the office and us. */
export function isToOffice({ kind, key }: { kind: string; key: string }): boolean {
  return kind === "digest" || key.startsWith(INSTRUCTED);
}

const INSTRUCTED = "instructed/";

/** The key of the report on what came of the instructions in a mail. */
export function instructedKey(messageId: number): string {
  return `${INSTRUCTED}${messageId}`;
}

/** Fixed like any other, but nobody who does not know the secret of this installation can work it out. */
export function officeMessageId(
  campaign: Pick<Campaign, "code" | "mailbox">,
  key: string,
  secret: Buffer,
): string {
  const digest = createHmac("sha256", secret).update(`${campaign.code}\n${key}`).digest("hex").slice(0, 40);
  return noticeId(digest, messageIdDomain(campaign));
}

/** One key for acknowledgement and clarification alike: a mail gets exactly one of the two. */
export function answerKey(messageId: number | null, mail: Mail): string {
  if (messageId !== null) return `answer/${messageId}`;
  const identity = [
    mail.messageId,
    mail.from[0]?.address,
    mail.claimedAt?.toISOString(),
    mail.subject,
    mail.text,
  ].join("\n");
  return `answer/unrecorded-${createHash("sha256").update(identity).digest("hex").slice(0, 16)}`;
}

const MOST_IDS = 20;
const MOST_CHARACTERS = 998;

/** Whether an id can stand in a header: a line has 998 octets (RFC 5322 §2.1.1), and folding puts a space before it. */
function isCitable(id: string): boolean {
  return /^<[\x21-\x7e]+>$/.test(id) && id.length < MOST_CHARACTERS;
}

/** In-Reply-To of an answer; null for an id no header can carry. */
export function answeredId({ messageId }: Pick<Mail, "messageId">): string | null {
  return messageId !== null && isCitable(messageId) ? messageId : null;
}

/** References of an answer (RFC 5322 §3.6.4), bounded (R39): the thread's first id, then as many of the newest as fit. */
export function replyReferences(mail: Pick<Mail, "messageId" | "references" | "inReplyTo">): string[] {
  const earlier = mail.references.length > 0 ? mail.references : mail.inReplyTo.slice(0, 1);
  const all = [...earlier, ...(mail.messageId ? [mail.messageId] : [])];
  const ids = [...new Set(all)].filter(isCitable);
  const [first, ...rest] = ids;
  if (first === undefined) return [];
  const newest: string[] = [];
  let length = first.length;
  for (const id of rest.reverse()) {
    if (newest.length + 1 >= MOST_IDS || length + id.length + 1 > MOST_CHARACTERS) break;
    newest.unshift(id);
    length += id.length + 1;
  }
  return [first, ...newest];
}

/** Who a notice comes from: the office, at the published address, so that a plain reply reaches the mailbox. */
export function ownSender(campaign: Pick<Campaign, "mailbox" | "office">): Contact {
  return { name: campaign.office.name, email: campaign.mailbox.address };
}
