// The mails of a storm, each with what must become of it. The expectations are the storm's own: nothing here asks src.
import { strToU8, zipSync } from "fflate";
import { mail } from "../support/mails.ts";
import type { Chance } from "./chance.ts";

/** What a mail must have become once everything is quiet. */
export interface Expectation {
  /** The states it may end in. */
  states: string[];
  /** How many submissions it brings. */
  submissions: number;
  /** How many answers its sender gets; null: none or one. */
  answers: 0 | 1 | null;
}

export interface Letter {
  kind: string;
  raw: Buffer;
  expect: Expectation;
  /** The mail it is a copy of. */
  repeats?: Letter;
  /** The unit whose report it is. */
  reportOf?: string;
  /** The unit that takes its report back. */
  withdraws?: string;
}

export interface Unit {
  code: string;
  name: string;
  liaison: { name: string; email: string };
}

const filed = (submissions: number): Expectation => ({ states: ["filed"], submissions, answers: 1 });

export async function idea(number: number, random: Chance): Promise<Letter> {
  const places = ["阅览室", "展厅", "书库", "自习区", "报告厅", "亲子区"];
  const things = ["自助借还点", "直饮水机", "无障碍坡道", "共享书架", "志愿者服务台", "充电座位"];
  const [place, thing] = [random.pick(places), random.pick(things)];
  const text = `我是市图书馆职工${number}。建议在第${number}号${place}增设一处${thing}，方便读者。\n\n市图书馆 职工${number}`;
  const attachments = Array.from({ length: random.oneIn(4) ? random.between(1, 3) : 0 }, (_, at) => ({
    filename: `说明${at + 1}.txt`,
    content: `第${number}号${place}${thing}的补充说明之${at + 1}：安装位置见平面图，所需经费约${random.between(1, 90)}百元。`,
    contentType: "text/plain; charset=utf-8",
  }));
  const raw = await mail({
    from: `职工${number} <staff${number}@lib.culture.example>`,
    subject: `金点子：第${number}号${place}增设${thing}`,
    messageId: `<idea-${number}@lib.culture.example>`,
    text,
    attachments,
  });
  return { kind: "idea", raw, expect: filed(1) };
}

/** The same words and files in another mail: no second submission. */
export async function duplicate(of: Letter, number: number): Promise<Letter> {
  const text = of.raw
    .toString("utf8")
    .replace(/^Message-ID: .*$/im, `Message-ID: <again-${number}@lib.culture.example>`);
  return {
    kind: "duplicate",
    raw: Buffer.from(text),
    expect: { states: ["ignored"], submissions: 0, answers: null },
    repeats: of,
  };
}

/** The smallest .docx there is, with these paragraphs. */
function docx(paragraphs: string[]): Buffer {
  const body = paragraphs.map((words) => `<w:p><w:r><w:t>${words}</w:t></w:r></w:p>`).join("");
  const main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
  const files = {
    "[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="${main}"/></Types>`,
    "_rels/.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
    "word/document.xml": `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>`,
  };
  const packed = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)]));
  return Buffer.from(zipSync(packed, { mtime: new Date("2012-12-01T00:00:00Z") }));
}

const summaryOf = (unit: Unit, number: number) => [
  `${unit.name}“文化现代化，我们怎么办”大讨论活动书面总结`,
  `一、基本情况。组织讨论${number}场，全体职工参加。`,
  `二、主要做法。逐条对标找差，列出清单。`,
  `三、下一步打算。抓好落实，务求实效。`,
  unit.name,
  "2012年12月",
];

export async function report(unit: Unit, number: number): Promise<Letter> {
  const raw = await mail({
    from: `${unit.liaison.name} <${unit.liaison.email}>`,
    subject: `${unit.name}“文化现代化，我们怎么办”大讨论活动书面总结`,
    messageId: `<report-${number}@${unit.liaison.email.split("@")[1]}>`,
    text: `活动办公室：\n\n现将${unit.name}大讨论活动书面总结报上，请查收。第${number}号。\n\n${unit.name}\n${unit.liaison.name}`,
    attachments: [
      { filename: `${unit.name}大讨论活动书面总结.docx`, content: docx(summaryOf(unit, number)) },
    ],
  });
  return { kind: "report", raw, expect: filed(1), reportOf: unit.code };
}

