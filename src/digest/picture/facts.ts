// What the digest's picture shows: coverage by what is owed, and a row a unit; pure. Many units: the busiest, and sums.
import type { Campaign, Deliverable, Locale } from "../../campaign/campaign.ts";
import type { Obligation, ObligationState } from "../../deadline/obligation.ts";

/** How far one owed thing has come, over all who owe it. */
export interface Coverage {
  name: string;
  all: number;
  met: number;
  metLate: number;
  waived: number;
  overdue: number;
  open: number;
}

/** What one unit owes of one thing; `done` of `all`, where it owes several items of it. */
export interface Cell {
  state: ObligationState;
  done: number;
  all: number;
}

export interface PictureRow {
  name: string;
  ideas: number;
  people: number;
  /** People as a share of the head-count, in percent; null where that is unknown. */
  share: number | null;
  /** One a column; null: nothing of it is owed. */
  cells: (Cell | null)[];
}

export interface PictureFacts {
  locale: Locale;
  coverage: Coverage[];
  columns: string[];
  rows: PictureRow[];
  /** Whether people send things of their own accord at all. */
  hasIdeas: boolean;
  /** The active units that have no row of their own. */
  rest: { units: number; ideas: number; people: number } | null;
  /** Units nothing has come from that have no row of their own. */
  quiet: number;
}

/** A unit as the digest counts it. */
export interface UnitStanding {
  code: string;
  name: string;
  ideas: number;
  people: number;
  share: number | null;
}

/** Up to here every unit has a row; a longer picture nobody reads on a telephone. */
const ROWS_OF_ALL = 40;
const ROWS_OF_BUSIEST = 20;
/** More columns would leave the bars no room at the width of a telephone: then one column has the sums. */
const COLUMNS = 3;

export function pictureFacts(
  campaign: Campaign,
  obligations: Obligation[],
  standings: UnitStanding[],
): PictureFacts | null {
  const owed = campaign.deliverables.filter(({ code }) =>
    obligations.some(({ deliverable }) => deliverable === code),
  );
  const byUnit = Map.groupBy(obligations, ({ unit }) => unit);
  const hasIdeas = campaign.deliverables.some(({ from }) => from === "person");
  const shown = standings
    .filter(({ code, ideas }) => ideas > 0 || byUnit.has(code) || !isLeadership(campaign, code))
    .toSorted((a, b) => b.ideas - a.ideas || b.people - a.people);
  if (shown.length === 0 && owed.length === 0) return null;
  const isAll = shown.length <= ROWS_OF_ALL;
  const listed = isAll ? shown : shown.slice(0, ROWS_OF_BUSIEST).filter(({ ideas }) => ideas > 0);
  const others = shown.slice(listed.length);
  const active = others.filter(({ ideas }) => ideas > 0);
  return {
    locale: campaign.locale,
    coverage: owed.map((deliverable) => coverageOf(deliverable, obligations)),
    columns: columnsOf(owed, campaign.locale),
    rows: listed.map(({ code, ...standing }) => ({
      ...standing,
      cells: cellsOf(byUnit.get(code) ?? [], owed),
    })),
    hasIdeas,
    rest: active.length > 0 ? sumOf(active) : null,
    quiet: others.length - active.length,
  };
}

function isLeadership(campaign: Campaign, code: string): boolean {
  return campaign.units.find((unit) => unit.code === code)?.kind === "leadership";
}

function sumOf(standings: UnitStanding[]) {
  const sum = (count: (standing: UnitStanding) => number) =>
    standings.reduce((total, standing) => total + count(standing), 0);
  return { units: standings.length, ideas: sum(({ ideas }) => ideas), people: sum(({ people }) => people) };
}

function coverageOf({ code, name }: Deliverable, obligations: Obligation[]): Coverage {
  const own = obligations.filter(({ deliverable }) => deliverable === code);
  const count = (...states: ObligationState[]) => own.filter(({ state }) => states.includes(state)).length;
  return {
    name,
    all: own.length,
    met: count("met"),
    metLate: count("met-late"),
    waived: count("waived"),
    overdue: count("overdue"),
    open: count("outstanding", "extended"),
  };
}

function columnsOf(owed: Deliverable[], locale: Locale): string[] {
  if (owed.length <= COLUMNS) return owed.map(({ name }) => name);
  return [locale === "zh-CN" ? "已交/应交" : "in / owed"];
}

function cellsOf(own: Obligation[], owed: Deliverable[]): (Cell | null)[] {
  if (owed.length > COLUMNS) return [cellOf(own)];
  return owed.map(({ code }) => cellOf(own.filter(({ deliverable }) => deliverable === code)));
}

/** What a cell says of several things is the worst of them. */
const worstFirst: ObligationState[] = ["overdue", "outstanding", "extended", "met-late", "met", "waived"];

function cellOf(own: Obligation[]): Cell | null {
  if (own.length === 0) return null;
  const state = worstFirst.find((one) => own.some((obligation) => obligation.state === one)) ?? "outstanding";
  const done = own.filter((one) => ["met", "met-late", "waived"].includes(one.state)).length;
  return { state, done, all: own.length };
}

/** The picture in words, for whoever does not see it. */
export function pictureInWords(facts: PictureFacts): string {
  const zh = facts.locale === "zh-CN";
  const coverage = facts.coverage.map((one) => {
    const done = one.met + one.metLate + one.waived;
    return zh
      ? `${one.name}已交 ${done}/${one.all}${one.overdue > 0 ? `，逾期 ${one.overdue}` : ""}`
      : `${one.name}: ${done} of ${one.all} in${one.overdue > 0 ? `, ${one.overdue} overdue` : ""}`;
  });
  const busiest = facts.rows.filter(({ ideas }) => ideas > 0).slice(0, 5);
  const units = busiest.map(({ name, ideas, people }) =>
    zh ? `${name} ${ideas} 条 ${people} 人` : `${name} ${ideas} from ${people}`,
  );
  const parts = [...coverage, ...units];
  const most = facts.rows.length > busiest.length || facts.rest ? (zh ? " 等" : ", …") : "";
  return `${zh ? "各单位进度：" : "Progress by unit: "}${parts.join(zh ? "；" : "; ")}${most}`;
}
