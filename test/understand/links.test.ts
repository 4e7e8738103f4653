// Links: no evidence of anything, and large files that come only as one.
import { describe, expect, test } from "vitest";
import { guessedUnits } from "../../src/deadline/arrived.ts";
import { linkedFilesIn, withoutLinks } from "../../src/understand/links.ts";
import { prepare, understand } from "../../src/understand/understand.ts";
import { type Letter, mailOf, partOf, schools } from "./builders.ts";

const knowledge = prepare(schools);

function read(letter: Letter) {
  const parts = (letter.attach ?? []).map(partOf);
  const arrivedAt = new Date("2025-04-02T02:00:00Z");
  return understand({ mail: mailOf(letter), parts, arrivedAt, thread: null }, knowledge);
}

const qq = `从QQ邮箱发来的超大附件

实验中学学期工作小结.doc (72.4M, 2025年5月2日 17:40 到期)
进入下载页面：http://mail.qq.example/cgi-bin/ftnExs_download?k=0a6f3461&t=exs_ftn_download&code=7b2d4a61`;
const netease = `从网易163邮箱发来的云附件
学期工作小结.rar (120.5M, 2025年5月16日 09:12 到期)
下载：https://dashi.163.example/html/cloud-attachment-download/?key=when%3Fdue`;
const from = "hejing@lab.edu.example";
const subject = "实验中学学期工作小结";

describe("a file that comes only as a link", () => {
  const cases: [string, Letter][] = [
    ["QQ", { from, subject, text: `小结照片多，只好用超大附件发了，见下面链接。\n\n${qq}` }],
    ["QQ with nothing else", { from, subject, text: qq }],
    ["QQ with thanks", { from, subject, text: `谢谢！\n\n${qq}` }],
    ["QQ, asked whether it came", { from, subject, text: `请问能收到吗？\n\n${qq}` }],
    ["163", { from, subject, text: `老师您好，小结请查收。\n${netease}` }],
    [
      "a transfer station",
      { from, subject, text: "见中转站 https://mail.voc.example/ftn/download?func=3&k=1" },
    ],
    ["a network drive", { from, subject, text: "链接: https://pan.baidu.example/s/1abcd 提取码: x7k2" }],
    [
      "covering words as long as a letter",
      {
        from,
        subject,
        text: `办公室各位老师：现将我校本学期工作小结报上，因为配了开放日和读书节的许多照片，文件比较大，邮箱不让直接发送，所以放在网盘里，麻烦老师下载以后告诉我们一声，辛苦各位老师了。\nhttps://pan.baidu.example/s/1abcd`,
      },
    ],
  ];
  test.each(cases)("%s: held with its own reason, kind and unit as the rest says", (_, letter) => {
    const got = read(letter);
    expect([got.outcome, got.reason]).toEqual(["held", "large-file-link"]);
    expect([got.type.value, got.unit.value]).toEqual(["term-review", "lab"]);
  });

  test("the file's name says what it is where the subject does not", () => {
    const got = read({ from, subject: "材料", text: qq });
    expect([got.reason, got.type.value]).toEqual(["large-file-link", "term-review"]);
    expect(got.submissions).toMatchObject([{ type: "term-review", unit: "lab", text: "" }]);
  });

  test("nothing known but the link is held for it all the same", () => {
    const got = read({ subject: "资料", text: "https://pan.baidu.example/s/1abcd" });
    expect([got.outcome, got.reason, got.unit.value]).toEqual(["held", "large-file-link", null]);
  });

  test("the only link stands in the HTML", () => {
    const mail = {
      ...mailOf({ from, subject, text: "小结见超大附件" }),
      html: '<a href="http://mail.qq.example/cgi-bin/ftnExs_download?k=1">进入下载页面</a>',
    };
    const got = understand({ mail, parts: [], arrivedAt: new Date(0), thread: null }, knowledge);
    expect(got.reason).toBe("large-file-link");
  });

  test("reminders know that the unit's paper may be there", () => {
    const got = read({ from: "nobody@qq.example", subject, text: qq });
    expect(guessedUnits(got.reason, "nobody@qq.example", got, schools)).toContain("lab");
  });
});

describe("a link beside something else", () => {
  const idea =
    "课间十分钟孩子们只能待在教室里。建议把走廊画上跳房子和棋盘，花钱不多，孩子们一下课就能玩起来。";
  const cases: [string, Letter, string | null][] = [
    [
      "an idea with photographs on a drive",
      { from, subject: "献策", text: `${idea}\n照片：https://pan.baidu.example/s/1` },
      null,
    ],
    [
      "an idea about large attachments",
      { from, subject: "献策", text: "建议学校邮箱支持超大附件，免得老师们用网盘传课件。" },
      null,
    ],
    [
      "an idea naming a page",
      { from, subject: "献策", text: `${idea}\n参考 http://news.example/when?due=1&who=2` },
      null,
    ],
    [
      "the paper is attached, the link is extra",
      {
        from,
        subject,
        text: `小结见附件，照片见下。\n${qq}`,
        attach: [
          {
            filename: "学期工作小结.doc",
            text: "江城市实验中学\n学期工作小结\n一、基本情况\n组织了教研活动，开展了读书节。\n二、主要做法\n召开了会议，完成了维修。\n江城市实验中学",
          },
        ],
      },
      null,
    ],
    [
      "history quoted below a question",
      {
        from,
        subject: `回复：${subject}`,
        text: `请问什么时候截止？\n\n------------------ 原始邮件 ------------------\n${qq}`,
      },
      "question",
    ],
  ];
  test.each(cases)("%s", (_, letter, reason) => expect(read(letter).reason).toBe(reason));
});

