// What the system itself had trouble with, for whoever keeps it running; pure.
import type { Campaign } from "../campaign/campaign.ts";
import { unknownYears } from "../deadline/calendar.ts";
import { classOfRecorded, type ReplyClass } from "../notice/replies.ts";
import type { PlainDate } from "../text/dates.ts";
import type { Books } from "./books.ts";

export type Trouble =
  | { kind: "books-unbalanced" }
  | { kind: "mailbox-never-read"; name: string }
  | { kind: "mailbox-unread"; name: string; minutes: number; error: string | null }
  /** Ours: once it is full, what people send is returned to them and never seen here. */
  | { kind: "mailbox-full"; name: string; percent: number }
  | { kind: "mails-open"; mails: number }
  | { kind: "backlog"; mails: number }
  | { kind: "answers-capped"; notices: number; addresses: string[] }
  /** Of our account, as the provider said it; nothing leaves until then. */
  | { kind: "account-paused"; why: ReplyClass | null; response: string; until: Date; waiting: number }
  /** Due for longer than the hour in which the quota comes back. */
  | { kind: "notices-late"; notices: number; minutes: number; perHour: number }
  | { kind: "taken-for-spam"; notices: number }
  | { kind: "sent-folder-unread"; error: string }
  /** Nobody is there: mail to many leaves these addresses out until they write or the office says so. */
  | { kind: "addresses-paused"; addresses: string[] }
  | { kind: "returns-unmatched"; mails: number }
  /** Working days of these years are guesses: the program knows no public calendar for them. */
  | { kind: "calendar-unknown"; years: number[] }
  | { kind: "ledger-left-out" }
  /** Notices went with the built-in words, for these mistakes in the office's own templates. */
  | { kind: "templates-unusable"; notices: number; mistakes: string[] }
  | { kind: "picture-left-out"; detail: string };

const UNREAD_MINUTES = 30;
const LATE_MINUTES = 60;
const NEARLY_FULL = 0.9;

export function troublesOf(campaign: Campaign, books: Books, today: PlainDate, now: Date): Trouble[] {
  const troubles: Trouble[] = [];
  if (!books.balance.balances) troubles.push({ kind: "books-unbalanced" });
  if (books.mailboxes.length === 0)
    troubles.push({ kind: "mailbox-never-read", name: campaign.mailbox.address });
  for (const mailbox of books.mailboxes) {
    const { name, full } = mailbox;
    if (full !== null && full >= NEARLY_FULL)
      troubles.push({ kind: "mailbox-full", name, percent: Math.floor(full * 100) });
    if (mailbox.lastReadAt === null) {
      troubles.push({ kind: "mailbox-never-read", name: mailbox.name });
      continue;
    }
    const minutes = Math.floor((now.getTime() - mailbox.lastReadAt.getTime()) / 60_000);
    if (minutes < UNREAD_MINUTES) continue;
    troubles.push({ kind: "mailbox-unread", name: mailbox.name, minutes, error: mailbox.lastError });
  }
  if (books.mailsInTotal.received > 0)
    troubles.push({ kind: "mails-open", mails: books.mailsInTotal.received });
  if (books.backlogUnanswered > 0) troubles.push({ kind: "backlog", mails: books.backlogUnanswered });
  if (books.capped.length > 0) {
    const notices = books.capped.reduce((sum, one) => sum + one.notices, 0);
    troubles.push({ kind: "answers-capped", notices, addresses: books.capped.map(({ address }) => address) });
  }
  troubles.push(...outboundTroubles(campaign, books, now));
  if (books.paused.length > 0)
    troubles.push({ kind: "addresses-paused", addresses: books.paused.map(({ address }) => address) });
  if (books.unmatchedReturns > 0) troubles.push({ kind: "returns-unmatched", mails: books.unmatchedReturns });
  const year = Number(today.slice(0, 4));
  const years = unknownYears(campaign, [today]).filter((unknown) => unknown >= year);
  if (years.length > 0) troubles.push({ kind: "calendar-unknown", years });
  return troubles;
}

function outboundTroubles({ smtp }: Campaign, books: Books, now: Date): Trouble[] {
  const troubles: Trouble[] = [];
  const { waiting, since, paused } = books.heldUp;
  const minutes = since ? Math.floor((now.getTime() - since.getTime()) / 60_000) : 0;
  if (paused) {
    const why = classOfRecorded(paused.response);
    troubles.push({ kind: "account-paused", why, ...paused, waiting });
  } else if (smtp && minutes >= LATE_MINUTES) {
    troubles.push({ kind: "notices-late", notices: waiting, minutes, perHour: smtp.perHour });
  }
  const notices = books.undelivered.filter(
    ({ state, response }) => state === "rejected" && classOfRecorded(response ?? "") === "spam",
  ).length;
  if (notices > 0) troubles.push({ kind: "taken-for-spam", notices });
  if (books.sentFolderError !== null)
    troubles.push({ kind: "sent-folder-unread", error: books.sentFolderError });
  return troubles;
}
