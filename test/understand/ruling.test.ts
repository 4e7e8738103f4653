// What the office may write to rule on what is owed, as people really write it; and what is no ruling at all.
import { expect, test } from "vitest";
import { prepare } from "../../src/understand/knowledge.ts";
import { officeWordsIn } from "../../src/understand/office-words.ts";
import { beginsWithRuling, type RulingOrder } from "../../src/understand/ruling.ts";
import { schools, trust } from "./builders.ts";

const zh = prepare(schools);
const en = prepare(trust);
const today = "2025-06-10";
const read = (text: string, knowledge = zh, on = today) => officeWordsIn(text, knowledge, on).rulings;
const short = (one: RulingOrder) => ({
  ...{ [one.revokes ? "revokes" : "rules"]: one.kind },
  ...(one.units.length > 0 && { units: one.units.join(" ") }),
  ...(one.everybody && { everybody: true }),
  ...(one.deliverables.length > 0 && { of: one.deliverables.join(" ") }),
  ...(one.items.length > 0 && { items: one.items.map(({ item }) => item).join(" ") }),
  ...(one.when && { when: `${one.when.on}${one.when.time ? ` ${one.when.time}` : ""}` }),
  ...(one.by && { by: one.by }),
  ...(one.why !== null && { why: one.why }),
  ...(one.problems.length > 0 && { problems: one.problems.map(({ what }) => what) }),
});

const came = { rules: "receipt", units: "no2", of: "term-review" };
const later = { rules: "extension", units: "no2", of: "term-review", when: "2025-06-25" };
const never = { rules: "waiver", units: "no2", of: "term-review" };

test.each([
  ["收到 二小 小结 纸质", { ...came, by: "paper" }],
  ["收到 二小 小结 6-9", { ...came, when: "2025-06-09" }],
  ["收到　二小　小结　６月９日　纸质版", { ...came, when: "2025-06-09", by: "paper" }],
  ["小结 二小 收到", came],
  ["收到二小小结", came],
  ["已收到第二小学的学期工作小结（纸质），谢谢", { ...came, by: "paper" }],
  ["二小的小结昨天已经收到了，是电话告知的。", { ...came, when: "2025-06-09", by: "phone" }],
  ["收到 二小 小结 6月9日下午4点半 当面", { ...came, when: "2025-06-09 16:30", by: "other" }],
  ["收到 二小 小结 2025-06-09 16:00 纸质", { ...came, when: "2025-06-09 16:00", by: "paper" }],
  ["收到 二小 小结 六月九日", { ...came, when: "2025-06-09" }],
  ["收到 二小 小结 12-28", { ...came, when: "2024-12-28" }],
  ["→ 收到 江城市第二小学 学期工作小结 纸质", { ...came, by: "paper" }],
  ["1. 收到 二小 小结；原因：校长亲自送来", { ...came, why: "校长亲自送来" }],
  ["收到 單位=二小 材料=小结 方式=纸质", { ...came, by: "paper" }],
  ["二小的小结收到了，不用催了", came],
  ["收到二小报送的小结1份，扫描件见附件", came],
  ["收到 二小 小结 6月9日下午两点半 微信", { ...came, when: "2025-06-09 14:30", by: "other" }],
  ["签收 書香行動 纸质", { rules: "receipt", items: "reading", by: "paper" }],
  ["收到 基教科 书香行动工作方案 2份", { rules: "receipt", units: "basic", of: "scheme", items: "reading" }],
  ["延期 二小 小结 6-25", later],
  ["延期 二小 小结 到6月25日", later],
  ["延期　二小　小结　到６月２５日", later],
  ["6.25 延期 二小 小结", later],
  ["同意二小的小结延期至2025年6月25日。", later],
  ["请把二小的小结延期到6月25号，谢谢", later],
  ["延期 二小 小结 6/25 17:00", { ...later, when: "2025-06-25 17:00" }],
  ["延期 二小 小结 6月25日17时前", { ...later, when: "2025-06-25 17:00" }],
  ["同意第二小学延期至6月25日报送小结", later],
  ["延期 二小 小结 6-25（校长出差）", { ...later, why: "校长出差" }],
  ["延期 二小 小结 6月25日（星期三）", later],
  ["延期 二小 小结 6-25 原因=校长出差，下周回来", { ...later, why: "校长出差，下周回来" }],
  ["延期 二小 小结 1-8", { ...later, when: "2026-01-08" }],
  ["延期 二小、实中 小结 6-25", { ...later, units: "no2 lab" }],
  ["延期 二小和实中 小结、安全自查报告 6-25", { ...later, units: "no2 lab", of: "term-review self-check" }],
  ["延期 全部 工作方案 6-20", { rules: "extension", everybody: true, of: "scheme", when: "2025-06-20" }],
  ["延期 所有单位 小结 6-25", { rules: "extension", everybody: true, of: "term-review", when: "2025-06-25" }],
  ["免交 二小 小结 原因=校舍停用", { ...never, why: "校舍停用" }],
  ["二小小结免交", never],
  ["免交 二小 小结 原因=…", never],
  ["同意二小免予提交学期工作小结，因为校舍停用", { ...never, why: "校舍停用" }],
  ["取消延期 二小 小结", { revokes: "extension", units: "no2", of: "term-review" }],
  ["取消免交 二小 小结", { revokes: "waiver", units: "no2", of: "term-review" }],
  ["取消二小小结的延期", { revokes: "extension", units: "no2", of: "term-review" }],
  [
    "撤销收到 二小 小结 原因=登记错了",
    { revokes: "receipt", units: "no2", of: "term-review", why: "登记错了" },
  ],
])("%s", (line, expected) => {
  expect(read(line).map(short)).toEqual([expected]);
});

