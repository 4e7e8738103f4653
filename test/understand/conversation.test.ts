// Replies as people write them: what each is for, and which changes it asks for, in three invented organisations.
import { describe, expect, test } from "vitest";
import type { Campaign } from "../../src/campaign/campaign.ts";
import type { CorrectionRequest, Intent } from "../../src/understand/evidence.ts";
import { prepare, understand } from "../../src/understand/understand.ts";
import { group, type Letter, mailOf, partOf, schools, trust } from "./builders.ts";

const arrivedAt = new Date("2025-04-02T02:00:00Z");
const knowledge = new Map([schools, group, trust].map((campaign) => [campaign, prepare(campaign)]));

function read(campaign: Campaign, letter: Letter) {
  const parts = (letter.attach ?? []).map(partOf);
  return understand({ mail: mailOf(letter), parts, arrivedAt, thread: null }, knowledge.get(campaign)!);
}

const acknowledged = [
  "您好：",
  "",
  "您的来信已于2025年4月1日10:02收到，登记如下（到达时间以此为准）：",
  "",
  "编号：JYJ-0042",
  "类别：我为教育献一策",
  "单位：江城市第二小学",
  "姓名：谭晓艳、王芳",
  "标题：让课间活起来",
  "",
  "登记有误或有修改稿，直接回复本邮件即可，例如“单位写错了，应为某某单位”“这是修改稿，以此为准”“撤回”。",
  "",
  "主题活动办公室",
  "“办好家门口的学校”主题活动",
].join("\n");
const askedForUnit = [
  "您好：",
  "",
  "您的来信已于2025年4月1日10:02收到（到达时间以此为准），还需请您补充一项：",
  "",
  "请直接回复本邮件，写明您所在的单位（处室）名称，一句话即可。",
  "",
  "主题活动办公室",
  "“办好家门口的学校”主题活动",
].join("\n");

const attribution = '在 2025-04-01 10:04:11，"主题活动办公室" <ideas@bureau.example> 写道：';
const marked = (text: string) => text.replace(/^/gm, "> ");

/** An answer above our acknowledgement, as most clients write it. */
function reply(text: string, notice = acknowledged, more: Partial<Letter> = {}): Letter {
  return {
    subject: "Re: 让课间活起来（JYJ-0042）",
    text: `${text}\n\n${attribution}\n${marked(notice)}`,
    inReplyTo: ["<n1@bureau.example>"],
    ...more,
  };
}

const unit = (code: string): CorrectionRequest => ({ action: "unit", unit: code });
const people = (...names: string[]): CorrectionRequest => ({ action: "people", people: names });
const title = (words: string): CorrectionRequest => ({ action: "title", title: words });
const type = (code: string, item: string | null = null): CorrectionRequest => ({
  action: "type",
  type: code,
  item,
});

