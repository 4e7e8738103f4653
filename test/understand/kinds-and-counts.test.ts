// Mails to two further organisations: what each is, how many ideas it brings, whose they are and what they are called.
import { describe, expect, test } from "vitest";
import { prepare, understand } from "../../src/understand/understand.ts";
import { campaign, deliverable, type Letter, mailOf, partOf, unit } from "./builders.ts";

/** A water company that asks for 微改善; its units owe a 民情专报, a 自查报告 and rectification papers by item. */
const water = prepare(
  campaign({
    code: "QYSW",
    title: "“点滴之间”服务改善行动",
    office: { name: "改善行动专班", members: [], digest: "17:30", weekly: "last" },
    units: [
      unit("plant1", "青源水务第一净水厂", { aliases: ["一水厂", "第一水厂"] }),
      unit("plant2", "青源水务第二净水厂", { aliases: ["二水厂", "第二水厂"] }),
      unit("hall", "青源水务客户服务中心", {
        aliases: ["客服中心", "营业厅"],
        liaison: { name: "乔雨", email: "qiaoyu@qywater.example" },
      }),
      unit("pipes", "青源水务管网维护中心", { aliases: ["管网中心"] }),
      unit("meters", "计量管理部", { kind: "office" }),
    ],
    roster: [
      { name: "罗小田", email: "luoxt@qq.example", unit: "pipes" },
      { name: "季平", email: "jiping@qq.example", unit: "plant1" },
    ],
    deliverables: [
      deliverable("better", "微改善", "person", {
        aliases: ["微改善提案", "小改小革"],
        opens: "2025-03-01",
        closes: "2025-04-30",
      }),
      deliverable("voices", "民情专报", "unit", { due: "2025-05-20" }),
      deliverable("check", "供水安全自查报告", "unit", { due: "2025-05-30" }),
      deliverable("repair", "专项整改方案", "unit", {
        due: "2025-06-10",
        items: [
          { code: "leak", name: "老旧小区漏损治理", aliases: ["漏损"], unit: "pipes", lead: null },
          { code: "meter", name: "智能水表换装提速", aliases: ["换表"], unit: "meters", lead: null },
        ],
      }),
    ],
  }),
);

/** A housing association, in English. */
const homes = prepare(
  campaign({
    code: "NHA",
    title: "Better Homes Drive",
    locale: "en",
    timezone: "Europe/London",
    office: { name: "Better Homes Office", members: [], digest: "17:30", weekly: "last" },
    units: [
      unit("repairs", "Repairs Team", { domains: ["repairs.nha.example"] }),
      unit("lettings", "Lettings Team", { aliases: ["Lettings"] }),
      unit("estates", "Estate Services", {}),
    ],
    roster: [{ name: "Moira Quinn", email: "moira@post.example", unit: "estates" }],
    deliverables: [
      deliverable("spark", "Bright Spark", "person", { aliases: ["spark"] }),
      deliverable("quarterly", "Quarterly Report", "unit", { due: "2025-06-20" }),
    ],
  }),
);

function read(letter: Letter, knowledge = water) {
  const parts = (letter.attach ?? []).map(partOf);
  const arrivedAt = new Date("2025-04-02T02:00:00Z");
  return understand({ mail: mailOf(letter), parts, arrivedAt, thread: null }, knowledge);
}

const mine = "luoxt@qq.example";

