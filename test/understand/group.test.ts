// Mails to a third organisation: how people of all ages and jobs say what they propose, for whom, and what was wrong.
import { describe, expect, test } from "vitest";
import type { CorrectionRequest } from "../../src/understand/evidence.ts";
import { prepare, understand } from "../../src/understand/understand.ts";
import { group, type Letter, mailOf, partOf } from "./builders.ts";

const knowledge = prepare(group);

function read(letter: Letter) {
  const parts = (letter.attach ?? []).map(partOf);
  const arrivedAt = new Date("2025-04-02T02:00:00Z");
  return understand({ mail: mailOf(letter), parts, arrivedAt, thread: null }, knowledge);
}

const known = "qiansq@hengyuan.example";

describe("ideas, and whose they are: outcome, unit, people, titles", () => {
  const cases: [string, Letter, string, string | null, string[], string[]][] = [
    [
      "建议 as a verb is a proposal without any word of the campaign",
      { from: known, subject: "再提一条", text: "建议工地的血压计换成台式的，每个门岗放一台。" },
      "filed",
      "build2",
      ["钱思齐"],
      ["再提一条"],
    ],
    [
      "words spaced out in the subject",
      {
        name: "雷鸣",
        subject: "降本增效 妙 招",
        text: "恒 远 物 业  雷 鸣\n楼道灯改成声控，一年省电费三万。",
      },
      "filed",
      "care",
      ["雷鸣"],
      ["楼道灯改成声控，一年省电费三万"],
    ],
    [
      "an alias with a hyphen is not cut in two",
      { from: known, subject: "cost-saving idea: fewer paper cups", text: "Bring your own cup." },
      "filed",
      "build2",
      ["钱思齐"],
      ["fewer paper cups"],
    ],
    [
      "the speaker before a colon, a compound surname",
      { subject: "妙招", text: "恒远建设第二分公司司马光明：扣件清点用拍照计数，少配一个清点员。" },
      "filed",
      "build2",
      ["司马光明"],
      ["恒远建设第二分公司司马光明：扣件清点用拍照计数"],
    ],
    [
      "signed behind the last stop of the same line",
      { subject: "食堂的事", text: "食堂剩菜太多，我看可以头天晚上报餐，吃多少做多少。恒远物流 范德明" },
      "filed",
      "freight",
      ["范德明"],
      ["食堂的事"],
    ],
    [
      "as one of its people, with the place before the alias",
      { subject: "妙招", text: "作为一名在江城恒校工作了十五年的教师，我希望纸质试卷改为电子版。\n尤建华" },
      "filed",
      "school",
      ["尤建华"],
      ["作为一名在江城恒校工作了十五年的教师"],
    ],
    [
      "a colleague who cannot write mails",
      {
        name: "朱云",
        subject: "代交妙招",
        text: "我们物业公司的老技师范国平不会用电脑，让我代他发：建议机房装进度屏。",
      },
      "filed",
      "care",
      ["范国平"],
      ["我们物业公司的老技师范国平不会用电脑"],
    ],
    [
      "a colleague of another unit",
      {
        from: known,
        subject: "转交一条妙招",
        text: "老苗托我转交，他是恒远物流的苗青松，不是我们公司的。\n建议托盘编号，谁借谁还。",
      },
      "filed",
      "freight",
      ["苗青松"],
      ["老苗托我转交，他是恒远物流的苗青松，不是我们公司的"],
    ],
    [
      "an English word is not the department of that name",
      { subject: "cost-saving idea", text: "We are proud of it. We could print less." },
      "held unit-unknown",
      null,
      [],
      ["We could print less"],
    ],
    [
      "paragraphs that each begin with who says it",
      {
        subject: "妙招收集",
        text: "以下是我们物业公司各项目的妙招：\n春江苑 顾大明：电梯广告收入补贴维保。\n碧水湾 彭小玲：保洁用水改用中水。",
      },
      "filed",
      "care",
      ["顾大明", "彭小玲"],
      ["电梯广告收入补贴维保", "保洁用水改用中水"],
    ],
    [
      "two units propose together",
      {
        name: "建设公司、物业公司联合",
        subject: "妙招：板房翻新做岗亭",
        text: "由恒远建设 曹磊、恒远物业 邹平共同提出：建议板房退场后翻新做岗亭。",
      },
      "held unit-unsure",
      "build",
      ["曹磊", "邹平"],
      ["板房翻新做岗亭"],
    ],
    [
      "a name cut short where names contain each other",
      { name: "恒远学校南湖 胡蝶", subject: "妙招", text: "建议每学期给老师一天专心备课。" },
      "held unit-unsure",
      "south",
      ["胡蝶"],
      ["建议每学期给老师一天专心备课"],
    ],
    [
      "a department of a common name in what an institution collects",
      {
        from: "dingyf@hengyuan.example",
        subject: "妙招汇总",
        text: "序号 | 姓名 | 科室 | 妙招内容\n1 | 尹昌 | 采购科 | 集中采购办公用纸\n2 | 莫丽君 | 教务处 | 试卷双面印刷",
      },
      "held unit-unsure",
      "purchase",
      ["尹昌", "莫丽君"],
      ["集中采购办公用纸", "试卷双面印刷"],
    ],
    [
      "what an idea wants thrown away or moved is neither withdrawal nor correction",
      {
        from: known,
        subject: "妙招：少用纸杯",
        text: "一次性纸杯不要了，各自带杯子。建议牵头单位改为集团财务部。",
      },
      "filed",
      "build2",
      ["钱思齐"],
      ["少用纸杯"],
    ],
  ];
  test.each(cases)("%s", (_, letter, outcome, unit, people, titles) => {
    const got = read(letter);
    expect({
      outcome: got.reason ? `${got.outcome} ${got.reason}` : got.outcome,
      unit: got.unit.value,
      people: [...new Set(got.submissions.flatMap((one) => one.people))],
      titles: got.submissions.map((one) => one.title),
    }).toEqual({ outcome, unit, people, titles });
  });
});

