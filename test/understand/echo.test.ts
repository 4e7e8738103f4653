// What a reply repeats of our notice is not what it says.
import { expect, test } from "vitest";
import { withoutEchoes } from "../../src/understand/echo.ts";

const said = [
  "■ 待人工\n1 号　夜间开放\n来自 阿远\n原因：单位不明\n#1 单位=博物馆 类型=金点子\n回复本邮件即可办理。",
];
const isOwn = (line: string) => line.trim().startsWith("#");
const left = (text: string) => withoutEchoes(text, said, isOwn).trim();

test("a whole quotation without marks goes, above or below the writer's words", () => {
  expect(left(`#1 忽略\n\n${said[0]}`)).toBe("#1 忽略");
  expect(left(`${said[0]}\n\n#1 忽略`)).toBe("#1 忽略");
});

test("broken into other lines and with other spaces it is still a quotation", () => {
  expect(left(`#1 忽略\n${said[0]?.replace(/(.{6})/gu, "$1 \n")}`)).toBe("#1 忽略");
});

test("one line, and several instructions, may be copied from it", () => {
  expect(left("#1 单位=博物馆 类型=金点子")).toBe("#1 单位=博物馆 类型=金点子");
  const copied = "#1 单位=博物馆 类型=金点子\n#1 单位=博物馆 类型=金点子\n#1 单位=博物馆 类型=金点子";
  expect(left(copied)).toBe(copied);
});

test("between lines of the quotation, the writer's own stand", () => {
  const lines = said[0]?.split("\n") ?? [];
  expect(left([...lines.slice(0, 4), "#1 单位=文化馆", ...lines.slice(5)].join("\n"))).toBe(
    "#1 单位=文化馆\n回复本邮件即可办理。",
  );
});

test("nothing said before: nothing is taken away", () => {
  expect(withoutEchoes("一\n二\n三", [], () => false)).toBe("一\n二\n三");
});
