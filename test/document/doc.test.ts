// Old Word documents, built byte by byte: what each property, field, piece, story and list does to the text.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import iconv from "iconv-lite";
import { expect, test } from "vitest";
import { openCompoundFile } from "../../src/document/compound.ts";
import { compoundFile } from "../../src/document/compound-writer.ts";
import type { Recognise } from "../../src/document/document.ts";
import { readDocument } from "../../src/document/read.ts";
import {
  type Level,
  type Paragraph,
  type Parts,
  packagedFile,
  type Run,
  wordFile,
  wordStreams,
} from "./word-builder.ts";

const documents = join(import.meta.dirname, "../../fixtures/documents");
const shown = { inline: false };
const read = (parts: Parts) => readDocument(wordFile(parts), shown);
const textOf = async (parts: Parts) => (await read(parts)).text;

const DELETED = [0x00, 0x08, 1];
const HIDDEN = (value: number) => [0x3c, 0x08, value];
const SPECIAL = [0x55, 0x08, 1];
const ROW_END = [0x17, 0x24, 1];
const INNER_CELL = [0x4b, 0x24, 1];
const INNER_ROW_END = [0x4c, 0x24, 1];
const list = (number: number, level = 0) => [0x0b, 0x46, number, 0, 0x0a, 0x26, level];

const one = (...runs: (Run | string)[]): Paragraph => ({ runs });
const cells = (...texts: string[]): Paragraph[] => [
  ...texts.map((text) => ({ runs: [text], end: "\x07" })),
  { runs: [], end: "\x07", changes: ROW_END },
];
const item = (text: string, number = 1, level = 0): Paragraph => ({
  runs: [text],
  changes: list(number, level),
});
const level = (format: number, pattern: string, more: Partial<Level> = {}): Level => ({
  format,
  pattern,
  ...more,
});

test.each<[what: string, paragraph: Paragraph, text: string]>([
  ["8-bit and 16-bit pieces", one({ text: "A “b” – ", isNarrow: true }, "甲"), "A “b” – 甲"],
  ["no deleted words", one("建议把", { text: "图书馆", changes: DELETED }, "文化馆开放"), "建议把文化馆开放"],
  [
    "no words deleted in a hurry",
    one("建议", { text: "不", pieceChange: (1 << 8) | (0x41 << 1) }, "开放"),
    "建议开放",
  ],
  ["no hidden words", one("全文", { text: "（内部）", changes: HIDDEN(1) }, "公开"), "全文公开"],
  ["words that hide and then do not", one({ text: "公开", changes: [...HIDDEN(1), ...HIDDEN(0)] }), "公开"],
  ["the result of a field", one("共\x13 =SUM(A1) \x14十二\x15项"), "共十二项"],
  [
    "fields in fields",
    one("见\x13 IF \x13 PAGE \x14三\x15 > 1 \x14第\x13 PAGE \x14三\x15页\x15。"),
    "见第三页。",
  ],
  ["the words of a link", one('\x13 HYPERLINK "http://lib.example/" \x14市图书馆\x15'), "市图书馆"],
  ["all that follows a field without end", one("一、甲\x13乙丙"), "一、甲乙丙"],
  ["a stray end of a field", one("甲\x14乙\x15丙"), "甲乙丙"],
  ["ringed numbers", one("\x13 eq \\o\\ac(○,3)\x15开放夜场"), "③开放夜场"],
  ["ringed signs", one("\x13 eq \\o\\ac(○,密)\x15"), "密"],
  [
    "signs below their sounds",
    one('\x13 EQ \\* jc2 \\* "Font:宋体" \\* hps10 \\o\\ad(\\s\\up 9(huì),绘)\x15本'),
    "绘本",
  ],
  ["two lines in one", one("\x13 EQ \\o(\\s\\up 6(市图书馆),\\s\\do 2(市文化馆))\x15"), "市图书馆,市文化馆"],
  ["a sign by its number", one('\x13 SYMBOL 254 \\f "Wingdings" \\s 12 \x15同意'), "🗹同意"],
  ["hyphens", one("A\x1eB\x1fC"), "A-BC"],
  ["line, column and page ends", one("甲\x0b乙\x0e丙\x0c丁"), "甲\n乙\n丙\n丁"],
  ["no places of pictures and notes", one({ text: "\x01\x02\x05\x08", changes: SPECIAL }, "正文"), "正文"],
  ["a section's end", { runs: ["甲"], end: "\f" }, "甲"],
])("a Word document gives %s", async (_, paragraph, text) => {
  expect(await textOf({ body: [paragraph] })).toBe(text);
});

