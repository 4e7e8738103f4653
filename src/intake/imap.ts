// A mailbox on an IMAP server, read without leaving a trace; every command has a deadline, every failure a name.
import { Readable } from "node:stream";
import { type FetchMessageObject, type FetchQueryObject, ImapFlow } from "imapflow";
import { type Clock, stopwatch, systemClock } from "../clock.ts";
import type { Logger } from "../log.ts";
import { isArrival } from "./arrival.ts";
import type { FetchedMail, ListedMail, LiveMailbox, Room } from "./mailbox.ts";
import { MailboxUnavailable, unavailable } from "./unavailable.ts";

export interface ImapSettings {
  host: string;
  port: number;
  secure: boolean;
  user: string;
  password: string;
  folder: string;
  /** Largest mail that will be fetched: no literal beyond it is accepted (R15). */
  maxBytes: number;
  /** Whether the server is asked to announce new mail (IDLE); it is asked now and then in any case. */
  idle?: boolean;
  /** A keyword set on the server once a mail is committed here; without it the folder is opened read-only. */
  flag?: string;
  /** Overrides for tests; the defaults are R8's. */
  limits?: Partial<Limits>;
}

interface Limits {
  /** Silence after which a connection is dead. */
  socketTimeoutMs: number;
  /** Quiet after which the server is asked whether it is still there: with the limit above less than 90 s (R8). */
  quietMs: number;
  commandMs: number;
  bytesPerSecond: number;
}

const defaultLimits: Limits = {
  socketTimeoutMs: 60_000,
  quietMs: 25_000,
  commandMs: 120_000,
  bytesPerSecond: 50_000,
};
/** One FETCH: bounded in bytes for memory, in mails for the length of the command. */
const BATCH_BYTES = 4 * 1024 * 1024;
const BATCH_MAILS = 500;
/** Above this a mail is streamed piece by piece. */
const STREAM_FROM_BYTES = 2 * 1024 * 1024;
const PIECE_BYTES = 1024 * 1024;
const HEAD_BYTES = 64 * 1024;
/** A line of a listing. */
const LISTED_BYTES = 120;

/** Connects, identifies, logs in and opens the folder; rejects with MailboxUnavailable. */
export async function openImap(settings: ImapSettings, clock: Clock, log: Logger): Promise<LiveMailbox> {
  const mailbox = new ImapMailbox(settings, clock, log);
  await mailbox.open();
  return mailbox;
}

export function imapName(settings: Pick<ImapSettings, "user" | "host" | "folder">): string {
  return `imap://${settings.user}@${settings.host}/${settings.folder}`;
}

class ImapMailbox implements LiveMailbox {
  readonly name: string;
  uidValidity = 0;
  /** Present only where flagging is asked for. */
  acknowledge?: (uids: number[]) => Promise<void>;
  readonly #settings: ImapSettings;
  readonly #limits: Limits;
  readonly #client: ImapFlow;
  readonly #clock: Clock;
  /** Sizes of what was listed: they decide what is streamed, and how long a fetch may take. */
  readonly #listed = new Map<number, ListedMail>();
  /** Mail was announced since the last listing began: a server says so once, often while we are busy with another command. */
  #hasNews = false;

