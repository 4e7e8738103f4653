// What a person newly wrote, under the quoting habits of the clients in use.
import { expect, test } from "vitest";
import { htmlText } from "../../src/message/html.ts";
import { newTextOf } from "../../src/message/reply.ts";
import { cpuMilliseconds } from "../support/cpu.ts";

const answer = "单位写错了，应为文化馆。";
const history = "您好，您的金点子已收到，编号 WHXDH-0042。";

const clients: [client: string, mail: string][] = [
  [
    "QQ",
    `${answer}\n\n\n------------------ 原始邮件 ------------------\n发件人: "大讨论办公室"<ideas@culture.example>;\n发送时间: 2012年11月26日(星期一) 上午9:00\n收件人: "张某"<zhang@lib.example>;\n主题: 回执\n\n${history}`,
  ],
  [
    "QQ with no-break spaces",
    `${answer}\n\n------------------\u00A0原始邮件\u00A0------------------\n${history}`,
  ],
  ["QQ on a phone", `${answer}\n\n---原始邮件---\n发件人: "办公室"<ideas@culture.example>\n${history}`],
  [
    "163",
    `${answer}\n\n\n\n\n\n在 2012-11-26 09:00:00，"大讨论办公室" <ideas@culture.example> 写道：\n${history}`,
  ],
  ["163 with marks", `${answer}\n\n在 2012-11-26 09:00:00，ideas@culture.example 写道：\n> ${history}\n>\n`],
  [
    "163 in English",
    `${answer}\n\nAt 2012-11-26 09:00:00, "Office" <ideas@culture.example> wrote:\n${history}`,
  ],
  [
    "Alibaba and DingTalk mail",
    `${answer}\n${"-".repeat(66)}\n发件人：办公室 <ideas@culture.example>\n日　期：2012年11月26日 09:00:00\n收件人：office<office@culture.example>\n主　题：简报\n\n${history}`,
  ],
  [
    "163 of today",
    `${answer}\n\n---- 回复的原邮件 ----\n| 发件人 | 办公室<ideas@culture.example> |\n| 发送日期 | 2012年11月26日 09:00 |\n${history}`,
  ],
  [
    "Outlook in Chinese",
    `${answer}\n\n________________________________\n发件人: 办公室 <ideas@culture.example>\n发送时间: 2012年11月26日 9:00\n收件人: 张某\n主题: 回执\n\n${history}`,
  ],
  [
    "Outlook in Chinese with a title",
    `${answer}\n\n-----邮件原件-----\n发件人: 办公室\n发送时间: 2012年11月26日 9:00\n收件人: 张某\n主题: 回执\n\n${history}`,
  ],
  [
    "Outlook in English",
    `${answer}\n\nFrom: Office <ideas@culture.example>\nSent: Monday, November 26, 2012 9:00 AM\nTo: Zhang\nSubject: Receipt\n\n${history}`,
  ],
  [
    "Outlook in English with a title",
    `${answer}\n\n-----Original Message-----\nFrom: Office\nSent: Monday\n\n${history}`,
  ],
  [
    "Foxmail",
    `${answer}\n\n\n \n发件人： 办公室\n发送时间： 2012-11-26 09:00\n收件人： zhang\n主题： 回执\n${history}`,
  ],
  [
    "Gmail in Chinese",
    `${answer}\n\n办公室 <ideas@culture.example> 于2012年11月26日周一 09:00写道：\n\n> ${history}\n`,
  ],
  [
    "Gmail in English, attribution on two lines",
    `${answer}\n\nOn Mon, Nov 26, 2012 at 9:00 AM, Campaign Office of the Bureau <\nideas@culture.example> wrote:\n\n> ${history}\n`,
  ],
  [
    "Apple Mail in Chinese",
    `${answer}\n\n> 在 2012年11月26日，上午9:00，办公室 <ideas@culture.example> 写道：\n> \n> ${history}`,
  ],
  ["Apple Mail, older", `${answer}\n\n在 2012-11-26，上午9:00， 办公室 写道：\n\n> ${history}`],
  [
    "139",
    `${answer}\n\n----邮件原文----发件人："办公室" <ideas@culture.example>收件人：zhang 发送时间：2012-11-26\n${history}`,
  ],
  ["Apple Mail that forwards", `${answer}\n\n开始转发的邮件：\n\n发件人: 办公室\n${history}`],
  [
    "Hotmail, the sender third",
    `${answer}\n\nDate: Thu, 26 Nov 2012 13:53:45 +0800\nSubject: Receipt\nFrom: ideas@culture.example\nTo: zhang@lib.example\n\n${history}`,
  ],
  [
    "a client in a language unknown to us",
    `${answer}\n\nThu, 26 Nov 2012 14:00:51 +0800 Úrad <ideas@culture.example> napisao je:\n${history}`,
  ],
  [
    "a phone",
    `${answer}\n\n发自我的iPhone\n\n在 2012年11月26日，上午9:00，办公室 <ideas@culture.example> 写道：\n\n﻿${history}`,
  ],
];

