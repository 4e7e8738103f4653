// Bytes → mail: what clients and broken software send, and that nothing makes the parser throw.
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import fc from "fast-check";
import iconv from "iconv-lite";
import { expect, test } from "vitest";
import type { Mail } from "../../src/message/mail.ts";
import { parseMail } from "../../src/message/parse.ts";
import { newTextOf } from "../../src/message/reply.ts";
import { cpuMillisecondsOf } from "../support/cpu.ts";

const head = "From: Zhang <zhang@lib.example>\r\nTo: ideas@culture.example\r\n";

function mailOf(...pieces: (string | Uint8Array)[]): Promise<Mail> {
  return parseMail(
    Buffer.concat(pieces.map((piece) => (typeof piece === "string" ? Buffer.from(piece) : piece))),
  );
}

function reasons(mail: Mail): string[] {
  return mail.problems.map((problem) => problem.reason);
}

test("a plain mail: every field that later stages read", async () => {
  const mail = await mailOf(
    "Return-Path: <zhang@lib.example>\r\nFrom: =?UTF-8?B?5byg5p+Q?= <Zhang@Lib.Example>\r\nTo: a@culture.example, b@culture.example\r\n",
    "Cc: c@culture.example\r\nReply-To: home@mail.example\r\nSubject: =?UTF-8?B?6YeR54K55a2Q?=\r\nMessage-ID: <1@lib.example>\r\n",
    "In-Reply-To: <0@culture.example>\r\nReferences: <x@culture.example>\r\n <0@culture.example>\r\nDate: Mon, 26 Nov 2012 09:30:00 +0800\r\n",
    "Content-Type: text/plain; charset=utf-8\r\n\r\n建议延长开放时间。\r\n第二行\r\n",
  );
  expect(mail).toMatchObject({
    messageId: "<1@lib.example>",
    inReplyTo: ["<0@culture.example>"],
    references: ["<x@culture.example>", "<0@culture.example>"],
    from: [{ name: "张某", address: "zhang@lib.example" }],
    replyTo: [{ name: "", address: "home@mail.example" }],
    to: [{ address: "a@culture.example" }, { address: "b@culture.example" }],
    cc: [{ address: "c@culture.example" }],
    returnPath: "zhang@lib.example",
    subject: "金点子",
    claimedAt: new Date("2012-11-26T01:30:00Z"),
    text: "建议延长开放时间。\n第二行\n",
    html: null,
    parts: [],
    bounce: null,
    trace: [],
    checked: null,
    problems: [],
  });
  expect(mail.headers.to).toEqual(["a@culture.example, b@culture.example"]);
});

test("a stream gives the same mail as its bytes", async () => {
  const raw = Buffer.from(`${head}Subject: s\r\n\r\nbody\r\n`);
  expect(await parseMail(Readable.from([raw.subarray(0, 10), raw.subarray(10)]))).toEqual(
    await parseMail(raw),
  );
});

const dates: [written: string, instant: string | null][] = [
  ["Mon, 26 Nov 2012 09:30:00 +0800", "2012-11-26T01:30:00.000Z"],
  ["26 Nov 2012 09:30 +0800 (CST)", "2012-11-26T01:30:00.000Z"],
  ["Mon, 26 Nov 12 01:30:00 GMT", "2012-11-26T01:30:00.000Z"],
  ["Mon, 26 Nov 2012 09:30:00 (CST)", "2012-11-26T01:30:00.000Z"],
  ["yesterday", null],
  ["soon 1", null],
  ["Mon, 99 Foo 2012 09:30:00 +0800", null],
  ["", null],
];

test.each(dates)("the Date %j is a claim or nothing, never the present", async (written, instant) => {
  const mail = await mailOf(`${head}Date: ${written}\r\n\r\nx`);
  expect(mail.claimedAt?.toISOString() ?? null).toBe(instant);
});

