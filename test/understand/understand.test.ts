// Mails of other organisations than the sample's, in the words people use: nothing may be fitted to one campaign.
import { describe, expect, test } from "vitest";
import type { Campaign } from "../../src/campaign/campaign.ts";
import type { Understanding } from "../../src/understand/evidence.ts";
import { prepare, understand } from "../../src/understand/understand.ts";
import { type Letter, mailOf, partOf, schools, trust } from "./builders.ts";

const prepared = new Map([schools, trust].map((campaign) => [campaign, prepare(campaign)]));

function read(campaign: Campaign, letter: Letter): Understanding {
  const knowledge = prepared.get(campaign);
  if (!knowledge) throw new Error("not prepared");
  const parts = (letter.attach ?? []).map(partOf);
  return understand(
    { mail: mailOf(letter), parts, arrivedAt: new Date("2025-04-02T02:00:00Z"), thread: null },
    knowledge,
  );
}

/** What is expected, in one line: outcome or reason, type, unit, then "type/item · unit · people · title part" of each submission. */
interface Expected {
  outcome: string;
  type?: string;
  unit?: string | null;
  filed?: { type?: string; unit?: string | null; people?: string[]; title?: string; item?: string | null }[];
}

function check(campaign: Campaign, letter: Letter, expected: Expected) {
  const got = read(campaign, letter);
  const outcome = got.reason ? `${got.outcome} ${got.reason}` : got.outcome;
  const seen: Expected = { outcome };
  if (expected.type !== undefined) seen.type = got.type.value ?? "-";
  if (expected.unit !== undefined) seen.unit = got.unit.value;
  if (expected.filed) {
    seen.filed = got.submissions.map((one, i) => {
      const asked = expected.filed?.[i] ?? {};
      const kept = Object.fromEntries(Object.keys(asked).map((key) => [key, one[key as keyof typeof one]]));
      if (asked.title && one.title.includes(asked.title)) kept.title = asked.title;
      return kept;
    });
  }
  expect(seen).toEqual(expected);
}

const idea = "课间十分钟孩子们只能待在教室里。建议把走廊画上跳房子和棋盘，花钱不多，孩子们一下课就能玩起来。";
const report = `一、基本情况
本学期我校认真组织教研活动，开展了家长开放日和读书节。
二、主要做法
召开了三次专题会议，组织了教师培训，完成了校舍维修。
三、存在的问题
体育器材不足，下一步将逐步补齐。`;