describe("what it is", () => {
  const cases: [string, Letter, string, string?][] = [
    [
      "an observation and what would help, in no word of the campaign",
      {
        from: mine,
        subject: "抢修车",
        text: "抢修车上的工具箱每次都翻个底朝天，找把管钳要五分钟。钉一块板子，照着形状画上轮廓，少了哪件一眼就看见。",
      },
      "better",
    ],
    [
      "dictated, without a stop",
      {
        from: mine,
        subject: "",
        text: "我们夜里抄表楼道太黑了 手电又占着手 能不能给每个人发个头灯 网上十几块钱一个 我自己买了一个用着蛮好",
      },
      "better",
    ],
    [
      "in the form of a question",
      {
        from: mine,
        subject: "为什么不能周末报装？",
        text: "上班族周一到周五哪有空来营业厅？能不能周六上午留两个窗口，周一轮休补回来？",
      },
      "better",
    ],
    [
      "words of papers in an idea's subject",
      {
        from: mine,
        subject: "自查报告、民情专报能不能合成一份",
        text: "一个月交两份，内容差不多。建议合成一张表，勾一勾就行，省下半天去看管子。",
      },
      "better",
    ],
    [
      "to withdraw something is what the idea wants",
      {
        from: mine,
        subject: "撤销三号泵房的纸质通知",
        text: "建议撤销泵房每天的纸质交接通知，更正错误要重抄一整页，改成平板上填。",
      },
      "better",
    ],
    [
      "a question about handing in",
      { from: mine, subject: "微改善", text: "请问可以两个人合写一条吗？要不要组长签字？" },
      "question",
    ],
    [
      "a question without its mark",
      { from: mine, subject: "问问", text: "那个专报是每个班组都要交还是中心合起来交一份就行 最晚哪天" },
      "question",
    ],
    [
      "a request for delay",
      {
        from: "qiaoyu@qywater.example",
        subject: "关于民情专报延期的请示",
        text: "专班：\n因系统升级，可否宽限三天报送？妥否，请批示。",
      },
      "question",
    ],
    [
      "a notice to colleagues",
      {
        from: mine,
        subject: "关于召开季度例会的通知",
        text: "各班组：\n兹定于4月8日下午两点在二楼会议室召开例会，请准时参加，不得缺席。\n办公室",
      },
      "other",
    ],
    [
      "good wishes passed on",
      {
        from: mine,
        subject: "清明安康",
        text: "清明时节，愿您平安健康，万事顺心，祝福转给身边的好友，好运常在！",
      },
      "other",
    ],
    [
      "a paper by its opening words, under a subject that says 建议",
      {
        from: "qiaoyu@qywater.example",
        subject: "几点情况（含建议）",
        text: "专班：\n现将客户服务中心供水安全自查情况报告如下。\n一、基本情况\n检查营业网点六处，发现问题四项，已整改三项。\n二、存在问题\n二号网点应急水箱过期。\n三、下一步\n建议统一更换，并组织一次演练。\n客户服务中心\n2025年4月1日",
      },
      "check",
    ],
    [
      "a plan named by its item alone",
      {
        from: mine,
        subject: "漏损这块的打算",
        text: "一、目标\n年内漏损率降到百分之九。\n二、步骤\n四月普查，五月换管，六月复测。\n三、分工\n维护一班负责东片，二班负责西片。\n管网维护中心",
      },
      "repair",
    ],
  ];
  test.each(cases)("%s", (_, letter, type) => {
    const { outcome, reason, type: got } = read(letter);
    expect({ type: got.value, outcome, reason }).toMatchObject({ type });
  });
});