test("pieces are read in the order of the document, not of the file", async () => {
  const body = [one("一、", "延长开放时间"), one({ text: "A1 ", isNarrow: true }, "设自助还书机"), "完"];
  expect(await textOf({ body, isShuffled: true })).toBe("一、延长开放时间\nA1 设自助还书机\n完");
});

test("a deleted paragraph end joins its neighbours", async () => {
  const body: Paragraph[] = [{ runs: ["建议延长"], endChanges: DELETED }, one("开放时间")];
  expect(await textOf({ body })).toBe("建议延长开放时间");
});

test("styles hide, and what is in them may show itself again", async () => {
  const styles: Parts["styles"] = [
    { kind: 1 },
    { kind: 1, base: 0, characters: HIDDEN(0x81) },
    { kind: 2, characters: HIDDEN(1) },
  ];
  const body: Paragraph[] = [
    { runs: ["藏"], style: 1 },
    { runs: [{ text: "现", changes: HIDDEN(0x81) }], style: 1, endChanges: HIDDEN(0x81) },
    { runs: ["甲", { text: "藏", changes: [0x30, 0x4a, 2, 0] }, "乙"] },
  ];
  expect(await textOf({ body, styles })).toBe("现\n甲乙");
});

test("signs of sign fonts are read as what they look like", async () => {
  const fonts = [
    { name: "宋体", charset: 134 },
    { name: "Wingdings", charset: 2 },
  ];
  const symbol = [...SPECIAL, 0x09, 0x6a, 1, 0, 0xfe, 0xf0];
  const inFont = [0x4f, 0x4a, 1, 0];
  const body = [
    one({ text: "(", changes: symbol }, "同意"),
    one({ text: "\uf0a8", changes: inFont }, "反对"),
  ];
  expect(await textOf({ body, fonts })).toBe("🗹同意\n🞎反对");
});

test("a table is read row by row, a table inside a cell as well", async () => {
  const inner: Paragraph[] = [
    { runs: ["每周"], changes: INNER_CELL },
    { runs: ["两次"], changes: INNER_CELL },
    { runs: [], changes: INNER_ROW_END },
  ];
  const body = [...cells("姓名", "建议"), ...inner, ...cells("", "设二维码"), "完"];
  expect(await textOf({ body })).toBe("姓名\t建议\n每周\t两次\n\t设二维码\n完");
});

test("a table stays one where its words were deleted", async () => {
  const body: Paragraph[] = [
    { runs: [{ text: "旧", changes: DELETED }, "新"], end: "\x07", endChanges: DELETED },
    { runs: ["乙"], end: "\x07" },
    { runs: [], end: "\x07", changes: ROW_END },
  ];
  expect(await textOf({ body })).toBe("新\t乙");
});

test("without properties, two cell ends in a row end the row", async () => {
  const streams = wordStreams({ body: [...cells("甲", "乙"), ...cells("丙", "丁")] });
  const [main] = streams;
  main?.content.fill(0, 0x9a + 12 * 8, 0x9a + 14 * 8);
  const document = await readDocument(compoundFile(streams, 1_000_000) as Buffer, shown);
  expect(document.text).toBe("甲\t乙\n丙\t丁");
});

