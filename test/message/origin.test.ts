// Person or machine, and who may be answered: the matrix of R40, and the people who look like machines.
import { Buffer } from "node:buffer";
import { expect, test } from "vitest";
import type { Mail, Origin } from "../../src/message/mail.ts";
import { mayAnswer, originOf } from "../../src/message/origin.ts";
import { parseMail } from "../../src/message/parse.ts";

const own = { addresses: new Set(["ideas@culture.example"]), messageIdDomain: "jinbox.culture.example" };

const idea = "建议延长图书馆开放时间，周末开放到晚上九点，方便上班的市民借书。";

interface Written {
  from?: string;
  subject?: string;
  fields?: string;
  text?: string;
  attached?: boolean;
}

function write({
  from = "Zhang <zhang@lib.example>",
  subject = "金点子",
  fields = "",
  text = idea,
  attached,
}: Written): Promise<Mail> {
  const head = `From: ${from}\r\nTo: ideas@culture.example\r\nSubject: ${subject}\r\n${fields}`;
  const type = "Content-Type: text/plain; charset=utf-8\r\n\r\n";
  const file = "Content-Type: application/msword\r\nContent-Disposition: attachment; filename=a.doc\r\n\r\nx";
  const body = attached
    ? `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n${type}${text}\r\n--b\r\n${file}\r\n--b--\r\n`
    : type + text;
  return parseMail(Buffer.from(head + body));
}

const report = (kind: string, part: string) =>
  `Content-Type: multipart/report; report-type=${kind}; boundary=r\r\n\r\n--r\r\nContent-Type: text/plain\r\n\r\nreport\r\n--r\r\n${part}\r\n--r--\r\n`;

const answer = "In-Reply-To: <1@jinbox.culture.example>\r\n";

const machines: [what: string, mail: Written, origin: Origin, where: string][] = [
  [
    "Auto-Submitted: auto-replied",
    { fields: "Auto-Submitted: auto-replied\r\n", text: "我不在" },
    "auto-reply",
    "header",
  ],
  [
    "Auto-Submitted with a parameter",
    { fields: "Auto-Submitted: auto-replied; owner-email=a@b.example\r\n" },
    "auto-reply",
    "header",
  ],
  ["X-Autoreply", { fields: "X-Autoreply: yes\r\n" }, "auto-reply", "header"],
  ["X-Autorespond", { fields: "X-Autorespond: Re\r\n" }, "auto-reply", "header"],
  ["X-QQ-AUTO-REPLY", { fields: "X-QQ-AUTO-REPLY: true\r\n" }, "auto-reply", "header"],
  ["Precedence: auto_reply", { fields: "Precedence: auto_reply\r\n" }, "auto-reply", "header"],
  [
    "an abuse report",
    { fields: report("feedback-report", "Content-Type: message/feedback-report\r\n\r\nx") },
    "auto-reply",
    "header",
  ],
  [
    "a QQ holiday reply",
    {
      subject: "自动回复: 回执",
      fields: answer,
      text: "这是来自QQ邮箱的假期自动回复邮件。\n \n你好，我最近正在休假中，无法亲自回复你的邮件。我将在假期结束后，尽快给你回复。",
    },
    "auto-reply",
    "subject",
  ],
  [
    "a 163 auto-reply",
    { subject: "自动回复:回执", text: "您好，您的邮件已收到，我会尽快回复。" },
    "auto-reply",
    "subject",
  ],
  [
    "a Chinese Exchange absence",
    { subject: "自动答复: 回执", fields: answer, text: "我在出差，下周一回来。" },
    "auto-reply",
    "subject",
  ],
  [
    "an English Exchange absence",
    { subject: "Automatic reply: Receipt", fields: answer, text: "I am out of the office until Monday." },
    "auto-reply",
    "subject",
  ],
  [
    "Out of Office with a null sender",
    { subject: "Out of Office: Receipt", fields: "Return-Path: <>\r\n", text: "Back on Monday." },
    "auto-reply",
    "subject",
  ],
  [
    "a rule's reply without title",
    { subject: "Re: 回执", fields: answer, text: "我正在休假，无法及时回复您的邮件，回来后尽快与您联系。" },
    "auto-reply",
    "body",
  ],
  [
    "a Foxmail rule that says so",
    { subject: "Re: 回执", fields: answer, text: "本邮件由系统自动回复，请勿直接回复。\n您的来信已收到。" },
    "auto-reply",
    "body",
  ],
  [
    "English, said outright",
    {
      subject: "Re: Receipt",
      fields: answer,
      text: "This is an automatic reply. I will read your mail next week.",
    },
    "auto-reply",
    "body",
  ],
  [
    "a delivery report",
    {
      fields: report(
        "delivery-status",
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\n",
      ),
    },
    "bounce",
    "header",
  ],
  [
    "MAILER-DAEMON",
    { from: "MAILER-DAEMON@mx.example", subject: "hello", text: "hello" },
    "bounce",
    "sender-address",
  ],
  [
    "a QQ bounce",
    {
      from: "PostMaster@qq.example",
      subject: "系统退信/Systems bounce",
      text: "抱歉，您的邮件被退回来了……\n收件人邮件地址（wang@qq.example）不存在，邮件无法送达。",
    },
    "bounce",
    "sender-address",
  ],
  [
    "an Exchange bounce",
    {
      from: "postmaster@corp.example",
      subject: "未送达: 提醒",
      text: "邮件未能送达以下收件人: wang@corp.example",
    },
    "bounce",
    "sender-address",
  ],
  [
    "a read receipt",
    {
      fields: report(
        "disposition-notification",
        "Content-Type: message/disposition-notification\r\n\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n",
      ),
    },
    "receipt",
    "header",
  ],
  [
    "a Foxmail read receipt",
    { subject: "已读: 提醒", text: "这是邮件收条，发给 wang@lib.example。\n您的邮件已被阅读。" },
    "receipt",
    "body",
  ],
  [
    "an Outlook read receipt without report",
    {
      subject: "Read: Reminder",
      text: "Your message\n\n To: Wang\n Subject: Reminder\n\nwas read on 26 November 2012.",
    },
    "receipt",
    "body",
  ],
  ["a mailing list", { fields: "List-Id: <all.culture.example>\r\n" }, "list", "header"],
  ["a newsletter", { fields: "List-Unsubscribe: <mailto:x@news.example>\r\n" }, "list", "header"],
  ["Precedence: list", { fields: "Precedence: list\r\n" }, "list", "header"],
  ["our own address", { from: "ideas@culture.example" }, "own", "sender-address"],
  [
    "our notice forwarded back",
    { fields: "Auto-Submitted: auto-generated\r\nMessage-ID: <a@jinbox.culture.example>\r\n" },
    "own",
    "header",
  ],
  [
    "a verification code",
    { from: "noreply@service.example", subject: "您的登录验证码", text: "123456" },
    "auto-reply",
    "sender-address",
  ],
  [
    "a title in brackets",
    { subject: "[自动回复] 回执", fields: answer, text: "我已离职，邮箱不再使用。" },
    "auto-reply",
    "subject",
  ],
  [
    "Outlook's absence",
    { subject: "外出时的自动回复: 回执", fields: answer, text: "我外出了" },
    "auto-reply",
    "subject",
  ],
  [
    "a remark in brackets",
    { subject: "Re: 回执", fields: answer, text: "邮件已收到，我会尽快给您答复。（自动回复）" },
    "auto-reply",
    "body",
  ],
  [
    "a receipt with its hour",
    { subject: "已读：提醒", text: "您发送给 王某 的邮件已于 2012年11月26日 被阅读。" },
    "receipt",
    "body",
  ],
];