test.each(clients)("history quoted by %s is not the sender's new text", (_client, mail) => {
  const { text, quoted } = newTextOf(mail);
  expect(text).toBe(answer);
  expect(quoted).toContain("WHXDH-0042");
});

const pages: [client: string, html: string][] = [
  [
    "Gmail in a language unknown to us",
    `<div>${answer}</div><div class="gmail_quote"><div class="gmail_attr">Dňa po 26. 11. 2012 Úrad:<br></div><blockquote class="gmail_quote" style="margin:0">${history}<br>二</blockquote></div>`,
  ],
  ["163", `<div>${answer}</div><div id="isReplyContent">${history}<p>二</p></div>`],
  [
    "Apple Mail",
    `<div>${answer}</div><blockquote type="cite"><div>${history}</div><div>二</div></blockquote>`,
  ],
  ["QQ", `<div>${answer}</div><blockquote style="border-left:2px solid #ccc">${history}<br>二</blockquote>`],
  ["a client that closes nothing", `${answer}<blockquote type="cite">${history}<p>二`],
];

test.each(pages)("history quoted in a page of %s is not the sender's new text", (_client, html) => {
  const { text, quoted } = newTextOf(htmlText(html));
  expect(text).toBe(answer);
  expect(quoted).toContain("WHXDH-0042");
  expect(quoted).toContain("二");
});

test("an answer below and between quotations of a page is kept, and so is what is only set in", () => {
  const between = `<blockquote type="cite">单位是图书馆吗？</blockquote>是文化馆。<blockquote type="cite">题目对吗？</blockquote>对的。`;
  expect(newTextOf(htmlText(between)).text.replace(/\n+/g, "\n")).toBe("是文化馆。\n对的。");
  const setIn = `<p>建议如下：</p><blockquote style="margin:0 0 0 40px">${answer}</blockquote>`;
  expect(newTextOf(htmlText(setIn)).text).toContain(answer);
});

test("a mail passed on inside a page's quotation keeps its fields where they are looked for", () => {
  const html = `<div class="gmail_quote">---------- Forwarded message ---------<br>发件人：张某 &lt;zhang@lib.example&gt;<br>主题：金点子<br><br>${answer}</div>`;
  expect(htmlText(html)).not.toContain("> ");
});

test("answers between and below marked lines are kept", () => {
  const mail = `On Mon, Nov 26, 2012 at 9:00 AM, Office <ideas@culture.example> wrote:\n> 单位是图书馆吗？\n是文化馆。\n> 题目对吗？\n对的。`;
  expect(newTextOf(mail).text).toBe("是文化馆。\n对的。");
});

