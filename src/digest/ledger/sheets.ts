// The ledger's sheets: what people sent, what is owed, what waits for a person, what the office ruled.
import { type Campaign, deliverableOf, unitOf } from "../../campaign/campaign.ts";
import type { Obligation, ObligationEvent } from "../../deadline/obligation.ts";
import { eventWordsOf } from "../../deadline/reason.ts";
import { localTime } from "../../sheet/cell.ts";
import { type Cell, type Column, columnsOf } from "../../sheet/sheet.ts";
import type { Trx } from "../../store/database.ts";
import { dateOf, instantOf, isoInZone, timeOfDay } from "../../text/dates.ts";
import type { HeldMail } from "../books.ts";
import { likenessWords } from "../likeness.ts";
import { heldLabel, ledgerWords } from "../words.ts";
import { heldIn, type LedgerRuling, type LedgerSubmission, rulingsIn, submissionsIn } from "./records.ts";
import { isAmong, isWithin, obligationStates, type Selection, type SheetKind, wants } from "./selection.ts";
import { rulingWords } from "./words.ts";

/** A sheet as cells for people and as facts for programs; both are read when asked for, and once. */
export interface LedgerSheet {
  kind: SheetKind;
  name: string;
  columns: Column[];
  rows(): AsyncIterable<Cell[]>;
  facts(): AsyncIterable<object>;
}

export interface LedgerFacts {
  campaign: Campaign;
  obligations: Obligation[];
}

/** A sheet for each type of submission, then the others. */
export function sheetsOf(trx: Trx, facts: LedgerFacts, selection: Selection): LedgerSheet[] {
  const { campaign } = facts;
  const types = campaign.deliverables.filter(({ code }) => isAmong(code, selection.types));
  return [
    ...types.map(({ code, name }) => submissionSheet(trx, campaign, { ...selection, types: [code] }, name)),
    owedSheet(facts, selection),
    heldSheet(trx, campaign, selection),
    rulingSheet(trx, campaign, selection),
  ].filter(({ kind }) => wants(selection, kind));
}

/** One sheet only, for a file that has no sheets: all submissions together. */
export function singleSheet(
  trx: Trx,
  facts: LedgerFacts,
  selection: Selection,
  kind: SheetKind,
): LedgerSheet {
  const { campaign } = facts;
  if (kind === "owed") return owedSheet(facts, selection);
  if (kind === "held") return heldSheet(trx, campaign, selection);
  if (kind === "rulings") return rulingSheet(trx, campaign, selection);
  return submissionSheet(trx, campaign, selection, campaign.title);
}

function made<Fact>(
  sheet: Pick<LedgerSheet, "kind" | "name" | "columns">,
  read: () => AsyncIterable<Fact>,
  cells: (fact: Fact) => Cell[],
  plain: (fact: Fact) => object,
): LedgerSheet {
  async function* each<Made>(make: (fact: Fact) => Made): AsyncGenerator<Made> {
    for await (const fact of read()) yield make(fact);
  }
  return { ...sheet, rows: () => each(cells), facts: () => each(plain) };
}

function submissionSheet(trx: Trx, campaign: Campaign, selection: Selection, name: string): LedgerSheet {
  const words = ledgerWords(campaign.locale);
  const columns = columnsOf(words.submission, [15, 20, 24, 22, 18, 44, 80, 30, 17, 10, 12, 10, 28, 15, 40]);
  return made(
    { kind: "submissions", name, columns },
    () => submissionsIn(trx, campaign.code, selection),
    (row) => [
      row.reference,
      ...thing(campaign, row.type, row.item),
      unitName(campaign, row.unit) || words.unitUnknown,
      row.people.join("、"),
      row.title,
      row.text,
      row.attachments.join("\n"),
      row.arrivedAt,
      words.timeliness[row.timeliness],
      words.state[row.state],
      row.verified ? words.yes : words.no,
      row.fromAddress,
      row.supersedes,
      likenessWords(row.like, campaign),
    ],
    (row: LedgerSubmission) =>
      inZone({ ...row, like: row.like.map(({ other, kind, score }) => ({ other, kind, score })) }, campaign),
  );
}