test("stories come in reading order, page headers once, those of numbers only not at all", async () => {
  const header = [one("市博物馆陈列部"), ""];
  const page = ["\x13 PAGE \x141\x15"];
  const text = await textOf({
    body: ["正文\x02"],
    footnotes: ["\x02 脚注甲"],
    headers: [["\x03"], [], ["\x04"], [], [], [], header, page, header],
    comments: ["\x05批注：请核对"],
    endnotes: ["尾注乙"],
    textBoxes: ["框中的话"],
  });
  expect(text.split("\n").filter(Boolean)).toEqual([
    "正文",
    "脚注甲",
    "尾注乙",
    "框中的话",
    "市博物馆陈列部",
    "批注：请核对",
  ]);
});

test.each<[what: string, format: number, values: string[]]>([
  ["一", 37, ["一、", "二、", "三、"]],
  ["壹", 38, ["壹、", "贰、", "叁、"]],
  ["①", 18, ["① ", "② ", "③ "]],
  ["甲", 30, ["甲、", "乙、", "丙、"]],
  ["子", 31, ["子、", "丑、", "寅、"]],
  ["⑴", 27, ["⑴ ", "⑵ ", "⑶ "]],
  ["A", 3, ["A、", "B、", "C、"]],
  ["iv", 2, ["i、", "ii、", "iii、"]],
  ["01", 22, ["01、", "02、", "03、"]],
])("lists are numbered: %s", async (_, format, labels) => {
  const pattern = format === 18 || format === 27 ? "\0" : "\0、";
  const lists = [{ id: 7, levels: [level(format, pattern)] }];
  const body = ["甲", "乙", "丙"].map((text) => item(text));
  expect(await textOf({ body, lists, overrides: [{ list: 7 }] })).toBe(
    ["甲", "乙", "丙"].map((text, at) => labels[at] + text).join("\n"),
  );
});

test("levels count below each other, go on after other paragraphs, and begin again below a new one", async () => {
  const levels = [level(37, "\0、"), level(37, "（\x01）"), level(0, "\0.\x01.\x02", { flags: 4 })];
  const body = [
    item("开办街头音乐角"),
    item("选址", 1, 1),
    item("踏勘", 1, 2),
    item("报批", 1, 2),
    item("演出", 1, 1),
    "以上由群文部提出。",
    item(""),
    item("流动书画展"),
    item("走访", 1, 1),
    item("三馆", 1, 2),
  ];
  expect(await textOf({ body, lists: [{ id: 7, levels }], overrides: [{ list: 7 }] })).toBe(
    "一、开办街头音乐角\n（一）选址\n1.1.1 踏勘\n1.1.2 报批\n（二）演出\n以上由群文部提出。\n\n三、流动书画展\n（一）走访\n3.1.1 三馆",
  );
});

test("a list of its own start begins there once; lists of one definition count on together", async () => {
  const lists = [{ id: 7, levels: [level(0, "\0.")] }];
  const overrides = [{ list: 7 }, { list: 7, starts: [{ level: 0, start: 5 }] }, { list: 7 }];
  const body = [item("甲"), item("乙", 3), item("丙", 2), item("丁", 2), item("戊")];
  expect(await textOf({ body, lists, overrides })).toBe("1. 甲\n2. 乙\n5. 丙\n6. 丁\n7. 戊");
});

test("numbers come from the style and its bases, and a paragraph may take itself out", async () => {
  const lists = [{ id: 7, levels: [level(37, "第\0章 "), level(0, "\0.\x01", { flags: 4 })] }];
  const styles: Parts["styles"] = [
    { kind: 1 },
    { kind: 1, base: 0, paragraph: [0x0b, 0x46, 1, 0] },
    { kind: 1, base: 1, paragraph: [0x0a, 0x26, 1] },
  ];
  const body: Paragraph[] = [
    { runs: ["总则"], style: 1 },
    { runs: ["目的"], style: 2 },
    { runs: ["不编号"], style: 1, changes: [0x0b, 0x46, 0, 0] },
    { runs: ["附则"], style: 1 },
  ];
  expect(await textOf({ body, lists, styles, overrides: [{ list: 7 }] })).toBe(
    "第一章  总则\n1.1 目的\n不编号\n第二章  附则",
  );
});

