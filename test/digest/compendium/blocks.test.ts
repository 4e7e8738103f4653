// A text becomes paragraphs as an office would set them, and nothing in it can harm the book.
import fc from "fast-check";
import { expect, test } from "vitest";
import { blocksOf } from "../../../src/digest/compendium/blocks.ts";
import { themeOf } from "../../../src/digest/compendium/themes.ts";
import { chineseNumber } from "../../../src/digest/compendium/words.ts";

const kinds = (text: string, title = "") =>
  blocksOf(text, title).map((block) =>
    block.kind === "table" ? `table ${block.rows.length}` : `${block.kind} ${block.text}`,
  );

test("addressee, headings, text and closing lines are told apart; the title is not printed twice", () => {
  const text = [
    ...[
      "关于夜间开放的总结",
      "局办公室：",
      "　　我馆试行夜间开放。",
      "一、主要做法",
      "（一）延长时间",
      "一、这是正文，说了一句完整的话。",
    ],
    ...["", "市图书馆", "2012年12月19日"],
  ].join("\n");
  expect(kinds(text, "关于“夜间开放”的总结")).toEqual([
    ...[
      "addressee 局办公室：",
      "text 我馆试行夜间开放。",
      "heading 一、主要做法",
      "subheading （一）延长时间",
    ],
    ...["text 一、这是正文，说了一句完整的话。", "closing 市图书馆", "closing 2012年12月19日"],
  ]);
});

test("lines with as many cells are a table; a single one is a line", () => {
  expect(kinds("说明\n序号\t项目\n1\t夜间开放\n完")).toEqual(["text 说明", "table 2", "text 完"]);
  expect(kinds("甲\t乙\n完")).toEqual(["text 甲 乙", "text 完"]);
});

test("a paragraph of a million characters is broken after its sentences, and nothing is lost", () => {
  const text = "建议延长开放时间。".repeat(100_000);
  const blocks = blocksOf(text, "");
  expect(blocks.every((block) => block.kind === "text" && block.text.length <= 4_000)).toBe(true);
  expect(blocks.map((block) => (block.kind === "text" ? block.text : "")).join("")).toBe(text);
});

test("whatever a text holds, no control character, half character or turned direction is left", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
      const all = blocksOf(text, "").flatMap((block) =>
        block.kind === "table" ? block.rows.flat() : [block.text],
      );
      for (const one of all) {
        expect(one.isWellFormed()).toBe(true);
        expect(one).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069\ufffe\uffff]/u);
      }
    }),
  );
});

test("a theme is the one whose words are used most, the title counting more; none is none", () => {
  const themes = [
    { code: "service", name: "公共服务", keywords: ["开放", "借阅"] },
    { code: "talent", name: "人才", keywords: ["培训"] },
  ];
  expect(themeOf(themes, { title: "延长開放时间", text: "夜间培训。" })).toBe("service");
  expect(themeOf(themes, { title: "一点想法", text: "多办培训，少开会。" })).toBe("talent");
  expect(themeOf(themes, { title: "一点想法", text: "开放、培训" })).toBe("service");
  expect(themeOf(themes, { title: "一点想法", text: "食堂" })).toBeNull();
});

test("numbers are written as in a document", () => {
  const written = [1, 10, 12, 20, 101, 110, 1005, 2000].map(chineseNumber);
  expect(written).toEqual(["一", "十", "十二", "二十", "一百零一", "一百一十", "一千零五", "二千"]);
});
