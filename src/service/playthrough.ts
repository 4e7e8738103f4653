// A campaign played on a virtual clock: mails arrive at their times, mornings and digests come, through the real code.
import type { Campaign } from "../campaign/campaign.ts";
import type { VirtualClock } from "../clock.ts";
import { takeIn } from "../intake/intake.ts";
import { addDays, dateOf, instantOf, type PlainDate } from "../text/dates.ts";
import type { App } from "./app.ts";
import { memoryMailbox } from "./memory.ts";
import { duePass, handleAll, sendPass } from "./passes.ts";

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
}

/** Plays all moments in order and leaves the clock at the end of the last day. Mails outside the span are not played. */
export async function play({ app, clock, mails, from, to, onDay }: PlayOptions): Promise<void> {
  const { campaign } = app;
  const mailbox = memoryMailbox("played");
  const startsAt = instantOf(from, "00:00", campaign.timezone);
  clock.moveTo(startsAt);
  const sorted = mails.toSorted((a, b) => a.arrivedAt.getTime() - b.arrivedAt.getTime());
  for (let on = from; on <= to; on = addDays(on, 1)) {
    const today = sorted.filter(({ arrivedAt }) => dateOf(arrivedAt, campaign.timezone) === on);
    for (const moment of momentsOf(campaign, on, today)) {
      clock.moveTo(moment.at);
      for (const mail of moment.mails) mailbox.deliver(mail.raw, mail.arrivedAt);
      await takeIn(mailbox, { ...app, liveAt: startsAt, enqueue: async () => undefined });
      await handleAll(app);
      await duePass(app);
      await sendPass(app);
    }
    await onDay?.(on);
  }
  clock.moveTo(instantOf(to, "23:59:59", campaign.timezone));
}

/** Every arrival, and the times of the day at which something may become due: once each, in order. */
function momentsOf(campaign: Campaign, on: PlainDate, mails: PlayedMail[]): Moment[] {
  const moments: Moment[] = [campaign.reminders.quiet?.to ?? "08:30", campaign.office.digest].map((time) => ({
    at: instantOf(on, time, campaign.timezone),
    mails: [],
  }));
  for (const mail of mails) {
    const same = moments.find(({ at }) => at.getTime() === mail.arrivedAt.getTime());
    if (same) same.mails.push(mail);
    else moments.push({ at: mail.arrivedAt, mails: [mail] });
  }
  return moments.sort((a, b) => a.at.getTime() - b.at.getTime());
}