test("a cell that holds nothing but its number shows it, bullets are bullets", async () => {
  const lists = [
    { id: 7, levels: [level(0, "\0")] },
    { id: 8, levels: [level(23, "\uf06c")] },
  ];
  const row = (text: string): Paragraph[] => [
    { runs: [], end: "\x07", changes: list(1) },
    { runs: [text], end: "\x07" },
    { runs: [], end: "\x07", changes: ROW_END },
  ];
  const body = [...row("设二维码"), ...row("办考古课"), item("另附照片", 2)];
  expect(await textOf({ body, lists, overrides: [{ list: 7 }, { list: 8 }] })).toBe(
    "1 \t设二维码\n2 \t办考古课\n• 另附照片",
  );
});

const pattern = (format: number, before: string, after: string, flags = 0): number[] => {
  const anld = Buffer.alloc(52);
  anld.set([format, before.length, after.length, flags]);
  anld.writeUInt16LE(1, 10);
  anld.write(before + after, 20, "latin1");
  return [12, 52, ...anld];
};

test("Word 95 is read in the charset of its language, with its tables, numbers and changes", async () => {
  const numbered = (text: string): Paragraph => ({
    runs: [text],
    changes: [...pattern(0, "(", ")"), 13, 10],
  });
  const body: Paragraph[] = [
    one("关于延长开放时间的", { text: "旧", changes: [65, 1] }, "建议"),
    numbered("先试点"),
    numbered("后推开"),
    { runs: ["姓名"], end: "\x07", changes: [24, 1] },
    { runs: ["沈知行"], end: "\x07", changes: [24, 1] },
    { runs: [], end: "\x07", changes: [24, 1, 25, 1] },
    one("\x13 DATE \x14十一月\x15", { text: "藏", changes: [92, 1] }),
  ];
  const text = "关于延长开放时间的建议\n(1)先试点\n(2)后推开\n姓名\t沈知行\n十一月";
  expect(await textOf({ body, old: { language: 0x0804, charset: "gbk" } })).toBe(text);
  expect(await textOf({ body, old: { language: 0x0804, charset: "gbk" }, isShuffled: true })).toBe(text);
});

test.each([
  ["Big5 by the language", 0x0404, "big5", "關於設立兒童閱覽室", []],
  ["GBK by a font", 0x0409, "gbk", "关于设立儿童阅览室", [{ name: "SimSun", charset: 134 }]],
  ["Cyrillic by a font", 0x0409, "windows-1251", "Библиотека", [{ name: "Arial Cyr", charset: 204 }]],
  [
    "Western beside a Chinese font",
    0x0409,
    "windows-1252",
    "“Agenda” – Café",
    [
      { name: "Arial", charset: 0 },
      { name: "SimSun", charset: 134 },
    ],
  ],
  ["Western by nothing", 0x0409, "windows-1252", "“Café” – 5 €", []],
])("Word 95: %s", async (_, language, charset, text, fonts) => {
  const body = [one({ text, changes: [93, 0, 0] })];
  expect(await textOf({ body, fonts, old: { language, charset } })).toBe(text);
});

test("a Word document that is cut short gives what is left, and says so; nothing left is corrupt", async () => {
  const streams = wordStreams({ body: Array.from({ length: 30 }, (_, at) => `第${at + 1}条建议`) });
  const [main, table] = streams.map(({ content }) => content) as [Buffer, Buffer];
  const cut = (bytes: number) =>
    readDocument(
      compoundFile(
        [
          { name: "WordDocument", content: main.subarray(0, bytes) },
          { name: "1Table", content: table },
        ],
        1_000_000,
      ) as Buffer,
      shown,
    );
  const half = await cut(0x800 + 60);
  expect(half.text).toContain("第1条建议");
  expect(half).toMatchObject({ status: "read", warnings: ["the file is cut short: what is left was read"] });
  expect(await cut(0x800)).toMatchObject({ status: "held", reason: "corrupt" });
});