test.each(machines)("%s is not a person", async (_what, written, origin, where) => {
  const result = originOf(await write(written), own);
  expect(result).toMatchObject({ origin, where });
  expect(result.words).not.toBe("");
});

const people: [what: string, mail: Written][] = [
  ["a plain idea", {}],
  [
    "an idea about auto-replies",
    {
      subject: "自动回复：让读者少等一天",
      text: `建议在市图书馆邮箱设置自动回复。${idea}现在读者来信要等三天才有答复，设置自动回复后可以立即告知办理时限，减少重复来信。`,
    },
  ],
  [
    "an idea titled like a phrase",
    { subject: "关于邮箱自动回复功能的建议", text: "建议全系统统一开通自动回复。" },
  ],
  [
    "an idea about bounces",
    { subject: "系统退信问题的建议", text: "群发邮件经常出现系统退信，建议清理通讯录。" },
  ],
  [
    "a question about a bounce",
    { subject: "退信了怎么办", text: "我昨天发的总结被退信了，无法投递，请问怎么办？" },
  ],
  [
    "somebody on leave who answers",
    { subject: "Re: 提醒", fields: answer, text: "我正在休假，总结下周一补交，请谅解。" },
  ],
  [
    "somebody on leave who submits",
    { subject: "Re: 提醒", fields: answer, text: "我在出差，无法当面报送，总结见附件。", attached: true },
  ],
  [
    "somebody who quotes an automatic reply",
    {
      subject: "Re: 自动回复",
      fields: answer,
      text: "单位写错了，应为文化馆。\n\n------------------ 原始邮件 ------------------\n这是一封自动回复邮件。",
    },
  ],
  ["a title that begins with Read", { subject: "Read: 全民阅读计划", text: idea }],
  ["Auto-Submitted: no", { fields: "Auto-Submitted: no\r\n" }],
  [
    "a submission from an unattended system",
    { from: "oa-noreply@lib.example", fields: "Auto-Submitted: auto-generated\r\n", attached: true },
  ],
  ["a form tool without attachment", { from: "noreply@form.example", subject: "金点子征集：新的提交" }],
  [
    "X-Auto-Response-Suppress: All, as Exchange puts on people's mail",
    { fields: "X-Auto-Response-Suppress: All\r\n" },
  ],
  [
    "a colleague whose Message-ID shares our domain",
    { fields: "Message-ID: <b@jinbox.culture.example>\r\n" },
  ],
  ["a member of the office whose address begins with post", { from: "postbox@lib.example" }],
  [
    "a promise in person",
    { subject: "Re: 回执", fields: answer, text: "已收到您的邮件，我们会尽快报送总结。" },
  ],
  ["somebody on leave with an idea", { text: "本人正在休假，无法到场，现把建议写下：图书馆周末延时开放。" }],
  ["an idea about an automaton", { text: "建议做一个微信机器人，系统自动回复读者的开馆时间。" }],
  [
    "English words that look alike",
    { subject: "Out of office hours opening", text: "Open the library out of office hours." },
  ],
];

