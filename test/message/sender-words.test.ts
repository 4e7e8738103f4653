// The office reads who vouches for a sender before it files what waits.
import { expect, test } from "vitest";
import { heldLabel } from "../../src/digest/words.ts";
import { senderCheckWords } from "../../src/message/sender-words.ts";

const dmarc = { method: "dmarc", verdict: "fail", properties: { "header.from": "lib.example" } };
const dkim = { method: "dkim", verdict: "pass", properties: { "header.d": "evil.example" } };

test("the verdict stands before what it rests on", () => {
  const check = { verdict: "fail" as const, border: [dmarc], own: [dkim], strays: 1 };
  expect(senderCheckWords(check, "en")).toBe(
    "forged — our server: dmarc=fail lib.example; our own check: dkim=pass evil.example; 1 more in our server's name, not believed",
  );
  expect(senderCheckWords({ verdict: "unknown", border: [], own: null, strays: 0 }, "zh-CN")).toBe(
    "未能核实",
  );
});

test("a held mail that somebody else may have written says so where the office decides", () => {
  const held = { reason: "unit-unknown", state: "held" as const };
  expect(heldLabel({ ...held, sender: "fail" }, "zh-CN")).toContain("；发件人不符，是冒名的信");
  expect(heldLabel({ ...held, sender: "unknown" }, "en")).toContain("; sender not verified");
  for (const sender of ["pass" as const, null])
    expect(heldLabel({ ...held, sender }, "en")).not.toContain(";");
});
