// The whole of R40 as systems write it: what each mail is, whether what it holds is filed, and whether anybody is answered.
import { Buffer } from "node:buffer";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadCampaign } from "../../src/campaign/load.ts";
import type { Origin } from "../../src/message/mail.ts";
import { parseMail } from "../../src/message/parse.ts";
import { answer } from "../../src/notice/wording/acknowledgement.ts";
import { prepare } from "../../src/understand/knowledge.ts";
import { understand } from "../../src/understand/understand.ts";

const { campaign } = loadCampaign(join(import.meta.dirname, "../../config/campaign.yaml"));
const knowledge = prepare(campaign);
const us = campaign.mailbox.address;
const domain = us.slice(us.indexOf("@") + 1);
const ours = `<jinbox.${"0f".repeat(16)}@${domain}>`;
const reply = `In-Reply-To: ${ours}\n`;
const idea = "我是市图书馆职工。建议在一楼大厅增设自助借还点，晚间不闭，方便下班的读者。";
const encoded = (words: string) => `=?utf-8?B?${Buffer.from(words).toString("base64")}?=`;

interface Written {
  from?: string;
  subject?: string;
  fields?: string;
  text?: string;
  /** Instead of text/plain. */
  body?: string;
}

function write({
  from = "zhang@lib.culture.example",
  subject = "金点子：自助借还点",
  fields = "",
  text = idea,
  body,
}: Written) {
  const head = `From: ${from}\nTo: ${us}\n${fields.includes("Message-ID") ? "" : "Message-ID: <m@lib.culture.example>\n"}Subject: ${encoded(subject)}\nMIME-Version: 1.0\n${fields}`;
  return Buffer.from(
    `${head}${body ?? `Content-Type: text/plain; charset=utf-8\n\n${text}`}`.replaceAll("\n", "\r\n"),
  );
}

const report = (type: string, kind: string, part: string) =>
  `Content-Type: multipart/report; report-type=${type}; boundary=r\n\n--r\nContent-Type: text/plain; charset=utf-8\n\n说明\n--r\nContent-Type: ${kind}\n\n${part}\n--r--\n`;
const failed =
  "Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n";
const displayed =
  "Final-Recipient: rfc822; a@b.example\nDisposition: manual-action/MDN-sent-manually; displayed\n";
const calendar = (method: string) =>
  `Content-Type: multipart/alternative; boundary=c\n\n--c\nContent-Type: text/plain; charset=utf-8\n\n\n--c\nContent-Type: text/calendar; method=${method}; charset=utf-8\n\nBEGIN:VCALENDAR\nMETHOD:${method}\nEND:VCALENDAR\n--c--\n`;

type Row = [what: string, mail: Written, origin: Origin, isFiled: boolean, isAnswered: boolean];
const person = (what: string, mail: Written): Row => [what, mail, "person", true, true];
const unanswered = (what: string, mail: Written): Row => [what, mail, "person", true, false];
const machine =
  (origin: Origin) =>
  (what: string, mail: Written): Row => [what, mail, origin, false, false];
const automatic = machine("auto-reply");
const bounce = machine("bounce");
const receipt = machine("receipt");