const subject = "关于数字图书馆的金点子";
const gbkWord = (text: string) => `=?gb2312?B?${iconv.encode(text, "gb18030").toString("base64")}?=`;
const cutInside = iconv.encode(subject, "gbk");

const subjects: [how: string, field: string | Uint8Array, text: string][] = [
  ["raw UTF-8", Buffer.from(subject), subject],
  ["raw GBK", iconv.encode(subject, "gbk"), subject],
  ["raw Big5", iconv.encode("關於數位圖書館的金點子", "big5"), "關於數位圖書館的金點子"],
  ["an encoded word", gbkWord(subject), subject],
  ["gb2312 that holds GB 18030", gbkWord("馆员䶮某的建议"), "馆员䶮某的建议"],
  [
    "words cut inside a character",
    `=?GBK?B?${cutInside.subarray(0, 7).toString("base64")}?=\r\n =?gbk?B?${cutInside.subarray(7).toString("base64")}?=`,
    subject,
  ],
  ["Q encoding", `=?utf-8?Q?=E9=87=91=E7=82=B9=E5=AD=90_1?=`, "金点子 1"],
  ["words between plain text", `Re: ${gbkWord("金点子")} (2)`, "Re: 金点子 (2)"],
  ["HZ", "=?hz-gb-2312?Q?~{=3D(5c~}?=", "建点"],
];

test.each(subjects)("a subject in %s is read", async (_how, field, text) => {
  expect((await mailOf(`${head}Subject: `, field, "\r\n\r\nx")).subject).toBe(text);
});

test("a raw GBK display name is read, and the address stays", async () => {
  const mail = await mailOf("From: ", iconv.encode('"张某 图书馆"', "gbk"), " <zhang@lib.example>\r\n\r\nx");
  expect(mail.from).toEqual([{ name: "张某 图书馆", address: "zhang@lib.example" }]);
});

const senders: [what: string, fields: string, addresses: string[]][] = [
  ["no From", "To: a@culture.example\r\n", []],
  ["an empty From", "From: \r\n", []],
  ["two mailboxes", "From: a@lib.example, b@lib.example\r\n", ["a@lib.example", "b@lib.example"]],
  ["two From fields", "From: a@lib.example\r\nFrom: b@lib.example\r\n", ["a@lib.example", "b@lib.example"]],
  ["a group", "From: Unit: a@lib.example, b@lib.example;\r\n", ["a@lib.example", "b@lib.example"]],
  ["a name without address", "From: Zhang\r\n", [""]],
];

test.each(senders)(
  "%s makes the sender unclear, and all mailboxes are listed",
  async (_what, fields, addresses) => {
    const mail = await mailOf(fields, "Subject: s\r\n\r\nx");
    expect(mail.from.map((each) => each.address)).toEqual(addresses);
    expect(reasons(mail)).toEqual(["sender-unclear"]);
  },
);

test("an encoded word cannot put an address into From", async () => {
  const word = `=?utf-8?B?${Buffer.from('"Head" <head@lib.example>').toString("base64")}?=`;
  const mail = await mailOf(`From: ${word} <evil@mail.example>\r\n\r\nx`);
  expect(mail.from.map((each) => each.address)).toEqual(["evil@mail.example"]);
});

const returnPaths: [field: string, value: string | null][] = [
  ["Return-Path: <>\r\n", ""],
  ["Return-Path: <A@Lib.Example>\r\n", "a@lib.example"],
  ["", null],
];

test.each(returnPaths)("%j is told from its like", async (field, value) => {
  expect((await mailOf(field, head, "\r\nx")).returnPath).toBe(value);
});

test("a Message-ID is cut at 998 characters and keeps its brackets", async () => {
  const { messageId } = await mailOf(`${head}Message-ID: <${"a".repeat(12_000)}@x.example>\r\n\r\nx`);
  expect(messageId).toHaveLength(998);
  expect(messageId).toMatch(/^<a+>$/);
});

