// What is alike and what is not: invented pairs of every kind, in fixtures/likeness.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { lettersOf } from "../../src/text/fingerprint.ts";
import {
  comparable,
  likenessOf,
  passagesOf,
  sharedPassages,
  shareTakenFrom,
} from "../../src/text/likeness.ts";

interface Pair {
  kind: string;
  a: string;
  b: string;
}
const fixture = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../fixtures/likeness/${name}.json`, import.meta.url), "utf8"));
const { near, far } = fixture("pairs") as { near: Pair[]; far: Pair[] };
const papers = fixture("papers") as {
  model: Record<string, string>;
  copies: { a: string; b: string }[];
  announcement: string;
  pasted: string;
  own: string;
};

const none = new Set<string>();
const like = (a: string, b: string, shared: ReadonlySet<string> = none) =>
  likenessOf(comparable(a), comparable(b), shared);

test("there are enough pairs to say anything", () => {
  expect(near.length).toBeGreaterThanOrEqual(60);
  expect(far.length).toBeGreaterThanOrEqual(60);
});

test.each(near)("$kind: $a", ({ kind, a, b }) => {
  const there = like(a, b);
  const back = like(b, a);
  expect(there?.score).toBeGreaterThan(0.5);
  expect(back?.score).toBeCloseTo(there?.score ?? 0);
  if (kind === "punctuation" || kind === "width" || kind === "line-breaks")
    expect(there?.kind).toBe("same-text");
  if (kind.startsWith("contained")) {
    expect(there?.kind).toBe("contained");
    expect(back?.kind).toBe("contains");
  }
});

test.each(far)("$kind, not alike: $a | $b", ({ kind, a, b }) => {
  const there = like(a, b);
  // The same opening and closing around another proposal is at most a common model.
  if (kind === "formula" && there) expect(there.kind).toBe("boilerplate");
  else expect(there).toBeNull();
});

test("papers after one model are no copies of one another, two of them or many", () => {
  const all = Object.values(papers.model);
  const model = sharedPassages(
    all.map((text) => comparable(text).own),
    3,
  );
  for (const [index, a] of all.entries()) {
    for (const b of all.slice(index + 1)) {
      for (const shared of [none, model])
        expect(["boilerplate", undefined]).toContain(like(a, b, shared)?.kind);
    }
  }
});

test("a paper copied with another unit's name and figures is found, whatever model it was made after", () => {
  const model = sharedPassages(
    Object.values(papers.model).map((text) => comparable(text).own),
    3,
  );
  for (const { a, b } of papers.copies) {
    expect(like(a, b)?.kind).toBe("near-identical");
    expect(like(a, b, model)?.kind).toBe("near-identical");
  }
});

test("many copies of one paper do not make it anybody's model", () => {
  const [{ a, b }] = papers.copies as [{ a: string; b: string }];
  const own = [a, b, b.replace("三个下午", "两个下午"), b.replace("书家", "会员")];
  const shared = sharedPassages(
    own.map((text) => comparable(text).own),
    3,
  );
  expect(like(a, b, shared)?.kind).toBe("near-identical");
});

test("the share of a paper that stands in the notice", () => {
  const notice = passagesOf(lettersOf(papers.announcement));
  expect(shareTakenFrom(lettersOf(papers.pasted), notice)).toBeGreaterThan(0.7);
  expect(shareTakenFrom(lettersOf(papers.own), notice)).toBeLessThan(0.05);
  expect(shareTakenFrom("", notice)).toBe(0);
});

test("filled-in forms with the same labels are as alike as what was written into them", () => {
  const form = (who: string, what: string) =>
    `建议征集表\n建议人：${who}\n所在部门：业务部\n联系方式：\n建议内容：${what}\n预期效果：\n备注：`;
  const one = form("钱晓棠", "把仓库里的旧戏服拍照上网，剧团之间可以互相借用，省下做新衣服的钱。");
  expect(
    like(one, form("岳宁", "食堂门口加装一排雨棚，下雨天取餐不用排在露天里，花费不过三千元。")),
  ).toBeNull();
  expect(
    like(one, form("岳宁", "把仓库里的旧戏服拍照上网，剧团之间可以相互借用，省下做新戏服的钱。"))?.kind,
  ).toBe("near-identical");
});

test("the longest texts are compared in a moment", () => {
  const text = (seed: number) =>
    Array.from({ length: 20_000 }, (_, at) =>
      String.fromCharCode(0x4e00 + ((at * at * seed + at * 7) % 3000)),
    ).join("");
  expect(like(text(3), text(11))).toBeNull();
});
