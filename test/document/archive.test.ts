// ZIP archives hand back their files under the names their writers gave them, or a named reason why not.
import { randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";
import iconv from "iconv-lite";
import { expect, test } from "vitest";
import { readDocument } from "../../src/document/read.ts";
import { type Member, zipOf } from "./zip-builder.ts";

const read = (archive: Uint8Array) => readDocument(archive, { inline: false });
const named = async (...members: Member[]) =>
  (await read(zipOf(members))).children.map(({ filename }) => filename);
const gbk = (name: string) => iconv.encode(name, "gb18030");
const utf8 = 0x800;
const encrypted = 1;

function unicodePath(name: string, of: Uint8Array): Buffer {
  const path = Buffer.from(name);
  const field = Buffer.alloc(9);
  field.writeUInt16LE(0x7075, 0);
  field.writeUInt16LE(5 + path.length, 2);
  field.writeUInt8(1, 4);
  field.writeUInt32LE(crc32(of), 5);
  return Buffer.concat([field, path]);
}

test.each<[string, Member[], string[]]>([
  ["marked as UTF-8", [{ name: "金点子.doc", flags: utf8 }], ["金点子.doc"]],
  ["in UTF-8 without a mark, as macOS writes", [{ name: "金点子.doc" }], ["金点子.doc"]],
  ["in GBK, as Chinese Windows writes", [{ name: gbk("孔令凯-旧灯光.docx") }], ["孔令凯-旧灯光.docx"]],
  ["with characters only GB 18030 has", [{ name: gbk("𠮷野䶮.txt") }], ["𠮷野䶮.txt"]],
  [
    "in GBK that happens to be UTF-8, beside others",
    [{ name: gbk("联通.txt") }, { name: gbk("金点子.doc") }],
    ["联通.txt", "金点子.doc"],
  ],
  [
    "given again by WinRAR in UTF-8",
    [{ name: gbk("方案.doc"), extra: unicodePath("方案（定稿）.doc", gbk("方案.doc")) }],
    ["方案（定稿）.doc"],
  ],
  [
    "given again for a name since changed",
    [{ name: gbk("新名.doc"), extra: unicodePath("旧名.doc", gbk("旧名.doc")) }],
    ["新名.doc"],
  ],
  ["with marks apart", [{ name: "re\u0301sume\u0301.doc" }], ["résumé.doc"]],
  [
    "leading out of the folder",
    [{ name: "../../etc/passwd" }, { name: "/root/a.txt" }, { name: "C:\\temp\\b.txt" }],
    ["passwd", "a.txt", "b.txt"],
  ],
  [
    "in GBK whose second byte is a backslash",
    [{ name: Buffer.from([0x81, 0x5c, 0x2e, 0x74, 0x78, 0x74]) }],
    ["乗.txt"],
  ],
  ["turned round", [{ name: "annual\u202efdp.exe", flags: utf8 }], ["annualfdp.exe"]],
  ["in folders", [{ name: "材料/" }, { name: "材料/一/总结.doc" }], ["总结.doc"]],
  ["twice", [{ name: "a/总结.doc" }, { name: "b/总结.doc" }], ["总结.doc", "总结.doc"]],
  ["of an object's own", [{ name: "__proto__" }, { name: "constructor" }], ["__proto__", "constructor"]],
])("a name %s", async (_, members, names) => {
  expect(await named(...members.map((member) => ({ content: "字", ...member })))).toEqual(names);
});

test("what systems leave beside the files is left out", async () => {
  const left = [
    "__MACOSX/._总结.doc",
    "总结/.DS_Store",
    "Thumbs.db",
    "照片\\Thumbs.db",
    "desktop.ini",
    "~$总结.doc",
    "._总结.doc",
  ];
  expect(await named(...left.map((name) => ({ name, content: "x" })), { name: "总结.doc" })).toEqual([
    "总结.doc",
  ]);
});

test("an archive has its files as they were, and no text of its own", async () => {
  const document = await read(
    zipOf([
      { name: "deflated.txt", content: "甲".repeat(3000) },
      { name: "stored.txt", content: "乙", method: 0 },
    ]),
  );
  expect(document).toMatchObject({ status: "read", mediaType: "application/zip", text: "" });
  expect(document.children.map(({ bytes, content }) => [bytes, Buffer.from(content).toString()])).toEqual([
    [9000, "甲".repeat(3000)],
    [3, "乙"],
  ]);
});

test("an archive in the 64-bit form is read", async () => {
  const document = await read(zipOf([{ name: "a.txt", content: "宽" }, { name: "b.txt" }], { zip64: true }));
  expect(document.children.map(({ filename, bytes }) => [filename, bytes])).toEqual([
    ["a.txt", 3],
    ["b.txt", 0],
  ]);
});

test("an archive with a folder named word or xl is no office file", async () => {
  for (const folder of ["word", "xl", "ppt"])
    expect(await read(zipOf([{ name: `${folder}/金点子.txt`, content: "字" }]))).toMatchObject({
      mediaType: "application/zip",
      status: "read",
    });
});

const damagedContent = () => {
  const archive = zipOf([{ name: "a.txt", content: "十二月五日前报送", method: 0 }]);
  archive.writeUInt8(0x31, archive.indexOf("十二月") + 1);
  return archive;
};
const zeros = (bytes: number) => Buffer.alloc(bytes);

test.each<[string, () => Uint8Array, string]>([
  ["without any file", () => zipOf([]), "empty-file"],
  ["with folders only", () => zipOf([{ name: "材料/" }, { name: "Thumbs.db" }]), "empty-file"],
  ["with a password", () => zipOf([{ name: "a.txt", content: "x", flags: encrypted }]), "password-protected"],
  [
    "with AES, as WinZip and 7-Zip write",
    () => zipOf([{ name: "a.txt", content: "x", flags: encrypted, method: 99 }]),
    "password-protected",
  ],
  [
    "with a hidden directory",
    () => zipOf([{ name: "a.txt", content: "x", flags: encrypted | 0x40 }]),
    "password-protected",
  ],
  [
    "cut short",
    () => zipOf([{ name: "a.txt", content: "x".repeat(5000), method: 0 }]).subarray(0, 4000),
    "corrupt",
  ],
  ["with a changed byte", damagedContent, "corrupt"],
  [
    "packed in a way nobody uses",
    () => zipOf([{ name: "a.txt", content: "x", method: 96 }]),
    "format-unsupported",
  ],
  [
    "of more files than anybody sends",
    () => zipOf(Array.from({ length: 2_001 }, (_, at) => ({ name: `${at}.txt` }))),
    "too-large",
  ],
  ["that unpacks two hundredfold", () => zipOf([{ name: "a.txt", content: zeros(2_000_000) }]), "too-large"],
  [
    "that says it holds more than 200 MB",
    () =>
      zipOf(
        Array.from({ length: 3 }, (_, at) => ({
          name: `${at}.bin`,
          content: randomBytes(510_000),
          declaredBytes: 100_000_000,
        })),
      ),
    "too-large",
  ],
  [
    "that holds more than it says",
    () => zipOf([{ name: "a.txt", content: zeros(50_000_000), declaredBytes: 1_000 }]),
    "corrupt",
  ],
])("an archive %s is held", async (_, archive, reason) => {
  expect(await read(archive())).toMatchObject({ status: "held", reason, text: "", children: [] });
});

test("a member that cannot be had is held by itself, and the others are read", async () => {
  const damaged = zipOf([
    { name: "good.txt", content: "十二月五日前报送", method: 0 },
    { name: "locked.txt", content: "x", flags: encrypted },
    { name: "changed.txt", content: "原来的内容", method: 0 },
    { name: "strange.txt", content: "x", method: 96 },
  ]);
  damaged.writeUInt8(0x31, damaged.indexOf("原来的"));
  const { status, children } = await read(damaged);
  expect(status).toBe("read");
  expect(children.map(({ filename, reason }) => [filename, reason])).toEqual([
    ["good.txt", undefined],
    ["locked.txt", "password-protected"],
    ["changed.txt", "corrupt"],
    ["strange.txt", "format-unsupported"],
  ]);
});

test("names no system could bear are made bearable", async () => {
  const names = ["甲".repeat(300), "a\0b.txt", "...", "结尾.txt ", "aux.doc", "Readme.txt", "README.TXT"];
  const found = await named(...names.map((name) => ({ name, content: "字" })));
  expect(found).toEqual([
    "甲".repeat(85),
    "ab.txt",
    "attachment-3.bin",
    "结尾.txt",
    "_aux.doc",
    "Readme.txt",
    "README.TXT",
  ]);
});

test("one part of several says so: the first by its mark, the last by its count of parts", async () => {
  const last = zipOf([{ name: "a.txt", content: "x" }]);
  last.writeUInt16LE(3, last.indexOf("PK\x05\x06", 0, "latin1") + 4);
  const first = Buffer.concat([
    Buffer.from("PK\x07\x08", "latin1"),
    zipOf([{ name: "a.txt" }]).subarray(0, 40),
  ]);
  for (const part of [first, last])
    expect(await read(part)).toMatchObject({ status: "held", reason: "split-archive" });
});
