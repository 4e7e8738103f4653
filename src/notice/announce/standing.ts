// How far an announcement has come: each person told when, or not, and who tells him otherwise; and the sums by unit.
import type { Campaign } from "../../campaign/campaign.ts";
import type { Trx } from "../../store/database.ts";
import type { NoticeState } from "../notice.ts";
import { foundIn, hasFailed, keysOf, openAddress } from "./announce.ts";
import { type Addressee, type Household, passerOf } from "./audience.ts";
import { type Told, toldAmong } from "./records.ts";

export type StandingState =
  /** A server took it. */
  | "sent"
  | "waiting"
  /** Nobody knows whether the server took it; it is not sent twice. */
  | "unclear"
  /** Came back or was refused, and no other address is left. */
  | "failed"
  /** Came back or was refused; the next address is written to when the announcement is run again. */
  | "next-address"
  | "no-address"
  /** Not written to yet. */
  | "unwritten"
  | "stopped";

export interface Standing {
  unit: string;
  name: string;
  address: string | null;
  state: StandingState;
  at: Date | null;
  response: string | null;
  /** Who tells him where no mail does: the unit's liaison or head; "": the office. */
  toldBy: string | null;
}

const ofNotices: Record<NoticeState, StandingState> = {
  intended: "waiting",
  claimed: "waiting",
  "data-sent": "waiting",
  accepted: "sent",
  ambiguous: "unclear",
  dropped: "stopped",
  rejected: "failed",
  bounced: "failed",
};

const PART = 500;

/** Everyone of the audience in its order; where it is everyone there is, then those who were told and have left it. */
export async function* standings(
  trx: Trx,
  campaign: Campaign,
  name: string,
  audience: Household[],
  isWhole: boolean,
): AsyncGenerator<Standing> {
  const people = audience.flat();
  const met = new Set<string>();
  for (let from = 0; from < people.length; from += PART) {
    const part = people.slice(from, from + PART);
    const found = foundIn(await toldAmong(trx, campaign, name, keysOf(part)));
    for (const person of part) {
      const own = found.of(person);
      for (const row of own) met.add(markOf(row));
      yield standingOf(person, own, openAddress(person, found), campaign);
    }
  }
  if (!isWhole) return;
  for (const row of await toldAmong(trx, campaign, name, null)) {
    if (met.has(markOf(row))) continue;
    met.add(markOf(row));
    const former = { name: row.name, units: [row.unit], addresses: [] };
    yield standingOf(former, [row], null, campaign);
  }
}

const markOf = ({ noticeId, person }: Told) => `${noticeId} ${person}`;

/** The best of what was written to a person says how he stands. */
const order: StandingState[] = ["sent", "waiting", "unclear", "stopped", "failed"];

function standingOf(person: Addressee, own: Told[], next: string | null, campaign: Campaign): Standing {
  const unit = person.units[0] ?? "";
  const best = own.toSorted((a, b) => rank(a) - rank(b) || b.noticeId - a.noticeId)[0];
  const state = stateOf(person, best, next);
  const { address = null, at = null, response = null } = best ?? { address: next };
  const isMissed = state === "failed" || state === "no-address";
  const facts = { unit, name: person.name, address, state, at, response: state === "sent" ? null : response };
  return { ...facts, toldBy: isMissed ? tellerOf(person, unit, campaign) : null };
}

const rank = ({ state }: Told) => order.indexOf(ofNotices[state]);

function stateOf({ addresses }: Addressee, best: Told | undefined, next: string | null): StandingState {
  if (best && !hasFailed(best)) return ofNotices[best.state];
  if (addresses.length === 0 && !best) return "no-address";
  if (next === null) return "failed";
  return best ? "next-address" : "unwritten";
}

/** Nobody passes on to himself what did not reach him. */
function tellerOf(person: Addressee, unit: string, campaign: Campaign): string {
  const teller = passerOf(campaign, unit);
  return teller === null || person.addresses.includes(teller.email.toLowerCase()) ? "" : teller.name;
}

export type Totals = Record<StandingState, number> & { people: number };

export function noTotals(): Totals {
  return {
    people: 0,
    ...{
      sent: 0,
      waiting: 0,
      unclear: 0,
      failed: 0,
      "next-address": 0,
      "no-address": 0,
      unwritten: 0,
      stopped: 0,
    },
  };
}

/** Adds one person to the sums of his unit. */
export function count(totals: Map<string, Totals>, { unit, state }: Pick<Standing, "unit" | "state">): void {
  const sum = totals.get(unit) ?? noTotals();
  sum.people += 1;
  sum[state] += 1;
  totals.set(unit, sum);
}
