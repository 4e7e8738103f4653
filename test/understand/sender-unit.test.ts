// Which unit sends it: two further invented organisations with everything that makes it hard, asked as a clerk would answer.
import { describe, expect, test } from "vitest";
import type { Campaign } from "../../src/campaign/campaign.ts";
import { prepare, understand } from "../../src/understand/understand.ts";
import { campaign, deliverable, type Letter, mailOf, partOf, unit } from "./builders.ts";

/** A county town: communities and stations one character apart, numbered houses, a county seat among districts. */
const town = campaign({
  code: "YZ",
  title: "“我为云洲办件事”金点子征集",
  office: { name: "金点子征集办公室", members: [], digest: "17:30", weekly: "last" },
  units: [
    unit("gov-office", "县政府办公室", { aliases: ["政府办"], kind: "office", domains: ["yunzhou.example"] }),
    unit("personnel", "人力资源部", { kind: "office", domains: ["yunzhou.example"] }),
    unit("training", "人力资源部培训中心", { domains: ["yunzhou.example"] }),
    unit("east-wind", "东风社区", { liaison: { name: "卓敏", email: "zhuomin@qq.example" } }),
    unit("east-rich", "东丰社区", { aliases: ["东丰社区居委会"] }),
    unit("hospital-1", "云洲县第一人民医院"),
    unit("hospital-2", "云洲县第二人民医院", { aliases: ["县二院"] }),
    unit("primary-1", "云洲县第一小学", { domains: ["edu.yunzhou.example"] }),
    unit("primary-1-north", "云洲县第一小学北校区", { domains: ["edu.yunzhou.example"] }),
    unit("primary-11", "云洲县第十一小学", { domains: ["edu.yunzhou.example"] }),
    unit("library", "县图书馆", { aliases: ["图书馆"], domains: ["lib.yunzhou.example"] }),
    unit("museum", "县博物馆", { aliases: ["博物馆"] }),
    unit("culture", "县文化馆"),
    unit("east-police", "城东派出所"),
    unit("east-power", "城东供电所"),
    unit("west-police", "城西派出所"),
    unit("bus-1", "公交一公司", { aliases: ["一公司"] }),
    unit("bus-7", "公交七公司", { aliases: ["七公司"] }),
    unit("water", "自来水厂"),
    unit("social-culture", "社会文化处", { aliases: ["社会文化"], kind: "office" }),
  ],
  roster: [
    { name: "黎小满", email: null, unit: "library" },
    { name: "沈佳", email: null, unit: "museum" },
    { name: "沈佳", email: null, unit: "water" },
    { name: "庞立", email: "pangli@qq.example", unit: "museum" },
    { name: "欧阳凯", email: null, unit: "bus-7" },
    { name: "蒋文彬", email: "jiangwb@lib.yunzhou.example", unit: "library" },
  ],
  deliverables: [
    deliverable("idea", "金点子", "person", { aliases: ["建议"] }),
    deliverable("summary", "工作总结", "unit", { owedBy: ["office", "grassroots"] }),
  ],
});

/** A university in English: libraries within libraries, faculties and services. */
const university = campaign({
  code: "HAL",
  title: "Better Halden",
  locale: "en",
  units: [
    unit("library", "University Library", { domains: ["halden.example"] }),
    unit("law-library", "Law Library", { domains: ["halden.example"] }),
    unit("law", "Faculty of Law"),
    unit("nursing", "School of Nursing", { aliases: ["Nursing"] }),
    unit("estates", "Estates Office", { kind: "office", aliases: ["Estates"] }),
    unit("it", "IT Services", { kind: "office" }),
  ],
  roster: [{ name: "Olive Trent", email: "o.trent@halden.example", unit: "law-library" }],
  deliverables: [
    deliverable("idea", "Bright Idea", "person", { aliases: ["idea", "suggestion"] }),
    deliverable("report", "Annual Report", "unit", { owedBy: ["office", "grassroots"] }),
  ],
});

const prepared = new Map([town, university].map((one) => [one, prepare(one)]));