describe("changes of facts", () => {
  const cases: [said: string, requests: CorrectionRequest[]][] = [
    ["单位错了，我是一小的。", [unit("no1")]],
    ["不是二小，是一小东校区。", [unit("no1-east")]],
    ["是实验中学，不是第二小学", [unit("lab")]],
    ["麻烦把单位改成职校", [unit("voc")]],
    ["请将单位由第二小学更正为第一小学东校区，谢谢！", [unit("no1-east")]],
    ["老师您好，登记的单位不对，我们是实验中学的，不是二小的。麻烦改一下，谢谢。", [unit("lab")]],
    ["我去年就从二小调到实验中学了，请改过来", [unit("lab")]],
    ["贵办登记有误，本人现供职于基础教育科，并非第二小学，请予更正。", [unit("basic")]],
    ["单位那一栏写的是第二小学，应该写职教中心", [unit("voc")]],
    ["应为江城市第一小学", [unit("no1")]],
    ["第二小学写错啦，改第一小学", [unit("no1")]],
    ["单位：江城市实验中学（原登记有误）", [unit("lab")]],
    ["把我弄到二小去了，我可是实中的人[捂脸]", [unit("lab")]],
    ["JYJ-0042 单位更正：第一小学东校区", [unit("no1-east")]],
    ["The school is wrong, it should be 实验中学", [unit("lab")]],
    ["名字写错了，是谭晓燕，燕子的燕，不是艳丽的艳", [people("谭晓燕", "王芳")]],
    ["谭晓艳应为谭晓燕", [people("谭晓燕", "王芳")]],
    ["姓名应为谭晓燕、王方", [people("谭晓燕", "王方")]],
    ["还漏了一位作者：李建国", [people("谭晓艳", "王芳", "李建国")]],
    ["作者加上李建国老师，谢谢", [people("谭晓艳", "王芳", "李建国")]],
    ["麻烦把李建国也写上，他是第一作者", [people("李建国", "谭晓艳", "王芳")]],
    ["请把王芳的名字去掉，她没有参与", [people("谭晓艳")]],
    ["标题改为《让课间动起来》", [title("让课间动起来")]],
    ["题目写错了，应为：让大课间活起来。", [title("让大课间活起来")]],
    ["题目里的“活起来”应为“火起来”", [title("让课间火起来")]],
    ["题目换成“课间一刻钟”吧", [title("课间一刻钟")]],
    ["类别弄错了，这是学期工作小结，不是献策", [type("term-review")]],
    ["我们报的是自查报告，被登成献策了", [type("self-check")]],
    ["类别应为五项行动工作方案（平安校园守护行动）", [type("scheme", "campus-safety")]],
    ["这不是献策，是书香行动的方案", [type("scheme", "reading")]],
    ["两处有误：单位应为实验中学，姓名应为谭晓燕。", [unit("lab"), people("谭晓燕")]],
    [
      "三处请改：\n1. 单位：应为第一小学\n2. 姓名：谭晓燕（不是谭晓艳）\n3. 标题改成《让课间动起来》",
      [unit("no1"), people("谭晓燕", "王芳"), title("让课间动起来")],
    ],
  ];
  test.each(cases)("%s", (said, requests) => {
    const got = read(schools, reply(said));
    expect({
      asked: got.corrections,
      intent: got.intent,
      type: got.type.value,
      outcome: got.outcome,
    }).toEqual({
      asked: requests,
      intent: "correct",
      type: "correction",
      outcome: "filed",
    });
  });
});

describe("notes between the lines of our acknowledgement", () => {
  const noted = (line: string, note: string) => acknowledged.replace(line, note);
  const cases: [how: string, text: string, requests: CorrectionRequest[]][] = [
    [
      "behind an arrow, unmarked",
      noted("单位：江城市第二小学", "单位：江城市第二小学 ← 错了，实验中学"),
      [unit("lab")],
    ],
    [
      "below, marked",
      marked(acknowledged).replace("> 单位：江城市第二小学", "> 单位：江城市第二小学\n应为第一小学东校区"),
      [unit("no1-east")],
    ],
    [
      "a bare value below, marked",
      marked(acknowledged).replace("> 单位：江城市第二小学", "> 单位：江城市第二小学\n实验中学"),
      [unit("lab")],
    ],
    [
      "in brackets behind the value",
      noted("单位：江城市第二小学", "单位：江城市第二小学（不对，应为实验中学）"),
      [unit("lab")],
    ],
    [
      "two of them",
      noted("单位：江城市第二小学", "单位：江城市第二小学 -> 应为第一小学").replace(
        "标题：让课间活起来",
        "标题：让课间活起来 —— 改为：让课间动起来",
      ),
      [unit("no1"), title("让课间动起来")],
    ],
    [
      "the name below, unmarked",
      noted("姓名：谭晓艳、王芳", "姓名：谭晓艳、王芳\n应为谭晓燕、王芳"),
      [people("谭晓燕", "王芳")],
    ],
    [
      "the kind behind",
      noted("类别：我为教育献一策", "类别：我为教育献一策  不对，是学期工作小结"),
      [type("term-review")],
    ],
  ];
  test.each(cases)("%s", (_, text, requests) => {
    const letter = { ...reply(""), text: `见下面批注\n\n${attribution}\n${text}` };
    const got = read(schools, letter);
    expect({ asked: got.corrections, intent: got.intent }).toEqual({ asked: requests, intent: "correct" });
  });
  test("our own sentence “登记有误…” in the quotation is no note", () => {
    const got = read(schools, reply("收到，谢谢！"));
    expect([got.corrections, got.intent]).toEqual([[], "thanks"]);
  });
});

