// Text files in the charsets of Chinese systems, none of which says which it is.
import iconv from "iconv-lite";
import { expect, test } from "vitest";
import { readDocument } from "../../src/document/read.ts";

const shown = { inline: false };
const simplified =
  "市图书馆金点子汇总\r\n一、延长夜间开放时间：每周二、周四开放到晚上九点，由志愿者协助值守。\r\n二、设置自助还书机，放在东门外，方便读者下班以后还书。\r\n三、开办儿童考古课堂，每月两次。\r\n";
const traditional =
  "關於設立兒童閱覽室的建議\r\n一、本館目前每天下午五點半閉館，上班的讀者只能在週末到館，建議每週二、週四延長到晚上九點。\r\n二、請總務組協助添購矮書架，並由志工協助值班。請審閱，謝謝！\r\n";

test.each<[string, string, string, boolean]>([
  ["GBK", simplified, "gbk", false],
  ["GBK, traditional signs", traditional, "gbk", false],
  ["GB 18030 beyond GBK", `${simplified}𠮷野䶮`, "gb18030", false],
  ["Big5", traditional, "big5", false],
  ["UTF-8", simplified, "utf8", false],
  ["UTF-8 with a mark", simplified, "utf8", true],
  ["UTF-16", simplified, "utf16le", true],
  ["UTF-16 without a mark", simplified, "utf16le", false],
  ["UTF-16 of big machines", traditional, "utf16be", true],
  ["UTF-16 of big machines without a mark", traditional, "utf16be", false],
])("a text in %s is read", async (_, text, charset, addBOM) => {
  expect(await readDocument(iconv.encode(text, charset, { addBOM }), shown)).toMatchObject({
    status: "read",
    mediaType: "text/plain",
    text: text.replaceAll("\r\n", "\n").trimEnd(),
  });
});

test("HZ is read where its pairs show it, and tildes and braces stay what they are", async () => {
  const pairs = (text: string) =>
    [...iconv.encode(text, "gbk")].map((byte) => String.fromCharCode(byte & 0x7f)).join("");
  const hz = `Report ~{${pairs("图书馆")}~} 100~~\n`;
  expect((await readDocument(Buffer.from(hz), shown)).text).toBe("Report 图书馆 100~");
  const code = "f(~{a}, ~}) and ~/home ~{}";
  expect((await readDocument(Buffer.from(code), shown)).text).toBe(code);
});

test("a table in UTF-16 without a mark, as databases export it, is text; binary is not", async () => {
  const table = Buffer.from("序号\t姓名\t建议\r\n1\t沈知行\t延长开放\r\n", "utf16le");
  expect((await readDocument(table, shown)).text).toBe("序号\t姓名\t建议\n1\t沈知行\t延长开放");
  const numbers = Buffer.alloc(4_000);
  for (let at = 0; at < 1_000; at++) numbers.writeUInt32LE(at, at * 4);
  const records = Buffer.from("\x01\x02Name of a record\x00\x03 and its words\x00\x00".repeat(50), "latin1");
  for (const binary of [numbers, records, Buffer.alloc(100), Buffer.from("4e004e014e02ffff0000", "hex")])
    expect((await readDocument(binary, shown)).reason).toBe("format-unsupported");
});

test("calendars and cards are text", async () => {
  for (const text of ["BEGIN:VCARD\nFN:沈知行\nEND:VCARD", "BEGIN:VCALENDAR\nSUMMARY:座谈会\nEND:VCALENDAR"])
    expect(await readDocument(Buffer.from(text), shown)).toMatchObject({ status: "read", text });
});
