// A campaign played on a virtual clock: mails arrive at their times, mornings and digests come, through the real code.
import { createHash } from "node:crypto";
import type { VirtualClock } from "../clock.ts";
import { reopeningMark } from "../deadline/records.ts";
import { takeIn } from "../intake/intake.ts";
import { OFFICE_NOTICES } from "../notice/outbox.ts";
import { nextSending } from "../notice/quota/records.ts";
import { leaveUnchained } from "../store/audit.ts";
import { keepSecret } from "../store/secret.ts";
import { addDays, dateOf, instantOf, type PlainDate } from "../text/dates.ts";
import type { App } from "./app.ts";
import { inDeliveryOrder } from "./delivery-order.ts";
import { type MemoryMailbox, memoryMailbox } from "./memory.ts";
import { chasePass, duePass, handleAll, sendPass } from "./passes.ts";

export interface PlayedMail {
  name: string;
  arrivedAt: Date;
  raw: Buffer;
}

export interface PlayOptions {
  app: App;
  clock: VirtualClock;
  mails: PlayedMail[];
  /** Both inclusive. */
  from: PlainDate;
  to: PlainDate;
  /** Called at the end of each day of the campaign. */
  onDay?: (on: PlainDate) => Promise<void>;
}

interface Moment {
  at: Date;
  mails: PlayedMail[];
  /** A time of the day at which something may become due, and not only an arrival. */
  isPlanned: boolean;
}

/**
 * Plays all moments in order and leaves the clock at the end of the last day. Mails outside the span are not played. The
 * service asks every minute what is due; here it is asked at every minute at which the answer can be another one.
 */
export async function play({ app, clock, mails, from, to, onDay }: PlayOptions): Promise<void> {
  const { campaign } = app;
  const mailbox = memoryMailbox("played");
  const startsAt = instantOf(from, "00:00", campaign.timezone);
  clock.moveTo(startsAt);
  const byDay = Map.groupBy(inDeliveryOrder(mails), ({ arrivedAt }) => dateOf(arrivedAt, campaign.timezone));
  let wakeAt: Date | null = null;
  const asked = { mark: "" };
  for (let on = from; on <= to; on = addDays(on, 1)) {
    const planned = momentsOf(app, on, byDay.get(on) ?? []);
    const tomorrow = instantOf(addDays(on, 1), "00:00", campaign.timezone);
    for (;;) {
      const next: Moment | undefined = planned[0];
      const isWoken: boolean = wakeAt !== null && wakeAt < (next?.at ?? tomorrow);
      const moment = isWoken ? { at: wakeAt as Date, mails: [], isPlanned: true } : planned.shift();
      if (!moment) break;
      clock.moveTo(moment.at);
      wakeAt = await playMoment(app, mailbox, moment, startsAt, asked);
    }
    await onDay?.(on);
  }
  clock.moveTo(instantOf(to, "23:59:59", campaign.timezone));
}

/** What `poll` does, less what would certainly do nothing. Returns when something still waits to leave. */
async function playMoment(
  app: App,
  mailbox: MemoryMailbox,
  { mails, isPlanned }: Moment,
  liveAt: Date,
  asked: { mark: string },
): Promise<Date | null> {
  const { db, campaign, clock } = app;
  for (const { raw, arrivedAt } of mails) mailbox.deliver(raw, arrivedAt);
  const { recorded } = await takeIn(mailbox, { ...app, liveAt, enqueue: async () => undefined });
  if (recorded > 0) await handleAll(app);
  const mark = await reopeningMark(db, campaign);
  if (isPlanned) await duePass(app);
  else if (mark !== asked.mark) await chasePass(app);
  asked.mark = mark;
  if (recorded === 0) {
    const waiting = await nextSending(db, campaign, clock.now());
    if (!waiting.isDue) return wholeMinute(waiting.at);
  }
  await sendPass(app);
  return wholeMinute((await nextSending(db, campaign, clock.now())).at);
}

/** The service looks once a minute. */
function wholeMinute(at: Date | null): Date | null {
  return at && new Date(Math.ceil(at.getTime() / 60_000) * 60_000);
}

/** Every arrival, and the times of the day at which something may become due: once each, in order. */
function momentsOf({ campaign, calendar }: App, on: PlainDate, mails: PlayedMail[]): Moment[] {
  const times = [calendar.noticeTime(on), instantOf(on, campaign.office.digest, campaign.timezone)];
  const planned = new Set(times.map((at) => at.getTime()));
  const arriving = Map.groupBy(mails, ({ arrivedAt }) => arrivedAt.getTime());
  return [...new Set([...planned, ...arriving.keys()])]
    .sort((a, b) => a - b)
    .map((at) => ({ at: new Date(at), mails: arriving.get(at) ?? [], isPlanned: planned.has(at) }));
}

/**
 * Makes what a played campaign sends the same every time, Message-IDs of notices to the office included: an answer to a
 * digest of one play may then be among the mails of the next. Not for a database that is kept.
 */
export async function sameEveryTime({ db, campaign, clock }: App): Promise<void> {
  const secret = createHash("sha256").update(`played\n${campaign.code}`).digest();
  await keepSecret(db, OFFICE_NOTICES, secret, clock.now());
  await leaveUnchained(db);
}
