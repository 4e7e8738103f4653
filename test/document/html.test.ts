// Web pages and web archives saved as files: what is shown, as it is shown.
import iconv from "iconv-lite";
import { expect, test } from "vitest";
import { readDocument } from "../../src/document/read.ts";

const shown = { inline: false };
const read = (page: string | Uint8Array) => readDocument(Buffer.from(page as string), shown);

test.each<[string, string, string]>([
  ["numbers of a list", "<ol><li>甲<li>乙</ol>", "1. 甲\n2. 乙"],
  [
    "numbers by type and start",
    '<ol type=a start=3><li>甲</li><li value=7>乙</li></ol><ol type="I"><li>丙</li></ol>',
    "c. 甲\ng. 乙\n\nI. 丙",
  ],
  [
    "Chinese numbers by style",
    '<ol style="list-style-type:simp-chinese-informal" start="11"><li>甲</li></ol><ol style="list-style: cjk-heavenly-stem"><li>乙</ol>',
    "十一、甲\n\n甲、乙",
  ],
  ["lists in lists", "<ol><li>甲<ul><li>子</ul><li>乙</ol>", "1. 甲\n\n• 子\n\n2. 乙"],
  ["no dots where none are shown", '<ul style="list-style:none"><li>甲</ul>', "甲"],
  ["a paragraph within an item beside its number", "<ol><li><p>甲</p><p>续</p></li></ol>", "1. 甲\n\n续"],
  [
    "no hidden words",
    '前<div style="display: none">藏<div>藏</div>藏</div><span hidden>藏</span><p style=\'mso-hide:all\'>藏</p><span data-hidden="1">中</span><input type="hidden" value="藏">后',
    "前中后",
  ],
  [
    "no words taken out in Word",
    '建议<del cite="mailto:a" datetime="2012-11-30T09:00">旧</del><ins>新</ins>馆',
    "建议新馆",
  ],
  ["signs below their sounds", "<ruby>绘<rt>huì</rt>本<rp>(</rp><rt>běn</rt></ruby>", "绘本"],
  [
    "empty cells in their places",
    "<table><tr><td></td><td>乙</td><td></td><td>丁</td></tr><tr><td>甲</td></tr></table>",
    "\t乙\t\t丁\n甲",
  ],
  [
    "Chinese lines broken in the source as one",
    "<p>关于延长市图书馆\r\n开放时间的<b>建</b>\n<i>议</i>，open\nlate</p>",
    "关于延长市图书馆开放时间的建议，open late",
  ],
  ["blanks that set a paragraph in", "<p>　　正文　甲</p>", "　　正文　甲"],
  [
    "no settings of Word",
    "<p>甲</p><xml><w:View>Normal</w:View></xml><!--[if gte mso 9]><xml>乙</xml><![endif]--><![if !supportLists]><span>一、</span><![endif]>丙",
    "甲\n\n一、丙",
  ],
  ["words after a script ended carelessly", "<script>x</script lang>甲", "甲"],
])("a page shows %s", async (_, page, text) => {
  const document = await read(`<html><body>${page}</body></html>`);
  expect(document).toMatchObject({ mediaType: "text/html", text });
});

test.each<[string, Uint8Array]>([
  ["by its own word", iconv.encode('<html><meta charset="gb2312"><p>关于活动的意见</p>', "gbk")],
  [
    "by its XML declaration",
    iconv.encode('<?xml version="1.0" encoding="gbk"?><html><p>关于活动的意见</p></html>', "gbk"),
  ],
  ["by its looks where it says nothing", iconv.encode("<html><p>关于活动的意见</p></html>", "gbk")],
  [
    "by its looks where it cannot be what it says",
    Buffer.from('<html><meta charset="utf-16"><p>关于活动的意见</p></html>'),
  ],
  ["by its mark", Buffer.from("\ufeff<html><p>关于活动的意见</p></html>", "utf16le")],
  [
    "behind a long beginning",
    iconv.encode(
      `<html><style>${"p{}".repeat(5_000)}</style><meta charset="gbk"><p>关于活动的意见</p></html>`,
      "gbk",
    ),
  ],
])("a page is in its charset %s", async (_, page) => {
  expect((await read(page)).text).toBe("关于活动的意见");
});

test("half a megabyte of cells, lists and hidden elements that never end is read in passing", async () => {
  for (const piece of ["<td>a<b>", "<ol><li>a", "<div hidden>a", "<tr><td> ", "<p style='", "</script "])
    expect((await read(`<html>甲${piece.repeat(100_000)}`)).text).toMatch(/^甲/);
});

const archive = (parts: string[], head = "MIME-Version: 1.0") =>
  [
    head,
    'Content-Type: multipart/related; boundary="----=_b"',
    "",
    "说明",
    ...parts.flatMap((part) => ["------=_b", part]),
    "------=_b--",
    "",
  ].join("\r\n");
const base64 = (content: Uint8Array) => Buffer.from(content).toString("base64").replace(/.{76}/g, "$&\r\n");
const page = (html: string, location = "file:///C:/plan.htm", charset = "gb2312") =>
  `Content-Location: ${location}\r\nContent-Transfer-Encoding: base64\r\nContent-Type: text/html; charset="${charset}"\r\n\r\n${base64(iconv.encode(html, "gbk"))}`;

test("Word's page in one file is its page, then its header, without the separators of notes", async () => {
  const document = await read(
    archive([
      page("<html><head><title>方案</title></head><body><p>非遗进校园</p></body></html>"),
      page(
        "<html><body><div style='mso-element:header'><p>市文化馆</p></div></body></html>",
        "file:///C:/plan.files/header.htm",
      ),
    ]),
  );
  expect(document).toMatchObject({
    mediaType: "application/x-mimearchive",
    text: "非遗进校园\n市文化馆",
    title: "方案",
  });
});

test("a browser's archive is read, a mail with pictures in its page stays a mail", async () => {
  const saved = archive(
    [page("<p>存下的网页</p>")],
    "From: <Saved by Blink>\r\nSubject: x\r\nDate: Mon, 3 Dec 2012 09:00:00 +0800\r\nMIME-Version: 1.0",
  );
  expect(await read(saved)).toMatchObject({ text: "存下的网页" });
  const sent = archive(
    [page("<p>信</p>")],
    "From: a@museum.example\r\nTo: b@museum.example\r\nSubject: x\r\nMIME-Version: 1.0",
  );
  expect(await read(sent)).toMatchObject({ mediaType: "message/rfc822" });
});

test("a scan in an archive is counted, an archive without a page is damaged", async () => {
  const picture = `Content-Type: image/jpeg\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64(Buffer.alloc(30_000, 7))}`;
  expect(await read(archive([page("<p><img></p>"), picture]))).toMatchObject({
    reason: "no-text",
    unrecognised: 1,
  });
  expect(await read(archive([picture]))).toMatchObject({ status: "held", reason: "corrupt" });
});

test("list styles named like what every object has are only unknown styles", async () => {
  expect((await read('<ol style="list-style:constructor"><li>甲</ol><ol type="i"><li>乙</ol>')).text).toBe(
    "1. 甲\n\ni. 乙",
  );
});
