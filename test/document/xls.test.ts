// Excel 97–2003 workbooks record by record ([MS-XLS]): what LibreOffice would never write, and what nobody should.
import { createHash } from "node:crypto";
import iconv from "iconv-lite";
import { expect, test } from "vitest";
import { readDocument } from "../../src/document/read.ts";
import { compoundOf } from "./compound-builder.ts";

const read = (stream: Buffer, name = "Workbook") =>
  readDocument(compoundOf({ [name]: stream }), { inline: false });

const word = (...values: number[]) => Buffer.from(Uint16Array.from(values).buffer);
const long = (...values: number[]) => Buffer.from(Uint32Array.from(values).buffer);
const real = (value: number) => Buffer.from(Float64Array.of(value).buffer);
const record = (type: number, ...content: Uint8Array[]) => {
  const whole = Buffer.concat(content);
  return Buffer.concat([word(type, whole.length), whole]);
};
const wide = (text: string) => Buffer.from(text, "utf16le");
const bof = (kind: number, version = 0x0600) => record(0x0809, word(version, kind), Buffer.alloc(12));
const eof = record(0x000a);
const cell = (type: number, row: number, column: number, ...rest: Uint8Array[]) =>
  record(type, word(row, column, 0), ...rest);
const shared = (row: number, column: number, index: number) => cell(0xfd, row, column, long(index));

interface Book {
  globals?: Buffer[];
  version?: number;
  sheetName?: Buffer;
  state?: number;
  /** How many sheets the workbook names at the one place. */
  sheets?: number;
}

function book(
  cells: Buffer[],
  { globals = [], version = 0x0600, sheetName, state = 0, sheets = 1 }: Book = {},
) {
  const name = sheetName ?? Buffer.concat([Buffer.of(1, 1), wide("表")]);
  const before = Buffer.concat([bof(5, version), ...globals]);
  const entryBytes = 4 + 6 + name.length;
  const at = before.length + entryBytes * sheets + eof.length;
  const entries = Array.from({ length: sheets }, () => record(0x85, long(at), Buffer.of(state, 0), name));
  return Buffer.concat([before, ...entries, eof, bof(0x10, version), ...cells, eof]);
}

/** The shared strings; a piece after the first is a CONTINUE record. */
const table = (count: number, ...pieces: Buffer[]) =>
  Buffer.concat(
    pieces.map((piece, at) => (at === 0 ? record(0xfc, long(count, count), piece) : record(0x3c, piece))),
  );

test("a string that runs on into the next record may change its width there, and has no sounds or fonts", async () => {
  const rich = Buffer.concat([word(4), Buffer.of(0x0d), word(1), long(6), wide("读书")]);
  const stream = book([shared(0, 0, 0), shared(0, 1, 1)], {
    globals: [
      table(
        2,
        rich,
        Buffer.concat([Buffer.of(0), Buffer.from("AB"), word(0, 0), Buffer.alloc(3)]),
        Buffer.concat([Buffer.alloc(3), word(1), Buffer.of(1), wide("完")]),
      ),
    ],
  });
  expect((await read(stream)).text).toBe("读书AB\t完");
});

test("numbers, truths, errors and results of formulas are as shown", async () => {
  const date = [
    record(0x41e, word(164), word(10), Buffer.of(0), Buffer.from("yyyy-mm-dd")),
    record(0xe0, word(0, 0), Buffer.alloc(16)),
    record(0xe0, word(0, 164), Buffer.alloc(16)),
  ];
  const stream = book(
    [
      cell(0x203, 0, 0, real(0.5)),
      cell(0x27e, 0, 1, long(((1250 << 2) | 3) >>> 0)),
      record(0xbd, word(0, 2), word(0), long((7 << 2) | 2), word(1), long((41248 << 2) | 2), word(3)),
      cell(0x205, 0, 4, Buffer.of(1, 0)),
      cell(0x205, 0, 5, Buffer.of(0x2a, 1)),
      cell(6, 1, 0, Buffer.of(0, 0, 0, 0, 0, 0, 0xff, 0xff), Buffer.alloc(8)),
      record(0x207, word(2), Buffer.of(1), wide("合计")),
      cell(6, 1, 1, real(42), Buffer.alloc(8)),
      cell(6, 1, 2, Buffer.of(1, 0, 1, 0, 0, 0, 0xff, 0xff), Buffer.alloc(8)),
      cell(0x204, 1, 3, word(1), Buffer.of(1), wide("页")),
    ],
    { globals: date },
  );
  expect((await read(stream)).text).toBe("0.5\t12.5\t7\t2012-12-05\tTRUE\t#N/A\n合计\t42\tTRUE\t页");
});

