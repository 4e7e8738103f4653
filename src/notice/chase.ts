// The stage: who is due a notice now, who is better left alone, and the intents, in one transaction. Level-triggered (R49).

import type { Campaign } from "../campaign/campaign.ts";
import { crashPoint } from "../crash-point.ts";
import { mayHaveArrived } from "../deadline/arrived.ts";
import type { Calendar } from "../deadline/calendar.ts";
import { interlock, type WithheldReason } from "../deadline/interlock.ts";
import { type DutyNotice, dueNotices } from "../deadline/ladder.ts";
import { isOwed, type Obligation } from "../deadline/obligation.ts";
import { bouncedAddresses, currentObligations, lastReadAt, undecidedMails } from "../deadline/records.ts";
import type { Logger } from "../log.ts";
import { type Database, inSnapshot, type Trx } from "../store/database.ts";
import { dateOf, type PlainDate, timeOfDay } from "../text/dates.ts";
import { intend, keysWritten, type NoticeRow } from "./outbox.ts";
import { alreadySent, takeUpDropped } from "./records.ts";
import type { StillTrue, Verdict } from "./sending/checked.ts";
import { dutyIntent, dutyKey } from "./wording/duty.ts";

export interface ChaseOffice {
  db: Database;
  campaign: Campaign;
  calendar: Calendar;
  log: Logger;
}

/** A notice that is due and held back, or was all day: the office is told instead. */
export interface WithheldNotice {
  notice: DutyNotice;
  why: WithheldReason;
}

export interface DutyOutlook {
  due: DutyNotice[];
  withheld: WithheldNotice[];
  unreachable: DutyNotice[];
  obligations: Obligation[];
  /** Addresses whose latest notice came back. */
  bounced: ReadonlySet<string>;
}

/**
 * What is due at `now`, read from the ledger and changing nothing. Call it inside a snapshot: a mail that is filed after
 * the submissions were read and before the waiting mails are would be in neither, and its unit told it owes.
 */
export async function dutyOutlook(
  trx: Trx,
  campaign: Campaign,
  calendar: Calendar,
  now: Date,
  /** Asked as of another day: what of its notices is true now. */
  on: Date = now,
): Promise<DutyOutlook> {
  const obligations = await currentObligations(trx, campaign, calendar, now);
  const bounced = await bouncedAddresses(trx, campaign);
  const { arrived, ...undecided } = await undecidedMails(trx, campaign);
  const asked = obligations.filter((obligation) => !mayHaveArrived(obligation, arrived));
  const plan = dueNotices(asked, campaign, calendar, on, bounced);
  const why = interlock({ lastReadAt: await lastReadAt(trx, campaign), ...undecided, now });
  const outlook: DutyOutlook = { due: [], withheld: [], unreachable: plan.unreachable, obligations, bounced };
  outlook.due = plan.due.filter(({ unit, kind }) => why(unit, kind) === null);
  const today = [...plan.due, ...plan.over];
  const held = today.flatMap((notice) => {
    const reason = why(notice.unit, notice.kind);
    return reason === null ? [] : [{ notice, why: reason }];
  });
  if (asked.length < obligations.length) {
    // Not even reminded of what came and waits for the office: the office is told whose day it would have been.
    const planned = new Set([...today, ...plan.unreachable].map(({ unit }) => unit));
    const all = dueNotices(obligations, campaign, calendar, on, bounced);
    const whole = [...all.due, ...all.over].filter(({ unit }) => !planned.has(unit));
    held.push(...whole.map((notice) => ({ notice, why: "held-mail" as const })));
  }
  const sent = await alreadySent(
    trx,
    campaign,
    held.map(({ notice }) => dutyKey(notice)),
  );
  outlook.withheld = held.filter(({ notice }) => !sent.has(dutyKey(notice)));
  return outlook;
}

