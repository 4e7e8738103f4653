// Reminder, overdue notice and escalation: one mail that names everything a unit owes, and by when.
import { type Campaign, deliverableOf, unitOf } from "../../campaign/campaign.ts";
import type { Calendar } from "../../deadline/calendar.ts";
import type { DutyNotice } from "../../deadline/ladder.ts";
import type { Obligation } from "../../deadline/obligation.ts";
import { isExtended } from "../../deadline/standing.ts";
import { type PlainDate, weekday, writtenDate, writtenDue } from "../../text/dates.ts";
import type { NoticeIntent } from "../notice.ts";
import { asLine, render } from "../render.ts";

/** One notice a unit a day: written once, however often its day is asked about. */
export function dutyKey(notice: Pick<DutyNotice, "unit" | "on">): string {
  return `duty/${notice.unit}/${notice.on}`;
}

export async function dutyIntent(
  notice: DutyNotice,
  campaign: Campaign,
  calendar: Calendar,
): Promise<NoticeIntent> {
  const owed = notice.owed.map((obligation) => owedView(obligation, campaign, calendar, notice.on));
  const causes = new Set(notice.causes.map(({ key }) => key));
  const cause = notice.owed.find(({ key }) => causes.has(key));
  const toLeader = notice.to.some(({ email }) => leaders(notice.unit, campaign).includes(email));
  // Where nobody stands above the liaison the step still falls to them: asked to deliver, not to urge themselves.
  const template = notice.kind === "escalation" && !toLeader ? "overdue" : notice.kind;
  const words = await render(campaign, template, {
    campaign: { title: campaign.title, code: campaign.code },
    office: campaign.office.name,
    mailbox: campaign.mailbox.address,
    unit: unitOf(campaign, notice.unit)?.name ?? notice.unit,
    addressee: notice.to
      .map(({ name }) => asLine(name, 40))
      .filter(Boolean)
      .join(campaign.locale === "en" ? ", " : "、"),
    toLeader,
    today: writtenDate(notice.on, campaign.locale),
    first: cause ? owedView(cause, campaign, calendar, notice.on) : owed[0],
    owed,
    overdue: owed.filter(({ isOverdue }) => isOverdue),
    ahead: owed.filter(({ isOverdue }) => !isOverdue),
    countsWorkingDays: campaign.reminders.workingDaysOnly,
    returned: notice.returned,
  });
  return {
    key: dutyKey(notice),
    kind: notice.kind,
    to: notice.to,
    cc: notice.cc,
    ...words,
    attachments: [],
    inReplyTo: null,
    references: [],
    causeMessageId: null,
    unit: notice.unit,
    stillOwed: notice.owed.map(({ key }) => key),
    notBefore: calendar.noticeTime(notice.on),
  };
}

/** Who leads the unit or answers for one of its items: they are told, and addressed, differently from a liaison. */
function leaders(code: string, campaign: Campaign): string[] {
  const unit = unitOf(campaign, code);
  const items = campaign.deliverables.flatMap((deliverable) => deliverable.items);
  const leads = items.filter((item) => item.unit === code).map((item) => item.lead);
  return [unit?.head, unit?.supervisor, ...leads].flatMap((contact) => contact?.email ?? []);
}

function owedView(obligation: Obligation, campaign: Campaign, calendar: Calendar, today: PlainDate) {
  const deliverable = deliverableOf(campaign, obligation.deliverable);
  const item = deliverable?.items.find(({ code }) => code === obligation.item);
  const { dueOn, dueTime } = obligation;
  return {
    name: deliverable?.name ?? obligation.deliverable,
    item: item?.name ?? "",
    due: dueOn === null ? "" : writtenDue(dueOn, dueTime, campaign.locale),
    day: dueOn === null ? "" : writtenDate(dueOn, campaign.locale),
    time: dueTime ?? "",
    weekday: dueOn === null ? "" : weekdayName(dueOn, campaign),
    isExtended: isExtended(obligation),
    isOverdue: obligation.state === "overdue",
    days: dueOn !== null && dueOn < today ? calendar.noticeDaysBetween(dueOn, today) : 0,
  };
}

function weekdayName(on: PlainDate, campaign: Campaign): string {
  const zh = ["一", "二", "三", "四", "五", "六", "日"];
  const en = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
  const index = weekday(on) - 1;
  return campaign.locale === "en" ? (en[index] ?? "") : `星期${zh[index]}`;
}
