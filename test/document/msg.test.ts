// Outlook messages: subject, body in each of its forms, and what they bring.
import { Readable } from "node:stream";
import iconv from "iconv-lite";
import { expect, test } from "vitest";
import { readDocument } from "../../src/document/read.ts";
import { isMessage } from "../../src/document/sniff-text.ts";
import { parseMail } from "../../src/message/parse.ts";
import { compoundOf, type Streams } from "./compound-builder.ts";

const shown = { inline: false };
const read = (streams: Streams) => readDocument(compoundOf(streams), shown);
const wide = (text: string) => Buffer.from(text, "utf16le");
const gbk = (text: string) => iconv.encode(text, "gbk");

/** Sixteen bytes each: type, number, flags, value; `header` bytes come before. */
function numbers(header: number, values: Record<number, number>): Buffer {
  const rows = Object.entries(values).map(([id, value]) => {
    const row = Buffer.alloc(16);
    row.writeUInt16LE(id === String(0x7ffe) ? 11 : 3, 0);
    row.writeUInt16LE(Number(id), 2);
    row.writeUInt32LE(value, 8);
    return row;
  });
  return Buffer.concat([Buffer.alloc(header), ...rows]);
}

const root = (values: Record<number, number> = {}) => ({ "__properties_version1.0": numbers(32, values) });
const attachment = (name: string, content: string, hidden = 0): Streams => ({
  "__properties_version1.0": numbers(8, { 32766: hidden }),
  "__substg1.0_3707001F": wide(name),
  "__substg1.0_37010102": Buffer.from(content),
});

/** Rich text as Outlook packs it, only that nothing is packed: every bit of every flag byte says "as it is". */
function packed(rtf: string): Buffer {
  const bytes = Buffer.from(rtf, "latin1");
  const pieces = [Buffer.alloc(16)];
  for (let at = 0; at < bytes.length; at += 8) pieces.push(Buffer.from([0]), bytes.subarray(at, at + 8));
  const whole = Buffer.concat(pieces);
  whole.writeUInt32LE(whole.length - 4, 0);
  whole.writeUInt32LE(bytes.length, 4);
  whole.write("LZFu", 8, "latin1");
  return whole;
}

test("a message is its subject and body, by its sender", async () => {
  const document = await read({
    ...root(),
    "__substg1.0_0037001F": wide("市图书馆金点子"),
    "__substg1.0_0C1A001F": wide("沈知行"),
    "__substg1.0_1000001F": wide("一、延长开放时间。\r\n二、设还书机。"),
  });
  expect(document).toMatchObject({
    status: "read",
    mediaType: "application/vnd.ms-outlook",
    text: "市图书馆金点子\n一、延长开放时间。\n二、设还书机。",
    title: "市图书馆金点子",
    author: "沈知行",
  });
});

test("an older message is in the code page it names", async () => {
  const text = "關於設立兒童閱覽室的建議";
  const older = (page: number, charset: string) => ({
    ...root({ 16381: page }),
    "__substg1.0_0037001E": iconv.encode("主題", charset),
    "__substg1.0_1000001E": iconv.encode(text, charset),
  });
  for (const [page, charset] of [
    [936, "gbk"],
    [950, "big5"],
    [65001, "utf8"],
  ] as const)
    expect((await read(older(page, charset))).text).toBe(`主題\n${text}`);
});

