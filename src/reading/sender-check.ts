// DKIM, SPF and DMARC of one mail, verified by ourselves. Runs in a child; names are looked up by the service for it.
import { createRequire } from "node:module";
import { BlockList, isIP } from "node:net";
import { dkimVerify, dmarc, spf } from "mailauth";
import type { SenderResult } from "../message/mail.ts";
import type { Resolve } from "./dns.ts";

/** What is known of a mail beside its bytes. */
export interface MailToCheck {
  /** The Received fields from the top. */
  received: string[];
  /** How many of them our own servers write; null: those of connections between private addresses, and one more. */
  hops: number | null;
  returnPath: string | null;
  arrivedAt: Date;
}

interface ParsedReceived {
  from?: { value?: string; comment?: string };
}

const { parseReceived, getClientAddress } = createRequire(import.meta.url)("mailauth/lib/parse-received") as {
  parseReceived(line: string): ParsedReceived;
  getClientAddress(from: ParsedReceived["from"]): string | false;
};

/** Only once in a mail (RFC 5322 §3.6): a second one is shown, and the first one signed. */
const SINGLE = ["from", "subject", "to", "date", "in-reply-to", "references", "content-type", "mime-version"];

export async function checkSender(
  raw: Uint8Array,
  { received, hops, returnPath, arrivedAt }: MailToCheck,
  resolve: Resolve,
): Promise<SenderResult[]> {
  const resolver = resolve as (name: string, type: string) => Promise<string[]>;
  const signed = await dkimVerify(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength), {
    resolver,
    rejectRsaSha1: true,
    curTime: arrivedAt,
  });
  const keys = signed.headers?.parsed.map(({ key }) => key) ?? [];
  const isDoubled = SINGLE.some((name) => keys.filter((key) => key === name).length > 1);
  const dkim = signed.results.map(({ signingDomain = "", status }): SenderResult => {
    // What only part of the body is signed for, or a field more than was signed, anybody may have added.
    const isWhole = !isDoubled && !status.underSized;
    const verdict = status.result === "pass" && !isWhole ? "policy" : status.result;
    return { method: "dkim", verdict, properties: { "header.d": signingDomain } };
  });
  const client = clientOf(received, hops);
  const path = client && (await spf({ ...client, ...(returnPath && { sender: returnPath }), resolver }));
  const sent: SenderResult[] = path
    ? [{ method: "spf", verdict: path.status.result, properties: { "smtp.mailfrom": path.domain } }]
    : [];
  const domainsOf = (results: SenderResult[], property: string) =>
    results.filter(({ verdict }) => verdict === "pass").map(({ properties }) => properties[property] ?? "");
  const policy = await dmarc({
    headerFrom: signed.headerFrom,
    fromFields: signed.fromFields,
    spfDomains: domainsOf(sent, "smtp.mailfrom"),
    dkimDomains: domainsOf(dkim, "header.d").map((domain) => ({ domain })),
    resolver,
  });
  const results = [...dkim, ...sent];
  if (!policy) return results;
  const { result, header } = policy.status;
  // It fails by what did not pass; where that could not be asked, nobody can say.
  const isAsked = path !== null && results.every(({ verdict }) => verdict !== "temperror");
  const verdict = result === "fail" && !isAsked ? "temperror" : result;
  return [...results, { method: "dmarc", verdict, properties: { "header.from": `${header?.from ?? ""}` } }];
}

const inside = new BlockList();
for (const [net, bits] of [
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
] as const)
  inside.addSubnet(net, bits, "ipv4");
inside.addAddress("::1", "ipv6");
inside.addSubnet("fc00::", 7, "ipv6");
inside.addSubnet("fe80::", 10, "ipv6");

/** Who connected to our border, as the border wrote it; null where it does not say. Below that, anybody may have written. */
function clientOf(received: string[], hops: number | null): { ip: string; helo: string } | null {
  for (const line of hops === null ? received : received.slice(hops - 1, hops)) {
    const { from } = parseReceived(`Received: ${line}`);
    const ip = getClientAddress(from);
    if (ip === false) return null;
    if (!inside.check(ip, isIP(ip) === 6 ? "ipv6" : "ipv4")) return { ip, helo: from?.value ?? "" };
  }
  return null;
}
