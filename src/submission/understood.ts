// One mail with all that is known of it, ready to be filed.
import type { ReadPart } from "../document/document.ts";
import type { Mail } from "../message/mail.ts";
import type { Understanding } from "../understand/evidence.ts";
import type { OfficeWords } from "../understand/office-words.ts";
import type { Decider } from "./office/records.ts";
import type { Thread } from "./thread.ts";

export interface UnderstoodMail {
  messageId: number;
  arrivedAt: Date;
  mail: Mail;
  parts: ReadPart[];
  understanding: Understanding;
  thread: Thread | null;
  /** What the office tells us to do with this mail; null: it is a mail like any other. */
  orders: ({ by: string; way: Decider["way"] } & OfficeWords) | null;
}