test.each([
  ["http://a.example/?when=due&who=你", " 你"],
  ["见www.lib.example/a，谢谢", "见 ，谢谢"],
  ["没有链接", "没有链接"],
])("%s without its links", (text, rest) => expect(withoutLinks(text)).toBe(rest));

test("words in an address ask, propose and name nothing", () => {
  const plain = read({ from, subject: "献策", text: "参见" });
  const linked = read({
    from,
    subject: "献策",
    text: "参见 http://lab.example/建议?deadline=when&submit=voc",
  });
  expect(linked.type.evidence.filter((one) => /deadline|submit/.test(one.words))).toEqual([]);
  expect([linked.type.value, linked.reason]).toEqual([plain.type.value, plain.reason]);
});

test("names of linked files are read with size and date behind them", () => {
  expect(linkedFilesIn(qq, "")).toEqual({ filenames: ["实验中学学期工作小结.doc"], byMailProgram: true });
  expect(linkedFilesIn("小结.doc 写好了", "")).toBeNull();
  expect(linkedFilesIn("支持ASP.NET 100MB 空间，有效期一年", "")).toBeNull();
  expect(linkedFilesIn("最大附件：10MB\n详情 http://host.example/", "")).toBeNull();
});

// Hosts as they are, under a domain that nobody owns: the rules go by what stands before and behind it.
test.each([
  "https://wx.mail.qq.example/ftn/download?func=3&key=a",
  "https://exmail.qq.example/cgi-bin/ftnExs_download?k=1",
  "http://fs.163.example/fs/display/?p=X&file=a",
  "https://mail.126.example/large-attachment-download/index.html?file=a",
  "https://mail.10086.example/largeAttach/a",
  "https://yun.baidu.example/s/1abc",
  "https://share.weiyun.example/abc",
  "https://cloud.189.example/t/abc",
  "https://caiyun.139.example/m/i?abc",
  "https://vdisk.weibo.example/s/abc",
  "https://www.kdocs.example/l/abc",
  "https://365.kdocs.example/l/abc",
  "https://share.wps.example/l/abc",
  "https://yun.wps.example/abc",
  "https://docs.qq.example/doc/abc",
  "https://shimo.example/docs/abc",
  "https://bureau.feishu.example/docx/abc",
  "https://www.123pan.example/s/abc",
  "https://115.example/s/abc",
  "https://www.wenshushu.example/f/abc",
])("a file left at %s came as a link", (link) => {
  expect(linkedFilesIn(`小结见 ${link}`, "")).not.toBeNull();
  expect(linkedFilesIn("小结见此处", `<p><a href="${link}">此处</a></p>`)).not.toBeNull();
});

test.each([
  "https://news.qq.example/a/20250401",
  "https://www.189.example/",
  "https://www.wps.example/",
  "https://mp.weixin.qq.example/s/abc",
  "https://docs.qq.example/form/page/abc",
  "https://www.feishu.example/",
])("a page like %s is no file", (link) => {
  expect(linkedFilesIn(`参见 ${link}`, `<a href="${link}">参见</a>`)).toBeNull();
});

test.each([
  ["gone, by name", "云附件\n小结.rar（已失效）", ["小结.rar"]],
  ["gone, and no more is said", "超大附件已过期", []],
  ["its size on the line below", "小结.doc\n大小：72.4MB  有效期至2025年5月1日\n下载", ["小结.doc"]],
  ["139", "您收到一个来自139邮箱的超大附件\n小结.doc 60M 2025-05-01到期", ["小结.doc"]],
  ["sina", "发送自新浪邮箱的超大附件：小结.doc（60MB）下载", ["小结.doc"]],
  ["announced by a mark", "[超大附件] 学期工作小结.zip", ["学期工作小结.zip"]],
])("a large file as other programs announce it: %s", (_, text, filenames) => {
  expect(linkedFilesIn(text, "")).toMatchObject({ filenames });
  expect(read({ from, subject, text }).reason).toBe("large-file-link");
});

test("163's block counts by itself, a template's style sheet that hides it does not", () => {
  expect(linkedFilesIn("", '<div id="divNeteaseBigAttach">小结.doc</div>')).not.toBeNull();
  const sheet = "<style>#divNeteaseBigAttach, #divNeteaseBigAttach_bak{display:none;}</style>";
  expect(linkedFilesIn("", sheet)).toBeNull();
});

test.each([
  "建议学校邮箱的超大附件：保存期限延长到一年",
  "小结.doc 已经写好，请查收",
  "材料清单：小结.doc、照片.zip 各一份，有效期一年",
])("words about files are no files: %s", (text) => expect(linkedFilesIn(text, "")).toBeNull());
