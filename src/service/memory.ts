// A mailbox in memory: what the demo's own SMTP port receives, and a folder of mails played over time.
import type { FetchedMail, ListedMail, Mailbox } from "../intake/mailbox.ts";

const HEAD_BYTES = 64 * 1024;

export interface MemoryMailbox extends Mailbox {
  /** Delivers a mail; its uid is the next one. */
  deliver(raw: Buffer, arrivedAt: Date): void;
}

export function memoryMailbox(name: string): MemoryMailbox {
  const mails: FetchedMail[] = [];
  const listed = (after: number): ListedMail[] =>
    mails.filter(({ uid }) => uid > after).map(({ uid, bytes, arrivedAt }) => ({ uid, bytes, arrivedAt }));
  return {
    name,
    uidValidity: 1,
    deliver: (raw, arrivedAt) => {
      mails.push({ uid: mails.length + 1, bytes: raw.length, arrivedAt, raw });
    },
    list: async (after) => listed(after),
    listAll: async () => listed(0),
    async *fetch(uids) {
      for (const uid of uids) {
        const mail = mails[uid - 1];
        if (mail) yield mail;
      }
    },
    fetchHead: async (uid) => {
      const raw = mails[uid - 1]?.raw;
      return Buffer.isBuffer(raw) ? raw.subarray(0, HEAD_BYTES) : null;
    },
    close: async () => undefined,
  };
}
