// The record of urging (催办记录): what was sent to whom about what, whether it got there, what came back, what came of it.
import type { Campaign, Contact } from "../../campaign/campaign.ts";
import { unitOf } from "../../campaign/campaign.ts";
import type { Calendar } from "../../deadline/calendar.ts";
import type { WithheldReason } from "../../deadline/interlock.ts";
import { type DutyKind, dueNotices } from "../../deadline/ladder.ts";
import { type Obligation, obligationsAt } from "../../deadline/obligation.ts";
import { rulingsOf, submissionFacts } from "../../deadline/records.ts";
import type { Trx } from "../../store/database.ts";
import { addDays, dateOf, type PlainDate, type TimeOfDay } from "../../text/dates.ts";
import { dutyOutlook } from "../chase.ts";
import {
  type AnswerRow,
  answersTo,
  type Span,
  type UrgedRow,
  urgedNotices,
  watchedSince,
} from "./records.ts";

export type Level = "liaison" | "head" | "supervisor";

/** How far one day's urging of one unit came. */
export type UrgingOutcome =
  /** A server took it. */
  | "sent"
  | "returned"
  | "refused"
  /** Nobody knows whether the server took it. */
  | "unclear"
  | "waiting"
  /** It was no longer true, or its day was over, before it could leave. */
  | "dropped"
  /** It was due and did not go: something may have arrived, or the system did not run. */
  | "held-back"
  /** It was due, and there was no address to send it to. */
  | "unreachable";

export interface UrgedThing {
  key: string;
  deliverable: string;
  item: string | null;
  /** As it stood that day. */
  dueOn: PlainDate | null;
  dueTime: TimeOfDay | null;
  wasOverdue: boolean;
  /** When and by what it was met since; null: it is still owed, or was waived. */
  metAt: Date | null;
  metBy: string | null;
  isLate: boolean;
}

export interface Urging {
  on: PlainDate;
  /** When it left; null: it did not. */
  at: Date | null;
  unit: string;
  kind: DutyKind;
  /** The highest level written to. */
  level: Level | null;
  to: Contact[];
  cc: Contact[];
  subject: string | null;
  things: UrgedThing[];
  outcome: UrgingOutcome;
  /** The server's words, or why it did not go. */
  response: string | null;
  returned: { at: Date; recipients: string[]; words: string } | null;
  answers: AnswerRow[];
}

/** Every step of a span, in order of days and of the configuration's units; days to come are not in it. */
export async function urgings(
  trx: Trx,
  campaign: Campaign,
  calendar: Calendar,
  span: Span,
  now: Date,
): Promise<Urging[]> {
  const facts = await submissionFacts(trx, campaign);
  const rulings = await rulingsOf(trx, campaign);
  const rows = await urgedNotices(trx, campaign, span);
  const answers = Map.groupBy(
    await answersTo(
      trx,
      rows.map(({ id }) => id),
    ),
    ({ noticeId }) => noticeId,
  );
  const today = dateOf(now, calendar.zone);
  // Asked day by day; a year of a large campaign's days at once would be gigabytes.
  let latest: { on: PlainDate; obligations: Obligation[] } | null = null;
  const obligationsOn = (on: PlainDate) => {
    if (latest?.on === on) return latest.obligations;
    const at = on === today ? now : calendar.noticeTime(on);
    latest = { on, obligations: obligationsAt(campaign, calendar, facts, rulings, at) };
    return latest.obligations;
  };
  const standing = new Map(
    obligationsAt(campaign, calendar, facts, rulings, now).map((one) => [one.key, one] as const),
  );
  const things = (keys: string[], on: PlainDate) =>
    obligationsOn(on)
      .filter(({ key }) => keys.includes(key))
      .map((one) => thing(one, standing.get(one.key) ?? one));
  const urged = rows.map((row): Urging => {
    const { on, unit, kind, subject, to_contacts: to, cc_contacts: cc, response } = row;
    return {
      ...{ on, unit, kind, subject, to, cc, response },
      at: row.data_sent_at,
      level: levelOf(to, unit, campaign),
      things: things(row.still_owed, on),
      outcome: outcomeOf(row),
      returned: returnedOf(row),
      answers: answers.get(row.id) ?? [],
    };
  });
  const unsent = await notSent(trx, campaign, calendar, { span, urged, obligationsOn, things }, now);
  const order = new Map(campaign.units.map(({ code }, index) => [code, index]));
  return [...urged, ...unsent].sort(
    (a, b) => a.on.localeCompare(b.on) || (order.get(a.unit) ?? 0) - (order.get(b.unit) ?? 0),
  );
}

