// Rosters as Excel and WPS really export them.
import iconv from "iconv-lite";
import { expect, test } from "vitest";
import { csvRows, readRoster } from "../../src/campaign/roster.ts";
import { decodeText } from "../../src/campaign/source.ts";

const units = [
  { code: "library", name: "市图书馆", aliases: ["图书馆", "市图"] },
  { code: "museum", name: "市博物馆", aliases: ["博物馆", "馆"] },
  { code: "gallery", name: "市美术馆", aliases: ["馆"] },
];
const read = (text: string) => readRoster("roster.csv", text, units);

const chinese = "姓名,邮箱,单位\r\n张小某,Zhang@Lib.Culture.Example,市图\r\n李某,,博物馆\r\n";
const people = [
  { name: "张小某", email: "zhang@lib.culture.example", unit: "library" },
  { name: "李某", email: null, unit: "museum" },
];

test.each([
  ["UTF-8", Buffer.from(chinese)],
  ["UTF-8 with a byte order mark", Buffer.from(`\uFEFF${chinese}`)],
  ["GBK", iconv.encode(chinese, "gbk")],
  [
    "UTF-16 with tabs (“Unicode text”)",
    iconv.encode(chinese.replaceAll(",", "\t"), "utf-16le", { addBOM: true }),
  ],
  ["semicolons", Buffer.from(chinese.replaceAll(",", ";"))],
  ["bare line feeds", Buffer.from(chinese.replaceAll("\r\n", "\n"))],
])("a roster saved as %s reads the same", (_encoding, bytes) => {
  expect(read(decodeText(bytes))).toEqual({ people, problems: [], warnings: [] });
});

test("columns may stand in any order, with others between them, under either language's names", () => {
  const { people: found } = read(
    "序号,Unit,Name,电话,E-Mail\n1,library,张小某,110,zhang@lib.culture.example\n",
  );
  expect(found).toEqual([people[0]]);
});

test.each(["library", "市图书馆", "市 图", "图书馆", "ＬＩＢＲＡＲＹ"])(
  "the unit may be written %s",
  (unit) => {
    expect(read(`name,email,unit\n张小某,,${unit}\n`).people[0]?.unit).toBe("library");
  },
);

test("two addresses are two rows; the same row twice is a warning", () => {
  const { people: found, warnings } = read(
    "name,email,unit\n甲,a@b.example,市图\n甲,a@c.example,市图\n甲,a@b.example,市图书馆\n",
  );
  expect(found.map((person) => person.email)).toEqual(["a@b.example", "a@c.example", "a@b.example"]);
  expect(warnings.map((warning) => warning.line)).toEqual([4]);
});

test("mistakes name file and line, all of them, with the row to write", () => {
  const { problems } = read(
    'name,email,unit\n"多行\n姓名",,市图\n甲,不知道,市图\n,x@y.example,市图\n乙,y＠y。example,市图\n丙,,市圕\n丁,,馆\n',
  );
  expect(problems.map(({ file, line, key, write }) => [file, line, key, write])).toEqual([
    ["roster.csv", 4, "email", "甲,,市图"],
    ["roster.csv", 5, "name", null],
    ["roster.csv", 6, "email", "乙,y@y.example,市图"],
    ["roster.csv", 7, "unit", "丙,,市图"],
    ["roster.csv", 8, "unit", "丁,,museum"],
  ]);
});

test.each(["", "\n\n", "张某,zhang@lib.culture.example,市图\n", "姓名,邮箱\n张某,\n"])(
  "without its header line a roster is refused with the header to write: %j",
  (text) => {
    const { problems } = read(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.write).toBe("姓名,邮箱,单位");
  },
);

test("blank rows and rows of separators are skipped", () => {
  expect(read("name,email,unit\n\n,,\n李某,,博物馆\n   \n").people).toEqual([people[1]]);
});

test("quoted cells keep separators, doubled quotes and line breaks", () => {
  expect(csvRows('a,"b,""c""\nd",e\r\n"",,\nlast')).toEqual([
    { line: 1, cells: ["a", 'b,"c"\nd', "e"] },
    { line: 3, cells: ["", "", ""] },
    { line: 4, cells: ["last"] },
  ]);
});
