// Whatever strangers and accidents send: every mail ends in a named state, and a person who can be told is told why.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { OutgoingNotice } from "../../src/notice/compose.ts";
import { captureTransport } from "../../src/notice/transport.ts";
import { memoryMailbox } from "../../src/service/memory.ts";
import { root } from "../support/jinbox.ts";
import { type MailToBuild, mail } from "../support/mails.ts";
import { openOffice, type TestOffice } from "../support/office.ts";

const arrivedAt = new Date("2026-11-23T02:00:00Z");
const hostile = (name: string) => readFile(join(root, "fixtures/hostile", name));
let office: TestOffice;
let sent: OutgoingNotice[] = [];
let boxes = 0;

beforeAll(async () => {
  office = await openOffice({ transport: captureTransport((notice) => void sent.push(notice)) });
});
afterAll(() => office?.end());
beforeEach(async () => {
  await office.empty();
  sent = [];
});

/** Delivers these mails to a mailbox of their own and lets the office do all it does. */
async function deliver(...raws: Buffer[]): Promise<void> {
  boxes += 1;
  const mailbox = memoryMailbox(`bad-input-${boxes}`);
  for (const raw of raws) mailbox.deliver(raw, arrivedAt);
  await office.pass(mailbox);
}

interface Row {
  state: string;
  reason: string | null;
  detail: string | null;
  from_address: string | null;
  subject: string | null;
  bytes: number;
  arrived_at: Date;
  claimed_at: Date | null;
}

async function messages(): Promise<Row[]> {
  return (await office.database.pool.query("select * from message order by id")).rows;
}

const idea = "我是市图书馆职工。建议在一楼大厅增设自助借还点，晚间不闭，方便下班的读者。";
const subject = `Subject: =?utf-8?B?${Buffer.from("金点子：增设自助借还点").toString("base64")}?=`;
const from = "From: <zhang@lib.culture.example>";
const text = [
  "MIME-Version: 1.0",
  "Content-Type: text/plain; charset=utf-8",
  "Content-Transfer-Encoding: 8bit",
];

/** A mail written byte by byte: what no honest client would build. */
function raw(head: string[], body: string | Buffer = idea): Buffer {
  const top = [...head, `Message-ID: <raw-${boxes}@lib.culture.example>`, "", ""].join("\r\n");
  return Buffer.concat([Buffer.from(top), Buffer.from(body)]);
}

const report = (parts: MailToBuild) =>
  mail({
    from: "梅听雪 <liaison@lib.culture.example>",
    subject: "市图书馆大讨论活动书面总结",
    text: "现将我馆大讨论活动书面总结报上，请查收。\n市图书馆",
    ...parts,
  });

interface Case {
  what: string;
  raw: () => Buffer | Promise<Buffer>;
  state: string;
  reason: string | null;
  /** Words of the detail the office sees. */
  detail?: string;
  /** Words of the one answer; null: nobody can be told, and nobody is. */
  answer: string | null;
}

