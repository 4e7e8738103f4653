// Excel workbooks read as one sees them: rows as lines, cells in their columns, dates as dates.
import exceljs from "exceljs";
import { strToU8, zipSync } from "fflate";
import { expect, test } from "vitest";
import { readDocument } from "../../src/document/read.ts";

const read = (workbook: Uint8Array) => readDocument(workbook, { inline: false });

/** A workbook as exceljs writes it, which is much as Excel does. */
async function written(fill: (book: exceljs.Workbook) => void): Promise<Uint8Array> {
  const book = new exceljs.Workbook();
  fill(book);
  return new Uint8Array(await book.xlsx.writeBuffer());
}

const relations = (...targets: [type: string, target: string][]) =>
  `<Relationships>${targets.map(([type, target], at) => `<Relationship Id="r${at + 1}" Type="http://x/${type}" Target="${target}"/>`).join("")}</Relationships>`;

/** A workbook of parts written by hand: one sheet, or the parts given instead. */
function byHand(rows: string, parts: Record<string, string> = {}): Uint8Array {
  const all: Record<string, string> = {
    "[Content_Types].xml": "<Types/>",
    "_rels/.rels": relations(["officeDocument", "xl/workbook.xml"]),
    "xl/workbook.xml": '<workbook><sheets><sheet name="表" sheetId="1" id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": relations(["worksheet", "worksheets/sheet1.xml"]),
    "xl/worksheets/sheet1.xml": `<worksheet><sheetData>${rows}</sheetData></worksheet>`,
    ...parts,
  };
  return zipSync(Object.fromEntries(Object.entries(all).map(([name, xml]) => [name, strToU8(xml)])), {
    level: 0,
  });
}

test("rows are lines and cells keep their columns, empty ones too; empty rows are gone", async () => {
  const document = await read(
    await written((book) => {
      book.title = "金点子汇总";
      book.creator = "童采薇";
      const sheet = book.addWorksheet("Sheet1");
      sheet.getCell("A1").value = "市图书馆金点子汇总表";
      sheet.mergeCells("A1:D1");
      sheet.getRow(3).values = ["序号", "姓名", "单位", "内容"];
      sheet.getRow(4).values = [1, "尹青禾", null, "设置自助\r\n还书机"];
      sheet.getCell("C6").value = "备注";
      book.addWorksheet("Sheet2");
    }),
  );
  expect(document).toMatchObject({
    status: "read",
    text: "市图书馆金点子汇总表\n序号\t姓名\t单位\t内容\n1\t尹青禾\t\t设置自助 还书机\n\t\t备注",
    title: "金点子汇总",
    author: "童采薇",
    pages: 1,
    warnings: [],
  });
});

test("several sheets come in the order of their tabs, each under its name; hidden ones do not", async () => {
  const document = await read(
    await written((book) => {
      book.addWorksheet("文化馆").getCell("A1").value = "音乐角";
      book.addWorksheet("底稿", { state: "hidden" }).getCell("A1").value = "勿外传";
      book.addWorksheet("选项", { state: "veryHidden" }).getCell("A1").value = "是";
      book.addWorksheet("博物馆").getCell("B2").value = "二维码";
    }),
  );
  expect(document.text).toBe("文化馆\n音乐角\n\n博物馆\n\t二维码");
  expect(document.pages).toBe(2);
  expect(document.warnings).toEqual([
    "the sheet 底稿 is hidden and was not read",
    "the sheet 选项 is hidden and was not read",
  ]);
});

const day = (iso: string) => new Date(`${iso}Z`);

test.each<[string, exceljs.CellValue, string | undefined, string]>([
  ["a date", day("2012-12-05T00:00:00"), "yyyy/m/d", "2012-12-05"],
  ["a date in Chinese", day("2012-12-05T00:00:00"), '[$-804]yyyy"年"m"月"d"日";@', "2012-12-05"],
  ["a month and a day", day("2012-12-05T00:00:00"), 'm"月"d"日"', "2012-12-05"],
  ["a date with time", day("2012-12-05T16:20:00"), "yyyy-mm-dd hh:mm", "2012-12-05 16:20"],
  ["a time", 0.75, "h:mm AM/PM", "18:00"],
  ["a duration", 1.5, "[h]:mm", "36:00"],
  ["the last day before Excel's false leap day", 59, "yyyy-mm-dd", "1900-02-28"],
  ["the first day after it", 61, "yyyy-mm-dd", "1900-03-01"],
  ["a share", 0.125, "0.0%", "12.5%"],
  ["a sum in a colour, no day in red", 40000, "[Red]#,##0.00", "40000"],
  ["a number with a quoted word that holds a d", 7, '0" days"', "7"],
  ["a number of many digits", 123456789012, undefined, "123456789012"],
  ["a number that is not quite", 0.1 + 0.2, undefined, "0.3"],
  ["a truth", true, undefined, "TRUE"],
  ["an error", { error: "#N/A" }, undefined, "#N/A"],
  ["a formula's number", { formula: "SUM(A1:A9)", result: 42 }, undefined, "42"],
  ["a formula's words", { formula: 'A1&"馆"', result: "文化馆" }, undefined, "文化馆"],
  [
    "a formula's date",
    { formula: "TODAY()", result: day("2012-12-05T00:00:00") },
    "yyyy-mm-dd",
    "2012-12-05",
  ],
  [
    "words in several fonts",
    { richText: [{ text: "夜宿" }, { font: { bold: true }, text: "书海" }] },
    undefined,
    "夜宿书海",
  ],
  ["a link", { text: "方案", hyperlink: "http://culture.example/" }, undefined, "方案"],
  ["digits that are words", "007", undefined, "007"],
])("%s is read as shown", async (_, value, format, shown) => {
  const workbook = await written((book) => {
    const cell = book.addWorksheet("Sheet1").getCell("A1");
    cell.value = value;
    if (format) cell.numFmt = format;
  });
  expect((await read(workbook)).text).toBe(shown);
});