describe("changes asked for in people's own words", () => {
  const cases: [string, string, CorrectionRequest[]][] = [
    [
      "the unit that was wrong, then the writer's own",
      "你们把我的单位写成物业公司了，我是恒远物流的，请改过来。",
      [{ action: "unit", unit: "freight" }],
    ],
    [
      "the unit someone has moved to",
      "单位登记错了，我现在调到集团财务部了，请改一下。",
      [{ action: "unit", unit: "finance" }],
    ],
    [
      "a name said as a name",
      "姓名错了，我叫郝大永，不是郝大勇。",
      [{ action: "people", people: ["郝大永"] }],
    ],
    ["a draft taken back", "请把我的妙招撤下来，我要重新写一个。", [{ action: "withdraw" }]],
  ];
  test.each(cases)("%s", (_, text, requests) => {
    const got = read({ subject: "Re: 已登记 HYJB-0031", text, inReplyTo: ["<ack@hengyuan.example>"] });
    expect({ outcome: got.outcome, type: got.type.value, asked: got.corrections }).toEqual({
      outcome: "filed",
      type: "correction",
      asked: requests,
    });
  });
});

describe("papers and talk", () => {
  const cases: [string, Letter, string, string, string | null][] = [
    [
      "chapters under a subject that names the paper, from a private mailbox",
      {
        subject: "物业公司一季度经营分析",
        text: "一季度实现收入三千万元。\n一、收入情况：物业费收缴率稳中有升，车位租赁较去年同期增加。\n二、成本情况：人工上涨，能耗略有下降。\n三、下一步：压降外包。",
      },
      "filed",
      "analysis",
      "care",
    ],
    [
      "a noun 咨询 asks nothing",
      {
        subject: "财务部半年工作总结",
        text: "上半年我部组织了三次培训，开展了清欠，完成了全面预算的编制和资金调度会的各项准备。存在的问题是人手不足、系统老旧，下一步增设咨询窗口。\n集团财务部",
      },
      "filed",
      "half-year",
      "finance",
    ],
    [
      "请教育 is not 请教",
      { from: known, subject: "妙招", text: "能否请教育部门把培训录下来？收到的录像放在平台上。" },
      "filed",
      "tip",
      "build2",
    ],
    [
      "advertising that says to delete it withdraws nothing",
      { subject: "致财务经理", text: "诚邀贵公司的朋友们参加财税报告会，如不需要请删除此邮件，多有得罪。" },
      "held nothing-found",
      "other",
      null,
    ],
    [
      "advertising of invoices",
      { subject: "代开发票", text: "本公司长期代开各类增值税发票，税点优惠，验证后付款。" },
      "ignored spam",
      "other",
      null,
    ],
  ];
  test.each(cases)("%s", (_, letter, outcome, type, unit) => {
    const got = read(letter);
    expect({
      outcome: got.reason ? `${got.outcome} ${got.reason}` : got.outcome,
      type: got.type.value,
      unit: got.unit.value,
    }).toEqual({ outcome, type, unit });
  });
});