test("rows are put in order, and the cells of a chart on the sheet are not its own", async () => {
  const chart = Buffer.concat([bof(0x20), cell(0x203, 0, 0, real(9)), eof]);
  const stream = book([cell(0x203, 3, 0, real(3)), chart, cell(0x203, 1, 1, real(1))]);
  expect((await read(stream)).text).toBe("\t1\n3");
});

test.each([
  ["GBK, and says so", 936, "gbk", "市图书馆夜间开放"],
  ["Big5, and says so", 950, "big5", "圖書館夜間開放"],
  ["GBK, and says it is Western", 1252, "gbk", "市图书馆夜间开放"],
])("a workbook of Excel 95 is in %s", async (_, codepage, charset, text) => {
  const bytes = iconv.encode(text, charset);
  const name = iconv.encode("表", charset);
  const stream = book([cell(0x204, 0, 0, word(bytes.length), bytes), cell(0x203, 0, 1, real(5))], {
    version: 0x0500,
    globals: [record(0x42, word(codepage))],
    sheetName: Buffer.concat([Buffer.of(name.length), name]),
  });
  expect((await read(stream, "Book")).text).toBe(`${text}\t5`);
});

/** RC4, and Office's way to a key from a password ([MS-OFFCRYPTO] §2.3.6.2). */
function rc4(key: Buffer, content: Buffer): Buffer {
  const state = [...Array(256).keys()];
  const at = (index: number) => state[index & 255] as number;
  const swap = (one: number, other: number) => {
    [state[one], state[other]] = [at(other), at(one)];
  };
  let j = 0;
  for (let i = 0; i < 256; i++) {
    j = (j + at(i) + (key[i % key.length] as number)) & 255;
    swap(i, j);
  }
  j = 0;
  return Buffer.from(
    content.map((byte, index) => {
      const i = (index + 1) & 255;
      j = (j + at(i)) & 255;
      swap(i, j);
      return byte ^ at(at(i) + at(j));
    }),
  );
}
const md5 = (content: Uint8Array) => createHash("md5").update(content).digest();

function encrypted(stream: Buffer, password: string): Buffer {
  const salt = Buffer.from("0123456789abcdef");
  const start = md5(wide(password)).subarray(0, 5);
  const base = md5(Buffer.concat(Array(16).fill(Buffer.concat([start, salt])))).subarray(0, 5);
  const stream0 = (block: number, bytes: number) =>
    rc4(md5(Buffer.concat([base, long(block)])), Buffer.alloc(bytes));
  const verifier = Buffer.from("fedcba9876543210");
  const check = Buffer.concat([verifier, md5(verifier)]).map(
    (byte, at) => byte ^ (stream0(0, 32)[at] as number),
  );
  const out = Buffer.from(stream);
  for (let at = 0; at + 4 <= out.length; ) {
    const type = out.readUInt16LE(at);
    const end = at + 4 + out.readUInt16LE(at + 2);
    if (type === 0x2f) Buffer.concat([word(1, 1, 1), salt, check]).copy(out, at + 4);
    else if (type !== 0x809)
      for (let place = at + 4 + (type === 0x85 ? 4 : 0); place < end; place++)
        out[place] =
          (out[place] as number) ^ (stream0(Math.floor(place / 1024), 1024)[place % 1024] as number);
    at = end;
  }
  return out;
}

test("a workbook is locked, unless its password is the one that every Excel knows", async () => {
  const long = "只读的工作簿。".repeat(200);
  const plain = book([cell(0x204, 0, 0, word(long.length), Buffer.of(1), wide(long))], {
    globals: [record(0x2f, Buffer.alloc(54))],
  });
  expect((await read(encrypted(plain, "VelvetSweatshop"))).text).toBe(long);
  expect(await read(encrypted(plain, "secret"))).toMatchObject({
    status: "held",
    reason: "password-protected",
  });
});

test.each<[string, Buffer, string]>([
  ["without cells", book([]), "no-text"],
  ["whose words are missing", book([shared(0, 0, 5)]), "corrupt"],
  ["that does not begin", Buffer.alloc(600), "corrupt"],
])("a workbook %s is held", async (_, stream, reason) => {
  expect(await read(stream)).toMatchObject({ status: "held", reason });
});

test("a hidden sheet is not read, and that is said", async () => {
  const document = await read(book([cell(0x203, 0, 0, real(1))], { state: 1 }));
  expect(document).toMatchObject({ status: "held", warnings: ["the sheet 表 is hidden and was not read"] });
});