describe("what a reply is for", () => {
  const cases: [intent: Intent, said: string[]][] = [
    [
      "withdraw",
      [
        "撤回",
        "这条撤了吧，不好意思",
        "请撤回本人所提献策，不再参加评选。",
        "我不想参加了，麻烦帮我删掉",
        "这个别登记了，跟别人重复了",
        "考虑不周，先收回，等想好了再交",
        "当我没说吧，领导已经在办了",
        "JYJ-0042作废",
        "请取消该条，谢谢",
        "发错了，请撤回",
        "Please withdraw my suggestion.",
        "算了不报了",
        "抱歉，此条不用登记，我们校长说已经做了。",
        "第二条不作数了，划掉吧",
        "On second thoughts I'd rather this did not go forward. Could you strike it from the list?",
      ],
    ],
    [
      "thanks",
      [
        "收到，谢谢！",
        "好的👌",
        "辛苦各位老师了，节日快乐！",
        "收悉，登记无误。",
        "OK，thx",
        "登记的信息都没问题，感谢办公室的及时回复，祝工作顺利！",
        "多谢多谢，效率真高！",
        "知道了",
        "谢谢老师，您辛苦了，祝您周末愉快",
        "Many thanks for the quick reply!",
        "嗯嗯好哒～",
        "拜悉，有劳。",
        "看到了，改得挺快，不用再回。",
        "已认真拜读，全组都很高兴，感谢各位老师的辛勤统计，我们会继续加油。",
        "Lovely, many thanks for the swift reply. Have a good weekend.",
      ],
    ],
    [
      "question",
      [
        "请问什么时候公布结果？",
        "收到了吗？没看到编号",
        "想问一下，交了之后还能改吗？",
        "截止日期是4月30号还是5月？",
        "一个人可以交几条呀？",
        "Could you tell me when the results come out?",
        "谢谢！另外请问需要纸质版盖章吗？",
      ],
    ],
    [
      "unclear",
      [
        "登记的信息不对",
        "怎么跟我写的不一样啊",
        "有一处写错了，请核对",
        "这个登记有点问题",
        "不对不对，你们搞错了",
        "Something is wrong with the record.",
        "我写的是这个意思吗？自己再对一遍。",
        "总觉得哪里不大对劲，又说不上来，帮我对一对",
      ],
    ],
    ["supplement", ["附件忘了发了，稍等马上补上", "刚才那封漏了附件"]],
    ["replace", ["以这一版为准，前稿作废"]],
    [
      "submit",
      ["再提一条：建议给每个班级配一个急救箱，由校医每学期检查一次，药品过期及时更换，班主任会用。"],
    ],
  ];
  test.each(cases.flatMap(([intent, all]) => all.map((said) => [intent, said] as const)))(
    "%s: %s",
    (intent, said) => {
      expect(read(schools, reply(said)).intent).toBe(intent);
    },
  );
});

describe("whose a reply is", () => {
  const unknown = { from: "tan@qq.example" };
  const cases: [said: string, code: string, requests: CorrectionRequest[]][] = [
    ["这条请撤回，谢谢。", "no2", [{ action: "withdraw" }]],
    ["题目请改作《课间活起来》。", "no2", [title("课间活起来")]],
    ["单位有误。登记为第二小学，应为实验中学。其余无误。", "lab", [unit("lab")]],
    [
      "其实是实验中学李建国老师帮我想的，请把姓名改成“谭晓艳、李建国”，单位还是第二小学就好。",
      "no2",
      [people("谭晓艳", "李建国")],
    ],
  ];
  test.each(cases)("%s → %s", (said, code, requests) => {
    const got = read(schools, reply(said, acknowledged, unknown));
    expect({ unit: got.unit.value, requests: got.corrections }).toEqual({ unit: code, requests });
  });
  test("what a quotation says of the unit registers nobody", () => {
    const shared = { ...schools, units: schools.units.map((one) => ({ ...one, domains: ["edu.example"] })) };
    const prepared = prepare(shared);
    const letter = reply("这条请撤回，谢谢。", acknowledged, { from: "x@edu.example" });
    const got = understand({ mail: mailOf(letter), parts: [], arrivedAt, thread: null }, prepared);
    expect({ unit: got.unit.value, registered: got.senderRegistered }).toEqual({
      unit: "no2",
      registered: false,
    });
  });
});

