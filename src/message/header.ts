// Header fields → text: encoded words, raw 8-bit bytes, parameters, addresses, ids, dates. Values arrive as the
// parser hands them on: one character a byte.
import { Buffer } from "node:buffer";
import addressparser from "nodemailer/lib/addressparser";
import { oneLine } from "../text/signs.ts";
import { decodeText } from "./charset.ts";
import type { MailAddress } from "./mail.ts";

/** Longer fields are cut: no honest mail has them, and everything after works on the result. */
const LONGEST_FIELD = 256 * 1024;
/** RFC 5322 §2.1.1; also what the unique index of the store can bear. */
const LONGEST_ID = 998;

/** The value of a raw field, unfolded, 8-bit bytes decoded; encoded words are left as they are. */
export function fieldValue(line: string, charset = ""): string {
  const value = line
    .slice(line.indexOf(":") + 1, LONGEST_FIELD)
    .replace(/\r?\n(?=[ \t])|[\r\n\0]/g, "")
    .trim();
  return /[\x80-\xff]|~\{/.test(value) ? decodeText(Buffer.from(value, "latin1"), charset) : value;
}

const ENCODED_WORD = /=\?([^?\s*]+)(?:\*[^?\s]*)?\?([bq])\?([^?]*)\?=/gi;

/** RFC 2047 §6.2. Neighbours in one charset are joined before decoding: QQ and Foxmail cut inside a character. */
export function decodeWords(value: string): string {
  if (!value.includes("=?")) return value;
  let text = "";
  let end = 0;
  let pending: { charset: string; chunks: Buffer[] } | null = null;
  const flush = () => {
    if (pending) text += decodeText(Buffer.concat(pending.chunks), pending.charset);
    pending = null;
  };
  for (const word of value.matchAll(ENCODED_WORD)) {
    const between = value.slice(end, word.index);
    const charset = (word[1] ?? "").toLowerCase();
    const isNeighbour = pending !== null && /^\s*$/.test(between);
    // Each ISO-2022 word begins and ends in ASCII (RFC 2047 §3); a decoder takes the doubled escapes for damage.
    const isJoinable =
      (pending as { charset: string } | null)?.charset === charset && !charset.startsWith("iso-2022");
    if (!isNeighbour || !isJoinable) flush();
    if (!isNeighbour) text += between;
    pending ??= { charset, chunks: [] };
    (pending as { chunks: Buffer[] }).chunks.push(bytesOfWord(word[2] ?? "b", word[3] ?? ""));
    end = word.index + word[0].length;
  }
  flush();
  return text + value.slice(end);
}

function bytesOfWord(encoding: string, payload: string): Buffer {
  if (encoding.toLowerCase() === "b") return Buffer.from(payload, "base64");
  const bytes = payload
    .replaceAll("_", " ")
    .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1");
}

/** The main value and the parameters of Content-Type or Content-Disposition, names in lower case. */
export function parameters(value: string): { value: string; named: Map<string, string> } {
  const named = new Map<string, string>();
  const pieces = new Map<string, { order: number; text: string; encoded: boolean }[]>();
  for (const found of value.matchAll(/;\s*([^=;\s]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)/g)) {
    const text = unquoted((found[2] ?? "").trim());
    // RFC 2231: name*, name*0, name*0*, …
    const [, name = "", order, star = ""] =
      /^([^*]+)(?:\*(\d+))?(\*)?$/.exec((found[1] ?? "").toLowerCase()) ?? [];
    if (name === "") continue;
    if (order === undefined && star === "") {
      if (!named.has(name)) named.set(name, text);
      continue;
    }
    const list = pieces.get(name) ?? [];
    list.push({ order: Number(order ?? 0), text, encoded: star !== "" });
    pieces.set(name, list);
  }
  // The extended form wins where both are given (RFC 6266 §4.3 says it for HTTP; mail clients do the same).
  for (const [name, list] of pieces) named.set(name, joinedPieces(list));
  return { value: (value.split(";", 1)[0] ?? "").trim().toLowerCase(), named };
}

function unquoted(text: string): string {
  const inner = text.length >= 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
  // Outlook writes C:\path\name unescaped; a backslash is an escape only before a quote or another backslash.
  return inner.replace(/\\(["\\])/g, "$1");
}

function joinedPieces(list: { order: number; text: string; encoded: boolean }[]): string {
  list.sort((a, b) => a.order - b.order);
  let charset = "";
  const chunks = list.map(({ text, encoded }, at) => {
    if (!encoded) return Buffer.from(text);
    let rest = text;
    const head = at === 0 ? /^([^']*)'[^']*'/.exec(text) : null;
    if (head) {
      charset = head[1] ?? "";
      rest = text.slice(head[0].length);
    }
    return percentBytes(rest);
  });
  const anyEncoded = list.some((piece) => piece.encoded);
  return anyEncoded ? decodeText(Buffer.concat(chunks), charset) : Buffer.concat(chunks).toString();
}

function percentBytes(text: string): Buffer {
  const bytes = Buffer.from(text).toString("latin1");
  return Buffer.from(
    bytes.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  );
}

/** All mailboxes of an address field, members of groups included. */
export function mailboxes(value: string): MailAddress[] {
  if (value === "") return [];
  return addressparser(value, { flatten: true }).map(({ name, address }) => ({
    name: oneLine(decodeWords(name ?? "")),
    address: isAddress(address) ? address.trim().toLowerCase() : "",
  }));
}

function isAddress(address: string | undefined): address is string {
  return (
    address !== undefined &&
    address.length <= 320 &&
    /^[^\s@<>,;:\p{Cc}]+@[^\s@<>,;:\p{Cc}]+$/u.test(address.trim())
  );
}

/** Message ids of References or In-Reply-To, with angle brackets. */
export function messageIds(value: string): string[] {
  const bracketed = value.match(/<[^<>\s\p{Cc}]+>/gu);
  const ids =
    bracketed ??
    value
      .split(/[\s,]+/)
      .filter((token) => token.includes("@"))
      .map((token) => `<${token}>`);
  return ids.slice(0, 200).map(cappedId);
}

/** The Message-ID with angle brackets; null when the field says nothing. */
export function messageId(value: string): string | null {
  const id =
    /<[^<>]+>/.exec(value)?.[0] ?? (value.trim() === "" ? null : `<${value.trim().replace(/[<>]/g, "")}>`);
  return id === null ? null : cappedId(id.replace(/[\s\p{Cc}]+/gu, ""));
}

function cappedId(id: string): string {
  return id.length <= LONGEST_ID ? id : `${id.slice(0, LONGEST_ID - 1).toWellFormed()}>`;
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const ZONES: Record<string, number> = {
  est: -300,
  edt: -240,
  cst: -360,
  cdt: -300,
  mst: -420,
  mdt: -360,
  pst: -480,
  pdt: -420,
};

/** The Date field (RFC 5322 §3.3 and its obsolete forms); null when it is not one. Never guesses as `new Date` does. */
export function claimedDate(value: string): Date | null {
  const found =
    /(\d{1,2})[\s-]+([a-z]{3})[a-z]*[\s-]+(\d{2,4})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:[.,]\d+)?\s*([+-]\d{4}|[a-z]+)?/i.exec(
      value.slice(0, 200),
    );
  if (!found) return null;
  const [, day, monthName = "", yearText = "", hour, minute, second = "0", zone = ""] = found;
  const month = MONTHS.indexOf(monthName.toLowerCase());
  if (month < 0) return null;
  let year = Number(yearText);
  if (yearText.length === 2) year += year < 50 ? 2000 : 1900;
  else if (yearText.length === 3) year += 1900;
  const at = Date.UTC(year, month, Number(day), Number(hour), Number(minute), Number(second));
  const isReal = Number(day) >= 1 && Number(day) <= 31 && Number(hour) <= 24 && Number(minute) <= 59;
  if (!isReal || Number.isNaN(at)) return null;
  const date = new Date(at - zoneMinutes(zone, value) * 60_000);
  // "31 Dec 9999 23:59 -2359" is a year of five digits, which neither ISO 8601 nor the store takes.
  return date.getUTCFullYear() > 9999 ? null : date;
}

function zoneMinutes(zone: string, whole: string): number {
  const numeric = /^([+-])(\d{2})(\d{2})$/.exec(zone);
  if (numeric) return (numeric[1] === "-" ? -1 : 1) * (Number(numeric[2]) * 60 + Number(numeric[3]));
  // "CST" alone is US Central by RFC 5322; "+0800 (CST)" is caught above.
  return /\(CST\)/.test(whole) ? 480 : (ZONES[zone.toLowerCase()] ?? 0);
}
