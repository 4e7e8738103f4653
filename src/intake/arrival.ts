// When a stored mail arrived, read from its header: for folders of files, which have no INTERNALDATE.

const ZONE = /(?:[+-]\d{2}:?\d{2}|\b(?:Z|UT|UTC|GMT|[ECMP][SD]T))\b|\dZ\b/;

/**
 * X-Jinbox-Arrived if present, else the topmost Received (the last server's, after its last ";"), else Date.
 * Null when none of them holds a readable date. `rawHead` may be the whole mail: only its header is looked at.
 */
export function arrivalOf(rawHead: Buffer): Date | null {
  const text = rawHead.subarray(0, 256 * 1024).toString("latin1");
  const end = /\r?\n\r?\n/.exec(text);
  const header = (end ? text.slice(0, end.index) : text).replace(/\r?\n[ \t]+/g, " ");
  for (const [name, dateOf] of sources) {
    const line = new RegExp(`^${name}:(.*)$`, "im").exec(header);
    const date = line?.[1] === undefined ? null : dateFrom(dateOf(line[1]));
    if (date) return date;
  }
  return null;
}

const sources: [name: string, dateOf: (value: string) => string][] = [
  ["X-Jinbox-Arrived", (value) => value],
  ["Received", (value) => value.slice(value.lastIndexOf(";") + 1)],
  ["Date", (value) => value],
];

function dateFrom(value: string): Date | null {
  const claimed = value.replace(/\([^()]*\)/g, " ").trim();
  // RFC 5322 §3.3 demands a zone; without one the host's must not decide.
  const zoned = ZONE.test(claimed) ? claimed : `${claimed} +0000`;
  const date = new Date(zoned);
  return claimed === "" || Number.isNaN(date.getTime()) ? null : date;
}
