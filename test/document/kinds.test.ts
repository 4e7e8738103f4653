// Formats and remarks in the words of a clerk.
import { expect, test } from "vitest";
import { heldDocument } from "../../src/document/document.ts";
import { isIllustration, kindWords } from "../../src/document/kinds.ts";
import { remarksOf, remarkWords } from "../../src/document/remarks.ts";

test.each([
  ["application/vnd.openxmlformats-officedocument.wordprocessingml.document", "文字文档"],
  ["application/msword", "文字文档"],
  ["application/vnd.oasis.opendocument.spreadsheet", "表格"],
  ["application/vnd.ms-excel.html", "表格"],
  ["application/vnd.ms-powerpoint", "演示文稿"],
  ["application/x-ooxml-encrypted", "加密的 Office 文件"],
  ["application/ofd", "OFD"],
  ["application/vnd.ms-outlook", "邮件"],
  ["image/jpeg", "图片"],
  ["image/vnd.dwg", "图形"],
  ["application/x-7z-compressed", "压缩包"],
  ["application/vnd.rar", "压缩包"],
  ["application/vnd.microsoft.portable-executable", "程序"],
  ["application/x-empty", "空文件"],
  ["application/octet-stream", "未知格式"],
])("%s is called %s", (mediaType, name) => {
  expect(kindWords(mediaType, "zh-CN")).toBe(name);
  expect(kindWords(mediaType, "en")).toMatch(/^[A-Za-z', ]+$/);
});

test.each([
  ["only the first 30 of 80 pages that are pictures were recognised", "只识别了前 30 页，共 80 页"],
  ["the sheet 备用 is hidden and was not read", "工作表“备用”是隐藏的，没有读取"],
  ["page 3 could not be read: no such object", "第 3 页没有读出"],
  ["needs a password", "技术说明：needs a password"],
])("the remark “%s” reads “%s”", (remark, words) => {
  expect(remarkWords(remark, "zh-CN")).toBe(words);
  expect(remarkWords(remark, "en")).toBe(remark);
});

test("how sure recognition was is not said again, with another rounding", () => {
  expect(remarksOf(["recognised with low confidence (0.52)", "the picture is cut short"], "zh-CN")).toEqual([
    "图片不完整，只读出一部分",
  ]);
});

test("pictures without words and recordings illustrate, what is locked or broken does not", () => {
  expect(isIllustration(heldDocument("image/jpeg", "no-text"))).toBe(true);
  expect(isIllustration(heldDocument("audio/mpeg", "media"))).toBe(true);
  expect(isIllustration(heldDocument("image/jpeg", "corrupt"))).toBe(false);
  expect(isIllustration(heldDocument("application/pdf", "no-text"))).toBe(false);
});
