// What any source of mail can do: an IMAP folder, a folder of .eml files, a Maildir.
import type { Readable } from "node:stream";

/** One mail as listed by its source, before its bytes are read. */
export interface ListedMail {
  /** Ascending within one uidValidity; a folder of files derives a stable number from the file name instead. */
  uid: number;
  bytes: number;
  /** The server's INTERNALDATE: the only arrival time that counts (R29). */
  arrivedAt: Date;
}

export interface FetchedMail extends ListedMail {
  /** Raw RFC 5322 bytes. Small ones as a Buffer, large ones streamed. */
  raw: Buffer | Readable;
}

export interface Room {
  usedBytes: number;
  limitBytes: number;
}

export interface Mailbox {
  /** Stable name of the source, "imap://user@host/INBOX". */
  name: string;
  uidValidity: number;
  /** Mails with uid > after, oldest first, sizes only (a folder lists all of its files). Never selects by \\Seen (R3). */
  list(after: number): Promise<ListedMail[]>;
  /** Every uid now on the server, for `reconcile`. */
  listAll(): Promise<ListedMail[]>;
  /** Raw bytes by BODY.PEEK: a person reading the mailbox elsewhere notices nothing. Absent answers are left out (R6). */
  fetch(uids: number[]): AsyncIterable<FetchedMail>;
  /** The first bytes of a mail too large to fetch, enough for its header; null when the source gives none. */
  fetchHead(uid: number): Promise<Buffer | null>;
  /** How full the whole account is; null: the server does not say. Absent: there is no such thing. */
  room?(): Promise<Room | null>;
  /** Only where flagging is asked for: marks on the server what is committed here. Its failure changes nothing (R13). */
  acknowledge?(uids: number[]): Promise<void>;
  close(): Promise<void>;
}

/** A mailbox that can say when something arrives. */
export interface LiveMailbox extends Mailbox {
  /** Resolves when mail may have arrived, at the latest after `limitMs`; rejects when the connection ends. */
  waitForNews(limitMs: number, signal?: AbortSignal): Promise<void>;
}
