// What a text must be to stand in a spreadsheet: always text, never a formula, nothing a program would "repair".
import { isoInZone } from "../text/dates.ts";
import type { Cell } from "./sheet.ts";

/** Excel refuses a longer cell, and counts UTF-16 units like JavaScript does. */
const CELL_CHARACTERS = 32_767;

/** What XML 1.0 cannot hold: Excel and WPS offer to "repair" a file with one of these and drop the sheet. */
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** The text as any program can keep it: line ends as a spreadsheet has them, no control characters, no half characters. */
export function plainText(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(UNWRITABLE, "").toWellFormed();
}

/** `cutNote` stands where a text too long for a cell ends, so that nobody takes the part for the whole. */
export function cellText(text: string, cutNote: string): string {
  const plain = plainText(text);
  if (plain.length <= CELL_CHARACTERS) return plain;
  const kept = plain.slice(0, CELL_CHARACTERS - cutNote.length);
  // A pair of surrogates must not be cut in two.
  return (/[\ud800-\udbff]$/.test(kept) ? kept.slice(0, -1) : kept) + cutNote;
}

/** Spreadsheets run what begins like a formula, also after spaces; an apostrophe makes it text (OWASP, R65). */
const FORMULA = /^[\s\0]*[=+\-@＝＋－＠\t\r\n]/;

/** RFC 4180, formula-safe. Only for .csv: a cell of a workbook is text by its type and stays exactly as it is. */
export function csvCell(value: Cell, zone: string): string {
  if (value === null) return "";
  const text = typeof value === "string" ? withoutFormula(plainText(value)) : written(value, zone);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function withoutFormula(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

function written(value: number | Date | { on: string }, zone: string): string {
  if (typeof value === "number") return String(value);
  return value instanceof Date ? localTime(value, zone) : value.on;
}

/** "2012-12-15 17:30": what every spreadsheet reads as a time, and what sorts as text. */
export function localTime(at: Date, zone: string): string {
  return isoInZone(at, zone).slice(0, 16).replace("T", " ");
}

/**
 * Days since 30 December 1899, the way spreadsheets count; a time in the campaign's zone, since a cell has none. Null
 * before March 1900, where Excel has a day that never was.
 */
export function serialOf(value: Date | { on: string }, zone: string): number | null {
  const wall = value instanceof Date ? isoInZone(value, zone).slice(0, 19) : `${value.on}T00:00:00`;
  const serial = Date.parse(`${wall}Z`) / 86_400_000 + 25_569;
  return serial >= 61 && serial < 2_958_466 ? serial : null;
}
