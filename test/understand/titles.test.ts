// Titles keep their marks in pairs.
import { expect, test } from "vitest";
import { meaningOf, tidy } from "../../src/understand/title.ts";
import { prepare } from "../../src/understand/understand.ts";
import { schools } from "./builders.ts";

const knowledge = prepare(schools);

test.each([
  ["献策-操场的“装备包”", "操场的“装备包”"],
  ["【献策】“托管席”", "托管席"],
  ["献策：“托管席”进校园", "“托管席”进校园"],
  ["一小 周敏：图书漂流（试行）", "图书漂流（试行）"],
  ["献策《读书角》", "读书角"],
  ['献策-走廊的"跳房子"', '走廊的"跳房子"'],
  ["献策（走廊里的跳房子）", "走廊里的跳房子"],
])("%s means %s", (subject, title) => expect(meaningOf(subject, knowledge)).toBe(title));

test.each([
  ["“托管席”", "托管席"],
  ["给孩子一个“托管席", "给孩子一个“托管席"],
  ["“给孩子一个座位", "给孩子一个座位"],
  ["给孩子一个座位”", "给孩子一个座位"],
  ["把“座位”和“书包”还给孩子", "把“座位”和“书包”还给孩子"],
  ["走廊（东侧）", "走廊（东侧）"],
  ["参考 http://news.example/a 延长开放", "参考   延长开放"],
  ["项目\t负责人", "项目 负责人"],
])("%s is tidied to %s", (written, title) => expect(tidy(written)).toBe(title));
