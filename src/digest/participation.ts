// Who takes part: what people of a unit send of their own accord, against its head-count; pure.
import { type Campaign, unitOf } from "../campaign/campaign.ts";
import type { Books } from "./books.ts";
import type { UnitStanding } from "./picture/facts.ts";
import { ledgerWords } from "./words.ts";

export interface ShareRow {
  unit: string;
  submissions: number;
  people: number;
  staff: number | null;
  /** People as a share of the head-count, in percent; null when that is not configured. */
  share: number | null;
  /** 0…100, for a bar: against the busiest unit. */
  bar: number;
}

export interface Participation {
  shares: ShareRow[];
  /** Units nothing has come from yet, the leadership aside. */
  quietUnits: string[];
  /** Units that take part, of all that could; and how many people they are, with those of no known unit. */
  units: { active: number; all: number };
  ideas: number;
  people: number;
}

/** What units owe is counted as owed. What no unit is known for has a row of its own, so that the rows add up. */
export function participationOf(campaign: Campaign, books: Books): Participation {
  const count = counter(campaign, books);
  const standings = standingsOf(campaign, books);
  const unknown = count((code) => unitOf(campaign, code) === null);
  const rows: ShareRow[] = standings
    .filter(({ ideas }) => ideas > 0)
    .toSorted((a, b) => b.ideas - a.ideas)
    .map(({ code, name, ideas, people, share }) => ({
      ...{ unit: name, submissions: ideas, people, share, bar: 0 },
      staff: unitOf(campaign, code)?.staff ?? null,
    }));
  if (unknown.ideas > 0) {
    const unit = ledgerWords(campaign.locale).unitUnknown;
    rows.push({ unit, submissions: unknown.ideas, people: unknown.people, staff: null, share: null, bar: 0 });
  }
  const most = Math.max(1, ...rows.map(({ submissions }) => submissions));
  const may = standings.filter(({ code }) => unitOf(campaign, code)?.kind !== "leadership");
  return {
    shares: rows.map((row) => ({ ...row, bar: Math.max(2, Math.round((row.submissions / most) * 100)) })),
    quietUnits: may.filter(({ ideas }) => ideas === 0).map(({ name }) => name),
    units: { active: may.filter(({ ideas }) => ideas > 0).length, all: may.length },
    ideas: rows.reduce((sum, row) => sum + row.submissions, 0),
    people: rows.reduce((sum, row) => sum + row.people, 0),
  };
}

/** Every unit with what came from it, in the campaign's order. */
export function standingsOf(campaign: Campaign, books: Books): UnitStanding[] {
  const count = counter(campaign, books);
  return campaign.units.map(({ code, name, staff }) => {
    const { ideas, people } = count((unit) => unit === code);
    return { code, name, ideas, people, share: staff ? Math.round((people / staff) * 1000) / 10 : null };
  });
}

function counter(campaign: Campaign, books: Books) {
  const voluntary = new Set(
    campaign.deliverables.filter((one) => one.from === "person").map(({ code }) => code),
  );
  const shares = Map.groupBy(
    books.shares.filter(({ type }) => voluntary.has(type)),
    ({ unit }) => unit,
  );
  const participants = Map.groupBy(books.participants, ({ unit }) => unit);
  return (isOurs: (unit: string | null) => boolean) => {
    let ideas = 0;
    let people = 0;
    for (const [unit, own] of shares)
      if (isOurs(unit)) ideas += own.reduce((sum, one) => sum + one.submissions, 0);
    for (const [unit, own] of participants)
      if (isOurs(unit)) people += own.reduce((sum, one) => sum + one.people, 0);
    return { ideas, people };
  };
}
