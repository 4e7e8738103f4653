// Words found again in a text as it was written: spacing, width, traditional characters and broken lines hide nothing.
import { expect, test } from "vitest";
import { cutAt, occurrencesOf } from "../../src/text/occurrence.ts";

const found = (words: string, text: string) =>
  occurrencesOf(words, text).map(({ start, end }) => text.slice(start, end));

test.each([
  ["市图书馆", "我是市图书馆的", ["市图书馆"]],
  ["市图书馆", "我是 市 图 书 馆 的", ["市 图 书 馆"]],
  ["市图书馆", "我是市图\r\n  书馆的，市图书馆", ["市图\r\n  书馆", "市图书馆"]],
  ["图书馆", "臺北圖書館", ["圖書館"]],
  ["name:abc", "Ｎａｍｅ：ＡＢＣ", ["Ｎａｍｅ：ＡＢＣ"]],
  ["书馆", "图\u200b书\u200b馆", ["书\u200b馆"]],
  ["𠮷祥", "吉祥与𠮷祥", ["𠮷祥"]],
  ["city library", "the City\nLibrary", ["City\nLibrary"]],
  ["item", "give it emphasis", []],
  ["博物馆", "图书馆", []],
  ["", "图书馆", []],
])("%j in %j", (words, text, expected) => {
  expect(found(words, text)).toEqual(expected);
});

test("a text is cut where words stand, the ones named first having the room", () => {
  const text = "市图书馆的书";
  expect(cutAt(text, ["图书馆", "市图书馆", "书"])).toEqual([
    { text: "市", words: null },
    { text: "图书馆", words: 0 },
    { text: "的", words: null },
    { text: "书", words: 2 },
  ]);
  expect(cutAt(text, ["市图书馆", "图书馆", "没有"]).map((piece) => piece.text)).toEqual([
    "市图书馆",
    "的书",
  ]);
  expect(cutAt("", ["书"])).toEqual([]);
  expect(cutAt(text, [])).toEqual([{ text, words: null }]);
});