describe("how many ideas, whose and what about", () => {
  const cases: [string, Letter, string[], string[]?][] = [
    [
      "emoji numbers",
      {
        from: mine,
        subject: "三条微改善",
        text: "1️⃣ 抢修车装一块工具轮廓板，少了哪件一眼看见。\n2️⃣ 井盖编号喷成荧光的，夜里好找。\n3️⃣ 值班室的排班表换成白板，别再贴纸条了。",
      },
      ["抢修车", "井盖", "排班表"],
    ],
    [
      "numbers that change their style",
      {
        from: mine,
        subject: "两个想法",
        text: "一、抄表的袋子加一层防水布，下雨天本子全湿了。\n2. 对讲机统一充电，现在各充各的，到用的时候没电。",
      },
      ["抄表", "对讲机"],
    ],
    [
      "bullets with who says it",
      {
        from: "qiaoyu@qywater.example",
        subject: "收集的微改善",
        text: "大家口头说的，我记下来：\n● 季平：加药间装个摄像头，不用每小时跑一趟。\n● 罗小田：阀门钥匙编号挂墙，找钥匙太费时间。",
      },
      ["加药间", "阀门"],
      ["季平", "罗小田"],
    ],
    [
      "其一, 其二",
      {
        from: mine,
        subject: "愚见二则",
        text: "其一　营业厅叫号机字太小\n老人看不清，换大屏，成本不过千元。\n其二　水费单背面印停水电话\n停水时到处问，不如印在单子上。",
      },
      ["营业厅叫号机字太小", "水费单背面印停水电话"],
    ],
    [
      "paragraphs as many as announced",
      {
        from: mine,
        subject: "说两件事",
        text: "有两件不相干的事想说。\n\n巡线的雨衣太薄，刮一下就破，建议换成加厚反光的，一件贵二十块，能穿三年。\n\n泵房的钥匙都在一个人手里，夜里出事要等他从家里赶来，不如装密码锁，各班都能进。",
      },
      ["巡线的雨衣", "泵房的钥匙"],
    ],
    [
      "a further one in passing words",
      {
        from: mine,
        subject: "抢修服",
        text: "抢修服的袖子太长，干活要卷三道，建议分号定做。\n另外还有一个想法，抢修完拍张照片发给业主，省得人家打电话来问修好没有。",
      },
      ["抢修服", "抢修完"],
    ],
    [
      "voice input in one breath",
      {
        from: mine,
        subject: "两个建议",
        text: "我说两个建议第一个是管网图能不能放到手机上现在找根管子要回办公室翻图纸第二个是夜班的饭送到工地来大家轮着下去吃饭耽误两个小时",
      },
      ["管网图", "夜班"],
    ],
    [
      "measures of one idea",
      {
        from: mine,
        subject: "关于改进停水通知的建议",
        text: "现在停水只贴一张纸，居民看不到，投诉很多。建议采取以下做法：\n1. 提前三天发短信\n2. 楼道贴通知\n3. 业主群里转发\n这样大家都能知道。",
      },
      ["停水通知"],
    ],
    [
      "sections of one idea",
      {
        from: mine,
        subject: "微改善：移动水质检测箱",
        text: "一、背景\n居民反映水黄，取样送回厂里要半天。\n二、做法\n配一个手提检测箱，现场十分钟出数。\n三、效果\n投诉当天就能答复。",
      },
      ["移动水质检测箱"],
    ],
    [
      "a table in the campaign's own words",
      {
        from: "qiaoyu@qywater.example",
        subject: "客服中心微改善",
        text: "序号\t提案人\t岗位\t微改善\n1\t甘露\t收费\t窗口加一副老花镜\n2\t\t\t叫号音量晚上调低\n3\t花满楼\t保洁\t拖把分区上色，厕所的不许拖大厅\n注：以上均为本人自愿",
      },
      ["窗口加一副老花镜", "叫号音量晚上调低", "拖把分区上色"],
      ["甘露", "甘露", "花满楼"],
    ],
    [
      "a sheet with a title row and a header below",
      {
        from: "qiaoyu@qywater.example",
        subject: "汇总表",
        text: "见附件",
        attach: [
          {
            filename: "微改善汇总.xlsx",
            text: "青源水务微改善汇总表\n序号\t姓名\t部门\t题目\t内容\n1\t甘露\t客服中心\t窗口老花镜\t窗口放一副老花镜，给忘带眼镜的老人用\n2\t季平\t一水厂\t药桶标尺\t药桶外贴标尺，不用打开看\n合计\t2",
          },
        ],
      },
      ["窗口老花镜", "药桶标尺"],
      ["甘露", "季平"],
    ],
    [
      "the body repeats its attachment",
      {
        from: mine,
        subject: "微改善",
        text: "把抢修车的警示灯换成太阳能的，不用每天拆下来充电，一年省两百多块电费。",
        attach: [
          {
            filename: "微改善.docx",
            text: "把抢修车的警示灯换成太阳能的，不用每天拆下来充电，一年省两百多块电费。",
          },
        ],
      },
      ["警示灯"],
    ],
    [
      "three files, each an idea, none saying so",
      {
        from: "qiaoyu@qywater.example",
        subject: "三份微改善",
        text: "请查收附件。",
        attach: [
          {
            filename: "甘露-老花镜.docx",
            text: "窗口老花镜\n老人常忘带眼镜，看不清水费单。窗口放三副不同度数的，用完放回。\n甘露",
          },
          {
            filename: "花满楼-拖把.docx",
            text: "拖把分色\n厕所的拖把拖大厅，顾客看了不舒服。分三种颜色，挂三个钩子。\n花满楼",
          },
          {
            filename: "季平-标尺.docx",
            text: "药桶标尺\n看药还剩多少要开盖，呛人。外面贴一条标尺就行。\n季平",
          },
        ],
      },
      ["窗口老花镜", "拖把分色", "药桶标尺"],
      ["甘露", "花满楼", "季平"],
    ],
    [
      "a paper and an idea of the sender's own in the covering words",
      {
        from: "qiaoyu@qywater.example",
        subject: "报送民情专报",
        text: "专班：\n一、客服中心民情专报见附件。\n二、另，本人提一条微改善：建议把停水电话印在水费单背面，居民停水时不用到处打听，印刷不多花一分钱。\n乔雨",
        attach: [
          {
            filename: "客服中心民情专报.docx",
            text: "客服中心民情专报\n一季度受理来电三千一百件，反映集中的是水压和账单。\n一、水压\n东片高层早高峰水压不足，已协调加压。\n二、账单\n阶梯水价说明不清，拟改版。\n客户服务中心",
          },
        ],
      },
      ["客服中心民情专报", "印在水费单背面"],
    ],
  ];
  test.each(cases)("%s", (_, letter, titles, people) => {
    const { submissions } = read(letter);
    expect(submissions.map(({ title, text }) => `${title}\n${text}`)).toEqual(
      titles.map((title) => expect.stringContaining(title)),
    );
    if (people) expect(submissions.flatMap((one) => one.people)).toEqual(people);
  });

  test("two hundred ideas in one sheet", () => {
    const rows = Array.from(
      { length: 200 },
      (_, i) => `${i + 1}\t甘露\t把第${i + 1}号井盖喷成荧光色，夜里好找`,
    );
    const text = `序号\t姓名\t内容\n${rows.join("\n")}`;
    const letter = {
      from: "qiaoyu@qywater.example",
      subject: "微改善",
      attach: [{ filename: "汇总.xlsx", text }],
    };
    expect(read(letter).submissions).toHaveLength(200);
  });

  test.each<[string, Letter, number]>([
    [
      "First, second",
      {
        from: "moira@post.example",
        subject: "Two thoughts",
        text: "Hello,\n\nFirst, the bin store gate jams every week and the crew wastes ten minutes. Please replace the latch.\n\nSecond, the notice boards are out of date. We could let tenants post their own notices.\n\nMoira Quinn",
      },
      2,
    ],
    [
      "steps of one idea",
      {
        from: "moira@post.example",
        subject: "Bright Spark: key safes",
        text: "Contractors wait an hour for keys. I suggest a key safe at each block. Steps:\n1. Fit the safes\n2. Change codes monthly\n3. Log each use",
      },
      1,
    ],
    [
      "one in plain words",
      {
        from: "moira@post.example",
        subject: "Hallway lights",
        text: "The hallway lights burn all day. Motion sensors would be cheaper within a year.",
      },
      1,
    ],
  ])("in English: %s", (_, letter, count) => {
    const got = read(letter, homes);
    expect({ type: got.type.value, count: got.submissions.length }).toEqual({ type: "spark", count });
  });
});