function read(to: Campaign, letter: Letter) {
  const parts = (letter.attach ?? []).map(partOf);
  const arrivedAt = new Date("2025-04-02T02:00:00Z");
  const { outcome, reason, unit, unitAsRead } = understand(
    {
      mail: mailOf({ subject: to === town ? "建议" : "Suggestion", ...letter }),
      parts,
      arrivedAt,
      thread: null,
    },
    prepared.get(to)!,
  );
  const guesses = [unit.value, unit.runnerUp?.value, ...(unit.guesses ?? []).map((one) => one.value)];
  return { said: reason ? `${outcome} ${reason}` : outcome, unit, unitAsRead, guesses: new Set(guesses) };
}

const idea = "路口的路灯坏了半年，晚上老人走路很危险。建议换成太阳能路灯，一次投入不多，坏了也好修。";

function files(to: Campaign, cases: [string, string, Letter][]) {
  test.each(cases)("%s → %s", (_, unit, letter) => {
    const got = read(to, letter);
    expect({ said: got.said, unit: got.unit.value }).toEqual({ said: "filed", unit });
  });
}

describe("where the writer says who he is", () => {
  files(town, [
    ["a full name", "primary-1-north", { text: `我是云洲县第一小学北校区的教师。${idea}` }],
    ["the house of another within", "primary-1", { text: `${idea}\n云洲县第一小学 易小兰` }],
    ["the sub-unit whose name holds its parent's", "training", { text: `${idea}\n人力资源部培训中心` }],
    ["the parent", "personnel", { text: `我在人力资源部工作。${idea}` }],
    ["a number in digits", "primary-1", { text: `我是第1小学的老师。${idea}` }],
    ["a number in short", "primary-1", { text: `我是一小的小李。${idea}` }],
    ["eleven is not one", "primary-11", { text: `我是十一小的老师。${idea}` }],
    ["eleven in digits", "primary-11", { text: `11小 戴安\n${idea}\n11小 戴安` }],
    ["a numbered company in digits", "bus-7", { text: `${idea}\n7公司 欧阳凯` }],
    ["a hospital in short", "hospital-1", { text: `我是县一院的护士。${idea}` }],
    ["a hospital's alias", "hospital-2", { text: `${idea}\n县二院 急诊科 卢芳` }],
    ["an abbreviation that fits one", "west-police", { text: `我是城西所的民警。${idea}` }],
    ["full width and spaces", "library", { text: `${idea}\n县　图　书　馆　　黎小满` }],
    ["traditional characters", "library", { text: `我是縣圖書館的職工。${idea}` }],
    ["a character that sounds the same", "bus-7", { text: `你好我是气公司的老王${idea}` }],
    ["one character wrong", "hospital-1", { text: `本人系云洲县第一人名医院药师。${idea}` }],
    ["no punctuation", "bus-1", { text: `你好我在一公司开车开了八年我想说说路灯的事${idea}` }],
    ["without a verb", "museum", { text: `我县博物馆讲解员易小兰。提一条：${idea}` }],
    ["his trade in one clause", "water", { text: `自来水厂的，化验员，姓名就不写了。${idea}` }],
    ["unit, name, post", "museum", { text: `县博物馆，易小兰，讲解员。${idea}` }],
    ["behind a label", "culture", { text: `单位：县文化馆\n姓名：易小兰\n${idea}` }],
    ["display name", "museum", { name: "县博物馆-易小兰", text: idea }],
    ["display name in short", "hospital-1", { name: "县一院 小易", text: idea }],
    ["signature only", "water", { text: `${idea}\n-- \n易小兰\n自来水厂 化验室\n电话 5550101` }],
    [
      "the file's name only",
      "museum",
      { text: "见附件。", attach: [{ filename: "金点子-县博物馆-易小兰.docx", text: idea }] },
    ],
    [
      "the document's closing only",
      "culture",
      {
        text: "见附件。",
        attach: [{ filename: "建议.docx", text: `关于路灯的建议\n${idea}\n县文化馆　易小兰` }],
      },
    ],
    ["the roster's name in the closing", "library", { text: `${idea}\n黎小满` }],
    ["the domain", "library", { from: "reader@lib.yunzhou.example", text: idea }],
  ]);
});