test.each([
  [
    "received East Wing annual report on paper",
    { rules: "receipt", units: "harbour-east", of: "year-report", by: "paper" },
  ],
  [
    "We have received the County Archive annual report, thanks",
    { rules: "receipt", units: "archive", of: "year-report" },
  ],
  [
    "extend County Archive annual report to 20 June",
    { rules: "extension", units: "archive", of: "year-report", when: "2025-06-20" },
  ],
  [
    "Extend County Archive's Annual Report until June 20th, 2025 5pm",
    { rules: "extension", units: "archive", of: "year-report", when: "2025-06-20 17:00" },
  ],
  [
    "extend all annual report 2025-07-01",
    { rules: "extension", everybody: true, of: "year-report", when: "2025-07-01" },
  ],
  [
    "waive East Wing annual report because of the flood",
    { rules: "waiver", units: "harbour-east", of: "year-report", why: "the flood" },
  ],
  [
    "cancel extension County Archive annual report",
    { revokes: "extension", units: "archive", of: "year-report" },
  ],
  [
    "extend County Archive annual report 5/6",
    { rules: "extension", units: "archive", of: "year-report", problems: ["date-missing"] },
  ],
])("%s", (line, expected) => {
  expect(read(line, en).map(short)).toEqual([expected]);
});

test("several a line, several a mail, beside instructions about mails", () => {
  const text =
    "您好：\n收到 二小 小结 纸质；延期 实中 小结 6-25\n收到实中自查报告6-9，免交一小自查报告\n#9 忽略\n\n谢谢\n何静";
  const { rulings, instructions } = officeWordsIn(
    text,
    prepare({
      ...schools,
      deliverables: schools.deliverables.map((one) =>
        one.code === "self-check" ? { ...one, aliases: ["自查报告"] } : one,
      ),
    }),
    today,
  );
  expect(rulings.map((one) => [one.at, one.kind, one.units.join()])).toEqual([
    [1, "receipt", "no2"],
    [1, "extension", "lab"],
    [2, "receipt", "lab"],
    [2, "waiver", "no1"],
  ]);
  expect(instructions).toMatchObject([{ at: 3, target: { mail: 9 }, act: "dismiss" }]);
});

