// The peer: what a careful person writes in an afternoon with the same libraries. One mail at a time: fetch, parse,
// read the attachment, insert, acknowledge, flag. No evidence, no outbox, no child process.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { ImapFlow } from "imapflow";
import { simpleParser } from "mailparser";
import mammoth from "mammoth";
import nodemailer from "nodemailer";
import { PDFParse } from "pdf-parse";
import pg from "pg";

const [imapPort, imapUser, imapPassword, smtpPort, databaseUrl, mailbox] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
  string,
];
const pdfjs = dirname(
  createRequire(createRequire(import.meta.url).resolve("pdf-parse")).resolve("pdfjs-dist/package.json"),
);

async function textOf(filename: string, content: Buffer): Promise<string> {
  if (filename.endsWith(".docx")) return (await mammoth.extractRawText({ buffer: content })).value;
  if (!filename.endsWith(".pdf")) return "";
  const parser = new PDFParse({
    data: new Uint8Array(content),
    cMapUrl: `${join(pdfjs, "cmaps")}/`,
    cMapPacked: true,
    standardFontDataUrl: `${join(pdfjs, "standard_fonts")}/`,
  });
  const { text } = await parser.getText({ pageJoiner: "" });
  // pdf-parse's own destroy() expects an older pdf.js than the one installed here for its fixes.
  await (
    parser as unknown as { doc?: { loadingTask: { destroy(): Promise<void> } } }
  ).doc?.loadingTask.destroy();
  return text;
}

const database = new pg.Client({ connectionString: databaseUrl });
await database.connect();
await database.query(
  "create table if not exists script_mail (id bigserial primary key, uid bigint, sender text, subject text, body text, attachment text, raw bytea, at timestamptz)",
);
const imap = new ImapFlow({
  host: "127.0.0.1",
  port: Number(imapPort),
  secure: false,
  auth: { user: imapUser, pass: imapPassword },
  logger: false,
});
const smtp = nodemailer.createTransport({
  host: "127.0.0.1",
  port: Number(smtpPort),
  pool: true,
  maxConnections: 1,
  secure: false,
  ignoreTLS: true,
});
process.stdout.write("ready\n");
await imap.connect();
const lock = await imap.getMailboxLock("INBOX");
const uids = (await imap.search({ seen: false }, { uid: true })) || [];
for (const uid of uids) {
  const message = await imap.fetchOne(String(uid), { source: true, internalDate: true }, { uid: true });
  if (message === false || !message.source) continue;
  const mail = await simpleParser(message.source);
  const texts: string[] = [];
  for (const { filename, content } of mail.attachments) texts.push(await textOf(filename ?? "", content));
  const sender = mail.from?.value[0]?.address ?? "";
  await database.query(
    "insert into script_mail (uid, sender, subject, body, attachment, raw, at) values ($1, $2, $3, $4, $5, $6, $7)",
    [uid, sender, mail.subject, mail.text, texts.join("\n"), message.source, message.internalDate],
  );
  await smtp.sendMail({
    from: mailbox,
    to: sender,
    subject: `Re: ${mail.subject}`,
    text: `您好：您的来信《${mail.subject}》已收到，谢谢。`,
    ...(mail.messageId && { inReplyTo: mail.messageId, references: [mail.messageId] }),
  });
  await imap.messageFlagsAdd(String(uid), ["\\Seen"], { uid: true });
}
lock.release();
await imap.logout();
smtp.close();
await database.end();
process.stdout.write("done\n");
