// The proposer is whoever thought of it, also where another hand wrote it down.
import { expect, test } from "vitest";
import { behalfInFull } from "../../src/understand/dictated.ts";
import { labelledIn, linesOf } from "../../src/understand/letter.ts";
import { proposersIn } from "../../src/understand/proposers.ts";
import { bareSubject, meaningOf } from "../../src/understand/title.ts";
import { prepare } from "../../src/understand/understand.ts";
import { schools } from "./builders.ts";

const knowledge = prepare(schools);
const proposers = (text: string) => {
  const lines = linesOf(text);
  return proposersIn(lines, labelledIn(lines), knowledge);
};

test.each([
  ["食堂的毕小芳阿姨，她口述，我打字：窗口加一盏灯。", ["毕小芳"]],
  ["门房的汤国柱师傅手写了一页，是他的建议，不是我的。", ["汤国柱"]],
  ["一小岳青山发我的语音，我转成了字：放学分两批走。", ["岳青山"]],
  ["我是后门修车的老滕滕大海，建议门口加减速带。", ["滕大海"]],
  ["俺在校门口看了九年车，叫缪长根。俺建议划线停车。", ["缪长根"]],
  ["单　位：一　小\n姓　名：葛　立　夏\n点　子：走廊加扶手。", ["葛立夏"]],
  ["建议走廊加扶手。\n敬请 卓裁", []],
])("%s", (text, people) => expect(proposers(text)).toEqual(people));

test("another's handwriting of one's own words makes him no proposer", () => {
  expect(proposers("我口述，同事毕小芳老师代笔：窗口加一盏灯。\n汤国柱")).not.toContain("代笔");
});

test("a first name in the subject is completed by the letter", () => {
  const lines = linesOf("Mabel Thornley, who keeps the garden, has no mailbox.");
  expect(behalfInFull("On behalf of Mabel", lines)).toBe("Mabel Thornley");
  expect(behalfInFull("A letter from Mabel", lines)).toBeNull();
  expect(behalfInFull("On behalf of Agnes", lines)).toBeNull();
});

test("our own number is no part of a title", () => {
  expect(bareSubject("Re: 走廊加扶手（ABC25-0012）")).toBe("走廊加扶手");
  expect(bareSubject("走廊加扶手（二期）")).toBe("走廊加扶手（二期）");
});

test.each(["一点浅见", "我自己的一条", "交作业"])("%s says nothing of what is proposed", (subject) =>
  expect(meaningOf(subject, knowledge)).toBeNull(),
);
