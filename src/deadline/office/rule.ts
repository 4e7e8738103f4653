// The office's rulings are carried out, each by itself and each with its own result, in the caller's transaction.
import type { Campaign } from "../../campaign/campaign.ts";
import type { Trx } from "../../store/database.ts";
import type { RulingKind } from "../../understand/ruling-words.ts";
import type { Calendar } from "../calendar.ts";
import type { Obligation } from "../obligation.ts";
import { currentObligations } from "../records.ts";
import { keepRuling, keptRulings, lockRulings, type RulingDecider } from "./records.ts";
import {
  contradicting,
  type InForce,
  inForceFor,
  type KeptRuling,
  type NotRuled,
  rulingOn,
  type ScannedOrder,
  thingsOf,
} from "./ruled.ts";

/** What now holds for one owed thing. */
export interface RuledThing {
  obligation: Pick<
    Obligation,
    "deliverable" | "unit" | "item" | "dueOn" | "dueTime" | "state" | "metAt" | "metBy"
  >;
  force: InForce;
  /** False: it was so already. */
  changed: boolean;
}

export interface Ruled {
  line: string;
  /** Which line of the mail it was. */
  at: number;
  result:
    | { did: "ruled"; kind: RulingKind; revoked: boolean; scans: number; things: RuledThing[] }
    | NotRuled;
}

/** Half a ruling is none: where one of the things a line names cannot be ruled on, none of them is. */
export async function rule(
  trx: Trx,
  campaign: Campaign,
  calendar: Calendar,
  orders: ScannedOrder[],
  decider: RulingDecider & { cameAt: Date },
): Promise<Ruled[]> {
  if (orders.length === 0) return [];
  await lockRulings(trx, campaign);
  const obligations = await currentObligations(trx, campaign, calendar, decider.at);
  const rulings = await keptRulings(trx, campaign);
  const asked = orders.map((order) => ({ order, things: thingsOf(order, obligations) }));
  const ordersBy = Map.groupBy(
    asked.flatMap(({ order, things }) =>
      Array.isArray(things) ? things.map(({ key }) => ({ key, order })) : [],
    ),
    ({ key }) => key,
  );
  const decided: { order: ScannedOrder; outcome: NotRuled | { thing: Obligation; changed: boolean }[] }[] =
    [];
  for (const { order, things } of asked) {
    const outcome = Array.isArray(things) ? await ruleOne(order, things) : things;
    decided.push({ order, outcome });
  }
  const after = new Map(
    (await currentObligations(trx, campaign, calendar, decider.at)).map((one) => [one.key, one]),
  );
  return decided.map(({ order, outcome }) => {
    const { line, at, kind, revokes: revoked } = order;
    if (!Array.isArray(outcome)) return { line, at, result: outcome };
    const things = outcome.map(({ thing, changed }) => ({
      obligation: after.get(thing.key) ?? thing,
      force: inForceFor(thing, rulings),
      changed,
    }));
    return { line, at, result: { did: "ruled", kind, revoked, scans: order.scans.length, things } };
  });

  async function ruleOne(
    order: ScannedOrder,
    things: Obligation[],
  ): Promise<NotRuled | { thing: Obligation; changed: boolean }[]> {
    const others = things.flatMap(({ key }) => ordersBy.get(key)?.map((one) => one.order) ?? []);
    const other = contradicting(order, others);
    if (other) return { why: "contradicts", other: other.line };
    const made = {
      at: decider.at,
      cameAt: decider.cameAt,
      zone: calendar.zone,
      asWritten: decider.way === "mail" ? order.line : (order.byWritten ?? ""),
    };
    const kept: { thing: Obligation; ruling: KeptRuling | null }[] = [];
    for (const thing of things) {
      const ruling = rulingOn(thing, order, inForceFor(thing, rulings), made);
      if (ruling && !("kind" in ruling)) return ruling;
      kept.push({ thing, ruling });
    }
    for (const { ruling } of kept) {
      if (!ruling) continue;
      await keepRuling(trx, campaign, ruling, decider);
      rulings.push(ruling);
    }
    return kept.map(({ thing, ruling }) => ({ thing, changed: ruling !== null }));
  }
}