function owedSheet({ campaign, obligations }: LedgerFacts, selection: Selection): LedgerSheet {
  const words = ledgerWords(campaign.locale);
  const states = obligationStates(selection);
  const columns = columnsOf(words.owed, [20, 22, 30, 17, 12, 17, 15, 44, 60]);
  return made(
    { kind: "owed", name: words.owedSheet, columns },
    async function* () {
      yield* obligations.filter(
        (one) =>
          isAmong(one.deliverable, selection.types) &&
          isAmong(one.unit, selection.units) &&
          isAmong(one.state, states),
      );
    },
    (one) => [
      unitName(campaign, one.unit),
      ...thing(campaign, one.deliverable, one.item),
      dueCell(campaign, one) ?? words.noDate,
      words.obligation[one.state] + (one.provisional ? words.provisional : ""),
      one.metAt && dayOrInstant(one.metAt, campaign),
      one.metBy === "paper" ? rulingWords(campaign.locale).withoutMail : one.metBy,
      one.reason,
      one.history.map((event) => eventLine(event, campaign)).join("\n"),
    ],
    ({ history, ...one }: Obligation) => ({
      ...inZone(one, campaign),
      history: history.map((event) => inZone({ ...event, words: eventWordsOf(event, campaign) }, campaign)),
    }),
  );
}

/** "2012-12-05 17:30 已收到 WHXDH-0042". */
function eventLine(event: ObligationEvent, campaign: Campaign): string {
  return `${localTime(event.at, campaign.timezone)} ${eventWordsOf(event, campaign)}`;
}

function heldSheet(trx: Trx, campaign: Campaign, selection: Selection): LedgerSheet {
  const words = ledgerWords(campaign.locale);
  const columns = columnsOf(words.held, [10, 18, 18, 28, 44, 24, 24, 24]);
  return made(
    { kind: "held", name: words.heldSheet, columns },
    async function* () {
      for await (const mail of heldIn(trx, campaign.code)) {
        const isType = isAmong(mail.typeGuesses[0]?.value ?? null, selection.types);
        const isUnit = isAmong(mail.unitGuesses[0]?.value ?? null, selection.units);
        if (isType && isUnit && isWithin(mail.arrivedAt, selection)) yield mail;
      }
    },
    (mail) => [
      mail.id,
      mail.arrivedAt,
      mail.fromName,
      mail.fromAddress,
      mail.subject,
      heldLabel(mail, campaign.locale),
      mail.typeGuesses.map(({ value }) => deliverableOf(campaign, value)?.name ?? value).join(" / "),
      mail.unitGuesses.map(({ value }) => unitName(campaign, value)).join(" / ") ||
        (mail.unitAsRead ? `“${mail.unitAsRead}”` : ""),
    ],
    (mail: HeldMail) => inZone(mail, campaign),
  );
}

function rulingSheet(trx: Trx, campaign: Campaign, selection: Selection): LedgerSheet {
  const words = rulingWords(campaign.locale);
  const columns = columnsOf(words.columns, [18, 20, 20, 22, 30, 18, 18, 10, 40, 24, 10, 30]);
  return made(
    { kind: "rulings", name: words.sheet, columns },
    async function* () {
      for (const one of await rulingsIn(trx, campaign))
        if (
          isAmong(one.deliverable, selection.types) &&
          isAmong(one.unit, selection.units) &&
          isWithin(one.madeAt, selection)
        )
          yield one;
    },
    (one) => [
      one.madeAt,
      words.kind[one.kind],
      unitName(campaign, one.unit),
      ...thing(campaign, one.deliverable, one.item),
      dueCell(campaign, one),
      one.receivedAt && dayOrInstant(one.receivedAt, campaign),
      one.receivedBy && words.receivedBy[one.receivedBy],
      one.why,
      one.madeBy,
      words.way[one.way],
      one.scans.join("\n"),
    ],
    (one: LedgerRuling) => inZone(one, campaign),
  );
}

/** A date; with the time of day where one was set. */
function dueCell(
  { timezone }: Campaign,
  { dueOn, dueTime }: { dueOn: string | null; dueTime: string | null },
): Cell {
  if (dueOn === null) return null;
  return dueTime === null ? { on: dueOn } : instantOf(dueOn, dueTime, timezone);
}

/** A receipt told by its day alone is kept as that day's midnight. */
function dayOrInstant(at: Date, { timezone }: Campaign): Cell {
  return timeOfDay(at, timezone) === "00:00" ? { on: dateOf(at, timezone) } : at;
}

/** Its instants as people of the campaign read them, with their offset. */
function inZone(fact: object, { timezone }: Campaign): object {
  const written = Object.entries(fact).map(([name, value]) => [
    name,
    value instanceof Date ? isoInZone(value, timezone) : value,
  ]);
  return Object.fromEntries(written);
}

function unitName(campaign: Campaign, code: string | null): string {
  return unitOf(campaign, code)?.name ?? code ?? "";
}

/** The deliverable and its item, by name. */
function thing(campaign: Campaign, type: string | null, item: string | null): [string, string] {
  const deliverable = deliverableOf(campaign, type);
  const named = deliverable?.items.find(({ code }) => code === item);
  return [deliverable?.name ?? type ?? "", named?.name ?? item ?? ""];
}
