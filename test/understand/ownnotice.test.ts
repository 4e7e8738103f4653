// Our own notices inside somebody's mail are no piece of content, however they come back.
import { describe, expect, test } from "vitest";
import { sampleNotices } from "../../src/notice/wording/samples.ts";
import { prepare, understand } from "../../src/understand/understand.ts";
import { campaign } from "../deadline/campaign.ts";
import { type Letter, mailOf, partOf, schools } from "./builders.ts";

const knowledge = prepare(schools);

function read(letter: Letter) {
  const parts = (letter.attach ?? []).map(partOf);
  const arrivedAt = new Date("2025-04-02T02:00:00Z");
  const got = understand({ mail: mailOf(letter), parts, arrivedAt, thread: null }, knowledge);
  return { ...got, filed: got.submissions.length };
}

const acknowledgement = `邓凯，您好：

您的来信已于2025年4月1日10:00收到，登记如下（到达时间以此为准）：

编号：JYJ-0007
类别：我为教育献一策
单位：江城市职业技术学校
姓名：邓凯
标题：建议把走廊画上跳房子和棋盘

登记有误或有修改稿，直接回复本邮件即可。

主题活动办公室
“办好家门口的学校”主题活动`;
const reminder = `江城市实验中学 何静，您好：

谨提醒贵单位以下材料的报送时间。

- 学期工作小结，请于2025年6月20日前报送

主题活动办公室
“办好家门口的学校”主题活动
2025年6月16日`;
const fields = `发件人: 主题活动办公室 <ideas@bureau.example>
发送时间: 2025年4月1日 10:00
收件人: dengkai@qq.example
主题: Re: 献策（JYJ-0007）`;
const forwarded = (notice: string) => `---- 转发邮件信息 ----\n${fields}\n\n${notice}`;
const from = "dengkai@qq.example";

describe("nothing else in the mail: ignored", () => {
  const cases: [string, Letter][] = [
    ["forwarded by hand", { from, subject: "转发：Re: 献策（JYJ-0007）", text: forwarded(acknowledgement) }],
    ["forwarded without a separator", { from, subject: "Fw: 献策", text: `${fields}\n\n${acknowledgement}` }],
    [
      "forwarded, the author left out",
      { from, subject: "转发：献策", text: `主题: 献策\n日期: 2025年4月1日\n\n${acknowledgement}` },
    ],
    [
      "passed on by a list without its marks",
      { from: "teachers@lists.example", subject: "Re: 献策", text: acknowledgement },
    ],
    [
      "a list's footer below",
      {
        from: "teachers@lists.example",
        subject: "Re: 献策",
        text: `${acknowledgement}\n\n-- \nteachers 邮件列表`,
      },
    ],
    ["a reminder", { from: "teachers@lists.example", subject: "学期工作小结报送提醒", text: reminder }],
    [
      "attached as a mail",
      { from, subject: "转发：献策", attach: [{ filename: "notice.eml", text: acknowledgement }] },
    ],
  ];
  test.each(cases)("%s", (_, letter) => {
    const got = read(letter);
    expect([got.outcome, got.reason, got.filed]).toEqual(["ignored", "own-mail", 0]);
  });
});

describe("somebody's words above it are what the mail is", () => {
  test("nothing to file: held", () => {
    const got = read({
      from,
      subject: "转发：献策",
      text: `这封信给您看看。\n${forwarded(acknowledgement)}`,
    });
    expect([got.outcome, got.filed]).toEqual(["held", 0]);
  });
  test("a notice pasted below a sentence is not ignored", () => {
    const got = read({ from, subject: "献策", text: `老师您好：\n我收到了这个。\n${acknowledgement}` });
    expect([got.outcome, got.reason, got.filed]).toEqual(["held", "nothing-found", 0]);
  });
  test("a question above a pasted notice", () => {
    const got = read({ from, subject: "献策", text: `这是什么意思？\n${acknowledgement}` });
    expect([got.outcome, got.filed]).toEqual(["held", 0]);
  });
  test("a correction", () => {
    const got = read({
      from,
      subject: "转发：献策",
      text: `单位写错了，应为第二小学。\n${forwarded(acknowledgement)}`,
    });
    expect(got.corrections).toEqual([{ action: "unit", unit: "no2" }]);
  });
  test("an idea of his own in a document beside it", () => {
    const got = read({
      from,
      subject: "献策",
      text: acknowledgement,
      attach: [
        { filename: "错峰放学.doc", text: "错峰放学\n建议各年级错开十分钟放学，门口就不堵了。\n职校 邓凯" },
      ],
    });
    expect([got.outcome, got.filed, got.submissions[0]?.title]).toEqual(["filed", 1, "错峰放学"]);
  });
});

describe("what only looks like ours", () => {
  const idea = "建议各年级错开十分钟放学，门口就不堵了。";
  const cases: [string, Letter][] = [
    ["addressed to the office", { from, subject: "献策", text: `主题活动办公室：\n${idea}\n职校 邓凯` }],
    ["naming an earlier reference", { from, subject: "献策", text: `补充我的 JYJ-0007：${idea}\n职校 邓凯` }],
    [
      "a colleague's letter forwarded",
      {
        from,
        subject: "转发：献策",
        text: `---- 转发邮件信息 ----\n发件人: 陈涛 <chen@voc.example>\n收件人: dengkai@qq.example\n主题: 献策\n\n${idea}\n职校 陈涛`,
      },
    ],
  ];
  test.each(cases)("%s is filed", (_, letter) => {
    expect([read(letter).outcome, read(letter).filed]).toEqual(["filed", 1]);
  });
});

const discussion = campaign();
const english: typeof discussion = {
  ...campaign({ locale: "en", title: "The Great Discussion" }),
  office: { name: "Campaign Office", members: [], digest: "17:30", weekly: "last" },
};
const samples = [discussion, english].flatMap((one) =>
  sampleNotices(one).map((sample) => ({ ...sample, of: one, locale: one.locale })),
);

test.each(samples)("$locale $name, in whatever words, is known again", async ({ compose, of }) => {
  const notice = await compose();
  if (!notice) throw new Error("a sample that is not sent");
  const author = `From: ${of.office.name} <${of.mailbox.address}>\nSent: 2012-11-12 10:00\nTo: a@b.example`;
  const letters: Letter[] = [
    { from: "all@lists.example", subject: notice.subject, text: notice.text },
    {
      from: "a@b.example",
      subject: `Fw: ${notice.subject}`,
      text: `${author}\nSubject: x\n\n${notice.text}`,
    },
  ];
  for (const letter of letters) {
    const facts = {
      mail: mailOf(letter),
      parts: [],
      arrivedAt: new Date("2012-11-13T02:00:00Z"),
      thread: null,
    };
    const got = understand(facts, prepare(of));
    expect([got.outcome, got.reason]).toEqual(["ignored", "own-mail"]);
  }
});
