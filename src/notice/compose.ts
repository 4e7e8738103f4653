// A notice as one RFC 5322 message: the headers that keep machines from answering it, text beside HTML, attachments.
import { createHash } from "node:crypto";
import { domainToASCII } from "node:url";
import MailComposer from "nodemailer/lib/mail-composer";
import type { Contact } from "../campaign/campaign.ts";
import type { NoticeKind } from "./notice.ts";

export interface OutgoingAttachment {
  filename: string;
  mediaType: string;
  content: Buffer;
  contentId: string | null;
}

/** A notice with everything needed to send it. */
export interface OutgoingNotice {
  key: string;
  kind: NoticeKind;
  from: Contact;
  to: Contact[];
  cc: Contact[];
  subject: string;
  text: string;
  html: string | null;
  attachments: OutgoingAttachment[];
  messageId: string;
  inReplyTo: string | null;
  references: string[];
  /** Sendings begun, this one included. */
  attempts: number;
  /** The Date header. */
  at: Date;
}

const answers: NoticeKind[] = ["acknowledgement", "clarification"];

export async function composeMessage(notice: OutgoingNotice): Promise<Buffer> {
  const composer = new MailComposer({
    from: mailbox(notice.from),
    to: notice.to.map(mailbox),
    cc: notice.cc.map(mailbox),
    subject: notice.subject,
    text: notice.text,
    ...(notice.html === null ? {} : { html: notice.html }),
    messageId: notice.messageId,
    ...(notice.inReplyTo === null ? {} : { inReplyTo: notice.inReplyTo }),
    ...(notice.references.length === 0 ? {} : { references: notice.references }),
    date: notice.at,
    headers: {
      // RFC 3834 §5: what answers one mail is "replied", what goes by itself is "generated" (R39).
      "Auto-Submitted": answers.includes(notice.kind) ? "auto-replied" : "auto-generated",
      "X-Auto-Response-Suppress": "All",
      Precedence: "bulk",
      "X-Loop": notice.from.email,
    },
    attachments: notice.attachments.map((attachment) => ({
      filename: attachment.filename,
      contentType: attachment.mediaType,
      content: attachment.content,
      ...(attachment.contentId === null
        ? {}
        : { cid: attachment.contentId, contentDisposition: "inline" as const }),
    })),
    // What a sender wrote is never a path or an address to fetch (R47).
    disableFileAccess: true,
    disableUrlAccess: true,
    newline: "\r\n",
  });
  const message = composer.compile();
  message.baseBoundary = boundaryOf(notice);
  return message.build();
}

/**
 * The same for the same words, so that what is sent again is the same to the byte; and nobody can write a text that holds
 * the boundary of the very mail his text is quoted in.
 */
function boundaryOf({ messageId, subject, text, html }: OutgoingNotice): string {
  return createHash("sha256").update([messageId, subject, text, html].join("\0")).digest("hex").slice(0, 32);
}

function mailbox(contact: Contact): { name: string; address: string } {
  return { name: contact.name, address: sendableAddress(contact.email) ?? "" };
}

/** The address as SMTP carries it, its domain in ASCII; null for what no server would take (R47). */
export function sendableAddress(email: string): string | null {
  const at = email.lastIndexOf("@");
  const local = email.slice(0, at);
  const domain = domainToASCII(email.slice(at + 1).toLowerCase());
  const isLocal = at > 0 && local.length <= 64 && /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+$/.test(local);
  return isLocal && /^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/.test(domain) ? `${local}@${domain}` : null;
}