describe("answers to “which unit?”", () => {
  const cases: [said: string, unit: string][] = [
    ["二小的", "no2"],
    ["实验中学 小李", "lab"],
    ["我是职教中心的，谢谢", "voc"],
    ["第一小学东校区", "no1-east"],
    ["不好意思忘写了，基教科", "basic"],
    ["江城市第二小学，谭晓燕", "no2"],
    ["单位：实中", "lab"],
    ["我在安保科上班", "safety"],
    ["我们学校是第一小学", "no1"],
    ["哦哦，一小东校区的，数学组李建国", "no1-east"],
    ["信里不是写了“我们职教”吗，职教中心，还能是哪个。", "voc"],
    ["二小的呀，刚来三个月", "no2"],
  ];
  test.each(cases)("%s", (said, code) => {
    const got = read(schools, reply(said, askedForUnit, { subject: "回复：献策——请补充一项" }));
    expect({
      intent: got.intent,
      asked: got.corrections[0],
      unit: got.unit.value,
      outcome: got.outcome,
    }).toEqual({
      intent: "answer",
      asked: unit(code),
      unit: code,
      outcome: "filed",
    });
  });
  const askedWhich = askedForUnit.replace(
    "请直接回复本邮件，写明您所在的单位（处室）名称，一句话即可。",
    "您是第二小学的，还是实验中学的？请直接回复本邮件，一句话即可。",
  );
  test.each([
    ["A", "no2"],
    ["前一个", "no2"],
    ["第一个", "no2"],
    ["是前者。", "no2"],
    ["后一个", "lab"],
    ["B", "lab"],
    ["第二个，谢谢", "lab"],
  ])("of the two named, %s", (said, code) => {
    const got = read(schools, reply(said, askedWhich));
    expect({ intent: got.intent, asked: got.corrections }).toEqual({ intent: "answer", asked: [unit(code)] });
  });
  test("a signature alone answers", () => {
    const got = read(schools, reply("--\n谭晓燕\n江城市第二小学 教务处\n电话：010-55550123", askedForUnit));
    expect({ intent: got.intent, asked: got.corrections[0] }).toEqual({
      intent: "answer",
      asked: unit("no2"),
    });
  });
  test.each(["不知道填什么", "第九幼儿园的", "为什么要写单位？"])(
    "%s is no answer that could be used",
    (said) => {
      const got = read(schools, reply(said, askedForUnit));
      expect([got.intent === "answer", got.outcome]).toEqual([false, "held"]);
    },
  );
});

describe("a mail with something new in it", () => {
  const paper = {
    filename: "实验中学学期工作小结.docx",
    text: "江城市实验中学学期工作小结\n一、开展了教研活动十二次。\n二、组织了家长会，完成了设备更新。\n三、存在的问题与下一步打算。\n江城市实验中学\n2025年6月12日",
  };
  const from = "hejing@lab.edu.example";
  const cases: [said: string, subject: string, inReplyTo: string[], intent: Intent | null][] = [
    ["这是修改稿，以此为准。", "回复：学期工作小结", ["<a@x.example>"], "replace"],
    ["昨天发的那份总结作废，以此为准", "学期工作小结", [], "replace"],
    ["数字有更正，请用这一份替换之前的", "Re: 已收到", ["<n1@bureau.example>"], "replace"],
    ["不好意思发错文件了，重新发一份", "Re: 已收到", ["<n1@bureau.example>"], "replace"],
    ["附件重发", "学期工作小结", [], "replace"],
    ["刚才忘了附附件，补上", "Re: 已收到", ["<n1@bureau.example>"], "supplement"],
    ["上一封漏发附件，现补发，请查收", "补发附件", [], "supplement"],
    ["附件没传上去，再传一次", "回复：学期工作小结", ["<a@x.example>"], "supplement"],
    ["补充两张附表", "Re: 已收到", ["<n1@bureau.example>"], "supplement"],
    ["请查收。", "学期工作小结", [], null],
    ["报上学期工作小结，请审阅。", "Re: 提醒", ["<n1@bureau.example>"], "submit"],
  ];
  test.each(cases)("%s (%s)", (text, subject, inReplyTo, intent) => {
    const got = read(schools, { from, subject, text, inReplyTo, attach: [paper] });
    expect({ intent: got.intent, type: got.type.value }).toEqual({ intent, type: "term-review" });
  });
});