test("ten thousand sheets at one place are not read ten thousand times", async () => {
  const cells = Array.from({ length: 5_000 }, (_, row) => cell(0x203, row, 0, real(row)));
  const document = await read(book(cells, { sheets: 10_000 }));
  expect(document.pages).toBe(10_000);
  expect(document.pagesRead).toBeLessThan(10);
  expect(document.warnings.length).toBeLessThan(100);
  expect(document.text.length).toBeLessThan(1_000_000);
});

const gbk = (words: string) => iconv.encode(words, "gbk");

test.each<[string, Buffer]>([
  [
    "as exporting programs write it",
    Buffer.concat([
      record(0x809, word(0, 0x10), Buffer.alloc(4)),
      cell(0x204, 0, 0, word(4), gbk("姓名")),
      cell(0x204, 0, 1, word(4), gbk("建议")),
      cell(0x203, 1, 0, real(1)),
      cell(0x204, 1, 1, word(8), gbk("流动书车")),
      eof,
    ]),
  ],
  [
    "of Excel 2",
    Buffer.concat([
      record(9, word(2, 0x10)),
      record(4, word(0, 0), Buffer.alloc(3), Buffer.of(4), gbk("姓名")),
      record(4, word(0, 1), Buffer.alloc(3), Buffer.of(4), gbk("建议")),
      record(2, word(1, 0), Buffer.alloc(3), word(1)),
      record(6, word(1, 1), Buffer.alloc(3), Buffer.of(0, 0, 0, 0, 0, 0, 0xff, 0xff), Buffer.alloc(4)),
      record(7, Buffer.of(8), gbk("流动书车")),
      eof,
    ]),
  ],
])("a workbook without a container, %s, is read", async (_, stream) => {
  const document = await readDocument(stream, { inline: false });
  expect(document).toMatchObject({
    status: "read",
    mediaType: "application/vnd.ms-excel",
    text: "姓名\t建议\n1\t流动书车",
    pages: 1,
  });
});

test("a web page that is a workbook keeps each row in one line", async () => {
  const page = `<html xmlns:x="urn:schemas-microsoft-com:office:excel"><meta charset=gb2312><body><p>汇总表</p><table><tr><td>姓名</td><td>建议</td></tr><tr><td x:str>张某</td><td>设<br>书架<p class="x">一处</p></td></tr></table></body></html>`;
  const document = await readDocument(gbk(page), { inline: false });
  expect(document.mediaType).toBe("application/vnd.ms-excel.html");
  expect(document.text).toBe("汇总表\n\n姓名\t建议\n张某\t设 书架 一处");
});

test("a sheet that is a scan is counted for recognition", async () => {
  const art = (type: number, instance: number, content: Buffer, version = 0) =>
    Buffer.concat([word((instance << 4) | version, type), long(content.length), content]);
  const blip = art(0xf01e, 0x6e0, Buffer.concat([Buffer.alloc(17), Buffer.alloc(30_000, 7)]));
  const entry = art(0xf007, 6, Buffer.concat([Buffer.alloc(36), blip]), 2);
  const group = art(0xf000, 0, art(0xf001, 1, entry, 0xf), 0xf);
  const pieces = [
    record(0xeb, group.subarray(0, 8_000)),
    record(0x3c, group.subarray(8_000, 16_000)),
    record(0xeb, group.subarray(16_000)),
  ];
  const workbook = compoundOf({ Workbook: book([], { globals: pieces }) });
  expect(await readDocument(workbook, { inline: false })).toMatchObject({
    reason: "no-text",
    unrecognised: 1,
    pages: 1,
  });
  const recognise = async (picture: object) => ({
    text: `${"encoded" in picture && (picture.encoded as Uint8Array).length}`,
    confidence: 0.9,
  });
  expect((await readDocument(workbook, { inline: false }, { recognise })).text).toBe("30000");
});

test("files inserted into a workbook are children", async () => {
  const file = compoundOf({
    Workbook: book([cell(0x203, 0, 0, real(1))]),
    MBD0018D4CE: { CONTENTS: Buffer.from("设自助还书机") },
    _VBA_PROJECT_CUR: { CONTENTS: Buffer.from("x") },
  });
  const { children } = await readDocument(file, { inline: false });
  expect(children.map(({ filename, content }) => [filename, Buffer.from(content).toString()])).toEqual([
    ["attachment-1.txt", "设自助还书机"],
  ]);
});
