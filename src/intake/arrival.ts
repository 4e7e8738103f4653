// When a stored mail arrived, read from its header: for folders of files, which have no INTERNALDATE.

/** RFC 5322 §3.3 with the zones of §4.3, or ISO 8601; Date itself would read a date into almost any words. */
const SHAPE =
  /\d{1,2}\s+[a-z]{3}\s+\d{2,4}\s+\d{1,2}:\d\d(?::\d\d)?(?:\s*(?:[+-]\d{4}|[a-z]{1,3}\b))?|\d{4}-\d\d-\d\dT\d\d:\d\d\S*/i;
const ZONE = /(?:[+-]\d{2}:?\d{2}|\b(?:UT|UTC|GMT|[ECMP][SD]T)|\dZ|\bZ)$/i;

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
  const claimed = SHAPE.exec(value.replace(/\([^()]*\)/g, " "))?.[0].trim();
  if (claimed === undefined) return null;
  // A zone is demanded; where there is none, the host's must not decide.
  const date = new Date(
    ZONE.test(claimed) ? claimed : claimed.includes("T") ? `${claimed}Z` : `${claimed} +0000`,
  );
  return isArrival(date) ? date : null;
}

/** Whether an instant can be when a mail came: no mailbox is older than 1970, and years of five digits break calendars. */
export function isArrival(date: Date): boolean {
  const at = date.getTime();
  return at >= 0 && at < Date.UTC(9999, 0);
}
