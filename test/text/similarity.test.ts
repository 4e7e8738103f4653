// How alike two texts are.
import { expect, test } from "vitest";
import { containment, isOneSlipAway, likeness } from "../../src/text/similarity.ts";

test("likeness is 1 for equal texts, 0 for unrelated ones, and symmetric", () => {
  expect(likeness("市图书馆", "市图书馆")).toBe(1);
  expect(likeness("市图书馆", "电视台")).toBe(0);
  expect(likeness("abcd", "abce")).toBe(0.5);
  expect(likeness("abce", "abcd")).toBe(0.5);
  expect(likeness("", "a")).toBe(0);
});

test("containment asks how much of the part is in the whole", () => {
  expect(containment("图书馆", "江州市图书馆的建议")).toBe(1);
  expect(containment("江州市图书馆的建议", "图书馆")).toBeLessThan(0.5);
  expect(containment("", "图书馆")).toBe(0);
});

const slips: [a: string, b: string, is: boolean][] = [
  ["图书馆", "图书馆", true],
  ["图书馆", "图书管", true],
  ["图书馆", "图馆", true],
  ["图书馆", "图书书馆", true],
  ["图书馆", "书图馆", true],
  ["文化馆", "博物馆", false],
  ["图书馆", "图", false],
  ["", "馆", true],
  ["䶮某", "𠀀某", true],
];

test.each(slips)("%s and %s are one slip apart: %s", (a, b, is) => {
  expect(isOneSlipAway(a, b)).toBe(is);
  expect(isOneSlipAway(b, a)).toBe(is);
});
