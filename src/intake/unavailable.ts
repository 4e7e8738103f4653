// Why a mailbox cannot be read, said so that the office knows what to do; and how long to wait before trying again.

export type UnavailableKind = "authentication" | "network" | "folder-missing" | "unsafe-login" | "timeout";

const hints: Record<UnavailableKind, { zh: string; en: string }> = {
  authentication: {
    zh: "邮箱拒绝登录：请确认已在网页邮箱的设置中开启 IMAP 服务，并使用未过期的授权码（不是网页登录密码）作为 JINBOX_IMAP_PASSWORD。",
    en: "The mailbox refuses the login: switch IMAP on in the webmail's settings and use a valid client authorisation code (not the web password) as JINBOX_IMAP_PASSWORD.",
  },
  network: {
    zh: "连不上邮箱服务器：请检查 mailbox.imap 的 host 与 port、网络和防火墙；将自动重试。",
    en: "The mail server cannot be reached: check mailbox.imap host and port, the network and the firewall; it is tried again by itself.",
  },
  "folder-missing": {
    zh: "邮箱中没有这个文件夹：请检查 mailbox.imap.folder（收件箱写作 INBOX）。",
    en: "The mailbox has no such folder: check mailbox.imap.folder (the inbox is INBOX).",
  },
  "unsafe-login": {
    zh: "服务商以“Unsafe Login”拒绝：请登录网页邮箱确认本次登录，或联系服务商放行本客户端。",
    en: 'The provider refuses an "Unsafe Login": confirm this login in the webmail, or ask the provider to allow the client.',
  },
  timeout: {
    zh: "邮箱服务器没有按时回答；已断开并将自动重连。",
    en: "The mail server did not answer in time; the connection was dropped and is made again by itself.",
  },
};

export class MailboxUnavailable extends Error {
  readonly kind: UnavailableKind;
  readonly hint: { zh: string; en: string };

  constructor(kind: UnavailableKind, detail: string, cause?: unknown) {
    super(detail, { cause });
    this.kind = kind;
    this.hint = hints[kind];
  }
}

/** The fields imapflow and node:net put on their errors. */
interface ProtocolError extends Error {
  code?: string;
  authenticationFailed?: boolean;
  mailboxMissing?: boolean;
  responseText?: string;
  response?: string;
}

const timeouts = new Set(["CONNECT_TIMEOUT", "GREETING_TIMEOUT", "ETIMEOUT", "ETIMEDOUT", "UPGRADE_TIMEOUT"]);

export function unavailable(error: unknown): MailboxUnavailable {
  if (error instanceof MailboxUnavailable) return error;
  const failure = error as ProtocolError;
  const said = failure.responseText || failure.message || String(error);
  const kind: UnavailableKind = /unsafe login/i.test(`${said} ${failure.response ?? ""}`)
    ? "unsafe-login"
    : failure.authenticationFailed
      ? "authentication"
      : failure.mailboxMissing
        ? "folder-missing"
        : timeouts.has(failure.code ?? "")
          ? "timeout"
          : "network";
  return new MailboxUnavailable(kind, said, error);
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
/** Providers lock an account that keeps failing: at most four logins an hour from the third failure on (R12). */
const REFUSED_PAUSE_MS = 16 * MINUTE_MS;

/**
 * How long to wait after the `failures`-th failure in a row (from 1). Doubling, with jitter so that several
 * processes do not come back together; `random` is in [0, 1).
 */
export function pauseAfter(kind: UnavailableKind, failures: number, random: number): number {
  const jitter = 1 + random / 4;
  if (kind === "authentication" || kind === "unsafe-login") {
    return (failures >= 3 ? REFUSED_PAUSE_MS : 30 * SECOND_MS * failures) * jitter;
  }
  if (kind === "folder-missing") return 5 * MINUTE_MS * jitter;
  // Half of it is jitter: never more than a minute, so that a restored network is noticed within it.
  const ceiling = Math.min(MINUTE_MS, SECOND_MS * 2 ** Math.min(failures, 10));
  return ceiling / 2 + (random * ceiling) / 2;
}
