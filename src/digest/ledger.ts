// The ledger as a file: .xlsx by streaming, or .csv or .json; read in batches, so that its size is no one's problem.
import { once } from "node:events";
import { extname } from "node:path";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import type ExcelJS from "exceljs";
import { type Campaign, deliverableOf, type Locale, unitOf } from "../campaign/campaign.ts";
import type { Obligation } from "../deadline/obligation.ts";
import type { Database, Trx } from "../store/database.ts";
import { likenessesOf } from "../submission/likeness/records.ts";
import { isoInZone } from "../text/dates.ts";
import { heldMails } from "./books.ts";
import { likenessWords } from "./likeness.ts";
import { heldLabel, ledgerWords } from "./words.ts";

export type LedgerFormat = "xlsx" | "csv" | "json";

const BATCH = 500;
/** Excel refuses a longer cell. */
const CELL_CHARACTERS = 32_767;

interface Column {
  title: string;
  width: number;
}
type Cell = string | number | null;

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
  const write = { xlsx: writeWorkbook, csv: writeCsv, json: writeJson }[format];
  // A full disk or a missing folder is an event of the stream, which no writer below waits for.
  const failed = new Promise<never>((_, reject) => destination.once("error", reject));
  await db
    .transaction()
    .setIsolationLevel("repeatable read")
    .setAccessMode("read only")
    .execute((trx) => Promise.race([write(trx, facts, destination), failed]));
}

async function writeWorkbook(trx: Trx, facts: LedgerFacts, destination: Writable): Promise<void> {
  const { campaign } = facts;
  const words = ledgerWords(campaign.locale);
  // Loaded when a sheet is written: it is a third of the program's start-up and needed once a day.
  const { default: excel } = await import("exceljs");
  const workbook = new excel.stream.xlsx.WorkbookWriter({ stream: destination, useStyles: true });
  workbook.title = campaign.title;
  const names = new Set<string>();
  for (const { code, name } of campaign.deliverables) {
    const sheet = addSheet(workbook, sheetName(name, names), submissionColumns(campaign.locale));
    await fill(sheet, submissionRows(trx, campaign, code));
  }
  const owed = addSheet(
    workbook,
    sheetName(words.owedSheet, names),
    columns(words.owed, [20, 22, 30, 12, 12, 18, 18, 30]),
  );
  await fill(owed, obligationRows(facts));
  const held = addSheet(
    workbook,
    sheetName(words.heldSheet, names),
    columns(words.held, [10, 18, 18, 28, 44, 24, 24, 24]),
  );
  await fill(held, heldRows(trx, campaign));
  await workbook.commit();
}

function addSheet(
  workbook: ExcelJS.stream.xlsx.WorkbookWriter,
  name: string,
  head: Column[],
): ExcelJS.Worksheet {
  const sheet = workbook.addWorksheet(name, { views: [{ state: "frozen", ySplit: 1 }] });
  sheet.columns = head.map((column) => ({
    header: column.title,
    width: column.width,
    style: { numFmt: "@" },
  }));
  const first = sheet.getRow(1);
  first.font = { bold: true };
  first.fill = { type: "pattern", pattern: "solid", fgColor: { argb: "FFEDEBE4" } };
  first.commit();
  return sheet;
}

async function fill(sheet: ExcelJS.Worksheet, rows: AsyncIterable<Cell[]> | Iterable<Cell[]>): Promise<void> {
  let last = 1;
  for await (const row of rows) {
    sheet.addRow(row.map(asCell)).commit();
    last += 1;
  }
  sheet.autoFilter = { from: { row: 1, column: 1 }, to: { row: last, column: sheet.columns.length } };
  sheet.commit();
}

/** A string stays a string cell whatever it begins with: exceljs makes formulas only of objects (R65). */
function asCell(value: Cell): Cell {
  if (typeof value !== "string" || value.length <= CELL_CHARACTERS) return value;
  return `${value.slice(0, CELL_CHARACTERS - 1).toWellFormed()}…`;
}

/** Excel allows 31 characters, none of []:*?/\ nor an apostrophe at either end, and no name twice. */
function sheetName(wanted: string, taken: Set<string>): string {
  const base =
    wanted
      .replace(/[[\]:*?/\\]/g, " ")
      .replace(/^'+|'+$/g, "")
      .trim()
      .slice(0, 28) || "Sheet";
  let name = base;
  for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${base} ${n}`;
  taken.add(name.toLowerCase());
  return name;
}

/** RFC 4180, with the byte order mark without which Excel reads UTF-8 as the local code page. */
async function writeCsv(trx: Trx, { campaign }: LedgerFacts, destination: Writable): Promise<void> {
  const line = (cells: Cell[]) => `${cells.map(csvCell).join(",")}\r\n`;
  await put(destination, `\uFEFF${line(submissionColumns(campaign.locale).map((column) => column.title))}`);
  for await (const row of submissionRows(trx, campaign, null)) await put(destination, line(row));
  destination.end();
  await finished(destination);
}

/** Spreadsheets run what begins like a formula, also after leading spaces: an apostrophe makes it text (OWASP, R65). */
export function csvCell(value: Cell): string {
  if (value === null) return "";
  const text =
    typeof value === "string" && /^[\s\0]*[=+\-@＝＋－＠\t\r\n]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

async function writeJson(trx: Trx, { campaign }: LedgerFacts, destination: Writable): Promise<void> {
  let separator = "[\n";
  for await (const row of submissionsInBatches(trx, campaign.code, null)) {
    const { id: _, like: found, ...submission } = row;
    const like = found.map(({ other, kind, score }) => ({ other, kind, score }));
    const arrivedAt = isoInZone(row.arrivedAt, campaign.timezone);
    await put(destination, `${separator}${JSON.stringify({ ...submission, arrivedAt, like })}`);
    separator = ",\n";
  }
  await put(destination, separator === "[\n" ? "[]\n" : "\n]\n");
  destination.end();
  await finished(destination);
}

async function put(destination: Writable, text: string): Promise<void> {
  if (destination.errored) throw destination.errored;
  if (!destination.write(text)) await once(destination, "drain");
}

function columns(titles: readonly string[], widths: number[]): Column[] {
  return titles.map((title, at) => ({ title, width: widths[at] ?? 16 }));
}

function submissionColumns(locale: Locale): Column[] {
  return columns(ledgerWords(locale).submission, [15, 20, 24, 22, 18, 44, 80, 17, 10, 12, 10, 28, 15, 40]);
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
      localTime(row.arrivedAt, campaign),
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
      one.dueOn ?? words.noDate,
      words.obligation[one.state] + (one.provisional ? words.provisional : ""),
      one.metAt ? localTime(one.metAt, campaign) : "",
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
        localTime(mail.arrivedAt, campaign),
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

/** "2012-12-15 17:30" in the campaign's zone: sorts as text, and no spreadsheet re-reads it in its own zone. */
function localTime(at: Date, campaign: Campaign): string {
  return isoInZone(at, campaign.timezone).slice(0, 16).replace("T", " ");
}
