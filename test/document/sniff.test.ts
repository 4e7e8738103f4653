// Formats by their bytes: what a name or a declared type says is never asked.
import { strToU8, zipSync } from "fflate";
import iconv from "iconv-lite";
import { expect, test } from "vitest";
import { sniff } from "../../src/document/sniff.ts";

const zip = (...names: string[]) => zipSync(Object.fromEntries(names.map((name) => [name, strToU8("x")])));
const program = Buffer.concat([
  Buffer.from("MZ"),
  Buffer.alloc(58),
  Buffer.from([64, 0, 0, 0]),
  Buffer.from("PE\0\0"),
]);

/** An OLE file with nothing but a directory of two entries: the root, and an empty stream ([MS-CFB]). */
function oleOf(stream: string): Buffer {
  const file = Buffer.alloc(512 * 3, 0xff);
  file.fill(0, 0, 76);
  file.write("d0cf11e0a1b11ae1", 0, "hex");
  file.writeUInt16LE(9, 30);
  file.writeUInt16LE(6, 32);
  file.writeUInt32LE(1, 44);
  file.writeUInt32LE(1, 48);
  file.writeUInt32LE(4096, 56);
  file.writeUInt32LE(0xfffffffe, 60);
  file.writeUInt32LE(0xfffffffe, 68);
  file.writeUInt32LE(0, 76);
  file.writeUInt32LE(0xfffffffd, 512);
  file.writeUInt32LE(0xfffffffe, 516);
  file.fill(0, 1024);
  ["Root Entry", stream].forEach((name, at) => {
    const entry = 1024 + at * 128;
    file.write(name, entry, "utf16le");
    file.writeUInt16LE(name.length * 2 + 2, entry + 64);
    file.writeUInt8(at === 0 ? 5 : 2, entry + 66);
    for (const field of [68, 72, 76]) file.writeUInt32LE(0xffffffff, entry + field);
    file.writeUInt32LE(0xfffffffe, entry + 116);
  });
  file.writeUInt32LE(1, 1024 + 76);
  return file;
}

