// Who sent a mail, and whether a server we trust vouches for it.
import type { Mail, MailAddress } from "./mail.ts";

/** The one mailbox of From; null when there is none or more than one (R28). */
export function senderOf(mail: Mail): MailAddress | null {
  const [only, ...others] = mail.from;
  return only !== undefined && others.length === 0 && only.address !== "" ? only : null;
}

/**
 * What the Authentication-Results fields (RFC 8601) of trusted servers say about the From domain. Fields of any other
 * server, and all fields when no server is named, are anybody's writing and count for nothing (R60).
 */
export function authenticated(mail: Mail, authserv: string[]): "pass" | "fail" | "unknown" {
  const sender = senderOf(mail);
  if (authserv.length === 0 || sender === null) return "unknown";
  const domain = sender.address.slice(sender.address.lastIndexOf("@") + 1);
  const trusted = new Set(authserv.map((name) => name.toLowerCase()));
  const results = (mail.headers["authentication-results"] ?? [])
    .map(readResults)
    .filter((field) => field !== null && trusted.has(field.authserv))
    .flatMap((field) => field?.results ?? []);
  const dmarc = results.filter((result) => result.method === "dmarc");
  // Two verdicts of one method: one of them is not the server's. Believe the worse.
  if (dmarc.some((result) => result.verdict === "fail")) return "fail";
  if (
    dmarc.some(
      (result) => result.verdict === "pass" && speaksFor(result.properties.get("header.from"), domain),
    )
  )
    return dmarc.every((result) => result.verdict === "pass") ? "pass" : "unknown";
  // "none" says that the domain publishes no policy, as most bureaus do: then alignment itself decides.
  if (dmarc.some((result) => result.verdict !== "none")) return "unknown";
  const isAligned = results.some(({ method, verdict, properties }) => {
    if (verdict !== "pass") return false;
    if (method === "dkim")
      return speaksFor(properties.get("header.d") ?? properties.get("header.i"), domain, true);
    return method === "spf" && speaksFor(properties.get("smtp.mailfrom"), domain, true);
  });
  return isAligned ? "pass" : "unknown";
}

/**
 * Whether a mail may act for the address in its From (R60): where trusted servers are named, they must vouch for it;
 * where none is, nothing can be known and the address is taken at its word.
 */
export function isBelieved(mail: Mail, authserv: string[]): boolean {
  return authserv.length === 0 || authenticated(mail, authserv) === "pass";
}

interface Result {
  method: string;
  verdict: string;
  /** "header.d" → value, names in lower case. */
  properties: Map<string, string>;
}

/** Whether a verified domain (or address) is the From domain; `required`: a missing one vouches for nothing. */
function speaksFor(verified: string | undefined, domain: string, required = false): boolean {
  if (verified === undefined || verified === "") return !required;
  const host = verified.slice(verified.lastIndexOf("@") + 1).toLowerCase();
  return (
    host === domain ||
    (required && domain.endsWith(`.${host}`) && host.includes(".") && !isPublicSuffix(host))
  );
}

/** Suffixes under which strangers register: com.cn, gov.cn, co.uk and their like never align by themselves. */
function isPublicSuffix(host: string): boolean {
  return /^(?:com|net|org|gov|edu|ac|co|mil|[a-z]{2})\.[a-z]{2}$/.test(host);
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
function readResults(value: string): { authserv: string; results: Result[] } | null {
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

function readClause(clause: Token[]): Result[] {
  const [method, ...after] = clause;
  // method ["/" version] "=" verdict
  const equals = after.findIndex((token) => token.kind === "=");
  const verdict = after[equals + 1];
  if (method?.kind !== "word" || (equals !== 0 && equals !== 2) || verdict?.kind !== "word") return [];
  const properties = new Map<string, string>();
  for (let at = equals + 2; at + 2 < after.length; at++) {
    const [name, sign, said] = after.slice(at, at + 3);
    if (name?.kind !== "word" || sign?.kind !== "=" || said === undefined) continue;
    let text = said.text;
    // smtp.mailfrom="quoted local part"@domain: the domain is what counts.
    if (said.kind === "quoted" && after[at + 3]?.text.startsWith("@")) text = after[at + 3]?.text ?? "";
    // smtp.mailfrom=x=header.from=bank.example: a local part that writes further properties.
    if (after[at + 3]?.kind === "=") return [];
    if (!properties.has(name.text.toLowerCase())) properties.set(name.text.toLowerCase(), text);
    at += 2;
  }
  return [{ method: method.text.toLowerCase(), verdict: verdict.text.toLowerCase(), properties }];
}
