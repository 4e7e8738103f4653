// What the mail systems in use send back, one row each: whom they name, what they say of why, and how our notice is known in it.
import { Buffer } from "node:buffer";
import { expect, test } from "vitest";
import type { BounceReport } from "../../src/message/mail.ts";
import { originOf } from "../../src/message/origin.ts";
import { parseMail } from "../../src/message/parse.ts";

const id = "<jinbox.0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f@culture.example>";
const wang = "wang@lib.example";
const own = { addresses: new Set(["ideas@culture.example"]), messageIdDomain: "culture.example" };
const encoded = (words: string) => `=?utf-8?B?${Buffer.from(words).toString("base64")}?=`;
const title = "文化馆还有一份总结未交（WHXDH-0042）";
const header = `From: ideas@culture.example\nTo: ${wang}\nSubject: ${encoded(title)}\nMessage-ID: ${id}\n`;

interface Written {
  from: string;
  subject: string;
  text: string;
  fields?: string;
  /** Of message/delivery-status: the blocks about recipients. */
  status?: string;
  /** What comes back: the mail, its header, or nothing. */
  copy?: "rfc822" | "headers" | "none";
  statusType?: string;
}

function write({ from, subject, text, fields = "", status, copy = "rfc822", statusType }: Written): Buffer {
  const head = `From: ${from}\nTo: ideas@culture.example\nSubject: ${encoded(subject)}\n${fields}MIME-Version: 1.0\n`;
  const plain = `Content-Type: text/plain; charset=utf-8\n\n${text}\n`;
  if (status === undefined) return Buffer.from(`${head}${plain}`.replaceAll("\n", "\r\n"));
  const copies = {
    rfc822: `--r\nContent-Type: message/rfc822\n\n${header}\nwords\n`,
    headers: `--r\nContent-Type: text/rfc822-headers\n\n${header}\n`,
    none: "",
  };
  const report = `--r\nContent-Type: ${statusType ?? "message/delivery-status"}\n\nReporting-MTA: dns; mx.example\n\n${status}\n`;
  const type = "Content-Type: multipart/report; report-type=delivery-status; boundary=r\n\n";
  return Buffer.from(`${head}${type}--r\n${plain}${report}${copies[copy]}--r--\n`.replaceAll("\n", "\r\n"));
}

const daemon = "Mail Delivery System <MAILER-DAEMON@mx.example>";
const failedBy = (action: string, status: string, code = "") =>
  `Final-Recipient: rfc822; ${wang}\nAction: ${action}\nStatus: ${status}\n${code === "" ? "" : `Diagnostic-Code: smtp; ${code}\n`}`;
const known = { recipients: [wang], originalMessageId: id };
const nameless = { recipients: [wang], originalMessageId: null };

