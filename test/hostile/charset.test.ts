// Words as Chinese software really sends them: every charset, right and wrongly labelled, in every place of a mail, whole and
// cut inside a character; and names that only GB 18030 has, from the mail to the workbook and back.
import { PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";
import iconv from "iconv-lite";
import { describe, expect, test } from "vitest";
import { writeLedger } from "../../src/digest/ledger/ledger.ts";
import { readDocument } from "../../src/document/read.ts";
import { parseMail } from "../../src/message/parse.ts";
import { inSnapshot } from "../../src/store/database.ts";
import { zipOf } from "../document/zip-builder.ts";
import { arrivedAt, mailedOffice } from "../support/mailed-office.ts";
import { rareNames } from "./rare-names.ts";

const { office, mailbox, rows } = await mailedOffice();

interface Read {
  subject: string;
  name: string;
  filename: string;
  text: string;
}

type Fixture = [what: string, mail: () => Buffer, expected: Partial<Read>];

async function read(raw: Buffer): Promise<Read> {
  const { subject, from, parts, text } = await parseMail(raw);
  return { subject, name: from[0]?.name ?? "", filename: parts[0]?.filename ?? "", text: text.trimEnd() };
}

const prose = "关于加快推进文化现代化的几点建议：延长图书馆开放时间。";
const traditional = "關於加快推進文化現代化的幾點建議：延長圖書館開放時間。";
const rare = "馆员䶮某与㛃、𠅤、𰻝同报";
const mixed = "金点子🏮：ＡＢＣ１２３、ｶﾅ、①㈱，مرحبا";

/** Charset, a text it can hold, and the labels under which it is met. */
const written: [charset: string, text: string, labels: string[]][] = [
  [
    "utf-8",
    prose,
    ["utf-8", "UTF8", "Utf-8", "gb2312", "GBK", "iso-8859-1", "us-ascii", "unknown-8bit", "x-made-up"],
  ],
  ["utf-8", rare, ["utf-8", "UTF-8*zh-CN", "gb18030"]],
  ["utf-8", mixed, ["utf-8", "gbk", "windows-1252"]],
  [
    "gbk",
    prose,
    [
      "gbk",
      "GB2312",
      "gb_2312-80",
      "x-gbk",
      "CP936",
      "euc-cn",
      "utf-8",
      "iso-8859-1",
      "x-made-up",
      "HZ-GB-2312",
    ],
  ],
  ["gb18030", rare, ["gb18030", "gb2312", "GBK", "gb18030-2022", "GB_18030-2005", "x-gb18030", "hz-gb-2312"]],
  ["gb18030", mixed, ["gb18030", "GB18030", "gb2312"]],
  ["big5", traditional, ["big5", "Big5-HKSCS", "x-x-big5", "cn-big5", "CP950", "utf-8", "iso-8859-1"]],
];

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
const quoted = (bytes: Uint8Array) =>
  [...bytes].map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
const percent = (bytes: Uint8Array) => quoted(bytes).replaceAll("=", "%");
const joined = (...pieces: (string | Uint8Array)[]) =>
  Buffer.concat(pieces.map((piece) => (typeof piece === "string" ? Buffer.from(piece) : piece)));

const from = "From: <zhang@lib.culture.example>\r\n";
const attachment = (disposition: string | Uint8Array, type = "application/octet-stream") =>
  joined(
    `${from}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: ${type}\r\nContent-Disposition: attachment`,
    disposition,
    "\r\n\r\nx\r\n--b--\r\n",
  );

/** Where a text can stand, and how it is written there. */
function places(charset: string, text: string, label: string): Fixture[] {
  const bytes = iconv.encode(text, charset);
  const [B, Q] = [base64(bytes), quoted(bytes)];
  const cut = Math.floor(bytes.length / 2) | 1;
  const halves = [bytes.subarray(0, cut), bytes.subarray(cut)];
  const name = `${text.replaceAll(/[：:]/g, "，")}.doc`;
  const nameBytes = iconv.encode(name, charset);
  const says = `${charset} called ${label}`;
  const body = (encoding: string, content: string | Uint8Array) =>
    joined(
      `${from}Content-Type: text/plain; charset="${label}"\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`,
      content,
    );
  return [
    [
      `${says}: subject in B words`,
      () => joined(`${from}Subject: =?${label}?B?${B}?=\r\n\r\nx`),
      { subject: text },
    ],
    [
      `${says}: name in Q words`,
      () => joined(`From: =?${label}?q?${Q}?= <a@x.example>\r\n\r\nx`),
      { name: text },
    ],
    [
      `${says}: words cut inside a character`,
      () =>
        joined(
          `${from}Subject: ${halves.map((half) => `=?${label}?B?${base64(half)}?=`).join("\r\n ")}\r\n\r\nx`,
        ),
      { subject: text },
    ],
    [`${says}: body in base64`, () => body("base64", B.replace(/.{60}/g, "$&\r\n")), { text }],
    [`${says}: body quoted`, () => body("quoted-printable", Q.replace(/.{72}/g, "$&=\r\n")), { text }],
    [
      `${says}: file name by RFC 2231`,
      () => attachment(`; filename*=${label.replace("*zh-CN", "")}''${percent(nameBytes)}`),
      { filename: name },
    ],
  ];
}

const raws: Fixture[] = [
  ...written.flatMap(([charset, text]): Fixture[] => {
    const bytes = iconv.encode(text, charset);
    const name = `${text.replaceAll(/[：:]/g, "，")}.doc`;
    return [
      [`raw ${charset} in Subject`, () => joined(from, "Subject: ", bytes, "\r\n\r\nx"), { subject: text }],
      [
        `raw ${charset} in Subject, the charset only beside the body`,
        () =>
          joined(from, "Subject: ", bytes, `\r\nContent-Type: text/plain; charset=${charset}\r\n\r\n`, bytes),
        { subject: text, text },
      ],
      [
        `raw ${charset} in a name in quotes`,
        () => joined('From: "', iconv.encode(text, charset), '" <a@x.example>\r\n\r\nx'),
        { name: text },
      ],
      [
        `raw ${charset} as file name`,
        () => attachment(joined('; filename="', iconv.encode(name, charset), '"')),
        { filename: name },
      ],
      [`undeclared ${charset} body`, () => joined(from, "Subject: x\r\n\r\n", bytes), { text }],
    ];
  }),
];

const name = "建议（一）䶮.docx";
const [gbName, utf8Name] = [iconv.encode(name, "gb18030"), Buffer.from(name)];
const hz = "~{9XSZ~}";
const parameters: Fixture[] = [
  [
    "continuations, all encoded",
    () =>
      attachment(
        `; filename*0*=gb18030''${percent(gbName.subarray(0, 3))}; filename*1*=${percent(gbName.subarray(3))}`,
      ),
    { filename: name },
  ],
  [
    "continuations in the wrong order",
    () =>
      attachment(
        `; filename*1*=${percent(gbName.subarray(3))}; filename*0*=gbk''${percent(gbName.subarray(0, 3))}`,
      ),
    { filename: name },
  ],
  [
    "continuations without a charset",
    () =>
      attachment(
        `; filename*0*=${percent(utf8Name.subarray(0, 4))}; filename*1*=${percent(utf8Name.subarray(4))}`,
      ),
    { filename: name },
  ],
  [
    "continuations, plain and encoded",
    () => attachment(`; filename*0*=utf-8''${percent(Buffer.from("建议"))}; filename*1="-final.doc"`),
    { filename: "建议-final.doc" },
  ],
  [
    "plain continuations of raw GBK",
    () =>
      attachment(joined('; filename*0="', gbName.subarray(0, 6), '"; filename*1="', gbName.subarray(6), '"')),
    { filename: name },
  ],
  ["an empty charset", () => attachment(`; filename*=''${percent(utf8Name)}`), { filename: name }],
  [
    "a charset that lies",
    () => attachment(`; filename*=iso-8859-1''${percent(utf8Name)}`),
    { filename: name },
  ],
  [
    "percent signs in lower case",
    () => attachment(`; filename*=utf-8'zh-CN'${percent(utf8Name).toLowerCase()}`),
    { filename: name },
  ],
  [
    "both forms: the extended one",
    () => attachment(`; filename="a.doc"; filename*=utf-8''${percent(utf8Name)}`),
    { filename: name },
  ],
  [
    "both forms, in one word's length",
    () => attachment(`; filename*=utf-8''${percent(utf8Name)}; filename="=?gbk?B?${base64(gbName)}?="`),
    { filename: name },
  ],
  [
    "an encoded word in quotes",
    () => attachment(`; filename="=?gb18030?B?${base64(gbName)}?="`),
    { filename: name },
  ],
  [
    "an encoded word without quotes",
    () => attachment(`; filename==?utf-8?B?${base64(utf8Name)}?=`),
    { filename: name },
  ],
  [
    "encoded words cut inside a character",
    () =>
      attachment(
        `; filename="=?gb2312?B?${base64(gbName.subarray(0, 3))}?=\r\n =?gb2312?B?${base64(gbName.subarray(3))}?="`,
      ),
    { filename: name },
  ],
  [
    "encoded words joined by a tab",
    () =>
      attachment(
        `; filename="=?utf-8?Q?${quoted(utf8Name.subarray(0, 4))}?=\t=?utf-8?Q?${quoted(utf8Name.subarray(4))}?="`,
      ),
    { filename: name },
  ],
  [
    "percent signs in the plain form",
    () => attachment(`; filename="${encodeURIComponent(name)}"`),
    { filename: name },
  ],
  [
    "only the name of Content-Type",
    () => attachment("", `application/msword; name="=?gbk?B?${base64(gbName)}?="`),
    { filename: name },
  ],
  [
    "the name of Content-Type in raw GBK",
    () =>
      joined(
        `${from}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: application/msword; name="`,
        gbName,
        '"\r\n\r\nx\r\n--b--\r\n',
      ),
    { filename: name },
  ],
  [
    "two names that differ: the disposition's",
    () => attachment(`; filename*=utf-8''${percent(utf8Name)}`, "application/msword; name=other.doc"),
    { filename: name },
  ],
  [
    "an empty file name beside a name",
    () => attachment('; filename=""', `application/msword; name="${name}"`),
    { filename: name },
  ],
  ["UTF-8 as it is (RFC 6532)", () => attachment(joined('; filename="', utf8Name, '"')), { filename: name }],
  ["a semicolon in quotes", () => attachment('; filename="甲；a;b.doc"'), { filename: "甲；a;b.doc" }],
  ["an escaped quote", () => attachment('; filename="a\\"b.doc"'), { filename: "a_b.doc" }],
];

const oddWords: Fixture[] = [
  [
    "a word in a word",
    () => joined(`${from}Subject: =?utf-8?B?${base64(Buffer.from("=?gbk?B?vajS6Q==?="))}?=\r\n\r\nx`),
    { subject: "=?gbk?B?vajS6Q==?=" },
  ],
  [
    "words of two charsets",
    () =>
      joined(
        `${from}Subject: =?gbk?B?${base64(iconv.encode("建议", "gbk"))}?= =?utf-8?B?${base64(Buffer.from("一则"))}?=\r\n\r\nx`,
      ),
    { subject: "建议一则" },
  ],
  [
    "words with and without blanks between",
    () => joined(`${from}Subject: =?utf-8?Q?=E5=BB=BA?==?utf-8?Q?=E8=AE=AE?= =?utf-8?Q?_?= x\r\n\r\nx`),
    { subject: "建议  x" },
  ],
  [
    "base64 without its end",
    () => joined(`${from}Subject: =?utf-8?B?5bu66K6u5LiA5Ye?=\r\n\r\nx`),
    { subject: "建议一\ufffd" },
  ],
  ["base64 with blanks", () => joined(`${from}Subject: =?utf-8?B?5bu6 6K6u?=\r\n\r\nx`), { subject: "建议" }],
  [
    "Q with a broken sign",
    () => joined(`${from}Subject: =?utf-8?Q?=E5=BB=BA=XY?=\r\n\r\nx`),
    { subject: "建=XY" },
  ],
  [
    "an unknown encoding stays as it is",
    () => joined(`${from}Subject: =?utf-8?X?abc?=\r\n\r\nx`),
    { subject: "=?utf-8?X?abc?=" },
  ],
  [
    "a language tag (RFC 2231)",
    () => joined(`${from}Subject: =?gb2312*zh?B?${base64(iconv.encode("建议", "gbk"))}?=\r\n\r\nx`),
    { subject: "建议" },
  ],
  [
    "a word in a quoted name",
    () => joined(`From: "=?gb2312?B?${base64(iconv.encode("张某", "gbk"))}?=" <a@x.example>\r\n\r\nx`),
    { name: "张某" },
  ],
  [
    "a comma in an encoded name",
    () => joined(`From: =?utf-8?B?${base64(Buffer.from("张某, 馆长"))}?= <a@x.example>\r\n\r\nx`),
    { name: "张某, 馆长" },
  ],
  [
    "a fold inside raw GBK",
    () =>
      joined(
        from,
        "Subject: ",
        iconv.encode("关于建设", "gbk"),
        "\r\n ",
        iconv.encode("自助书屋", "gbk"),
        "\r\n\r\nx",
      ),
    { subject: "关于建设 自助书屋" },
  ],
  [
    "raw GBK beside a word",
    () =>
      joined(
        from,
        "Subject: ",
        iconv.encode("转发：", "gbk"),
        `=?utf-8?B?${base64(Buffer.from("建议"))}?=\r\n\r\nx`,
      ),
    { subject: "转发：建议" },
  ],
  [
    "half-width and full-width stay",
    () => joined(`${from}Subject: ＡＢｃ１２　ｶﾞ￥\r\n\r\nx`),
    { subject: "ＡＢｃ１２　ｶﾞ￥" },
  ],
  [
    "emoji of several signs",
    () => joined(`${from}Subject: =?utf-8?B?${base64(Buffer.from("👨‍👩‍👧🏳️‍🌈"))}?=\r\n\r\nx`),
    { subject: "👨‍👩‍👧🏳️‍🌈" },
  ],
  [
    "an emoji cut in two words",
    () => joined(`${from}Subject: =?utf-8?B?8J8=?= =?utf-8?B?j64=?=\r\n\r\nx`),
    { subject: "🏮" },
  ],
  [
    "right to left",
    () => joined(`${from}Subject: =?utf-8?B?${base64(Buffer.from("مرحبا 建议"))}?=\r\n\r\nx`),
    { subject: "مرحبا 建议" },
  ],
  [
    "GB 18030-2022's own signs",
    () => joined(`${from}Subject: =?gb18030?B?${base64(Buffer.from("fe59a6d984318236", "hex"))}?=\r\n\r\nx`),
    { subject: "\u9fb4\ufe10\ufe10" },
  ],
  [
    "four bytes cut in two words",
    () => joined(`${from}Subject: =?gb18030?B?gjA=?= =?gb18030?B?tzE=?=\r\n\r\nx`),
    { subject: "㛃" },
  ],
  ["HZ in a word", () => joined(`${from}Subject: =?hz-gb-2312?Q?~{9XSZ~}?=\r\n\r\nx`), { subject: "关于" }],
  ["HZ called gb2312", () => joined(`${from}Subject: =?gb2312?Q?${hz}?=\r\n\r\nx`), { subject: "关于" }],
];

const wide = (charset: "utf-16le" | "utf-16be", addBOM = false) => iconv.encode(prose, charset, { addBOM });
const textAs = (label: string, content: string | Uint8Array, encoding = "8bit") =>
  joined(
    `${from}Content-Type: text/plain; charset=${label}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`,
    content,
  );
const bodies: Fixture[] = [
  ["UTF-16 with a mark", () => textAs("utf-16", base64(wide("utf-16le", true)), "base64"), { text: prose }],
  [
    "big-endian UTF-16 with a mark",
    () => textAs("utf-16", base64(wide("utf-16be", true)), "base64"),
    { text: prose },
  ],
  ["UTF-16LE without a mark", () => textAs("utf-16le", base64(wide("utf-16le")), "base64"), { text: prose }],
  ["UTF-16BE without a mark", () => textAs("utf-16be", base64(wide("utf-16be")), "base64"), { text: prose }],
  ["UTF-16 called utf-8", () => textAs("utf-8", base64(wide("utf-16le", true)), "base64"), { text: prose }],
  ["UTF-8 called utf-16", () => textAs("utf-16", base64(Buffer.from(prose)), "base64"), { text: prose }],
  ["UTF-8 with a mark called gbk", () => textAs("gbk", `\ufeff${prose}`), { text: prose }],
  ["HZ", () => textAs("hz-gb-2312", "~{9XSZ~}, ~~ ~{=(Ri~}"), { text: "关于, ~ 建议" }],
  ["HZ called gb2312", () => textAs("gb2312", "~{9XSZ~}"), { text: "关于" }],
  ["HZ over a line's end", () => textAs("hz-gb-2312", "~{9XSZ~}~\r\n~{=(Ri~}"), { text: "关于建议" }],
  [
    "ISO-2022-CN",
    () => textAs("iso-2022-cn", "\x1b$)A\x0e9XSZ\x0f: a\r\n\x1b$)A\x0e=(Ri\x0f"),
    { text: "关于: a\n建议" },
  ],
  [
    "ISO-2022-CN, quoted",
    () => textAs("ISO-2022-CN", "=1B$)A=0E9XSZ=0F", "quoted-printable"),
    { text: "关于" },
  ],
  ["ISO-2022-JP", () => textAs("iso-2022-jp", "\x1b$B%F%9%H\x1b(B"), { text: "テスト" }],
  [
    "UTF-7",
    () => textAs("utf-7", `${iconv.encode("关于 a+b", "utf-7").toString("latin1")}`),
    { text: "关于 a+b" },
  ],
  ["UTF-7 by its old name", () => textAs("unicode-1-1-utf-7", "+UXNOjg- ok"), { text: "关于 ok" }],
  ["EUC-KR declared", () => textAs("euc-kr", iconv.encode("문화", "euc-kr")), { text: "문화" }],
  ["Shift_JIS declared", () => textAs("shift_jis", iconv.encode("図書館", "shift_jis")), { text: "図書館" }],
  [
    "Western letters declared",
    () => textAs("iso-8859-1", Buffer.from("Caf\xe9 M\xfcller", "latin1")),
    { text: "Café Müller" },
  ],
  ["Cyrillic declared", () => textAs("koi8-r", iconv.encode("Москва", "koi8-r")), { text: "Москва" }],
  [
    "two charsets in one mail: each part's own",
    () =>
      joined(
        `${from}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=gbk\r\n\r\n`,
        iconv.encode("建议一", "gbk"),
        "\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n建议二\r\n--b--\r\n",
      ),
    { text: "建议一\n建议二" },
  ],
  [
    "HTML whose meta says GBK",
    () =>
      joined(
        `${from}Content-Type: text/html\r\n\r\n<meta charset="gb2312"><p>`,
        iconv.encode(rare, "gb18030"),
      ),
    { text: rare },
  ],
  [
    "HTML whose header and meta differ",
    () => joined(`${from}Content-Type: text/html; charset=utf-8\r\n\r\n<meta charset=gb2312><p>${prose}`),
    { text: prose },
  ],
  [
    "HTML with numeric signs",
    () => joined(`${from}Content-Type: text/html\r\n\r\n<p>&#19886;&#x36C3;&#131428;`),
    { text: "䶮㛃𠅤" },
  ],
  [
    "base64 with foreign signs",
    () =>
      textAs(
        "utf-8",
        `${base64(Buffer.from(prose)).slice(0, 20)}!*\r\n${base64(Buffer.from(prose)).slice(20)}`,
        "base64",
      ),
    { text: prose },
  ],
  [
    "base64 without padding",
    () => textAs("utf-8", base64(Buffer.from(`${prose}甲`)).replace(/=+$/, ""), "base64"),
    { text: `${prose}甲` },
  ],
  [
    "quoted with soft ends inside a character",
    () => textAs("utf-8", "=E5=BB=\r\n=BA=E8=AE=\r\n=AE", "quoted-printable"),
    { text: "建议" },
  ],
  ["quoted in lower case", () => textAs("gbk", "=bd=a8=d2=e9", "quoted-printable"), { text: "建议" }],
  ["quoted that is not", () => textAs("utf-8", "a=b 建议 =", "quoted-printable"), { text: "a=b 建议" }],
];

const fixtures: Fixture[] = [
  ...written.flatMap(([charset, text, labels]) => labels.flatMap((label) => places(charset, text, label))),
  ...raws,
  ...parameters,
  ...oddWords,
  ...bodies,
];

describe("words in a mail", () => {
  test("the table is large", () => expect(fixtures.length).toBeGreaterThanOrEqual(200));
  test.each(fixtures)("%s", async (_what, mail, expected) => {
    expect(await read(mail())).toMatchObject(expected);
  });
});

describe("names in a ZIP", () => {
  const rareName = "建议书（䶮㛃）.txt";
  const plain = "总结报告.txt";
  const cases: [what: string, member: Parameters<typeof zipOf>[0][number], shown: string][] = [
    ["UTF-8 and says so", { name: plain, flags: 0x800 }, plain],
    ["UTF-8 and does not say so", { name: plain }, plain],
    ["GBK, as Windows in Chinese writes it", { name: iconv.encode(plain, "gbk") }, plain],
    ["GB 18030", { name: iconv.encode(rareName, "gb18030") }, rareName],
    ["GBK that claims to be UTF-8", { name: iconv.encode(plain, "gbk"), flags: 0x800 }, plain],
    ["rare names in UTF-8", { name: rareName, flags: 0x800 }, rareName],
    ["ASCII", { name: "report.txt" }, "report.txt"],
    ["folders in GBK", { name: iconv.encode("材料/总结报告.txt", "gbk") }, plain],
    ["folders with the strokes of Windows", { name: iconv.encode("材料\\总结报告.txt", "gbk") }, plain],
    ["an emoji", { name: "金点子🏮.txt", flags: 0x800 }, "金点子🏮.txt"],
  ];
  test.each(cases)("%s", async (_what, member, shown) => {
    const archive = zipOf([{ ...member, content: "建议延长开放时间。" }]);
    const { children } = await readDocument(archive, { inline: false });
    expect(children.map(({ filename }) => filename)).toEqual([shown]);
  });
});

describe("names of the register", () => {
  test("there are two hundred, none twice, none in GBK", () => {
    expect(new Set(rareNames).size).toBe(200);
    const again = (text: string) => iconv.decode(iconv.encode(text, "gb2312"), "gb2312");
    for (const one of rareNames) expect(again(one)).not.toBe(one);
  });

  test("each goes through a mail, the ledger in the database and the workbook unchanged", async () => {
    for (let from = 0; from < rareNames.length; from += 10) {
      const names = rareNames.slice(from, from + 10).join("、");
      const text = iconv.encode(
        `建议在第${from}号阅览室增设自助借还点。\r\n建议人：${names}\r\n市图书馆\r\n`,
        "gb18030",
      );
      const subject = base64(iconv.encode(`金点子：${names}`, "gb18030"));
      mailbox().deliver(
        joined(
          `From: =?gb2312?B?${base64(iconv.encode(rareNames[from] as string, "gb18030"))}?= <u${from}@lib.culture.example>\r\n`,
          `Message-ID: <${from}@lib.culture.example>\r\nSubject: =?gbk?B?${subject}?=\r\nContent-Type: text/plain; charset=gb2312\r\n\r\n`,
          text,
        ),
        arrivedAt,
      );
    }
    await office.pass(mailbox());
    const stored = await rows("select string_agg(subject || new_text, '') as words from message");
    const out = new PassThrough();
    const [workbook] = await Promise.all([
      buffer(out),
      inSnapshot(office.app.db, (trx) =>
        writeLedger(trx, { campaign: office.campaign, obligations: [] }, out),
      ),
    ]);
    const { text } = await readDocument(workbook, { inline: false });
    const lost = rareNames.filter((one) => !String(stored[0]?.words).includes(one) || !text.includes(one));
    expect(lost).toEqual([]);
  });
});