test("a mail that passed more than a hundred servers is in a loop", async () => {
  expect(reasons(await mailOf("Received: from a by b\r\n".repeat(101), head, "\r\nx"))).toEqual([
    "mail-loop",
  ]);
  expect(reasons(await mailOf("Received: from a by b\r\n".repeat(100), head, "\r\nx"))).toEqual([]);
});

const text = "建议延长开放时间，并增设自助借还设备。";

const bodies: [what: string, type: string, body: Uint8Array][] = [
  ["GBK without charset", "text/plain", iconv.encode(text, "gbk")],
  ["GBK labelled utf-8", "text/plain; charset=utf-8", iconv.encode(text, "gbk")],
  ["UTF-8 labelled gb2312", "text/plain; charset=gb2312", Buffer.from(text)],
  ["GBK labelled us-ascii", "text/plain; charset=us-ascii", iconv.encode(text, "gbk")],
  [
    "HTML whose charset is only in <meta>",
    "text/html",
    Buffer.concat([Buffer.from("<meta charset=big5><p>"), iconv.encode("測試", "big5")]),
  ],
];

test.each(bodies)("a body in %s is read", async (what, type, body) => {
  const mail = await mailOf(`${head}Content-Type: ${type}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n`, body);
  expect(mail.text.trim()).toBe(what.startsWith("HTML") ? "測試" : text);
});

test("a body a gateway decoded without saying so is read as it is", async () => {
  const mail = await mailOf(
    `${head}Content-Type: text/plain; charset=gb2312\r\nContent-Transfer-Encoding: base64\r\n\r\n`,
    iconv.encode(text, "gbk"),
  );
  expect(mail.text).toBe(text);
});

test("format=flowed lines are joined, also of Chinese text without spaces", async () => {
  const mail = await mailOf(
    `${head}Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes\r\n\r\n建议 \r\n延长\r\n> 引 \r\n> 文\r\n`,
  );
  expect(mail.text).toBe("建议延长\n> 引文\n");
});

test("a soft break between Han characters leaves no space, between words it does", async () => {
  const mail = await mailOf(
    `${head}Content-Type: text/plain; charset=utf-8; format=flowed\r\n\r\n每个季度 \r\n拿出来\r\n\r\none \r\ntwo\r\n`,
  );
  expect(mail.text).toBe("每个季度拿出来\n\none two\n");
});

const boundary = "b1";
function multipart(kind: string, ...parts: string[]): string {
  const inside = parts.map((part) => `--${boundary}\r\n${part}\r\n`).join("");
  return `${head}Content-Type: multipart/${kind}; boundary=${boundary}\r\n\r\n${inside}--${boundary}--\r\n`;
}

test("of two alternatives the plain one is the text, and neither is a part", async () => {
  const mail = await mailOf(
    multipart(
      "alternative",
      "Content-Type: text/plain; charset=utf-8\r\n\r\n纯文本",
      "Content-Type: text/html; charset=utf-8\r\n\r\n<p>网页</p>",
    ),
  );
  expect(mail).toMatchObject({ text: "纯文本", html: "<p>网页</p>", parts: [] });
});

test("an empty plain alternative gives way to the HTML", async () => {
  const mail = await mailOf(
    multipart(
      "alternative",
      "Content-Type: text/plain\r\n\r\n ",
      "Content-Type: text/html; charset=utf-8\r\n\r\n<div>网页</div>",
    ),
  );
  expect(mail.text).toBe("网页");
});

test("text before and after an attachment is all body", async () => {
  const mail = await mailOf(
    multipart(
      "mixed",
      "Content-Type: text/plain; charset=utf-8\r\n\r\n前文",
      "Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERg==",
      "Content-Type: text/plain; charset=utf-8\r\n\r\n后文",
    ),
  );
  expect(mail.text).toBe("前文\n后文");
  expect(mail.parts.map((part) => part.filename)).toEqual(["a.pdf"]);
});

