// Charsets as they really arrive: labels that lie, are missing, or name the smaller set.
import { Buffer } from "node:buffer";
import iconv from "iconv-lite";
import { expect, test } from "vitest";
import { decodeText } from "../../src/message/charset.ts";

const prose = "关于加快推进文化现代化的几点建议：一、延长图书馆开放时间；二、增设自助借还设备。";
const traditional = "關於加快推進文化現代化的幾點建議：延長圖書館開放時間，增設自助借還設備。";
const rareName = "䶮";

const cases: [what: string, bytes: Uint8Array, declared: string | undefined, text: string][] = [
  ["UTF-8 declared", Buffer.from(prose), "utf-8", prose],
  ["UTF-8 undeclared", Buffer.from(prose), undefined, prose],
  ["UTF-8 with a mark", Buffer.from(`\uFEFF${prose}`), undefined, prose],
  ["UTF-8 labelled gb2312", Buffer.from(prose), "gb2312", prose],
  ["UTF-8 labelled iso-8859-1", Buffer.from(prose), "iso-8859-1", prose],
  ["GBK declared", iconv.encode(prose, "gbk"), "gbk", prose],
  ["GBK in quotes and capitals", iconv.encode(prose, "gbk"), '"GB2312"', prose],
  ["GBK undeclared", iconv.encode(prose, "gbk"), undefined, prose],
  ["GBK labelled utf-8", iconv.encode(prose, "gbk"), "utf-8", prose],
  ["GBK labelled us-ascii", iconv.encode(prose, "gbk"), "us-ascii", prose],
  ["GBK labelled iso-8859-1", iconv.encode(prose, "gbk"), "iso-8859-1", prose],
  ["GBK labelled by an unknown name", iconv.encode(prose, "gbk"), "x-mac-made-up", prose],
  [
    "GBK cut inside a character",
    iconv.encode(prose, "gbk").subarray(0, -1),
    undefined,
    `${prose.slice(0, -1)}\uFFFD`,
  ],
  [
    "a four-byte name labelled gb2312",
    iconv.encode(`馆员${rareName}某`, "gb18030"),
    "gb2312",
    `馆员${rareName}某`,
  ],
  ["a four-byte name labelled gbk", iconv.encode(`馆员${rareName}某`, "gb18030"), "gbk", `馆员${rareName}某`],
  ["the two characters that look like UTF-8", iconv.encode("联通", "gbk"), "gbk", "联通"],
  ["Big5 declared", iconv.encode(traditional, "big5"), "big5", traditional],
  ["Big5 undeclared", iconv.encode(traditional, "big5"), undefined, traditional],
  ["UTF-16 little-endian with a mark", iconv.encode(prose, "utf-16le", { addBOM: true }), undefined, prose],
  ["UTF-16 big-endian with a mark", iconv.encode(prose, "utf-16be", { addBOM: true }), undefined, prose],
  ["UTF-16 without a mark", iconv.encode(`2012 ${prose}`, "utf-16le"), undefined, `2012 ${prose}`],
  ["HZ", Buffer.from("~{<:Ky2;SC~} and ~~ ASCII"), "hz-gb-2312", "己所不用 and ~ ASCII"],
  ["ISO-2022-JP", Buffer.from("\x1b$B%F%9%H\x1b(B"), "iso-2022-jp", "テスト"],
  ["ASCII", Buffer.from("plain ~{ text"), "us-ascii", "plain ~{ text"],
  [
    "Western letters undeclared",
    Buffer.from("R\xe9sum\xe9 of the Caf\xe9 project", "latin1"),
    undefined,
    "Résumé of the Café project",
  ],
  ["Western letters declared", Buffer.from("M\xfcller", "latin1"), "iso-8859-1", "Müller"],
  ["nothing", new Uint8Array(), "utf-8", ""],
];

test.each(cases)("%s is read as written", (_what, bytes, declared, text) => {
  expect(decodeText(bytes, declared)).toBe(text);
});

test("UTF-8 with one destroyed byte loses one character, not all", () => {
  const bytes = Buffer.from(prose);
  bytes[4] = 0x20;
  const text = decodeText(bytes);
  expect(text).toContain(prose.slice(3));
});

const names = ["王芳", "李娜", "陈曦", "陶喆", "朱镕基", "张㛃", "刘䶮", "赵祎", "孙堃", "周昶"];

test.each(names)("the name %s survives undeclared GB 18030", (name) => {
  expect(decodeText(iconv.encode(`建议人：${name}`, "gb18030"))).toBe(`建议人：${name}`);
});