test.each(people)("%s is a person's mail or read like one", async (_what, written) => {
  expect(originOf(await write(written), own).origin).toBe("person");
});

const unanswered: [what: string, mail: Written][] = [
  ["an empty Return-Path", { fields: "Return-Path: <>\r\n" }],
  ["Auto-Submitted: auto-generated", { fields: "Auto-Submitted: auto-generated\r\n", attached: true }],
  ["Auto-Submitted: auto-replied", { fields: "Auto-Submitted: auto-replied\r\n" }],
  ["multipart/report", { fields: report("other", "Content-Type: text/plain\r\n\r\nx") }],
  ["List-Id", { fields: "List-Id: <a.b.example>\r\n" }],
  ["List-Help", { fields: "List-Help: <mailto:a@b.example>\r\n" }],
  ["Precedence: bulk", { fields: "Precedence: bulk\r\n" }],
  ["Precedence: junk", { fields: "Precedence: Junk\r\n" }],
  ["Precedence: list", { fields: "Precedence: list\r\n" }],
  ["Precedence: auto_reply", { fields: "Precedence: auto_reply\r\n" }],
  ["X-Auto-Response-Suppress: All", { fields: "X-Auto-Response-Suppress: All\r\n" }],
  [
    "X-Auto-Response-Suppress: a list with AutoReply",
    { fields: "X-Auto-Response-Suppress: DR, RN, OOF, AutoReply\r\n" },
  ],
  ["X-Autoreply", { fields: "X-Autoreply: yes\r\n" }],
  ["X-Autorespond", { fields: "X-Autorespond: yes\r\n" }],
  ["X-MS-Exchange-Inbox-Rules-Loop", { fields: "X-MS-Exchange-Inbox-Rules-Loop: zhang@lib.example\r\n" }],
  ["X-Loop that names us", { fields: "X-Loop: ideas@culture.example\r\n" }],
  ["MAILER-DAEMON", { from: "MAILER-DAEMON@mx.example" }],
  ["postmaster", { from: "postmaster@lib.example" }],
  ["noreply", { from: "oa-noreply@lib.example" }],
  ["no-reply", { from: "no-reply@lib.example" }],
  ["owner-", { from: "owner-list@lib.example" }],
  ["-request", { from: "list-request@lib.example" }],
  ["our own address", { from: "ideas@culture.example" }],
  ["two senders", { from: "a@lib.example, b@lib.example" }],
  ["no sender", { from: "" }],
];

test.each(unanswered)("a mail with %s is never answered, and the log says why", async (_what, written) => {
  const mail = await write(written);
  const { may, why } = mayAnswer(mail, originOf(mail, own), own);
  expect(may).toBe(false);
  expect(why).not.toBe("");
  expect(why).not.toBeNull();
});

const answered: [what: string, mail: Written][] = [
  ["a plain idea", {}],
  ["Auto-Submitted: no", { fields: "Auto-Submitted: no\r\n" }],
  [
    "X-Auto-Response-Suppress: DR, which is about reports only",
    { fields: "X-Auto-Response-Suppress: DR, RN\r\n" },
  ],
  ["somebody else's X-Loop", { fields: "X-Loop: other@mail.example\r\n" }],
  ["Precedence: normal", { fields: "Precedence: normal\r\n" }],
  ["a full Return-Path", { fields: "Return-Path: <zhang@lib.example>\r\n" }],
];

test.each(answered)("a mail with %s may be answered", async (_what, written) => {
  const mail = await write(written);
  expect(mayAnswer(mail, originOf(mail, own), own)).toEqual({ may: true, why: null });
});
