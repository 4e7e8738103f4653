// How much was read, in words a clerk understands.
import { expect, test } from "vitest";
import { type Amount, amountWords, clearerCopyWords, doubtWords } from "../../src/document/amount.ts";

const text: Amount = {
  mediaType: "application/pdf",
  pages: 3,
  pagesRead: null,
  confidence: null,
  characters: 1_240,
};

test.each<[string, Partial<Amount>, string, string]>([
  ["a text", {}, "3 页，1,240 字", "3 pages, 1,240 characters"],
  ["a text without pages", { pages: null }, "1,240 字", "1,240 characters"],
  [
    "a workbook",
    { mediaType: "application/vnd.ms-excel", pages: 1 },
    "1 个工作表，1,240 字",
    "1 sheet, 1,240 characters",
  ],
  [
    "slides",
    { mediaType: "application/vnd.openxmlformats-officedocument.presentationml.presentation" },
    "3 张幻灯片，1,240 字",
    "3 slides, 1,240 characters",
  ],
  [
    "a scan",
    { confidence: 0.97, pages: 12 },
    "共 12 页，识别出 1,240 字（由图像识别，可能有个别错字）",
    "12 pages, 1,240 characters recognised from a picture (a few may be wrong)",
  ],
  [
    "a photograph",
    { mediaType: "image/jpeg", confidence: 0.97, pages: 1 },
    "识别出 1,240 字（由图像识别，可能有个别错字）",
    "1,240 characters recognised from a picture (a few may be wrong)",
  ],
  [
    "a long scan",
    { confidence: 0.97, pages: 80, pagesRead: 30 },
    "只读了前 30 页，共 80 页，识别出 1,240 字（由图像识别，可能有个别错字）",
    "only the first 30 of 80 pages read, 1,240 characters recognised from a picture (a few may be wrong)",
  ],
  ["an archive", { mediaType: "application/zip", pages: null, characters: 0 }, "", ""],
])("%s", (_, changes, chinese, english) => {
  expect(amountWords({ ...text, ...changes }, "zh-CN")).toBe(chinese);
  expect(amountWords({ ...text, ...changes }, "en")).toBe(english);
});

test("the office is told to look at the original only where recognition was not sure", () => {
  expect(doubtWords({ confidence: 0.628 }, "zh-CN")).toBe("识别把握较低（62 %），请核对原件");
  expect(doubtWords({ confidence: 0.95 }, "zh-CN")).toBe("");
  expect(doubtWords({ confidence: null }, "zh-CN")).toBe("");
});

test("the sender is asked for the Word file then, and not otherwise", () => {
  expect(clearerCopyWords({ confidence: 0.5 }, "zh-CN")).toContain("Word");
  expect(clearerCopyWords({ confidence: 0.95 }, "zh-CN")).toBe("");
});
