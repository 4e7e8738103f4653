// Who is to be told, each person once: the roster and the units' contacts, however often and under however many addresses.
import { type Campaign, type Contact, isOurMailbox, type Unit, unitOf } from "../../campaign/campaign.ts";
import { defaults } from "../../campaign/defaults.ts";

/** One person. Whoever has one name and one address in two units, or two addresses in one unit, is one person. */
export interface Addressee {
  name: string;
  /** The first one is where totals count him; a person may belong to several. */
  units: string[];
  /** In the order in which they are tried; none: known by name only. */
  addresses: string[];
}

/** People who must be decided on together because they share a mailbox; mostly one person. */
export type Household = Addressee[];

export type Circle = "all" | "roster" | "contacts";

/** Spaces, width and case are no part of a name: "黎 小禾" is "黎小禾". */
export function personKey(name: string): string {
  return name.normalize("NFKC").toLowerCase().replace(/\s+/g, "");
}

interface Entry {
  name: string;
  unit: string;
  email: string | null;
}

/** Everyone of the circle, in the order of the roster, the contacts it does not name after it. */
export function audienceOf(
  campaign: Campaign,
  circle: Circle = "all",
  unit: string | null = null,
): Household[] {
  const roster: Entry[] = circle === "contacts" ? [] : campaign.roster;
  const contacts = circle === "roster" ? [] : contactsBeside(campaign, roster);
  const entries = [...roster, ...contacts].map((entry) =>
    // He is told as one without an address is.
    isOurMailbox(entry.email ?? "", campaign) ? { ...entry, email: null } : entry,
  );
  const people = onePersonEach(entries);
  const households = byMailbox(people);
  if (unit === null) return households;
  return households.filter((household) => household.some(({ units }) => units.includes(unit)));
}

/** The contacts that no roster line names already. A contact without a name of his own is whoever reads that mailbox. */
function contactsBeside(campaign: Campaign, roster: Entry[]): Entry[] {
  const { liaison, head, supervisor } = defaults[campaign.locale];
  const unnamed = new Set([liaison, head, supervisor]);
  const known = new Set(roster.flatMap(({ email }) => email ?? []));
  return contactsOf(campaign)
    .map(({ contact, unit }) => ({ name: contact.name, unit, email: contact.email.toLowerCase() }))
    .filter(({ name, email }) => !(unnamed.has(name) && known.has(email)));
}

function contactsOf(campaign: Campaign): { contact: Contact; unit: string }[] {
  const leaders = campaign.units.filter(({ kind }) => kind === "leadership");
  // A leader who supervises ten units works in none of them.
  const home = (unit: string) => (leaders.length === 1 ? (leaders[0] as Unit).code : unit);
  const ofUnits = campaign.units.flatMap(({ code, liaison, head, supervisor }) => [
    { contact: liaison, unit: code },
    { contact: head, unit: code },
    { contact: supervisor, unit: home(code) },
  ]);
  const items = campaign.deliverables.flatMap((deliverable) => deliverable.items);
  const leads = items.map(({ lead, unit }) => ({ contact: lead, unit: home(unit) }));
  return [...ofUnits, ...leads].flatMap(({ contact, unit }) => (contact ? [{ contact, unit }] : []));
}

function onePersonEach(entries: Entry[]): Addressee[] {
  const found = new Groups();
  for (const [at, { name, unit, email }] of entries.entries()) {
    const key = personKey(name);
    found.join(at, `${unit}\n${key}`);
    if (email !== null) found.join(at, `${email}\n${key}`);
  }
  return found.groups().map((members) => {
    const own = members.map((at) => entries[at] as Entry);
    return {
      name: (own[0] as Entry).name,
      units: [...new Set(own.map(({ unit }) => unit))],
      addresses: [...new Set(own.flatMap(({ email }) => email ?? []))],
    };
  });
}

function byMailbox(people: Addressee[]): Household[] {
  const found = new Groups();
  for (const [at, { addresses }] of people.entries()) {
    found.join(at, `person ${at}`);
    for (const address of addresses) found.join(at, address);
  }
  return found.groups().map((members) => members.map((at) => people[at] as Addressee));
}

/** Numbers that share a mark, directly or through others, are one group (union-find). */
class Groups {
  #parents: number[] = [];
  #marks = new Map<string, number>();

  join(at: number, mark: string): void {
    this.#parents[at] ??= at;
    const first = this.#marks.get(mark);
    if (first === undefined) this.#marks.set(mark, at);
    else this.#parents[this.#root(at)] = this.#root(first);
  }

  #root(at: number): number {
    let root = at;
    for (let up = this.#parents[root]; up !== undefined && up !== root; up = this.#parents[root]) {
      this.#parents[root] = this.#parents[up] ?? up;
      root = up;
    }
    return root;
  }

  /** Each in the order of its first member. */
  groups(): number[][] {
    return [...Map.groupBy(this.#parents.keys(), (at) => this.#root(at)).values()];
  }
}

/** Whom the unit's liaison tells: those without any address. */
export function knownByName(households: Household[]): Map<string, string[]> {
  const people = households.flat().filter(({ addresses }) => addresses.length === 0);
  const byUnit = Map.groupBy(people, ({ units }) => units[0] ?? "");
  return new Map([...byUnit].map(([unit, found]) => [unit, found.map(({ name }) => name)]));
}

/**
 * How many people of each unit nobody names: its head-count less those known. Without a head-count a unit of which the
 * roster has nobody lacks at least one.
 */
export function unnamedByUnit(campaign: Campaign): Map<string, number> {
  const known = new Map<string, number>();
  for (const { units } of audienceOf(campaign).flat())
    for (const unit of units) known.set(unit, (known.get(unit) ?? 0) + 1);
  const onRoster = new Set(campaign.roster.map(({ unit }) => unit));
  const missing = campaign.units.map(({ code, staff, kind }): [string, number] => {
    const least = onRoster.has(code) || kind === "leadership" ? 0 : 1;
    return [code, staff === null ? least : Math.max(0, staff - (known.get(code) ?? 0))];
  });
  return new Map(missing.filter(([, people]) => people > 0));
}

/** Who tells the people of a unit what no mail can: its liaison, else its head; null: the office itself. */
export function passerOf(campaign: Campaign, unit: string): Contact | null {
  const found = unitOf(campaign, unit);
  const all = [found?.liaison, found?.head].filter((one) => one != null);
  return all.find(({ email }) => !isOurMailbox(email, campaign)) ?? null;
}