interface Known {
  span: Span;
  urged: Urging[];
  obligationsOn: (on: PlainDate) => Obligation[];
  things: (keys: string[], on: PlainDate) => UrgedThing[];
}

/**
 * Nobody writes down what is not sent. It is what the ladder gives for a day, by what was due then and today's contacts,
 * and the outbox does not have: for today with the reason, for earlier days without.
 */
async function notSent(
  trx: Trx,
  campaign: Campaign,
  calendar: Calendar,
  { span, urged, obligationsOn, things }: Known,
  now: Date,
): Promise<Urging[]> {
  const since = await watchedSince(trx, campaign);
  if (since === null) return [];
  const today = dateOf(now, calendar.zone);
  const outlook = await dutyOutlook(trx, campaign, calendar, now);
  const reasons = new Map(outlook.withheld.map(({ notice, why }) => [notice.unit, why]));
  const written = new Set(urged.map(({ on, unit }) => `${on}/${unit}`));
  const unsent: Urging[] = [];
  const first = [span.from, dateOf(since, calendar.zone)].sort().at(-1) as PlainDate;
  for (let on = first; on <= span.to && on <= today; on = addDays(on, 1)) {
    const at = calendar.noticeTime(on);
    if (at < since || at > now) continue;
    const { due, unreachable } = dueNotices(obligationsOn(on), campaign, calendar, at);
    for (const notice of new Set([...due, ...unreachable])) {
      const { unit, kind, to, cc, owed } = notice;
      if (written.has(`${on}/${unit}`) || (span.unit !== null && unit !== span.unit)) continue;
      const why: WithheldReason | null = on === today ? (reasons.get(unit) ?? null) : null;
      if (on === today && why === null && to.length > 0) continue;
      unsent.push({
        ...{ on, at: null, unit, kind, to, cc, subject: null, returned: null, answers: [] },
        level: levelOf(to, unit, campaign),
        things: things(
          owed.map(({ key }) => key),
          on,
        ),
        outcome: to.length === 0 ? "unreachable" : "held-back",
        response: why,
      });
    }
  }
  return unsent;
}

function thing(then: Obligation, now: Obligation): UrgedThing {
  const { key, deliverable, item, dueOn, dueTime, state } = then;
  const { metAt, metBy } = now;
  const isLate = now.state === "met-late";
  return { key, deliverable, item, dueOn, dueTime, wasOverdue: state === "overdue", metAt, metBy, isLate };
}

function levelOf(to: Contact[], code: string, campaign: Campaign): Level | null {
  const unit = unitOf(campaign, code);
  const addresses = new Set(to.map(({ email }) => email.toLowerCase()));
  const levels: Level[] = ["supervisor", "head", "liaison"];
  return levels.find((level) => addresses.has(unit?.[level]?.email.toLowerCase() ?? "")) ?? null;
}

function outcomeOf({ state }: UrgedRow): UrgingOutcome {
  switch (state) {
    case "accepted":
      return "sent";
    case "bounced":
      return "returned";
    case "rejected":
      return "refused";
    case "ambiguous":
      return "unclear";
    case "dropped":
      return "dropped";
    case "intended":
    case "claimed":
    case "data-sent":
      return "waiting";
    default:
      return state satisfies never;
  }
}

function returnedOf({ bounce }: UrgedRow): Urging["returned"] {
  if (bounce === null) return null;
  const { at, recipients, diagnostic, status } = bounce as Record<string, string> & { recipients?: string[] };
  const words = [status, diagnostic].filter(Boolean).join(" ");
  return { at: new Date(at as string), recipients: recipients ?? [], words };
}