/** Writes today's duty notices to the outbox. Asked twice, or on two machines, it writes one a unit a day. */
export async function chase(office: ChaseOffice, now: Date): Promise<DutyOutlook & { intended: number }> {
  const { db, campaign, calendar, log } = office;
  const outlook = await inSnapshot(db, (trx) => dutyOutlook(trx, campaign, calendar, now));
  const told = await db.transaction().execute(async (trx) => {
    const keys = outlook.due.map(dutyKey);
    const written = await keysWritten(trx, campaign, keys);
    const fresh = outlook.due.filter((notice) => !written.has(dutyKey(notice)));
    const intents = await Promise.all(fresh.map((notice) => dutyIntent(notice, campaign, calendar)));
    const intended =
      (await intend(trx, campaign, intents, now)) + (await takeUpDropped(trx, campaign, keys, now));
    if (intended > 0) log.info({ intended }, "duty notices intended");
    for (const { notice, why } of outlook.withheld) {
      log.info({ unit: notice.unit, kind: notice.kind, why }, "a duty notice is held back");
    }
    if (intended > 0) crashPoint("chasing");
    return { ...outlook, intended };
  });
  crashPoint("chased");
  return told;
}

/** How long a notice held back when it came to be sent waits before it is asked about again. */
const ASK_AGAIN_MS = 5 * 60_000;

/**
 * The check at sending time: is it still owed, still today, still safe to say? A notice whose facts changed meanwhile is
 * reworded rather than sent stale; one that is no longer true is dropped (R37).
 */
export function dutyCheck({ db, campaign, calendar }: Omit<ChaseOffice, "log">): StillTrue {
  return async (rows, now) => {
    const verdicts = new Map<number, Verdict>();
    const asserting = rows.filter(({ still_owed }) => still_owed.length > 0);
    if (asserting.length === 0) return verdicts;
    const outlookOn = (on: Date) => inSnapshot(db, (trx) => dutyOutlook(trx, campaign, calendar, now, on));
    const outlook = await outlookOn(now);
    const owed = new Set(outlook.obligations.filter(isOwed).map(({ key }) => key));
    const today = dateOf(now, calendar.zone);
    for (const row of asserting) {
      const day = dayToResend(row);
      if (day !== null && (!calendar.isNoticeDay(today) || calendar.inQuietHours(now))) {
        const first = calendar.noticeTime(today);
        const isToday = calendar.isNoticeDay(today) && now < first;
        const until = isToday ? first : calendar.noticeTime(calendar.addNoticeDays(today, 1));
        verdicts.set(row.id, { still: "not-yet", why: "quiet hours", until });
        continue;
      }
      const isEarlier = day !== null && day !== today;
      const asOf = isEarlier ? await outlookOn(calendar.noticeTime(day)) : outlook;
      verdicts.set(row.id, await verdictOn(row, asOf, owed, campaign, calendar, now));
    }
    return verdicts;
  };
}

/** The office had it sent again, on whatever day: it is judged by its own day's ladder and by what is owed now. */
function dayToResend({ decision, key }: NoticeRow): PlainDate | null {
  return decision === "resend" && key.startsWith("duty/") ? key.slice(key.lastIndexOf("/") + 1) : null;
}

async function verdictOn(
  row: NoticeRow,
  outlook: DutyOutlook,
  owed: ReadonlySet<string>,
  campaign: Campaign,
  calendar: Calendar,
  now: Date,
): Promise<Verdict> {
  const isThis = (notice: DutyNotice) => dutyKey(notice) === row.key;
  const due = outlook.due.find(isThis);
  if (due) {
    const intent = await dutyIntent(due, campaign, calendar);
    const isSame =
      intent.kind === row.kind &&
      intent.subject === row.subject &&
      intent.text === row.text &&
      addresses([...intent.to, ...intent.cc]) === addresses([...row.to_contacts, ...row.cc_contacts]);
    return isSame ? { still: "true" } : { still: "changed", intent };
  }
  const withheld = outlook.withheld.find(({ notice }) => isThis(notice));
  if (withheld && !calendar.inQuietHours(now))
    return { still: "not-yet", why: withheld.why, until: new Date(now.getTime() + ASK_AGAIN_MS) };
  if (row.still_owed.some((key) => owed.has(key))) {
    const at = `${dateOf(now, calendar.zone)} ${timeOfDay(now, calendar.zone)}`;
    return { still: "false", why: `not due any more at ${at}` };
  }
  return { still: "false", why: "nothing it names is owed any more" };
}

const addresses = (contacts: { email: string }[]) => contacts.map(({ email }) => email).join(" ");
