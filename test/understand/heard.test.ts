// What a mail without files is for by its wording alone, and where the wording must not decide.
import { expect, test } from "vitest";
import { heardIn } from "../../src/understand/heard.ts";
import { linesOf } from "../../src/understand/letter.ts";
import { prepare, understand } from "../../src/understand/understand.ts";
import { type Letter, mailOf, schools } from "./builders.ts";

const knowledge = prepare(schools);
const of = (letter: Letter) =>
  understand(
    { mail: mailOf(letter), parts: [], arrivedAt: new Date("2024-03-12T10:00:00+08:00"), thread: null },
    knowledge,
  );

const said = (text: string, more: Partial<Parameters<typeof heardIn>[0]> = {}) => {
  const lines = linesOf(text);
  return heardIn({ lines, length: text.length, answersUs: false, aboutEarlier: false, brings: 0, ...more });
};

test.each([
  ["question", "代课的算在编人数里吗？表上没写明白。"],
  ["correction", "上回那件事的署名弄岔了，麻烦给改过来。"],
])("hears a %s that no rule knows", (genre, text) => {
  expect(said(text)?.genre).toBe(genre);
});

test("thanks are heard only in an answer to us", () => {
  const text = "收到啦，太感谢你们了，这么晚还惦记着回信！";
  expect(said(text)).toBeNull();
  expect(said(text, { answersUs: true })?.genre).toBe("thanks");
});

test("a proposal is heard as nothing else, nor what brings something stronger", () => {
  expect(said("楼道的灯太暗，能不能换成感应的？")).toBeNull();
  const question = "请问截止到哪天？";
  expect(said(question)?.genre).toBe("question");
  expect(said(question, { brings: 3 })).toBeNull();
});

test("what is long is no talk", () => {
  expect(said("署名写错了，请改。".repeat(60))).toBeNull();
});

const wordsOfAnother = "上回那件事的署名弄岔了，麻烦给改过来。";

test("words do not decide against a form, nor against a subject that says what it is", () => {
  expect(of({ subject: "你好", text: wordsOfAnother }).type.value).toBe("correction");
  const form = `建议人：王小明\n建议名称：走廊照明\n${wordsOfAnother}`;
  expect(of({ subject: "你好", text: form }).type.value).not.toBe("correction");
  expect(of({ subject: "合理化建议", text: wordsOfAnother }).type.value).toBe("suggestion");
});
