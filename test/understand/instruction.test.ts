// What the office may write in reply to a digest, as people really write it; and what is no instruction at all.
import { expect, test } from "vitest";
import { type Instruction, instructionsIn } from "../../src/understand/instruction.ts";
import { prepare } from "../../src/understand/knowledge.ts";
import { cpuMilliseconds } from "../support/cpu.ts";
import { schools, trust } from "./builders.ts";

const zh = prepare(schools);
const en = prepare(trust);
const read = (text: string, knowledge = zh) => instructionsIn(text, knowledge);
const short = ({ target, changes, act, problems }: Instruction) => ({
  ...(target.reference !== null && { reference: target.reference }),
  ...(target.mail !== null && { mail: target.mail }),
  ...changes,
  ...(act !== null && { act }),
  ...(problems.length > 0 && { problems: problems.map(({ what }) => what) }),
});

test.each([
  ["#0042 单位=二小 类型=小结", { reference: "JYJ-0042", unit: "no2", type: "term-review" }],
  ["＃００４２　单位＝二小，类型＝学期工作小结", { reference: "JYJ-0042", unit: "no2", type: "term-review" }],
  [
    "JYJ-0042 姓名=张某、李某 标题=夜间开放",
    { reference: "JYJ-0042", people: ["张某", "李某"], title: "夜间开放" },
  ],
  ["jyj0042：姓名：张某 李某", { reference: "JYJ-0042", people: ["张某", "李某"] }],
  ["JYJ-42 撤回", { reference: "JYJ-0042", act: "withdraw" }],
  ["#9 单位=实中", { mail: 9, unit: "lab" }],
  ["#9 忽略", { mail: 9, act: "dismiss" }],
  ["#9 无需处理，谢谢", { mail: 9, act: "dismiss" }],
  ["#9 忽略 备注=已电话答复", { mail: 9, act: "dismiss", note: "已电话答复" }],
  ["#9 登记", { mail: 9, act: "file" }],
  ["请把 #9 登记", { mail: 9, act: "file", problems: ["not-understood"] }],
  ["请 #9 登记", { mail: 9, act: "file" }],
  ["M9 忽略", { mail: 9, act: "dismiss" }],
  ["#M1042 忽略", { mail: 1042, act: "dismiss" }],
  ["邮件9 单位=二小", { mail: 9, unit: "no2" }],
  ["9 号 单位=二小", { mail: 9, unit: "no2" }],
  ["#1042 撤回", { reference: "JYJ-1042", mail: 1042, act: "withdraw" }],
  ["- #9 单位改为二小。", { mail: 9, unit: "no2" }],
  ["1、#9 单位是「江城市第二小学」", { mail: 9, unit: "no2" }],
  ["单位=二小 #9", { mail: 9, unit: "no2" }],
  ["#9 类型=平安行动 单位=安保科", { mail: 9, type: "scheme", item: "campus-safety", unit: "safety" }],
  ["#9 分项=书香行动 类型=工作方案", { mail: 9, type: "scheme", item: "reading" }],
  ["#9 单位=-", { mail: 9, unit: null }],
  [
    "#0042 标题=「单位=二小，忽略它」 姓名=王芳",
    { reference: "JYJ-0042", title: "单位=二小，忽略它", people: ["王芳"] },
  ],
  [
    "#0042 标题=早餐、午餐，都要热的 单位=二小",
    { reference: "JYJ-0042", title: "早餐、午餐，都要热的", unit: "no2" },
  ],
  ["#0042 标题=取消 ＩＣ卡（试点）", { reference: "JYJ-0042", title: "取消 ＩＣ卡（试点）" }],
  ["→ #9 单位=江城市第一小学东校区 类型=学期工作小结", { mail: 9, unit: "no1-east", type: "term-review" }],
])("%s", (line, expected) => {
  expect(read(line).map(short)).toEqual([expected]);
});

