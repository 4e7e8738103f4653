// Which fields are the border's own: by where they stand among the Received, however a stranger imitates them (RFC 8601).
import { Buffer } from "node:buffer";
import { expect, test } from "vitest";
import { borderResults, type TrustedServers } from "../../src/message/border.ts";
import { parseMail } from "../../src/message/parse.ts";

const byName: TrustedServers = { authserv: ["mx.culture.example"], authservBelow: false, hops: null };
const below: TrustedServers = { ...byName, authservBelow: true };
const counted: TrustedServers = { ...byName, hops: 2 };

const border =
  "Received: from x.example (x.example [192.0.2.1]) by mx.culture.example with ESMTPS; Mon, 1 Jan";
const store =
  "Received: from mx.culture.example (mx [10.0.0.1]) by store.culture.example with LMTP; Mon, 1 Jan";
const foreign = "Received: from y.example ([192.0.2.9]) by x.example; Mon, 1 Jan";
const says = (verdict: string, id = "mx.culture.example") =>
  `Authentication-Results: ${id}; dmarc=${verdict} header.from=lib.example`;

const cases: [what: string, fields: string[], trusted: TrustedServers, verdicts: string[], strays: number][] =
  [
    ["above the border's Received", [says("none"), border, foreign], byName, ["none"], 0],
    ["forged at the bottom", [says("fail"), border, foreign, says("pass")], byName, ["fail"], 1],
    ["forged at the sender's top", [says("fail"), border, says("pass"), foreign], byName, ["fail"], 1],
    ["forged where the border says nothing", [border, says("pass"), foreign], byName, [], 1],
    ["forged under a Received in its name", [border, says("pass"), border], byName, [], 1],
    ["another server's above it", [says("pass", "mx.x.example"), border], byName, [], 0],
    ["the border's name in ARC", [`ARC-${says("pass")}`, border], byName, [], 0],
    [
      "above the store's Received, of the border",
      [store, says("none"), border, foreign],
      byName,
      ["none"],
      0,
    ],
    ["two filters, a field each", [says("none"), says("pass"), border], byName, ["none", "pass"], 0],
    ["where the border writes below", [border, says("none"), foreign], below, ["none"], 0],
    ["below, and imitated after a hop", [border, says("fail"), foreign, says("pass")], below, ["fail"], 1],
    [
      "below, and imitated right there",
      [border, says("fail"), says("pass"), foreign],
      below,
      ["fail", "pass"],
      0,
    ],
    ["no Received at all", [says("none")], byName, ["none"], 0],
    [
      "no Received of that name: the uppermost",
      [store, says("fail"), foreign, says("pass")],
      byName,
      ["fail"],
      1,
    ],
    ["counted hops", [store, says("fail"), border, says("pass")], counted, ["fail"], 1],
    ["counted hops, fewer there", [says("pass"), border], counted, [], 1],
    [
      "a HELO of “by”",
      ["Received: from by ([192.0.2.1]) by mx.culture.example; x", says("pass"), border],
      byName,
      [],
      1,
    ],
    [
      "a HELO that opens a bracket",
      ["Received: from a(b ([192.0.2.1]) by mx.culture.example; x", says("pass"), border],
      byName,
      [],
      1,
    ],
    [
      "a HELO with the border's name",
      ["Received: from mx.culture.example ([192.0.2.1]) by gate.example; x", says("fail"), border],
      byName,
      ["fail"],
      0,
    ],
  ];

test.each(cases)("%s", async (_what, fields, trusted, verdicts, strays) => {
  const raw = [...fields, "From: <zhang@lib.example>", "", "x"].join("\r\n");
  const found = borderResults((await parseMail(Buffer.from(raw))).trace, trusted);
  expect(found.results.map(({ verdict }) => verdict)).toEqual(verdicts);
  expect(found.strays).toBe(strays);
});