describe("who sends it", () => {
  const cases: [string, Letter, Expected][] = [
    [
      "self-introduction from a private mailbox",
      { subject: "献策：让课间活起来", text: `我是第二小学的数学老师谭晓燕。${idea}` },
      {
        outcome: "filed",
        unit: "no2",
        filed: [{ type: "suggestion", people: ["谭晓燕"], title: "让课间活起来" }],
      },
    ],
    [
      "the longer name wins where names contain each other",
      { subject: "我为教育献一策", text: `我是第一小学东校区的周敏。${idea}` },
      { outcome: "filed", unit: "no1-east" },
    ],
    [
      "a shared domain alone does not decide",
      { from: "a@no1.edu.example", subject: "献策", text: idea },
      { outcome: "held unit-unsure", type: "suggestion" },
    ],
    [
      "a shared domain with a closing does",
      { from: "a@no1.edu.example", subject: "献策", text: `${idea}\n\n第一小学东校区 周敏` },
      { outcome: "filed", unit: "no1-east", filed: [{ people: ["周敏"] }] },
    ],
    [
      "the topic is not the sender",
      {
        from: "t@lab.edu.example",
        subject: "献策：给第二小学门口装红绿灯",
        text: "第二小学门口早上车多人多，建议交警部门在第二小学门口装红绿灯。\n实验中学 丁一鸣",
      },
      { outcome: "filed", unit: "lab", filed: [{ people: ["丁一鸣"] }] },
    ],
    [
      "a name known by the roster",
      { name: "谭晓燕", subject: "献一策", text: idea },
      { outcome: "filed", unit: "no2", filed: [{ people: ["谭晓燕"] }] },
    ],
    [
      "namesakes are not guessed",
      { name: "王芳", subject: "献一策", text: idea },
      { outcome: "held unit-unsure" },
    ],
    [
      "nobody known: the unit is asked for",
      { name: "快乐的鱼", subject: "献一策", text: idea },
      { outcome: "held unit-unknown", type: "suggestion", unit: null },
    ],
    [
      "a typo in the unit",
      { subject: "献策", text: `${idea}\n江城市职业枝术学校 陈涛` },
      { outcome: "filed", unit: "voc" },
    ],
    [
      "traditional characters and spacing",
      { subject: "獻策", text: `${idea}\n實 驗 中 學  陳 濤` },
      { outcome: "filed", unit: "lab" },
    ],
    [
      "a label",
      { subject: "献策", text: `姓名：欧阳菲　单位：二小　电话：13800000000\n${idea}` },
      { outcome: "filed", unit: "no2", filed: [{ people: ["欧阳菲"] }] },
    ],
    [
      "a parent who names the school is not of the school",
      { subject: "献策", text: `我是第二小学的学生家长。${idea}` },
      { outcome: "held unit-unknown" },
    ],
    [
      "an abbreviation in order of its characters",
      { subject: "献策", text: `我是江城实中的小李，${idea}` },
      { outcome: "filed", unit: "lab" },
    ],
    [
      "contact and claim disagree: both are named",
      { from: "hejing@lab.edu.example", subject: "献策", text: `我是第二小学的老师。${idea}\n第二小学` },
      { outcome: "held unit-unsure" },
    ],
  ];
  test.each(cases)("%s", (_, letter, expected) => check(schools, letter, expected));
});

describe("who does not send it", () => {
  const cases: [string, Letter, Expected][] = [
    [
      "the unit a letter is addressed to",
      { subject: "献策", text: `江城市第二小学：\n你们的操场周末空着，建议向社区开放。\n市民 刘某` },
      { outcome: "held unit-unknown", unit: null },
    ],
    [
      "a mistyped name is not its short form",
      { subject: "实验中字 张三 献策", text: idea },
      { outcome: "filed", unit: "lab" },
    ],
    [
      "a reply that names the right unit is no idea",
      {
        from: "dengkai@qq.example",
        subject: "回复：献策",
        text: "应该是第二小学，不是职校，麻烦改一下",
        inReplyTo: ["<a@bureau.example>"],
      },
      { outcome: "filed", type: "correction" },
    ],
    [
      "a word like 错峰 is no mistake",
      {
        from: "dengkai@qq.example",
        subject: "献策",
        text: "姓名：张某\n建议：错峰放学，各年级错开十分钟，门口就不堵了。",
      },
      { outcome: "filed", type: "suggestion", filed: [{ people: ["张某"] }] },
    ],
  ];
  test.each(cases)("%s", (_, letter, expected) => check(schools, letter, expected));
});

