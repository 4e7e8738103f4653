// What came back: RFC 3464 reports and the prose of the mail systems in use.
import { Buffer } from "node:buffer";
import { expect, test } from "vitest";
import type { BounceReport } from "../../src/message/mail.ts";
import { parseMail } from "../../src/message/parse.ts";

const id = "<reminder-1@jinbox.culture.example>";
const returned = `From: ideas@culture.example\r\nTo: wang@lib.example\r\nSubject: reminder\r\nMessage-ID: ${id}\r\n\r\ntext`;

function report(status: string, copy = `Content-Type: message/rfc822\r\n\r\n${returned}`): string {
  return (
    "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nTo: ideas@culture.example\r\nSubject: Undelivered\r\n" +
    "Content-Type: multipart/report; report-type=delivery-status; boundary=r\r\n\r\n" +
    "--r\r\nContent-Type: text/plain\r\n\r\nI am sorry.\r\n" +
    `--r\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n${status}\r\n--r\r\n${copy}\r\n--r--\r\n`
  );
}

function prose(from: string, subject: string, text: string, fields = ""): string {
  return `From: ${from}\r\nTo: ideas@culture.example\r\nSubject: ${subject}\r\n${fields}Content-Type: text/plain; charset=utf-8\r\n\r\n${text}`;
}

const failed =
  "Final-Recipient: rfc822; wang@lib.example\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\r\n";

const reports: [what: string, raw: string, expected: Partial<BounceReport>][] = [
  [
    "a failure",
    report(failed),
    {
      action: "failed",
      recipients: ["wang@lib.example"],
      status: "5.1.1",
      diagnostic: "550 5.1.1 User unknown",
      originalMessageId: id,
    },
  ],
  [
    "a delay, which is no failure",
    report(failed.replace("failed", "delayed").replace("5.1.1", "4.4.1")),
    { action: "delayed", status: "4.4.1" },
  ],
  [
    "a delivery",
    report(failed.replace("failed", "relayed").replaceAll("5.1.1", "2.0.0")),
    { action: "delivered" },
  ],
  [
    "a missing action with a temporary status",
    report("Final-Recipient: rfc822; wang@lib.example\r\nStatus: 4.2.2\r\n"),
    { action: "delayed" },
  ],
  [
    "the address we wrote to, where it was forwarded",
    report(
      `Original-Recipient: rfc822; wang@lib.example\r\nFinal-Recipient: rfc822; w@other.example\r\nAction: failed\r\nStatus: 5.0.0\r\n`,
    ),
    { recipients: ["wang@lib.example"] },
  ],
  [
    "several recipients: the failed one only",
    report(`${failed}\r\nFinal-Recipient: rfc822; li@lib.example\r\nAction: delivered\r\nStatus: 2.0.0\r\n`),
    { action: "failed", recipients: ["wang@lib.example"] },
  ],
  [
    "the returned header alone",
    report(failed, `Content-Type: text/rfc822-headers\r\n\r\n${returned.split("\r\n\r\n")[0]}`),
    { originalMessageId: id },
  ],
  [
    "no copy, but what it answers",
    report(failed, "Content-Type: text/plain\r\n\r\nx").replace("Subject:", `In-Reply-To: ${id}\r\nSubject:`),
    { originalMessageId: id },
  ],
  [
    "a folded diagnostic",
    report(failed.replace("User unknown", "User\r\n  unknown")),
    { diagnostic: "550 5.1.1 User unknown" },
  ],
  [
    "QQ",
    prose(
      "PostMaster@qq.example",
      "系统退信/Systems bounce",
      "抱歉，您的邮件被退回来了……\n原邮件信息：\n收件人：wang@qq.example\n退信原因：\n收件人邮件地址（wang@qq.example）不存在，邮件无法送达。\nhost mx.qq.example said: 550 Mailbox not found",
      `In-Reply-To: ${id}\r\n`,
    ),
    { action: "failed", recipients: ["wang@qq.example"], originalMessageId: id },
  ],
  [
    "163 and Coremail",
    prose(
      "Postmaster@163.example",
      "系统退信",
      "你的邮件无法被投递到以下收件人：\nwang@163.example\n退信原因：SMTP error, RCPT TO: 550 User not found: wang@163.example\n----- 原始邮件 -----\nMessage-ID: <reminder-1@jinbox.culture.example>\nFrom: someone@other.example\n",
    ),
    { action: "failed", recipients: ["wang@163.example"], originalMessageId: id },
  ],
  [
    "Exchange in Chinese",
    prose(
      "postmaster@corp.example",
      "未送达: 提醒",
      "向这些收件人或组传递邮件失败:\n\nwang@corp.example\n找不到您输入的电子邮件地址。\n\nRemote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found'",
    ),
    { action: "failed", recipients: ["wang@corp.example"], status: "5.1.10" },
  ],
  [
    "qmail",
    prose(
      "MAILER-DAEMON@mx.example",
      "failure notice",
      "Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n\n<wang@lib.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <ideas@culture.example>\nMessage-ID: <reminder-1@jinbox.culture.example>\nTo: li@other.example\n",
    ),
    { action: "failed", recipients: ["wang@lib.example"], status: "5.1.1", originalMessageId: id },
  ],
  [
    "Exim, by its own field",
    prose(
      "Mailer-Daemon@mx.example",
      "Mail delivery failed: returning message to sender",
      "A message that you sent could not be delivered.\n  unrouteable address",
      "X-Failed-Recipients: wang@lib.example\r\n",
    ),
    { action: "failed", recipients: ["wang@lib.example"] },
  ],
  [
    "a delay in prose",
    prose(
      "MAILER-DAEMON@mx.example",
      "Warning: could not send message for past 4 hours",
      "THIS IS A WARNING MESSAGE ONLY.\nwang@lib.example... Deferred: Connection timed out\nWill keep trying until message is 5 days old",
    ),
    { action: "delayed", recipients: ["wang@lib.example"] },
  ],
  [
    "a Chinese delay",
    prose(
      "postmaster@lib.example",
      "邮件延迟通知",
      "发往 wang@lib.example 的邮件尚未送达，系统将继续尝试投递。",
    ),
    { action: "delayed" },
  ],
];