const cases: Case[] = [
  {
    what: "bytes that are no mail at all",
    raw: () => Buffer.from(Array.from({ length: 3_000 }, (_, at) => (at * 7_919) % 256)),
    state: "held",
    reason: "sender-unclear",
    detail: "0 mailboxes in From",
    answer: null,
  },
  {
    what: "no bytes at all",
    raw: () => Buffer.alloc(0),
    state: "held",
    reason: "sender-unclear",
    detail: "0 mailboxes in From",
    answer: null,
  },
  {
    what: "a mail without subject, text and attachment",
    raw: () => mail({ subject: "", text: "" }),
    state: "held",
    reason: "nothing-found",
    answer: "邮件中没有找到报送的内容或附件",
  },
  {
    what: "an attachment of zero bytes",
    raw: () => report({ attachments: [{ filename: "总结.docx", content: Buffer.alloc(0) }] }),
    state: "filed",
    reason: null,
    answer: "附件“总结.docx”未能读取。文件是空的",
  },
  {
    what: "a Word file cut off on its way",
    raw: async () =>
      report({ attachments: [{ filename: "总结.docx", content: await hostile("truncated.docx") }] }),
    state: "filed",
    reason: null,
    answer: "附件“总结.docx”未能读取。文件已损坏",
  },
  {
    what: "an unknown sender who names no unit",
    raw: () =>
      mail({
        from: "阿远 <ayuan@qq.example>",
        subject: "金点子：夜间开放",
        text: "建议公共文化场馆每周五晚上延长开放到九点，方便上班族。",
      }),
    state: "held",
    reason: "unit-unknown",
    answer: "写明您所在的单位（处室）名称",
  },
  {
    what: "a unit the campaign does not know",
    raw: () =>
      mail({
        from: "王某 <wang@qq.example>",
        subject: "金点子：夜间停车",
        text: "建议公共文化场馆晚上开放停车场，方便上班族。\n市水利局 王某",
      }),
    state: "held",
    reason: "unit-unknown",
    answer: "写明您所在的单位（处室）名称",
  },
  {
    what: "no Date",
    raw: () => raw([from, subject, ...text]),
    state: "filed",
    reason: null,
    answer: "您的来信已于2026年11月23日10:00收到",
  },
  {
    what: "a Date in 1970",
    raw: () => raw([from, subject, "Date: Thu, 1 Jan 1970 00:00:00 +0000", ...text]),
    state: "filed",
    reason: null,
    answer: "您的来信已于2026年11月23日10:00收到",
  },
  {
    what: "a charset that does not exist and bytes that are no text",
    raw: () =>
      raw(
        [from, subject, "MIME-Version: 1.0", "Content-Type: text/plain; charset=x-klingon-8"],
        Buffer.concat([Buffer.from(idea), Buffer.from([0xff, 0xfe, 0x80, 0x81])]),
      ),
    state: "filed",
    reason: null,
    answer: "WHXDH-0001",
  },
  {
    what: "two From fields",
    raw: () => raw([from, "From: <head@museum.culture.example>", subject, ...text]),
    state: "held",
    reason: "sender-unclear",
    detail: "2 mailboxes in From",
    answer: null,
  },
  {
    what: "1,001 parts",
    raw: () => manyParts(1_001),
    state: "held",
    reason: "unparseable",
    detail: "nodes exceeded",
    answer: "邮件格式有误，系统未能完整读取，已转工作人员查看",
  },
  {
    what: "a header of 2 MB",
    raw: () => raw([from, subject, ...padding(2_000), ...text]),
    state: "held",
    reason: "unparseable",
    detail: "header size",
    answer: "邮件格式有误，系统未能完整读取，已转工作人员查看",
  },
  {
    what: "a header of 2 MB that names its sender last",
    raw: () => raw([...padding(2_000), from, subject, ...text]),
    state: "held",
    reason: "unparseable",
    detail: "header size",
    answer: null,
  },
];

function padding(lines: number): string[] {
  return Array.from({ length: lines }, (_, at) => `X-Padding-${at}: ${"p".repeat(1_000)}`);
}

function manyParts(count: number): Buffer {
  const part = (at: number) =>
    `--b\r\nContent-Type: text/plain; name=a${at}.txt\r\nContent-Disposition: attachment\r\n\r\nx${at}\r\n`;
  const parts = Array.from({ length: count }, (_, at) => part(at)).join("");
  const body = `--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${idea}\r\n${parts}--b--\r\n`;
  return raw([from, subject, "MIME-Version: 1.0", 'Content-Type: multipart/mixed; boundary="b"'], body);
}

describe("a mail that is", () => {
  test.each(cases)("$what", async ({ raw, state, reason, detail, answer }) => {
    const bytes = await raw();
    await deliver(bytes);
    const [row, ...others] = await messages();
    expect(others).toEqual([]);
    expect(row).toMatchObject({ state, reason, bytes: bytes.length, arrived_at: arrivedAt });
    if (detail) expect(row?.detail).toContain(detail);
    expect(sent).toHaveLength(answer === null ? 0 : 1);
    if (answer !== null) expect(sent[0]?.text).toContain(answer);
  });
});

test("the Date of a mail is kept as its sender's claim and decides nothing", async () => {
  await deliver(raw([from, subject, "Date: Thu, 1 Jan 1970 00:00:00 +0000", ...text]));
  expect(await messages()).toMatchObject([{ claimed_at: new Date(0), arrived_at: arrivedAt }]);
  const { rows } = await office.database.pool.query("select arrived_at, timeliness from submission");
  expect(rows).toEqual([{ arrived_at: arrivedAt, timeliness: "in-time" }]);
});