describe("what it is", () => {
  const cases: [string, Letter, Expected][] = [
    [
      "a unit's report as attachment",
      {
        from: "hejing@lab.edu.example",
        subject: "实验中学学期工作小结",
        text: "请查收附件。",
        attach: [
          {
            filename: "实验中学2024-2025学年第二学期工作小结.doc",
            text: `江城市实验中学\n学期工作小结\n${report}\n江城市实验中学\n2025年6月10日`,
          },
        ],
      },
      { outcome: "filed", type: "term-review", unit: "lab", filed: [{ type: "term-review", people: [] }] },
    ],
    [
      "the document decides against the subject",
      {
        from: "hejing@lab.edu.example",
        subject: "我为教育献一策",
        text: "请查收。",
        attach: [
          { filename: "小结.doc", text: `实验中学学期工作小结\n${report}\n江城市实验中学\n2025年6月10日` },
        ],
      },
      { outcome: "filed", type: "term-review", unit: "lab" },
    ],
    [
      "a report in the body is one submission",
      {
        from: "yang@voc.example",
        subject: "职校学期小结",
        text: `${report}\n\n江城市职业技术学校\n2025年6月12日`,
      },
      { outcome: "filed", type: "term-review", unit: "voc", filed: [{ type: "term-review" }] },
    ],
    [
      "an unreadable file by its name and sender",
      {
        from: "fanli@163.example",
        subject: "报送材料",
        text: "您好，材料见附件。",
        attach: [{ filename: "第一小学东校区安全自查报告.pdf", held: "password-protected" }],
      },
      { outcome: "filed", type: "self-check", unit: "no1-east", filed: [{ text: "" } as never] },
    ],
    [
      "a short proposal in the body, however it speaks of the picture beside it",
      {
        from: "fanli@163.example",
        subject: "第一小学东校区 合理化建议：春天种花",
        text: "建议在校门前种花，美化环境，效果图见附件。",
        attach: [{ filename: "效果图.jpg", held: "no-text", mediaType: "image/jpeg" }],
      },
      {
        outcome: "filed",
        type: "suggestion",
        filed: [{ text: expect.stringContaining("在校门前种花"), title: "春天种花" } as never],
      },
    ],
    [
      "a plan by the short name of its item",
      {
        from: "x@bureau.example",
        subject: "基教科 书香行动方案",
        text: "方案见附件",
        attach: [
          {
            filename: "书香行动工作方案（定稿）.docx",
            text: "书香校园建设行动工作方案\n一、指导思想\n二、工作目标\n三、实施步骤\n四、组织领导\n基础教育科",
          },
        ],
      },
      { outcome: "filed", type: "scheme", unit: "basic", filed: [{ item: "reading" }] },
    ],
    [
      "a suggestion about the report is a suggestion",
      {
        from: "dengkai@qq.example",
        subject: "献策：关于改进学期工作小结写法的建议",
        text: "每年的小结写得太长，建议改成一页纸，只写三件做成的事和一件没做成的事。",
      },
      { outcome: "filed", type: "suggestion", unit: "voc" },
    ],
    [
      "two types in one mail",
      {
        from: "hejing@lab.edu.example",
        subject: "实验中学报送材料",
        text: "学期小结和安全自查报告一并报上。",
        attach: [
          { filename: "学期工作小结.doc", text: `实验中学学期工作小结\n${report}\n实验中学` },
          {
            filename: "安全自查报告.doc",
            text: "实验中学安全自查报告\n一、组织领导\n成立了领导小组，召开了会议。\n二、隐患排查\n排查隐患十二处。\n实验中学",
          },
        ],
      },
      { outcome: "filed", unit: "lab", filed: [{ type: "term-review" }, { type: "self-check" }] },
    ],
    [
      "documents of two units sent by a collector",
      {
        from: "x@bureau.example",
        subject: "报送学期工作小结",
        text: "现将两校小结报上。",
        attach: [
          {
            filename: "二小学期工作小结.doc",
            text: `江城市第二小学学期工作小结\n${report}\n江城市第二小学\n2025年6月1日`,
          },
          {
            filename: "职校学期工作小结.doc",
            text: `江城市职业技术学校学期工作小结\n${report.replace("读书节", "技能节").replace("体育器材", "实训设备").repeat(2)}\n江城市职业技术学校\n2025年6月2日`,
          },
        ],
      },
      { outcome: "filed", type: "term-review", filed: [{ unit: "no2" }, { unit: "voc" }] },
    ],
    [
      "a question about the deadline",
      {
        from: "hejing@lab.edu.example",
        subject: "关于学期工作小结",
        text: "请问学期工作小结什么时候截止？需要盖章吗？",
      },
      { outcome: "held question", type: "question", unit: "lab" },
    ],
    [
      "a plain question about taking part, from nobody we know",
      { from: "", subject: "", text: "领导好，我想问一下献策还能交吗？奖金多少？" },
      { outcome: "held question", type: "question" },
    ],
    [
      "a letter of nothing but questions",
      {
        subject: "献策",
        text: "老师您好：\n我是二小的谭晓燕。请问食堂的献策归哪个科管？别的学校写过吗？\n谢谢！",
      },
      { outcome: "held question", type: "question" },
    ],
    [
      "an idea in the form of a question is an idea",
      {
        from: "dengkai@qq.example",
        subject: "献一策",
        text: "食堂能否每周公布菜谱，让家长参与打分？这样浪费会少很多。",
      },
      { outcome: "filed", type: "suggestion" },
    ],
    [
      "thanks only",
      { from: "dengkai@qq.example", subject: "回复：您的来信已收到", text: "收到，谢谢老师！" },
      { outcome: "ignored thanks", type: "other" },
    ],
    [
      "advertising",
      { subject: "代开各类发票", text: "我司长期代开增值税发票，税点优惠，加微信详谈。" },
      { outcome: "ignored spam", type: "other" },
    ],
    [
      "a private letter is nobody's submission",
      { subject: "周末聚会", text: "老同学，周六晚上老地方见，记得带上孩子。" },
      { outcome: "held nothing-found", type: "other" },
    ],
    ["nothing at all", {}, { outcome: "held nothing-found" }],
    [
      "a notice that mentions the report is no report",
      { from: "x@bureau.example", subject: "关于报送学期工作小结的通知", text: "各校：请于6月20日前报送。" },
      { outcome: "held nothing-found" },
    ],
  ];
  test.each(cases)("%s", (_, letter, expected) => check(schools, letter, expected));
});

