// Builds raw mails for tests, as a mail client would write them.
import MailComposer from "nodemailer/lib/mail-composer";

export interface MailToBuild {
  from?: string;
  to?: string;
  subject?: string;
  text?: string;
  html?: string;
  date?: Date;
  messageId?: string;
  inReplyTo?: string;
  references?: string[];
  headers?: Record<string, string>;
  attachments?: { filename: string; content: Buffer | string; contentType?: string; cid?: string }[];
}

let counter = 0;

/** Every mail differs from the one before. */
export async function mail(parts: MailToBuild = {}): Promise<Buffer> {
  counter += 1;
  const built = new MailComposer({
    from: parts.from ?? "张某 <zhang@lib.culture.example>",
    to: parts.to ?? "ideas@culture.example",
    subject: parts.subject ?? `金点子 ${counter}`,
    text: parts.text ?? `建议 ${counter}：延长开放时间。`,
    ...(parts.html === undefined ? {} : { html: parts.html }),
    date: parts.date ?? new Date("2012-11-21T01:00:00Z"),
    messageId: parts.messageId ?? `<mail-${counter}@lib.culture.example>`,
    ...(parts.inReplyTo === undefined ? {} : { inReplyTo: parts.inReplyTo }),
    ...(parts.references === undefined ? {} : { references: parts.references }),
    ...(parts.headers === undefined ? {} : { headers: parts.headers }),
    ...(parts.attachments === undefined ? {} : { attachments: parts.attachments }),
  });
  return built.compile().build();
}
