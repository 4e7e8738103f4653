// The folder in which the provider keeps what we send: found by its use or its name, and looked through by listing, never by
// SEARCH, which too many servers answer wrongly or not at all (R11, R35). A short connection of its own, read-only.
import { ImapFlow } from "imapflow";
import { systemClock } from "../clock.ts";
import type { Logger } from "../log.ts";
import type { ImapSettings } from "./imap.ts";
import { MailboxUnavailable, unavailable } from "./unavailable.ts";

export interface SentCopies {
  /** As the server names it; null: there is none. */
  folder: string | null;
  /** Message-IDs of what it kept since the instant asked for. */
  ids: Set<string>;
}

/** `folder` null: the one the server marks as such, or whose name says so. */
export interface SentQuestion {
  folder: string | null;
  since: Date;
}

/** For the whole look: nothing waits for it but the proof. */
const LIMIT_MS = 60_000;
const PAGE = 200;
/** Newest first; a mailbox that people send from as well holds more than our notices. */
const LISTED_AT_MOST = 5_000;
/** The server's clock and ours may differ. */
const SLACK_MS = 3_600_000;

/** Rejects with MailboxUnavailable. */
export async function sentCopies(
  settings: Pick<ImapSettings, "host" | "port" | "secure" | "user" | "password">,
  question: SentQuestion,
  log: Logger,
  limitMs = LIMIT_MS,
): Promise<SentCopies> {
  const { host, port, secure, user, password } = settings;
  const client = new ImapFlow({
    ...{ host, port, secure, auth: { user, pass: password } },
    clientInfo: { name: "jinbox", version: "0.1.0", vendor: "jinbox" },
    ...{ logger: false, disableAutoIdle: true },
    ...{ connectionTimeout: 30_000, greetingTimeout: 30_000, socketTimeout: limitMs },
  });
  // Before connect(): an 'error' nobody listens to would end the process (R9).
  client.on("error", (error) => log.debug({ err: error }, "the look into the Sent folder failed"));
  const done = new AbortController();
  const tooLate = systemClock.sleep(limitMs, done.signal).then(
    () => {
      client.close();
      throw new MailboxUnavailable("timeout", "the Sent folder could not be looked through in time");
    },
    () => new Promise<never>(() => undefined),
  );
  try {
    const looked = client.connect().then(() => lookThrough(client, question));
    return await Promise.race([looked, tooLate]);
  } catch (error) {
    throw unavailable(error);
  } finally {
    done.abort();
    client.close();
  }
}

/** On a connection that is logged in; leaves the folder open. */
export async function lookThrough(client: ImapFlow, { folder, since }: SentQuestion): Promise<SentCopies> {
  const found = folder ?? (await sentFolderOf(client));
  if (found === null) return { folder: null, ids: new Set() };
  const { exists } = await client.mailboxOpen(found, { readOnly: true });
  return { folder: found, ids: await idsSince(client, exists, new Date(since.getTime() - SLACK_MS)) };
}

/** By SPECIAL-USE (RFC 6154), else by what servers without it call the folder, in some forty languages. */
async function sentFolderOf(client: ImapFlow): Promise<string | null> {
  const folders = await client.list();
  return folders.find(({ specialUse }) => specialUse === "\\Sent")?.path ?? null;
}

async function idsSince(client: ImapFlow, exists: number, since: Date): Promise<Set<string>> {
  const ids = new Set<string>();
  const oldest = Math.max(1, exists - LISTED_AT_MOST + 1);
  for (let last = exists; last >= oldest; last -= PAGE) {
    const range = `${Math.max(oldest, last - PAGE + 1)}:${last}`;
    const page = await client.fetchAll(range, { internalDate: true, headers: ["message-id"] });
    for (const { headers } of page) {
      const id = /<[^<>\s]+>/.exec(headers?.toString("latin1") ?? "")?.[0];
      if (id) ids.add(id);
    }
    if (page.every(({ internalDate }) => internalDate !== undefined && new Date(internalDate) < since)) break;
  }
  return ids;
}
