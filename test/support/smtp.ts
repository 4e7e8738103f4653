// A real SMTP server on loopback that keeps what it is given; some recipients make it misbehave in a known way.

import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from "smtp-server";

/**
 * What a recipient's local part makes the server do:
 * - `temperror@` 451 to RCPT · `full@` 552, `grey@` 450 of a greylist to RCPT · `permerror@` 550 to RCPT · `frequency@` QQ's 550 to RCPT · `spam@` 554 after the data
 * - `timeout@` never answers RCPT · `silent-after-data@` takes the message and never answers
 * - `drop-before-data@` hangs up at DATA, unanswered · `drop-after-data@` takes the whole message, then hangs up without a reply
 */
export interface ReceivedMail {
  /** Of the Message-ID header, with angle brackets; "" when it has none. */
  messageId: string;
  from: string;
  to: string[];
  raw: string;
}

export interface SmtpSink {
  host: string;
  port: number;
  /** Every message whose final dot arrived, answered or not. */
  mails: ReceivedMail[];
  /** TCP connections opened since the start. */
  connections(): number;
  stop(): Promise<void>;
}

export interface SmtpSinkOptions {
  /** Keep only the count of messages, for benchmarks: `mails` stays empty. */
  discard?: boolean;
  /** Heard before the server answers; "hang-up": it never will. */
  onMail?: (mail: ReceivedMail) => unknown;
  /** Refuses as MAIL FROM whatever is not one of these: 163 answers 553, QQ 501. */
  senders?: { taken: string[]; reply: [code: number, words: string] };
  /** Where set, AUTH is required with this password. */
  password?: string;
  /** Default: any free one. */
  port?: number;
}

const replyTo: Record<string, [code: number, words: string]> = {
  temperror: [451, "4.3.0 try again later"],
  full: [552, "5.2.2 mailbox is full"],
  grey: [450, "4.2.0 Recipient address rejected: Greylisted"],
  permerror: [550, "5.1.1 no such user"],
  frequency: [550, "Sender frequency limited. https://help.mail.example/550"],
};

export async function startSmtp(options: SmtpSinkOptions = {}): Promise<SmtpSink> {
  const mails: ReceivedMail[] = [];
  let opened = 0;
  const sockets = new Map<string, { destroy(): void }>();
  const server = new SMTPServer({
    disabledCommands: options.password === undefined ? ["STARTTLS", "AUTH"] : ["STARTTLS"],
    allowInsecureAuth: true,
    authOptional: options.password === undefined,
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 100,
    onAuth: (auth, _session, callback) => {
      if (auth.password === options.password) callback(null, { user: auth.username ?? "" });
      else callback(Object.assign(new Error("5.7.8 authentication failed"), { responseCode: 535 }));
    },
    onMailFrom: (address, _session, callback) => {
      const { senders } = options;
      if (senders === undefined || senders.taken.includes(address.address)) return callback();
      const [responseCode, words] = senders.reply;
      callback(Object.assign(new Error(words), { responseCode }));
    },
    onRcptTo: (address, _session, callback) => {
      const local = localPart(address.address);
      const reply = replyTo[local];
      if (local === "timeout") return;
      if (reply) callback(Object.assign(new Error(reply[1]), { responseCode: reply[0] }));
      else callback();
    },
    onData: (stream, session, callback) => {
      take(stream, session, callback).catch((error: Error) => callback(error));
    },
  });

  async function take(
    stream: SMTPServerDataStream,
    session: SMTPServerSession,
    callback: (error?: Error | null) => void,
  ): Promise<void> {
    const locals = session.envelope.rcptTo.map(({ address }) => localPart(address));
    const hangUp = () => sockets.get(session.id)?.destroy();
    if (locals.includes("drop-before-data")) return hangUp();
    const raw = (await buffer(stream)).toString("utf8");
    const { mailFrom, rcptTo } = session.envelope;
    const mail = {
      messageId: /^message-id:\s*(<[^>\r\n]+>)/im.exec(raw)?.[1] ?? "",
      from: mailFrom === false ? "" : mailFrom.address,
      to: rcptTo.map(({ address }) => address),
      raw,
    };
    if (!options.discard) mails.push(mail);
    const wish = await options.onMail?.(mail);
    if (wish === "hang-up" || locals.includes("drop-after-data")) return hangUp();
    if (locals.includes("silent-after-data")) return;
    if (locals.includes("spam")) callback(Object.assign(new Error("DT:SPM spam"), { responseCode: 554 }));
    else callback();
  }

  // smtp-server gives handlers the session only; hanging up needs the socket behind it.
  const connect = Reflect.get(server, "connect") as (socket: { destroy(): void }, facts: object) => void;
  Reflect.set(server, "connect", function (this: SMTPServer, socket: { destroy(): void }, facts: object) {
    opened++;
    connect.call(this, socket, facts);
    const connections = Reflect.get(this, "connections") as Set<{ id: string; _socket: { destroy(): void } }>;
    for (const connection of connections) sockets.set(connection.id, connection._socket);
  });
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  return {
    host: "127.0.0.1",
    port: (server.server.address() as AddressInfo).port,
    mails,
    connections: () => opened,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function localPart(address: string): string {
  return address.slice(0, address.lastIndexOf("@")).toLowerCase();
}
