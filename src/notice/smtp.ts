// One notice to an SMTP server: accepted, refused, unreached, or — after the final dot, without a reply — ambiguous (R34).
import { Readable } from "node:stream";
import SMTPPool from "nodemailer/lib/smtp-pool";
import type { Contact, SmtpSettings } from "../campaign/campaign.ts";
import type { Logger } from "../log.ts";
import { composeMessage, type OutgoingNotice, sendableAddress } from "./compose.ts";
import { accountOf, type EnvelopeSender, envelopeSender } from "./envelope-sender.ts";
import { meaningOf } from "./replies.ts";
import type { Delivery, DeliveryHooks, SmtpTransport } from "./transport.ts";

/** A server that drips its replies trips no socket timeout; RFC 5321 §4.5.3.2.6 grants it ten minutes for the last. */
const DELIVERY_LIMIT_MS = 12 * 60_000;

export interface SmtpTimeouts {
  connectionMs: number;
  greetingMs: number;
  socketMs: number;
}

const defaultTimeouts: SmtpTimeouts = { connectionMs: 30_000, greetingMs: 30_000, socketMs: 60_000 };

type PoolMail = Parameters<SMTPPool["send"]>[0];

/** What nodemailer puts on its errors. */
type SendError = Error & {
  code?: string;
  command?: string;
  responseCode?: number;
  response?: string;
  rejected?: string[];
  rejectedErrors?: { recipient?: string }[];
};

export function createTransport(
  settings: SmtpSettings,
  password: string | null,
  log: Logger,
  timeouts: SmtpTimeouts = defaultTimeouts,
): SmtpTransport {
  const pool = openPool(settings, password, timeouts);
  pool.on("error", (error: Error) => log.warn({ err: error }, "an SMTP connection failed"));
  const sender = envelopeSender(settings, log);
  return {
    connections: settings.connections,
    deliver: (notice, hooks) => deliver(pool, settings, notice, hooks, sender),
    close: async () => pool.close(),
  };
}

/**
 * Whether the server takes this envelope sender ("": none): a mail to ourselves is begun and broken off before its first
 * byte, so nothing is sent. Returns the refusal; null: it takes it, or something else went wrong.
 */
export async function senderRefusal(
  settings: SmtpSettings,
  password: string | null,
  own: Contact,
  from: string,
  timeouts: SmtpTimeouts,
): Promise<string | null> {
  const pool = openPool(settings, password, timeouts);
  pool.on("error", () => undefined);
  const hooks = { dataSent: () => Promise.reject(new Error("only asked")) };
  const notice = { messageId: "<only-asked@jinbox.invalid>", from: own, attempts: 1 };
  const envelope = { raw: Buffer.alloc(0), from, to: [own.email] };
  try {
    const { delivery, isSenderRefused } = await attempt(pool, settings, notice, hooks, envelope);
    return isSenderRefused ? delivery.response : null;
  } finally {
    pool.close();
  }
}

function openPool(settings: SmtpSettings, password: string | null, timeouts: SmtpTimeouts): SMTPPool {
  const isLoopback = /^(?:localhost|127\.\d+\.\d+\.\d+|::1)$/.test(settings.host);
  return new SMTPPool({
    pool: true,
    host: settings.host,
    port: settings.port,
    secure: settings.secure,
    // A password never crosses a network in the clear.
    requireTLS: !settings.secure && password !== null && !isLoopback,
    ignoreTLS: isLoopback && !settings.secure,
    ...(settings.user !== null && password !== null ? { auth: { user: settings.user, pass: password } } : {}),
    maxConnections: settings.connections,
    maxMessages: 1_000,
    // Only a connection that ended while idle, before a byte of the message was read, may be tried anew by the pool.
    maxRequeues: 1,
    connectionTimeout: timeouts.connectionMs,
    greetingTimeout: timeouts.greetingMs,
    socketTimeout: timeouts.socketMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    logger: false,
  });
}

