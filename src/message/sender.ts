// Who sent a mail, and whether a server we trust, or our own verification, vouches for it.
import { domainToASCII } from "node:url";
import { getDomain } from "tldts";
import { borderResults, type TrustedServers } from "./border.ts";
import type { Mail, MailAddress, SenderResult } from "./mail.ts";

/** Whose word about senders counts: servers by name, our own verification, or nobody's. */
export interface SenderTrust extends TrustedServers {
  /** We verify DKIM, SPF and DMARC ourselves. */
  verify: boolean;
}

export type SenderVerdict = "pass" | "fail" | "unknown";

/** The one mailbox of From; null when there is none or more than one (R28). */
export function senderOf(mail: Mail): MailAddress | null {
  const [only, ...others] = mail.from;
  return only !== undefined && others.length === 0 && only.address !== "" ? only : null;
}

/** What is known about who sent a mail, and what it rests on. */
export interface SenderCheck {
  verdict: SenderVerdict;
  /** By our border, in its Authentication-Results. */
  border: SenderResult[];
  /** By ourselves; null: nothing was verified. */
  own: SenderResult[] | null;
  /** Fields in our border's name that are not its own. */
  strays: number;
}

/**
 * What is known about the From domain (R60): from the Authentication-Results of trusted servers, and from what we verified
 * ourselves. Where the two differ a failure counts, then a pass. Null: nobody's word is asked for.
 */
export function senderCheck(mail: Mail, trust: SenderTrust): SenderCheck | null {
  if (!isAuthenticating(trust)) return null;
  const { results: border, strays } = borderResults(mail.trace, trust);
  const own = trust.verify ? mail.checked : null;
  const sender = senderOf(mail);
  const domain = sender === null ? "" : hostOf(sender.address);
  const verdicts = domain === "" ? [] : [judged(border, domain), judged(own ?? [], domain)];
  const verdict =
    verdicts.find((one) => one === "fail") ?? verdicts.find((one) => one === "pass") ?? "unknown";
  return { verdict, border, own, strays };
}

export function authenticated(mail: Mail, trust: SenderTrust): SenderVerdict {
  return senderCheck(mail, trust)?.verdict ?? "unknown";
}

/** Whether anybody's word about senders is asked for at all. */
export function isAuthenticating({ authserv, verify }: SenderTrust): boolean {
  return authserv.length > 0 || verify;
}

/**
 * Whether a mail may act for the address in its From (R60): where senders are authenticated, it must have passed; where
 * they are not, nothing can be known and the address is taken at its word.
 */
export function isBelieved(mail: Mail, trust: SenderTrust): boolean {
  return !isAuthenticating(trust) || authenticated(mail, trust) === "pass";
}

function judged(results: SenderResult[], domain: string): SenderVerdict {
  const dmarc = results.filter(({ method }) => method === "dmarc");
  // Two verdicts of one method: one of them is not the server's. Believe the worse.
  if (dmarc.some(({ verdict }) => verdict === "fail")) return "fail";
  const isForSender = ({ verdict, properties }: SenderResult) =>
    verdict === "pass" &&
    (properties["header.from"] === undefined || hostOf(properties["header.from"]) === domain);
  if (dmarc.some(isForSender)) return dmarc.every(({ verdict }) => verdict === "pass") ? "pass" : "unknown";
  // "none" says that the domain publishes no policy, as most bureaus do: then alignment itself decides.
  if (dmarc.some(({ verdict }) => verdict !== "none")) return "unknown";
  const isAligned = results.some(({ method, verdict, properties }) => {
    if (verdict !== "pass") return false;
    if (method === "dkim") return aligns(properties["header.d"] ?? properties["header.i"], domain);
    return method === "spf" && aligns(properties["smtp.mailfrom"], domain);
  });
  return isAligned ? "pass" : "unknown";
}

/** Whether a verified domain (or address) belongs to the organisation of the From domain (RFC 7489 §3.1, relaxed). */
function aligns(verified: string | undefined, domain: string): boolean {
  const host = hostOf(verified ?? "");
  return host !== "" && (host === domain || (organisation(host) ?? host) === organisation(domain));
}

/** Whether two addresses are of one organisation; of none, where one of them names no domain. */
export function isSameOrganisation(one: string, other: string): boolean {
  return aligns(one, hostOf(other));
}

/** "lib.culture.example" → "culture.example"; null for what strangers register under: com.cn, gov.cn, github.io. */
function organisation(host: string): string | null {
  return getDomain(host, { allowPrivateDomains: true });
}

/** The domain of an address, as DNS has it: whether written 例子.中国 or xn--…, it is the same. */
function hostOf(address: string): string {
  const host = address.slice(address.lastIndexOf("@") + 1).toLowerCase();
  return domainToASCII(host.replace(/\.$/, ""));
}
