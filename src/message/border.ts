// Which Authentication-Results fields are really our own border's, and what they say (RFC 8601).
import type { SenderResult, TraceField } from "./mail.ts";

/** The servers whose fields are believed, and where these stand. */
export interface TrustedServers {
  /** Their authserv-ids, in lower case; empty: no field is believed. */
  authserv: string[];
  /** The border writes its field below its own Received, as filters of Postfix do, and not above it. */
  authservBelow: boolean;
  /** How many Received fields our own servers write on a mail from outside; null: told by their names. */
  hops: number | null;
}

export interface BorderResults {
  results: SenderResult[];
  /** Fields in a trusted server's name that are not believed: the border should have removed them (RFC 8601 §5). */
  strays: number;
}

/**
 * Every server writes above what it was given, so what a stranger wrote in our border's name stands below the border's own
 * fields. Believed is what stands above the border's Received, or right below it where the border writes there, and only
 * the uppermost group: what a mail brought along from an earlier journey is below a Received of that journey.
 */
export function borderResults(trace: TraceField[], trusted: TrustedServers): BorderResults {
  const names = new Set(trusted.authserv);
  const mine = trace.flatMap(({ name, value }, at) => {
    const read = names.size > 0 && name === "authentication-results" ? readResults(value) : null;
    return read && names.has(read.authserv) ? [{ at, results: read.results }] : [];
  });
  const end = endOfBorder(trace, trusted);
  const [first] = mine.filter(({ at }) => at < end);
  const group = first ? nextReceived(trace, first.at) : 0;
  const believed = mine.filter(({ at }) => at < Math.min(end, group));
  return {
    results: believed.flatMap(({ results }) => results),
    strays: mine.length - believed.length,
  };
}

/** Where the fields end that our border may have written. */
function endOfBorder(trace: TraceField[], { authserv, authservBelow, hops }: TrustedServers): number {
  const received = trace.flatMap(({ name }, at) => (name === "received" ? [at] : []));
  // With fewer than our servers write it never came in over the border.
  const border =
    hops !== null
      ? (received[hops - 1] ?? 0)
      : received.find((at) => {
          const by = writtenBy(trace[at]?.value ?? "");
          return by === null || authserv.includes(by);
        });
  // No Received in its name, and none was counted: the uppermost group has to do.
  if (border === undefined) return trace.length;
  return authservBelow ? nextReceived(trace, border + 1) : border;
}

function nextReceived(trace: TraceField[], from: number): number {
  const next = trace.findIndex(({ name }, at) => at >= from && name === "received");
  return next < 0 ? trace.length : next;
}

/**
 * "from NAME … by HOST with …". The name is the client's to choose, "by" or an open bracket as well: null where that
 * leaves no telling who wrote the field.
 */
function writtenBy(received: string): string | null {
  const words = tokens(received)?.map(({ text }) => text.toLowerCase());
  return words?.[words.indexOf("by", words[0] === "from" ? 2 : 0) + 1] ?? null;
}

type Token = { kind: "word" | "quoted" | ";" | "=" | "/"; text: string };
/** Comments dropped (they nest), quoted strings taken whole: neither can smuggle a result in. Null when malformed. */
function tokens(value: string): Token[] | null {
  const found: Token[] = [];
  let at = 0;
  while (at < value.length) {
    const character = value[at] ?? "";
    if (/\s/.test(character)) {
      at++;
    } else if (character === "(") {
      at = endOfComment(value, at);
      if (at < 0) return null;
    } else if (character === '"') {
      const close = /"((?:[^"\\]|\\.)*)"/y;
      close.lastIndex = at;
      const quoted = close.exec(value);
      if (!quoted) return null;
      found.push({ kind: "quoted", text: (quoted[1] ?? "").replace(/\\(.)/g, "$1") });
      at = close.lastIndex;
    } else if (character === ";" || character === "=" || character === "/") {
      found.push({ kind: character, text: character });
      at++;
    } else {
      const word = /[^\s()";=/]+/y;
      word.lastIndex = at;
      found.push({ kind: "word", text: word.exec(value)?.[0] ?? character });
      at = Math.max(word.lastIndex, at + 1);
    }
  }
  return found;
}

function endOfComment(value: string, open: number): number {
  let depth = 0;
  for (let at = open; at < value.length; at++) {
    if (value[at] === "\\") at++;
    else if (value[at] === "(") depth++;
    else if (value[at] === ")" && --depth === 0) return at + 1;
  }
  return -1;
}

/** authserv-id [version]; method=verdict [reason=…] [ptype.property=value …]; … */
function readResults(value: string): { authserv: string; results: SenderResult[] } | null {
  const all = tokens(value);
  if (all === null) return null;
  const clauses: Token[][] = [[]];
  for (const token of all) {
    if (token.kind === ";") clauses.push([]);
    else clauses.at(-1)?.push(token);
  }
  const [head, ...rest] = clauses;
  const authserv = head?.[0];
  if (!authserv || (authserv.kind !== "word" && authserv.kind !== "quoted")) return null;
  return { authserv: authserv.text.toLowerCase(), results: rest.flatMap(readClause) };
}

function readClause(clause: Token[]): SenderResult[] {
  const [method, ...after] = clause;
  // method ["/" version] "=" verdict
  const equals = after.findIndex((token) => token.kind === "=");
  const verdict = after[equals + 1];
  if (method?.kind !== "word" || (equals !== 0 && equals !== 2) || verdict?.kind !== "word") return [];
  const properties: Record<string, string> = Object.create(null);
  for (let at = equals + 2; at + 2 < after.length; at++) {
    const [name, sign, said] = after.slice(at, at + 3);
    if (name?.kind !== "word" || sign?.kind !== "=" || said === undefined) continue;
    let text = said.text;
    // smtp.mailfrom="quoted local part"@domain: the domain is what counts.
    if (said.kind === "quoted" && after[at + 3]?.text.startsWith("@")) text = after[at + 3]?.text ?? "";
    // smtp.mailfrom=x=header.from=bank.example: a local part that writes further properties.
    if (after[at + 3]?.kind === "=") return [];
    properties[name.text.toLowerCase()] ??= text;
    at += 2;
  }
  return [{ method: method.text.toLowerCase(), verdict: verdict.text.toLowerCase(), properties }];
}
