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

/** The form of noticeMessageId; nobody else's at the domain. */
const notice = `<jinbox.${"0f".repeat(16)}@jinbox.culture.example>`;

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
    { fields: `Auto-Submitted: auto-generated\r\nMessage-ID: ${notice}\r\n` },
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
  [
    "our notice that a forwarding rule gave another Message-ID",
    { fields: "Auto-Submitted: auto-generated\r\nX-Loop: ideas@culture.example\r\n" },
    "own",
    "header",
  ],
  [
    "a colleague's absence whose Message-ID shares our domain",
    {
      subject: "自动答复: 提醒",
      fields: `Auto-Submitted: auto-replied\r\nMessage-ID: <a.1@jinbox.culture.example>\r\n`,
      text: "学习期间不便处理邮件。",
    },
    "auto-reply",
    "header",
  ],
  [
    "Outlook's read receipt in Chinese",
    {
      subject: "已读: 提醒",
      text: "您的邮件\n\n    收件人: 王某\n    主题: 提醒\n    发送时间: 2012/12/6 8:30\n\n已于 2012/12/6 11:30 阅读。",
    },
    "receipt",
    "body",
  ],
  [
    "what is deleted unread",
    { subject: "未读: 提醒", text: "您的邮件\n\n  收件人: 王某\n\n未阅读即被删除，时间 2012/12/6 11:30。" },
    "receipt",
    "body",
  ],
  [
    "a receipt under a subject of its own",
    { subject: "您的邮件已被阅读", text: "您于12月6日发送的邮件《提醒》已被收件人阅读。" },
    "receipt",
    "body",
  ],
  [
    "a receipt that answers",
    { subject: "Re: 提醒", fields: answer, text: "收件人王某已于12月6日10:02阅读了您的邮件。" },
    "receipt",
    "body",
  ],
  [
    "a delivery receipt",
    { subject: "已送达: 提醒", text: "您的邮件已送达以下收件人：wang@corp.example" },
    "receipt",
    "body",
  ],
  [
    "a standing answer with the words the other way round",
    { subject: "Re: 提醒", fields: answer, text: "您好！您的来信我已收到，我会尽快给您回复！" },
    "auto-reply",
    "body",
  ],
  [
    "an absence under no known title from the null sender",
    { subject: "答复: 提醒", fields: "Return-Path: <>\r\n", text: "我在外地开会，3日返回。" },
    "auto-reply",
    "header",
  ],
  [
    "a chat program's notice",
    {
      from: "no-reply@chat.example",
      subject: "您有一条新的审批",
      text: "您有一条新的审批待处理，请登录查看。",
    },
    "auto-reply",
    "sender-address",
  ],
  [
    "a calendar's notice from an attended address",
    {
      from: "rili@chat.example",
      subject: "日程提醒：周例会",
      text: "您有一个日程即将开始：周例会。本邮件由系统自动发出，请勿直接回复。",
    },
    "auto-reply",
    "body",
  ],
  [
    "a help desk's ticket",
    { subject: "工单 1234", fields: "Auto-Submitted: auto-generated\r\n", text: "您的请求已受理。" },
    "auto-reply",
    "header",
  ],
  [
    "a returned mail from an address of no name",
    { from: "kefu@mx.example", subject: "系统退信", text: "抱歉，您的邮件未能投递到 wang@corp.example。" },
    "bounce",
    "subject",
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
  [
    "a report under the footer of the office system it was sent through",
    { subject: "一季度总结", text: "我馆一季度借阅三万册。\n\n本邮件由OA系统自动发送，请勿直接回复。" },
  ],
  ["an idea under such a footer", { text: `${idea}您有空请登录读者系统看看。\n此邮件为系统自动发送。` }],
  ["who comes to a meeting", { subject: "回执：动员会", text: "我单位参会人员：王敏、李强。" }],
  [
    "somebody who has read our mail",
    { subject: "Re: 提醒", fields: answer, text: "您的邮件已阅，我馆月底前一定报到。" },
  ],
  [
    "somebody who speaks of his own auto-reply",
    {
      subject: "Re: 自动回复：提醒",
      fields: answer,
      text: "昨天那封是邮箱的自动回复，不用理会，材料已另发。",
    },
  ],
  [
    "somebody on leave who names a deputy",
    { subject: "Re: 提醒", fields: answer, text: "我正在休产假，材料由李强负责，以后请联系他。" },
  ],
  ["a title about unread mail", { subject: "未读：群发邮件没人看", text: "建议统计未读人数，打电话提醒。" }],
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
