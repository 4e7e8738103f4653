// In which order notices leave, and what share of the hour's quota each sort may take (R38); pure.
import type { Campaign } from "../../campaign/campaign.ts";
import type { NoticeKind } from "../notice.ts";

/** Most urgent first. */
export const urgencyOrder: NoticeKind[] = [
  "sign-in",
  "alert",
  "heartbeat",
  "acknowledgement",
  "clarification",
  "contact",
  "escalation",
  "overdue",
  "reminder",
  "ballot",
  "result",
  "digest",
  "announcement",
];
export const answerKinds: NoticeKind[] = ["acknowledgement", "clarification", "sign-in"];
/** What neither answers anybody nor goes to everybody. */
export const datedKinds = urgencyOrder.filter(
  (kind) => !answerKinds.includes(kind) && kind !== "announcement",
);

/** Share of the hourly quota only answers may use, so that a wave of reminders never delays an acknowledgement (R38). */
const KEPT_FOR_ANSWERS = 0.2;
/** Share an announcement to thousands leaves to what has a date: it goes on for days, a reminder is for today. */
const KEPT_FROM_ANNOUNCEMENTS = 0.4;

export const hourlyQuota = ({ smtp }: Pick<Campaign, "smtp">) => smtp?.perHour ?? Number.POSITIVE_INFINITY;

/** How many an hour take that answer nobody. */
export function othersPerHour(campaign: Pick<Campaign, "smtp">): number {
  return shareOf(hourlyQuota(campaign), KEPT_FOR_ANSWERS);
}

/** How many announcements an hour takes. */
export function announcementsPerHour(campaign: Pick<Campaign, "smtp">): number {
  return shareOf(hourlyQuota(campaign), KEPT_FROM_ANNOUNCEMENTS);
}

/** However small the quota is, nothing waits for ever. */
const shareOf = (perHour: number, kept: number) => Math.max(1, Math.floor(perHour * (1 - kept)));