const mails: [what: string, mail: Written, expected: Partial<BounceReport>][] = [
  // RFC 3464, as it is written
  [
    "Postfix: nobody there",
    {
      from: daemon,
      subject: "Undelivered Mail Returned to Sender",
      text: `<${wang}>: host mx.lib.example[192.0.2.1] said: 550 5.1.1 <${wang}>: Recipient address rejected: User unknown in virtual mailbox table (in reply to RCPT TO command)`,
      status: failedBy("failed", "5.1.1", `550 5.1.1 <${wang}>: User unknown`),
    },
    { ...known, action: "failed", cause: "no-mailbox" },
  ],
  [
    "Postfix: full",
    {
      from: daemon,
      subject: "Undelivered Mail Returned to Sender",
      text: "mailbox over quota",
      status: failedBy("failed", "5.2.2", "552 5.2.2 Mailbox full"),
    },
    { ...known, action: "failed", cause: "mailbox-full" },
  ],
  [
    "Postfix: the header alone",
    {
      from: daemon,
      subject: "Undelivered Mail Returned to Sender",
      text: "unknown",
      status: failedBy("failed", "5.1.1"),
      copy: "headers",
    },
    { ...known, cause: "no-mailbox" },
  ],
  [
    "Postfix: delayed",
    {
      from: daemon,
      subject: "Delayed Mail (still being retried)",
      text: "THIS IS A WARNING ONLY.",
      status: failedBy("delayed", "4.4.1", "connect to mx: Connection timed out"),
    },
    { ...known, action: "delayed" },
  ],
  [
    "Postfix: relayed to a server without reports",
    {
      from: daemon,
      subject: "Successful Mail Delivery Report",
      text: "Your message was successfully delivered",
      status: failedBy("relayed", "2.0.0"),
    },
    { action: "delivered" },
  ],
  [
    "Sendmail: its header copied below",
    {
      from: daemon,
      subject: "Returned mail: see transcript for details",
      text: `   ----- The following addresses had permanent fatal errors -----\n<${wang}>\n    (reason: 550 5.1.1 User unknown)`,
      status: failedBy("failed", "5.1.1", "550 5.1.1 User unknown"),
    },
    { ...known, cause: "no-mailbox" },
  ],
  [
    "an expanded list",
    { from: daemon, subject: "Delivery report", text: "expanded", status: failedBy("expanded", "2.0.0") },
    { action: "delivered" },
  ],
  [
    "no action, a temporary status",
    {
      from: daemon,
      subject: "Delivery delayed",
      text: "later",
      status: `Final-Recipient: rfc822; ${wang}\nStatus: 4.2.2\n`,
    },
    { action: "delayed" },
  ],
  [
    "no status at all",
    {
      from: daemon,
      subject: "Delivery failed",
      text: "no",
      status: `Final-Recipient: rfc822; ${wang}\nAction: failed\n`,
    },
    { ...known, action: "failed", status: null },
  ],
  [
    "an internationalised report",
    {
      from: daemon,
      subject: "Undelivered Mail",
      text: "no",
      status: `Final-Recipient: utf-8; ${wang}\nAction: failed\nStatus: 5.1.1\n`,
      statusType: "message/global-delivery-status",
    },
    { ...known, cause: "no-mailbox" },
  ],
  [
    "forwarded to somebody who is not there",
    {
      from: daemon,
      subject: "Undelivered Mail",
      text: "no",
      status: `Original-Recipient: rfc822; ${wang}\nFinal-Recipient: rfc822; w@other.example\nAction: failed\nStatus: 5.1.1\n`,
    },
    known,
  ],
  [
    "two recipients, one of them reached",
    {
      from: daemon,
      subject: "Undelivered Mail",
      text: "no",
      status: `${failedBy("failed", "5.1.1")}\nFinal-Recipient: rfc822; li@lib.example\nAction: delivered\nStatus: 2.0.0\n`,
    },
    known,
  ],
  [
    "no copy, but what it answers",
    {
      from: daemon,
      subject: "Undelivered Mail",
      text: "no",
      status: failedBy("failed", "5.1.1"),
      copy: "none",
      fields: `In-Reply-To: ${id}\n`,
    },
    known,
  ],
  [
    "no copy and no answer: only the address",
    {
      from: daemon,
      subject: "Undelivered Mail",
      text: "no",
      status: failedBy("failed", "5.1.1"),
      copy: "none",
    },
    nameless,
  ],
  [
    "Exchange 2016 in Chinese",
    {
      from: "postmaster@lib.example",
      subject: `未传递: ${title}`,
      text: `向这些收件人或组传递邮件失败:\n\n王某(${wang})\n找不到您输入的电子邮件地址。请检查收件人的电子邮件地址，并尝试重新发送该邮件。`,
      status: failedBy("failed", "5.1.1", "550 5.1.1 RESOLVER.ADR.RecipNotFound; not found"),
    },
    { ...known, cause: "no-mailbox" },
  ],
  [
    "Office 365 in Chinese",
    {
      from: "postmaster@tenant.example",
      subject: `无法送达: ${title}`,
      text: `你发送至 ${wang} 的邮件无法送达。\n\nlib.example 上找不到 wang。`,
      status: failedBy(
        "failed",
        "5.1.10",
        "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
      ),
    },
    { ...known, cause: "no-mailbox" },
  ],
  [
    "Office 365 in English",
    {
      from: "Microsoft Outlook <postmaster@tenant.example>",
      subject: `Undeliverable: ${title}`,
      text: `Your message to ${wang} couldn't be delivered.\nwang wasn't found at lib.example.`,
      status: failedBy("failed", "5.1.10", "550 5.1.10 RecipientNotFound"),
    },
    { ...known, cause: "no-mailbox" },
  ],
  [
    "Exchange: the mailbox is full",
    {
      from: "postmaster@lib.example",
      subject: `未送达: ${title}`,
      text: "收件人的邮箱已满，暂时无法接收邮件。",
      status: failedBy(
        "failed",
        "5.2.2",
        "554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException",
      ),
    },
    { ...known, cause: "mailbox-full" },
  ],
  [
    "Exchange: still trying",
    {
      from: "postmaster@lib.example",
      subject: `传递延迟: ${title}`,
      text: `尚未将邮件传递给以下收件人: ${wang}。将继续尝试传递。`,
      status: failedBy("delayed", "4.4.7"),
    },
    { ...known, action: "delayed" },
  ],
  [
    "Gmail",
    {
      from: "Mail Delivery Subsystem <mailer-daemon@mail.example>",
      subject: "Delivery Status Notification (Failure)",
      text: `** Address not found **\n\nYour message wasn't delivered to ${wang} because the address couldn't be found, or is unable to receive mail.`,
      fields: `X-Failed-Recipients: ${wang}\nIn-Reply-To: ${id}\n`,
      status: failedBy(
        "failed",
        "5.1.1",
        "550-5.1.1 The email account that you tried to reach does not exist.",
      ),
    },
    { ...known, cause: "no-mailbox" },
  ],
  [
    "Gmail: out of room",
    {
      from: "mailer-daemon@mail.example",
      subject: "Delivery Status Notification (Failure)",
      text: "The recipient's inbox is out of storage space.",
      status: failedBy(
        "failed",
        "5.2.2",
        "552-5.2.2 The email account that you tried to reach is over quota.",
      ),
    },
    { ...known, cause: "mailbox-full" },
  ],
  [
    "Coremail as a report",
    {
      from: "Postmaster@lib.example",
      subject: "系统退信",
      text: `您的邮件无法投递到 ${wang}，用户不存在。`,
      status: failedBy("failed", "5.1.1", "550 User not found"),
    },
    { ...known, cause: "no-mailbox" },
  ],
  [
    "exmail as a report",
    {
      from: "PostMaster@exmail.example",
      subject: "系统退信/Systems bounce",
      text: `收件人（${wang}）所在域名暂时无法收信，系统拒收。`,
      status: failedBy("failed", "5.7.1", "554 5.7.1 spam content rejected"),
    },
    { ...known, cause: "refused" },
  ],
  // in words of their own
  [
    "QQ: nobody there",
    {
      from: "PostMaster@qq.example",
      subject: "系统退信/Systems bounce",
      text: `抱歉，您的邮件被退回来了……\n\n原邮件信息：\n时 间：2012-12-26 09:00:00\n主 题：${title}\n收件人：${wang}\n\n退信原因：\n收件人邮件地址（${wang}）不存在，邮件无法送达。\nhost mx.lib.example said: 550 Mailbox not found.`,
      fields: `In-Reply-To: ${id}\n`,
    },
    { ...known, action: "failed", cause: "no-mailbox" },
  ],
  [
    "QQ: full",
    {
      from: "PostMaster@qq.example",
      subject: "系统退信/Systems bounce",
      text: `抱歉，您的邮件被退回来了……\n主 题：${title}\n收件人：${wang}\n退信原因：\n收件人的邮箱空间已满，无法接收新邮件。`,
    },
    { ...nameless, cause: "mailbox-full" },
  ],
  [
    "QQ: refused for its frequency",
    {
      from: "PostMaster@qq.example",
      subject: "系统退信/Systems bounce",
      text: `抱歉，您的邮件被退回来了……\n收件人：${wang}\n退信原因：发信频率过高，被对方服务器拒收。\n550 Sender frequency limited`,
    },
    { ...nameless, cause: "refused" },
  ],
  [
    "exmail: the account is disabled",
    {
      from: "postmaster@exmail.example",
      subject: "系统退信",
      text: `您发给 ${wang} 的邮件被退回。\n退信原因：该帐号已停用，请联系对方管理员。\n主题：${title}`,
    },
    { ...nameless, cause: "no-mailbox" },
  ],
  [
    "163",
    {
      from: "Postmaster@163.example",
      subject: "系统退信",
      text: `你的邮件无法被投递到以下收件人：\n${wang}\n退信原因：SMTP error, RCPT TO: 550 User not found: ${wang}\n----- 原始邮件 -----\nMessage-ID: ${id}\nFrom: ideas@culture.example\n`,
    },
    { ...known, cause: "no-mailbox" },
  ],
  [
    "126: full",
    {
      from: "Postmaster@126.example",
      subject: "系统退信",
      text: `你的邮件无法被投递到以下收件人：\n${wang}\n退信原因：对方邮箱已满（552 Quota exceeded or service disabled）。\n`,
    },
    { ...nameless, cause: "mailbox-full" },
  ],
  [
    "163: taken for junk",
    {
      from: "Postmaster@163.example",
      subject: "系统退信",
      text: `你的邮件无法被投递到以下收件人：${wang}\n退信原因：554 DT:SPM 发送的邮件内容包含了未被许可的信息，或被系统识别为垃圾邮件。\n`,
    },
    { ...nameless, cause: "refused" },
  ],
  [
    "Coremail in words",
    {
      from: "Postmaster@lib.example",
      subject: "邮件退回通知",
      text: `尊敬的用户：您的邮件 “${title}” 未能投递到 ${wang}，原因：无此用户。`,
    },
    { ...nameless, cause: "no-mailbox" },
  ],
  [
    "Coremail: still trying",
    {
      from: "Postmaster@lib.example",
      subject: "邮件延迟通知",
      text: `发往 ${wang} 的邮件尚未送达，系统将继续尝试投递，您无须重发。`,
    },
    { ...nameless, action: "delayed" },
  ],
  [
    "Sina",
    {
      from: "MAILER-DAEMON@sina.example",
      subject: "退信通知",
      text: `您好，您发送的邮件被退回。收件人：${wang}。错误代码：550 #5.1.0 Address rejected. 收件人地址不存在。`,
    },
    { ...nameless, cause: "no-mailbox" },
  ],
  [
    "Sohu",
    {
      from: "postmaster@sohu.example",
      subject: "Undelivered Mail Returned to Sender",
      text: `收件人 ${wang} 无效，邮件无法投递。`,
    },
    { ...nameless, cause: "no-mailbox" },
  ],
  [
    "Aliyun",
    {
      from: "postmaster@aliyun.example",
      subject: "退信通知 | Undelivered Mail",
      text: `您发送给 ${wang} 的邮件退信了。\n主题：${title}\n退信原因：收信人邮箱不存在 Recipient not found`,
    },
    { ...nameless, cause: "no-mailbox" },
  ],
  [
    "Aliyun: refused",
    {
      from: "postmaster@aliyun.example",
      subject: "退信通知 | Undelivered Mail",
      text: `您发送给 ${wang} 的邮件退信了。\n退信原因：收件服务器将发信域名列入黑名单，拒绝接收。`,
    },
    { ...nameless, cause: "refused" },
  ],
  [
    "139",
    {
      from: "postmaster@139.example",
      subject: "系统退信",
      text: `您的邮件未能发送给 ${wang}，因为对方信箱容量不足。`,
    },
    { ...nameless, cause: "mailbox-full" },
  ],
  [
    "qmail",
    {
      from: "MAILER-DAEMON@mx.example",
      subject: "failure notice",
      text: `Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<${wang}>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <ideas@culture.example>\nMessage-ID: ${id}\nTo: someone@other.example\n`,
    },
    { ...known, cause: "no-mailbox" },
  ],
  [
    "qmail: the host could not be found",
    {
      from: "MAILER-DAEMON@mx.example",
      subject: "failure notice",
      text: `Hi. This is the qmail-send program at mx.example.\n<${wang}>:\nSorry, I couldn't find any host named lib.example. (#5.1.2)\n`,
    },
    { ...nameless, cause: "no-mailbox", status: "5.1.2" },
  ],
  [
    "Exim",
    {
      from: "Mail Delivery System <Mailer-Daemon@mx.example>",
      subject: "Mail delivery failed: returning message to sender",
      text: `This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its recipients.\n\n  ${wang}\n    Unrouteable address\n\n------ This is a copy of the message, including all the headers. ------\n\nMessage-ID: ${id}\n`,
      fields: `X-Failed-Recipients: ${wang}\n`,
    },
    { ...known, cause: "no-mailbox" },
  ],
  [
    "Exim: frozen",
    {
      from: "Mail Delivery System <Mailer-Daemon@mx.example>",
      subject: "Warning: message 1Tabcd-0001 delayed 24 hours",
      text: `This message was created automatically by mail delivery software.\nThe message has not yet been delivered.\n  ${wang}\n    Delay reason: mailbox is full\nNo action is required on your part. Delivery attempts will continue for some time.`,
    },
    { ...nameless, action: "delayed" },
  ],
  [
    "Domino",
    {
      from: "postmaster@lib.example",
      subject: `DELIVERY FAILURE: User wang not listed in Domino Directory`,
      text: `Your message\n\n  Subject: ${title}\n\nwas not delivered to:\n\n  ${wang}\n\nbecause:\n\n  User wang (${wang}) not listed in Domino Directory`,
    },
    { ...nameless, cause: "no-mailbox" },
  ],
  [
    "Zimbra in Chinese",
    {
      from: "MAILER-DAEMON@lib.example",
      subject: "Undelivered Mail Returned to Sender",
      text: `<${wang}>: host lmtp.lib.example said: 452 4.2.2 Over quota (in reply to RCPT TO command)`,
      status: failedBy("failed", "4.2.2", "452 4.2.2 Over quota"),
    },
    { ...known, action: "failed", cause: "mailbox-full" },
  ],
  [
    "Winmail in Chinese",
    {
      from: "postmaster@lib.example",
      subject: "邮件投递失败",
      text: `无法将邮件投递到以下地址：\n<${wang}> 拒绝了：550 Invalid recipient ${wang}`,
    },
    { ...nameless, cause: "no-mailbox" },
  ],
  [
    "MDaemon",
    {
      from: "MDaemon@mx.example",
      subject: "Permanent Delivery Failure",
      text: `The attached message could not be delivered.\n\n${wang}: 550 <${wang}>, Recipient unknown`,
    },
    { ...nameless, cause: "no-mailbox" },
  ],
  [
    "TurboMail",
    {
      from: "postmaster@lib.example",
      subject: "系统退信:Undelivered Mail",
      text: `邮件发送失败。收件人: ${wang} 原因: 邮箱不存在`,
    },
    { ...nameless, cause: "no-mailbox" },
  ],
];

test.each(mails)("%s", async (_what, written, expected) => {
  const mail = await parseMail(write(written));
  expect(mail.bounce).toMatchObject({ action: "failed", ...expected });
  expect(originOf(mail, own).origin).toBe("bounce");
  // Where the report gives no Message-ID, the subject it cites tells which notice came back.
  if (JSON.stringify(written).includes("WHXDH-0042") || (written.status && written.copy !== "none"))
    expect(mail.bounce?.words).toContain("WHXDH-0042");
});