test("a workbook of an old Macintosh counts its days from 1904", async () => {
  const workbook = await written((book) => {
    book.properties.date1904 = true;
    const cell = book.addWorksheet("Sheet1").getCell("A1");
    cell.value = 39786;
    cell.numFmt = "yyyy-mm-dd";
  });
  expect((await read(workbook)).text).toBe("2012-12-05");
});

test.each<[string, string, string]>([
  [
    "words in place",
    '<row><c r="B1" t="inlineStr"><is><r><t>绘本</t></r><r><t>医生</t></r></is></c></row>',
    "\t绘本医生",
  ],
  ["cells that do not say where they are", "<row><c><v>1</v></c><c><v>2</v></c></row>", "1\t2"],
  [
    "no sounds above signs",
    '<row><c t="inlineStr"><is><t>绘本</t><rPh><t>huìběn</t></rPh></is></c></row>',
    "绘本",
  ],
  ["escaped signs", '<row><c t="str"><v>甲_x0009_乙_x005F_x0041_</v></c></row>', "甲 乙_x0041_"],
  ["a date by the newer standard", '<row><c t="d"><v>2012-12-05T00:00:00Z</v></c></row>', "2012-12-05"],
  ["no formula", "<row><c><f>1+1</f><v>2</v></c></row>", "2"],
])("a sheet gives %s", async (_, rows, text) => {
  expect((await read(byHand(rows))).text).toBe(text);
});

test("names of parts differ neither in case nor in their slashes", async () => {
  const parts = {
    "xl/_rels/workbook.xml.rels": relations(
      ["worksheet", "/xl/worksheets/Sheet1.xml"],
      ["sharedStrings", "SharedStrings.xml"],
    ),
    "xl\\sharedstrings.xml": "<sst><si><t>共享</t></si></sst>",
  };
  expect((await read(byHand('<row><c t="s"><v>0</v></c></row>', parts))).text).toBe("共享");
});

test("damaged styles cost dates their form, and nothing else", async () => {
  const parts = {
    "xl/_rels/workbook.xml.rels": relations(["worksheet", "worksheets/sheet1.xml"], ["styles", "styles.xml"]),
    "xl/styles.xml": "<styleSheet><cellXfs",
  };
  const document = await read(byHand('<row><c s="0"><v>41248</v></c></row>', parts));
  expect(document).toMatchObject({ status: "read", text: "41248" });
  expect(document.warnings).toHaveLength(1);
});

test.each<[string, string, Record<string, string>, string]>([
  ["without words", '<row><c r="A1" s="3"/></row>', {}, "no-text"],
  ["that breaks off", "<row><c><v>1", {}, "corrupt"],
  ["whose words are missing", '<row><c t="s"><v>0</v></c></row>', {}, "corrupt"],
  ["without a workbook", "", { "_rels/.rels": relations(["officeDocument", "xl/none.xml"]) }, "corrupt"],
  ["with an entity of its own", "<row><c><v>&file;</v></c></row>", {}, "corrupt"],
])("a workbook %s is held", async (_, rows, parts, reason) => {
  expect(await read(byHand(rows, parts))).toMatchObject({ status: "held", reason });
});

test("a sheet of a million formatted cells, or of columns nobody sees, is read up to there and says so", async () => {
  const empty = `<row>${'<c s="1"/>'.repeat(1_000_001)}</row>`;
  const far = '<row><c r="A1"><v>1</v></c><c r="XFD1"><v>2</v></c></row>';
  for (const rows of [`<row><c><v>1</v></c></row>${empty}<row><c><v>9</v></c></row>`, far]) {
    const document = await read(byHand(rows));
    expect(document.text).toBe("1");
    expect(document.warnings).toEqual(["the sheet 表 was not read to its end"]);
  }
});

