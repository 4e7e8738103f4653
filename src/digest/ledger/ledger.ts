// The ledger as a file: .xlsx with a sheet of each kind, or one of them as .csv, .json or .jsonl. Written as it is read.
import { extname } from "node:path";
import type { Writable } from "node:stream";
import { writeCsv } from "../../sheet/csv.ts";
import { writeJson } from "../../sheet/json.ts";
import { writeWorkbook } from "../../sheet/workbook.ts";
import type { Trx } from "../../store/database.ts";
import { EVERYTHING, type Selection } from "./selection.ts";
import { type LedgerFacts, type LedgerSheet, sheetsOf, singleSheet } from "./sheets.ts";

const FORMATS = ["xlsx", "csv", "json", "jsonl"] as const;
export type LedgerFormat = (typeof FORMATS)[number];

export interface LedgerRequest {
  format: LedgerFormat;
  selection: Selection;
  /** Told of every row. */
  progress?: (sheet: string, rows: number) => void;
}

export function ledgerFormat(path: string): LedgerFormat | null {
  const extension = extname(path).slice(1).toLowerCase();
  return FORMATS.find((format) => format === extension) ?? null;
}

/** Writes the ledger and resolves once `destination` has taken every byte. Call it inside a snapshot. */
export async function writeLedger(
  trx: Trx,
  facts: LedgerFacts,
  destination: Writable,
  request: LedgerRequest = { format: "xlsx", selection: EVERYTHING },
): Promise<void> {
  const { campaign } = facts;
  const { format, selection, progress = () => {} } = request;
  const counted = async function* <Row>(sheet: LedgerSheet, rows: AsyncIterable<Row>): AsyncGenerator<Row> {
    let count = 0;
    for await (const row of rows) {
      count += 1;
      progress(sheet.name, count);
      yield row;
    }
  };
  const cellsOf = (sheet: LedgerSheet) => ({ ...sheet, rows: counted(sheet, sheet.rows()) });
  if (format === "xlsx") {
    const { title, timezone, locale } = campaign;
    const sheets = sheetsOf(trx, facts, selection).map(cellsOf);
    return writeWorkbook(destination, { title, timezone, locale, sheets });
  }
  const sheet = singleSheet(trx, facts, selection, selection.sheets[0] ?? "submissions");
  if (format === "csv") return writeCsv(destination, cellsOf(sheet), campaign.timezone);
  return writeJson(destination, counted(sheet, sheet.facts()), format);
}