test.each(reports)("%s is understood", async (_what, raw, expected) => {
  expect((await parseMail(Buffer.from(raw))).bounce).toMatchObject(expected);
});

const others: [what: string, raw: string][] = [
  [
    "a person who writes about one",
    prose("zhang@lib.example", "系统退信", "昨天的总结被退信了：550 User not found wang@lib.example"),
  ],
  [
    "a person who forwards one",
    prose(
      "zhang@lib.example",
      "Fwd: Undelivered Mail Returned to Sender",
      "请看下面。\n550 5.1.1 wang@lib.example unknown",
    ),
  ],
  [
    "a read receipt",
    prose(
      "zhang@lib.example",
      "已读: 提醒",
      "已读",
      "Content-Type: multipart/report; report-type=disposition-notification; boundary=x\r\n",
    ),
  ],
  [
    "an absence notice with a null sender",
    prose("zhang@lib.example", "自动回复: 提醒", "我正在休假。", "Return-Path: <>\r\n"),
  ],
];

test.each(others)("%s is not a bounce", async (_what, raw) => {
  expect((await parseMail(Buffer.from(raw))).bounce).toBeNull();
});

test("an address in a status line of an IP is not taken for a status code", async () => {
  const raw = prose(
    "MAILER-DAEMON@mx.example",
    "failure notice",
    "<wang@lib.example>: 5.10.20.30 does not like recipient. Giving up.",
  );
  expect((await parseMail(Buffer.from(raw))).bounce?.status).toBeNull();
});
