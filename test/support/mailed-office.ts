// An office that is written to and answers: one for a test file, empty again before each test.
import { afterAll, beforeEach } from "vitest";
import type { OutgoingNotice } from "../../src/notice/compose.ts";
import { captureTransport } from "../../src/notice/transport.ts";
import { type MemoryMailbox, memoryMailbox } from "../../src/service/memory.ts";
import { type MailToBuild, mail } from "./mails.ts";
import { type OfficeParts, openOffice, type TestOffice } from "./office.ts";

/** When everything arrives that a test gives no other time. */
export const arrivedAt = new Date("2026-11-23T02:00:00Z");

export interface MailedOffice {
  office: TestOffice;
  /** What it sent since the test began. */
  sent: OutgoingNotice[];
  /** The test's own mailbox. */
  mailbox(): MemoryMailbox;
  /** Delivers mails one after another, each handled and answered before the next. */
  deliver(...mails: MailToBuild[]): Promise<void>;
  rows(query: string): Promise<Record<string, unknown>[]>;
}

/** To be awaited at the top of a test file: it is ended with the file's last test. */
export async function mailedOffice(parts: Omit<OfficeParts, "transport"> = {}): Promise<MailedOffice> {
  const sent: OutgoingNotice[] = [];
  const transport = captureTransport((notice) => void sent.push(notice));
  const office = await openOffice({ ...parts, transport });
  let boxes = 0;
  let mailbox = memoryMailbox("test");
  afterAll(() => office.end());
  beforeEach(async () => {
    await office.empty();
    sent.length = 0;
    boxes += 1;
    mailbox = memoryMailbox(`test-${boxes}`);
  });
  return {
    office,
    sent,
    mailbox: () => mailbox,
    deliver: async (...mails) => {
      for (const parts of mails) {
        mailbox.deliver(await mail(parts), arrivedAt);
        await office.pass(mailbox);
      }
    },
    rows: async (query) => (await office.database.pool.query(query)).rows,
  };
}