test("a part has its bytes, their hash and whether it is shown inside the body", async () => {
  const mail = await mailOf(
    multipart(
      "related",
      'Content-Type: text/html; charset=utf-8\r\n\r\n<p>图</p><img src="cid:p1">',
      "Content-Type: image/png\r\nContent-ID: <p1>\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw==",
    ),
  );
  const content = Buffer.from("iVBORw==", "base64");
  expect(mail.parts).toMatchObject([
    {
      filename: "attachment-1.png",
      declaredType: "image/png",
      bytes: content.length,
      sha256: createHash("sha256").update(content).digest("hex"),
      inline: true,
    },
  ]);
  expect(Buffer.from(mail.parts[0]?.content ?? [])).toEqual(content);
});

test("a file that is only called text is a part, not body", async () => {
  const picture =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
  const mail = await mailOf(
    multipart(
      "mixed",
      "Content-Type: text/plain; charset=utf-8\r\n\r\n见图",
      `Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n${picture}`,
    ),
  );
  expect(mail.text).toBe("见图");
  expect(mail.parts).toHaveLength(1);
});

test("a text file sent as an attachment is a part, not body", async () => {
  const mail = await mailOf(
    multipart(
      "mixed",
      "Content-Type: text/plain\r\n\r\nbody",
      "Content-Type: text/plain\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\nfile",
    ),
  );
  expect(mail.text).toBe("body");
  expect(mail.parts.map((part) => part.filename)).toEqual(["a.txt"]);
});

test.each(["", "Content-Disposition: inline\r\n"])(
  "an attached message is one part with its raw bytes (%j)",
  async (disposition) => {
    const inner = "From: li@museum.example\r\nSubject: inner\r\nContent-Type: text/plain\r\n\r\ninner text";
    const mail = await mailOf(
      multipart(
        "mixed",
        "Content-Type: text/plain\r\n\r\nouter",
        `Content-Type: message/rfc822\r\n${disposition}\r\n${inner}`,
      ),
    );
    expect(mail.text).toBe("outer");
    expect(mail.parts.map((part) => [part.filename, part.declaredType])).toEqual([
      ["attachment-1.eml", "message/rfc822"],
    ]);
    expect(Buffer.from(mail.parts[0]?.content ?? []).toString()).toBe(inner);
  },
);

const percent = (text: string, charset: string) =>
  [...iconv.encode(text, charset)]
    .map((byte) => `%${byte.toString(16).padStart(2, "0").toUpperCase()}`)
    .join("");
const raw = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");
const long = "很长的名字".repeat(60);

const names: [how: string, disposition: string, filename: string][] = [
  ["an encoded word", `attachment; filename="${gbkWord("总结.doc")}"`, "总结.doc"],
  ["raw GBK", `attachment; filename="${raw(iconv.encode("情况报告.doc", "gbk"))}"`, "情况报告.doc"],
  ["raw UTF-8", `attachment; filename="${raw(Buffer.from("情况报告.doc"))}"`, "情况报告.doc"],
  ["RFC 2231", `attachment; filename*=UTF-8''${percent("总结.doc", "utf-8")}`, "总结.doc"],
  [
    "RFC 2231 in gb2312 with a four-byte name",
    `attachment; filename*=gb2312''${percent("䶮某.doc", "gb18030")}`,
    "䶮某.doc",
  ],
  [
    "RFC 2231 in pieces",
    `attachment; filename*0*=UTF-8''${percent("总", "utf-8")}; filename*1*=${percent("结", "utf-8")}; filename*2=.doc`,
    "总结.doc",
  ],
  ["plain percent encoding", `attachment; filename="${percent("总结", "utf-8")}.doc"`, "总结.doc"],
  ["a path", 'attachment; filename="../../etc/passwd"', "passwd"],
  ["a Windows path", 'attachment; filename="C:\\dir\\a.doc"', "a.doc"],
  ["a right-to-left override", `attachment; filename="${raw(Buffer.from("a\u202Efdp.exe"))}"`, "afdp.exe"],
  ["control characters", 'attachment; filename="a\tb\x01.doc"', "ab.doc"],
  ["leading and trailing dots", 'attachment; filename="..hidden. "', "hidden"],
  ["a device name", 'attachment; filename="CON.txt"', "_CON.txt"],
  ["nothing left", 'attachment; filename="/"', "attachment-1.doc"],
  [
    "too long a name",
    `attachment; filename="${raw(Buffer.from(`${long}.docx`))}"`,
    `${long.slice(0, 83)}.docx`,
  ],
];