test.each([
  [
    "#0042 unit=County Archive type=annual report",
    { reference: "BRT-0042", unit: "archive", type: "year-report" },
  ],
  ["#9 dismiss", { mail: 9, act: "dismiss" }],
  [
    "BRT-0042 names = R. Poole, T. Fletcher; title = Open late",
    {
      reference: "BRT-0042",
      people: ["R. Poole", "T. Fletcher"],
      title: "Open late",
    },
  ],
  ["Please #9 unit: finance, thanks", { mail: 9, unit: "finance" }],
  ["mail 9 file", { mail: 9, act: "file" }],
])("%s", (line, expected) => {
  expect(read(line, en).map(short)).toEqual([expected]);
});

test("several on one line, several numbers for one thing, several lines", () => {
  const text =
    "您好：\n#9 单位=二小；#10 忽略\n#11、#12 无需处理\n\n#0042\n单位=实中\n类型=小结\n\n谢谢\n邵文澜";
  expect(read(text).map(short)).toEqual([
    { mail: 9, unit: "no2" },
    { mail: 10, act: "dismiss" },
    { mail: 11, act: "dismiss" },
    { mail: 12, act: "dismiss" },
    { reference: "JYJ-0042", unit: "lab", type: "term-review" },
  ]);
});

test("a name nobody has is told with the nearest ones, and nothing of the line is to be done", () => {
  const [one] = read("#9 单位=江城市第三小学 类型=小结");
  expect(one?.changes).toEqual({ type: "term-review" });
  expect(one?.problems).toMatchObject([{ what: "unknown-name", field: "unit", written: "江城市第三小学" }]);
  const nearest = one?.problems[0];
  expect(nearest && "nearest" in nearest && nearest.nearest).toEqual(
    expect.arrayContaining(["江城市第一小学", "江城市第二小学"]),
  );
});

test.each([
  ["#9 给二小", ["not-understood"]],
  ["#9", ["nothing-said"]],
  ["#9 单位=", ["no-value"]],
  ["#9 单位=？ 类型=小结", ["no-value"]],
  ["#9 单位=二小 单位=实中", ["said-twice"]],
  ["#9 忽略 登记", ["said-twice"]],
  ["#9 类型=检讨书", ["unknown-name"]],
  ["#9 姓名=123", ["unknown-name"]],
  ["关于#9，我已电话联系", ["not-understood", "not-understood"]],
])("%s is refused, and says why", (line, problems) => {
  expect(read(line).map(({ problems }) => problems.map(({ what }) => what))).toEqual([problems]);
});

test.each([
  "收到，谢谢！",
  "请问今天的简报里为什么没有附件？",
  "单位=二小",
  "电话：0510-8271 分机 12",
  "第一小学的总结我看过了，写得不错。",
  "",
])("no instruction: %s", (text) => {
  expect(read(text)).toEqual([]);
});

test("odd input costs no time and no crash", () => {
  const odd = [
    "#".repeat(5000),
    "#9 ".repeat(3000),
    `#9 标题=「${"长".repeat(5000)}`,
    "#99999999999999 忽略",
    "#0 忽略",
  ];
  const spent = cpuMilliseconds(() => {
    for (const text of odd) read(text);
  });
  expect(spent).toBeLessThan(3_000);
  expect(read("#0 忽略")).toEqual([]);
});

test("a mail gives five hundred instructions and no more; the first of the rest says that it was not done", () => {
  const lines = Array.from({ length: 10_000 }, (_, at) => `#${(at % 900) + 1} 忽略`);
  const got = read(lines.join("\n"));
  expect(got).toHaveLength(501);
  expect(got.slice(0, 500).every(({ act, problems }) => act === "dismiss" && problems.length === 0)).toBe(
    true,
  );
  expect(got[500]).toMatchObject({ line: lines[500], problems: [{ what: "too-many", most: 500 }] });
  expect(read(lines.slice(0, 500).join("\n"))).toHaveLength(500);
});
