// Names as people really write them: the longest wins, typos resolve, sister organisations stay apart; and whom a word names.

import { expect, test } from "vitest";
import { abbreviates } from "../../src/understand/abbreviation.ts";
import { indexNames, mentionsIn } from "../../src/understand/names.ts";
import { isChineseName, isEnglishName, namesIn, withoutTitle } from "../../src/understand/people.ts";
import { resolveName } from "../../src/understand/resolve.ts";
import { shorterForms } from "../../src/understand/shortforms.ts";

const name = (words: string, value: string | null, strength = 1) => ({ words, value, strength });
const index = indexNames([
  name("第一小学", "one"),
  name("第一小学东校区", "east"),
  name("东校区", "east", 0.9),
  name("第二小学", "two"),
  name("文物保护处", "heritage"),
  name("图书馆", "library", 0.9),
  name("harbour museum", "harbour"),
  name("活动办公室", null),
  name("办公室", "office"),
]);

test.each([
  ["我校是第一小学东校区", ["east"]],
  ["第一小学和第二小学", ["one", "two"]],
  ["第三小学", []],
  ["第一小学东校去", ["east"]],
  ["文勿保护处", ["heritage"]],
  ["省图书馆", []],
  ["the harbour museum shop", ["harbour"]],
  ["harbour museums", []],
  ["活动办公室的同志", [null]],
])("in %s are %j", (text, expected) => {
  expect(mentionsIn(index, text, { typos: true }).map((mention) => mention.value)).toEqual(expected);
});

test("a numeral is never a typo", () => {
  expect(mentionsIn(index, "第四小学", { typos: true })).toEqual([]);
});

test.each([
  ["文保处", "heritage"],
  ["第一小学", "one"],
  ["某处", null],
  ["第一小学、第二小学", "one"],
])("a place for a name that says %s means %s", (slot, expected) => {
  expect(resolveName(index, slot)?.value ?? null).toBe(expected);
});

test("an abbreviation keeps order and first character", () => {
  expect(abbreviates("文保处", "文物保护处")).toBe(true);
  expect(abbreviates("保文处", "文物保护处")).toBe(false);
});

test("a name is also used without its place and its brackets", () => {
  expect(shorterForms("江城市第一小学")).toContain("第一小学");
  expect(shorterForms("新闻出版(版权)处".replace("处", ""))).toContain("新闻出版");
});

test.each(["张某", "李某某", "欧阳菲", "王小明", "艾力·买买提", "诸葛晴"])("%s is a person", (words) => {
  expect(isChineseName(words)).toBe(true);
});
test.each(["方案", "金点子", "文化", "高度", "我们", "关于", "时间", "周末", "张贴"])(
  "%s is no person",
  (words) => {
    expect(isChineseName(words)).toBe(false);
  },
);
test.each([
  ["Anna Reid", true],
  ["J. Smith", false],
  ["Best Regards", false],
  ["Harbour Museum", false],
])("%s an English name: %s", (words, expected) => expect(isEnglishName(words)).toBe(expected));

test.each([
  ["张某、李某", ["张某", "李某"]],
  ["张某 李某", ["张某", "李某"]],
  ["张 某", ["张某"]],
  ["张某和李某某", ["张某", "李某某"]],
  ["王小明馆长，李雷老师", ["王小明", "李雷"]],
  ["Dr. Anna Reid and Tom Poole", ["Anna Reid", "Tom Poole"]],
  ["全体职工", []],
])("%s names %j", (words, expected) => expect(namesIn(words)).toEqual(expected));

test("a title alone is no name", () => {
  expect(withoutTitle("张主任")).toBe("");
  expect(withoutTitle("张某同志")).toBe("张某");
});