test("a document without its tables is still read from its main stream", async () => {
  const streams = wordStreams({ body: ["关于延长开放时间的建议", "请审阅"] }).slice(0, 1);
  expect((await readDocument(compoundFile(streams, 1_000_000) as Buffer, shown)).text).toBe(
    "关于延长开放时间的建议\n请审阅",
  );
});

const opened = async (streams: { name: string; content: Uint8Array }[]) =>
  readDocument(compoundFile(streams, 1_000_000) as Buffer, shown);

test("passwords, rights and versions that nobody reads any more have their reasons", async () => {
  const plain = { body: ["密"] };
  expect(await read({ ...plain, flags: 0x0100 })).toMatchObject({ reason: "password-protected" });
  expect(await read({ ...plain, flags: 0x8100 })).toMatchObject({ reason: "password-protected" });
  const streams = wordStreams(plain);
  streams[0]?.content.writeUInt16LE(0xa5db, 0);
  expect(await opened(streams)).toMatchObject({ reason: "format-unsupported" });
  const rights = { name: "\tDRMContent", content: Buffer.alloc(64) };
  expect(await opened([...wordStreams(plain), rights])).toMatchObject({ reason: "rights-managed" });
});

/** A record of a drawing; containers have 0xf in their low bits. */
const record = (type: number, instance: number, content: Buffer, version = 0) => {
  const head = Buffer.alloc(8);
  head.writeUInt16LE((instance << 4) | version, 0);
  head.writeUInt16LE(type, 2);
  head.writeUInt32LE(content.length, 4);
  return Buffer.concat([head, content]);
};

test("a scan pasted into a document is recognised; without recognition it is counted", async () => {
  const scan = Buffer.alloc(30_000, 7);
  scan.write("89504e470d0a1a0a0000000d49484452000006a0000009600802", 0, "hex");
  const blip = record(0xf01e, 0x6e0, Buffer.concat([Buffer.alloc(17), scan]));
  const entry = record(
    0xf007,
    6,
    Buffer.concat([Buffer.alloc(24), Buffer.from([1, 0, 0, 0]), Buffer.alloc(8), blip]),
  );
  const head = Buffer.alloc(68);
  head.writeInt32LE(68 + entry.length, 0);
  head.writeUInt16LE(68, 4);
  head.writeUInt16LE(0x64, 6);
  const place = [...SPECIAL, 0x03, 0x6a, 0, 0, 0, 0];
  const parts: Parts = {
    body: [one({ text: "\x01", changes: place }, "见扫描件")],
    data: Buffer.concat([head, entry]),
    drawings: record(0xf000, 0, record(0xf001, 1, entry)),
  };
  expect(await read(parts)).toMatchObject({ text: "见扫描件", unrecognised: 2 });
  const seen: Uint8Array[] = [];
  const recognise: Recognise = async (picture) => {
    if ("encoded" in picture) seen.push(picture.encoded);
    return { text: "盖章的建议", confidence: 0.9 };
  };
  const document = await readDocument(wordFile(parts), shown, { recognise });
  expect(document).toMatchObject({ text: "见扫描件\n盖章的建议\n盖章的建议", unrecognised: 0 });
  expect(seen.map((bytes) => Buffer.from(bytes).equals(scan))).toEqual([true, true]);
});

test("words drawn as a picture are words", async () => {
  const words = Buffer.from("市文化馆文件\0", "utf16le");
  const head = Buffer.alloc(12);
  head.writeUInt16LE(0x0080, 0);
  head.writeUInt16LE(0xc0c0, 6);
  head.writeUInt32LE(words.length, 8);
  const shape = record(0xf004, 0, record(0xf00b, 2, Buffer.concat([head, words]), 3), 0xf);
  const group = record(0xf000, 0, record(0xf001, 0, Buffer.alloc(0), 0xf), 0xf);
  const drawings = Buffer.concat([
    group,
    Buffer.alloc(1),
    record(0xf002, 0, record(0xf003, 0, shape, 0xf), 0xf),
  ]);
  expect(await textOf({ body: ["关于开放夜场的通知"], drawings })).toBe("关于开放夜场的通知\n市文化馆文件");
});