test.each(names)("a file name in %s is decoded and safe", async (_how, disposition, filename) => {
  const part = `Content-Type: application/msword\r\nContent-Disposition: ${disposition}\r\n\r\nx`;
  const mail = await parseMail(
    Buffer.from(multipart("mixed", "Content-Type: text/plain\r\n\r\nbody", part), "latin1"),
  );
  expect(mail.parts[0]?.filename).toBe(filename);
});

const pages: [what: string, html: string, text: string][] = [
  [
    "divs as QQ nests them",
    "<div>您好：</div><div><br></div><div><div>建议一</div><div>建议<span>二</span></div></div>",
    "您好：\n\n建议一\n建议二",
  ],
  ["paragraphs", "<p>第一段</p>\n<p>第二段</p>", "第一段\n\n第二段"],
  [
    "table cells",
    "<table><tr><td>姓名</td><td><p>张某</p></td></tr><tr><td>单位</td><td>图书馆</td></tr></table>",
    "姓名\t张某\n单位\t图书馆",
  ],
  [
    "styles, scripts and comments",
    "<style>p{color:red}</style><script>alert(1)</script><!-- x --><p>文</p>",
    "文",
  ],
  ["entities", "a &lt; b &amp; c&nbsp;d &#24314;&#x8bae;", "a < b & c d 建议"],
  ["line breaks", "一<br>二<br/>三", "一\n二\n三"],
  ["a bare less-than", "1 < 2 <b>真</b>", "1 < 2 真"],
  ["preformatted text", "<pre>a\n  b</pre>", "a\n  b"],
  ["an attribute with a closing bracket", '<p title="a > b">文</p>', "文"],
];

test.each(pages)("HTML with %s is readable as text", async (_what, html, readable) => {
  expect((await mailOf(`${head}Content-Type: text/html; charset=utf-8\r\n\r\n${html}`)).text).toBe(readable);
});

const limits: [what: string, raw: () => string, reason: string][] = [
  ["a header beyond the limit", () => `${head}X: ${"a".repeat(2_000_000)}\r\n\r\nx`, "unparseable"],
  [
    "too many parts",
    () => multipart("mixed", ...Array.from({ length: 1100 }, () => "Content-Type: image/png\r\n\r\nx")),
    "unparseable",
  ],
  [
    "HTML beyond the limit",
    () => `${head}Content-Type: text/html\r\n\r\n${"<p>x</p>".repeat(70_000)}`,
    "too-large",
  ],
  ["text beyond the limit", () => `${head}\r\n${"x\r\n".repeat(600_000)}`, "too-large"],
];

test.each(limits)(
  "%s is a problem with a reason, and the sender is still known",
  async (_what, raw, reason) => {
    const mail = await mailOf(raw());
    expect(reasons(mail)).toContain(reason);
    expect(mail.from[0]?.address).toBe("zhang@lib.example");
  },
);

test("a multipart mail without its boundary still shows its text", async () => {
  const mail = await mailOf(`${head}Content-Type: multipart/mixed; boundary=zzz\r\n\r\n建议延长开放时间。`);
  expect(mail.text).toBe("建议延长开放时间。");
});

test("lines ended by CR alone are lines", async () => {
  const mail = await mailOf("From: a@lib.example\rSubject: s\r\rone\rtwo\r");
  expect(mail).toMatchObject({ subject: "s", text: "one\ntwo\n", problems: [] });
});

