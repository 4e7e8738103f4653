// Who sent it, and whose word that is: Authentication-Results of trusted servers only, however they are forged.
import { Buffer } from "node:buffer";
import { expect, test } from "vitest";
import { parseMail } from "../../src/message/parse.ts";
import { authenticated, senderOf } from "../../src/message/sender.ts";

const trusted = ["mx.culture.example"];

async function verdict(results: string[], authserv = trusted, from = "Zhang <zhang@lib.example>") {
  const fields = results.map((each) => `Authentication-Results: ${each}\r\n`).join("");
  const trust = { authserv, authservBelow: false, hops: null, verify: false };
  return authenticated(await parseMail(Buffer.from(`${fields}From: ${from}\r\n\r\nx`)), trust);
}

test("exactly one mailbox is the sender", async () => {
  const of = async (from: string) => senderOf(await parseMail(Buffer.from(`${from}\r\n\r\nx`)));
  expect(await of("From: Zhang <zhang@lib.example>")).toEqual({
    name: "Zhang",
    address: "zhang@lib.example",
  });
  expect(await of("From: a@lib.example, b@lib.example")).toBeNull();
  expect(await of("From: a@lib.example\r\nFrom: b@lib.example")).toBeNull();
  expect(await of("Subject: s")).toBeNull();
});

const honest: [what: string, results: string[], expected: "pass" | "fail" | "unknown"][] = [
  ["dmarc=pass for the From domain", ["mx.culture.example; dmarc=pass header.from=lib.example"], "pass"],
  [
    "the server's name in capitals, a version, comments",
    ["MX.Culture.Example 1; (checked) dmarc=pass (p=none; x) header.from=lib.example"],
    "pass",
  ],
  [
    "dmarc=fail",
    ["mx.culture.example; spf=pass smtp.mailfrom=lib.example; dmarc=fail header.from=lib.example"],
    "fail",
  ],
  [
    "aligned dkim where dmarc was not checked",
    ["mx.culture.example; dkim=pass header.d=lib.example"],
    "pass",
  ],
  [
    "aligned spf where dmarc was not checked",
    ["mx.culture.example; spf=pass smtp.mailfrom=bounce@lib.example"],
    "pass",
  ],
  ["dkim of somebody else", ["mx.culture.example; dkim=pass header.d=mailer.example"], "unknown"],
  ["spf of somebody else", ["mx.culture.example; spf=pass smtp.mailfrom=evil.example"], "unknown"],
  ["none", ["mx.culture.example; none"], "unknown"],
  ["no field at all", [], "unknown"],
];

test.each(honest)("%s", async (_what, results, expected) => {
  expect(await verdict(results)).toBe(expected);
});

test("without a trusted server no field is believed", async () => {
  expect(await verdict(["mx.culture.example; dmarc=pass header.from=lib.example"], [])).toBe("unknown");
});

const forged: [what: string, results: string[]][] = [
  ["another server's word", ["mx.evil.example; dmarc=pass header.from=lib.example"]],
  [
    "a name that only begins like ours",
    ["mx.culture.example.evil.example; dmarc=pass header.from=lib.example"],
  ],
  ["our name in a comment", ["(mx.culture.example) mx.evil.example; dmarc=pass header.from=lib.example"]],
  ["a result in a comment", ["mx.culture.example; spf=none (; dmarc=pass header.from=lib.example)"]],
  [
    "a result in a nested comment",
    ["mx.culture.example; spf=none (a (b) ; dmarc=pass header.from=lib.example)"],
  ],
  [
    "a result in a quoted local part",
    ['mx.culture.example; spf=none smtp.mailfrom="x; dmarc=pass header.from=lib.example"@evil.example'],
  ],
  [
    "a property in a local part",
    ["mx.culture.example; dkim=pass header.b=x=header.d=lib.example header.d=evil.example"],
  ],
  [
    "a pass beside a second verdict",
    [
      "mx.culture.example; dmarc=none header.from=lib.example",
      "mx.culture.example; dmarc=pass header.from=lib.example",
    ],
  ],
  ["a pass for another From", ["mx.culture.example; dmarc=pass header.from=evil.example"]],
  ["an unclosed comment", ["mx.culture.example; dmarc=pass header.from=lib.example (unclosed"]],
  ["an unclosed quote", ['mx.culture.example; dmarc=pass header.from=lib.example reason="unclosed']],
  ["a method that ends like ours", ["mx.culture.example; x-dmarc=pass header.from=lib.example"]],
];

test.each(forged)("%s vouches for nothing", async (_what, results) => {
  expect(await verdict(results)).toBe("unknown");
});

test("of a pass and a fail the fail counts", async () => {
  const pass = "mx.culture.example; dmarc=pass header.from=lib.example";
  expect(await verdict([pass, pass.replace("pass", "fail")])).toBe("fail");
});

const aligned: [verified: string, from: string, expected: "pass" | "unknown"][] = [
  ["culture.example", "a@lib.culture.example", "pass"],
  ["mail.culture.example", "a@lib.culture.example", "pass"],
  ["Culture.EXAMPLE.", "a@culture.example", "pass"],
  ["example", "a@lib.example", "unknown"],
  ["gov.cn", "a@lib.gov.cn", "unknown"],
  ["other.gov.cn", "a@lib.gov.cn", "unknown"],
  ["js.cn", "a@whj.js.cn", "unknown"],
  ["gov.uk", "a@council.gov.uk", "unknown"],
  ["github.io", "a@somebody.github.io", "unknown"],
  ["culture.example.evil.example", "a@culture.example", "unknown"],
  ["xn--fsqu00a.xn--fiqs8s", "a@例子.中国", "pass"],
  ["例子.中国", "a@mail.xn--fsqu00a.xn--fiqs8s", "pass"],
  ["xn--fiqs8s", "a@例子.中国", "unknown"],
];

test.each(aligned)("a signature of %s on a mail of %s: %s", async (domain, from, expected) => {
  expect(await verdict([`mx.culture.example; dkim=pass header.d=${domain}`], trusted, from)).toBe(expected);
});

test("a verdict names the From domain in either of its spellings", async () => {
  const results = ["mx.culture.example; dmarc=pass header.from=XN--FSQU00A.xn--fiqs8s"];
  expect(await verdict(results, trusted, "a@例子.中国")).toBe("pass");
});
