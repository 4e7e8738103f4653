// The one HTTP request this program ever makes: to the address the configuration names, and nowhere that answers points to (R68).
import { lookup } from "node:dns";
import { request as requestPlain } from "node:http";
import { request as requestSecure } from "node:https";
import { BlockList, isIP, isIPv6 } from "node:net";

export type Pinged = { outcome: "ok" } | { outcome: "failed"; why: string };

const LIMIT_MS = 3_000;

const inside4 = new BlockList();
for (const net of [
  ...["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"],
  ...["192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/3"],
])
  addNet(inside4, net, "ipv4");
/** Loopback, unspecified, IPv4 written as IPv6, translated or tunnelled, unique local, link- and site-local, multicast. */
const inside6 = new BlockList();
for (const net of [
  ...[
    "::/96",
    "::ffff:0:0/96",
    "::ffff:0:0:0/96",
    "64:ff9b::/96",
    "64:ff9b:1::/48",
    "2001::/32",
    "2002::/16",
  ],
  ...["fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"],
])
  addNet(inside6, net, "ipv6");

function addNet(list: BlockList, net: string, family: "ipv4" | "ipv6"): void {
  const [address = "", bits] = net.split("/");
  list.addSubnet(address, Number(bits), family);
}

/** An address of this machine, the house's network or a cloud's metadata: not to be asked unless the office says so. */
export function isInside(address: string): boolean {
  return isIPv6(address) ? inside6.check(address, "ipv6") : inside4.check(address, "ipv4");
}

/** Redirects are failures; the name is resolved once, and that very address is asked. */
export async function ping(url: string, { mayBeInside }: { mayBeInside: boolean }): Promise<Pinged> {
  const { protocol, hostname } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, "");
  if (!mayBeInside && isIP(host) && isInside(host)) return { outcome: "failed", why: refused(host) };
  const request = protocol === "https:" ? requestSecure : requestPlain;
  const guarded: typeof lookup = ((name: string, options: object, done: (...all: unknown[]) => void) => {
    lookup(name, { ...options, all: true }, (error, found) => {
      const bad = (found ?? []).find(({ address }) => !mayBeInside && isInside(address));
      const [first] = found ?? [];
      if (error || bad || !first) return done(error ?? new Error(refused(bad?.address ?? name)));
      if ("all" in options && options.all) return done(null, found);
      return done(null, first.address, first.family);
    });
  }) as typeof lookup;
  return new Promise((resolve) => {
    const failed = (why: string) => resolve({ outcome: "failed", why });
    const signal = AbortSignal.timeout(LIMIT_MS);
    const headers = { "User-Agent": "jinbox" };
    const asking = request(url, { signal, lookup: guarded, agent: false, headers }, (answer) => {
      const { statusCode: status = 0 } = answer;
      // What it says is of no interest, however long.
      answer.destroy();
      if (status >= 200 && status < 300) resolve({ outcome: "ok" });
      else failed(`HTTP ${status}${status >= 300 && status < 400 ? ", redirects are not followed" : ""}`);
    });
    asking.once("error", (error) => failed(error.message));
    asking.end();
  });
}

const refused = (address: string) => `${address} is inside: set watch.inside: true if that is meant`;
