// Containers other than ZIP: whatever an archive was made with, its files come out, or a reason that can be acted on.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync, gzipSync } from "node:zlib";
import iconv from "iconv-lite";
import { expect, test } from "vitest";
import { readDocument } from "../../src/document/read.ts";
import { tarOf } from "./tar-builder.ts";
import { zipOf } from "./zip-builder.ts";

const containers = join(import.meta.dirname, "../../fixtures/containers");
const file = (name: string) => readFileSync(join(containers, name));
const read = (bytes: Uint8Array) => readDocument(bytes, { inline: false });
const summary = "市图书馆书面总结\n十二月五日前报送。\n";
const idea = "金点子：延长夜间开放时间\n";
const words = (content: Uint8Array) => Buffer.from(content).toString();

const whole = [
  "four.rar",
  "five.rar",
  "five-solid.rar",
  "files.7z",
  "files.tar",
  "files.tgz",
  "files.tar.bz2",
  "files.tar.xz",
  "files.tar.zst",
  "files.arj",
  "files.cab",
];
const shut: [string, string][] = [
  ["four-locked.rar", "password-protected"],
  ["five-hidden.rar", "password-protected"],
  ["locked.7z", "password-protected"],
  ["hidden.7z", "password-protected"],
  ["one-of-three.rar", "split-archive"],
];
const methods = ["deflate64", "bzip2", "lzma", "ppmd"].map((method) => `packed-by-${method}.zip`);

test("every fixture is looked at", () => {
  const looked = [
    ...whole,
    ...shut.map(([name]) => name),
    ...methods,
    "five-half-locked.rar",
    "one-text.gz",
    "winmail.dat",
  ];
  const present = readdirSync(containers).filter((name) => !/^(README|make)\b/.test(name));
  expect(present.sort()).toEqual(looked.sort());
});

test.each(whole)("its files come out under their names: %s", async (name) => {
  const document = await read(file(name));
  expect(document).toMatchObject({ status: "read", text: "", members: 2, warnings: [] });
  const found = document.children.map(({ filename, content }) => [filename, words(content)]);
  expect(found.sort()).toEqual([
    ["总结.txt", summary],
    ["金点子.txt", idea],
  ]);
});

test.each(shut)("%s is held: %s", async (name, reason) => {
  expect(await read(file(name))).toMatchObject({ status: "held", reason, children: [] });
});

test.each(methods)("the contents come out whatever they are packed with: %s", async (name) => {
  const { children } = await read(file(name));
  expect(children).toHaveLength(1);
  expect(children[0]).toMatchObject({ filename: "条目.txt" });
  expect(words(children[0]?.content as Uint8Array)).toMatch(
    /^第1条 .*\n(.*\n){38}第40条 十二月五日前报送。\n$/,
  );
});

test("a file with a password does not shut those beside it", async () => {
  const { status, children } = await read(file("five-half-locked.rar"));
  expect(status).toBe("read");
  expect(children.map(({ filename, content, reason }) => [filename, words(content), reason])).toEqual([
    ["总结.txt", summary, undefined],
    ["金点子.txt", "", "password-protected"],
  ]);
});

test("a compressed file has the name its header gives, in whatever charset, or one by what it is", async () => {
  const named = (name: Uint8Array) => {
    const plain = gzipSync(summary);
    const header = Buffer.from(plain.subarray(0, 10));
    header.writeUInt8(8, 3);
    return Buffer.concat([header, name, Buffer.from([0]), plain.subarray(10)]);
  };
  const nameOf = async (bytes: Uint8Array) => (await read(bytes)).children[0]?.filename;
  expect(await nameOf(named(Buffer.from("总结.txt")))).toBe("总结.txt");
  expect(await nameOf(named(iconv.encode("总结.txt", "gbk")))).toBe("总结.txt");
  expect(await nameOf(file("one-text.gz"))).toBe("attachment-1.txt");
  expect((await read(file("one-text.gz"))).children[0]?.bytes).toBe(Buffer.byteLength(summary));
});

