// What the book holds and in which order: proposals by unit or theme, then what units owed, as configured. Pure.
import {
  type Campaign,
  type Deliverable,
  deliverableOf,
  type Theme,
  unitOf,
} from "../../campaign/campaign.ts";
import type { Obligation } from "../../deadline/obligation.ts";
import { dateOf, writtenDate } from "../../text/dates.ts";
import { blocksOf, lineOf } from "./blocks.ts";
import type { Block, Book, Group, Part, Piece } from "./book.ts";
import type { Manuscript } from "./records.ts";
import { themeOf } from "./themes.ts";
import { type BookWords, bookWords } from "./words.ts";

export interface BookRequest {
  by: "unit" | "theme";
  /** Codes of deliverables; empty: all. */
  only: string[];
  /** Only these proposals, by reference; null: all. */
  selected: ReadonlySet<string> | null;
  /** Whether each piece shows its reference number. */
  references: boolean;
}

interface Shelf {
  campaign: Campaign;
  request: BookRequest;
  words: BookWords;
}

export function bookOf(
  campaign: Campaign,
  manuscripts: Manuscript[],
  obligations: Obligation[],
  request: BookRequest,
  now: Date,
): Book {
  const shelf: Shelf = { campaign, request, words: bookWords(campaign.locale) };
  const chosen = campaign.deliverables.filter(
    ({ code }) => request.only.length === 0 || request.only.includes(code),
  );
  // What individuals sent comes first, however the configuration mixes them.
  const ordered = [
    ...chosen.filter(({ from }) => from === "person"),
    ...chosen.filter(({ from }) => from === "unit"),
  ];
  const parts = ordered.map((deliverable, at) => {
    const theirs = manuscripts.filter(({ type }) => type === deliverable.code);
    const owed = obligations.filter((one) => one.deliverable === deliverable.code);
    return deliverable.from === "person"
      ? ideasPart(shelf, deliverable, theirs, at + 1)
      : documentsPart(shelf, deliverable, theirs, owed, at + 1);
  });
  const today = dateOf(now, campaign.timezone);
  const [year, month] = today.split("-").map(Number) as [number, number];
  const { words } = shelf;
  return {
    title: lineOf(campaign.title),
    subtitle: words.subtitle,
    editor: words.editor(lineOf(campaign.office.name)),
    on: words.month(year, month),
    noteTitle: words.noteTitle,
    note: words.note({
      on: writtenDate(today, campaign.locale),
      counts: parts.map(({ part, pieces }) => ({ name: part.name, pieces })),
      selected: request.selected !== null,
    }),
    parts: parts.map(({ part: { name: _, ...part } }) => part),
  };
}

interface NumberedPart {
  part: Part & { name: string };
  /** Real pieces, without what stands for a missing one. */
  pieces: number;
}

function ideasPart(shelf: Shelf, deliverable: Deliverable, all: Manuscript[], n: number): NumberedPart {
  const { request, words } = shelf;
  const pieces = all.filter(({ reference }) => request.selected?.has(reference) ?? true);
  const groups: Group[] = groupsOf(shelf, pieces).map(({ name, members }, at) => ({
    title: words.group(at + 1, name),
    pieces: members.map((one, index) => ideaPiece(shelf, one, index + 1)),
  }));
  const closing = pieces.length === 0 ? words.none : null;
  const title = words.part(n, deliverable.name);
  return { part: { name: deliverable.name, title, kind: "ideas", groups, closing }, pieces: pieces.length };
}

interface NamedGroup {
  name: string;
  members: Manuscript[];
}

/** In the order of the configuration; whatever belongs to none of them last. */
function groupsOf({ campaign, request, words }: Shelf, pieces: Manuscript[]): NamedGroup[] {
  const byTheme = request.by === "theme";
  const keyOf = (one: Manuscript) =>
    byTheme ? themeOf(campaign.themes, one) : (unitOf(campaign, one.unit)?.code ?? null);
  const order: Pick<Theme, "code" | "name">[] = byTheme ? campaign.themes : campaign.units;
  const grouped = Map.groupBy(pieces, keyOf);
  const rest = { code: null, name: byTheme ? words.otherTheme : words.unitUnknown };
  return [...order, rest]
    .map(({ code, name }) => ({ name, members: grouped.get(code) ?? [] }))
    .filter(({ members }) => members.length > 0);
}

function ideaPiece(shelf: Shelf, one: Manuscript, n: number): Piece {
  const { request, words } = shelf;
  const named = request.by === "theme" ? [unitName(shelf, one.unit)] : [];
  return {
    title: words.piece(n, lineOf(one.title)),
    byline: byline(shelf, one, named),
    blocks: blocksOrWhere(shelf, one),
  };
}

