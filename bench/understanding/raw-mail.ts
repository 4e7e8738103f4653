// A labelled letter → the bytes of a real mail (RFC 5322), the same every time but for what office files note of the hour.
import { createHash } from "node:crypto";
import MailComposer from "nodemailer/lib/mail-composer/index.js";
import { noticeMessageId } from "../../src/notice/identity.ts";
import { attachmentBytes } from "./attachment-bytes.ts";
import type { Letter } from "./label.ts";
import type { Labelled } from "./letters.ts";

/** Headers the composer writes itself unless the letter has its own. */
const COMPOSED = ["from", "to", "subject", "date", "message-id", "in-reply-to", "references"];

export async function rawMail({ id, letter, organisation }: Labelled): Promise<Buffer> {
  const { campaign } = organisation;
  const key = createHash("sha256").update(id).digest("hex").slice(0, 20);
  const domain = letter.from.address.split("@").at(-1);
  const own = new Map(Object.entries(letter.headers ?? {}));
  const has = (name: string) => [...own.keys()].some((one) => one.toLowerCase() === name);
  const answered =
    letter.inReplyTo === "ours"
      ? noticeMessageId(campaign, `answer/${key}`)
      : letter.inReplyTo === "own"
        ? `<earlier.${key}@${domain}>`
        : undefined;
  const options = {
    from: letter.from,
    to: campaign.mailbox.address,
    subject: letter.subject,
    // A sender's clock is some seconds before the server's.
    date: new Date(Date.parse(letter.arrived) - 7_000),
    messageId: `<letter.${key}@${domain}>`,
    ...(answered && { inReplyTo: answered, references: answered }),
  };
  for (const name of COMPOSED)
    if (has(name))
      delete (options as Record<string, unknown>)[name.replace(/-(.)/g, (_, sign) => sign.toUpperCase())];
  const composer = new MailComposer({
    ...options,
    baseBoundary: key,
    headers: [
      { key: "X-Jinbox-Arrived", value: letter.arrived },
      ...(has("return-path") ? [] : [{ key: "Return-Path", value: `<${letter.from.address}>` }]),
      ...(letter.mailer && !has("x-mailer") ? [{ key: "X-Mailer", value: letter.mailer }] : []),
      ...[...own].map(([name, value]) => ({ key: name, value })),
    ],
    ...bodyOf(letter),
    attachments: await Promise.all(
      (letter.attachments ?? []).map(async (one) => ({
        filename: one.filename,
        content: Buffer.from(await attachmentBytes(one, `${id} ${one.filename}`)),
      })),
    ),
  });
  return composer.compile().build();
}

/** A mail program sends its empty text as well. */
function bodyOf({ body, html }: Letter): { text?: string; html?: string } {
  if (html !== undefined) return { html, ...(body !== undefined && { text: body }) };
  return { text: body || "\n" };
}