test("names lead nowhere, links are not followed, and what software left is left out", async () => {
  const { children } = await read(
    tarOf(
      { name: "../../etc/passwd", content: "a" },
      { name: "/root/b.txt", content: "b" },
      { name: "材料/", kind: "5" },
      { name: "link.txt", kind: "2", target: "/etc/passwd" },
      { name: "__MACOSX/._c.txt", content: "c" },
      { name: "con.txt", content: "d" },
      { name: "annual\u202efdp.exe", content: "e" },
      { name: "同名.txt", content: "f" },
      { name: "同名.txt", content: "g" },
    ),
  );
  expect(children.map(({ filename, content }) => [filename, words(content)])).toEqual([
    ["passwd", "a"],
    ["b.txt", "b"],
    ["_con.txt", "d"],
    ["annualfdp.exe", "e"],
    ["同名.txt", "f"],
    ["同名.txt", "g"],
  ]);
});

test("names in GBK come out of a tar made on Chinese Windows", async () => {
  const { children } = await read(
    tarOf({ name: iconv.encode("材料/总结（定稿）.txt", "gbk"), content: "x" }),
  );
  expect(children.map(({ filename }) => filename)).toEqual(["总结（定稿）.txt"]);
});

/** LHA, header level 0, stored (-lh0-): size of the header, its sum, method, sizes, time, attribute, name, CRC-16. */
function lzhOf(name: Uint8Array, content: string): Buffer {
  let crc = 0;
  for (const byte of Buffer.from(content)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  const header = Buffer.alloc(20 + name.length + 2);
  header.write("-lh0-", 0);
  header.writeUInt32LE(Buffer.byteLength(content), 5);
  header.writeUInt32LE(Buffer.byteLength(content), 9);
  header.writeUInt32LE(0x41850000, 13);
  header.writeUInt8(0x20, 17);
  header.writeUInt8(name.length, 19);
  header.set(name, 20);
  header.writeUInt16LE(crc, 20 + name.length);
  const sum = header.reduce((total, byte) => (total + byte) & 0xff, 0);
  return Buffer.concat([Buffer.from([header.length, sum]), header, Buffer.from(content), Buffer.from([0])]);
}

test("an LZH archive is read", async () => {
  const document = await read(lzhOf(Buffer.from("summary.txt"), summary));
  expect(document).toMatchObject({ status: "read", mediaType: "application/x-lzh-compressed" });
  expect(document.children.map(({ filename, content }) => [filename, words(content)])).toEqual([
    ["summary.txt", summary],
  ]);
});

test("of an archive cut short, what came whole is read", async () => {
  const long = "很长的一段话，".repeat(3000);
  const tar = tarOf({ name: "a.txt", content: summary }, { name: "b.txt", content: long });
  const zip = zipOf([
    { name: "a.txt", content: summary },
    { name: "b.txt", content: Buffer.from(long).map((byte, at) => byte ^ ((at * 7919) % 251)) },
  ]);
  for (const cut of [tar.subarray(0, 9000), zip.subarray(0, zip.length - 3000)]) {
    const { status, children, warnings } = await read(cut);
    expect(status).toBe("read");
    expect(children.map(({ filename, reason }) => [filename, reason])).toEqual([
      ["a.txt", undefined],
      ["b.txt", "corrupt"],
    ]);
    expect(words(children[0]?.content as Uint8Array)).toBe(summary);
    expect(warnings.join()).toMatch(/damaged/);
  }
});

test("sizes that stand behind the data do not hide where a member ends", async () => {
  const packed = deflateRawSync(summary);
  const local = Buffer.alloc(30);
  local.write("PK\x03\x04", "latin1");
  local.writeUInt16LE(8, 6);
  local.writeUInt16LE(8, 8);
  local.writeUInt16LE(5, 26);
  const member = (name: string) => Buffer.concat([local, Buffer.from(name), packed, Buffer.alloc(12)]);
  const { children } = await read(Buffer.concat([member("a.txt"), member("b.txt"), local]));
  expect(
    children.map(({ filename, content, reason }) => [filename, words(content), reason]).slice(0, 2),
  ).toEqual([
    ["a.txt", summary, undefined],
    ["b.txt", summary, undefined],
  ]);
});

test("one that unpacks beyond all measure is stopped on its way", async () => {
  expect(await read(gzipSync(Buffer.alloc(60_000_000)))).toMatchObject({
    status: "held",
    reason: "too-large",
  });
  const many = tarOf(...Array.from({ length: 2_001 }, (_, at) => ({ name: `${at}.txt` })));
  expect(await read(many)).toMatchObject({ status: "held", reason: "too-large" });
});
