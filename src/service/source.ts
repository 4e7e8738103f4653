// Where the campaign's mail comes from and goes to: its IMAP mailbox or a folder of mails, and its SMTP server.
import type { Campaign } from "../campaign/campaign.ts";
import type { Environment } from "../campaign/environment.ts";
import { ConfigurationError } from "../campaign/load.ts";
import type { Clock } from "../clock.ts";
import { openFolder } from "../intake/folder.ts";
import { openImap } from "../intake/imap.ts";
import type { LiveMailbox, Mailbox } from "../intake/mailbox.ts";
import { sentCopies } from "../intake/sent-folder.ts";
import { MailboxUnavailable } from "../intake/unavailable.ts";
import type { Logger } from "../log.ts";
import type { SentEvidence } from "../notice/sent/settle.ts";
import { createTransport } from "../notice/smtp.ts";
import type { SmtpTransport } from "../notice/transport.ts";
import { instantOf } from "../text/dates.ts";

/** Rejects with MailboxUnavailable, whose hint says what to do. */
export async function openConfiguredMailbox(
  campaign: Campaign,
  environment: Environment,
  clock: Clock,
  log: Logger,
): Promise<LiveMailbox> {
  const { imap, idle, maxBytes } = campaign.mailbox;
  if (imap === null)
    throw missing("mailbox.imap", "imap: { host: imap.culture.example, port: 993, user: … }");
  if (environment.imapPassword === null) {
    throw new MailboxUnavailable("authentication", "JINBOX_IMAP_PASSWORD is not set");
  }
  return openImap({ ...imap, password: environment.imapPassword, idle, maxBytes }, clock, log);
}

/** When the campaign went live for its mailbox, where the configuration says so; else the first contact counts. */
export function liveAtOf({ mailbox, timezone }: Campaign): { liveAt?: Date } {
  return mailbox.answerFrom === null ? {} : { liveAt: instantOf(mailbox.answerFrom, "00:00", timezone) };
}

export async function openMailbox(
  folder: string | null,
  ...configured: Parameters<typeof openConfiguredMailbox>
): Promise<Mailbox> {
  return folder === null ? openConfiguredMailbox(...configured) : openFolder(folder);
}

/** The SMTP server of the configuration; without one there is no way out, and saying so beats a silent outbox. */
export function configuredTransport(
  campaign: Campaign,
  environment: Environment,
  log: Logger,
): SmtpTransport {
  if (campaign.smtp === null)
    throw missing("smtp", "smtp: { host: smtp.culture.example, port: 465, user: … }");
  return createTransport(campaign.smtp, environment.smtpPassword, log);
}

/** The look into the account's Sent folder (R35); null where it is switched off or there is no account to look into. */
export function configuredEvidence(
  { mailbox }: Campaign,
  { imapPassword: password }: Environment,
  log: Logger,
): SentEvidence | null {
  const { imap, sent = "auto" } = mailbox;
  if (imap === null || password === null || sent === "off") return null;
  const folder = sent === "auto" ? null : sent;
  return (since) => sentCopies({ ...imap, password }, { folder, since }, log);
}

function missing(key: string, write: string): ConfigurationError {
  const expected = {
    zh: "该项设置，否则无法收发邮件",
    en: "this setting; without it no mail goes in or out",
  };
  return new ConfigurationError([{ file: "campaign.yaml", line: null, key, found: "—", expected, write }]);
}