test("boxes to tick and choices of a form say what was chosen", async () => {
  const short = (value: number) => Buffer.from([value & 0xff, value >> 8]);
  const string = (text: string) => [short(text.length), Buffer.from(`${text}\0`, "utf16le")];
  /** `state` 25: as the form was made. */
  const form = (kind: number, state: number, first: number, choices: string[] = []) =>
    Buffer.concat([
      Buffer.alloc(68),
      Buffer.from("ffffffff", "hex"),
      short(kind | (state << 2)),
      Buffer.alloc(4),
      ...string("n"),
      short(first),
      ...Array.from({ length: 5 }, () => string("")).flat(),
      ...(choices.length > 0 ? [short(0xffff), short(choices.length), short(0), short(0)] : []),
      ...choices.flatMap((text) => [short(text.length), Buffer.from(text, "utf16le")]),
    ]);
  const forms = [form(1, 1, 0), form(1, 25, 0), form(2, 1, 0, ["图书馆", "文化馆"])];
  const places = forms.map((_, at) => forms.slice(0, at).reduce((sum, { length }) => sum + length, 0));
  const field = (name: string, index: number): Run[] => [
    { text: `\x13 ${name} ` },
    {
      text: "\x01",
      changes: [...SPECIAL, 0x03, 0x6a, ...Buffer.from(Uint32Array.of(places[index] ?? 0).buffer)],
    },
    { text: "\x14\x15" },
  ];
  const body = [
    one(
      ...field("FORMCHECKBOX", 0),
      "同意",
      ...field("FORMCHECKBOX", 1),
      "反对 ",
      ...field("FORMDROPDOWN", 2),
    ),
  ];
  expect(await textOf({ body, data: Buffer.concat(forms) })).toBe("☑同意☐反对 文化馆");
});

/** Minutes of a meeting with a text file and another document in them. */
const withObjects = wordFile({
  body: ["座谈会纪要", one({ text: "\x01", changes: SPECIAL })],
  objects: [
    {
      name: "_1414141414",
      streams: [
        {
          name: "\x01Ole10Native",
          content: packagedFile(iconv.encode("金点子.txt", "gbk"), Buffer.from("设自助还书机")),
        },
      ],
    },
    { name: "_1414141415", streams: wordStreams({ body: ["内嵌的总结"] }) },
    { name: "_1414141416", streams: [{ name: "Equation Native", content: Buffer.alloc(40) }] },
  ],
});

test("files and documents inside a document are handed on, formulas are not", async () => {
  const document = await readDocument(withObjects, shown);
  expect(document.text).toBe("座谈会纪要");
  expect(document.children.map(({ filename }) => filename)).toEqual(["金点子.txt", "attachment-2.doc"]);
  const inside = await Promise.all(document.children.map(({ content }) => readDocument(content, shown)));
  expect(inside.map(({ text }) => text)).toEqual(["设自助还书机", "内嵌的总结"]);
});

test("whatever is changed in an old document, it is read or has a reason, soon", async () => {
  const names = ["revised.doc", "ideas-numbered-by-word.doc", "plan-word-95.doc"];
  const seeds = [...names.map((name) => readFileSync(join(documents, name))), withObjects];
  const values = fc.oneof(
    fc.integer({ min: 0, max: 0xffffffff }),
    fc.constantFrom(0, 1, 2, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff),
  );
  const damage = fc.record({
    seed: fc.integer({ min: 0, max: seeds.length - 1 }),
    places: fc.array(fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), values), { maxLength: 16 }),
    keep: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
  });
  await fc.assert(
    fc.asyncProperty(damage, async ({ seed, places, keep }) => {
      const bytes = Buffer.from(seeds[seed] as Buffer);
      for (const [where, value] of places) {
        const at = Math.floor(where * (bytes.length - 4)) & ~1;
        bytes.writeUInt32LE(value, at);
      }
      const document = await readDocument(bytes.subarray(0, Math.ceil(keep * bytes.length)), shown);
      expect(document.status === "read" || document.reason !== null).toBe(true);
      expect(document.text.length).toBeLessThanOrEqual(bytes.length * 4);
    }),
    { numRuns: 400 },
  );
});