test.each<[string, Streams]>([
  ["a web page", { "__substg1.0_10130102": gbk("<html><p>建议<b>延长</b>开放</p></html>") }],
  [
    "packed rich text",
    {
      "__substg1.0_10090102": packed(
        "{\\rtf1\\ansi\\ansicpg936 \\'bd\\'a8\\'d2\\'e9\\u24310?\\u38271?\\u24320?\\u25918?}",
      ),
    },
  ],
  [
    "a web page wrapped in packed rich text",
    {
      "__substg1.0_10090102": packed(
        "{\\rtf1\\ansi\\ansicpg936\\fromhtml1{\\*\\htmltag64 <p>}\\'bd\\'a8\\'d2\\'e9{\\*\\htmltag84 <b>}\\u24310?\\u38271?{\\*\\htmltag92 </b>}\\u24320?\\u25918?\\htmlrtf\\par\\htmlrtf0}",
      ),
    },
  ],
])("a body is read from %s where there is no plain one", async (_, streams) => {
  expect((await read({ ...root({ 16350: 936 }), ...streams })).text).toBe("建议延长开放");
});

test("packed rich text refers back into what came before, and into its window's beginning", async () => {
  // "{\rtf1\ansi" from the window's beginning (place 0, 11 signs), " ab" as it is, then "ab" eight times by a
  // reference that overtakes itself, then the end: a reference to the place that is to be written next.
  const body = Buffer.concat([
    Buffer.from([0b00110001, 0x00, 0x09]),
    Buffer.from(" ab", "latin1"),
    Buffer.from([(207 + 12) >> 4, (((207 + 12) << 4) & 0xf0) | 14]),
    Buffer.from([((207 + 14 + 16) >> 4) & 0xff, ((207 + 14 + 16) << 4) & 0xf0]),
  ]);
  const header = Buffer.alloc(16);
  header.writeUInt32LE(500, 4);
  header.write("LZFu", 8, "latin1");
  const { text } = await read({ ...root(), "__substg1.0_10090102": Buffer.concat([header, body]) });
  expect(text).toBe("ab".repeat(9));
});

test("attachments are children, the pictures of the layout are not", async () => {
  const document = await read({
    ...root(),
    "__substg1.0_0037001F": wide("附名单"),
    "__attach_version1.0_#00000000": attachment("名单\\..\\..\\名单.txt", "季云深"),
    "__attach_version1.0_#00000001": attachment("image001.png", "x", 1),
  });
  expect(
    document.children.map(({ filename, content }) => [filename, Buffer.from(content).toString()]),
  ).toEqual([["名单.txt", "季云深"]]);
});

test("a message within a message is a mail, with what it brings", async () => {
  const document = await read({
    ...root(),
    "__substg1.0_0037001F": wide("转发"),
    "__attach_version1.0_#00000000": {
      "__properties_version1.0": numbers(8, {}),
      "__substg1.0_3701000D": {
        "__properties_version1.0": numbers(24, {}),
        "__substg1.0_0037001F": wide("关于读书会的建议，请各馆于本周五以前回复并且附上活动照片"),
        "__substg1.0_0C1A001F": wide("陆听雨"),
        "__substg1.0_5D01001F": wide("lu@library.example"),
        "__substg1.0_1000001F": wide("每月一次。"),
        "__attach_version1.0_#00000000": attachment("照片说明.txt", "说明文字"),
      },
    },
  });
  const [child] = document.children;
  expect(child?.filename).toMatch(/^关于读书会的建议.*\.eml$/);
  const content = Buffer.from(child?.content ?? []);
  expect(isMessage(content)).toBe(true);
  const mail = await parseMail(Readable.from([content]));
  expect(mail).toMatchObject({
    subject: "关于读书会的建议，请各馆于本周五以前回复并且附上活动照片",
    from: [{ name: "陆听雨", address: "lu@library.example" }],
    text: "每月一次。",
    problems: [],
  });
  expect(mail.parts.map(({ filename, content: bytes }) => [filename, Buffer.from(bytes).toString()])).toEqual(
    [["照片说明.txt", "说明文字"]],
  );
});

test("a protected message is held for its rights", async () => {
  const document = await read({
    ...root(),
    "__substg1.0_0037001F": wide("机密"),
    "__attach_version1.0_#00000000": attachment("message.rpmsg", "x"),
  });
  expect(document).toMatchObject({ status: "held", reason: "rights-managed", text: "" });
});