test.each([
  ["收到 三小 小结 纸质", ["unknown-name"]],
  ["收到 三小 小结", ["unknown-name"]],
  ["延期 二小 小洁 6-25", ["unknown-name"]],
  ["延期 三小 小洁 6-25", ["unknown-name", "unknown-name"]],
  ["延期 二小 小结", ["date-missing"]],
  ["延期 二小 小结 一周", ["date-missing"]],
  ["延期 二小 小结 5个工作日", ["date-missing"]],
  ["延期 二小 小结 25日", ["date-missing"]],
  ["延期 二小 小结 6月31日", ["date-missing"]],
  ["延期 小结 6-25", ["unit-missing"]],
  ["延期 二小 6-25", ["deliverable-missing"]],
  ["免交 二小", ["deliverable-missing"]],
  ["收到 二小 纸质", ["deliverable-missing"]],
  ["延期 二小 小结 6-25 6-28", ["said-twice"]],
  ["免交 二小 小结 6-25", ["not-understood"]],
  ["延期 二小 小结 6-25 照旧办理", ["not-understood"]],
  ["延期 王芳 小结 6-25", ["unknown-name"]],
])("%s is refused, and says why", (line, problems) => {
  expect(read(line).map((one) => one.problems.map(({ what }) => what))).toEqual([problems]);
});

test("a name nobody has is told with the nearest ones", () => {
  const [one] = read("延期 第三小学 小结 6-25");
  expect(one?.problems).toMatchObject([{ what: "unknown-name", field: "unit", written: "第三小学" }]);
  const problem = one?.problems[0];
  expect(problem && "nearest" in problem && problem.nearest).toContain("江城市第二小学");
});

test.each(["延期 二小 小结 2112-06-25", "延期 二小 小结 9999-06-25", "延期 二小 小结 2月30日"])(
  "no such day is meant: %s",
  (text) => {
    expect(read(text)[0]?.problems).toMatchObject([{ what: "date-missing" }]);
  },
);

test.each([
  "收到，谢谢",
  "收到 6-9 的来信",
  "Received: from 10.9.37.234 ([10.9.34.13])",
  "收到。",
  "收到！辛苦了",
  "已收到简报，谢谢。",
  "总结已收到，谢谢",
  "收到小结，谢谢",
  "收到二小的小结了吗？",
  "二小的小结收到没有",
  "还没收到二小的小结",
  "二小未交小结",
  "尚未收到 二小 小结",
  "收到二小的小结后请告诉我",
  "如收到二小小结，请登记",
  "二小申请延期，请问能否同意？",
  "二小能不能延期到6月25日？",
  "二小的小结是不是可以免交？",
  "请催一下二小的小结，6月25日前要交",
  "他们说延期到6月25日交小结",
  "请问今天的简报里为什么没有附件？",
  "江城市第二小学　学期工作小结　6月20日截止，已逾期 2 天",
  "延期的单位有二小、实中",
  "会议延期到6月25日",
  "二小的小结6月10日前交来",
  "二小小结6月10日之前报来",
  "免交的单位有哪些",
  "收到各单位材料后统一汇总",
  "附件是二小交来的小结，请登记",
  "",
])("no ruling: %s", (text) => {
  expect(read(text)).toEqual([]);
});

test.each([
  "Received, thank you.",
  "Have you received the County Archive annual report?",
  "Has the County Archive annual report been received yet",
  "We did not receive the County Archive annual report",
  "Could you extend the annual report for the archive",
])("no ruling: %s", (text) => {
  expect(read(text, en)).toEqual([]);
});

test("a line that begins with what is to be done is told from one that only says how things are", () => {
  const begins = (line: string) => beginsWithRuling(line, zh, today);
  expect(begins("→ 收到 二小 小结 纸质")).toBe(true);
  expect(begins("取消延期 二小 小结")).toBe(true);
  expect(begins("江城市第二小学　学期工作小结　已延至 6月25日")).toBe(false);
});

test("odd input costs no time and no crash", () => {
  const odd = [
    `收到${"二小".repeat(5000)}`,
    "收到 ".repeat(5000),
    `延期 ${"1-".repeat(5000)}`,
    "收到 二小 小结\n".repeat(3000),
  ];
  const began = process.cpuUsage();
  for (const text of odd) read(text);
  expect(process.cpuUsage(began).user).toBeLessThan(5_000_000);
  const many = read("收到 二小 小结\n".repeat(3000));
  expect(many).toHaveLength(201);
  expect(many[200]?.problems).toEqual([{ what: "too-many", most: 200 }]);
});
