// What any way out can do with one notice, and the two that send nothing: a folder of .eml files and a callback.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isoInZone } from "../text/dates.ts";
import { composeMessage, type OutgoingNotice } from "./compose.ts";
import type { ReplyClass } from "./replies.ts";

export type Delivery =
  /** `refused`: recipients the server refused while it took the notice for the others. */
  | { outcome: "accepted"; response: string; refused: string[] }
  | {
      outcome: "rejected";
      class: ReplyClass;
      permanent: boolean;
      retryAfterMs: number | null;
      response: string;
      scope: "notice" | "account";
      refused: string[];
    }
  /** No server was reached, or it broke off before it asked for the message: certainly not sent. */
  | { outcome: "unreached"; response: string }
  /** The message may have been taken (RFC 1047): the reply to its final dot never came. */
  | { outcome: "ambiguous"; response: string };

export interface DeliveryHooks {
  /** Awaited when the server has asked for the message and before any of it leaves (R34). A rejection stops it. */
  dataSent(): Promise<void>;
}

export interface SmtpTransport {
  /** Deliveries that may go on at once. */
  connections: number;
  deliver(notice: OutgoingNotice, hooks: DeliveryHooks): Promise<Delivery>;
  close(): Promise<void>;
}

/** As many notices as go on at once are marked in one statement. */
const CAPTURED_AT_ONCE = 50;

/** Hands each notice, in their order, to a callback instead of a server. */
export function captureTransport(onNotice: (notice: OutgoingNotice) => void | Promise<void>): SmtpTransport {
  return {
    connections: CAPTURED_AT_ONCE,
    deliver: async (notice, hooks) => {
      await hooks.dataSent();
      await onNotice(notice);
      return { outcome: "accepted", response: "captured", refused: [] };
    },
    close: async () => {},
  };
}

/** Writes each notice as an .eml file named by the campaign's wall clock: "2012-11-26-083000-reminder-liaison@….eml". */
export function folderTransport(directory: string, timezone: string): SmtpTransport {
  const taken = new Map<string, number>();
  const made = mkdir(directory, { recursive: true });
  // Waited for below; until the first notice a failure must not count as unhandled.
  made.catch(() => undefined);
  return captureTransport(async (notice) => {
    const at = isoInZone(notice.at, timezone).slice(0, 19).replaceAll(":", "").replace("T", "-");
    const to = (notice.to[0]?.email ?? "nobody").replace(/[^A-Za-z0-9@._-]/g, "_").replace(/^\.+/, "_");
    const name = `${at}-${notice.kind}-${to}`.slice(0, 120);
    const count = (taken.get(name) ?? 0) + 1;
    taken.set(name, count);
    await made;
    const file = join(directory, count === 1 ? `${name}.eml` : `${name}-${count}.eml`);
    await writeFile(file, await composeMessage(notice));
  });
}