describe("whom it is about is not who writes", () => {
  files(town, [
    [
      "a librarian on the museum",
      "library",
      {
        subject: "关于县博物馆延长开放的建议",
        text: "县博物馆五点就关门，下班的人进不去。建议县博物馆周五开到九点，博物馆的保安轮班即可。\n县图书馆 黎小满",
      },
    ],
    [
      "a librarian on the museum, known by his address",
      "library",
      {
        from: "jiangwb@lib.yunzhou.example",
        subject: "建议博物馆开夜场",
        text: "博物馆五点就关门。建议博物馆周五开到九点，博物馆门口加两盏灯。",
      },
    ],
    [
      "not his namesake of another company",
      "bus-1",
      { text: `我是一公司的易小兰（注意不是七公司那个易小兰，经常被搞错）。\n${idea}` },
    ],
    ["the museum's neighbour", "water", { text: `我在自来水厂工作，家住县博物馆对面。${idea}` }],
  ]);

  test.each<[string, Letter]>([
    ["a visitor", { text: `我是县图书馆的老读者。${idea}` }],
    ["a patient", { text: `我是县一院的病人。${idea}` }],
    [
      "talk at length",
      { text: "县博物馆五点就关门。建议县博物馆开到九点，县博物馆门口加灯，博物馆再开个小店。" },
    ],
    ["in the title alone", { subject: "关于县博物馆夜间开放的建议", text: idea }],
  ])("nobody's: %s", (_, letter) => {
    const got = read(town, letter);
    expect({ said: got.said, unit: got.unit.value }).toEqual({ said: "held unit-unknown", unit: null });
    expect(got.unit.confidence).toBeGreaterThan(0.75);
  });
});

describe("another organisation of a like name", () => {
  test.each<[string, Letter, string]>([
    ["the city's", { text: `我是市图书馆的。${idea}` }, "市图书馆"],
    ["a district's", { text: `${idea}\n东城区图书馆 易小兰` }, "东城区图书馆"],
    ["the province's", { text: `我来自省博物馆。${idea}` }, "省博物馆"],
    ["a university's", { text: `${idea}\n云洲师范大学图书馆` }, "云洲师范大学图书馆"],
    ["another county's", { text: `我是清河县文化馆的干部。${idea}` }, "清河县文化馆"],
    ["a society named after it", { text: `${idea}\n县图书馆学会 易小兰` }, "县图书馆学会"],
    ["the twelfth", { text: `我是第十二小学的老师。${idea}` }, "第十二小学"],
    [
      "a station behind a department's word",
      { text: `姓名：易小兰。单位：清河路社区文化站。\n${idea}` },
      "清河路社区文化站",
    ],
    ["a house behind an alias", { text: `${idea}\n民间社会文化协会 易小兰` }, "民间社会文化协会"],
    ["a town's station", { text: `${idea}\n麻柳镇文化站 易小兰` }, "麻柳镇文化站"],
  ])("%s is held, with the name as read", (_, letter, name) => {
    const got = read(town, letter);
    expect({ said: got.said, unit: got.unit.value, asRead: got.unitAsRead }).toEqual({
      said: "held unit-unknown",
      unit: null,
      asRead: name,
    });
  });
});

describe("another's letter", () => {
  files(town, [
    [
      "for a colleague",
      "museum",
      { from: "jiangwb@lib.yunzhou.example", text: `代县博物馆沈佳同志提交：${idea}` },
    ],
    [
      "for a colleague, said in the subject alone",
      "museum",
      {
        from: "jiangwb@lib.yunzhou.example",
        subject: "代县博物馆沈佳师傅提一条",
        text: `沈师傅今天来图书馆借书，顺便口述，我代打的：${idea}`,
      },
    ],
    [
      "for the master who cannot write",
      "bus-7",
      { from: "son@qq.example", text: `我师傅叫欧阳凯，七公司开车的，不会用电脑，我替他说：${idea}` },
    ],
    [
      "for the father",
      "water",
      { from: "daughter@qq.example", text: `我爸在自来水厂上班，让我帮他发：${idea}` },
    ],
    [
      "forwarded: its author counts",
      "museum",
      {
        from: "jiangwb@lib.yunzhou.example",
        subject: "转发：路灯的建议",
        text: `转给征集办公室。\n\n---------- 转发邮件 ----------\n发件人: 庞立 <pangli@qq.example>\n主题: 路灯的建议\n\n${idea}\n县博物馆 庞立`,
      },
    ],
  ]);
});