test("a document that explodes costs the thirty mails around it nothing", async () => {
  const good = (at: number) =>
    mail({
      from: `职工${at} <staff${at}@lib.culture.example>`,
      subject: `金点子：第${at}号建议`,
      text: `我是市图书馆职工${at}。建议在第${at}号阅览室增设一处自助借还点。`,
    });
  const before = await Promise.all(Array.from({ length: 15 }, (_, at) => good(at)));
  const after = await Promise.all(Array.from({ length: 15 }, (_, at) => good(at + 15)));
  const bomb = { filename: "总结.docx", content: await hostile("bomb.docx") };
  await deliver(...before, await report({ attachments: [bomb] }), ...after);
  expect((await messages()).map(({ state }) => state)).toEqual(Array.from({ length: 31 }, () => "filed"));
  expect(sent.filter(({ kind }) => kind === "acknowledgement")).toHaveLength(30);
  const asked = sent.filter(({ kind }) => kind === "clarification");
  expect(asked.map((notice) => notice.text)).toEqual([
    expect.stringContaining("附件“总结.docx”未能读取。文件过大"),
  ]);
  const { rows } = await office.database.pool.query("select status, reason from attachment");
  expect(rows).toEqual([{ status: "held", reason: "too-large" }]);
});

describe("a mail above the limit", () => {
  const large = () =>
    report({
      text: "现将我馆大讨论活动书面总结报上，照片一并附上。\n市图书馆",
      attachments: [{ filename: "照片.zip", content: Buffer.alloc(2_000_000, 7) }],
    });

  beforeAll(() => {
    office.campaign.mailbox.maxBytes = 1_000_000;
  });
  afterAll(() => {
    office.campaign.mailbox.maxBytes = 60 * 1024 * 1024;
  });

  test("is shown with its sender and subject, and the sender is told what to do", async () => {
    const bytes = await large();
    await deliver(bytes);
    expect(await messages()).toMatchObject([
      {
        state: "oversize",
        reason: "oversize",
        detail: `${bytes.length} bytes, the limit is 1000000; only the head is kept`,
        from_address: "liaison@lib.culture.example",
        subject: "市图书馆大讨论活动书面总结",
        bytes: bytes.length,
      },
    ]);
    expect(sent).toHaveLength(1);
    expect(sent[0]?.text).toContain("邮件超过大小限制，未能读取，请压缩附件或分几封邮件重新发送");
    // What was cut off is not called damaged: it never was.
    expect(sent[0]?.text).not.toContain("照片.zip");
    expect((await office.database.pool.query("select id from submission")).rows).toEqual([]);
  });

  test("is answered once, however often it is seen and whenever the office looks again", async () => {
    const bytes = await large();
    await deliver(bytes, bytes);
    await deliver(bytes);
    expect(await messages()).toHaveLength(1);
    expect(sent).toHaveLength(1);
  });

  test("is not answered when a machine sent it", async () => {
    await deliver(
      await report({
        headers: { "Auto-Submitted": "auto-generated" },
        attachments: [{ filename: "日志.zip", content: Buffer.alloc(2_000_000, 7) }],
      }),
    );
    expect(await messages()).toMatchObject([{ state: "oversize" }]);
    expect(sent).toEqual([]);
  });

  test("that asks to withdraw something withdraws nothing: it was not read to its end", async () => {
    await deliver(
      await report({
        text: "一、活动开展情况。全馆职工分三批参加学习讨论，共召开座谈会六次。\n二、下一步打算。明年起延长开放时间，建设自助阅览室。\n市图书馆",
      }),
    );
    await deliver(
      await report({
        subject: `Re: ${sent[0]?.subject}`,
        inReplyTo: sent[0]?.messageId ?? "",
        text: "这份发错了，请撤回。",
        attachments: [{ filename: "照片.zip", content: Buffer.alloc(2_000_000, 7) }],
      }),
    );
    const { rows } = await office.database.pool.query("select state from submission");
    expect(rows).toEqual([{ state: "current" }]);
    expect((await messages())[1]).toMatchObject({ state: "oversize" });
  });
});
