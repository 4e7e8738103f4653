// No mail, however it is cut into lines, keeps the others waiting; its text is kept whole.
import { expect, test } from "vitest";
import { prepare, understand } from "../../src/understand/understand.ts";
import { cpuMilliseconds } from "../support/cpu.ts";
import { mailOf, partOf, schools } from "./builders.ts";

const knowledge = prepare(schools);
const megabyte = (words: string) => words.repeat(Math.ceil(1_000_000 / words.length));
const arrivedAt = new Date("2025-04-02T02:00:00Z");

const shapes: [string, string][] = [
  ["lines of one character", megabyte("a\n")],
  ["short lines", megabyte("短句\n")],
  ["blank lines", megabyte("\n \n")],
  ["labels", megabyte("姓名：张某\n")],
  ["titles", megabyte("标题：延长开放\n内容：好的\n")],
  ["attributions", megabyte("张三 写道：\n")],
  ["attributions begun", megabyte("On x\n")],
  ["fields", megabyte("From: a\n")],
  ["quotes", megabyte("> 好\n")],
  ["rows of a table", `姓名\t单位\t标题\t内容\n${megabyte("张某\t实验中学\t延长\t建议延长\n")}`],
  ["one line", megabyte("建议延长开放时间。")],
  ["cells", megabyte("a\t")],
  ["stars before a word", `a${megabyte("*")}b`],
  ["links", megabyte("http://a.example/?b=1\n")],
  ["a forwarded sender's field", `---- 转发邮件 ----\n发件人: ${megabyte("aa.")}\n日期: 2025-01-01\n\n短`],
  ["closings of ours", megabyte("主题活动办公室\n")],
  ["a forwarded letter", `---- 转发邮件 ----\n发件人: a@b.example\n\n${megabyte("短\n")}`],
];

/** Measured at 15 to 90 ms; the best of three, for a machine whose caches are busy with something else. */
test.each(shapes)("a megabyte of %s", (_, text) => {
  for (const subject of ["献策", "转发：献策"]) {
    const inBody = () =>
      understand({ mail: mailOf({ subject, text }), parts: [], arrivedAt, thread: null }, knowledge);
    const attached = [partOf({ filename: "a.txt", text })];
    const inDocument = () =>
      understand({ mail: mailOf({ subject }), parts: attached, arrivedAt, thread: null }, knowledge);
    for (const run of [inBody, inDocument])
      expect(Math.min(...[1, 2, 3].map(() => cpuMilliseconds(run)))).toBeLessThan(100);
  }
});

/** As long as a subject is kept, and a file's name no shorter; every unit in it is weighed. */
test.each([
  ["units", "实验中学的"],
  ["we", "我们学校"],
  ["proposals", "建议"],
  ["names", "张三、"],
  ["kinds", "工作总结 "],
])("a subject and a file name of nothing but %s", (_, word) => {
  const long = word.repeat(2_000 / word.length);
  const inSubject = mailOf({ subject: long, name: long, text: "建议延长" });
  const attached = [partOf({ filename: `${long}.txt`, text: "建议延长" })];
  for (const [mail, parts] of [
    [inSubject, []],
    [mailOf({ subject: "献策" }), attached],
  ] as const) {
    const run = () => understand({ mail, parts: [...parts], arrivedAt, thread: null }, knowledge);
    expect(Math.min(...[1, 2, 3].map(() => cpuMilliseconds(run)))).toBeLessThan(100);
  }
});

test("a long text is filed whole", () => {
  const text = `我是职校的邓凯。建议延长图书馆开放时间。\n${"晚上来的人多。\n".repeat(20_000)}最后一句。`;
  const mail = mailOf({ from: "dengkai@qq.example", subject: "献策", text });
  const got = understand({ mail, parts: [], arrivedAt, thread: null }, knowledge);
  expect(got.submissions).toHaveLength(1);
  expect(got.submissions[0]?.text).toBe(text);
});

test("history below a long letter and the signature under it are still cut off", () => {
  const letter = `建议延长图书馆开放时间。\n${"晚上来的人多。\n".repeat(20_000)}最后一句。`;
  const text = `${letter}\n\n------------------ 原始邮件 ------------------\n发件人: a@b.example\n旧的内容`;
  const mail = mailOf({ from: "dengkai@qq.example", subject: "献策", text });
  const got = understand({ mail, parts: [], arrivedAt, thread: null }, knowledge);
  expect(got.newText).toBe(letter);
});