describe("how many ideas, whose, and called what", () => {
  const from = "dengkai@qq.example";
  const cases: [string, Letter, Expected][] = [
    [
      "numbered ideas are several",
      {
        from,
        subject: "献策三条",
        text: "我有三条建议：\n1. 图书角搬到走廊。孩子路过就能翻。\n2. 每周五不留作业。\n3. 食堂公布菜谱。\n邓凯",
      },
      {
        outcome: "filed",
        filed: [{ title: "图书角", people: ["邓凯"] }, { title: "不留作业" }, { title: "食堂" }],
      },
    ],
    [
      "numbered measures of one idea are one",
      {
        from,
        subject: "献策：建立师徒结对制度",
        text: "年轻教师成长慢，建议建立师徒结对制度。具体措施：\n1. 每位新教师配一名师傅。\n2. 每月听课两次。\n3. 年底评选优秀师徒。",
      },
      { outcome: "filed", filed: [{ title: "建立师徒结对制度" }] },
    ],
    [
      "chapters of one idea are one",
      {
        from,
        subject: "献策",
        text: "一、背景\n午休时间没人管。\n二、建议\n请退休教师来值守。\n三、预期效果\n孩子安全，家长放心。",
      },
      { outcome: "filed", filed: [{}] },
    ],
    [
      "a table of ideas",
      {
        from: "hejing@lab.edu.example",
        subject: "实验中学献策汇总",
        text: "汇总表见附件",
        attach: [
          {
            filename: "献策汇总表.xlsx",
            text: "序号\t姓名\t单位\t标题\t内容\n1\t张某\t实验中学\t错峰放学\t建议各年级错开十分钟放学。\n2\t李某某\t第二小学\t图书漂流\t每班设漂流箱，一学期换一次。",
          },
        ],
      },
      {
        outcome: "filed",
        filed: [
          { people: ["张某"], unit: "lab", title: "错峰放学" },
          { people: ["李某某"], unit: "no2", title: "图书漂流" },
        ],
      },
    ],
    [
      "names before each entry",
      {
        from: "hejing@lab.edu.example",
        subject: "实验中学教职工献策",
        text: "实验中学教职工献策如下：\n1、张某：建议错峰放学，各年级错开十分钟。\n2、李某：建议设图书漂流箱。",
      },
      { outcome: "filed", filed: [{ people: ["张某"] }, { people: ["李某"] }] },
    ],
    [
      "body and attachment of the same text are one",
      {
        from,
        subject: "献策：让课间活起来",
        text: `${idea}${idea}邓凯`,
        attach: [{ filename: "让课间活起来.doc", text: `让课间活起来\n${idea}${idea}\n邓凯` }],
      },
      { outcome: "filed", filed: [{ title: "让课间活起来" }] },
    ],
    [
      "a member of an archive each",
      {
        from,
        subject: "献策两篇",
        text: "见附件",
        attach: [
          {
            filename: "献策.zip",
            children: [
              {
                filename: "错峰放学.doc",
                text: "错峰放学\n建议各年级错开十分钟放学，门口就不堵了。\n职校 邓凯",
              },
              {
                filename: "图书漂流.doc",
                text: "图书漂流\n每班设一个漂流箱，建议一学期换一次，让书走起来。\n职校 邓凯",
              },
            ],
          },
        ],
      },
      { outcome: "filed", filed: [{ title: "错峰放学" }, { title: "图书漂流" }] },
    ],
    [
      "proposer, not who forwards",
      {
        from: "hejing@lab.edu.example",
        subject: "转发：我校献策",
        text: "现转交我校刘晓东老师的献策，请查收。",
        attach: [{ filename: "献策.doc", text: `让课间活起来\n${idea}` }],
      },
      { outcome: "filed", unit: "lab", filed: [{ people: ["刘晓东"], title: "让课间活起来" }] },
    ],
    [
      "titles fall away from names",
      { from, subject: "献策", text: `建议人：刘晓东副校长、陈涛老师\n${idea}` },
      { outcome: "filed", filed: [{ people: ["刘晓东", "陈涛"] }] },
    ],
    [
      "boilerplate falls away from the title",
      {
        from,
        subject: "回复：【献策】职校-邓凯-把实训楼向社区开放",
        text: "实训楼晚上空着，建议向社区居民开放，教大家做饭和修电器。",
      },
      { outcome: "filed", filed: [{ title: "把实训楼向社区开放", people: ["邓凯"] }] },
    ],
  ];
  test.each(cases)("%s", (_, letter, expected) => check(schools, letter, expected));
});