const structures = fc.array(
  fc.constantFrom(
    "From: a@b.example\r\n",
    "Subject: =?gb2312?B?",
    "?=",
    "\r\n",
    "\r\n\r\n",
    "Content-Type: ",
    "multipart/mixed; boundary=x",
    "multipart/alternative; boundary=x",
    "text/html; charset=",
    "text/plain",
    "message/rfc822",
    "message/delivery-status",
    "--x\r\n",
    "--x--\r\n",
    "Content-Transfer-Encoding: base64\r\n",
    "Content-Disposition: attachment; filename*0*=",
    "''%E4%",
    "<table><td>",
    "&#x0;&#xD800;",
    "\0",
    "建议",
    "\xff\xfe",
    "~{",
    "\x1b$B",
    "=E4=\r\n",
    "> ",
    "-- \r\n",
  ),
  { maxLength: 40 },
);

test("any bytes are a mail: nothing throws, and every string can be stored", async () => {
  const anything = fc.oneof(
    fc.uint8Array({ maxLength: 2000 }),
    structures.map((pieces) => Buffer.from(pieces.join(""), "latin1")),
    structures.map((pieces) => Buffer.from(pieces.join(""))),
  );
  await fc.assert(
    fc.asyncProperty(anything, async (raw) => {
      const mail = await parseMail(raw);
      const strings = [
        mail.subject,
        mail.text,
        mail.html ?? "",
        ...mail.parts.map((part) => part.filename),
        ...Object.values(mail.headers).flat(),
      ];
      for (const each of strings) {
        expect(each).not.toContain("\0");
        expect(each.isWellFormed()).toBe(true);
      }
      for (const part of mail.parts) {
        expect(part.filename).not.toBe("");
        expect(Buffer.byteLength(part.filename)).toBeLessThanOrEqual(255);
      }
    }),
    { numRuns: 400 },
  );
}, 60_000);

const heavy: [what: string, raw: () => string][] = [
  ["deeply nested HTML", () => `${head}Content-Type: text/html\r\n\r\n${"<b>".repeat(160_000)}`],
  ["unclosed quotes in tags", () => `${head}Content-Type: text/html\r\n\r\n${`<a href="`.repeat(50_000)}`],
  ["unclosed comments", () => `${head}Content-Type: text/html\r\n\r\n${"<!-- ".repeat(90_000)}`],
  [
    "a boundary that is never met",
    () => `${head}Content-Type: multipart/mixed; boundary=z\r\n\r\n${"--a\r\n".repeat(50_000)}`,
  ],
  ["sixteen thousand header lines", () => `${"X-A: b\r\n".repeat(15_000)}${head}\r\nx`],
  ["an endless recipient list", () => `To: ${"a@b.example, ".repeat(15_000)}\r\n${head}\r\nx`],
  ["nested groups in From", () => `From: ${"a:".repeat(50_000)}\r\n\r\nx`],
  ["unfinished encoded words", () => `Subject: ${"=?utf-8?B?".repeat(20_000)}\r\n${head}\r\nx`],
  ["endless parameters", () => `${head}Content-Type: text/plain${"; a*0*=b".repeat(20_000)}\r\n\r\nx`],
  ["a label of quotes", () => `${head}Content-Type: text/plain; charset=${"'".repeat(200_000)}x\r\n\r\n\xff`],
  [
    "a bounce of dashes",
    () =>
      `Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nSubject: failure notice\r\n\r\n${"-".repeat(900_000)}`,
  ],
  ["spaces without end", () => `${head}\r\n${" ".repeat(900_000)}x`],
  [
    "multiparts in multiparts",
    () =>
      Array.from(
        { length: 900 },
        (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}\r\n`,
      ).join(""),
  ],
];

test.each(heavy)("%s cost little time", async (_what, raw) => {
  const bytes = Buffer.from(raw());
  const spent = await cpuMillisecondsOf(async () => {
    const mail = await parseMail(bytes);
    newTextOf(mail.text);
  });
  expect(spent).toBeLessThan(2500);
});
