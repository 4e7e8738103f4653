// What a ruling of the office comes to: which owed things it is about, what it adds to what was ruled before, or why nothing.
import { dateOf, dueInstant, instantOf, type PlainDate, type TimeOfDay } from "../../text/dates.ts";
import type { RulingOrder, RulingProblem } from "../../understand/ruling.ts";
import type { When } from "../../understand/ruling-date.ts";
import type { ReceivedBy, RulingKind } from "../../understand/ruling-words.ts";
import type { Obligation } from "../obligation.ts";

/** What was handed in on paper, as a file that is stored under its hash. */
export interface Scan {
  /** In hex. */
  sha256: string;
  filename: string;
  mediaType: string;
}

export type ScannedOrder = RulingOrder & { scans: Scan[] };

/** A ruling as it is kept. */
export interface KeptRuling {
  kind: RulingKind | `${RulingKind}-revoked`;
  deliverable: string;
  unit: string;
  item: string | null;
  dueOn: PlainDate | null;
  dueTime: TimeOfDay | null;
  receivedAt: Date | null;
  receivedBy: ReceivedBy | null;
  why: string;
  scans: Scan[];
}

export type NotRuled =
  | { why: "unclear"; problems: RulingProblem[] }
  | { why: "not-owed"; unit: string; deliverable: string }
  | { why: "nobody-owes"; deliverable: string }
  | { why: "item-needed"; unit: string; deliverable: string; items: string[] }
  | { why: "item-unfit"; deliverable: string; item: string; unit: string | null }
  /** Not later than what was announced. */
  | { why: "not-later"; when: When; deliverable: string }
  | { why: "not-yet"; on: PlainDate }
  /** Another line of the same mail says otherwise of the same thing. */
  | { why: "contradicts"; other: string };

/** What is in force for one thing. */
export interface InForce {
  waived: boolean;
  extension: KeptRuling | null;
  receipts: KeptRuling[];
}

type Thing = Pick<Obligation, "key" | "deliverable" | "unit" | "item">;

/** The owed things an order is about. */
export function thingsOf(order: RulingOrder, obligations: Obligation[]): Obligation[] | NotRuled {
  if (order.problems.length > 0) return { why: "unclear", problems: order.problems };
  const things: Obligation[] = [];
  for (const { deliverable, item } of order.items) {
    const one = obligations.find((owed) => owed.deliverable === deliverable && owed.item === item);
    const isTheirs = one && (order.units.length === 0 || order.units.includes(one.unit));
    const isOfType = order.deliverables.length === 0 || order.deliverables.includes(deliverable);
    if (!one || !isTheirs || !isOfType)
      return { why: "item-unfit", deliverable, item, unit: one?.unit ?? null };
    things.push(one);
  }
  const named = new Set(order.items.map(({ deliverable }) => deliverable));
  for (const deliverable of order.deliverables.filter((code) => !named.has(code))) {
    const owed = obligations.filter((one) => one.deliverable === deliverable);
    if (owed.length === 0) return { why: "nobody-owes", deliverable };
    if (order.units.length === 0) things.push(...owed);
    for (const unit of order.units) {
      const theirs = owed.filter((one) => one.unit === unit);
      if (theirs.length === 0) return { why: "not-owed", unit, deliverable };
      if (theirs.length > 1 && !order.everybody)
        return { why: "item-needed", unit, deliverable, items: theirs.flatMap(({ item }) => item ?? []) };
      things.push(...theirs);
    }
  }
  return [...new Set(things)];
}

/** Rulings oldest first, as the rule of obligations reads them. */
export function inForceFor(thing: Thing, rulings: KeptRuling[]): InForce {
  const force: InForce = { waived: false, extension: null, receipts: [] };
  for (const ruling of rulings) {
    if (ruling.deliverable !== thing.deliverable || ruling.unit !== thing.unit || ruling.item !== thing.item)
      continue;
    if (ruling.kind === "waiver") force.waived = true;
    else if (ruling.kind === "waiver-revoked") force.waived = false;
    else if (ruling.kind === "extension") Object.assign(force, { extension: ruling, waived: false });
    else if (ruling.kind === "extension-revoked") force.extension = null;
    else if (ruling.kind === "receipt") force.receipts.push(ruling);
    else force.receipts = [];
  }
  return force;
}

export interface Made {
  at: Date;
  /** When what is said to have come did come, where no day is named. */
  cameAt: Date;
  zone: string;
  /** For the record, where the office gave no reason of its own. */
  asWritten: string;
}

/** What is to be kept of an order about a thing; null: it holds already. */
export function rulingOn(
  thing: Obligation,
  order: ScannedOrder,
  force: InForce,
  made: Made,
): KeptRuling | NotRuled | null {
  const { kind, revokes, when, scans } = order;
  const { deliverable, unit, item } = thing;
  const of = { deliverable, unit, item };
  const none = { dueOn: null, dueTime: null, receivedAt: null, receivedBy: null, scans: [] };
  const why = order.why ?? made.asWritten;
  if (revokes) {
    const holds = {
      waiver: force.waived,
      extension: force.extension !== null,
      receipt: force.receipts.length > 0,
    };
    return holds[kind] ? { ...of, ...none, kind: `${kind}-revoked`, why } : null;
  }
  switch (kind) {
    case "waiver":
      return force.waived ? null : { ...of, ...none, kind, why };
    case "extension": {
      if (when === null) return null;
      const { announcedAt } = thing;
      if (announcedAt !== null && dueInstant(when.on, when.time, made.zone) <= announcedAt)
        return { why: "not-later", when, deliverable };
      const { extension, waived } = force;
      const isSame = !waived && extension?.dueOn === when.on && extension.dueTime === when.time;
      return isSame ? null : { ...of, ...none, kind, dueOn: when.on, dueTime: when.time, why };
    }
    case "receipt": {
      if (when !== null && when.on > dateOf(made.at, made.zone)) return { why: "not-yet", on: when.on };
      // A day without a time is its beginning: nothing that came on the due day came late.
      const receivedAt = when === null ? made.cameAt : instantOf(when.on, when.time ?? "00:00", made.zone);
      const known = new Set(force.receipts.flatMap((one) => one.scans.map(({ sha256 }) => sha256)));
      const fresh = scans.filter(({ sha256 }) => !known.has(sha256));
      const isSaid = force.receipts.some(
        (one) => when === null || (one.receivedAt !== null && +one.receivedAt === +receivedAt),
      );
      if (isSaid && fresh.length === 0) return null;
      // A scan that comes later belongs to what came earlier.
      const first = force.receipts[0]?.receivedAt;
      const at = when === null && isSaid && first ? first : receivedAt;
      const by = order.by ?? (isSaid ? (force.receipts[0]?.receivedBy ?? null) : null);
      const words = order.by === "other" && order.byWritten && order.why ? `${order.byWritten}；${why}` : why;
      return { ...of, ...none, kind, receivedAt: at, receivedBy: by, why: words, scans: fresh };
    }
    default:
      return kind satisfies never;
  }
}

/** Of two orders about one thing, the one that says otherwise; taking back and ruling anew is no contradiction. */
export function contradicting(one: RulingOrder, others: RulingOrder[]): RulingOrder | null {
  const isOther = (other: RulingOrder) =>
    other !== one &&
    other.revokes === one.revokes &&
    (other.kind !== one.kind ||
      (one.kind === "extension" && JSON.stringify(other.when) !== JSON.stringify(one.when)));
  return one.revokes ? null : (others.find(isOther) ?? null);
}
