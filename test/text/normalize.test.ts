// One way of writing for what is compared.
import fc from "fast-check";
import { expect, test } from "vitest";
import { normalize } from "../../src/text/normalize.ts";
import { cpuMilliseconds } from "../support/cpu.ts";

const cases: [what: string, written: string, same: string][] = [
  ["full-width letters and digits", "ＡＢＣ　１２３", "ABC 123"],
  ["full-width punctuation", "（一）标题：内容，结束！", "(一)标题:内容,结束!"],
  ["traditional characters", "圖書館關於數位化的建議", "图书馆关于数位化的建议"],
  ["characters written in both", "乾隆年间的著作", "乾隆年间的著作"],
  ["spaces between Han characters", "图 书　馆", "图书馆"],
  ["spaces beside Latin letters stay", "建议 A 组 2012 年", "建议 A 组 2012 年"],
  ["invisible characters", "图\u200B书\uFEFF馆\u202E", "图书馆"],
  ["radicals and compatibility ideographs of PDF text", "⽂化\uF9D1", "文化六"],
  ["runs of spaces", "a  b\t c", "a b c"],
  ["line ends", "一\r\n二\r三", "一\n二\n三"],
  ["ASCII", "plain text", "plain text"],
  ["nothing", "", ""],
];

test.each(cases)("%s", (_what, written, same) => {
  expect(normalize(written)).toBe(same);
});

test("normalizing twice changes nothing more", () => {
  const piece = fc.constantFrom("圖", "书 ", "　", "Ａ", "\u200b", "\r\n", "a", " ", "⽂", "𠀀");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const once = normalize(pieces.join(""));
      expect(normalize(once)).toBe(once);
    }),
  );
});

test("a page is normalized in well under a millisecond", () => {
  const page = "关于文化现代化的一点建议，图 书 馆。\n".repeat(100);
  normalize("圖");
  const spent = cpuMilliseconds(() => {
    for (let run = 0; run < 50; run++) normalize(page);
  });
  expect(spent / 50).toBeLessThan(2);
});