test("an old document cut at any power of two has its reason", async () => {
  const whole = readFileSync(join(documents, "revised.doc"));
  const reasons: (string | null)[] = [];
  for (let bytes = 4; bytes < whole.length; bytes *= 2)
    reasons.push((await readDocument(whole.subarray(0, bytes), shown)).reason);
  const small = Array.from({ length: 7 }, () =>
    expect.stringMatching(/^(format-unsupported|corrupt|no-text)$/),
  );
  expect(reasons.slice(0, 7)).toEqual(small);
  expect(reasons.slice(7)).toEqual(["corrupt", "corrupt", "corrupt", "corrupt", "corrupt"]);
});

test("circles and lies in a compound file end, and no stream is longer than the file", () => {
  const good = compoundFile(
    [{ name: "WordDocument", content: Buffer.alloc(20_000, 1) }],
    1_000_000,
  ) as Buffer;
  const spoilt = (change: (file: Buffer) => void) => {
    const file = Buffer.from(good);
    change(file);
    return openCompoundFile(file);
  };
  // The allocation table's sector is the first: sector 3 of the stream follows itself.
  const circle = spoilt((file) => file.writeUInt32LE(3, 512 + 3 * 4));
  expect(circle.read("WordDocument", 1e9)?.length).toBeLessThanOrEqual(good.length);
  // The entry of the stream is the second of the directory, which is the second sector.
  const liar = spoilt((file) => file.writeUInt32LE(0x7fffffff, 1024 + 128 + 120));
  expect(liar.read("WordDocument", 1e9)?.length).toBeLessThanOrEqual(good.length);
  const siblings = spoilt((file) => file.writeUInt32LE(1, 1024 + 128 + 72));
  expect(siblings.names).toEqual(["WordDocument"]);
  const numbers = spoilt((file) => {
    file.writeUInt32LE(2, 68);
    file.writeUInt32LE(2, (2 + 2) * 512 - 4);
  });
  expect(numbers.names).toEqual(["WordDocument"]);
  const directory = spoilt((file) => file.writeUInt32LE(1, 512 + 4));
  expect(directory.names).toContain("WordDocument");
  const cutTable = spoilt((file) => file.writeUInt32LE(0xfffff, 76));
  expect(cutTable.read("WordDocument", 1e9)).toEqual(Buffer.alloc(20_000, 1));
  expect(openCompoundFile(good.subarray(0, 600)).names).toEqual([]);
  expect(openCompoundFile(good.subarray(0, 100)).names).toEqual([]);
});

test("a stream whose sectors lie apart is put together, one that is missing leaves its place", () => {
  const content = Buffer.from(Array.from({ length: 4 * 512 }, (_, at) => (at >> 9) + 1));
  const file = compoundFile([{ name: "a", content }], 1_000_000) as Buffer;
  // Sectors 2 to 5 hold the stream: make it 2, 4, 3, 5, with their contents as before.
  const [third, fourth] = [Buffer.from(file.subarray(2048, 2560)), Buffer.from(file.subarray(2560, 3072))];
  fourth.copy(file, 2048);
  third.copy(file, 2560);
  for (const [sector, next] of [
    [2, 4],
    [4, 3],
    [3, 5],
  ] as const)
    file.writeUInt32LE(next, 512 + sector * 4);
  expect(openCompoundFile(file).read("A", 1e6)).toEqual(content);
  file.writeUInt32LE(0xfffff, 512 + 4 * 4);
  expect(openCompoundFile(file).read("a", 1e6)?.subarray(0, 1024)).toEqual(content.subarray(0, 1024));
});
