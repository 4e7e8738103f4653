// winmail.dat: the attachments of a mail that Outlook wrote for Outlook, and its words.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readDocument } from "../../src/document/read.ts";
import { parseMail } from "../../src/message/parse.ts";
import { propertiesOf, tnefOf, wide } from "./tnef-builder.ts";

const winmail = readFileSync(join(import.meta.dirname, "../../fixtures/containers/winmail.dat"));
const read = (bytes: Uint8Array) => readDocument(bytes, { inline: false });
const words = (content?: Uint8Array) => Buffer.from(content ?? []).toString();
const attachment = 0x69002;
const title = 0x18010;
const data = 0x6800f;

test("words, files under their best names, and a message within come out", async () => {
  const document = await read(winmail);
  expect(document).toMatchObject({
    status: "read",
    mediaType: "application/ms-tnef",
    title: "报送材料",
    text: "请查收",
    warnings: [],
  });
  const [summary, idea, within] = document.children;
  expect(document.children.map(({ filename }) => filename)).toEqual([
    "总结.txt",
    "金点子（𠮷野）.txt",
    "转发.eml",
  ]);
  expect(words(summary?.content)).toBe("市图书馆书面总结\n十二月五日前报送。\n");
  expect(words(idea?.content)).toBe("金点子：延长夜间开放时间\n");
  const mail = await parseMail(within?.content as Uint8Array);
  expect(mail).toMatchObject({ subject: "转发：总结", text: expect.stringContaining("见附件") });
  expect(mail.parts.map(({ filename, content }) => [filename, words(content)])).toEqual([
    ["总结.txt", "市图书馆书面总结\n十二月五日前报送。\n"],
  ]);
});

test("a name that leads elsewhere leads nowhere", async () => {
  const names = ["..\\..\\etc\\passwd", "C:\\temp\\a.txt", "", "nul.txt"];
  const { children } = await read(
    tnefOf(
      ...names.flatMap((name): [number, Uint8Array][] => [
        [attachment, Buffer.alloc(14)],
        [title, Buffer.from(`${name}\0`)],
        [data, Buffer.from("x")],
      ]),
    ),
  );
  expect(children.map(({ filename }) => filename)).toEqual([
    "passwd",
    "a.txt",
    "attachment-3.txt",
    "_nul.txt",
  ]);
});

test("cut short, what came before is read; before any content it is damaged", async () => {
  const half = await read(winmail.subarray(0, 500));
  expect(half).toMatchObject({ status: "read", warnings: ["the file is cut short"] });
  expect(half.children[0]).toMatchObject({ filename: "总结.txt" });
  expect(await read(winmail.subarray(0, 30))).toMatchObject({ status: "held", reason: "corrupt" });
});

test("messages within messages end", async () => {
  let stream = tnefOf([0x69003, propertiesOf({ id: 0x1000, type: 0x1f, value: wide("最里层") })]);
  for (let depth = 0; depth < 40; depth++) {
    const object = propertiesOf({ id: 0x3701, type: 0x0d, value: Buffer.concat([Buffer.alloc(16), stream]) });
    stream = tnefOf([attachment, Buffer.alloc(14)], [0x69005, object]);
  }
  const document = await read(stream);
  expect(document).toMatchObject({
    status: "read",
    children: [{ filename: expect.stringMatching(/\.eml$/) }],
  });
  expect(document.warnings).toEqual(["messages nested more deeply are left out"]);
});

test("lengths that promise more than there is are no harm", async () => {
  const lying = Buffer.from(winmail);
  for (let at = 6; at + 4 < lying.length; at += 7) {
    const copy = Buffer.from(lying);
    copy.writeUInt32LE(0xfffffff0, at);
    const { status, reason } = await read(copy);
    expect(status === "read" ? reason === null : reason !== null).toBe(true);
  }
});