/** A newer version in answer to our acknowledgement of the older one. */
export async function newVersion(unit: Unit, number: number, acknowledgement: string): Promise<Letter> {
  const raw = await mail({
    from: `${unit.liaison.name} <${unit.liaison.email}>`,
    subject: `Re: ${unit.name}大讨论活动书面总结（修改稿）`,
    messageId: `<revised-${number}@${unit.liaison.email.split("@")[1]}>`,
    inReplyTo: acknowledgement,
    references: [acknowledgement],
    text: `这是${unit.name}书面总结的修改稿，以此为准。\n\n${unit.name}\n${unit.liaison.name}`,
    attachments: [
      {
        filename: `${unit.name}大讨论活动书面总结（修改稿）.txt`,
        content: summaryOf(unit, number).join("\n\n"),
        contentType: "text/plain; charset=utf-8",
      },
    ],
  });
  return { kind: "new version", raw, expect: filed(1), reportOf: unit.code };
}

export async function withdrawal(from: string, number: number, acknowledgement: string): Promise<Letter> {
  const raw = await mail({
    from,
    subject: "Re: 回执",
    messageId: `<withdraw-${number}@withdrawn.culture.example>`,
    inReplyTo: acknowledgement,
    references: [acknowledgement],
    text: `请撤回我的这个金点子，不参加评选了（${number}）。`,
  });
  return { kind: "withdrawal", raw, expect: filed(0) };
}

export async function automatic(number: number): Promise<Letter> {
  const raw = await mail({
    from: `外出职工 <away${number}@museum.culture.example>`,
    subject: `自动回复: 休假中 ${number}`,
    messageId: `<away-${number}@museum.culture.example>`,
    headers: { "Auto-Submitted": "auto-replied" },
    text: `您好，我正在休假（第${number}次），回来后回复。`,
  });
  return { kind: "automatic", raw, expect: { states: ["automatic"], submissions: 0, answers: 0 } };
}

/** A report that one of our notices could not be delivered (RFC 3464). */
export async function bounce(number: number, notice: { messageId: string; to: string }): Promise<Letter> {
  const boundary = `=_bounce_${number}`;
  const raw = [
    "Return-Path: <>",
    "From: MAILER-DAEMON@mx.culture.example (Mail Delivery System)",
    "To: ideas@culture.example",
    "Subject: Undelivered Mail Returned to Sender",
    "Auto-Submitted: auto-replied",
    "MIME-Version: 1.0",
    `Message-ID: <bounce-${number}@mx.culture.example>`,
    `Content-Type: multipart/report; report-type=delivery-status; boundary="${boundary}"`,
    "",
    `--${boundary}`,
    "Content-Type: text/plain; charset=us-ascii",
    "",
    `<${notice.to}>: host mail.example said: 550 5.1.1 user unknown`,
    "",
    `--${boundary}`,
    "Content-Type: message/delivery-status",
    "",
    "Reporting-MTA: dns; mx.culture.example",
    "",
    `Final-Recipient: rfc822; ${notice.to}`,
    "Action: failed",
    "Status: 5.1.1",
    "Diagnostic-Code: smtp; 550 5.1.1 user unknown",
    "",
    `--${boundary}`,
    "Content-Type: text/rfc822-headers",
    "",
    `Message-ID: ${notice.messageId}`,
    "",
    `--${boundary}--`,
    "",
  ].join("\r\n");
  return {
    kind: "bounce",
    raw: Buffer.from(raw),
    expect: { states: ["automatic"], submissions: 0, answers: 0 },
  };
}

/** Not a mail as it should be: whatever it is taken for, it is one record and ends in a named state. */
export function broken(number: number, random: Chance): Letter {
  const shapes = [
    `From: \u0007 <broken${number}@x.example\r\nSubject: =?gb2312?B?${number}?=\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n`,
    `\r\n\r\nno header at all, ${number}\r\n`,
    `From: a@x.example, b@y.example\r\nSubject: two authors ${number}\r\n\r\n建议延长开放时间。\r\n`,
    `Subject: ${"长".repeat(3_000)}${number}\r\nFrom: broken${number}@x.example\r\nContent-Type: text/html; charset=utf-99\r\n\r\n<p>`,
    `From: broken${number}@x.example\r\nContent-Type: application/pdf; name="a.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjQK${number}\r\n`,
  ];
  const states = ["filed", "held", "automatic", "ignored"];
  return {
    kind: "broken",
    raw: Buffer.from(random.pick(shapes)),
    expect: { states, submissions: -1, answers: null },
  };
}
