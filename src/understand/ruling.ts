// What the office rules on what is owed, in its own words: "收到 文化馆 总结 纸质", "延期 文化馆、图书馆 总结 12-28", "取消免交 …".
import type { PlainDate } from "../text/dates.ts";
import type { Knowledge } from "./knowledge.ts";
import { type NotResolved, readItem, readType, readUnit } from "./named-values.ts";
import type { When } from "./ruling-date.ts";
import { type RulingToken, rulingTokens } from "./ruling-line.ts";
import { type ReceivedBy, type RulingKind, TALK } from "./ruling-words.ts";

export type RulingProblem =
  | NotResolved
  | { what: "not-understood"; written: string }
  | { what: "said-twice"; written: string }
  | { what: "unit-missing" }
  | { what: "deliverable-missing" }
  /** `written` where a date was tried: "一周", "31 June". */
  | { what: "date-missing"; written: string | null }
  /** Behind as many as are carried out of one mail. */
  | { what: "too-many"; most: number };

/** What is ruled, in codes; of what exactly is owed, whoever carries it out knows. */
export interface RulingOrder {
  /** As the office wrote it, for the report. */
  line: string;
  /** Which line of the text it stands in. */
  at: number;
  kind: RulingKind;
  /** An earlier ruling of this kind is taken back. */
  revokes: boolean;
  /** Empty: whoever owes the items, or `everybody`. */
  units: string[];
  everybody: boolean;
  deliverables: string[];
  items: { deliverable: string; item: string }[];
  /** The new date, or when it came. */
  when: When | null;
  by: ReceivedBy | null;
  /** How it came, as written. */
  byWritten: string | null;
  why: string | null;
  problems: RulingProblem[];
}

/** The rulings of one line; none where it is a line of talk. `today` says which year a date without one is of. */
export function rulingsInLine(line: string, knowledge: Knowledge, today: PlainDate): RulingOrder[] {
  if (!MAY_RULE.test(line)) return [];
  const [first = "", ...rest] = withoutBullet(line).split(/[;；。]/);
  const clauses = [first];
  for (const part of rest) {
    // A stop ends a clause where what follows rules as well; elsewhere it stands in a reason.
    if (MAY_RULE.test(part) && clauseRulings(part, knowledge, today)) clauses.push(part);
    else if (part.trim() !== "") clauses.push(`${clauses.pop()}；${part}`);
  }
  const ruled = clauses.map((clause) => clauseRulings(clause, knowledge, today));
  // One clause of a sentence that is none, and the others are none either.
  return ruled.includes(null) ? [] : ruled.flatMap((orders) => orders ?? []);
}

/** Whether a line is such that nobody can have meant anything else: it begins with what is to be done. */
export function beginsWithRuling(line: string, knowledge: Knowledge, today: PlainDate): boolean {
  const first = rulingTokens(withoutBullet(line), { knowledge, today, toward: "ahead" })[0];
  return first?.is === "ruling" || first?.is === "revoking";
}

/** Nearly every line of a mail is none of these, and costs nothing. */
const MAY_RULE = /收|交|报|送|延|展|宽|顺|推|缓|免|豁|receiv|handed|exten|postpon|waive|exempt|receipt/i;
const BULLET = /^\s*(?:[-*•·○●→➔▶>]+|[(（]?\d{1,2}[.)、．）](?!\d))\s*/;

function withoutBullet(line: string): string {
  return line.slice(BULLET.exec(line)?.[0].length ?? 0);
}

function clauseRulings(clause: string, knowledge: Knowledge, today: PlainDate): RulingOrder[] | null {
  const kindOf = (tokens: RulingToken[]) => tokens.find((token) => token.is === "ruling")?.kind ?? null;
  const ahead = rulingTokens(clause, { knowledge, today, toward: "ahead" });
  const tokens =
    kindOf(ahead) === "receipt" ? rulingTokens(clause, { knowledge, today, toward: "back" }) : ahead;
  const groups = grouped(tokens);
  if (groups === null) return null;
  const orders = groups.map((group) => orderOf(clause, group, knowledge));
  return orders.some((order) => order === null) ? null : (orders as RulingOrder[]);
}

/** "收到 甲 总结，延期 乙 总结 12-28" are two; null: nothing is ruled here, or it cannot be told what. */
function grouped(tokens: RulingToken[]): RulingToken[][] | null {
  const rulings = tokens.filter(({ is }) => is === "ruling");
  if (rulings.length === 0) return null;
  if (rulings.length === 1) return [tokens];
  const isMark = ({ is }: RulingToken) => is === "ruling" || is === "revoking";
  const isSame = rulings.every(
    (one) => one.is === "ruling" && rulings[0]?.is === "ruling" && one.kind === rulings[0].kind,
  );
  if (!isMark(tokens[0] as RulingToken)) return isSame ? [tokens] : null;
  const groups: RulingToken[][] = [];
  for (const [at, token] of tokens.entries()) {
    const follows =
      tokens[at - 1]?.is === "revoking" || (token.is === "ruling" && tokens[at - 1]?.is === "ruling");
    if (isMark(token) && !follows) groups.push([token]);
    else groups.at(-1)?.push(token);
  }
  return groups;
}

/** "12月20日前交来" asks for what has not come. */
const BY_THEN = /^\s*(?:之前|以前|前)/u;
const MOST_UNKNOWN = 2;
const LONGEST_NAME = 24;

