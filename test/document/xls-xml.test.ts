// "XML Spreadsheet 2003" as Excel and reporting programs write it, most often under the name of .xls.
import iconv from "iconv-lite";
import { expect, test } from "vitest";
import { readDocument } from "../../src/document/read.ts";

const read = (xml: Uint8Array) => readDocument(xml, { inline: false });
const cell = (type: string, value: string, attributes = "") =>
  `<Cell${attributes}><Data ss:Type="${type}">${value}</Data></Cell>`;
const sheet = (name: string, rows: string, visible = "") =>
  `<Worksheet ss:Name="${name}"><Table>${rows}</Table><WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel">${visible && `<Visible>${visible}</Visible>`}</WorksheetOptions></Worksheet>`;
const book = (sheets: string, encoding = "") => `<?xml version="1.0"${encoding && ` encoding="${encoding}"`}?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<DocumentProperties xmlns="urn:schemas-microsoft-com:office:office"><Title>统计表</Title><Author>尹青禾</Author></DocumentProperties>
<Styles><Style ss:ID="p"><NumberFormat ss:Format="Percent"/></Style><Style ss:ID="d"><NumberFormat ss:Format="yyyy\\-mm\\-dd"/></Style><Style ss:ID="n"><NumberFormat ss:Format="Standard"/></Style></Styles>
${sheets}</Workbook>`;

test("cells keep their places and values their form; a hidden sheet is not read", async () => {
  const rows = [
    `<Row>${cell("String", "序号")}${cell("String", "馆<B>名</B>")}${cell("String", "备注", ' ss:Index="4"')}</Row>`,
    `<Row ss:Index="5">${cell("Number", "1")}${cell("Number", "0.125", ' ss:StyleID="p"')}${cell("DateTime", "2012-12-03T00:00:00.000", ' ss:StyleID="d"')}${cell("DateTime", "2012-12-03T16:20:00.000")}</Row>`,
    `<Row>${cell("DateTime", "1899-12-31T08:30:00.000")}${cell("Boolean", "1")}${cell("Error", "#N/A")}${cell("Number", "1240.5", ' ss:StyleID="n"')}</Row>`,
    `<Row><Cell><Data ss:Type="String">总馆</Data><Comment ss:Author="甲"><ss:Data>请核实</ss:Data></Comment></Cell>${cell("Number", "41246", ' ss:StyleID="d"')}</Row>`,
  ].join("");
  const document = await read(
    Buffer.from(
      book(sheet("一", rows) + sheet("底稿", `<Row>${cell("String", "未定")}</Row>`, "SheetHidden")),
    ),
  );
  expect(document).toMatchObject({
    status: "read",
    mediaType: "application/vnd.ms-excel.xml",
    text: "序号\t馆名\t\t备注\n1\t12.5%\t2012-12-03\t2012-12-03 16:20\n08:30\tTRUE\t#N/A\t1240.5\n总馆\t2012-12-03\n\n请核实",
    title: "统计表",
    author: "尹青禾",
    pages: 1,
    warnings: ["the sheet 底稿 is hidden and was not read"],
  });
});

test("several sheets are named, and the charset is the one declared", async () => {
  const xml = book(
    sheet("总馆", `<Row>${cell("String", "读者")}</Row>`) +
      sheet("分馆", `<Row>${cell("String", "流动车")}</Row>`),
    "GB2312",
  );
  expect((await read(iconv.encode(xml, "gbk"))).text).toBe("总馆\n读者\n\n分馆\n流动车");
});

test.each([
  ["without cells", book(sheet("一", "")), "no-text"],
  ["that breaks off", book(sheet("一", `<Row>${cell("String", "读")}`)).slice(0, -60), "corrupt"],
])("a workbook %s is held", async (_, xml, reason) => {
  expect(await read(Buffer.from(xml))).toMatchObject({ status: "held", reason });
});
