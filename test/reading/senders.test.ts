// Who really sent a mail, verified by ourselves: real signatures, real arithmetic; only the answers of DNS are played.
import { afterAll, expect, test } from "vitest";
import { virtualClock } from "../../src/clock.ts";
import { silentLogger } from "../../src/log.ts";
import { parseMail } from "../../src/message/parse.ts";
import { authenticated } from "../../src/message/sender.ts";
import { remembering } from "../../src/reading/dns.ts";
import { createReader } from "../../src/reading/reader.ts";
import { arrived, keyRecord, type PlayedNames, playedNames, signed } from "../support/names.ts";

const lib = "lib.culture.example";
const letter = { from: `Zhang <zhang@${lib}>`, subject: "金点子", text: "建议延长开放时间。" };
const records = {
  [`TXT s._domainkey.${lib}`]: [keyRecord],
  "TXT s._domainkey.evil.example": [keyRecord],
  [`TXT ${lib}`]: ["v=spf1 ip4:192.0.2.0/28 -all"],
  "TXT evil.example": ["v=spf1 ip4:203.0.113.0/24 -all"],
  "TXT _dmarc.culture.example": ["v=DMARC1; p=reject"],
};
const theirs = "192.0.2.1";
const evils = "203.0.113.7";

let names = playedNames(records);
const reader = createReader({ resolve: (name, type) => names.resolve(name, type), log: silentLogger });
afterAll(() => reader.close());

async function check(raw: Buffer, played: PlayedNames = playedNames(records), hops: number | null = null) {
  names = played;
  const mail = await parseMail(raw);
  const sent = { raw, mail, arrivedAt: new Date("2026-11-23T02:00:00Z") };
  const [checked = []] = await reader.checkSenders([sent], hops);
  const trust = { authserv: [], authservBelow: false, hops, verify: true };
  return {
    verdict: authenticated({ ...mail, checked }, trust),
    results: checked.map(({ method, verdict }) => `${method}=${verdict}`),
  };
}

const alter = (raw: Buffer, from: string | RegExp, to: string) =>
  Buffer.from(raw.toString("latin1").replace(from, to), "latin1");

const cases: [what: string, raw: () => Promise<Buffer>, verdict: string, results: string[]][] = [
  [
    "signed, and from its server",
    async () => arrived(await signed(letter, lib), theirs, `zhang@${lib}`),
    "pass",
    ["dkim=pass", "spf=pass", "dmarc=pass"],
  ],
  [
    "signed, and forwarded by somebody else",
    async () => arrived(await signed(letter, lib), evils, "forwarder@evil.example"),
    "pass",
    ["dkim=pass", "spf=pass", "dmarc=pass"],
  ],
  [
    "changed after it was signed",
    async () =>
      arrived(alter(await signed(letter, lib), /\r\n\r\n.*/s, "\r\n\r\n5paw55qE"), evils, "x@evil.example"),
    "fail",
    ["dkim=neutral", "spf=pass", "dmarc=fail"],
  ],
  [
    "with a second subject above the signed one",
    async () => arrived(await signed(letter, lib), evils, "x@evil.example", ["Subject: withdraw"]),
    "fail",
    ["dkim=policy", "spf=pass", "dmarc=fail"],
  ],
  [
    "signed by somebody else",
    async () => arrived(await signed(letter, "evil.example"), evils, "x@evil.example"),
    "fail",
    ["dkim=pass", "spf=pass", "dmarc=fail"],
  ],
  [
    "with a Return-Path of the unit, from elsewhere",
    async () => arrived(await signed(letter, "evil.example"), evils, `zhang@${lib}`),
    "fail",
    ["dkim=pass", "spf=fail", "dmarc=fail"],
  ],
  [
    "with a Received of the unit's server below ours",
    async () =>
      arrived(arrived(await signed(letter, "evil.example"), theirs, `zhang@${lib}`), evils, `zhang@${lib}`),
    "fail",
    ["dkim=pass", "spf=fail", "dmarc=fail"],
  ],
];

test.each(cases)("%s", async (_what, raw, verdict, results) => {
  expect(await check(await raw())).toEqual({ verdict, results });
});

test("what DNS does not answer nobody knows: it is no failure", async () => {
  const raw = arrived(await signed(letter, lib), evils, "x@evil.example");
  for (const failing of Object.keys(records)) {
    const failed = playedNames({ ...records, [failing]: "ETIMEOUT" });
    expect([failing, (await check(raw, failed)).verdict]).not.toEqual([failing, "fail"]);
  }
  const down = playedNames(Object.fromEntries(Object.keys(records).map((name) => [name, "ESERVFAIL"])));
  expect((await check(raw, down)).verdict).toBe("unknown");
});

test("without a policy alignment alone decides", async () => {
  const { "TXT _dmarc.culture.example": _, ...unruled } = records;
  const of = async (domain: string, path: string) =>
    (await check(arrived(await signed(letter, domain), evils, path), playedNames(unruled))).verdict;
  expect(await of(lib, "x@evil.example")).toBe("pass");
  expect(await of("evil.example", "x@evil.example")).toBe("unknown");
});

test("who connected is read where our servers wrote it", async () => {
  const stored = "Received: from mx.culture.example (mx [10.0.0.3]) by store.culture.example with LMTP; x";
  const unsigned = await signed(letter, "evil.example");
  const raw = arrived(unsigned, theirs, `zhang@${lib}`, [stored]);
  expect((await check(raw)).results).toContain("spf=pass");
  expect((await check(raw, playedNames(records), 2)).results).toContain("spf=pass");
  // The store's own client is nobody's sender, and a border that does not say who came leaves it open.
  expect((await check(raw, playedNames(records), 1)).results).toEqual(["dkim=pass", "dmarc=temperror"]);
  const silent = arrived(raw, evils, "", ["Received: by mx.culture.example; x"]);
  expect((await check(silent)).results).toEqual(["dkim=pass", "dmarc=temperror"]);
});

test("a mail that asks for more names than anybody needs is not asked for all of them", async () => {
  const [signature = ""] =
    /^DKIM-Signature:(?:.*\r\n)(?:[ \t].*\r\n)*/m.exec((await signed(letter, lib)).toString()) ?? [];
  const many = Array.from({ length: 200 }, (_, at) => signature.replace("s=s;", `s=s${at};`)).join("");
  await check(arrived(Buffer.concat([Buffer.from(many), await signed(letter, lib)]), theirs, ""));
  expect(names.asked.length).toBeLessThanOrEqual(60);
});

test("an answer is remembered for minutes, a failure is not", async () => {
  const clock = virtualClock(new Date(0));
  const asked = playedNames({ "TXT there.example": ["x"], "TXT broken.example": "ETIMEOUT" });
  const resolve = remembering(asked.resolve, clock);
  for (const name of [
    "there.example",
    "THERE.example",
    "gone.example",
    "gone.example",
    "broken.example",
    "broken.example",
  ])
    await resolve(name, "TXT").catch(() => undefined);
  expect(asked.asked).toEqual([
    "TXT there.example",
    "TXT gone.example",
    "TXT broken.example",
    "TXT broken.example",
  ]);
  clock.moveTo(new Date(301_000));
  await resolve("there.example", "TXT");
  expect(asked.asked).toHaveLength(5);
});