describe("corrections", () => {
  const from = "dengkai@qq.example";
  const reply = (text: string): Letter => ({
    from,
    subject: "回复：献策已收到（JYJ-0007）",
    text,
    inReplyTo: ["<n1@bureau.example>"],
  });
  test.each([
    ["单位写错了，应为第二小学。", { action: "unit", unit: "no2" }],
    ["我的单位应该是实验中学，不是职校", { action: "unit", unit: "lab" }],
    ["请撤回我的献策，谢谢。", { action: "withdraw" }],
    ["姓名写错了，应为邓楷。", { action: "people", people: ["邓楷"] }],
    ["标题请改为《让课间活起来》。", { action: "title", title: "让课间活起来" }],
    ["这是学期小结，不是献策。", { action: "type", type: "term-review", item: null }],
  ])("%s", (text, request) => {
    const got = read(schools, reply(text));
    expect(got.corrections[0]).toEqual(request);
    expect(got.type.value).toBe("correction");
    expect(got.outcome).toBe("filed");
    expect(got.submissions).toEqual([]);
  });
  test("an unknown unit is not guessed", () => {
    const got = read(schools, reply("单位写错了，应为第九幼儿园。"));
    expect([got.outcome, got.reason]).toEqual(["held", "correction-unclear"]);
  });
  test("new content keeps its own type and replaces", () => {
    const got = read(schools, {
      from: "hejing@lab.edu.example",
      subject: "回复：学期工作小结",
      text: "这是小结的修改稿，以此为准。",
      attach: [
        { filename: "实验中学学期工作小结（修改稿）.doc", text: `实验中学学期工作小结\n${report}\n实验中学` },
      ],
    });
    expect([got.type.value, got.outcome]).toEqual(["term-review", "filed"]);
    expect(got.corrections).toEqual([{ action: "replace" }]);
  });
});

