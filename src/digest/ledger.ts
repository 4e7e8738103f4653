// The ledger as a file: .xlsx by streaming, or .csv or .json; read in batches, so that its size is no one's problem.
import { extname } from "node:path";
import type { Writable } from "node:stream";
import { type Campaign, deliverableOf, type Locale, unitOf } from "../campaign/campaign.ts";
import type { Obligation } from "../deadline/obligation.ts";
import { writeCsv } from "../sheet/csv.ts";
import { writeJson } from "../sheet/json.ts";
import { type Cell, columnsOf, type Sheet } from "../sheet/sheet.ts";
import { writeWorkbook } from "../sheet/workbook.ts";
import type { Database, Trx } from "../store/database.ts";
import { likenessesOf } from "../submission/likeness/records.ts";
import { isoInZone } from "../text/dates.ts";
import { heldMails } from "./books.ts";
import { likenessWords } from "./likeness.ts";
import { heldLabel, ledgerWords } from "./words.ts";

export type LedgerFormat = "xlsx" | "csv" | "json";

const BATCH = 500;

export interface LedgerFacts {
  campaign: Campaign;
  obligations: Obligation[];
}

export function ledgerFormat(path: string): LedgerFormat | null {
  const extension = extname(path).slice(1).toLowerCase();
  return extension === "xlsx" || extension === "csv" || extension === "json" ? extension : null;
}

/**
 * Writes the ledger and resolves once `destination` has taken every byte. All of it is read in one read-only snapshot:
 * a mail filed while the file is being written is in every sheet or in none.
 */
export async function writeLedger(
  db: Database,
  facts: LedgerFacts,
  destination: Writable,
  format: LedgerFormat = "xlsx",
): Promise<void> {
  const { campaign } = facts;
  await db
    .transaction()
    .setIsolationLevel("repeatable read")
    .setAccessMode("read only")
    .execute(async (trx) => {
      if (format === "json") return writeJson(destination, submissionFacts(trx, campaign), "json");
      if (format === "xlsx") return writeWorkbook(destination, { ...campaign, sheets: sheetsOf(trx, facts) });
      const rows = submissionRows(trx, campaign, null);
      const columns = submissionColumns(campaign.locale);
      return writeCsv(destination, { name: "", columns, rows }, campaign.timezone);
    });
}

function sheetsOf(trx: Trx, facts: LedgerFacts): Sheet[] {
  const { campaign } = facts;
  const words = ledgerWords(campaign.locale);
  const columns = submissionColumns(campaign.locale);
  return [
    ...campaign.deliverables.map(({ code, name }) => ({
      ...{ name, columns, rows: submissionRows(trx, campaign, code) },
    })),
    {
      name: words.owedSheet,
      columns: columnsOf(words.owed, [20, 22, 30, 12, 12, 18, 18, 30]),
      rows: obligationRows(facts),
    },
    {
      name: words.heldSheet,
      columns: columnsOf(words.held, [10, 18, 18, 28, 44, 24, 24, 24]),
      rows: heldRows(trx, campaign),
    },
  ];
}

async function* submissionFacts(trx: Trx, campaign: Campaign): AsyncGenerator<object> {
  for await (const row of submissionsInBatches(trx, campaign.code, null)) {
    const { id: _, like: found, ...submission } = row;
    const like = found.map(({ other, kind, score }) => ({ other, kind, score }));
    yield { ...submission, arrivedAt: isoInZone(row.arrivedAt, campaign.timezone), like };
  }
}

function submissionColumns(locale: Locale) {
  return columnsOf(ledgerWords(locale).submission, [15, 20, 24, 22, 18, 44, 80, 17, 10, 12, 10, 28, 15, 40]);
}

async function* submissionRows(trx: Trx, campaign: Campaign, type: string | null): AsyncGenerator<Cell[]> {
  const words = ledgerWords(campaign.locale);
  for await (const row of submissionsInBatches(trx, campaign.code, type)) {
    const deliverable = deliverableOf(campaign, row.type);
    yield [
      row.reference,
      deliverable?.name ?? row.type,
      deliverable?.items.find((item) => item.code === row.item)?.name ?? row.item ?? "",
      unitOf(campaign, row.unit)?.name ?? row.unit ?? words.unitUnknown,
      row.people.join("、"),
      row.title,
      row.text,
      row.arrivedAt,
      words.timeliness[row.timeliness],
      words.state[row.state],
      row.verified ? words.yes : words.no,
      row.fromAddress ?? "",
      row.supersedes ?? "",
      likenessWords(row.like, campaign),
    ];
  }
}

async function* submissionsInBatches(trx: Trx, code: string, type: string | null) {
  for (let after = 0; ; ) {
    let query = trx
      .selectFrom("submission as s")
      .innerJoin("message as m", "m.id", "s.message_id")
      .leftJoin("submission as older", "older.id", "s.supersedes")
      .select(["s.id", "s.reference", "s.type", "s.item", "s.unit", "s.people", "s.title", "s.text"])
      .select(["s.arrived_at as arrivedAt", "s.timeliness", "s.state", "s.verified"])
      .select(["m.from_address as fromAddress", "older.reference as supersedes"])
      .where("s.campaign", "=", code)
      .where("s.id", ">", after);
    if (type) query = query.where("s.type", "=", type);
    const rows = await query.orderBy("s.id").limit(BATCH).execute();
    const alike = Map.groupBy(
      await likenessesOf(
        trx,
        rows.map(({ id }) => id),
      ),
      ({ id }) => id,
    );
    yield* rows.map((row) => ({ ...row, like: alike.get(row.id) ?? [] }));
    const last = rows.at(-1);
    if (!last || rows.length < BATCH) return;
    after = last.id;
  }
}

function* obligationRows({ campaign, obligations }: LedgerFacts): Generator<Cell[]> {
  const words = ledgerWords(campaign.locale);
  for (const one of obligations) {
    const deliverable = deliverableOf(campaign, one.deliverable);
    yield [
      unitOf(campaign, one.unit)?.name ?? one.unit,
      deliverable?.name ?? one.deliverable,
      deliverable?.items.find((item) => item.code === one.item)?.name ?? "",
      one.dueOn === null ? words.noDate : { on: one.dueOn },
      words.obligation[one.state] + (one.provisional ? words.provisional : ""),
      one.metAt,
      one.metBy ?? "",
      one.why ?? "",
    ];
  }
}

async function* heldRows(trx: Trx, campaign: Campaign): AsyncGenerator<Cell[]> {
  let after: { arrivedAt: Date; id: number } | undefined;
  for (;;) {
    const mails = await heldMails(trx, campaign.code, { limit: BATCH, ...(after ? { after } : {}) });
    for (const mail of mails) {
      yield [
        mail.id,
        mail.arrivedAt,
        mail.fromName,
        mail.fromAddress,
        mail.subject,
        heldLabel(mail, campaign.locale),
        mail.typeGuesses
          .map((guess) => deliverableOf(campaign, guess.value)?.name ?? guess.value)
          .join(" / "),
        mail.unitGuesses.map((guess) => unitOf(campaign, guess.value)?.name ?? guess.value).join(" / ") ||
          (mail.unitAsRead ? `“${mail.unitAsRead}”` : ""),
      ];
    }
    const last = mails.at(-1);
    if (!last || mails.length < BATCH) return;
    after = last;
  }
}
