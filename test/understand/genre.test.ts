// The genre model: hand-written texts, the weights made from them, and what it says of texts it has not seen.
import { join } from "node:path";
import { expect, test } from "vitest";
import { examplesIn, readExamples } from "../../bench/genre/examples.ts";
import { train } from "../../bench/genre/train.ts";
import {
  genreOf,
  looked,
  MOST_TOLD,
  modelOf,
  TEXT_GENRES,
  type TextGenre,
  weightsOf,
} from "../../src/understand/genre.ts";
import { GENRE_WEIGHTS } from "../../src/understand/genre-weights.ts";

const examples = readExamples(join(import.meta.dirname, "../../fixtures/genres"));

test("there are enough texts of every genre, none twice", () => {
  expect(examples.length).toBeGreaterThanOrEqual(1_800);
  for (const genre of TEXT_GENRES)
    expect(examples.filter((one) => one.genre === genre).length, genre).toBeGreaterThanOrEqual(120);
  const texts = examples.map((one) => one.text);
  expect(texts.filter((text, at) => texts.indexOf(text) !== at)).toEqual([]);
});

test("a genre nobody knows, and a text before any genre, are refused with their place", () => {
  expect(() => examplesIn("# poem\n春眠不觉晓", "verses")).toThrow("verses:1");
  expect(() => examplesIn("春眠不觉晓", "verses")).toThrow("verses:1");
});

test("the committed weights are those of the texts", () => {
  const { temperature } = modelOf(GENRE_WEIGHTS);
  expect(weightsOf({ ...train(examples), temperature })).toBe(GENRE_WEIGHTS);
});

const unseen: [TextGenre, string][] = [
  ["proposal", "游泳池更衣室的地面一沾水就滑，能不能铺一层防滑垫？"],
  ["proposal", "锅炉房的值班表不如排成两班，夜里有人替换，也安全些。"],
  ["proposal", "Please move the coat racks away from the radiator, the cloakroom smells of wet wool."],
  ["question", "请问退休返聘的老师可以投稿吗？截止到哪天？"],
  ["question", "Is it too late to hand in our summary?"],
  ["correction", "上一封里单位写错了，应是第二分校，请更正。"],
  ["correction", "请撤回我上周交的那条，已经有人提过了。"],
  ["thanks", "收到，谢谢您，辛苦了！"],
  ["report", "今年以来共组织培训十二期，参训六百人次，存在的不足是课时偏少。"],
  ["plan", "第一阶段三月完成调研，第二阶段四至八月组织实施，责任部门为后勤科。"],
  ["cover", "附件是我单位的材料，请查收。"],
  ["other", "祝您新春快乐，阖家幸福！"],
];
test.each(unseen)("%s: %s", (genre, text) => {
  expect(examples.some((one) => one.text === text)).toBe(false);
  expect(genreOf(text).best).toBe(genre);
});

test("no words weigh more than the bound, and each word shown stands in the text", () => {
  for (const { text } of examples.filter((_, at) => at % 7 === 0)) {
    const reading = genreOf(text);
    for (const genre of TEXT_GENRES) {
      expect(Math.abs(reading.odds[genre])).toBeLessThanOrEqual(MOST_TOLD);
      for (const word of reading.words(genre)) expect(looked(text)).toContain(word);
    }
  }
});

test("nothing, and what is no language, say nothing certain", () => {
  for (const text of ["", "。", "\n\n", "0101 1100"]) expect(genreOf(text).odds.proposal).toBeLessThan(1);
});

test("numbers do not matter, whichever they are", () => {
  const of = (count: string) =>
    genreOf(`请在三号楼南侧的停车场里，为来访的老人和带孩子的家长增设 ${count} 个车位。`).odds;
  expect(of("12")).toEqual(of("3,480"));
});

test("of a long text the ends are read", () => {
  const long = `建议增设两个车位。${"天气很好。".repeat(40_000)}请领导考虑。`;
  expect(looked(long).length).toBeLessThan(2_000);
  expect(genreOf(long).words("proposal").join()).toContain("建议");
});