describe("people who have moved", () => {
  files(town, [
    [
      "said plainly",
      "library",
      { from: "pangli@qq.example", text: `我上个月从县博物馆调到县图书馆了。${idea}\n庞立` },
    ],
    [
      "formerly and now",
      "culture",
      { from: "jiangwb@lib.yunzhou.example", text: `我原在县图书馆，现在是县文化馆的人了。${idea}\n蒋文彬` },
    ],
    [
      "to be counted for",
      "water",
      { from: "pangli@qq.example", text: `请按自来水厂算，别记博物馆。${idea}` },
    ],
  ]);

  test.each<[string, Letter, string]>([
    [
      "signed otherwise without a word",
      { from: "zhuomin@qq.example", text: `${idea}\n东丰社区 卓敏` },
      "east-rich",
    ],
    [
      "moved, but not to where",
      { from: "pangli@qq.example", text: `我换单位了，名单还没改。${idea}` },
      "museum",
    ],
  ])("held: %s", (_, letter, guess) => {
    const got = read(town, letter);
    expect(got.said).toBe("held unit-unsure");
    expect(got.guesses).toContain(guess);
  });

  files(town, [
    [
      "a wish is no move",
      "museum",
      { from: "pangli@qq.example", text: `建议把路灯管理调到县图书馆。${idea}` },
    ],
  ]);
});

describe("two fit", () => {
  test.each<[string, Letter, string[]]>([
    ["namesakes", { name: "沈佳", text: idea }, ["museum", "water"]],
    ["an abbreviation of two", { text: `我是城东所的。${idea}` }, ["east-police", "east-power"]],
    ["a domain of three", { from: "x@edu.yunzhou.example", text: idea }, ["primary-1", "primary-11"]],
    ["a typo between sisters", { text: `${idea}\n东凤社区 易小兰` }, ["east-wind", "east-rich"]],
  ])("%s: held, with the guesses", (_, letter, units) => {
    const got = read(town, letter);
    expect(got.said).toMatch(/^held unit-/);
    expect(got.unit.confidence).toBeLessThan(0.9);
    const named = units.filter((one) => got.guesses.has(one));
    expect(named.length).toBeGreaterThan(0);
  });

  files(town, [
    ["namesakes, and the letter says which", "water", { name: "沈佳", text: `我是自来水厂的沈佳。${idea}` }],
    [
      "a domain of three, and the closing says which",
      "primary-11",
      { from: "x@edu.yunzhou.example", text: `${idea}\n第十一小学` },
    ],
    ["the exact name of one sister", "east-rich", { text: `${idea}\n东丰社区 易小兰` }],
  ]);
});

describe("parts of a unit", () => {
  files(town, [
    ["its division", "library", { text: `我是县图书馆采编部的黎小满。${idea}` }],
    ["its office is not the county's", "museum", { text: `${idea}\n县博物馆办公室 易小兰` }],
  ]);
});

describe("in English", () => {
  const text =
    "The lamps by the bridge are broken. I suggest solar lamps; they pay for themselves in two winters.";
  files(university, [
    ["said of oneself", "nursing", { text: `I work at the School of Nursing. ${text}` }],
    ["signed", "law-library", { text: `${text}\n\nKind regards,\nRay Holt\nLaw Library` }],
    ["the longer name", "law", { text: `${text}\n\nRay Holt, Faculty of Law` }],
    ["by address against the domain", "law-library", { from: "o.trent@halden.example", text }],
    [
      "about the library",
      "estates",
      { subject: "Idea for the University Library", text: `We at Estates see it daily. ${text}` },
    ],
    [
      "moved",
      "nursing",
      { from: "o.trent@halden.example", text: `I have moved to the School of Nursing. ${text}` },
    ],
    ["by the name in front", "it", { name: "Ray Holt (IT Services)", text }],
  ]);

  test.each<[string, Letter, string | null]>([
    ["a visitor", { text: `I am a reader of the University Library. ${text}` }, null],
    [
      "another library",
      { text: `${text}\n\nRay Holt\nRiverside Branch Library` },
      "Riverside Branch Library",
    ],
    ["it is a word", { text: `We like it. ${text}` }, null],
  ])("nobody's: %s", (_, letter, name) => {
    const got = read(university, letter);
    expect({ said: got.said, asRead: got.unitAsRead }).toEqual({ said: "held unit-unknown", asRead: name });
  });
});