test("a sheet painted to its last row leaves the next one to be read, and an empty one says nothing", async () => {
  const painted = `<row>${'<c s="1"/>'.repeat(1_100_000)}</row>`;
  const sheet = (rows: string) => `<worksheet><sheetData>${rows}</sheetData></worksheet>`;
  const parts = {
    "xl/workbook.xml":
      '<workbook><sheets><sheet name="甲" id="r1"/><sheet name="空" id="r2"/><sheet name="乙" id="r3"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": relations(
      ["worksheet", "worksheets/sheet1.xml"],
      ["worksheet", "worksheets/sheet2.xml"],
      ["worksheet", "worksheets/sheet3.xml"],
    ),
    "xl/worksheets/sheet2.xml": sheet(painted),
    "xl/worksheets/sheet3.xml": sheet("<row><c><v>2</v></c></row>"),
  };
  expect(await read(byHand(`<row><c><v>1</v></c></row>${painted}`, parts))).toMatchObject({
    text: "甲\n1\n\n乙\n2",
    pages: 2,
    pagesRead: null,
    warnings: ["the sheet 甲 was not read to its end"],
  });
});

test("a file inserted into a sheet is a child; a chart's own numbers are none", async () => {
  const parts = {
    "xl/worksheets/_rels/sheet1.xml.rels": relations(
      ["package", "../embeddings/附件.docx"],
      ["drawing", "../drawings/drawing1.xml"],
    ),
    "xl/embeddings/附件.docx": "设自助还书机",
    "xl/embeddings/chart.xlsx": "x",
  };
  const { children } = await read(byHand("<row><c><v>1</v></c></row>", parts));
  expect(children.map(({ filename, content }) => [filename, Buffer.from(content).toString()])).toEqual([
    ["attachment-1.txt", "设自助还书机"],
  ]);
});

test("one string named a million times is not written out a million times", async () => {
  const parts = {
    "xl/_rels/workbook.xml.rels": relations(
      ["worksheet", "worksheets/sheet1.xml"],
      ["sharedStrings", "s.xml"],
    ),
    "xl/s.xml": `<sst><si><t>${"a".repeat(20_000_000)}</t></si></sst>`,
  };
  const row = `<row>${'<c t="s"><v>0</v></c>'.repeat(250)}</row>`;
  const document = await read(byHand(row.repeat(200), parts));
  expect(document.text).toHaveLength(2_000_000);
  expect(document.warnings).toHaveLength(1);
});

test("comments and text boxes come after the cells; copies for older programs and sounds do not", async () => {
  const parts = {
    "xl/worksheets/_rels/sheet1.xml.rels": relations(
      ["drawing", "../drawings/drawing1.xml"],
      ["comments", "../comments1.xml"],
      ["threadedComment", "../threadedComments/threadedComment1.xml"],
    ),
    "xl/comments1.xml":
      '<comments><authors><author>甲</author><author>tc={00}</author></authors><commentList><comment ref="A1" authorId="0"><text><r><t>甲:</t></r><r><t>\n请核实</t></r></text></comment><comment ref="A2" authorId="1"><text><t>[线程批注]</t></text></comment></commentList></comments>',
    "xl/threadedComments/threadedComment1.xml":
      '<ThreadedComments><threadedComment ref="A2"><text>已改</text></threadedComment></ThreadedComments>',
    "xl/drawings/drawing1.xml":
      "<xdr:wsDr><xdr:twoCellAnchor><xdr:sp><xdr:txBody><a:p><a:r><a:t>填表说明</a:t></a:r></a:p><a:p><a:r><a:t>一人一行</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:twoCellAnchor></xdr:wsDr>",
  };
  expect((await read(byHand("<row><c><v>1</v></c></row>", parts))).text).toBe(
    "1\n\n甲:\n请核实\n已改\n填表说明\n一人一行",
  );
});

test("a sheet that is a scan is counted for recognition", async () => {
  const book = await written((workbook) => {
    const sheet = workbook.addWorksheet("扫描");
    const picture = {
      buffer: Buffer.alloc(30_000, 1) as unknown as exceljs.Buffer,
      extension: "png" as const,
    };
    sheet.addImage(workbook.addImage(picture), "A1:C20");
  });
  expect(await read(book)).toMatchObject({ status: "held", reason: "no-text", unrecognised: 1, pages: 1 });
});

test("one long string in every cell of a row, or far to the right, ends the reading; so do many tabs of one sheet", async () => {
  const parts = {
    "xl/_rels/workbook.xml.rels": relations(
      ["worksheet", "worksheets/sheet1.xml"],
      ["sharedStrings", "s.xml"],
    ),
    "xl/s.xml": `<sst><si><t>${"a".repeat(32_000)}</t></si></sst>`,
  };
  for (const place of ["A1", "XFD1"]) {
    const document = await read(
      byHand(`<row>${`<c r="${place}" t="s"><v>0</v></c>`.repeat(20_000)}</row>`, parts),
    );
    expect(document.warnings).toEqual(["the sheet 表 was not read to its end"]);
  }
  const tabs = {
    "xl/workbook.xml": `<workbook><sheets>${'<sheet name="表" id="r1"/>'.repeat(10_000)}</sheets></workbook>`,
  };
  expect(await read(byHand("<row><c><v>1</v></c></row>", tabs))).toMatchObject({ text: "1", pages: 1 });
});