const prose: [what: string, mail: string][] = [
  ["a sentence that quotes a book", "鲁迅先生在书中写道：\n其实地上本没有路，走的人多了，也便成了路。"],
  ["a year and a quotation", "2008年，他在文章中写道：\n文化是民族的血脉。"],
  [
    "an idea from the heart",
    "这是一条\n发自内心的建议，请采纳\n来自读者的邮件越来越多\n从我的手机里看到的情况也是这样",
  ],
  ["a single field-like line", "发件人：请写明单位。\n收到后会登记。"],
  ["a subtitle after dashes", "关于数字图书馆的建议\n——让书走近市民\n\n正文第一段。"],
  [
    "numbered measures after a rule",
    "建议如下：\n----------\n一、延长开放时间。\n二、增设还书箱。\n三、开展讲座。",
  ],
];

test.each(prose)("%s is not taken for history or a signature", (_what, mail) => {
  expect(newTextOf(mail)).toEqual({ text: mail, quoted: "", signature: "" });
});

const signatures: [what: string, mail: string, signature: string][] = [
  ["the standard delimiter", `${answer}\n\n-- \n张某\n市图书馆办公室`, "--\n张某\n市图书馆办公室"],
  [
    "a rule of dashes",
    `${answer}\n\n----------\n张某 市图书馆\n电话：0519-55550123`,
    "----------\n张某 市图书馆\n电话：0519-55550123",
  ],
  ["Chinese dashes", `${answer}\n——\n张某\n市图书馆`, "——\n张某\n市图书馆"],
  [
    "name, unit and telephone in a last paragraph",
    `${answer}\n\n张某\n市图书馆\nTel: 0519-55550123`,
    "张某\n市图书馆\nTel: 0519-55550123",
  ],
  ["a phone's line", `${answer}\n\n发自我的 iPhone`, "发自我的 iPhone"],
  ["a mailer's line", `${answer}\n\n发自QQ邮箱手机版`, "发自QQ邮箱手机版"],
  ["the line of a brand", `${answer}\n\n来自我的华为手机`, "来自我的华为手机"],
  ["the line of a mail program", `${answer}\n\n发送自 Windows 10 版邮件应用`, "发送自 Windows 10 版邮件应用"],
  ["the line of 163 on phones", `${answer}\n\n发自网易邮箱大师`, "发自网易邮箱大师"],
  ["an English phone's line", `${answer}\n\nSent from my iPhone`, "Sent from my iPhone"],
];

test.each(signatures)("%s sets the signature apart", (_what, mail, signature) => {
  expect(newTextOf(mail)).toMatchObject({ text: answer, signature });
});

const closings: [what: string, mail: string][] = [
  ["unit and date", "现将总结报送如下。\n\n市图书馆\n2012年12月10日"],
  ["unit and date in Chinese numerals", "特此报告。\n\n市博物馆\n二〇一二年十二月十日"],
  ["unit and date below a rule", "特此报告。\n\n----------\n市博物馆\n2012年12月10日"],
  ["a form somebody filled in", "建议延长开放时间。\n\n姓名：张某\n单位：市图书馆\n电话：0519-55550123"],
  ["a name alone", "建议延长开放时间。\n\n市图书馆 张某"],
];

test.each(closings)("closing lines stay in the text: %s", (_what, mail) => {
  expect(newTextOf(mail)).toEqual({ text: mail, quoted: "", signature: "" });
});

test("a forwarded mail is history, so that its words are never taken for the forwarder's", () => {
  const mail =
    "---------- 转发的邮件 ----------\n发件人：张某 <zhang@lib.example>\n主题：金点子\n\n建议延长开放时间。";
  expect(newTextOf(mail)).toMatchObject({ text: "", signature: "" });
  expect(newTextOf(mail).quoted).toContain("建议延长开放时间。");
});

test("long and hostile texts are read in time", () => {
  const texts = [
    "> ".repeat(200_000),
    "-".repeat(400_000),
    `${"发件人: a\n".repeat(40_000)}`,
    `${"On 2012-11-26 <".repeat(30_000)}`,
    `${"在 2012-11-26 09:00\n".repeat(20_000)}`,
    `${"a@".repeat(200_000)}`,
    " \n".repeat(200_000),
  ];
  for (const text of texts) {
    expect(cpuMilliseconds(() => newTextOf(text))).toBeLessThan(1500);
  }
});