async function deliver(
  pool: SMTPPool,
  settings: SmtpSettings,
  notice: OutgoingNotice,
  hooks: DeliveryHooks,
  sender: EnvelopeSender,
): Promise<Delivery> {
  const recipients = [...notice.to, ...notice.cc].map(({ email }) => email);
  const unsendable = recipients.filter((email) => sendableAddress(email) === null);
  if (unsendable.length > 0 || recipients.length === 0) {
    const response = unsendable.length > 0 ? `not an address: ${unsendable.join(", ")}` : "no recipient";
    return { ...refusal(response, unsendable), permanent: true };
  }
  const raw = await composeMessage(notice);
  const to = [...new Set(recipients.map((email) => sendableAddress(email) ?? email))];
  const [from, account] = [sender.address(notice), accountOf(settings, notice)];
  const first = await attempt(pool, settings, notice, hooks, { raw, from, to });
  if (!first.isSenderRefused || from === account) return first.delivery;
  const again = await attempt(pool, settings, notice, hooks, { raw, from: account, to });
  if (!again.isSenderRefused) sender.refused(first.delivery.response);
  return again.delivery;
}

async function attempt(
  pool: SMTPPool,
  settings: SmtpSettings,
  notice: Pick<OutgoingNotice, "messageId" | "from" | "attempts">,
  hooks: DeliveryHooks,
  { raw, from, to }: { raw: Buffer; from: string; to: string[] },
): Promise<{ delivery: Delivery; isSenderRefused: boolean }> {
  const own = settings.copyToSelf && !to.includes(notice.from.email) ? [notice.from.email] : [];
  const message = oneWayStream(raw, hooks);
  const mail = {
    data: { signal: AbortSignal.timeout(DELIVERY_LIMIT_MS) },
    message: {
      getEnvelope: () => ({ from, to: [...to, ...own] }),
      messageId: () => notice.messageId,
      getHeader: () => notice.messageId,
      createReadStream: message.open,
    },
  } as unknown as PoolMail;
  return new Promise((resolve) => {
    pool.send(mail, (error, info) => {
      const failed = error as SendError | null;
      if (failed || !info) {
        const delivery = failure(failed as SendError, message.hasLeft(), notice);
        const isSenderRefused = failed?.command === "MAIL FROM" && (failed.responseCode ?? 0) >= 500;
        return resolve({ delivery, isSenderRefused });
      }
      const refused = (info.rejected ?? []).map((address) => lower(String(address)));
      const theirs = refused.filter((address) => !own.includes(address));
      // Only our own copy was taken: to whoever it is for, nothing was said.
      const delivery =
        theirs.length === to.length
          ? failure((info.rejectedErrors?.[0] ?? new Error("refused")) as SendError, false, notice)
          : accepted(info.response, theirs);
      resolve({ delivery, isSenderRefused: false });
    });
  });
}

function accepted(response: string | undefined, refused: string[]): Delivery {
  const note = refused.length > 0 ? `; refused: ${refused.join(", ")}` : "";
  return { outcome: "accepted", response: `${response ?? "accepted"}${note}`, refused };
}

/**
 * The message as a stream that is first read when the server has answered DATA with 354, and waits for `dataSent` before
 * it gives anything away. So an error before that is certainly not sent; nodemailer alone cannot tell (it reports both a
 * refused connection and a reply lost after the final dot as ECONNECTION).
 */
function oneWayStream(message: Buffer, hooks: DeliveryHooks) {
  let hasLeft = false;
  const open = (): Readable =>
    new Readable({
      read() {
        if (hasLeft) {
          this.destroy(new Error("the message was already given to a server"));
          return;
        }
        hooks.dataSent().then(
          () => {
            hasLeft = true;
            this.push(message);
            this.push(null);
          },
          (error: Error) => this.destroy(error),
        );
      },
    });
  return { open, hasLeft: () => hasLeft };
}

function failure(error: SendError, hasLeft: boolean, notice: Pick<OutgoingNotice, "attempts">): Delivery {
  const response = error.response ?? error.message;
  if (error.responseCode === undefined) {
    if (hasLeft) return { outcome: "ambiguous", response };
    if (error.code === "EAUTH" || error.code === "ENOAUTH") {
      return { ...refusal(response, []), ...meaningOf(535, response, notice.attempts) };
    }
    return { outcome: "unreached", response };
  }
  const meaning = meaningOf(error.responseCode, response, notice.attempts);
  const named = (error.rejected ?? []).map(lower);
  return { ...refusal(response, meaning.permanent ? named : []), ...meaning };
}

function refusal(response: string, refused: string[]) {
  return {
    outcome: "rejected" as const,
    class: "refused" as const,
    permanent: false,
    retryAfterMs: null,
    response,
    scope: "notice" as const,
    refused: refused.map(lower),
  };
}

const lower = (text: string) => text.toLowerCase();
