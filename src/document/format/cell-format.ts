// How a workbook shows its numbers (ECMA-376 part 1 §18.8.30): dates, times, percentages; all else as the number is.
import { readXml } from "./xml.ts";

export type CellFormat = "general" | "date" | "date-time" | "time" | "percent";

const DAY_MS = 86_400_000;
/** The day before 1 January 1900, and 1 January 1904 of old Macintosh workbooks (§18.17.4.1). */
const EPOCH_1900 = Date.UTC(1899, 11, 31);
const EPOCH_1904 = Date.UTC(1904, 0, 1);
/** 31 December 9999. */
const LAST_DAY = 2_958_465;

/** Formats that every program knows by number; 27 to 36 and 50 to 58 are dates in Chinese, Japanese and Korean Office. */
function builtIn(id: number): CellFormat {
  if (id === 9 || id === 10) return "percent";
  if (id === 22) return "date-time";
  if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47)) return "time";
  if ((id >= 14 && id <= 17) || (id >= 27 && id <= 36) || (id >= 50 && id <= 58)) return "date";
  return "general";
}

/** Excel's own limit; brackets that never close cost the square of their number. */
const MAX_CODE_CHARACTERS = 255;

/** What a format code makes of a positive number: quoted words, escapes, colours and locales say nothing. */
function ofCode(code: string): CellFormat {
  const signs = code
    .slice(0, MAX_CODE_CHARACTERS)
    .replace(/"[^"]*"|[\\_*]./g, "")
    .replace(/\[(?!(h+|m+|s+)\])[^\]]*\]/gi, "")
    .replace(/AM\/PM|A\/P|上午\/下午/gi, "")
    .replace(/General/gi, "")
    .split(";")[0] as string;
  const hasTime = /[hs]/i.test(signs);
  if (/[yd]/i.test(signs) || (/m/i.test(signs) && !hasTime)) return hasTime ? "date-time" : "date";
  if (hasTime) return "time";
  return signs.includes("%") ? "percent" : "general";
}

/** The format of each cell style, by its place in the list. */
export function cellFormats(styles?: Uint8Array): CellFormat[] {
  const codes = new Map<string, string>();
  const ids: string[] = [];
  let inCellStyles = false;
  if (styles) {
    readXml(styles, {
      open(name, { numFmtId = "0", formatCode = "" }) {
        if (name === "cellXfs") inCellStyles = true;
        else if (name === "numFmt") codes.set(numFmtId, formatCode);
        else if (name === "xf" && inCellStyles) ids.push(numFmtId);
      },
      close(name) {
        if (name === "cellXfs") inCellStyles = false;
      },
    });
  }
  return ids.map((id) => formatOf(Number(id), codes.get(id)));
}

/** The format of a number, by its code where the workbook gives one. */
export function formatOf(id: number, code: string | undefined): CellFormat {
  return code === undefined ? builtIn(id) : ofCode(code);
}

export function shownNumber(written: string, format: CellFormat, from1904: boolean): string {
  const value = Number(written);
  if (written.trim() === "" || !Number.isFinite(value)) return written;
  if (format === "percent") return `${plainNumber(Number((value * 100).toPrecision(12)))}%`;
  if (format === "general" || value < 0 || value >= LAST_DAY + 1) return plainNumber(value);
  return shownDate(value, format, from1904);
}

function shownDate(serial: number, format: CellFormat, from1904: boolean): string {
  const minutes = Math.round(serial * 1440);
  // A duration: more than a day, shown in hours.
  if (format === "time" && serial >= 1) return `${Math.floor(minutes / 60)}:${padded(minutes % 60)}`;
  // Excel believes in 29 February 1900, its day 60, so that later days stand one too high.
  const days = from1904 || serial < 60 ? 0 : 1;
  const iso = new Date((from1904 ? EPOCH_1904 : EPOCH_1900) - days * DAY_MS + minutes * 60_000).toISOString();
  const [date = "", time = ""] = iso.split("T");
  const clock = time.slice(0, 5);
  if (format === "time") return clock;
  return format === "date" || clock === "00:00" ? date : `${date} ${clock}`;
}

/** Fifteen digits are what Excel shows of a number at most; no exponents before twenty-one. */
function plainNumber(value: number): string {
  return String(Number(value.toPrecision(15)));
}

function padded(minutes: number): string {
  return String(minutes).padStart(2, "0");
}