function documentsPart(
  shelf: Shelf,
  deliverable: Deliverable,
  all: Manuscript[],
  owed: Obligation[],
  n: number,
): NumberedPart {
  const { words } = shelf;
  // What came from an address nobody knows is the unit's only once somebody has confirmed it.
  const theirs = all.filter(({ verified }) => verified);
  const perItem = deliverable.items.length > 0;
  const slots = perItem ? itemSlots(shelf, deliverable, theirs, owed) : unitSlots(shelf, theirs, owed);
  const pieces = slots.flatMap(({ piece }) => (piece === null ? [] : [piece]));
  const unitsIn = (fate: Fate) =>
    slots.flatMap((slot) => (slot.piece === null && slot.fate === fate ? [slot.name] : []));
  const remarks = perItem
    ? []
    : [
        [unitsIn("paper"), words.paperUnits] as const,
        [unitsIn("waived"), words.waivedUnits] as const,
        [unitsIn("missing"), words.missingUnits] as const,
      ].flatMap(([names, say]) => (names.length > 0 ? [say(names)] : []));
  const closing = remarks.join("\n") || (pieces.length === 0 ? words.none : null);
  const part = {
    name: deliverable.name,
    title: words.part(n, deliverable.name),
    kind: "documents" as const,
    groups: [{ title: null, pieces }],
    closing,
  };
  return { part, pieces: slots.filter(({ fate }) => fate === "here").length };
}

type Fate = "here" | "paper" | "waived" | "missing";

interface Slot {
  /** Null: only named at the end of the part. */
  piece: Piece | null;
  name: string;
  fate: Fate;
}

/** One for each item, in the configured order, whoever sent it; a missing one keeps its place and says so. */
function itemSlots(shelf: Shelf, deliverable: Deliverable, all: Manuscript[], owed: Obligation[]): Slot[] {
  const { words } = shelf;
  const placed = new Set<Manuscript>();
  const slots = deliverable.items.flatMap((item): Slot[] => {
    const only = deliverable.items.filter(({ unit }) => unit === item.unit).length === 1;
    const found = all.filter(
      (one) => one.item === item.code || (one.item === null && only && one.unit === item.unit),
    );
    for (const one of found) placed.add(one);
    if (found.length > 0) return found.map((one) => hereSlot(shelf, one, item.name));
    const fate = fateOf(owed.find((one) => one.item === item.code));
    const remark = {
      paper: words.onPaper,
      waived: words.waived,
      missing: words.missing,
      here: words.missing,
    }[fate];
    const piece = { title: item.name, byline: unitName(shelf, item.unit), blocks: [remarkOf(remark)] };
    return [{ piece, name: item.name, fate }];
  });
  return [...slots, ...all.filter((one) => !placed.has(one)).map((one) => hereSlot(shelf, one, null))];
}

/** One for each unit that owes it, in the configured order, then whoever sent one without owing it. */
function unitSlots(shelf: Shelf, all: Manuscript[], owed: Obligation[]): Slot[] {
  const { campaign } = shelf;
  const owes = new Set(owed.map(({ unit }) => unit));
  const units = campaign.units.filter(({ code }) => owes.has(code) || all.some((one) => one.unit === code));
  const slots = units.flatMap(({ code, name }): Slot[] => {
    const found = all.filter((one) => one.unit === code);
    if (found.length > 0) return found.map((one) => hereSlot(shelf, one, null));
    return [{ piece: null, name, fate: fateOf(owed.find(({ unit }) => unit === code)) }];
  });
  const known = new Set(units.map(({ code }) => code));
  const others = all.filter(({ unit }) => unit === null || !known.has(unit));
  return [...slots, ...others.map((one) => hereSlot(shelf, one, null))];
}

function fateOf(owed: Obligation | undefined): Fate {
  if (owed?.metBy === "paper") return "paper";
  return owed?.state === "waived" ? "waived" : "missing";
}

function hereSlot(shelf: Shelf, one: Manuscript, itemName: string | null): Slot {
  const title = lineOf(one.title) || itemName || (deliverableOf(shelf.campaign, one.type)?.name ?? one.type);
  const piece = {
    title,
    byline: byline(shelf, one, [unitName(shelf, one.unit)]),
    blocks: blocksOrWhere(shelf, one),
  };
  return { piece, name: title, fate: "here" };
}

function byline({ request, words }: Shelf, one: Manuscript, before: string[]): string {
  const people = one.people.map(lineOf).filter(Boolean);
  const number = request.references ? [one.reference] : [];
  return words.byline([...before, ...(people.length > 0 ? [words.people(people)] : []), ...number]);
}

function unitName({ campaign, words }: Shelf, code: string | null): string {
  return lineOf(unitOf(campaign, code)?.name ?? code ?? "") || words.unitUnknown;
}

/** The text; where there is none, the files it stands in. */
function blocksOrWhere({ words }: Shelf, one: Manuscript): Block[] {
  const blocks = one.provisional ? [] : blocksOf(one.text, one.title);
  if (blocks.length > 0) return blocks;
  // A proposal of one line is its own title.
  if (!one.provisional && one.text.trim() !== "") return [{ kind: "text", text: lineOf(one.text) }];
  const names = one.attachments.map(lineOf).filter(Boolean);
  return [remarkOf(names.length > 0 ? words.seeAttachment(names) : words.unreadable)];
}

function remarkOf(text: string): Block {
  return { kind: "remark", text };
}