describe("in English", () => {
  const cases: [string, Letter, Expected][] = [
    [
      "a self-introduction",
      {
        subject: "Bright idea: open the roof terrace",
        text: "My name is Anna Reid and I work at the Harbour Museum. I suggest we open the roof terrace on summer evenings.",
      },
      {
        outcome: "filed",
        unit: "harbour",
        filed: [{ people: ["Anna Reid"], title: "open the roof terrace" }],
      },
    ],
    [
      "the longer name wins",
      {
        subject: "Bright idea",
        text: "I suggest a quiet hour for visitors who dislike noise.\n\nBest regards,\nAnna Reid\nHarbour Museum East Wing",
      },
      { outcome: "filed", unit: "harbour-east" },
    ],
    [
      "a report attached",
      {
        from: "ruth.poole@archive.example",
        subject: "Annual report",
        text: "Please find attached our annual report.",
        attach: [
          {
            filename: "County Archive Annual Report 2025.docx",
            text: "County Archive\nAnnual Report\nWe held twelve open days. We completed the catalogue. Next steps: digitise the maps.",
          },
        ],
      },
      { outcome: "filed", type: "year-report", unit: "archive" },
    ],
    [
      "several ideas",
      {
        name: "Tom Fletcher",
        subject: "Two suggestions",
        text: "Here are two suggestions:\n1. Lend umbrellas at the door.\n2. Label the fire exits in braille.\n\nTom Fletcher\nCounty Archive",
      },
      {
        outcome: "filed",
        unit: "archive",
        filed: [{ title: "umbrellas", people: ["Tom Fletcher"] }, { title: "fire exits" }],
      },
    ],
    [
      "a question",
      {
        from: "ruth.poole@archive.example",
        subject: "Question",
        text: "Could you tell me when the annual report is due?",
      },
      { outcome: "held question", type: "question" },
    ],
    [
      "thanks",
      { from: "ruth.poole@archive.example", subject: "Re: received", text: "Thank you very much!" },
      { outcome: "ignored thanks" },
    ],
    [
      "a correction",
      {
        from: "ruth.poole@archive.example",
        subject: "Re: received",
        text: "The unit is wrong, it should be Finance Department.",
      },
      { outcome: "filed", type: "correction" },
    ],
  ];
  test.each(cases)("%s", (_, letter, expected) => check(trust, letter, expected));
});

describe("what is not from a person", () => {
  test("a scanner's mail with a real report is filed", () => {
    const got = read(schools, {
      from: "scanner@voc.example",
      subject: "Scan",
      headers: { "auto-submitted": ["auto-generated"] },
      text: "",
      attach: [
        {
          filename: "职校学期工作小结.pdf",
          text: `江城市职业技术学校学期工作小结\n${report}\n江城市职业技术学校\n2025年6月12日`,
        },
      ],
    });
    expect([got.outcome, got.type.value, got.unit.value]).toEqual(["filed", "term-review", "voc"]);
  });
  test("an absence notice is automatic even when it quotes a submission", () => {
    const got = read(schools, {
      from: "hejing@lab.edu.example",
      subject: "自动回复：献策",
      headers: { "auto-submitted": ["auto-replied"] },
      text: `我正在休假。${idea}`,
    });
    expect([got.outcome, got.reason]).toEqual(["automatic", "auto-reply"]);
  });
});

test.each(["", "stranger@qq.example"])(
  "the address %j of nobody we know says nothing of the kind",
  (from) => {
    const got = read(schools, { from, subject: "你好", text: "今天天气不错。" });
    expect(got.type.evidence.filter((one) => one.where === "sender-address")).toEqual([]);
  },
);

test("who is registered: contact, roster or domain of the decided unit", () => {
  expect(read(schools, { from: "t@lab.edu.example", subject: "献策", text: idea }).senderRegistered).toBe(
    true,
  );
  expect(read(schools, { subject: "献策", text: `我是实验中学的老师。${idea}` }).senderRegistered).toBe(
    false,
  );
});

test("the same facts give the same understanding", () => {
  const letter: Letter = { from: "dengkai@qq.example", subject: "献策", text: idea };
  expect(JSON.stringify(read(schools, letter))).toBe(JSON.stringify(read(schools, letter)));
});
