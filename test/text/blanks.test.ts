import { expect, test } from "vitest";
import { narrowBlanks } from "../../src/text/blanks.ts";

test("a blank wider than anybody types is cut, and nothing else changes", () => {
  expect(narrowBlanks(`单位：${" ".repeat(1_000_000)}图书馆`)).toBe(`单位：${" ".repeat(40)}图书馆`);
  expect(narrowBlanks(`a${"\t".repeat(41)}b\n\n\n  c`)).toBe(`a${"\t".repeat(40)}b\n\n\n  c`);
  expect(narrowBlanks(`标题\n${"　".repeat(40)}落款`)).toBe(`标题\n${"　".repeat(40)}落款`);
});