  constructor(settings: ImapSettings, clock: Clock, log: Logger) {
    this.name = imapName(settings);
    this.#settings = settings;
    this.#limits = { ...defaultLimits, ...settings.limits };
    this.#clock = clock;
    this.#client = new ImapFlow({
      host: settings.host,
      port: settings.port,
      secure: settings.secure,
      auth: { user: settings.user, pass: settings.password },
      // NetEase answers SELECT with "Unsafe Login" to clients that do not identify themselves (RFC 2971).
      clientInfo: { name: "jinbox", version: "0.1.0", vendor: "jinbox" },
      logger: false,
      disableAutoIdle: true,
      connectionTimeout: 30_000,
      greetingTimeout: 30_000,
      socketTimeout: this.#limits.socketTimeoutMs,
      maxLiteralSize: settings.maxBytes + PIECE_BYTES,
      maxResponseSize: settings.maxBytes + 2 * PIECE_BYTES,
    });
    // Before connect(): an 'error' nobody listens to would end the process (R9). Commands in hand reject by themselves.
    this.#client.on("error", (error) =>
      log.debug({ err: error, mailbox: this.name }, "mail connection failed"),
    );
    this.#client.on("close", () => log.debug({ mailbox: this.name }, "mail connection closed"));
    this.#client.on("exists", () => {
      this.#hasNews = true;
    });
    if (settings.flag) this.acknowledge = (uids) => this.#flag(uids, settings.flag as string);
  }

  async open(): Promise<void> {
    try {
      await this.#within(this.#limits.commandMs, () => this.#client.connect());
      await this.#select();
    } catch (error) {
      this.#client.close();
      throw error;
    }
  }

  async list(after: number): Promise<ListedMail[]> {
    // Selecting again shows a changed UIDVALIDITY, and new mail on servers that announce nothing in between.
    await this.#select();
    return this.#listRange(after + 1);
  }

  async listAll(): Promise<ListedMail[]> {
    await this.#select();
    return this.#listRange(1);
  }

  async *fetch(uids: number[]): AsyncGenerator<FetchedMail> {
    for (const batch of this.#batches(uids)) {
      const [first] = batch;
      if (batch.length === 1 && first && first.bytes > STREAM_FROM_BYTES) {
        const streamed = await this.#stream(first);
        if (!streamed) continue;
        yield streamed;
        // The connection carries one command at a time: an unread rest would block the next one.
        if (!(streamed.raw as Readable).readableEnded) (streamed.raw as Readable).destroy();
      } else {
        yield* await this.#fetchBatch(batch);
      }
    }
  }

  async fetchHead(uid: number): Promise<Buffer | null> {
    const query = { source: { start: 0, maxLength: HEAD_BYTES } };
    const [found] = await this.#collect(String(uid), query, HEAD_BYTES);
    return found?.source ?? null;
  }

  async room(): Promise<Room | null> {
    const { folder } = this.#settings;
    const quota = await this.#within(this.#limits.commandMs, () => this.#client.getQuota(folder));
    const { usage = 0, limit = 0 } = (quota || null)?.storage ?? {};
    return limit > 0 ? { usedBytes: usage, limitBytes: limit } : null;
  }

  async waitForNews(limitMs: number, signal?: AbortSignal): Promise<void> {
    const woken = new AbortController();
    const wake = (): void => woken.abort();
    const elapsed = stopwatch();
    const isOver = (): boolean =>
      this.#hasNews || !this.#client.usable || woken.signal.aborted || elapsed() >= limitMs;
    signal?.addEventListener("abort", wake, { once: true });
    if (signal?.aborted) wake();
    this.#client.on("exists", wake);
    this.#client.on("close", wake);
    try {
      while (!isOver()) {
        // Servers without IDLE are only asked, and may answer with news (R11). A running IDLE ends with the next command.
        if (this.#settings.idle !== false && this.#client.capabilities.has("IDLE"))
          this.#client.idle().catch(wake);
        const quietMs = Math.min(this.#limits.quietMs, limitMs - elapsed());
        await this.#clock.sleep(quietMs, woken.signal).catch(() => undefined);
        // A connection that died without a word is found only by asking; an unused one is closed by ourselves (R8).
        if (!isOver()) await this.#within(this.#limits.commandMs, () => this.#client.noop());
      }
    } finally {
      signal?.removeEventListener("abort", wake);
      this.#client.off("exists", wake);
      this.#client.off("close", wake);
    }
    if (!this.#client.usable && !signal?.aborted)
      throw new MailboxUnavailable("network", "the mail server ended the connection");
  }

  async close(): Promise<void> {
    // A polite LOGOUT while the server listens; a dead connection is dropped.
    if (this.#client.usable) await this.#within(2_000, () => this.#client.logout()).catch(() => undefined);
    this.#client.close();
  }

  async #select(): Promise<void> {
    const { folder, flag } = this.#settings;
    const opened = await this.#within(this.#limits.commandMs, () =>
      this.#client.mailboxOpen(folder, { readOnly: flag === undefined }),
    );
    const validity = Number(opened.uidValidity);
    this.#hasNews = false;
    if (validity !== this.uidValidity) this.#listed.clear();
    this.uidValidity = validity;
  }

  async #listRange(from: number): Promise<ListedMail[]> {
    const { mailbox } = this.#client;
    const exists = mailbox ? mailbox.exists : 0;
    if (exists === 0) return [];
    const found = await this.#collect(`${from}:*`, { size: true, internalDate: true }, exists * LISTED_BYTES);
    // "N:*" always names the last mail, even when its uid is below N (RFC 3501 §6.4.8).
    const listed = found.filter((mail) => mail.uid >= from).map((mail) => this.#listedMail(mail));
    for (const mail of listed) this.#listed.set(mail.uid, mail);
    return listed.sort((one, other) => one.uid - other.uid);
  }

  #listedMail(mail: FetchMessageObject): ListedMail {
    const arrivedAt = new Date(mail.internalDate ?? Number.NaN);
    // A server that gives no INTERNALDATE, or an impossible one: the moment it is first seen is the best there is.
    const usable = isArrival(arrivedAt) ? arrivedAt : this.#clock.now();
    return { uid: mail.uid, bytes: mail.size ?? mail.source?.length ?? 0, arrivedAt: usable };
  }

  *#batches(uids: number[]): Generator<ListedMail[]> {
    let batch: ListedMail[] = [];
    let bytes = 0;
    for (const uid of uids) {
      const mail = this.#listed.get(uid) ?? { uid, bytes: 0, arrivedAt: this.#clock.now() };
      const full = batch.length >= BATCH_MAILS || bytes + mail.bytes > BATCH_BYTES;
      if (batch.length > 0 && (full || mail.bytes > STREAM_FROM_BYTES)) {
        yield batch;
        batch = [];
        bytes = 0;
      }
      batch.push(mail);
      bytes += mail.bytes;
      if (mail.bytes > STREAM_FROM_BYTES) {
        yield batch;
        batch = [];
        bytes = 0;
      }
    }
    if (batch.length > 0) yield batch;
  }

  async #fetchBatch(batch: ListedMail[]): Promise<FetchedMail[]> {
    const bytes = batch.reduce((sum, mail) => sum + mail.bytes, 0);
    const range = batch.map((mail) => mail.uid).join(",");
    // Not a byte beyond the limit, whatever size was announced: a literal too large would end the connection every time.
    const source = { start: 0, maxLength: this.#settings.maxBytes + 1 };
    const found = await this.#collect(range, { source, size: true, internalDate: true }, bytes);
    // An answer without the literal leaves the mail out: it is asked for again next time (R6).
    return found
      .filter((mail) => mail.source && mail.source.length > 0)
      .map((mail) => ({ ...this.#listedMail(mail), raw: mail.source as Buffer }));
  }

  /** A whole FETCH before anything is handed on: a command given inside the loop would wait for itself (R7). */
  #collect(range: string, query: FetchQueryObject, bytes: number): Promise<FetchMessageObject[]> {
    return this.#within(this.#deadline(bytes), async () => {
      const found: FetchMessageObject[] = [];
      for await (const mail of this.#client.fetch(range, { uid: true, ...query }, { uid: true }))
        found.push(mail);
      return found;
    });
  }

  async #stream(mail: ListedMail): Promise<FetchedMail | null> {
    const options = { uid: true, chunkSize: PIECE_BYTES };
    const { content } = await this.#within(this.#deadline(PIECE_BYTES), () =>
      this.#client.download(String(mail.uid), undefined, options),
    );
    if (!content) return null;
    return { ...mail, raw: Readable.from(this.#pieces(content), { objectMode: false }) };
  }

  /** Each piece has its own deadline, or a server that drips could use up that of the largest mail (R8). */
  async *#pieces(content: Readable): AsyncGenerator<Buffer> {
    const pieces: AsyncIterator<Buffer> = content[Symbol.asyncIterator]();
    let bytes = 0;
    try {
      while (bytes <= this.#settings.maxBytes) {
        const piece = await this.#within(this.#deadline(PIECE_BYTES), () => pieces.next());
        if (piece.done) return;
        bytes += piece.value.length;
        yield piece.value;
      }
    } finally {
      content.destroy();
    }
  }

  async #flag(uids: number[], flag: string): Promise<void> {
    const range = uids.join(",");
    await this.#within(this.#limits.commandMs, () =>
      this.#client.messageFlagsAdd(range, [flag], { uid: true }),
    );
  }

  #deadline(bytes: number): number {
    return this.#limits.commandMs + Math.ceil((bytes / this.#limits.bytesPerSecond) * 1000);
  }

  /** A dripping server keeps the socket busy for ever: past the deadline the connection is destroyed (R8). */
  async #within<T>(limitMs: number, command: () => Promise<T>): Promise<T> {
    const done = new AbortController();
    const elapsed = stopwatch();
    let expired = false;
    const expiry = systemClock.sleep(limitMs, done.signal).then(
      () => {
        expired = true;
        this.#client.close();
      },
      () => new Promise<never>(() => undefined),
    );
    const late = (): MailboxUnavailable =>
      new MailboxUnavailable(
        "timeout",
        `the mail server gave no answer for ${Math.round(elapsed() / 1000)} s`,
      );
    try {
      return await Promise.race([command(), expiry.then(() => Promise.reject(late()))]);
    } catch (error) {
      // Destroying the connection fails the command too; which of the two is seen first must not matter.
      // imapflow ends a silent connection by itself, and tells the command only that there is none any more.
      const silent =
        (error as { code?: string }).code === "NoConnection" && elapsed() >= this.#limits.socketTimeoutMs;
      throw expired || silent ? late() : unavailable(error);
    } finally {
      done.abort();
    }
  }
}