const rows: Row[] = [
  // people, and what looks like a mark and is none
  person("nothing special", {}),
  person("Auto-Submitted: no", { fields: "Auto-Submitted: no\n" }),
  person("Auto-Submitted: NO with a comment", { fields: "Auto-Submitted: No (a person wrote this)\n" }),
  person("X-Auto-Response-Suppress: None", { fields: "X-Auto-Response-Suppress: None\n" }),
  person("X-Auto-Response-Suppress: DR, NDR, RN, NRN", {
    fields: "X-Auto-Response-Suppress: DR, NDR, RN, NRN\n",
  }),
  person("X-Auto-Response-Suppress: OOF, which we do not send", {
    fields: "X-Auto-Response-Suppress: OOF\n",
  }),
  person("Precedence: first-class", { fields: "Precedence: first-class\n" }),
  person("X-Loop of somebody else", { fields: "X-Loop: postbox@other.example\n" }),
  person("Feedback-ID, as bulk services write on any mail", { fields: "Feedback-ID: 1:camp:user:mailer\n" }),
  person("a Return-Path of its own", { fields: "Return-Path: <zhang@lib.culture.example>\n" }),
  person("a request for a receipt", { fields: "Disposition-Notification-To: zhang@lib.culture.example\n" }),
  person("a request for a receipt, as Outlook and Notes write it", {
    fields: "Return-Receipt-To: zhang@lib.culture.example\nX-Confirm-Reading-To: zhang@lib.culture.example\n",
  }),
  person("X-Autoreply: no", { fields: "X-Autoreply: no\n" }),
  // to be filed and not to be answered
  unanswered("an empty Return-Path", { fields: "Return-Path: <>\n" }),
  unanswered("Auto-Submitted: auto-generated", {
    from: "oa@lib.culture.example",
    fields: "Auto-Submitted: auto-generated\n",
  }),
  unanswered("Auto-Submitted: auto-generated with a parameter", {
    fields: "Auto-Submitted: auto-generated; owner-token=af1\n",
  }),
  unanswered("Auto-Submitted folded, with a comment before", {
    fields: "Auto-Submitted:\n (by the OA system) auto-generated\n",
  }),
  unanswered("Auto-Submitted of a kind nobody knows", { fields: "Auto-Submitted: auto-forwarded\n" }),
  unanswered("Precedence: bulk", { fields: "Precedence: bulk\n" }),
  unanswered("Precedence: JUNK", { fields: "Precedence: JUNK\n" }),
  unanswered("X-Precedence: bulk", { fields: "X-Precedence: bulk\n" }),
  unanswered("X-Auto-Response-Suppress: All", { fields: "X-Auto-Response-Suppress: All\n" }),
  unanswered("X-Auto-Response-Suppress: DR, RN, NRN, OOF, AutoReply", {
    fields: "X-Auto-Response-Suppress: DR, RN, NRN, OOF, AutoReply\n",
  }),
  unanswered("X-Auto-Response-Suppress: autoreply alone, twice the field", {
    fields: "X-Auto-Response-Suppress: DR\nX-Auto-Response-Suppress: autoreply\n",
  }),
  unanswered("X-MS-Exchange-Inbox-Rules-Loop", {
    fields: "X-MS-Exchange-Inbox-Rules-Loop: zhang@lib.culture.example\n",
  }),
  unanswered("X-Autogenerated", { fields: "X-Autogenerated: Reply\n" }),
  unanswered("noreply@", { from: "noreply@lib.culture.example" }),
  unanswered("oa-no-reply@", { from: "oa-no-reply@lib.culture.example" }),
  unanswered("do_not_reply@", { from: "do_not_reply@lib.culture.example" }),
  unanswered("donotreply@", { from: "DoNotReply@lib.culture.example" }),
  unanswered("a Chinese system's noreply, in its display name only", {
    from: `${encoded("系统邮件（请勿回复）")} <oa-service@lib.culture.example>`,
  }),
  unanswered("bounce-handling address", { from: "bounces+17@lib.culture.example" }),
  unanswered("owner-", { from: "owner-all@lib.culture.example" }),
  unanswered("-request@", { from: "all-request@lib.culture.example" }),
  unanswered("postmaster, with an idea", { from: "postmaster@lib.culture.example" }),
  unanswered("a Return-Path nobody reads", { fields: "Return-Path: <noreply@oa.example>\n" }),
  ["List-Id", { fields: "List-Id: <all.culture.example>\n" }, "list", true, false],
  ["List-Post", { fields: "List-Post: <mailto:all@culture.example>\n" }, "list", true, false],
  ["List-Unsubscribe", { fields: "List-Unsubscribe: <mailto:out@culture.example>\n" }, "list", true, false],
  ["List-Help", { fields: "List-Help: <mailto:help@culture.example>\n" }, "list", true, false],
  ["List-Owner", { fields: "List-Owner: <mailto:owner@culture.example>\n" }, "list", true, false],
  ["List-Archive", { fields: "List-Archive: <https://lists.culture.example>\n" }, "list", true, false],
  ["Precedence: list", { fields: "Precedence: list\n" }, "list", true, false],
  ["Mailing-List", { fields: "Mailing-List: contact all-help@culture.example\n" }, "list", true, false],
  // machines that answer
  automatic("Auto-Submitted: auto-replied", {
    subject: "自动回复: 提醒",
    fields: `${reply}Auto-Submitted: auto-replied\n`,
    text: "我不在。",
  }),
  automatic("Auto-Submitted: auto-replied (vacation)", {
    subject: "Re: 提醒",
    fields: `${reply}Auto-Submitted: auto-replied (vacation)\n`,
    text: "我不在。",
  }),
  automatic("Auto-Submitted: auto-notified", {
    subject: "提醒",
    fields: 'Auto-Submitted: auto-notified; owner-email="zhang@lib.culture.example"\n',
    text: "有新邮件。",
  }),
  automatic("X-Autoreply: yes", {
    subject: "Re: 提醒",
    fields: `${reply}X-Autoreply: yes\n`,
    text: "我不在。",
  }),
  automatic("X-Autorespond", {
    subject: "Re: 提醒",
    fields: `${reply}X-Autorespond: 提醒\n`,
    text: "我不在。",
  }),
  automatic("Precedence: auto_reply", {
    subject: "Re: 提醒",
    fields: `${reply}Precedence: auto_reply\n`,
    text: "我不在。",
  }),
  automatic("QQ", {
    subject: "自动回复: 提醒",
    fields: reply,
    text: "这是来自QQ邮箱的假期自动回复邮件。\n\n您好，我最近正在休假中，无法亲自回复您的邮件。我将在假期结束后，尽快给您回复。",
  }),
  automatic("163", { subject: "自动回复:提醒", text: "您好，您的邮件我已经收到，会尽快回复您。" }),
  automatic("Outlook in Chinese", {
    subject: "自动答复: 提醒",
    fields: `${reply}X-Auto-Response-Suppress: All\n`,
    text: "我现在不在办公室，12月30日返回。急事请联系李强。",
  }),
  automatic("Outlook of before 2010", {
    subject: "外出: 提醒",
    fields: reply,
    text: "我外出，无法及时回复邮件。",
  }),
  automatic("Foxmail's rule", {
    subject: "Re: 提醒",
    fields: reply,
    text: "您好：\n您的来信已经收到，我会尽快给您回复。\n（本邮件由Foxmail自动回复）",
  }),
  automatic("钉钉", {
    subject: "自动回复：提醒",
    fields: reply,
    text: "我正在休假，暂时无法处理邮件，紧急事宜请钉钉联系。",
  }),
  automatic("企业微信", {
    subject: "自动回复：提醒",
    fields: reply,
    text: "你好，我正在出差，邮件可能无法及时回复，急事请在企业微信联系我。",
  }),
  automatic("an absence in the null sender's name", {
    subject: "答复: 提醒",
    fields: `${reply}Return-Path: <>\n`,
    text: "外出学习，12月30日返回。",
  }),
  automatic("an abuse report", {
    subject: "Abuse report",
    body: report("feedback-report", "message/feedback-report", "Feedback-Type: abuse\n"),
  }),
  // returned mail
  bounce("a delivery report", {
    from: "MAILER-DAEMON@mx.example",
    subject: "Undelivered Mail Returned to Sender",
    body: report("delivery-status", "message/delivery-status", failed),
  }),
  bounce("Exchange's report without Auto-Submitted", {
    from: "postmaster@lib.culture.example",
    subject: "未传递: 提醒",
    body: report("delivery-status", "message/delivery-status", failed),
  }),
  bounce("a delayed one", {
    from: "postmaster@lib.culture.example",
    subject: "传递延迟: 提醒",
    body: report(
      "delivery-status",
      "message/delivery-status",
      failed.replace("failed", "delayed").replace("5.1.1", "4.4.7"),
    ),
  }),
  bounce("X-Failed-Recipients", {
    from: "mailer-daemon@mx.example",
    subject: "Mail delivery failed",
    fields: "X-Failed-Recipients: a@b.example\n",
    text: "A message that you sent could not be delivered.",
  }),
  bounce("QQ's", {
    from: "PostMaster@qq.example",
    subject: "系统退信/Systems bounce",
    text: "抱歉，您的邮件被退回来了……\n收件人邮件地址（a@b.example）不存在，邮件无法送达。",
  }),
  bounce("MAILER-DAEMON, whatever it says", {
    from: "MAILER-DAEMON@mx.example",
    subject: "hello",
    text: "hello",
  }),
  // receipts
  receipt("an MDN", {
    subject: "已读: 提醒",
    body: report("disposition-notification", "message/disposition-notification", displayed),
  }),
  receipt("an MDN: deleted unread", {
    subject: "未读: 提醒",
    body: report(
      "disposition-notification",
      "message/disposition-notification",
      displayed.replace("displayed", "deleted"),
    ),
  }),
  receipt("QQ's", {
    subject: "已读: 提醒",
    fields: reply,
    text: "您的邮件《提醒》已于2012年12月6日 10:02被收件人阅读。",
  }),
  receipt("163's", {
    subject: "已读回执：提醒",
    fields: reply,
    text: "这是邮件收条，您发给 zhang@lib.culture.example 的邮件已被阅读。",
  }),
  receipt("Outlook's in Chinese", {
    subject: "已读: 提醒",
    fields: reply,
    text: "您的邮件\n\n    收件人: 张某\n    主题: 提醒\n    发送时间: 2012/12/6 8:30\n\n已于 2012/12/6 11:30 阅读。",
  }),
  // ourselves
  ["our own address", { from: us }, "own", false, false],
  [
    "our notice come round again",
    { fields: `Auto-Submitted: auto-generated\nX-Loop: ${us}\n` },
    "own",
    false,
    false,
  ],
  [
    "our notice under its own Message-ID",
    { fields: `Auto-Submitted: auto-replied\nMessage-ID: ${ours}\n` },
    "own",
    false,
    false,
  ],
  [
    "our notice with every mark stripped but its Message-ID",
    { fields: `Message-ID: ${ours}\n` },
    "own",
    false,
    false,
  ],
  ["X-Loop that names us, on a person's mail", { fields: `X-Loop: ${us}\n` }, "person", false, false],
  person("a reply whose References name our notice", {
    subject: "Re: 提醒",
    fields: `References: <a@b.example> ${ours}\n`,
  }),
  person("a hundred servers", {
    fields: "Received: from a by b; Mon, 23 Nov 2026 10:00:00 +0800\n".repeat(100),
  }),
  [
    "a hundred and one",
    { fields: "Received: from a by b; Mon, 23 Nov 2026 10:00:00 +0800\n".repeat(101) },
    "person",
    false,
    false,
  ],
  // calendars
  automatic("an accepted invitation", { subject: "已接受: 动员会", fields: reply, body: calendar("REPLY") }),
  automatic("a declined invitation", { subject: "Declined: Meeting", body: calendar("REPLY") }),
];

test.each(rows)("%s", async (_what, written, origin, isFiled, isAnswered) => {
  const mail = await parseMail(write(written));
  const arrivedAt = new Date("2012-11-23T02:00:00Z");
  const understanding = understand({ mail, parts: [], arrivedAt, thread: null }, knowledge);
  const facts = { mail, understanding, parts: [], arrivedAt, messageId: 1, submissions: [], corrected: [] };
  const notice = await answer({ ...facts, duplicateOf: null }, campaign);
  expect({
    origin: understanding.origin,
    isFiled: understanding.outcome === "filed",
    isAnswered: notice !== null,
  }).toEqual({
    origin,
    isFiled,
    isAnswered,
  });
});
