// A document with files inside it: its own words count first, and so does what it brings.
import { expect, test } from "vitest";
import { prepare, understand } from "../../src/understand/understand.ts";
import { type Attached, mailOf, partOf, schools } from "./builders.ts";

const knowledge = prepare(schools);

function read(attached: Attached) {
  const mail = mailOf({
    from: "hejing@lab.edu.example",
    subject: "材料",
    text: "请查收",
    attach: [attached],
  });
  const arrivedAt = new Date("2025-04-02T02:00:00Z");
  return understand({ mail, parts: [partOf(attached)], arrivedAt, thread: null }, knowledge);
}

const review =
  "江城市实验中学\n学期工作小结\n一、基本情况\n组织了教研活动，开展了读书节。\n二、主要做法\n召开了会议，完成了维修。\n江城市实验中学\n2025年4月1日";

test("a report with a chart's workbook inside is one report, and its own words are filed", () => {
  const { outcome, submissions } = read({
    filename: "小结.docx",
    text: review,
    children: [{ filename: "工作表1.xlsx", text: "月份\t人数\n三月\t120\n四月\t135" }],
  });
  expect(outcome).toBe("filed");
  expect(submissions).toHaveLength(1);
  expect(submissions[0]).toMatchObject({ type: "term-review", unit: "lab" });
  expect(submissions[0]?.text).toContain("组织了教研活动");
});

test("a covering letter with the report inside it brings the report", () => {
  const { outcome, submissions } = read({
    filename: "报送函.docx",
    text: "现将我校学期工作小结报上，请审阅。",
    children: [{ filename: "小结.docx", text: review }],
  });
  expect(outcome).toBe("filed");
  expect(submissions.map(({ type, unit }) => [type, unit])).toEqual([["term-review", "lab"]]);
  expect(submissions[0]?.text).toContain("组织了教研活动");
});
