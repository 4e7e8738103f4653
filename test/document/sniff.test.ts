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

test.each<[string, Uint8Array | string, string]>([
  ["nothing", "", "application/x-empty"],
  ["a PDF with junk before its header", "\r\n\r\n%PDF-1.4\n", "application/pdf"],
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
