// By what a text is found again: the same numbers for the same passage, wherever it stands and however it is set.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CERTAIN_RUN, fingerprintOf, lettersOf, SHORT } from "../../src/text/fingerprint.ts";

interface Pair {
  kind: string;
  a: string;
  b: string;
}
const { near, far } = JSON.parse(
  readFileSync(new URL("../../fixtures/likeness/pairs.json", import.meta.url), "utf8"),
) as { near: Pair[]; far: Pair[] };

const print = (text: string, scope = "X") => fingerprintOf(lettersOf(text), scope);

function common(a: string, b: string): number {
  const keys = new Set(print(b).keys);
  return print(a).keys.filter((key) => keys.has(key)).length;
}

test("width, punctuation, spacing, case and traditional characters change nothing", () => {
  expect(lettersOf("圖書館，晚上 開 到 ９：００！\n（ＷｉＦｉ）")).toBe(
    lettersOf("图书馆晚上开到9:00 (wifi)"),
  );
});

test("every key fits PostgreSQL's integer, and the whole its bigint", () => {
  for (const { a } of near) {
    const { keys, whole } = print(a);
    for (const key of keys) expect(key).toBe(key | 0);
    expect(BigInt.asIntN(64, BigInt(whole)).toString()).toBe(whole);
  }
});

test("a run of the certain length is found wherever it stands", () => {
  const long = near.filter(({ a }) => lettersOf(a).length > SHORT).map(({ a }) => lettersOf(a));
  expect(long.length).toBeGreaterThan(30);
  for (const [index, letters] of long.entries()) {
    const other = long[(index + 7) % long.length] as string;
    if (other === letters) continue;
    const run = letters.slice(31, 31 + CERTAIN_RUN);
    expect(common(run, letters), run).toBeGreaterThan(0);
    expect(common(`${other}${run}${other}`, letters), run).toBeGreaterThan(0);
  }
});

test("another campaign's text has other numbers", () => {
  const [first] = near as [Pair];
  const here = new Set(print(first.a, "ONE").keys);
  expect(print(first.a, "TWO").keys.filter((key) => here.has(key))).toEqual([]);
  expect(print(first.a, "ONE").whole).not.toBe(print(first.a, "TWO").whole);
});

test("near pairs have numbers in common; hardly any far pair has more than one", () => {
  expect(near.filter(({ a, b }) => common(a, b) === 0)).toEqual([]);
  const few = far.filter(({ kind, a, b }) => kind !== "formula" && common(a, b) > 1);
  expect(few.length).toBeLessThan(far.length / 20);
});

test("nothing, a letter and ten million letters have a fingerprint", () => {
  expect(print("").keys).toEqual([]);
  expect(print("好").keys).toHaveLength(1);
  expect(print("文化馆夜间开放".repeat(1_500_000)).keys.length).toBeLessThan(50);
});