function orderOf(line: string, tokens: RulingToken[], knowledge: Knowledge): RulingOrder | null {
  const kind = tokens.find((token) => token.is === "ruling")?.kind;
  if (kind === undefined) return null;
  const order: RulingOrder = {
    ...{ line: line.trim().slice(0, 300), at: 0, kind, revokes: false, units: [], everybody: false },
    ...{ deliverables: [], items: [], when: null, by: null, byWritten: null, why: null, problems: [] },
  };
  const unknown: string[] = [];
  let tried: string | null = null;
  for (const token of tokens) {
    switch (token.is) {
      case "ruling":
        if (token.kind !== kind) return null;
        break;
      case "revoking":
        order.revokes = true;
        break;
      case "everybody":
        order.everybody = true;
        break;
      case "unit":
        addNamed(order, "unit", token, knowledge);
        break;
      case "deliverable":
        addNamed(order, "type", token, knowledge);
        break;
      case "item":
        addNamed(order, "item", token, knowledge);
        break;
      case "when":
        if (kind === "receipt" && BY_THEN.test(line.slice(token.end))) return null;
        if (order.when && JSON.stringify(order.when) !== JSON.stringify(token.when))
          order.problems.push({ what: "said-twice", written: token.written });
        order.when ??= token.when;
        break;
      case "unclear-when":
        tried = token.written;
        break;
      case "way":
        order.by ??= token.by;
        order.byWritten ??= token.written;
        break;
      case "why":
        order.why = isBlank(token.why) ? null : token.why.slice(0, 500);
        break;
      case "unknown":
        unknown.push(token.written.trim());
        break;
      default:
        token satisfies never;
    }
  }
  if (!isMeant(order, tokens, unknown)) return null;
  nameUnknown(order, unknown, knowledge);
  complete(order, tried);
  return order;
}

/** A line that says more than can be understood is a ruling gone wrong only where it begins like one and is no talk. */
function isMeant(order: RulingOrder, tokens: RulingToken[], unknown: string[]): boolean {
  const { units, deliverables, items, problems, everybody, kind } = order;
  const named = units.length + deliverables.length + items.length + problems.length;
  const hasUnit = units.length > 0 || items.length > 0 || everybody;
  const opens = tokens[0]?.is === "ruling" || tokens[0]?.is === "revoking";
  if (unknown.length === 0) {
    // "总结已收到" thanks somebody.
    if (kind === "receipt" && !order.revokes) return named > 0 && hasUnit;
    return named > 0 || (everybody && opens);
  }
  if (!opens || unknown.length > MOST_UNKNOWN || TALK.test(unknown.join(" "))) return false;
  if (unknown.some((written) => written.length > LONGEST_NAME)) return false;
  const isFramed = tokens.at(-1)?.is !== "unknown" || hasUnit;
  const isDated = order.when !== null && kind !== "receipt";
  return hasUnit || (deliverables.length > 0 && unknown.length === 1 && isFramed) || isDated;
}

function addNamed(
  order: RulingOrder,
  field: "unit" | "type" | "item",
  token: RulingToken & { codes: string[] },
  { campaign }: Knowledge,
): void {
  const [code] = token.codes;
  if (token.codes.length > 1 || code === undefined) {
    const all =
      field === "unit"
        ? campaign.units
        : field === "type"
          ? campaign.deliverables
          : campaign.deliverables.flatMap(({ code: of, items }) =>
              items.map(({ code, name }) => ({ code: `${of}/${code}`, name })),
            );
    const nearest = all.filter((one) => token.codes.includes(one.code)).map(({ name }) => name);
    order.problems.push({ what: "several-meant", field, written: token.written, nearest });
  } else if (field === "item") {
    const [deliverable, item] = code.split("/") as [string, string];
    order.items.push({ deliverable, item });
  } else {
    const known = field === "unit" ? order.units : order.deliverables;
    if (!known.includes(code)) known.push(code);
  }
}

/** What stands where a name should is taken for one nobody has, and told with the nearest. */
function nameUnknown(order: RulingOrder, unknown: string[], knowledge: Knowledge): void {
  for (const written of unknown) {
    const lacksUnit = order.units.length === 0 && order.items.length === 0 && !order.everybody;
    const lacksThing = order.deliverables.length === 0 && order.items.length === 0;
    const field =
      lacksUnit && !said(order, "unit") ? "unit" : lacksThing && !said(order, "type") ? "type" : null;
    const read =
      field === "unit"
        ? readUnit(written, knowledge)
        : field === "type"
          ? readThing(written, knowledge)
          : null;
    if (read && "what" in read) order.problems.push(read);
    else order.problems.push({ what: "not-understood", written: written.slice(0, 80) });
  }
}

const said = ({ problems }: RulingOrder, field: "unit" | "type"): boolean =>
  problems.some(
    (one) => "field" in one && (one.field === field || (field === "type" && one.field === "item")),
  );

function readThing(written: string, knowledge: Knowledge) {
  const item = readItem(written, knowledge);
  return "what" in item ? readType(written, knowledge) : item;
}

/** What a ruling cannot do without. */
function complete(order: RulingOrder, tried: string | null): void {
  const { units, items, deliverables, everybody, kind, revokes, when } = order;
  if (units.length === 0 && items.length === 0 && !everybody && !said(order, "unit"))
    order.problems.push({ what: "unit-missing" });
  if (deliverables.length === 0 && items.length === 0 && !said(order, "type"))
    order.problems.push({ what: "deliverable-missing" });
  if (revokes) return;
  if (tried !== null || (kind === "extension" && when === null))
    order.problems.push({ what: "date-missing", written: tried });
  if (kind === "waiver" && when !== null) order.problems.push({ what: "not-understood", written: when.on });
}

/** "原因=…" as the digest leaves it to be filled in. */
function isBlank(value: string): boolean {
  return /^[\s.…·?？_＿—-]*(?:请?填[写入]?.{0,6})?[\s.…。?？_＿—-]*$/u.test(value);
}