describe("ideas that speak of corrections stay ideas", () => {
  const cases: [subject: string, text: string][] = [
    [
      "献策：请假条能撤销",
      "现在系统里请假一提交就不能撤回，建议给家长加一个撤销按钮，班主任同意后作废。第二小学 谭晓燕",
    ],
    ["献策", "建议把“三好学生”改为“星级少年”，评选标准也应更正，不再只看成绩。我是第二小学的谭晓燕。"],
    [
      "一策",
      "校门口的路牌写错了，第一小学写成了“第一中学”，应为小学，建议交警部门更换，免得新来的家长走错。谭晓燕 二小",
    ],
    [
      "献策：取消家长签字",
      "建议取消作业家长签字，收回多余的打卡小程序，不再要求家长每天登记。第二小学谭晓燕",
    ],
    [
      "献策：通讯录更新版",
      "学校通讯录常常是旧的，建议每学期出一次更新版，替换掉上学期的旧版本。第二小学 谭晓燕",
    ],
    ["献策", "老师们常常忘了带附件就把邮件发出去，建议邮箱里加一个提醒。谭晓燕（第二小学）"],
    ["献策：谢谢卡", "建议每周五让学生写一张谢谢卡，送给食堂和保安的师傅，说声辛苦了。谭晓燕 第二小学"],
    ["献策", "请问能不能让孩子们课间去操场？建议错开上下课时间，一到三年级先下课五分钟。第二小学谭晓燕"],
  ];
  test.each(cases)("%s: %s", (subject, text) => {
    const got = read(schools, { subject, text, from: "tan@qq.example" });
    expect({ type: got.type.value, count: got.submissions.length, intent: got.intent }).toEqual({
      type: "suggestion",
      count: 1,
      intent: null,
    });
  });
});

describe("about an earlier mail, in a mail of its own", () => {
  const cases: [text: string, intent: Intent, requests: CorrectionRequest[]][] = [
    ["昨天我交的那条妙招请撤回，谢谢。", "withdraw", [{ action: "withdraw" }]],
    ["HYJB-0031 单位登记错了，应为恒远物流", "correct", [unit("freight")]],
    ["上次报的妙招姓名写错了，应为钱思奇。", "correct", [people("钱思奇")]],
    ["前天发的妙招附件忘了加", "supplement", [{ action: "supplement" }]],
  ];
  test.each(cases)("%s", (text, intent, requests) => {
    const got = read(group, { from: "qiansq@hengyuan.example", subject: "更正", text });
    expect({ intent: got.intent, asked: got.corrections }).toEqual({ intent, asked: requests });
  });
});

describe("in English", () => {
  const cases: [text: string, intent: Intent, requests: CorrectionRequest[]][] = [
    [
      "I work at the County Archive, not the Finance Department. Please change it.",
      "correct",
      [unit("archive")],
    ],
    ["The unit should be Harbour Museum East Wing.", "correct", [unit("harbour-east")]],
    ["My name is wrong: it should be Tom Fletcher.", "correct", [people("Tom Fletcher")]],
    ["Please withdraw my idea.", "withdraw", [{ action: "withdraw" }]],
    ["It is the annual report, not a bright idea.", "correct", [type("year-report")]],
    ["Thanks, got it!", "thanks", []],
  ];
  test.each(cases)("%s", (text, intent, requests) => {
    const got = read(trust, {
      subject: "Re: your mail (BRT-0003)",
      inReplyTo: ["<n1@trust.example>"],
      text: `${text}\n\nOn Tue, 1 Apr 2025 at 10:04, Brighter Trust Office <brighter@trust.example> wrote:\n> Good day,\n>\n> Reference: BRT-0003\n> Taken as: Bright Idea\n> Unit: Finance Department\n> By: Tim Fletcher\n> Title: Open the roof\n`,
    });
    expect({ intent: got.intent, asked: got.corrections }).toEqual({ intent, asked: requests });
  });
});