test.each<[string, Uint8Array | string, string]>([
  ["nothing", "", "application/x-empty"],
  ["a PDF with junk before its header", "\r\n\r\n%PDF-1.4\n", "application/pdf"],
  ["an OFD", zip("OFD.xml", "Doc_0/Document.xml"), "application/ofd"],
  ["a paper from a Chinese library", "CAJ\0\0\0\0\0", "application/x-caj"],
  ["rich text", "{\\rtf1\\ansicpg936", "application/rtf"],
  [
    "a Word document",
    zip("[Content_Types].xml", "word/document.xml"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  ],
  [
    "a workbook",
    zip("[Content_Types].xml", "xl/workbook.xml"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  ],
  [
    "slides",
    zip("[Content_Types].xml", "ppt/presentation.xml"),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  ],
  ["an OFD", zip("OFD.xml", "Doc_0/Document.xml"), "application/ofd"],
  ["an archive", zip("说明.txt"), "application/zip"],
  ["a Java program", zip("META-INF/MANIFEST.MF", "a.class"), "application/java-archive"],
  [
    "an OpenDocument text",
    zipSync({
      mimetype: [strToU8("application/vnd.oasis.opendocument.text"), { level: 0 }],
      "content.xml": strToU8("x"),
    }),
    "application/vnd.oasis.opendocument.text",
  ],
  ["a program", program, "application/vnd.microsoft.portable-executable"],
  ["words that begin like a program", "MZ 馆长签发", "text/plain"],
  ["a photo", Buffer.from("ffd8ffe000104a464946", "hex"), "image/jpeg"],
  ["a film", Buffer.from("0000001866747970", "hex"), "video/mp4"],
  ["a recording", "#!AMR\n\x3c", "audio/amr"],
  ["a web page after a byte order mark", "\ufeff\n<!DOCTYPE html><p>好", "text/html"],
  ["a web page in UTF-16", Buffer.from("\ufeff<html>好</html>", "utf16le"), "text/html"],
  ["Word's web page", '<html xmlns:o="urn:schemas-microsoft-com:office:office">', "text/html"],
  [
    "Word 2003 XML",
    '<?xml version="1.0"?><?mso-application progid="Word.Document"?>',
    "application/vnd.ms-word.xml",
  ],
  [
    "a web archive",
    "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x",
    "application/x-mimearchive",
  ],
  ["a mail", "Received: from a\r\nFrom: a@b.example\r\nSubject: x\r\n\r\nhello", "message/rfc822"],
  ["words that look like one header", "Subject: 关于大讨论\n\n正文", "text/plain"],
  ["Chinese in GBK", iconv.encode("关于活动的意见", "gbk"), "text/plain"],
  ["a Windows script", "@echo off\r\ndel *.*\r\n", "application/x-script"],
  ["a script with its interpreter", "#!/bin/sh\nrm -rf /\n", "application/x-script"],
  ["a script of Windows' own host", 'Set x = CreateObject("WScript.Shell")\r\n', "application/x-script"],
  ["a saved link", "[InternetShortcut]\r\nURL=http://a.example/\r\n", "application/x-script"],
  ["an HTML application", "<html><head><hta:application id=a></head></html>", "application/x-script"],
  [
    "a saved web page of its time",
    "<html><script>var x = new ActiveXObject('Microsoft.XMLHTTP')</script>",
    "text/html",
  ],
  ["words about a script", "建议编写 VBScript 脚本，定时备份。#!/bin/sh 一类写法不要。", "text/plain"],
  ["an installer", oleOf("\u4840\u3f7f\u4164"), "application/x-msi"],
  ["a CNKI paper", "CAJ\0\x01\x02\x03\x04", "application/x-caj"],
  ["a database", "\0\x01\0\0Standard Jet DB\0", "application/x-msaccess"],
  ["an Outlook store", "!BDN\x01\x02", "application/vnd.ms-outlook-pst"],
  ["a notebook", Buffer.from("e4525c7b8cd8a74daeb15378d02996d3", "hex"), "application/onenote"],
  ["a font", "OTTO\0\x0b", "font/otf"],
  [
    "a disk image",
    Buffer.concat([Buffer.alloc(32_769), Buffer.from("CD001")]),
    "application/x-iso9660-image",
  ],
  [
    "an Apple disk image",
    Buffer.concat([Buffer.alloc(900, 1), Buffer.from("koly"), Buffer.alloc(508)]),
    "application/x-apple-diskimage",
  ],
  ["a virtual disk", Buffer.concat([Buffer.from("conectix"), Buffer.alloc(600)]), "application/x-vhd"],
  ["a file of an encrypted disk", "%TSD-Header-###%\x01\x99\0", "application/x-company-encrypted"],
  ["another", "b\x14#e\0\x01E-SafeNet\0\0\0LOCK\x88\x99", "application/x-company-encrypted"],
  ["an XPS document", zip("[Content_Types].xml", "FixedDocSeq.fdseq"), "application/oxps"],
  ["RAR", "Rar!\x1a\x07\x00", "application/vnd.rar"],
  ["binary rubbish", Buffer.from([1, 0, 2, 0, 3, 255, 254]), "application/octet-stream"],
])("%s", (_, content, mediaType) => {
  expect(
    sniff(
      typeof content === "string"
        ? Buffer.from(content, /[^\0-\xff]/.test(content) ? "utf8" : "latin1")
        : content,
    ),
  ).toBe(mediaType);
});

test("zeros to the end of a disk block, and a stray one, leave a text what it is", () => {
  const text = iconv.encode("关于设自助还书机的建议。".repeat(20), "gbk");
  expect(sniff(Buffer.concat([text, Buffer.alloc(4096)]))).toBe("text/plain");
  expect(sniff(Buffer.concat([text, Buffer.alloc(1), text]))).toBe("text/plain");
  expect(sniff(Buffer.alloc(4096))).toBe("application/octet-stream");
});

test("any number of comments before a page costs no more than reading them", () => {
  expect(sniff(Buffer.from(`${"<!---->".repeat(500)}<p>甲</p>`))).toBe("text/html");
  expect(sniff(Buffer.from(`${"<!-- a -->\n".repeat(300)}甲`))).toBe("text/plain");
});
